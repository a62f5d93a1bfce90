"""Answers to invitations: what calendar programs send to whoever asked (RFC 5546, 3.2.3: METHOD:REPLY)."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import icalendar
from icalendar.prop import vCalAddress, vDDDTypes

from graph.intake import Kind
from ingest.cells import Unfit, email, visible
from ingest.files import FileRefused
from ingest.found import Found, Reading
from ingest.readers import Options
from ingest.readers.calendar.properties import all_of, number, text
from ingest.readers.calendar.reading import known_as_uid, parsed, written_in

__all__ = ["read"]

ANSWERS = {"ACCEPTED", "DECLINED"}
REPLY = "REPLY"


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001 -- every reader takes them
    """Who accepted or declined what, the oldest answer first; other answers are told of.

    Each row has the ``uid`` as identifiers have it, ``email``, ``answer`` and, if the message says it, ``at``.

    Raises:
        FileRefused: it is no whole iCalendar file, too large, not UTF-8, or no answer.
    """
    calendars, _ = parsed(written_in(path))
    methods = {text(one, "METHOD").strip().upper() for one in calendars}
    if REPLY not in methods:
        told = ", ".join(sorted(filter(None, methods)))
        raise FileRefused(
            f"it is no answer to an invitation, but a calendar{f' (METHOD:{visible(told)})' if told else ''}",
            remedy="load calendars with 'knowwho ingest', and give a file with METHOD:REPLY",
        )
    events = [
        one
        for calendar in calendars
        if text(calendar, "METHOD").strip().upper() == REPLY
        for one in calendar.subcomponents
        if isinstance(one, icalendar.Event)
    ]
    left: Counter[str] = Counter()
    rows: list[Found] = []
    for event in sorted(
        events, key=lambda one: (number(one, "SEQUENCE"), _at(one) or datetime.min.replace(tzinfo=UTC))
    ):
        for attendee in all_of(event, "ATTENDEE"):
            said = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper() or "none"
            address = _address(attendee)
            if said not in ANSWERS:
                why = f"which says neither yes nor no: {visible(said)}"
                left[why] += 1
                continue
            if address is None:
                why = "because it is from no e-mail address"
                left[why] += 1
                continue
            at = _at(event)
            cells = {
                "uid": known_as_uid(text(event, "UID").strip()),
                "email": address,
                "answer": said.lower(),
                **({"at": at.isoformat()} if at else {}),
            }
            key = str(len(rows) + 1)
            rows.append(Found(kind=Kind.ATTENDANCE, key=key, cells=dict(cells), place=f"answer {key}"))
    notes = [
        f"1 answer was left out, {why}" if count == 1 else f"{count:,} answers were left out, {why}"
        for why, count in left.items()
    ]
    return Reading(rows=rows, notes=notes)


def _address(attendee: object) -> str | None:
    """The e-mail address of who answers; None if it is none."""
    scheme, _, rest = str(attendee).partition(":")
    if not isinstance(attendee, vCalAddress) or scheme.lower() != "mailto":
        return None
    try:
        return email(unquote(rest)) or None
    except Unfit:
        return None


def _at(event: icalendar.Event) -> datetime | None:
    """When an answer was given; a time without an offset is in UTC, as DTSTAMP must be (RFC 5545, 3.8.7.2)."""
    for stamp in all_of(event, "DTSTAMP"):
        if isinstance(stamp, vDDDTypes) and isinstance(stamp.dt, datetime):
            return stamp.dt.replace(tzinfo=stamp.dt.tzinfo or UTC)
    return None
