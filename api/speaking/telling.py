"""What is told of an event, in the words of a language: its kind, day and time, place, languages and page."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_skeleton,
    get_timezone,
    get_timezone_gmt,
    get_timezone_location,
    get_timezone_name,
)
from babel.lists import format_list

from api.catalogues import Words
from api.speaking.layout import inline, one_line
from api.speaking.words import words_of
from graph.speaking.occasions import EventTold

__all__ = [
    "by_clocks_of",
    "event_lines",
    "language_told",
    "moment_told",
    "place_told",
    "time_told",
    "times_told",
    "zone_told",
]

NO_OFFSET = ("UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu")
"""UTC by its names in the IANA database."""

PAGE = re.compile(r"https?://[!-~]+")
"""An address that a letter may hold as it is."""


def event_lines(event: EventTold, language: str) -> list[tuple[str, str]]:
    """What a letter and the page of answers tell of an event beneath its title, as far as it is known: label, value.

    Times are in the event's own time zone, and once more in UTC if its clocks show another time. Without a zone they
    are in UTC. The value of its web page is ``event.url``.
    """
    return list(_lines(event, words_of(language)))


def moment_told(at: datetime, event: EventTold, language: str) -> str:
    """A moment in an event's time zone: day, time, zone and its offset from UTC."""
    words, local = words_of(language), by_clocks_of(event.time_zone, at)
    return _zoned(words, _moment(words, local), local)


def times_told(event: EventTold, language: str) -> list[tuple[str, str]]:
    """The lines of :func:`event_lines` that say when an event is, or that nobody said when: label, value."""
    return list(_times(event, words_of(language)))


def time_told(at: datetime, language: str) -> str:
    """The time of a moment by the clock of its own zone."""
    return _time(words_of(language), at)


def language_told(tag: str, language: str) -> str:
    """What a BCP 47 tag stands for; an unknown one as it is."""
    return _language(tag, words_of(language))


def zone_told(at: datetime, event: EventTold, language: str) -> str:
    """An event's time zone at a moment: what it is called and its offset from UTC."""
    return _zone_told(words_of(language), by_clocks_of(event.time_zone, at))


def by_clocks_of(zone: str | None, at: datetime) -> datetime:
    """A moment as a time zone's clocks show it; as UTC's do where no zone is named, or it is unknown here.

    At either end of the calendar, where the zone has no such day, it is in UTC as well.
    """
    try:
        return at.astimezone(get_timezone(zone) if zone else UTC)
    except (LookupError, OverflowError):
        return at.astimezone(UTC)


def place_told(event: EventTold, language: str) -> str:
    """Where an event is held, or how people take part; empty if that is not known."""
    words = words_of(language)
    country = _country(event.country, words) if event.country else ""
    place = one_line(event.place or "")
    # Organisers often write the country into the place.
    parts = [place, "" if place.casefold().endswith(country.casefold()) else country]
    where = _joined([inline(part, language) for part in parts if part], words)
    match event.format:
        case "online":
            return words.name("online at", place=where) if where else words.name("online")
        case "hybrid":
            return words.name("hybrid at", place=where) if where else words.name("hybrid")
        case "in-person" if not where:
            return words.name("in person")
    return where


def _lines(event: EventTold, words: Words) -> Iterator[tuple[str, str]]:
    kind = f"kind {event.kind}"
    yield words.name("kind"), words.name(kind) if kind in words.names else inline(event.kind, words.language)
    yield from _times(event, words)
    if where := place_told(event, words.language):
        yield words.name("where"), where
    if event.languages:
        named = [inline(_language(tag, words), words.language) for tag in event.languages]
        yield words.number("languages", min(len(named), 3)), format_list(named, locale=words.locale)
    if event.url and PAGE.fullmatch(event.url):
        yield words.name("web page"), event.url


def _times(event: EventTold, words: Words) -> Iterator[tuple[str, str]]:
    if event.starts_at is None:
        yield words.name("when"), words.name("undated")
        return
    last = event.ends_at if event.ends_at and event.ends_at > event.starts_at else event.starts_at
    begins, ends = (by_clocks_of(event.time_zone, at) for at in (event.starts_at, last))
    if (begins.date(), begins.utcoffset()) == (ends.date(), ends.utcoffset()):
        yield words.name("when"), _zoned(words, _span(words, begins, ends), begins)
    else:
        yield words.name("begins"), _zoned(words, _moment(words, begins), begins)
        yield words.name("ends"), _zoned(words, _moment(words, ends), ends)
    if begins.utcoffset() or ends.utcoffset():
        yield words.name("in UTC"), _span(words, begins.astimezone(UTC), ends.astimezone(UTC))


def _moment(words: Words, at: datetime) -> str:
    return words.name("moment", day=format_date(at, "full", locale=words.locale), time=_time(words, at))


def _span(words: Words, begins: datetime, ends: datetime) -> str:
    """From when to when, the day once if it is one."""
    if begins == ends:
        return _moment(words, begins)
    if begins.date() != ends.date():
        return words.name("span", since=_moment(words, begins), until=_moment(words, ends))
    times = f"{_time(words, begins)}–{_time(words, ends)}"
    return words.name("moment", day=format_date(begins, "full", locale=words.locale), time=times)


def _time(words: Words, at: datetime) -> str:
    """By the clock of 24 hours, which needs no mark of the half of the day."""
    return format_skeleton("Hm", at, tzinfo=at.tzinfo, locale=words.locale)


def _zoned(words: Words, told: str, at: datetime) -> str:
    """A time with its zone."""
    return words.name("zoned", moment=told, zone=_zone_told(words, at))


def _zone_told(words: Words, at: datetime) -> str:
    """What the zone of a time is called, unless it is UTC, and its offset."""
    if at.tzinfo is UTC or str(at.tzinfo) in NO_OFFSET:
        return "UTC"
    name = get_timezone_name(at, locale=words.locale)
    if name == get_timezone_gmt(at, locale=words.locale):
        # CLDR has no name for what this zone's clocks show; its city has one, unless the zone is an offset itself.
        name = get_timezone_location(at, locale=words.locale, return_city=True)
    offset = inline(f"UTC{at.isoformat()[-6:]}", words.language)
    named = inline(name, words.language)
    return _joined([offset] if name.startswith("GMT") else [named, offset], words)


def _joined(parts: Sequence[str], words: Words) -> str:
    return words.name("joined", first=parts[0], second=parts[1]) if len(parts) == 2 else "".join(parts)


def _country(code: str, words: Words) -> str:
    return str(Locale.parse(words.locale).territories.get(code, one_line(code)))


def _language(tag: str, words: Words) -> str:
    """What a BCP 47 tag stands for; an unknown one as it is."""
    locale = Locale.parse(words.locale)
    if named := locale.languages.get(tag.replace("-", "_")):
        return str(named)
    try:
        found = Locale.parse(tag, sep="-", resolve_likely_subtags=False)
    except (UnknownLocaleError, ValueError):
        return tag
    return found.get_display_name(locale) or tag
