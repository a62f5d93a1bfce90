"""The calendar file that goes with a letter: an invitation that calendars understand (RFC 5545, RFC 5546)."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress

from api.speaking.layout import one_line
from api.speaking.telling import event_lines, place_told
from api.speaking.words import words_of
from graph.speaking.occasions import EventTold

__all__ = ["calendar_file"]

PRODUCT: Final = "-//Knowwho//Knowwho//EN"

UNESCAPED: Final = "@!$'*+"
"""What an address may hold in a mailto: URI beside letters, digits and ``-._~`` (RFC 6068, 2)."""

ISOLATES = re.compile("[\u2068\u2069]")


def calendar_file(
    event: EventTold,
    *,
    uid: str,
    sequence: int,
    at: datetime,
    organizer: Address,
    attendee: str,
    attendee_name: str,
    url: str | None,
    is_cancelled: bool,
    language: str,
) -> bytes | None:
    """An event for one speaker's calendar, with ``METHOD:REQUEST``, or ``METHOD:CANCEL`` if it is cancelled for them.

    ``at`` is when it is written; ``sequence`` grows with each change that is told under the same ``uid``. None if
    nobody said when the event begins.
    """
    if event.starts_at is None:
        return None
    calendar, entry = Calendar(), Event()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    entry.add("uid", one_line(uid))
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("sequence", sequence)
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    if event.ends_at is not None and event.ends_at > event.starts_at:
        entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", one_line(event.title), {"LANGUAGE": language})
    if place := _plain(place_told(event, language)):
        entry.add("location", place, {"LANGUAGE": language})
    entry.add("description", _description(event, url, language), {"LANGUAGE": language})
    if url is not None:
        entry.add("url", one_line(url))
    entry.add("organizer", _person(organizer.addr_spec, organizer.display_name))
    invited = _person(attendee, attendee_name)
    invited.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    entry.add("attendee", invited)
    if is_cancelled:
        entry.add("status", "CANCELLED")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _description(event: EventTold, url: str | None, language: str) -> str:
    """What the letter tells of the event, line by line, and the address where more is."""
    words = words_of(language)
    told = [words.name("told", label=label, value=value) for label, value in event_lines(event, language)]
    return _plain("\n".join([*told, *([one_line(url)] if url else [])]))


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{quote(one_line(address), safe=UNESCAPED)}")
    if called := one_line(name):
        person.params["CN"] = called
    return person


def _plain(text: str) -> str:
    """Without isolates, which many calendars show as boxes."""
    return ISOLATES.sub("", text)
