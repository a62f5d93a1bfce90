"""Series and events, who spoke at them and who came."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, TypedDict

from graph.alphabet import with_sort_keys
from graph.errors import GraphError
from graph.graph import Transaction
from graph.wording import Wording

__all__ = [
    "AttendanceRecord",
    "EventRecord",
    "IdOfDraft",
    "SeriesRecord",
    "SpeakerRecord",
    "remove_attendance",
    "remove_events",
    "remove_series",
    "remove_speakers",
    "store_attendance",
    "store_events",
    "store_series",
    "store_speakers",
]


class IdOfDraft(GraphError):
    """An event was to be loaded whose id a draft has."""

    def __init__(self, event: str) -> None:
        self.event = event
        super().__init__(
            Wording(
                "There is a draft with the id '%(event)s'; publish or discard it, or give the event another id.",
                event=event[:80],
            )
        )


class SeriesRecord(TypedDict):
    """A series of events as a row of series.csv has it."""

    id: str
    name: str
    description: str | None
    digest: str


class EventRecord(TypedDict):
    """An event as a row of events.csv has it."""

    id: str
    title: str
    kind: str
    format: str | None
    status: str | None
    series: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    place: str | None
    capacity: int | None
    country: str | None
    topics: list[str]
    languages: list[str]
    partners: list[str]
    url: str | None
    description: str | None
    identifiers: list[str]
    sequence: int | None
    digest: str


class SpeakerRecord(TypedDict):
    """That a person spoke at an event: as what, and on what."""

    id: str
    event: str
    expert: str
    role: str | None
    talk: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    room: str | None
    language: str | None
    url: str | None
    digest: str


class AttendanceRecord(TypedDict):
    """That a person came to an event."""

    id: str
    event: str
    expert: str
    digest: str


STORE_SERIES: LiteralString = """
UNWIND $series AS row
MERGE (s:Series {id: row.id})
SET s.version = coalesce(s.version, 0) + CASE WHEN s.digest = row.digest THEN 0 ELSE 1 END
SET s.name = row.name, s += row.sort_keys, s.description = row.description, s.digest = row.digest
"""

# What referred to the node is stored again when it comes next: its digest no longer fits.
REMOVE_SERIES: LiteralString = """
MATCH (s:Series) WHERE s.id IN $ids
CALL (s) { MATCH (s)<-[:PART_OF]-(v:Event) SET v.digest = '' }
DETACH DELETE s
"""

DRAFT_OF: LiteralString = "MATCH (d:Draft|DiscardedDraft) WHERE d.id IN $ids RETURN d.id AS id ORDER BY d.id LIMIT 1"

# A calendar that calls off a whole series is in no digest of its occurrences. An agenda moves with its event.
STORE_EVENTS: LiteralString = """
UNWIND $events AS row
MERGE (v:Event {id: row.id})
WITH v, row, v.starts_at AS began_at
SET v.version = coalesce(v.version, 0)
  + CASE WHEN v.digest = row.digest AND coalesce(v.status, '') = coalesce(row.status, '') THEN 0 ELSE 1 END
SET v.title = row.title, v += row.sort_keys, v.kind = row.kind, v.format = row.format, v.status = row.status,
    v.starts_at = row.starts_at, v.ends_at = row.ends_at, v.time_zone = row.time_zone, v.place = row.place,
    v.capacity = row.capacity, v.url = row.url, v.description = row.description, v.identifiers = row.identifiers,
    v.sequence = row.sequence, v.digest = row.digest
WITH v, row, duration.inSeconds(began_at, row.starts_at) AS later_by
CALL (v, later_by) {
  WITH v, later_by WHERE later_by.seconds <> 0 AND EXISTS { (:AgendaItem)-[:ON_AGENDA]->(v) }
  SET v.agenda_version = coalesce(v.agenda_version, 0) + 1
  WITH v, later_by
  MATCH (item:AgendaItem)-[:ON_AGENDA]->(v)
  SET item.starts_at = item.starts_at + later_by, item.ends_at = item.ends_at + later_by
}
CALL (v) { MATCH (v)-[old:PART_OF|HELD_IN|COVERS|IN_LANGUAGE]->() DELETE old }
CALL (v) { MATCH (v)<-[old:PARTNER_IN]-() DELETE old }
CALL (v, row) { MATCH (s:Series {id: row.series}) CREATE (v)-[:PART_OF]->(s) }
CALL (v, row) { MATCH (c:Country {id: row.country}) CREATE (v)-[:HELD_IN]->(c) }
CALL (v, row) { UNWIND row.topics AS id MATCH (t:Topic {id: id}) CREATE (v)-[:COVERS]->(t) }
CALL (v, row) { UNWIND row.languages AS id MATCH (l:Language {id: id}) CREATE (v)-[:IN_LANGUAGE]->(l) }
CALL (v, row) { UNWIND row.partners AS id MATCH (o:Organisation {id: id}) CREATE (o)-[:PARTNER_IN]->(v) }
"""

REMOVE_EVENTS: LiteralString = """
MATCH (v:Event) WHERE v.id IN $ids
CALL (v) { MATCH (v)<-[:DRAWN_FROM]-(d:Document) SET d.digest = '' }
CALL (v) { MATCH (v)<-[:ON_AGENDA]-(item:AgendaItem) DETACH DELETE item }
DETACH DELETE v
"""

STORE_SPEAKERS: LiteralString = """
UNWIND $speakers AS row
MATCH (e:Expert {id: row.expert})
MATCH (v:Event {id: row.event})
MERGE (e)-[s:SPOKE_AT {id: row.id}]->(v)
SET s.role = row.role, s.talk = row.talk, s.starts_at = row.starts_at, s.ends_at = row.ends_at, s.room = row.room,
    s.language = row.language, s.url = row.url, s.digest = row.digest
"""

REMOVE_SPEAKERS: LiteralString = """
MATCH (:Expert)-[s:SPOKE_AT]->(:Event)
WHERE s.id IN $ids
DELETE s
"""

STORE_ATTENDANCE: LiteralString = """
UNWIND $attendance AS row
MATCH (e:Expert {id: row.expert})
MATCH (v:Event {id: row.event})
MERGE (e)-[a:ATTENDED {id: row.id}]->(v)
SET a.digest = row.digest
"""

REMOVE_ATTENDANCE: LiteralString = """
MATCH (:Expert)-[a:ATTENDED]->(:Event)
WHERE a.id IN $ids
DELETE a
"""


async def store_series(tx: Transaction, series: Sequence[SeriesRecord]) -> None:
    """Create or change these series; what becomes another one gets the next version."""
    await tx.run(STORE_SERIES, series=with_sort_keys(series, "name"))


async def remove_series(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these series; their events stay."""
    await tx.run(REMOVE_SERIES, ids=ids)


async def store_events(tx: Transaction, events: Sequence[EventRecord]) -> None:
    """Create or change these events; what becomes another one gets the next version.

    Raises:
        IdOfDraft: organisers have a draft of one of these ids.
    """
    for draft in await tx.run(DRAFT_OF, ids=[event["id"] for event in events]):
        raise IdOfDraft(draft["id"])
    await tx.run(STORE_EVENTS, events=with_sort_keys(events, "title"))


async def remove_events(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these events, with their agendas, who spoke there and who came."""
    await tx.run(REMOVE_EVENTS, ids=ids)


async def store_speakers(tx: Transaction, speakers: Sequence[SpeakerRecord]) -> None:
    """Create or change who spoke where."""
    await tx.run(STORE_SPEAKERS, speakers=speakers)


async def remove_speakers(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these appearances."""
    await tx.run(REMOVE_SPEAKERS, ids=ids)


async def store_attendance(tx: Transaction, attendance: Sequence[AttendanceRecord]) -> None:
    """Create who came where."""
    await tx.run(STORE_ATTENDANCE, attendance=attendance)


async def remove_attendance(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these attendances."""
    await tx.run(REMOVE_ATTENDANCE, ids=ids)
