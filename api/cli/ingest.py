"""``knowwho ingest``: a network's folder into the graph, with bars, a report and an exit code that says how it went."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from graph.errors import GraphError

if TYPE_CHECKING:
    from rich.progress import Progress

    from graph.graph import Graph
    from graph.settings import GraphSettings
    from ingest import Report

__all__ = ["ingest_command"]

REFUSED, FAILED = 1, 2


class NotTheSample(GraphError):
    """The sample network was to go into a folder that holds another one."""

    def __init__(self) -> None:
        super().__init__(
            "KNOWWHO_HOME holds a network that is not fictional, and the sample's invented people do not belong in it; "
            "set KNOWWHO_HOME to another folder and run the command again."
        )


def ingest_command(
    path: Annotated[Path, typer.Argument(help="The network's folder; docs/network-format.md describes it.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; report what would be done.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what an earlier folder brought and this one no longer has.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report to this file too, as JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load a network: its people, topics, events and documents.

    Ends with exit code 0 if all went in, 1 if rows were refused, 2 if nothing could be done.
    """
    from graph.settings import GraphSettings
    from ingest import IngestError, ensure_network

    try:
        ensure_network(path)
        _ensure_writable(report)
        done = asyncio.run(_ingest(GraphSettings(), path, dry_run=dry_run, prune=prune, report=report, as_json=as_json))
    except IngestError as problem:
        _fail(str(problem))
    if not done.is_complete:
        raise typer.Exit(REFUSED)


def ingest_sample() -> None:
    """Load the sample network, unless this folder holds a network of real people.

    Raises:
        NotTheSample: it does.
    """
    from graph.settings import GraphSettings
    from ingest.sample import SAMPLE

    asyncio.run(
        _ingest(GraphSettings(), SAMPLE, dry_run=False, prune=False, report=None, as_json=False, is_sample=True)
    )


def _ensure_writable(report: Path | None) -> None:
    """Find out before the work, not after it, that the report cannot be written."""
    try:
        if report is not None:
            report.touch()
    except OSError as problem:
        _fail(f"{report} cannot be written ({problem.strerror}); name another file for the report.")


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"knowwho: {sentence}", err=True)
    raise typer.Exit(FAILED)


async def _ingest(
    settings: "GraphSettings",
    path: Path,
    *,
    dry_run: bool,
    prune: bool,
    report: Path | None,
    as_json: bool,
    is_sample: bool = False,
) -> "Report":
    from api.network import open_graph
    from graph.encoder import identity
    from graph.vectors import check_encoder
    from graph.viewer import Viewer
    from ingest import load

    async with open_graph(settings) as graph:
        if is_sample:
            await _ensure_sample(graph)
        if not dry_run:
            await check_encoder(graph, identity(settings))
        with _bars() as bars:
            tasks = {}

            def show(kind: str, done: int, total: int) -> None:
                if kind not in tasks:
                    tasks[kind] = bars.add_task(kind.capitalize(), total=total)
                bars.update(tasks[kind], completed=done)

            done = await load(graph, Viewer.at_the_command_line(), path, dry_run=dry_run, prune=prune, progress=show)
        _tell(done, file=report, as_json=as_json)
        if not dry_run:
            await _encode(graph, settings)
    return done


async def _ensure_sample(graph: "Graph") -> None:
    from graph.network import describe, holdings
    from graph.viewer import Viewer

    viewer = Viewer.at_the_command_line()
    described, held = await describe(graph, viewer), await holdings(graph, viewer)
    if (described is not None and not described.is_fictional) or (described is None and held.experts):
        raise NotTheSample


def _tell(done: "Report", *, file: Path | None, as_json: bool) -> None:
    if file is not None:
        file.write_text(done.to_json() + "\n", encoding="utf-8")
    typer.echo(done.to_json() if as_json else done.to_text())


async def _encode(graph: "Graph", settings: "GraphSettings") -> None:
    """Write the vectors that what came in waits for; the encoder is loaded only if something waits."""
    from graph.encoder import identity, load
    from graph.vectors import embed_waiting, waiting

    if not await waiting(graph, identity(settings)):
        return
    with _bars() as bars:
        bar = bars.add_task("Encoding", total=None)
        encoder = await asyncio.to_thread(load, settings)
        await embed_waiting(graph, encoder, progress=lambda done, total: bars.update(bar, completed=done, total=total))


def _bars() -> "Progress":
    """Progress bars on the terminal, and nothing elsewhere."""
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
