"""Files that tell who was at an event, or who said that they come, read by their readers in processes of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from graph.speaking import Attendee, Reply, State
from ingest.apart import Apart, Limits
from ingest.found import CellValue, Reading
from ingest.readers import Options

__all__ = ["AttendanceList", "attendees_in", "replies_in"]


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """Who is on a list, where in the file, by the number of their first row, and sentences on what was left out."""

    attendees: Sequence[Attendee]
    places: Mapping[int, str]
    notes: Sequence[str]


async def attendees_in(file: Path, limits: Limits | None = None) -> AttendanceList:
    """Who is on a meeting tool's list: CSV in any encoding and with any separator, or a spreadsheet.

    Raises:
        FileRefused: it is no list of names or addresses, or as :meth:`ingest.apart.Apart.read`.
    """
    reading = await _read(file, "ingest.readers.attendees", limits)
    attendees = [
        Attendee(
            int(row.key), _cell(row.cells, "name"), _cell(row.cells, "email"),
            int(_cell(row.cells, "minutes")) if "minutes" in row.cells else None,
        )
        for row in reading.rows
    ]  # fmt: skip
    refused = [f"{one.place} was left out: {one.reason}; {one.remedy}" for one in reading.refused]
    return AttendanceList(attendees, {int(row.key): row.place for row in reading.rows}, [*reading.notes, *refused])


async def replies_in(file: Path, limits: Limits | None = None) -> tuple[Sequence[Reply], Sequence[str]]:
    """The answers of an iCalendar file with METHOD:REPLY, the oldest first, and sentences on what was left out.

    Raises:
        FileRefused: it is no such file, or as :meth:`ingest.apart.Apart.read`.
    """
    reading = await _read(file, "ingest.readers.calendar.replies", limits)
    replies = [
        Reply(
            _cell(row.cells, "uid"), _cell(row.cells, "email"), State(_cell(row.cells, "answer")),
            datetime.fromisoformat(_cell(row.cells, "at")) if "at" in row.cells else None,
        )
        for row in reading.rows
    ]  # fmt: skip
    return replies, reading.notes


async def _read(file: Path, reader: str, limits: Limits | None) -> Reading:
    async with Apart(limits) as apart:
        return await apart.read(file, reader=reader, options=Options(file=file.name), folder=file.parent)


def _cell(cells: Mapping[str, CellValue], column: str) -> str:
    return str(cells.get(column, ""))
