"""A report's page: the programme's statements for a span, each with its count and the list behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from api.catalogues import Words, beside
from api.report.entries import Entry, entries
from api.report.words import words_of
from graph import achievements, plan
from graph.achievements import Counted
from graph.graph import Graph
from graph.network import describe
from graph.values import Period
from graph.viewer import Viewer

__all__ = ["MOST_LISTED", "Report", "Section", "Statement", "following", "report_of", "titled"]

MOST_LISTED: Final = 500
"""Entries of a list at most; a statement says how many more there are."""

OF_PEOPLE: Final = (Counted.MEMBERS, Counted.NEW_MEMBERS, Counted.SPEAKERS)

PROJECTED: Final = ("projected", "confirmed")
"""Of the activities ahead those that are more than an idea."""

WORDED: Final[Mapping[Counted, tuple[str, ...]]] = {
    Counted.RESOURCES: ("module", "compendium", "course", "guide"),
    Counted.EVENTS: ("launch", "briefing", "workshop", "training"),
    Counted.ACTIVITIES: ("outreach", "national"),
}
"""Kinds that have words of their own, in the order of the page."""

WIDE: Final = ("regional", "global")
"""Kinds of activities that are counted together."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure: what it counts, the sentence, what is told beside it, and the list behind it.

    ``entries`` is the list, as far as it is ``listed``: people are not, unless they were asked for.
    """

    of: str
    kinds: tuple[str, ...]
    count: int
    text: str
    details: tuple[str, ...]
    listed: bool
    entries: tuple[Entry, ...]
    more: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under a heading."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The page. ``notice`` says that the network is fictional, if it is."""

    network: str
    title: str
    language: str
    is_right_to_left: bool
    since: str
    until: str
    notice: str | None
    sections: tuple[Section, ...]
    projected_title: str
    projected: tuple[Entry, ...]
    projected_more: str | None
    behind: str
    nothing: str | None

    @property
    def lists(self) -> tuple[Statement, ...]:
        """The statements that have a list behind them that says more than they do."""
        statements = [one for section in self.sections for one in section.statements]
        return tuple(one for one in statements if one.entries and one.of not in {"countries", "partners"})

    def as_json(self) -> dict[str, Any]:
        """The page as JSON has it."""
        return asdict(self)


def following(span: Period) -> Period:
    """The year that begins when a span is over."""
    first = span.last + timedelta(days=1)
    if (first.month, first.day) == (2, 29):
        return Period(first, date(first.year + 1, 2, 28))
    return Period(first, first.replace(year=first.year + 1) - timedelta(days=1))


async def report_of(
    graph: Graph, viewer: Viewer, *, span: Period, following: Period, language: str, names_people: bool, today: date
) -> Report:
    """What the programme did in a span, and what it projects for the ``following`` one, in the viewer's sight.

    ``language`` is one of the six of the United Nations. Of people there are counts; with ``names_people`` those whom
    the viewer sees are listed by name as well.
    """
    writing = _Writing(graph, viewer, span, words_of(language), names_people=names_people)
    words = writing.words
    network, found, projected = await asyncio.gather(
        describe(graph, viewer),
        achievements.of_span(graph, viewer, span=span),
        plan.page(graph, viewer, span=following, today=today, first=MOST_LISTED, noun="Activity", statuses=PROJECTED),
    )
    sections = [section async for section in _sections(writing, found)]
    return Report(
        network=network.title if network else "",
        title=titled(words, "title", "title of a span", span),
        language=language,
        is_right_to_left=words.is_right_to_left,
        since=span.first.isoformat(),
        until=span.last.isoformat(),
        notice=words.name("fictional") if network and network.is_fictional else None,
        sections=tuple(sections),
        projected_title=titled(words, "projected", "projected in a span", following),
        projected=await entries(
            graph, viewer, noun="Activity", ids=[one.id for _, one in projected.entries], language=language
        ),
        projected_more="…" if projected.has_next else None,
        behind=words.name("behind"),
        nothing=None if sections else words.name("nothing"),
    )


async def _sections(writing: "_Writing", found: achievements.Achievements) -> AsyncIterator[Section]:
    resources = {one.kind: one.count for one in found.resources}
    events = {one.kind: one.count for one in found.events}
    activities = {one.kind: one.count for one in found.activities if one.status == "done"}
    asked = {
        "products": [
            *_of_kinds(Counted.RESOURCES, resources, WORDED[Counted.RESOURCES]),
            *_others(Counted.RESOURCES, resources, "roadmap"),
        ],
        "projects": [
            (Counted.PROJECTS, "projects", (), found.projects),
            *_of_kinds(Counted.ACTIVITIES, activities, ("outreach",)),
            (Counted.PARTNERS, "partners", (), found.partners),
        ],
        "assistance": [
            (Counted.COUNTRIES, "countries", (), len(found.countries)),
            *_of_kinds(Counted.RESOURCES, resources, ("roadmap",)),
            *_of_kinds(Counted.ACTIVITIES, activities, ("national",)),
            (Counted.ACTIVITIES, "regional", WIDE, sum(activities.get(kind, 0) for kind in WIDE)),
            *_others(Counted.ACTIVITIES, activities, *WIDE),
        ],
        "experts": [
            (Counted.MEMBERS, "members", (), found.members),
            (Counted.NEW_MEMBERS, "new_members", (), found.new_members),
            *_of_kinds(Counted.EVENTS, events, WORDED[Counted.EVENTS]),
            *_others(Counted.EVENTS, events),
            (Counted.SPEAKERS, "speakers", (), found.speakers),
        ],
    }
    for name, figures in asked.items():
        statements = await asyncio.gather(*(writing.statement(*figure) for figure in figures if figure[3]))
        if statements:
            yield Section(writing.words.name(name), tuple(statements))


Figure = tuple[Counted, str, tuple[str, ...], int]
"""What is counted, the name of its words, the kinds (all where there are none), how many."""


def _of_kinds(of: Counted, counts: Mapping[str, int], kinds: Sequence[str]) -> Iterator[Figure]:
    return ((of, kind, (kind,), counts.get(kind, 0)) for kind in kinds)


def _others(of: Counted, counts: Mapping[str, int], *elsewhere: str) -> Iterator[Figure]:
    """Kinds without words of their own."""
    return ((of, of.value, (kind,), counts[kind]) for kind in counts if kind not in {*WORDED[of], *elsewhere})


@dataclass(frozen=True, slots=True)
class _Writing:
    """What every statement of a report is written with."""

    graph: Graph
    viewer: Viewer
    span: Period
    words: Words
    names_people: bool

    async def statement(self, of: Counted, name: str, kinds: tuple[str, ...], count: int) -> Statement:
        """One figure with its list."""
        is_listed = self.names_people or of not in OF_PEOPLE
        listed = await self._listed(of, kinds) if is_listed else ()
        return Statement(
            of=of.value,
            kinds=kinds,
            count=count,
            text=self.words.number(name, count, kind=", ".join(kinds)),
            details=tuple(self._details(name, listed)),
            listed=is_listed,
            entries=listed,
            more=self.words.number("more", count - len(listed)) if is_listed and count > len(listed) else None,
        )

    async def _listed(self, of: Counted, kinds: tuple[str, ...]) -> tuple[Entry, ...]:
        ids: list[str] = []
        for kind in kinds or (None,):
            page = await achievements.page(
                self.graph,
                self.viewer,
                of=of,
                span=self.span,
                first=MOST_LISTED,
                kind=kind,
                status="done" if of is Counted.ACTIVITIES else None,
                language=self.words.language,
            )
            ids += [one.id for _, one in page.entries]
        found = await entries(
            self.graph, self.viewer, noun=of.noun, ids=ids[:MOST_LISTED], language=self.words.language
        )
        return tuple(sorted(found, key=lambda one: one.date or ""))

    def _details(self, name: str, listed: Sequence[Entry]) -> Iterator[str]:
        """What entries have in common with the statement: a work is one, in however many languages."""
        titles = [one.title for one in listed]
        if name == "countries":
            yield format_list(titles, locale=self.words.locale)
        if name in {"partners", "projects"}:
            yield beside(titles, self.words.language)
        if name == "briefing":
            yield self._told("themes", "; ".join(titles))
        languages = sorted({one for entry in listed for one in entry.languages})
        if name in WORDED[Counted.RESOURCES] and languages:
            yield self._told("languages", format_list(languages, locale=self.words.locale))
        # Names of organisations may be of another script, to which no language's 'and' can be joined.
        partners = sorted({one for entry in listed for one in entry.partners})
        if name in {"outreach", "regional"} and partners:
            yield self._told("partners", beside(partners, self.words.language))
        days = [entry.date for entry in listed if entry.date]
        if name in WORDED[Counted.RESOURCES] and days:
            months = dict.fromkeys(
                format_skeleton("yMMM", date.fromisoformat(day), locale=self.words.locale)
                for day in (min(days), max(days))
            )
            yield " – ".join(months)

    def _told(self, name: str, values: str) -> str:
        return self.words.name("told", name=self.words.name(name), values=values)


def titled(words: Words, of_year: str, of_span: str, span: Period) -> str:
    """A title with the year that a span is, or with its days."""
    if span == achievements.year(span.first.year):
        return words.name(of_year, year=str(span.first.year))
    days = {
        name: format_date(one, format="long", locale=words.locale)
        for name, one in (("since", span.first), ("until", span.last))
    }
    return words.name(of_span, **days)
