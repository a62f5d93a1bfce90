"""The fields of an event as a form has them: what can be chosen, what was typed, and what is meant by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import FormData

from api.door import Visitor
from api.pages.languages import language_of
from api.pages.organise.asking import asked, graph_of, texts_in
from api.pages.terms import term
from api.pages.typed import text_in
from api.pages.words import N_, by_clock, words_in
from api.speaking.telling import by_clocks_of
from graph import countries, topics
from graph.event_changes import FORMATS, KINDS, EventChanges
from graph.fields import NO_CAPACITY, InvalidFields, Problem, time_zones, zone_of
from graph.wording import Wording

__all__ = ["TIMES", "Choice", "choices", "in_words", "meant", "times_meant", "typed_from_event", "typed_in"]

LINES: Final = ("title", "kind", "format", "status", "series", "time_zone", "country", "place", "url", "description")
TIMES: Final = ("starts_at", "ends_at")
NUMBERS: Final = ("capacity",)
LISTS: Final = ("topics", "languages")
MOST_CHOICES: Final = 1_000
MOST_DIGITS: Final = 9
STATUSES: Final[Mapping[str, str]] = {
    "tentative": N_("Perhaps"),
    "confirmed": N_("Certainly"),
    "cancelled": N_("No, it is cancelled"),
}
"""Whether an event takes place."""

Typed = Mapping[str, Any]
"""By the names of graph.event_changes: texts as they stand in the form, times as the event's own clocks show them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose from, and what it is called on the page."""

    value: str
    text: str


async def choices(
    request: Request, visitor: Visitor, typed: Typed, *, told: Mapping[str, Any] | None
) -> Mapping[str, Sequence[Choice]]:
    """What the fields can be, in the page's language, by field; what was typed or is ``told`` of the event is in it.

    So nothing that an event has is lost because the form had no place for it. What has no name here is its own id.
    """
    graph, viewer, language = graph_of(request), visitor.viewer, language_of(request)
    found = await asked(request, visitor, "organise_choices")
    known_topics = await topics.page(graph, viewer, first=MOST_CHOICES)
    known_countries = await countries.page(graph, viewer, first=MOST_CHOICES)
    offered = {
        "kind": [Choice(kind, term("event", kind, language)) for kind in KINDS],
        "format": [Choice(format, term("format", format, language)) for format in FORMATS],
        "series": [Choice(one["node"]["slug"], one["node"]["name"]) for one in found["allSeries"]["edges"]],
        "country": [Choice(one.id, one.names.in_language(language)) for _, one in known_countries.entries],
        "topics": [Choice(one.id, one.labels.in_language(language)) for _, one in known_topics.entries],
        "languages": [Choice(one["node"]["tag"], one["node"]["name"]) for one in found["languages"]["edges"]],
        "status": [Choice(status, words_in(language).gettext(text)) for status, text in STATUSES.items()],
    }
    names, before = _names(told), typed_from_event(told)
    return {
        **{
            name: [*several, *_not_among(several, [*_values(typed[name]), *_values(before[name])], names.get(name, {}))]
            for name, several in offered.items()
        },
        "time_zone": [Choice(zone, zone) for zone in sorted(time_zones())],
    }


def in_words(
    name: str, value: str | Sequence[str], several: Mapping[str, Sequence[Choice]], language: str
) -> str | Sequence[str]:
    """What a field's value is called among the choices; as it is where nothing is chosen; a time as people write it."""
    if name in TIMES and isinstance(value, str) and value:
        return by_clock(datetime.fromisoformat(value), language)
    return next((one.text for one in several.get(name, ()) if one.value == value), value)


def _not_among(several: Sequence[Choice], values: Sequence[str], names: Mapping[str, str]) -> Sequence[Choice]:
    """Those values that cannot be chosen yet, each once."""
    known = {one.value for one in several}
    return [Choice(value, names.get(value, value)) for value in dict.fromkeys(values) if value not in known]


def _values(typed: str | Sequence[str]) -> Sequence[str]:
    return [one for one in ([typed] if isinstance(typed, str) else typed) if one]


def _names(told: Mapping[str, Any] | None) -> Mapping[str, Mapping[str, str]]:
    """What the things are called that GraphQL tells of an event, by field and value."""
    if told is None:
        return {}
    series, country = told["series"], told["country"]
    return {
        "series": {series["slug"]: series["name"]} if series else {},
        "country": {country["code"]: country["name"]} if country else {},
        "topics": {one["slug"]: one["label"] for one in _listed(told["topics"])},
        "languages": {one["tag"]: one["name"] for one in _listed(told["languages"])},
    }


def typed_in(form: FormData) -> Typed:
    """What the form says."""
    return {
        **{name: text_in(form, name) for name in (*LINES, *TIMES, *NUMBERS)},
        **{name: texts_in(form, name) for name in LISTS},
    }


def typed_from_event(told: Mapping[str, Any] | None) -> Typed:
    """How an event or draft stands in the form, as GraphQL tells it; nothing for None."""
    if told is None:
        return {**dict.fromkeys((*LINES, *TIMES, *NUMBERS), ""), "time_zone": "UTC", "topics": [], "languages": []}
    names = {"time_zone": "timeZone", "starts_at": "startsAt", "ends_at": "endsAt"}
    said = {name: told[names.get(name, name)] for name in (*LINES, *TIMES) if name not in {"series", "country"}}
    times = {
        name: said[name]
        and by_clocks_of(told["timeZone"], said[name]).replace(tzinfo=None).isoformat(timespec="minutes")
        for name in TIMES
    }
    named = {"series": (told["series"] or {}).get("slug"), "country": (told["country"] or {}).get("code")}
    counted = {name: str(told[name]) if told[name] is not None else "" for name in NUMBERS}
    return {
        **{name: value or "" for name, value in (said | times | named | counted).items()},
        "topics": [one["slug"] for one in _listed(told["topics"])],
        "languages": [one["tag"] for one in _listed(told["languages"])],
    }


def meant(typed: Typed) -> EventChanges:
    """What a form means for the graph; times are those of the time zone that it names, else UTC.

    Raises:
        InvalidFields: a time or a number is none.
    """
    problems: list[Problem] = []
    capacity = typed["capacity"].strip()
    if capacity and not (capacity.isdecimal() and len(capacity) <= MOST_DIGITS):
        problems.append(Problem(("capacity",), NO_CAPACITY))
    times = times_meant(typed, typed["time_zone"].strip(), problems)
    if problems:
        raise InvalidFields(problems)
    return EventChanges(
        title=typed["title"],
        kind=typed["kind"] or None,
        format=typed["format"] or None,
        status=typed["status"] or None,
        starts_at=times["starts_at"],
        ends_at=times["ends_at"],
        time_zone=typed["time_zone"].strip() or None,
        place=typed["place"] or None,
        capacity=int(capacity) if capacity else None,
        url=typed["url"] or None,
        description=typed["description"] or None,
        country=typed["country"] or None,
        series=typed["series"] or None,
        topics=typed["topics"],
        languages=typed["languages"],
    )


def times_meant(typed: Mapping[str, str], zone: str | None, problems: list[Problem]) -> Mapping[str, datetime | None]:
    """The times that were typed, by the clocks of a zone, UTC for what is none; a problem for what is no time."""
    times: dict[str, datetime | None] = {}
    for name in TIMES:
        text = typed[name].strip()
        try:
            times[name] = datetime.fromisoformat(text).replace(tzinfo=zone_of(zone)) if text else None
        except ValueError:
            problems.append(Problem((name,), Wording("That is no day and time; write them as 2026-03-01T14:00.")))
    return times


def _listed(several: Any) -> Sequence[Mapping[str, Any]]:
    """A draft's topics and languages are lists, an event's are connections."""
    return [edge["node"] for edge in several["edges"]] if isinstance(several, Mapping) else several
