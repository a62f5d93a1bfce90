"""Events as pages and feeds show them: what GraphQL tells of them to who asks, and their days by their own clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from fastapi import Request

from api.door import Visitor
from api.pages.reading import read
from api.pages.words import day, listed, words_in
from api.speaking.telling import by_clocks_of, place_told, times_told, zone_told
from api.speaking.words import words_of
from graph.speaking.occasions import EventTold
from graph.values import EventId, EventStage

__all__ = [
    "EventShown",
    "EventsShown",
    "Named",
    "coming",
    "events_shown",
    "every_event",
    "listing",
    "moment_of",
    "nodes_of",
    "past",
    "undated",
]

SPEAKERS: Final = 20
"""How many are read of each event of a list, of those who spoke; beside them all who are on its agenda."""
EVERY_SPEAKER: Final = 100
AT_ONCE: Final = 50
"""Events that are read together where all of them are wanted: what GraphQL lets one query cost."""
MOST_EVENTS: Final = 2000

TO_COME: Final = ["PLANNED", "CONFIRMED", "UNDER_WAY"]
ASCENDING: Final = [{"startsAt": "ASC"}]
DESCENDING: Final = [{"startsAt": "DESC"}]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something with a page of its own, and what it is called."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class EventShown:
    """An event; ``read`` is what GraphQL told of it, and ``speakers`` who spoke or is on its agenda, each once."""

    told: EventTold
    stage: EventStage
    version: int
    series: Named | None
    country: Named | None
    topics: tuple[Named, ...]
    speakers: tuple[Named, ...]
    read: Mapping[str, Any]

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> "EventShown":
        """From an event of a GraphQL document; what the document does not ask for is not there."""
        country, series = node.get("country"), node.get("series")
        spoke = [edge["node"] for edge in nodes_of(node, "speakers")]
        gives = [speaker["expert"] for item in node.get("agenda") or () for speaker in item["speakers"]]
        return cls(
            told=EventTold(
                id=EventId(node["slug"]),
                title=node["title"],
                kind=node["kind"],
                format=node["format"],
                starts_at=moment_of(node["startsAt"]),
                ends_at=moment_of(node["endsAt"]),
                time_zone=node["timeZone"],
                place=node.get("place"),
                country=country["code"] if country else None,
                url=node.get("url"),
                description=node.get("description"),
                languages=tuple(edge["node"]["tag"] for edge in nodes_of(node, "languages")),
            ),
            stage=EventStage(node["stage"].lower()),
            version=node.get("version", 0),
            series=Named(series["slug"], series["name"]) if series else None,
            country=Named(country["code"], country.get("name", "")) if country else None,
            topics=tuple(Named(edge["node"]["slug"], edge["node"]["label"]) for edge in nodes_of(node, "topics")),
            speakers=tuple({one["slug"]: Named(one["slug"], one["name"]) for one in [*spoke, *gives]}.values()),
            read=node,
        )

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.stage is EventStage.CANCELLED

    @property
    def begins(self) -> datetime | None:
        """When it begins, by its own clocks."""
        return _local(self.told.starts_at, self.told)

    @property
    def ends(self) -> datetime | None:
        """When it ends, by its own clocks; None if nobody said, or it would end no later than it begins."""
        starts_at, ends_at = self.told.starts_at, self.told.ends_at
        return _local(ends_at, self.told) if starts_at and ends_at and ends_at > starts_at else None

    @property
    def days(self) -> tuple[date, date] | None:
        """Its first and its last day, by its own clocks; what ends at midnight is not on the day that begins then."""
        if self.begins is None:
            return None
        last = (self.ends - timedelta(microseconds=1)) if self.ends else self.begins
        return self.begins.date(), max(self.begins.date(), last.date())

    @property
    def lasts_all_day(self) -> bool:
        """Whether it lasts whole days: from a midnight to another by its own clocks."""
        return bool(self.begins and self.ends) and {self.begins.time(), self.ends.time()} == {time()}  # type: ignore[union-attr]

    @property
    def page(self) -> str | None:
        """Its own page elsewhere."""
        return self.told.url if self.told.url and self.told.url.startswith(("https://", "http://")) else None

    def when(self, language: str, *, in_utc: bool = True) -> list[tuple[str, str]]:
        """When it is, in words: label, value; whole days without times, all else in its own zone and, if asked, UTC."""
        names, words = words_of(language), words_in(language)
        if not self.lasts_all_day or self.days is None:
            told = times_told(self.told, language)
            return [line for line in told if in_utc or line[0] != names.name("in UTC")]
        first, last = (day(each, language) for each in self.days)
        days = first if first == last else names.name("span", since=first, until=last)
        return [(names.name("when"), words.gettext("%(days)s, all day") % {"days": days})]

    def place(self, language: str) -> str:
        """Where it is held, or how people take part; empty if that is not known."""
        return place_told(self.told, language)

    def zone(self, language: str) -> str:
        """Its time zone on its first day, in words."""
        return zone_told(self.told.starts_at or datetime.now(UTC), self.told, language)

    def named_speakers(self, language: str) -> str:
        """The names of its speakers, as a list of the language."""
        return listed([speaker.name for speaker in self.speakers], language)

    def at(self, moment: str | None) -> datetime | None:
        """A moment that GraphQL told, by the event's own clocks."""
        return _local(moment_of(moment), self.told)


@dataclass(frozen=True, slots=True)
class EventsShown:
    """Part of a list of events, and the cursors to go on from; None where there is no more."""

    events: list[EventShown]
    before: str | None
    after: str | None


def coming(now: datetime) -> dict[str, Any]:
    """The filter for what is to come or under way and has a date; what was cancelled stays in its place."""
    called_off = {"stage": {"eq": "CANCELLED"}, "startsAt": {"gte": now.isoformat()}}
    return {"startsAt": {"isSet": True}, "or": [{"stage": {"in": TO_COME}}, called_off]}


def undated() -> dict[str, Any]:
    """The filter for what is to come and has no date yet."""
    return {"startsAt": {"isSet": False}, "stage": {"in": TO_COME}}


def past(now: datetime) -> dict[str, Any]:
    """The filter for what was, with what was cancelled and has no date."""
    is_not_to_come = [{"startsAt": {"lt": now.isoformat()}}, {"startsAt": {"isSet": False}}]
    return {"or": [{"stage": {"eq": "HELD"}}, {"stage": {"eq": "CANCELLED"}, "or": is_not_to_come}]}


def listing(first: int, *, after: str = "", before: str = "") -> dict[str, Any]:
    """The variables for so many of a list: those after a cursor, or before one."""
    if before:
        return {"last": first, "before": before}
    return {"first": first, "after": after or None}


async def events_shown(
    request: Request,
    visitor: Visitor,
    filters: Sequence[Mapping[str, Any]],
    *,
    newest_first: bool,
    speakers: int = SPEAKERS,
    **part: Any,
) -> EventsShown:
    """Events that pass all filters, as far as this visitor sees them.

    Raises:
        UnknownFilterValue: a filter names what the network does not know.
        NotACursor: the part begins at no place of this list.
    """
    asked = {"filter": {"and": list(filters)}, "order": DESCENDING if newest_first else ASCENDING, **part}
    found = (await read(request, visitor, "event_list", **asked))["events"]
    # What is shown of each is asked in words that are the same for every filter, so that the database plans it once.
    slugs = [edge["node"]["slug"] for edge in found["edges"]]
    shown: dict[str, EventShown] = {}
    if slugs:
        told = await read(request, visitor, "events", slugs=slugs, first=len(slugs), speakers=speakers)
        shown = {edge["node"]["slug"]: EventShown.of(edge["node"]) for edge in told["events"]["edges"]}
    page = found["pageInfo"]
    return EventsShown(
        [shown[slug] for slug in slugs if slug in shown],
        page["startCursor"] if page["hasPreviousPage"] else None,
        page["endCursor"] if page["hasNextPage"] else None,
    )


async def every_event(
    request: Request, visitor: Visitor, filters: Sequence[Mapping[str, Any]], *, most: int = MOST_EVENTS
) -> list[EventShown]:
    """All events that pass the filters, with all their speakers, what begins first first; so many at most."""
    found: list[EventShown] = []
    after: str | None = ""
    while after is not None and len(found) < most:
        part = listing(AT_ONCE, after=after)
        shown = await events_shown(request, visitor, filters, newest_first=False, speakers=EVERY_SPEAKER, **part)
        found += shown.events
        after = shown.after
    return found[:most]


def nodes_of(node: Mapping[str, Any], connection: str) -> Sequence[Mapping[str, Any]]:
    """The edges of a connection; none where the document does not ask for it."""
    edges: Sequence[Mapping[str, Any]] = (node.get(connection) or {"edges": ()})["edges"]
    return edges


def moment_of(told: str | None) -> datetime | None:
    """A moment from GraphQL's text."""
    return datetime.fromisoformat(told) if told else None


def _local(at: datetime | None, event: EventTold) -> datetime | None:
    return by_clocks_of(event.time_zone, at) if at else None
