"""Each load from its preview to its end: a folder below the network's own, and ``knowwho ingest`` in its own process.

What a load is lies in its folder alone, so that every worker of a server knows it; the process that does the work is
watched and ended by the worker that began it. A preview that nobody looks at any more is ended; what is being stored is
not, for it would have to be begun anew.
"""

import asyncio
import json
import os
import re
import secrets
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NewType

import psutil
import structlog
from filelock import FileLock, Timeout
from pydantic import SecretStr

from api.loading.files import NOTHING_TO_READ, UnfitUpload, Upload, is_read, put_in_place, take_in
from api.loading.report import Told
from api.loading.telling import tells_of
from graph.accounts import AccountId
from graph.errors import GraphError
from graph.settings import GraphSettings
from graph.wording import Wording

__all__ = ["KEPT_S", "MOST_OF_ACCOUNT", "Load", "LoadId", "Loads", "NoSuchLoad", "NotNow", "Step", "Trouble"]

log = structlog.get_logger(__name__)

LoadId = NewType("LoadId", str)

ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT_S: Final = 3600.0
"""How long a load is kept that nobody looks at."""
SWEPT_EVERY_S: Final = 600.0
LEFT_S: Final = 120.0
"""How long nobody has to look at a preview until it is ended."""
PREVIEW_S: Final = 900.0
LOADING_S: Final = 3 * 3600.0
LOOKED_AFTER_EVERY_S: Final = 2.0
ENDS_WITHIN_S: Final = 10.0
TO_REMOVE: Final = "to-remove"
"""The file that marks a load that is to be removed when what is done with it ends."""
AT_ONCE: Final = 1
"""Each takes half a gigabyte, or what its files make its readers take."""
MOST_OF_ACCOUNT: Final = 5
MOST_NAMES: Final = 3
"""How many of the files that were sent are named once they are gone."""
MOST_ROWS: Final = 2_000
LARGEST_REPORT: Final = 30_000_000
LAST_OF_PROGRESS: Final = 10_000
SENT: Final = Wording("What was sent")
"""What people are told instead of the name of a folder of the server."""


class Step(StrEnum):
    """How far a load is."""

    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    LOADING = "loading"
    LOADED = "loaded"


DONE: Final[Mapping[Step, Step]] = {Step.PREVIEWING: Step.PREVIEWED, Step.LOADING: Step.LOADED}


class Trouble(StrEnum):
    """Why a step came to no end of its own, where the command does not say it in its own words."""

    LEFT = "left"
    """Nobody looked at a preview any more."""
    TOOK_TOO_LONG = "took too long"
    INTERRUPTED = "interrupted"
    """The server was stopped."""
    NOT_BEGUN = "not begun"
    """The system did not let the command begin."""
    TOO_MUCH_TO_TELL = "too much to tell"
    UNTOLD = "untold"
    """The command ended without a word."""


class NoSuchLoad(GraphError):
    """This account has no such load, or it is gone."""

    def __init__(self) -> None:
        super().__init__(
            Wording("There is no such load any more; what is sent is kept for an hour. Send the files again.")
        )


class NotNow(GraphError):
    """A load cannot do this at the moment."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Load:
    """Files that somebody sent, and how far they are.

    ``problem`` tells why the step came to nothing: a :class:`Trouble`, or the command's own sentence.
    """

    id: LoadId
    account: AccountId
    made_at: float
    step: Step
    problem: str | None = None
    process: tuple[int, float] | None = None
    """The process that does the work, and when it began: another one may come to have its number."""
    sent: tuple[str, ...] = ()
    """The names of the first files that were sent, as they were sent: of an archive its own."""
    sent_files: int = 0
    waits: bool = False
    """Whether another load is worked on first."""
    told_before: tuple[tuple[str, int], ...] = ()
    """Files of which the network had rows already when it was loaded, and how many."""

    @property
    def is_running(self) -> bool:
        """Whether somebody works on it."""
        return self.process is not None

    @property
    def may_load(self) -> bool:
        """Whether it may be loaded now: it was previewed, or a load did not come to its end."""
        was_looked_at = self.step is Step.PREVIEWED and self.problem is None
        return not self.is_running and (was_looked_at or (self.step is Step.LOADING and self.problem is not None))


class Loads:
    """The loads of a network, below its own folder, each for the account that made it."""

    def __init__(self, settings: GraphSettings, *, upload_mb: int, loaded: Callable[[], None]) -> None:
        """``loaded`` is called when something was stored."""
        self.upload_mb = upload_mb
        self.settings = settings
        self._folder = settings.home / "loads"
        self._loaded = loaded
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._watching: dict[LoadId, asyncio.Task[None]] = {}

    async def begin(self, account: AccountId, uploads: Sequence[Upload]) -> Load:
        """Take files in and look at what loading them would do.

        Raises:
            UnfitUpload: they cannot be taken in.
            NotNow: too many loads of the account are being worked on.
        """
        await asyncio.to_thread(self._sweep)
        await self._leave_room(account)
        load = Load(LoadId(secrets.token_urlsafe(16)), account, time.time(), Step.PREVIEWED)
        names = [upload.name for upload in uploads]
        load = replace(load, sent=tuple(names[:MOST_NAMES]), sent_files=len(names))
        folder = self._of(load.id)
        for made in (self.settings.home, self._folder, folder, folder / "network"):
            made.mkdir(exist_ok=True, mode=0o700)
        try:
            await asyncio.to_thread(self._take_in, load, uploads)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._write(load)
        return await self.preview(account, load.id)

    def _take_in(self, load: Load, uploads: Sequence[Upload]) -> None:
        take_in(uploads, self._of(load.id) / "network", largest=self.upload_mb * 1_000_000)
        if not any(is_read(file) for file in self.files(load)):
            raise UnfitUpload(NOTHING_TO_READ)

    def of(self, account: AccountId) -> Sequence[Load]:
        """The loads of an account, newest first."""
        if not self._folder.is_dir():
            return []
        found = [load for folder in self._folder.iterdir() if (load := self._read(LoadId(folder.name))) is not None]
        return sorted((load for load in found if load.account == account), key=lambda one: -one.made_at)

    def find(self, account: AccountId, id: str) -> Load:
        """A load of an account, which is being looked at.

        Raises:
            NoSuchLoad: it has none of this id.
        """
        load = self._read(LoadId(id)) if ID.fullmatch(id) else None
        if load is None or not secrets.compare_digest(load.account, account):
            raise NoSuchLoad
        (self._of(load.id) / "seen").touch()
        return load

    def files(self, load: Load) -> Sequence[str]:
        """The paths of its files, as long as they are kept."""
        network = self._of(load.id) / "network"
        return sorted(path.relative_to(network).as_posix() for path in network.rglob("*") if path.is_file())

    def told(self, load: Load) -> Told | None:
        """What the command said of it last; None if it has not yet, or came to nothing."""
        try:
            return Told.of(json.loads((self._of(load.id) / "report.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def progress(self, load: Load) -> Sequence[tuple[str, int, int]]:
        """Of each kind that is being read or stored: how many are done, of how many."""
        latest: dict[str, tuple[int, int]] = {}
        for line in self._said(load.id):
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                latest[told["kind"]] = int(told["done"]), int(told["total"])
        return [(kind, done, total) for kind, (done, total) in latest.items()]

    async def preview(
        self, account: AccountId, id: LoadId, *, mended: Sequence[Mapping[str, object]] | None = None
    ) -> Load:
        """Look at what loading would do now, with these rows in the place of those that were there.

        Raises:
            NoSuchLoad: the account has none of this id.
            NotNow: somebody works on it, or its files are gone.
        """
        options = ["--dry-run"]
        if mended is not None:
            rows = self._of(self.find(account, id).id) / "mended.json"
            rows.write_text(json.dumps({"rows": mended}), encoding="utf-8")
            options += ["--mended", str(rows)]
        return await self._start(account, id, Step.PREVIEWING, options)

    async def put_in_place(self, account: AccountId, id: LoadId, *, file: str, upload: Upload) -> Load:
        """Put a file in the place of one of a load's, and look again.

        Raises:
            NoSuchLoad, NotNow: as :meth:`preview`; or it has no such file.
        """
        with self._held(self.find(account, id).id):
            load = self.find(account, id)
            if load.is_running:
                raise _Busy
            if file not in self.files(load):
                raise NotNow(Wording("This cannot be done now: there is no such file any more; send the files again."))
            await asyncio.to_thread(put_in_place, upload, self._of(load.id) / "network" / file)
            load = self._take_up(load, Step.PREVIEWING)
        return self._begin(load, ["--dry-run"])

    async def load(self, account: AccountId, id: LoadId, *, told_before: Sequence[tuple[str, int]] = ()) -> Load:
        """Load it; once it is loaded or being loaded, nothing more is done.

        ``told_before`` is of which of its files the network has rows already, and how many.

        Raises:
            NoSuchLoad: the account has none of this id.
            NotNow: it was not looked at since it was changed.
        """
        options = ["--no-vectors", "--account", account]
        return await self._start(account, id, Step.LOADING, options, told_before=told_before)

    async def remove(self, account: AccountId, id: LoadId) -> None:
        """End what is being done with a load, and forget it and its files.

        Raises:
            NoSuchLoad: the account has none of this id.
        """
        load = self.find(account, id)
        await self._end(load)
        await asyncio.to_thread(shutil.rmtree, self._of(load.id), ignore_errors=True)

    def forget(self, known_as: Sequence[str]) -> None:
        """Remove every load, whosever it is, of which the report or a file tells of somebody who was erased.

        What is being worked on is removed when that ends.
        """
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if tells_of(folder, known_as):
                with suppress(FileNotFoundError):  # it was removed meanwhile
                    (folder / TO_REMOVE).touch()
                    self._remove_if_marked(LoadId(folder.name))

    def _remove_if_marked(self, id: LoadId) -> None:
        with suppress(_Busy), self._held(id):
            load = self._read(id)
            if (self._of(id) / TO_REMOVE).exists() and (load is None or not load.is_running):
                shutil.rmtree(self._of(id), ignore_errors=True)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Forget old loads in the background, until the end; then all that this server began is ended."""
        sweeping = asyncio.create_task(self._sweep_now_and_then())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """End every process that was begun here."""
        watching = list(self._watching.values())
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)

    async def done(self, id: LoadId) -> None:
        """Return once nothing is being done with a load that this server began."""
        if (task := self._watching.get(id)) is not None:
            await asyncio.wait([task])

    async def _start(
        self,
        account: AccountId,
        id: LoadId,
        step: Step,
        options: Sequence[str],
        *,
        told_before: Sequence[tuple[str, int]] = (),
    ) -> Load:
        with self._held(self.find(account, id).id):
            load = self.find(account, id)
            if step is Step.LOADING and (load.step is Step.LOADED or (load.step is step and load.is_running)):
                return load
            if load.is_running:
                raise _Busy
            if step is Step.LOADING and not load.may_load:
                raise NotNow(
                    Wording("This cannot be done now: nobody has looked yet at what it would do; look at it first.")
                )
            if not self.files(load):
                raise NotNow(Wording("This cannot be done now: its files are gone; send them again."))
            load = self._take_up(replace(load, told_before=tuple(told_before)), step)
        return self._begin(load, options)

    @contextmanager
    def _held(self, id: LoadId) -> Iterator[None]:
        """Keep everybody else, of other workers too, from changing what a load is.

        Raises:
            NotNow: somebody does at the moment.
        """
        lock = FileLock(self._of(id) / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise _Busy from None
        try:
            yield
        finally:
            lock.release()

    def _take_up(self, load: Load, step: Step) -> Load:
        """Take down that this worker is at a step now."""
        me = psutil.Process()
        load = replace(load, step=step, problem=None, process=(me.pid, me.create_time()))
        self._write(load)
        return load

    def _begin(self, load: Load, options: Sequence[str]) -> Load:
        task = asyncio.create_task(self._work(load, options))
        self._watching[load.id] = task
        task.add_done_callback(lambda task: self._let_go(load, task))
        return load

    async def _work(self, load: Load, options: Sequence[str]) -> None:
        problem: str | None
        try:
            if self._turn.locked():
                self._write(replace(load, waits=True))
            async with self._turn:
                problem = await self._run(load, options)
        except OSError as error:
            log.warning("load_not_begun", reason=type(error).__name__)
            problem = Trouble.NOT_BEGUN
        await asyncio.to_thread(self._finish, load, problem)
        if problem is None and load.step is Step.LOADING:
            self._loaded()

    def _let_go(self, load: Load, task: asyncio.Task[None]) -> None:
        """Watch over a load no more; what was ended before it came to its end, or even began, is written down so."""
        self._watching.pop(load.id, None)
        if task.cancelled():
            self._finish(load, Trouble.INTERRUPTED)
        elif (error := task.exception()) is not None:
            log.error("load_failed", exc_info=error)
            self._finish(load, Trouble.UNTOLD)

    async def _run(self, load: Load, options: Sequence[str]) -> str | None:
        """Run the command to its end; why it came to nothing, if so."""
        folder = self._of(load.id)
        report = folder / "report.part"
        with report.open("wb") as told, (folder / "progress").open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "api.cli", "ingest", str(folder / "network"), "--json"),
                *("--rows", str(MOST_ROWS), *options),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=told,
                stderr=said,
                env=_environment(self.settings),
                start_new_session=True,
            )
        try:
            began = psutil.Process(process.pid).create_time()
            self._write(replace(load, process=(process.pid, began)))
            trouble = await self._wait(load, process)
        finally:
            await _end(process)
        if trouble is None and process.returncode not in {0, 1}:
            return self._last_words(load.id)
        if trouble is None and report.stat().st_size > LARGEST_REPORT:
            return Trouble.TOO_MUCH_TO_TELL
        if trouble is None:
            report.replace(folder / "report.json")
        return trouble

    async def _wait(self, load: Load, process: asyncio.subprocess.Process) -> Trouble | None:
        """Wait until the command ends, or is to be ended."""
        limit_s = PREVIEW_S if load.step is Step.PREVIEWING else LOADING_S
        ends_at = time.monotonic() + limit_s
        seen = self._of(load.id) / "seen"
        ended = asyncio.ensure_future(process.wait())
        try:
            while True:
                done, _ = await asyncio.wait([ended], timeout=LOOKED_AFTER_EVERY_S)
                if done:
                    return None
                if time.monotonic() > ends_at:
                    return Trouble.TOOK_TOO_LONG
                if load.step is Step.PREVIEWING and time.time() - _changed(seen) > LEFT_S:
                    return Trouble.LEFT
        finally:
            ended.cancel()

    def _finish(self, load: Load, problem: str | None) -> None:
        folder = self._of(load.id)
        if not folder.is_dir():  # it was removed meanwhile
            return
        (folder / "mended.json").unlink(missing_ok=True)
        if problem is not None:
            self._write(replace(load, problem=problem, process=None))
        else:
            told = self.told(load)
            if load.step is Step.LOADING and told is not None and not told.problems:
                shutil.rmtree(folder / "network", ignore_errors=True)
            self._write(replace(load, step=DONE[load.step], problem=None, process=None))
        if (folder / TO_REMOVE).exists():
            self._remove_if_marked(load.id)

    async def _end(self, load: Load) -> None:
        """End what works on a load, whichever worker began it."""
        task = self._watching.get(load.id)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        elif load.process is not None and load.process[0] != os.getpid():
            with suppress(psutil.Error):
                process = psutil.Process(load.process[0])
                # Another worker's own number stands there while a load waits for its turn: that one is left alone.
                if process.create_time() == load.process[1] and "ingest" in process.cmdline():
                    _signal(process.pid, signal.SIGTERM)

    async def _leave_room(self, account: AccountId) -> None:
        """Forget the oldest loads of somebody who began many; what is being worked on stays.

        Raises:
            NotNow: all of them are.
        """
        loads = self.of(account)
        surplus = len(loads) - MOST_OF_ACCOUNT + 1
        for load in reversed(loads):
            if surplus <= 0:
                return
            with suppress(_Busy), self._held(load.id):
                now = self._read(load.id)
                if now is None or not now.is_running:
                    await asyncio.to_thread(shutil.rmtree, self._of(load.id), ignore_errors=True)
                    surplus -= 1
        if surplus > 0:
            raise NotNow(
                Wording(
                    "This cannot be done now: %(most)s loads of yours are being worked on; wait until one is done, or "
                    "end it.",
                    most=MOST_OF_ACCOUNT,
                )
            )

    async def _sweep_now_and_then(self) -> None:
        while True:
            await asyncio.to_thread(self._sweep)
            await asyncio.sleep(SWEPT_EVERY_S)

    def _sweep(self) -> None:
        """Remove what nobody looked at for long and nobody works on."""
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            load = self._read(LoadId(folder.name))
            is_running = load is not None and load.is_running
            is_old = time.time() - max(_changed(folder), _changed(folder / "seen")) > KEPT_S
            if not is_running and (is_old or (folder / TO_REMOVE).exists()):
                shutil.rmtree(folder, ignore_errors=True)

    def _of(self, id: LoadId) -> Path:
        return self._folder / id

    def _write(self, load: Load) -> None:
        state = self._of(load.id) / "state.json"
        part = state.with_suffix(".part")
        part.write_text(json.dumps(asdict(load)), encoding="utf-8")
        part.replace(state)

    def _read(self, id: LoadId) -> Load | None:
        try:
            said: dict[str, Any] = json.loads((self._of(id) / "state.json").read_bytes())
            process = said.pop("process")
            before = tuple((file, rows) for file, rows in said.get("told_before", ()))
            of_itself = {"step": Step(said["step"]), "sent": tuple(said.get("sent", ())), "told_before": before}
            load = Load(**said | of_itself, process=tuple(process) if process else None)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if load.process is not None and not _is_alive(*load.process):
            # Whoever watched over it is gone, too, or would have written down how it ended.
            return replace(load, problem=Trouble.INTERRUPTED, process=None)
        return load

    def _said(self, id: LoadId) -> Sequence[str]:
        """The last lines of what the command said beside its report."""
        try:
            with (self._of(id) / "progress").open("rb") as file:
                file.seek(max(0, file.seek(0, 2) - LAST_OF_PROGRESS))
                return file.read().decode(errors="replace").splitlines()
        except OSError:
            return []

    def _last_words(self, id: LoadId) -> str:
        """Why the command came to nothing, as it says itself, without the name of a folder of the server."""
        words = [line for line in self._said(id) if line.startswith("knowwho: ")]
        if not words:
            return Trouble.UNTOLD
        network = self._of(id) / "network"
        return words[-1].removeprefix("knowwho: ").replace(f"{network}/", "").replace(str(network), SENT)


class _Busy(NotNow):
    def __init__(self) -> None:
        super().__init__(Wording("This cannot be done now: it is being worked on; wait until that is done, or end it."))


def _environment(settings: GraphSettings) -> dict[str, str]:
    """The environment in which the command uses this network, whatever made its settings."""
    own = {f"KNOWWHO_{name}".upper(): getattr(settings, name) for name in GraphSettings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    told = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in own.items()
        if value is not None
    }
    return kept | told


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process with all that it began, kindly first."""
    for order in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        _signal(process.pid, order)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN_S):
                await process.wait()


def _signal(pid: int, order: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, order)  # each is begun in a group of its own


def _is_alive(pid: int, began: float) -> bool:
    try:
        process = psutil.Process(pid)
        return process.create_time() == began and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
