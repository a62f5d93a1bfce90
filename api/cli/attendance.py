"""``knowwho attendance``: who was at an event, by hand or from a meeting tool's list, and answers from calendars."""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.cli.fictional import FICTIONAL
from api.cli.ingest import attendees_of, replies_of
from api.cli.speakers import names_of, network_is_fictional, plain
from api.network import open_graph, open_network
from graph import speaking
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.speaking import Certainty, Ground, MatchedAttendee, Outcome, Present, Recorded, Replied
from graph.values import EventId, ExpertId
from graph.viewer import Viewer

__all__ = ["Attendance", "take_down_and_print", "take_replies_and_print"]

OPEN = 1
"""The exit code where a doubt was left open."""

WHY: Mapping[Ground, str] = {
    Ground.ADDRESS: "by the address",
    Ground.NAME: "by the name",
    Ground.SEVERAL: "several people bear the name or have the address",
    Ground.AT_ODDS: "the address is of one person, the name of another",
    Ground.SIMILAR: "the name is only similar",
}
BECAME: Mapping[Outcome, str] = {
    Outcome.TAKEN: "taken down",
    Outcome.ALREADY: "taken down before",
    Outcome.OUTDATED: "given before they were asked last, so it was left",
    Outcome.IMPOSSIBLE: "cannot follow on what they are, so it was left",
    Outcome.UNCERTAIN: "several who are considered have this address, so it was left",
    Outcome.NOBODY: "nobody who is considered for the event has this address",
    Outcome.OTHER_EVENT: "answers for another event of the network, so it was left",
}


@dataclass(frozen=True, slots=True)
class Attendance:
    """What is to be taken down of an event: by hand, and from a file with answers to its doubts by row."""

    event: EventId
    file: Path | None = None
    present: Sequence[Present] = ()
    absent: Sequence[ExpertId] = ()
    choices: Mapping[int, ExpertId | None] = field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """Who is on a file's list, where by the number of their first row, and sentences on what was left out."""

    attendees: Sequence[speaking.Attendee]
    places: Mapping[int, str]
    notes: Sequence[str]


def take_down_and_print(given: Attendance, *, as_json: bool) -> None:
    """Take down who was there, ask for each doubt if somebody sits there, and print it all.

    The exit code is 1 if a doubt was left open.
    """
    told = _List(*attendees_of(given.file)) if given.file is not None else None
    _ensure_on_list(given.choices, told)
    is_open = asyncio.run(_take_down(given, told, as_json=as_json))
    if is_open:
        raise typer.Exit(OPEN)


def take_replies_and_print(event: EventId, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Take down what people answered from their calendars, and print what became of each answer."""
    replies, notes = replies_of(file)
    made, names, is_fictional = asyncio.run(_take_replies(event, replies, dry_run=dry_run))
    if as_json:
        _echo({"event": event, "dry_run": dry_run, "answers": [asdict(one) for one in made], "notes": notes})
        return
    console = Console(highlight=False)
    table = Table("Address", "Who", "Answer", "")
    for one in made:
        who = names.get(one.expert, "") if one.expert else ""
        table.add_row(*plain(one.reply.email, who, one.reply.answer, BECAME[one.outcome]))
    console.print(table)
    _say_rest(console, notes, dry_run=dry_run, is_fictional=is_fictional)


async def _take_replies(
    event: EventId, replies: Sequence[speaking.Reply], *, dry_run: bool
) -> tuple[Sequence[Replied], Mapping[str, str], bool]:
    async with open_graph(GraphSettings()) as graph:
        viewer = Viewer.at_the_command_line()
        made = await speaking.take_replies(graph, viewer, event=event, replies=replies, dry_run=dry_run)
        names = await names_of(graph, (one.expert for one in made if one.expert))
        return made, names, await network_is_fictional(graph)


async def _take_down(given: Attendance, told: _List | None, *, as_json: bool) -> bool:
    if any(one.spoke for one in given.present) and not given.dry_run:
        async with open_network(GraphSettings()) as opened:
            is_open = await _taken_down(opened.graph, given, told, as_json=as_json)
            opened.embedding.soon()  # a talk is found by what it says
            await opened.embedding.done()
            return is_open
    async with open_graph(GraphSettings()) as graph:
        return await _taken_down(graph, given, told, as_json=as_json)


async def _taken_down(graph: Graph, given: Attendance, told: _List | None, *, as_json: bool) -> bool:
    """Whether a doubt was left open."""
    viewer = Viewer.at_the_command_line()
    attendees = told.attendees if told is not None else ()
    await speaking.record_attendance(
        graph, viewer, event=given.event, present=given.present, absent=given.absent, dry_run=True
    )  # fmt: skip -- nobody is asked about doubts in vain
    matched = await speaking.match_attendees(graph, viewer, event=given.event, rows=attendees)
    names = await names_of(graph, [id for one in matched for id in one.people])
    console = Console(highlight=False)
    if told is not None and not as_json:
        _show(console, told, matched, names)
    answers = dict(given.choices)
    if told is not None and not as_json and sys.stdin.isatty():
        for one in matched:
            if one.certainty is Certainty.DOUBTFUL and one.row not in answers:
                answers[one.row] = _asked(one, told, names)
    meant = {one.row: _meant(one, answers) for one in matched}
    people = dict.fromkeys(id for id in meant.values() if id is not None)
    by_hand = {one.expert for one in given.present}
    present = [*given.present, *(Present(id) for id in people if id not in by_hand)]
    made = await speaking.record_attendance(
        graph, viewer, event=given.event, present=present, absent=given.absent, dry_run=given.dry_run
    )
    left = [one for one in matched if one.certainty is Certainty.DOUBTFUL and one.row not in answers]
    names = {**names, **await names_of(graph, [*made.recorded, *made.already, *made.not_recorded, *made.unexpected])}
    is_fictional = await network_is_fictional(graph)
    if as_json:
        rows = [
            {**asdict(row), "place": told.places[row.row], **asdict(one), "chosen": meant[one.row]}
            for row, one in zip(attendees, matched, strict=True)
            if told is not None
        ]
        notes = told.notes if told is not None else ()
        _echo({**asdict(made), "dry_run": given.dry_run, "rows": rows, "open": [one.row for one in left],
               "notes": notes})  # fmt: skip
    else:
        _say(console, made, names, given)
        for one in left:
            console.print(
                f"Row {one.row} is left open ({WHY[one.ground] if one.ground else ''}); "
                f"answer it with --choose {one.row}=PERSON, or --choose {one.row}= for nobody.",
                markup=False,
            )
        _say_rest(console, told.notes if told is not None else (), dry_run=given.dry_run, is_fictional=is_fictional)
    return bool(left)


def _ensure_on_list(choices: Mapping[int, ExpertId | None], told: _List | None) -> None:
    rows = {one.row for one in told.attendees} if told is not None else set()
    for row in choices:
        if row not in rows:
            raise typer.BadParameter(
                f"nobody begins in row {row} of the file; give the number that the table shows", param_hint="--choose"
            )


def _meant(one: MatchedAttendee, answers: Mapping[int, ExpertId | None]) -> ExpertId | None:
    """Whom a row means: as somebody answered, or the one whom it certainly means."""
    if one.row in answers:
        return answers[one.row]
    return one.people[0] if one.certainty is Certainty.CERTAIN else None


def _show(console: Console, told: _List, matched: Sequence[MatchedAttendee], names: Mapping[str, str]) -> None:
    """Print whom each row means."""
    table = Table("Row", "In the file", "Minutes", "", "Who", "")
    for row, one in zip(told.attendees, matched, strict=True):
        cells = plain(
            told.places[row.row].removeprefix("rows ").removeprefix("row "),
            " ".join(filter(None, (row.name, f"<{row.email}>" if row.email else ""))),
            "" if row.minutes is None else str(row.minutes),
            "unknown" if one.certainty is Certainty.NOBODY else one.certainty,
            "\n".join(names.get(id, id) for id in one.people),
            WHY[one.ground] if one.ground else "nobody of the network whom organisers see",
        )
        table.add_row(*cells)
    console.print(table)


def _asked(one: MatchedAttendee, told: _List, names: Mapping[str, str]) -> ExpertId | None:
    """Whom a row means, as whoever sits there says; nobody if they only press Enter."""
    (row,) = [each for each in told.attendees if each.row == one.row]
    typer.echo(f"Row {one.row}, {row.name or row.email}: {WHY[one.ground] if one.ground else ''}.", err=True)
    for number, id in enumerate(one.people, start=1):
        typer.echo(f"  {number}. {names.get(id, id)}", err=True)
    while True:
        said = typer.prompt("Who is it? A number, or Enter for nobody", default="", show_default=False, err=True)
        if not said.strip():
            return None
        if said.strip().isdecimal() and 1 <= int(said) <= len(one.people):
            return one.people[int(said) - 1]
        typer.echo(f"Type a number from 1 to {len(one.people)}, or press Enter.", err=True)


def _say(console: Console, made: Recorded, names: Mapping[str, str], given: Attendance) -> None:
    """Print what was taken down."""
    absent = set(given.absent)
    for verb, people in (
        ("was there", [id for id in made.recorded if id not in absent]),
        ("was not there", [id for id in made.recorded if id in absent]),
        ("was taken down before", made.already),
        ("is not recorded: they do not show it, or did not agree to it", made.not_recorded),
        ("was not expected to speak, so nothing was taken down", made.unexpected),
    ):
        for id in people:
            console.print(f"{names.get(id, id)} {verb}", markup=False)
    for one in made.advanced:
        console.print(f"{names.get(one.expert, one.expert)} is {one.state} now", markup=False)
    if not any((made.recorded, made.already, made.not_recorded, made.unexpected)):
        console.print("Nobody was taken down.")


def _say_rest(console: Console, notes: Iterable[str], *, dry_run: bool, is_fictional: bool) -> None:
    for note in notes:
        console.print(f"{note[:1].upper()}{note[1:]}.", markup=False)
    if dry_run:
        console.print("This was a dry run: nothing was changed.")
    if is_fictional:
        console.print(FICTIONAL, style="yellow")


def _echo(told: Mapping[str, Any]) -> None:
    typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
