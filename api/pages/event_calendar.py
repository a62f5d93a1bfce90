"""Events as a calendar that programs subscribe to (RFC 5545, RFC 7986), published for whoever may see it.

It has no METHOD: it is no message of a scheduling, whose events would need an ORGANIZER (RFC 5546, 3.2.1).
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from api.pages.event_shown import EventShown
from api.pages.terms import term
from api.pages.words import words_in
from api.speaking.layout import one_line
from graph.values import EventStage

__all__ = ["calendar", "tag"]

PRODUCT: Final = "-//Knowwho//Events//EN"
ASKED_AGAIN_AFTER: Final = timedelta(hours=6)
"""How often programs are asked to look again."""

STATUS: Final = {EventStage.PLANNED: "TENTATIVE", EventStage.CANCELLED: "CANCELLED"}
"""Of all others it is said that they take place."""

ISOLATES = re.compile("[\u2066-\u2069]")
STAMP = re.compile(rb"^DTSTAMP:.*$", re.MULTILINE)


def calendar(
    events: Iterable[EventShown], *, name: str, address: str, language: str, at: datetime, takes_time: bool
) -> bytes:
    """A calendar of these events, as far as they have a date.

    ``address`` is where it is found, and pages of events are beside it. ``at`` is when it is written. With
    ``takes_time`` whoever adds it to their own is shown as busy then.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", one_line(name))
    made.add("x-wr-calname", one_line(name))
    made.add("refresh-interval", ASKED_AGAIN_AFTER, {"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    made.add("source", address, {"VALUE": "URI"})
    for event in events:
        if event.begins is not None:
            made.add_component(_entry(event, address, language, at, takes_time=takes_time))
    return bytes(made.to_ical())


def tag(written: bytes) -> str:
    """The entity tag of a calendar: another one whenever it tells anything else but when it was written."""
    return f'W/"{hashlib.sha256(STAMP.sub(b"", written)).hexdigest()[:32]}"'


def _entry(event: EventShown, address: str, language: str, at: datetime, *, takes_time: bool) -> Event:
    told, entry, where = event.told, Event(), urlsplit(address)
    page = f"{where.scheme}://{where.netloc}/events/{told.id}"
    entry.add("uid", f"event-{told.id}@{where.hostname}")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("sequence", event.version)
    entry.add("status", STATUS.get(event.stage, "CONFIRMED"))
    if event.lasts_all_day and event.days:
        first, last = event.days
        entry.add("dtstart", first)
        entry.add("dtend", last + timedelta(days=1))
    else:
        if event.begins:
            entry.add("dtstart", event.begins.astimezone(UTC))
        if event.ends:
            entry.add("dtend", event.ends.astimezone(UTC))
    entry.add("summary", one_line(told.title))
    if place := _plain(event.place(language)):
        entry.add("location", place, {"LANGUAGE": language})
    if description := _description(event, page, language):
        entry.add("description", description)
    entry.add("categories", [term("event", told.kind, language), *(one_line(topic.name) for topic in event.topics)])
    entry.add("url", page)
    entry.add("transp", "OPAQUE" if takes_time and not event.is_cancelled else "TRANSPARENT")
    return entry


def _description(event: EventShown, page: str, language: str) -> str:
    """What it is about as it was written, who speaks, in which series, and where more is."""
    words = words_in(language)
    about = "\n".join(one_line(line) for line in (event.told.description or "").strip().splitlines())
    lines = []
    if event.speakers:
        named = one_line(event.named_speakers(language))
        lines.append(words.gettext("Speakers: %(names)s") % {"names": named})
    if event.series:
        lines.append(words.gettext("Series: %(name)s") % {"name": one_line(event.series.name)})
    lines += [one_line(event.page)] if event.page else []
    return _plain("\n\n".join(part for part in (about, "\n".join([*lines, page])) if part))


def _plain(text: str) -> str:
    """Without isolates, which many calendars show as boxes."""
    return ISOLATES.sub("", text)
