"""``knowwho sources`` and ``knowwho provenance``: what the network was loaded from, and which file says what."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from graph.graph import Graph
    from graph.provenance import Place, Removed

__all__ = ["provenance_command", "sources_app"]

T = TypeVar("T")

sources_app = typer.Typer(help="What the network was loaded from.", no_args_is_help=True, rich_markup_mode=None)


@sources_app.command("list")
def list_sources(*, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """List the files that something came from: rows, documents and passages, and when each was read."""
    from graph.intake import sources
    from graph.viewer import Viewer

    found = _with_graph(lambda graph: sources(graph, Viewer.at_the_command_line()))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2, default=str))
        return
    if not found:
        typer.echo("Nothing was loaded yet; 'knowwho ingest PATH' loads a network.")
        return
    width = max(len(one.id) for one in found)
    typer.echo(f"{'file':{width}}{'rows':>9}{'documents':>11}{'passages':>10}  read")
    for one in found:
        read = f"{one.read_at:%Y-%m-%d %H:%M}" if one.read_at else "-"
        typer.echo(f"{one.id:{width}}{one.rows or '-':>9}{one.documents or '-':>11}{one.passages or '-':>10}  {read}")


@sources_app.command("remove")
def remove(
    source: Annotated[str, typer.Argument(help="The file, as 'knowwho sources list' names it.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and take nothing out.")] = False,
    is_certain: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take out what a file told and no other file tells."""
    from graph.provenance import remove_source
    from graph.viewer import Viewer

    def ask(graph: "Graph", *, dry_run: bool) -> "Awaitable[Removed]":
        return remove_source(graph, Viewer.at_the_command_line(), source=source, dry_run=dry_run)

    if dry_run or not is_certain:
        typer.echo(f"{source} told: {_goes(_with_graph(lambda graph: ask(graph, dry_run=True)))}.")
    if dry_run:
        return
    if not is_certain:
        typer.confirm("Take all of that out which no other file tells?", abort=True)
    removed = _with_graph(lambda graph: ask(graph, dry_run=False))
    typer.echo(f"Taken out of what {source} told: {_goes(removed)}.")
    typer.echo("If the file is still in the network's folder, the next 'knowwho ingest' takes it in again.")


def _goes(removed: "Removed") -> str:
    told = f"{removed.rows} rows and {removed.documents} documents"
    if not removed.people:
        return told
    return (
        f"{told}, and with them {removed.people} people of whom no other file tells, with their evidence and consents; "
        f"accounts among them: {removed.accounts}"
    )


def provenance_command(
    id: Annotated[str, typer.Argument(help="The id of a person, topic, event, document or passage, or a file.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
) -> None:
    """Show where everything that is known by an id comes from: file, row or page, and when it was read."""
    from graph.provenance import of
    from graph.viewer import Viewer

    facts = _with_graph(lambda graph: of(graph, Viewer.at_the_command_line(), id=id))
    if as_json:
        typer.echo(json.dumps([asdict(fact) for fact in facts], ensure_ascii=False, indent=2, default=str))
        return
    subject = None
    for fact in facts:
        if fact.subject != subject:
            typer.echo(fact.subject if subject is None else f"\n{fact.subject}")
            subject = fact.subject
        said = " ".join(fact.value.split())
        value = said if len(said) <= 60 else f"{said[:59]}…"
        typer.echo(f"  {fact.name}: {value}")
        for place in fact.places:
            typer.echo(f"      {_told(place)}")


def _told(place: "Place") -> str:
    where = ", ".join(part for part in (place.source, place.place) if part)
    return f"{where} (read {place.read_at:%Y-%m-%d %H:%M})" if place.read_at else where


def _with_graph(ask: "Callable[[Graph], Awaitable[T]]") -> T:
    from api.network import open_graph
    from graph.settings import GraphSettings

    async def asked() -> T:
        async with open_graph(GraphSettings()) as graph:
            return await ask(graph)

    return asyncio.run(asked())
