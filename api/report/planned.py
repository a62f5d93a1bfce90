"""A plan's page: how far the things of a span are, what is still missing, and what comes; set as a report is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Final

from api.catalogues import Words, beside
from api.report.entries import Entry, PlannedEntry, entries
from api.report.page import MOST_LISTED, Report, Section, Statement, titled
from api.report.words import words_of
from graph import plan
from graph.graph import Graph
from graph.network import describe
from graph.plan import Lack, Planned, Stage
from graph.values import Period
from graph.viewer import Viewer

__all__ = ["plan_of"]

MOST_NAMED: Final = 10
"""Titles beside what is missing at most; the lists have them all."""

Told = Mapping[tuple[str, str], PlannedEntry]
"""Entries by noun and id."""


async def plan_of(graph: Graph, viewer: Viewer, *, span: Period, language: str, today: date) -> Report:
    """What is planned for a span, as it is on a day and in the viewer's sight, as a page in one of the six languages.

    ``projected`` is what is not done yet.
    """
    words, network = words_of(language), await describe(graph, viewer)
    planned = await _planned(graph, viewer, span=span, today=today)
    told = await _told(graph, viewer, planned=planned, words=words)
    planned = [one for one in planned if (one.noun, one.id) in told]
    ahead = [one for one in planned if one.stage is not Stage.DONE]
    statements = {
        "stages": tuple(_stages(planned, told, words)),
        "lacks": tuple(_lacks(planned, told, words)),
    }
    return Report(
        network=network.title if network else "",
        title=titled(words, "plan", "plan of a span", span),
        language=language,
        is_right_to_left=words.is_right_to_left,
        since=span.first.isoformat(),
        until=span.last.isoformat(),
        notice=words.name("fictional") if network and network.is_fictional else None,
        sections=tuple(Section(words.name(name), of) for name, of in statements.items() if of),
        projected_title=titled(words, "projected", "projected in a span", span),
        projected=tuple(told[one.noun, one.id] for one in ahead[:MOST_LISTED]),
        projected_more=_more(len(ahead) - MOST_LISTED, words),
        behind=words.name("behind"),
        nothing=None if planned else words.name("nothing planned"),
    )


async def _planned(graph: Graph, viewer: Viewer, *, span: Period, today: date) -> list[Planned]:
    """The whole plan, however long: a figure counts all of it."""
    page = await plan.page(graph, viewer, span=span, today=today, first=MOST_LISTED)
    found = [*page.entries]
    while page.has_next:
        page = await plan.page(graph, viewer, span=span, today=today, first=MOST_LISTED, after=found[-1][0])
        found += page.entries
    return [one for _, one in found]


async def _told(graph: Graph, viewer: Viewer, *, planned: Sequence[Planned], words: Words) -> Told:
    of_noun: defaultdict[str, dict[str, Planned]] = defaultdict(dict)
    for one in planned:
        of_noun[one.noun][one.id] = one
    return {
        (noun, entry.id): _entry(entry, of_id[entry.id], words)
        for noun, of_id in of_noun.items()
        for entry in await entries(graph, viewer, noun=noun, ids=list(of_id), language=words.language)
    }


def _entry(entry: Entry, one: Planned, words: Words) -> PlannedEntry:
    kind = f"{one.noun} {one.kind}" if one.kind else one.noun
    lacks = beside((words.name(f"lack {lack}") for lack in one.lacks), words.language)
    return PlannedEntry(
        **{field.name: getattr(entry, field.name) for field in fields(entry)},
        kind_told=words.name(kind) if kind in words.names else one.kind or "",
        missing=words.name("told", name=words.name("missing"), values=lacks) if lacks else "",
    )


def _stages(planned: Sequence[Planned], told: Told, words: Words) -> Iterator[Statement]:
    for stage in Stage:
        here = [one for one in planned if one.stage is stage]
        if here:
            yield Statement(
                of="stage",
                kinds=(stage.value,),
                count=len(here),
                text=words.number(stage.value, len(here)),
                details=(),
                listed=True,
                entries=tuple(told[one.noun, one.id] for one in here[:MOST_LISTED]),
                more=_more(len(here) - MOST_LISTED, words),
            )


def _lacks(planned: Sequence[Planned], told: Told, words: Words) -> Iterator[Statement]:
    for lack in Lack:
        titles = [told[one.noun, one.id].title for one in planned if lack in one.lacks]
        more = _more(len(titles) - MOST_NAMED, words)
        if titles:
            yield Statement(
                of="lack",
                kinds=(lack.value,),
                count=len(titles),
                text=words.number(f"without {lack}", len(titles)),
                details=(*titles[:MOST_NAMED], *([more] if more else [])),
                listed=False,
                entries=(),
                more=None,
            )


def _more(count: int, words: Words) -> str | None:
    return words.number("more", count) if count > 0 else None
