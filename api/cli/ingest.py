"""``knowwho ingest``: files into the graph, with bars, a report and an exit code that says how it went."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Self

import typer

from graph.errors import GraphError

if TYPE_CHECKING:
    from datetime import date

    from rich.progress import Progress, TaskID

    from graph.agenda import AgendaItem
    from graph.graph import Graph
    from graph.settings import GraphSettings
    from graph.speaking import Attendee, Reply
    from graph.viewer import Viewer
    from ingest import Readings, Report
    from ingest.apart import Limits

__all__ = ["agenda_of", "attendees_of", "ingest_command", "ingest_sample", "replies_of", "text_of_document"]

REFUSED, FAILED = 1, 2


class NotTheSample(GraphError):
    """The sample network was to go into a folder that holds another one."""

    def __init__(self) -> None:
        super().__init__(
            "KNOWWHO_HOME holds a network that is not fictional, and the sample's invented people do not belong in it; "
            "set KNOWWHO_HOME to another folder and run the command again."
        )


@dataclass(frozen=True, slots=True)
class _Orders:
    """What is to be done with the files at a path, and how it is told."""

    path: Path
    dry_run: bool = False
    prune: bool = False
    report: Path | None = None
    as_json: bool = False
    rows: int | None = None
    with_vectors: bool = True
    account: str | None = None


def ingest_command(
    path: Annotated[Path, typer.Argument(help="The network's folder, or one file of it; see docs/ingest.md.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; report what would be done.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what these files once told and do not tell any more.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report to this file too, as JSON.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, and the progress as JSON lines on standard error.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and take in what changes, until stopped.")] = False,
    propose_mapping: Annotated[
        bool,
        typer.Option("--propose-mapping", help="Print what the columns of a roster may mean, to correct and keep."),
    ] = False,
    rows: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="With --json, tell what stands in the first N rows of CSV files to be mended."
        ),
    ] = None,
    mended: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="First put rows that were told by --rows, mended, into the folder's files."),
    ] = None,
    vectors: Annotated[
        bool, typer.Option(help="Write vectors too; without it a server that runs, or 'knowwho embed', does.")
    ] = True,
    account: Annotated[
        str | None, typer.Option(metavar="ID", help="Load as this administrator's account, which the change log names.")
    ] = None,
) -> None:
    """Load a network: its people, topics, events and documents, in whatever files it has them.

    Ends with exit code 0 if all went in, 1 if something was refused, 2 if nothing could be done.
    """
    from graph.settings import GraphSettings
    from ingest import IngestError, files_of, mend, mended_rows

    orders = _Orders(path, dry_run, prune, report, as_json, rows, vectors, account)
    try:
        if propose_mapping:
            typer.echo(asyncio.run(_proposal(path)), nl=False)
            return
        if watch and not path.is_dir():
            _fail(f"{path} is not a folder; give the folder that is to be watched.")
        if mended is not None:
            if not path.is_dir():
                _fail(f"{path} is not a folder; give the folder whose rows were mended.")
            mend(path, mended_rows(mended))
        files_of(path)
        _ensure_writable(report)
        if watch:
            asyncio.run(_watch(GraphSettings(), orders))
            return
        done = asyncio.run(_ingest(GraphSettings(), orders))
    except IngestError as problem:
        _fail(str(problem))
    except KeyboardInterrupt:
        if not dry_run:
            _complain("stopped; what was written stays, and the same command goes on from there.")
        raise
    if not done.is_complete:
        raise typer.Exit(REFUSED)


def ingest_sample() -> None:
    """Load the sample network, unless this folder holds a network of real people.

    Raises:
        NotTheSample: it does.
    """
    from graph.settings import GraphSettings
    from ingest.sample import SAMPLE

    asyncio.run(_ingest(GraphSettings(), _Orders(SAMPLE), is_sample=True))


async def _proposal(path: Path) -> str:
    from ingest.reading import proposed_mapping

    with _refusal_told(path):
        return await proposed_mapping(path, _limits())


def text_of_document(path: Path) -> str:
    """What a document says; the command ends with a sentence if it cannot be read."""
    from ingest.reading import text_of

    with _refusal_told(path):
        return asyncio.run(text_of(path, _limits()))


def attendees_of(path: Path) -> "tuple[Sequence[Attendee], Mapping[int, str], Sequence[str]]":
    """Who is on a meeting tool's list, where by the number of their row, and notes; or the end, with a sentence."""
    from ingest.attendance import attendees_in

    with _refusal_told(path):
        found = asyncio.run(attendees_in(path, _limits()))
        return found.attendees, found.places, found.notes


async def agenda_of(
    path: Path, *, day: "date | None", time_zone: str | None
) -> "tuple[Sequence[AgendaItem], Sequence[str], Sequence[str]]":
    """The items of an agenda's table, where each stands, and notes; the command ends with a sentence if one is wrong.

    ``day`` and ``time_zone`` are the event's, for times that say neither.
    """
    from ingest.agenda import agenda_in

    with _refusal_told(path):
        found = await agenda_in(path, day=day, time_zone=time_zone, limits=_limits())
        return found.items, found.places, found.notes


def replies_of(path: Path) -> "tuple[Sequence[Reply], Sequence[str]]":
    """The answers of a calendar file, and notes; the command ends with a sentence if it cannot be read."""
    from ingest.attendance import replies_in

    with _refusal_told(path):
        return asyncio.run(replies_in(path, _limits()))


@contextmanager
def _refusal_told(path: Path) -> Iterator[None]:
    from ingest.cells import visible
    from ingest.files import FileRefused

    try:
        yield
    except FileRefused as problem:
        _fail(f"{visible(str(path), limit=1000)}: {problem.reason}; {problem.remedy}.")


def _ensure_writable(report: Path | None) -> None:
    """Find out before the work, not after it, that the report cannot be written."""
    try:
        if report is not None:
            report.touch()
    except OSError as problem:
        _fail(f"{report} cannot be written ({problem.strerror}); name another file for the report.")


def _complain(sentence: str) -> None:
    typer.echo(f"knowwho: {sentence}", err=True)


def _fail(sentence: str) -> NoReturn:
    _complain(sentence)
    raise typer.Exit(FAILED)


async def _ingest(settings: "GraphSettings", orders: _Orders, *, is_sample: bool = False) -> "Report":
    from api.network import open_graph

    async with open_graph(settings) as graph, _readings() as readings:
        if is_sample:
            await _ensure_sample(graph)
        with _Bars(as_json=orders.as_json) as bars:
            report = await _load(graph, settings, orders, readings=readings, bars=bars)
        _tell(report, orders)
        return report


async def _watch(settings: "GraphSettings", orders: _Orders) -> None:
    """Load the folder, and again whenever something in it changed; what changed nothing is not told.

    What could not be done in one round is told once, and done in a later one.

    Raises:
        FolderUnreadable: the folder itself is gone.
    """
    from api.network import open_graph
    from ingest import IngestError
    from ingest.watching import watched

    # What is told is absolute, and the folder stays the same one wherever its name leads later.
    orders = replace(orders, path=orders.path.resolve())
    again = asyncio.Event()
    bars = _Bars(as_json=True) if orders.as_json else None
    async with open_graph(settings) as graph, _readings() as readings:
        told, problem_told = None, None
        async for settled in watched(orders.path, again=again):
            try:
                report = await _load(graph, settings, orders, readings=readings, bars=bars, writing=settled.writing)
            except (IngestError, GraphError) as problem:
                again.set()
                if str(problem) != problem_told:
                    _complain(f"{problem} Knowwho goes on watching.")
                problem_told = str(problem)
                continue
            problem_told = None
            if report.is_news(told):
                _tell(report, orders, in_lines=True)
            if told is None and not orders.as_json:
                typer.echo(f"Watching {orders.path}; Ctrl+C stops.")
            told = report


async def _load(
    graph: "Graph",
    settings: "GraphSettings",
    orders: _Orders,
    *,
    readings: "Readings",
    bars: "_Bars | None",
    writing: frozenset[Path] = frozenset(),
) -> "Report":
    """Load the files, and write the vectors of what came in beside it."""
    from graph.encoder import identity
    from graph.vectors import check_encoder
    from ingest import load

    viewer = await _viewer(graph, orders)
    encodes = orders.with_vectors and not orders.dry_run
    if not orders.dry_run:
        await check_encoder(graph, identity(settings))
    encoding = _Encoding(graph, settings, bars)

    def show(kind: str, done: int, total: int) -> None:
        if bars is not None:
            bars.show(kind, done, total)
        if kind == "documents" and encodes:
            encoding.soon()

    async with encoding.at_work():
        report = await load(
            graph,
            viewer,
            orders.path,
            readings=readings,
            writing=writing,
            dry_run=orders.dry_run,
            prune=orders.prune,
            progress=show,
        )
        if encodes:
            await encoding.finish()
    return report


async def _viewer(graph: "Graph", orders: _Orders) -> "Viewer":
    """Who loads: whoever runs the command, or the account that they do it for, which then has to be allowed to.

    Raises:
        NoSuchAccount: there is no such open account.
    """
    from graph.accounts import AccountId, NoSuchAccount, by_id
    from graph.viewer import Viewer

    if orders.account is None:
        return Viewer.at_the_command_line()
    account = await by_id(graph, Viewer.at_the_command_line(), id=AccountId(orders.account))
    if account is None or account.closed_at is not None:
        raise NoSuchAccount
    return account.viewer


@asynccontextmanager
async def _readings() -> "AsyncIterator[Readings]":
    from ingest import Readings

    async with Readings(_limits()) as readings:
        yield readings


def _limits() -> "Limits":
    from api.settings import IngestSettings
    from ingest.apart import Limits

    settings = IngestSettings()
    return Limits(seconds=settings.seconds, memory_bytes=settings.memory_mb * 1_000_000)


class _Encoding:
    """Writes vectors while the next batches are loaded; the encoder is loaded only if something waits."""

    def __init__(self, graph: "Graph", settings: "GraphSettings", bars: "_Bars | None") -> None:
        self._graph = graph
        self._settings = settings
        self._bars = bars
        self._wanted = asyncio.Event()
        self._is_last = False

    def soon(self) -> None:
        """Something may wait for a vector."""
        self._wanted.set()

    async def finish(self) -> None:
        """Return when nothing waits any more."""
        self._is_last = True
        self.soon()
        await self._task

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Write vectors until the end of it."""
        self._task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        from graph.encoder import identity, load
        from graph.vectors import embed_waiting, waiting

        encoder, written = None, 0
        is_last = False
        while not is_last:
            await self._wanted.wait()
            self._wanted.clear()
            is_last = self._is_last
            if not await waiting(self._graph, identity(self._settings)):
                continue
            if encoder is None:
                encoder = await asyncio.to_thread(load, self._settings)
            before = written

            def show(done: int, total: int, *, before: int = before) -> None:
                if self._bars is not None:
                    self._bars.show("encoding", before + done, before + total)

            written += await embed_waiting(self._graph, encoder, progress=show)


async def _ensure_sample(graph: "Graph") -> None:
    from graph.network import describe, holdings
    from graph.viewer import Viewer

    viewer = Viewer.at_the_command_line()
    described, held = await describe(graph, viewer), await holdings(graph, viewer)
    if (described is not None and not described.is_fictional) or (described is None and held.experts):
        raise NotTheSample


def _tell(report: "Report", orders: _Orders, *, in_lines: bool = False) -> None:
    from dataclasses import asdict

    from ingest import rows_to_mend

    if orders.report is not None:
        orders.report.write_text(report.to_json() + "\n", encoding="utf-8")
    if orders.as_json:
        told = None if orders.rows is None else [asdict(one) for one in rows_to_mend(report, most=orders.rows)]
        typer.echo(report.to_json(indent=None if in_lines else 2, **({} if told is None else {"rows": told})))
    else:
        typer.echo(report.to_text())


@dataclass
class _Bars:
    """How far everything is: bars with the time left on a terminal, JSON lines for programs, and else nothing."""

    as_json: bool
    _tasks: "dict[str, TaskID]" = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._bars = _progress()
        if not self.as_json:
            self._bars.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        if not self.as_json:
            self._bars.stop()

    def show(self, kind: str, done: int, total: int) -> None:
        """So many of a kind are done, of so many."""
        if self.as_json:
            typer.echo(json.dumps({"kind": kind, "done": done, "total": total}), err=True)
            return
        if kind not in self._tasks:
            self._tasks[kind] = self._bars.add_task(kind.capitalize(), total=total)
        self._bars.update(self._tasks[kind], completed=done, total=total)


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description:13}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
