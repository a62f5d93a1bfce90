"""``knowwho coverage``: where the network has experts for a topic, where it has gaps, and who is nearest to each."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import orjson
import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.asking import months_ago
from api.cli.fictional import FICTIONAL
from api.network import open_graph
from graph import coverage, network
from graph.coverage import By, Cell, Coverage, Gap, Nearest, Nearness, WhyGap
from graph.graph import Graph
from graph.model import NOUNS, Column
from graph.reading import Node, Value, nodes
from graph.settings import GraphSettings
from graph.values import ExpertiseLevel
from graph.viewer import Viewer

__all__ = ["print_coverage"]

WHY = {
    WhyGap.NOBODY: "nobody knows it",
    WhyGap.NOBODY_STRONG: "nobody leads or practises it",
    WhyGap.NOTHING_RECENT: "nothing recent",
}
KNOWS = {
    ExpertiseLevel.LEAD: "leads in",
    ExpertiseLevel.PRACTITIONER: "practises",
    ExpertiseLevel.FAMILIAR: "is familiar with",
}
IS_NEAR = {
    Nearness.LIVES_THERE: "lives in",
    Nearness.LIVES_NEAR: "lives in",
    Nearness.WORKED_THERE: "worked in",
    Nearness.SPEAKS_IT: "speaks it",
    Nearness.SPEAKS_SOME: "speaks some of it",
}
MOST_ACROSS = 8
"""Columns that a terminal has room for."""
OF_EACH = 3
"""People, organisations and events that are told of a gap."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A table with its gaps, what is nearest to the first of them, and the names of whoever and whatever that is."""

    table: Coverage
    gaps: Sequence[Gap]
    nearest: Sequence[Nearest]
    names: Mapping[tuple[str, str], str]
    is_fictional: bool


def print_coverage(
    *,
    by: By,
    topic: str | None,
    within: str | None,
    as_of: date | None,
    with_gaps: bool,
    months: int | None,
    first: int,
    as_json: bool,
) -> None:
    """Print the table, and with ``with_gaps`` the ``first`` gaps with who and what is nearest to each.

    Raises:
        GraphError: there is no such table; the sentence says why.
    """
    told = asyncio.run(
        _told(by=by, topic=topic, within=within, as_of=as_of, months=months, first=first if with_gaps else 0)
    )
    if as_json:
        typer.echo(orjson.dumps(_as_json(told, with_gaps=with_gaps), option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    console.print(_table(told.table))
    console.print("Experts (of them leading or practising), the year of their newest evidence on it.", style="dim")
    if with_gaps:
        _print_gaps(console, told)
    if told.is_fictional:
        console.print(
            FICTIONAL,
            style="yellow",
        )


async def _told(
    *, by: By, topic: str | None, within: str | None, as_of: date | None, months: int | None, first: int
) -> _Told:
    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        table = await coverage.coverage(graph, viewer, by=by, topic=topic, within=within, as_of=as_of)
        since = None if months is None else months_ago(months, today=table.as_of)
        gaps = coverage.gaps_in(table, recent_since=since)
        near = [
            await coverage.nearest(graph, viewer, topic=gap.topic.id, by=by, place=gap.place.id, first=OF_EACH)
            for gap in gaps[:first]
        ]
        about = await network.describe(graph, viewer)
        return _Told(table, gaps, near, await _names(graph, viewer, near), about is not None and about.is_fictional)


# What is told of a noun's nodes as their name.
NAMED_BY = {"Expert": "name", "Organisation": "name", "Event": "title", "Topic": "label", "Country": "name"}


async def _names(graph: Graph, viewer: Viewer, near: Sequence[Nearest]) -> Mapping[tuple[str, str], str]:
    """What people, organisations, events, topics and countries are called, by noun and id, in a statement for each."""
    people = [one for each in near for one in (*each.experts_near, *each.experts_there)]
    ids: Mapping[str, set[str]] = {
        "Expert": {one.expert for one in people},
        "Organisation": {one.organisation for each in near for one in each.organisations},
        "Event": {one.event for each in near for one in each.events},
        "Topic": {one.topic for one in people} | {one.topic for each in near for one in each.events if one.topic},
        "Country": {one.country for one in people if one.country},
    }
    names: dict[tuple[str, str], str] = {}
    for noun, wanted in ids.items():
        column = NOUNS[noun].by_name[NAMED_BY[noun]]
        assert isinstance(column, Column)  # noqa: S101 -- as graph.model has it
        found = await nodes(graph, viewer, wanted=Node(noun, [("name", Value(column))]), ids=sorted(wanted))
        names |= {(noun, id): one["name"] for id, one in found.items()}
    return names


def _table(table: Coverage) -> Table:
    """Places across if there are fewer of them than topics, else topics."""
    day = "" if table.as_of == datetime.now(UTC).date() else f", as it was at the end of {table.as_of}"
    topics = [f"{row.topic.labels.in_language('en')} ({row.experts})" for row in table.rows]
    places = [place.names.in_language("en") for place in table.places]
    cells = [[_cell(cell) for cell in row.cells] for row in table.rows]
    is_wide = len(places) <= max(len(topics), MOST_ACROSS)
    across, down = (places, topics) if is_wide else (topics, places)
    shown = Table("", *across, title=f"Topics by {table.by.value}{day}", title_justify="left")
    for name, row in zip(down, cells if is_wide else zip(*cells, strict=True), strict=True):
        shown.add_row(name, *row)
    return shown


def _cell(cell: Cell) -> str:
    if not cell.experts + cell.change:
        return "-"
    strong = f"{cell.experts} ({cell.lead + cell.practitioner})"
    newest = f" {cell.newest.year}" if cell.newest is not None else ""
    change = f" +{cell.change}" if cell.change else ""
    return strong + newest + change


def _print_gaps(console: Console, told: _Told) -> None:
    if not told.gaps:
        console.print("No gap by this rule.")
        return
    console.print(f"\n{len(told.gaps)} gaps, the most important first:", style="bold")
    for place, (gap, near) in enumerate(zip(told.gaps, told.nearest, strict=False), 1):
        cell = gap.cell
        done = [(cell.events, "event"), (cell.activities, "activity"), (cell.planned, "planned")]
        programme = [_counted(count, what) for count, what in done if count]
        name = f"{gap.topic.labels.in_language('en')}, {gap.place.names.in_language('en')}"
        facts = ", ".join([WHY[gap.why], *programme, f"{gap.experts} elsewhere know it"])
        console.print(Text.assemble((f"{place}. {name}", "bold"), f": {facts}"))
        for line in _lines(near, told.names):
            console.print(Padding(Text(line), (0, 0, 0, 3)))


def _lines(near: Nearest, names: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for person in (*near.experts_near, *near.experts_there):
        where = f" {names['Country', person.country]}" if person.country else ""
        knows = f"{KNOWS[person.level]} {names['Topic', person.topic]}"
        yield f"{names['Expert', person.expert]}: {knows}; {IS_NEAR[person.nearness]}{where}"
    for one in near.organisations:
        parts = [_counted(count, what) for count, what in ((one.works, "work"), (one.experts, "expert")) if count]
        parts += ["is there"] if one.is_there else []
        yield f"{names['Organisation', one.organisation]}: {', '.join(parts)}"
    for event in near.events:
        about = f" {names['Topic', event.topic]}" if event.topic else ""
        when = "to be held there" if event.nearness is Nearness.PLANNED_THERE else "could be held again"
        yield f"“{names['Event', event.event]}”: {when}{f', covers{about}' if about else ''}"


def _counted(count: int, what: str) -> str:
    several = {"work": "works on it", "expert": "experts in it", "event": "events", "activity": "activities"}
    single = {"work": "work on it", "expert": "expert in it"}
    return f"{count} {(single if count == 1 else several).get(what, what)}"


def _as_json(told: _Told, *, with_gaps: bool) -> dict[str, object]:
    table = told.table
    shown: dict[str, object] = {
        "by": table.by,
        "as_of": table.as_of,
        "is_fictional": told.is_fictional,
        "places": [{"code": place.id, "name": place.names.in_language("en")} for place in table.places],
        "topics": [
            {
                "id": row.topic.id,
                "label": row.topic.labels.in_language("en"),
                "experts": row.experts,
                "cells": [asdict(cell) | {"experts": cell.experts} for cell in row.cells],
            }
            for row in table.rows
        ],
    }
    if with_gaps:
        shown["gap_count"] = len(told.gaps)
        shown["gaps"] = [
            {
                "topic": gap.topic.id,
                "place": gap.place.id,
                "why": gap.why,
                "experts_elsewhere": gap.experts,
                "nearest": {
                    name: value for name, value in asdict(near).items() if name not in ("by", "topic", "place")
                },
            }
            for gap, near in zip(told.gaps, told.nearest, strict=False)
        ]
    return shown
