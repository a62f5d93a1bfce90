"""``knowwho events agenda``: what is on an event's agenda, shown, and written anew from a table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.cli.fictional import FICTIONAL
from api.cli.ingest import agenda_of
from api.cli.speakers import names_of, network_is_fictional, plain
from api.network import open_graph
from graph.agenda import Agenda, AgendaItem, AgendaSet, agenda, set_agenda
from graph.errors import GraphError
from graph.fields import InvalidFields, Problem, zone_of
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.values import EventId, ExpertId
from graph.viewer import Viewer

__all__ = ["set_and_print", "show"]


class WrongRows(GraphError):
    """Rows of a file cannot be kept; each is named by its place."""

    def __init__(self, problems: Sequence[Problem], places: Sequence[str]) -> None:
        super().__init__(" ".join(_at_its_place(problem, places) for problem in problems))


def show(event: EventId, *, as_json: bool) -> None:
    """Print the agenda of an event."""
    found, is_fictional = asyncio.run(_read(event))
    if as_json:
        _echo(asdict(found))
        return
    console = Console(highlight=False)
    if not found.items:
        console.print(f"'{event}' has no agenda.", markup=False)
        return
    table = Table("Time", "Title", "Kind", "Speakers", "Room", "Language")
    zone = zone_of(found.time_zone)
    for item in found.items:
        speakers = (f"{one.name} ({one.role})" if one.role else one.name for one in item.speakers)
        table.add_row(
            *plain(
                _span(item, zone), item.title, item.kind or "", ", ".join(speakers), item.room or "",
                item.language or "",
            )
        )  # fmt: skip
    console.print(table)
    console.print(f"Times are those of {zone.key}. This is version {found.version}.", markup=False)
    if is_fictional:
        console.print(FICTIONAL, style="yellow")


def set_and_print(event: EventId, file: Path, *, as_json: bool) -> None:
    """Write the agenda of an event as a table tells it, and print what organisers may want to look at again."""
    made, told, names = asyncio.run(_set(event, file))
    if as_json:
        _echo(asdict(made))
        return
    count = len(made.items)
    has = f"has an agenda of {count} item{'' if count == 1 else 's'}" if count else "has no agenda of organisers"
    typer.echo(f"'{event}' {has} now; this is version {made.version}.")
    for expert in made.unconfirmed:
        typer.echo(f"{names.get(expert, expert)} has not said yes to speaking there.")
    titles = dict(zip(made.items, told, strict=True))
    for one in made.overlaps:
        first, second = (titles[id] for id in one.items)
        typer.echo(f"{names.get(one.expert, one.expert)} is to speak on '{first}' and '{second}' at one time.")


async def _read(event: EventId) -> tuple[Agenda, bool]:
    async with open_graph(GraphSettings()) as graph:
        return await agenda(graph, Viewer.at_the_command_line(), event=event), await network_is_fictional(graph)


async def _set(event: EventId, file: Path) -> tuple[AgendaSet, Sequence[str], Mapping[str, str]]:
    async with open_graph(GraphSettings()) as graph:
        before = await agenda(graph, Viewer.at_the_command_line(), event=event)
        zone = zone_of(before.time_zone)
        day = before.starts_at.astimezone(zone).date() if before.starts_at else None
        items, places, notes = await agenda_of(file, day=day, time_zone=zone.key)
        made = await _kept(graph, before, items, places)
        for note in notes:
            typer.echo(f"{note[:1].upper()}{note[1:]}.", err=True)
        return made, [item.title for item in items], await names_of(graph, _named(made))


async def _kept(graph: Graph, before: Agenda, items: Sequence[AgendaItem], places: Sequence[str]) -> AgendaSet:
    try:
        return await set_agenda(
            graph, Viewer.at_the_command_line(), event=before.event, expected_version=before.version, items=items
        )
    except InvalidFields as refused:
        raise WrongRows(refused.problems, places) from None


def _named(made: AgendaSet) -> set[ExpertId]:
    return {*made.unconfirmed, *(one.expert for one in made.overlaps)}


def _at_its_place(problem: Problem, places: Sequence[str]) -> str:
    number = problem.path[1] if len(problem.path) > 1 else None
    if not isinstance(number, int):
        return problem.message
    place = f"{places[number][:1].upper()}{places[number][1:]}"
    field = next((part for part in reversed(problem.path) if isinstance(part, str)), "")
    return f"{place}, {field}: {problem.message}"


def _span(item: AgendaItem, zone: ZoneInfo) -> str:
    starts, ends = (_clock(time, zone) for time in (item.starts_at, item.ends_at))
    return f"{starts}-{ends[-5:]}" if ends else starts


def _clock(time: datetime | None, zone: ZoneInfo) -> str:
    return time.astimezone(zone).strftime("%Y-%m-%d %H:%M") if time else ""


def _echo(told: Mapping[str, Any]) -> None:
    typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
