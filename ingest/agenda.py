"""A file that tells what is on an event's agenda, read by its reader in a process of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from graph.agenda import AgendaItem, AgendaSpeaker
from graph.values import ExpertId
from ingest.apart import Apart, Limits
from ingest.cells import visible
from ingest.files import FileRefused
from ingest.found import CellValue
from ingest.readers import Options

__all__ = ["AgendaTable", "agenda_in"]

SPEAKER = re.compile(r"\s*([^\s()]+)\s*(?:\(([^()]*)\))?\s*")
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


@dataclass(frozen=True, slots=True)
class AgendaTable:
    """The items of a file, where each stands, and sentences on what was left out."""

    items: Sequence[AgendaItem]
    places: Sequence[str]
    notes: Sequence[str]


async def agenda_in(
    file: Path, *, day: date | None, time_zone: str | None, limits: Limits | None = None
) -> AgendaTable:
    """The agenda that a table tells: CSV in any encoding and with any separator, or a spreadsheet.

    ``day`` and ``time_zone`` are the event's, for times that say no day or no offset; without a zone they are in UTC.

    Raises:
        FileRefused: it is no agenda, a row is wrong, or as :meth:`ingest.apart.Apart.read`.
    """
    async with Apart(limits) as apart:
        reading = await apart.read(
            file, reader="ingest.readers.agendas", options=Options(file=file.name), folder=file.parent
        )
    zone = ZoneInfo(time_zone or "UTC")
    items = [_item(row.cells, row.place, day, zone) for row in reading.rows]
    return AgendaTable(items, [row.place for row in reading.rows], reading.notes)


def _item(cells: Mapping[str, CellValue], place: str, day: date | None, zone: ZoneInfo) -> AgendaItem:
    told = {column: str(value) for column, value in cells.items()}
    starts_at, ends_at = (_moment(told.get(column), column, place, day, zone) for column in ("start", "end"))
    return AgendaItem(
        told.get("title", ""),
        told.get("id"),
        told.get("kind"),
        starts_at,
        ends_at,
        told.get("room"),
        told.get("language"),
        told.get("description"),
        tuple(_speaker(one, place) for one in told.get("speakers", "").split(";") if one.strip()),
    )


def _speaker(text: str, place: str) -> AgendaSpeaker:
    found = SPEAKER.fullmatch(text)
    if found is None:
        raise FileRefused(
            f"{place} has the speaker '{visible(text.strip())}'",
            remedy="write ids of people, as ama-owusu or ama-owusu (moderator), with ; between two",
        )
    return AgendaSpeaker(ExpertId(found[1]), found[2])


def _moment(text: str | None, column: str, place: str, day: date | None, zone: ZoneInfo) -> datetime | None:
    """When something is that a row tells of: on the event's day where it says a time alone."""
    if text is None:
        return None
    try:
        if CLOCK.fullmatch(text) is None:
            at = datetime.fromisoformat(text)
            return at if at.tzinfo is not None else at.replace(tzinfo=zone)
        clock = time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text.zfill(8))
    except ValueError:
        raise FileRefused(
            f"{place} has '{visible(text)}' as its {column}", remedy="write it as 14:10, or as 2027-03-01T14:10"
        ) from None
    if day is None:
        raise FileRefused(
            f"{place} says no day for its {column}, and the event has none",
            remedy="write it as 2027-03-01T14:10, or give the event a start",
        )
    return datetime.combine(day, clock, zone)
