"""Cancellations: which event each calls off, be it another file's or the graph's, so that none is an event of its own.

A calendar's message that an event is called off may have no more than its UID (RFC 5546, 3.2.5). Such a row takes over
the title and the kind of the event. A row that calls off a whole series by its UID is put with the first occurrence:
from there graph.intake.records finds all others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.intake.names import KnownEvent
from graph.intake.records import CALENDAR, OCCURRENCE
from ingest.cells import visible
from ingest.found import CellValue
from ingest.readers.event_kinds import event_kind
from ingest.report import Note
from ingest.resolving.told import Told
from ingest.rows.events import EventKind, EventStatus

__all__ = ["called_off"]

MOST_NAMED = 5
UNKNOWN = "cancelled by its UID, though neither the files nor the network have such an event, so nothing was made of it"
OLDER = "cancelled by a message that is older than what another file says of the event, so it was left out"


def called_off(rows: Sequence[Told], known: Sequence[KnownEvent]) -> tuple[list[Told], list[Note]]:
    """The rows of events, each that calls one off saying which; and what is to be told of those that call off none.

    ``known`` is what the graph holds, and what the network's own files say. A cancellation of an event that nobody
    knows stays as it is if it says all that there is to say.
    """
    events = _Events(rows, known)
    found: list[Told] = []
    left: dict[tuple[str, str], list[str]] = defaultdict(list)
    for told in rows:
        identifier = _cancelled(told)
        if identifier is None or (_is_whole(told) and identifier not in events.occurrences):
            found.append(told)
            continue
        there = events.meant(identifier)
        event = next((one for one in there if one.sequence <= _sequence(told)), None)
        if event is None:
            left[told.file, OLDER if there else UNKNOWN].append(told.row.place)
        else:
            found.append(_put_with(told, identifier, event))
    notes = [Note(visible(file, limit=300), _counted(places, why)) for (file, why), places in left.items()]
    return found, notes


@dataclass(frozen=True, slots=True)
class _Event:
    """An event by what calendars call it, as whoever saw it changed most often tells of it."""

    identifier: str
    id: str | None
    title: str
    kind: str
    sequence: int


class _Events:
    """The events that rows and the graph tell of, by what calendars call them."""

    def __init__(self, rows: Sequence[Told], known: Sequence[KnownEvent]) -> None:
        self._known = {one: event for event in known for one in event.identifiers}
        self._told: dict[str, Told] = {}
        for told in sorted(rows, key=lambda told: (_sequence(told), told.file, told.row.key)):
            if told.text("title") is not None:
                self._told.update(dict.fromkeys(told.all("identifiers"), told))
        self.occurrences: Mapping[str, Sequence[str]] = _by_series({*self._known, *self._told})
        """By what calendars call a series: what they call its occurrences, first to last."""

    def meant(self, identifier: str) -> Sequence[_Event]:
        """Whichever a cancellation of this may be put with."""
        names = self.occurrences.get(identifier, [identifier])
        return [event for name in names if (event := self._event(name)) is not None]

    def _event(self, identifier: str) -> _Event | None:
        known, told = self._known.get(identifier), self._told.get(identifier)
        id = None if known is None else known.id
        title = told.text("title") if told is not None else known.title if known is not None else None
        if title is None:
            return None
        kind = told.text("kind") if told is not None else None
        sequence = 0 if told is None else _sequence(told)
        return _Event(identifier, id, title, kind or event_kind(title, ()) or EventKind.MEETING, sequence)


def _by_series(identifiers: set[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for identifier in sorted(identifiers):
        occurrence = OCCURRENCE.fullmatch(identifier)
        if occurrence is not None:
            found[occurrence[1]].append(identifier)
    return found


def _cancelled(told: Told) -> str | None:
    """What a row calls off, as calendars call it."""
    if told.text("status") != EventStatus.CANCELLED:
        return None
    return next((one for one in told.all("identifiers") if one.startswith(CALENDAR)), None)


def _is_whole(told: Told) -> bool:
    """Whether a row can be an event of its own."""
    return told.text("title") is not None


def _sequence(told: Told) -> int:
    value = told.text("sequence") or ""
    return int(value) if value.isascii() and value.isdigit() else 0


def _put_with(told: Told, identifier: str, event: _Event) -> Told:
    """What a cancellation says, said of an event that is known; what calls it off comes first."""
    cells: dict[str, CellValue] = {
        "id": event.id or "",
        "title": event.title,
        "kind": event.kind,
        "status": EventStatus.CANCELLED,
        "sequence": str(_sequence(told)),
        "identifiers": list(dict.fromkeys([identifier, event.identifier])),
    }
    filled = {column: value for column, value in cells.items() if value}
    return Told(told.file, told.row.model_copy(update={"cells": filled}))


def _counted(places: Sequence[str], why: str) -> str:
    shown = "; ".join(places[:MOST_NAMED]) + (f" and {len(places) - MOST_NAMED:,} more" * (len(places) > MOST_NAMED))
    return f"{shown}: {why}"
