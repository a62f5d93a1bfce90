"""``knowwho shortlist``, ``knowwho speakers`` and ``knowwho fairness``: who is considered, asked and heard."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson
import typer
from babel import Locale
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.asking import months_ago
from api.cli.fictional import FICTIONAL
from api.cli.tables import table_of, terminal
from api.network import open_graph, open_network
from graph import experts, network, speaking
from graph.graph import Graph
from graph.search import WhyNobody
from graph.settings import GraphSettings
from graph.speaking import Candidacy, Conflict, ConflictKind, Fairness, Share, Shortlisted
from graph.values import EventId, ExpertId
from graph.viewer import Viewer

__all__ = [
    "AT_ONCE",
    "names_of",
    "network_is_fictional",
    "plain",
    "print_fairness",
    "print_shortlisted",
    "print_speakers",
]

AT_ONCE = 1_000
NOBODY: Mapping[WhyNobody, str] = {
    WhyNobody.OUTSIDE: "Nobody fits: nothing that the network's people have done comes near this.",
    WhyNobody.FILTERED: "Nobody who fits knows that topic.",
    WhyNobody.NO_EVIDENCE: "The network is still empty; load one with 'knowwho ingest FOLDER'.",
}


def print_shortlisted(
    event: EventId,
    *,
    people: Sequence[ExpertId],
    question: str | None,
    topic: str | None,
    first: int,
    note: str,
    as_json: bool,
) -> None:
    """Put people on an event's shortlist, those who are named or whom a search finds, and print who was added."""
    made, names, is_fictional = asyncio.run(
        _added_by_hand(event, people, note) if people else _added_by_search(event, question, topic, first)
    )
    if as_json:
        told = {"added": _plain(made.added), "already": _plain(made.already), "nobody": made.nobody}
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    console = terminal()
    if made.nobody is not None:
        console.print(NOBODY[made.nobody])
    for one in made.added:
        strength = f"  {one.grounds.strength} match" if one.grounds.strength else ""
        console.print(f"{one.rank}. {names[one.expert]}{strength}", markup=False)
    for one in made.already:
        console.print(f"{names[one.expert]} is there already: {one.state}", markup=False)
    _say_fictional(console, is_fictional=is_fictional)


def print_speakers(event: EventId, *, asked_within: int, as_json: bool) -> None:
    """Print who is considered for an event: where each stands, what they did before and what speaks against asking."""
    told, names, is_fictional = asyncio.run(_considered(event, asked_since=months_ago(asked_within)))
    if as_json:
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    console = terminal()
    if not told:
        console.print(f"Nobody is considered for '{event}' yet; 'knowwho shortlist {event} PERSON …' adds somebody.")
    else:
        table = table_of("", "Who", "State", "Before", "What speaks against", "Note", whole=["Who"])
        for one in told:
            candidacy, history = one["candidacy"], one["history"]
            cells = plain(
                str(candidacy["rank"]),
                names[candidacy["expert"]],
                candidacy["state"],
                f"spoke {len(history['spoke'])}, asked {len(history['asked'])}" if history else "",
                "; ".join(_in_words(against, names) for against in one["conflicts"]),
                candidacy["note"],
            )
            table.add_row(*cells)
        console.print(table)
    _say_fictional(console, is_fictional=is_fictional)


def print_fairness(*, since: date, until: date, more_than: int, as_json: bool) -> None:
    """Print how often each group was shortlisted, invited, said yes and spoke, and who was asked again and again."""
    told, names, is_fictional = asyncio.run(_fairness(since, until, more_than))
    if as_json:
        typer.echo(orjson.dumps(asdict(told), option=orjson.OPT_INDENT_2).decode())
        return
    console = terminal()
    table = table_of("Group", "Shortlisted", "Invited", "Said yes", "Spoke")
    _add(table, "All", told.total)
    for kind, shares in (
        ("Region", told.regions),
        ("Gender", told.genders),
        ("Language", told.languages),
        ("Organisation", told.organisations),
    ):
        for share in shares:
            _add(table, f"{kind} {_called(kind, share.group)}", share)
    console.print(table)
    for one in told.asked_often:
        console.print(f"Asked {one.times} times: {names[one.expert]}", markup=False)
    _say_fictional(console, is_fictional=is_fictional)


async def _added_by_hand(event: EventId, people: Sequence[ExpertId], note: str) -> tuple[Shortlisted, Any, bool]:
    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        proposed = [speaking.Proposed(expert, note) for expert in people]
        made = await speaking.shortlist(graph, viewer, event=event, people=proposed)
        return made, await names_of(graph, _experts(made)), await network_is_fictional(graph)


async def _added_by_search(
    event: EventId, question: str | None, topic: str | None, first: int
) -> tuple[Shortlisted, Any, bool]:
    viewer = Viewer.at_the_command_line()
    async with open_network(GraphSettings()) as opened:
        made = await speaking.shortlist_found(
            opened.graph, viewer, search=opened.search, event=event, question=question, topic=topic, first=first
        )
        return made, await names_of(opened.graph, _experts(made)), await network_is_fictional(opened.graph)


async def _considered(event: EventId, *, asked_since: date) -> tuple[list[dict[str, Any]], Mapping[str, str], bool]:
    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        candidacies = [one for _, one in (await speaking.page(graph, viewer, event=event, first=AT_ONCE)).entries]
        people = [one.expert for one in candidacies]
        histories = await speaking.histories(graph, viewer, experts=people)
        against = await speaking.conflicts(graph, viewer, event=event, experts=people, asked_since=asked_since)
        told = [
            {
                "candidacy": asdict(one),
                "history": asdict(histories[one.expert]) if one.expert in histories else None,
                "conflicts": [_conflict(conflict) for conflict in against.get(one.expert, ())],
            }
            for one in candidacies
        ]
        others = [conflict.expert for of in against.values() for conflict in of if conflict.expert]
        return told, await names_of(graph, [*people, *others]), await network_is_fictional(graph)


async def _fairness(since: date, until: date, more_than: int) -> tuple[Fairness, Mapping[str, str], bool]:
    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        told = await speaking.fairness(graph, viewer, since=since, until=until, more_than=more_than)
        return told, await names_of(graph, [one.expert for one in told.asked_often]), await network_is_fictional(graph)


async def names_of(graph: Graph, ids: Iterable[ExpertId]) -> Mapping[str, str]:
    """What people are called, with their ids behind."""
    found = await experts.by_id(graph, Viewer.at_the_command_line(), ids=list(dict.fromkeys(ids)))
    return {id: f"{person.name} ({id})" for id, person in found.items()}


async def network_is_fictional(graph: Graph) -> bool:
    """Whether everything printed has to say that it is made up."""
    described = await network.describe(graph, Viewer.at_the_command_line())
    return described is not None and described.is_fictional


def plain(*cells: str) -> tuple[Text, ...]:
    """Cells of a table as they are: what people wrote is no markup."""
    return tuple(Text(cell) for cell in cells)


def _experts(made: Shortlisted) -> list[ExpertId]:
    return [one.expert for one in (*made.added, *made.already)]


def _plain(candidacies: Sequence[Candidacy]) -> list[dict[str, Any]]:
    return [asdict(one) for one in candidacies]


def _conflict(one: Conflict) -> dict[str, Any]:
    return {**asdict(one), "period": str(one.period) if one.period else None}


def _in_words(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    match one["kind"]:
        case ConflictKind.SPEAKS_ELSEWHERE:
            return f"speaks at {one['event']} then"
        case ConflictKind.ASKED_LATELY:
            return f"asked to {one['event']} on {one['at']:%Y-%m-%d}"
        case ConflictKind.ORGANISATION_ON_PANEL:
            return f"{one['organisation']} is on the panel with {names.get(one['expert'], one['expert'])}"
        case _:
            return f"away {one['period']}"


def _called(kind: str, group: str | None) -> str:
    """What a group is called: a region or a language by its name in English, an organisation by its id."""
    if group is None:
        return "not said"
    english = Locale("en")
    if kind == "Region":
        return str(english.territories.get(group, group))
    return str(english.languages.get(group.replace("-", "_"), group)) if kind == "Language" else group


def _add(table: Table, group: str, share: Share) -> None:
    table.add_row(*plain(group, str(share.shortlisted), str(share.invited), str(share.accepted), str(share.spoke)))


def _say_fictional(console: Console, *, is_fictional: bool) -> None:
    if is_fictional:
        console.print(FICTIONAL, style="yellow")
