"""A folder that is watched: what changes is told as soon as nobody writes it any more.

On Linux the system tells whether somebody has a file open for writing, on its own disks and of the user's own files.
Where it does not tell, a file counts as written until it was left alone, and of one size and time, for longer.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from ingest.errors import FolderUnreadable
from ingest.folder import below

__all__ = ["Settled", "watched"]

QUIET_S = 1.0
"""How long a file must have been left alone."""
UNTOLD_QUIET_S = 5.0
"""How long, where the system does not tell whether somebody has it open for writing."""
LOOK_S = 0.25
AGAIN_S = 5.0
"""After how long what could not be taken in is told again."""
GONE_S = 30.0
"""After how long a folder that is gone does not come back."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Files that changed, came or went and are left alone now; ``writing`` are those that somebody still writes."""

    changed: frozenset[Path]
    writing: frozenset[Path]


async def watched(
    folder: Path, *, stop: asyncio.Event | None = None, again: asyncio.Event | None = None
) -> AsyncGenerator[Settled, None]:
    """All files of the folder at first, then whenever some changed and are settled, those; until ``stop`` is set.

    Nothing that changes after the first answer is missed, however long whoever asks takes for it. A file is settled
    when it was left alone for a second and nobody has it open for writing. Whoever could not take in what was told
    sets ``again``, and is told after five seconds even if nothing changes. A folder that goes and comes back is told
    as at first. Paths are absolute, the folder's own without links.

    Raises:
        FolderUnreadable: the folder was gone for half a minute, or the system does not let it be watched.
    """
    folder = await asyncio.to_thread(folder.resolve)
    stop = stop or asyncio.Event()
    while not stop.is_set():
        inode = await _inode_once_there(folder, stop)
        try:
            async with aclosing(_settled(folder, inode, stop=stop, again=again or asyncio.Event())) as changes:
                async for settled in changes:
                    yield settled
        except OSError as problem:
            if _inode(folder) == inode:
                raise FolderUnreadable(folder, why=problem.strerror or type(problem).__name__) from None


async def _inode_once_there(folder: Path, stop: asyncio.Event) -> int | None:
    end = time.monotonic() + GONE_S
    while (inode := _inode(folder)) is None and not stop.is_set():
        if time.monotonic() >= end:
            raise FolderUnreadable(folder, why=f"it was gone for {GONE_S:g} s")
        await asyncio.sleep(LOOK_S)
    return inode


def _inode(folder: Path) -> int | None:
    """What changes if another folder is there under the same name; None if none is."""
    try:
        return folder.stat().st_ino if folder.is_dir() else None
    except OSError:
        return None


async def _settled(
    folder: Path, inode: int | None, *, stop: asyncio.Event, again: asyncio.Event
) -> AsyncGenerator[Settled, None]:
    """As :func:`watched`, until the folder is gone.

    Raises:
        OSError: it is gone, or cannot be watched.
    """
    since: dict[Path, _Seen] = {}
    looks = awatch(
        folder,
        watch_filter=_Files(),
        stop_event=stop,
        yield_on_timeout=True,
        rust_timeout=int(LOOK_S * 1000),
        step=50,
        debounce=200,
        ignore_permission_denied=True,
    )
    told_at: float | None = None
    async with aclosing(looks):
        async for changes in looks:
            if _inode(folder) != inode or (Change.deleted, str(folder)) in changes:
                return
            now = time.monotonic()
            since.update({path: _Seen.at(path, now) for path in (Path(name) for _, name in changes)})
            if told_at is None:
                files = await asyncio.to_thread(_files, folder)
                writing = frozenset(path for path in files if _was_written_at_last(path))
                since.update({path: _Seen.at(path, now) for path in writing})
                settled = files - writing
            else:
                settled = frozenset(path for path, seen in list(since.items()) if _is_settled(path, seen, since, now))
            if settled or told_at is None or (again.is_set() and now - told_at >= AGAIN_S):
                for path in settled:
                    since.pop(path, None)
                again.clear()
                told_at = now
                yield Settled(settled, frozenset(since))


def _files(folder: Path) -> frozenset[Path]:
    return frozenset(path for path in below(folder).files if path.is_file())


class _Files(DefaultFilter):
    """Everything but what starts with a dot or is left open by an office program."""

    def __call__(self, change: object, path: str) -> bool:
        return not Path(path).name.startswith((".", "~")) and super().__call__(change, path)  # type: ignore[arg-type]


class _Use(Enum):
    WRITTEN = auto()
    FREE = auto()
    UNTOLD = auto()


@dataclass(frozen=True, slots=True)
class _Seen:
    """When a file was last seen to change, and how it was then; None if it is gone."""

    moment: float
    state: tuple[int, int] | None

    @classmethod
    def at(cls, path: Path, moment: float) -> "_Seen":
        try:
            found = path.stat()
        except OSError:
            return cls(moment, None)
        return cls(moment, (found.st_size, found.st_mtime_ns))


def _is_settled(path: Path, seen: _Seen, since: dict[Path, _Seen], now: float) -> bool:
    """Whether a file was left alone for long enough; if it changed unseen, as on a network's drive, from now on."""
    if now - seen.moment < QUIET_S:
        return False
    use = _use_of(path)
    if use is not _Use.UNTOLD:
        return use is _Use.FREE
    current = _Seen.at(path, now)
    if current.state != seen.state:
        since[path] = current
        return False
    return now - seen.moment >= UNTOLD_QUIET_S


def _was_written_at_last(path: Path) -> bool:
    """Whether a file that nobody was seen to change is being written, or may be."""
    use = _use_of(path)
    if use is not _Use.UNTOLD:
        return use is _Use.WRITTEN
    try:
        return 0 <= time.time() - path.stat().st_mtime < UNTOLD_QUIET_S
    except OSError:
        return False


def _use_of(path: Path) -> _Use:
    """Whether somebody has it open for writing, as far as the system tells: on Linux nobody gets a read lease then."""
    if sys.platform != "linux":
        return _Use.UNTOLD
    import fcntl

    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return _Use.FREE  # it is gone or may not be read, which its reader says
    try:
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return _Use.WRITTEN
    except OSError:
        return _Use.UNTOLD  # it is another user's (EACCES), or its file system knows no leases
    finally:
        os.close(opened)
    return _Use.FREE
