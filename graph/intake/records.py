"""What each source says, kept beside what all of them say together.

A source is a file. Of every row that it brings, the graph keeps a Record: what the row says, where it stands and when
it was read. A person, topic or event is what its records say together: of what can be only once, the source that is
trusted most has the word (:class:`Trust`, then the file's name); lists are put together. So a source can be taken out,
and two people can be made one and two again: whatever else is known stays, because it is on record.

Documents have no records: each comes from one source, which it names.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, LiteralString

from graph.graph import Transaction
from graph.intake.events import (
    remove_attendance,
    remove_events,
    remove_series,
    remove_speakers,
    store_attendance,
    store_events,
    store_series,
    store_speakers,
)
from graph.intake.experts import remove_affiliations, remove_experts, store_affiliations, store_experts
from graph.intake.known import Kind
from graph.intake.organisations import remove_organisations, store_organisations
from graph.intake.programme import (
    remove_activities,
    remove_projects,
    remove_resources,
    store_activities,
    store_projects,
    store_resources,
)
from graph.intake.sources import forget_silent_sources
from graph.intake.topics import remove_topics, store_topics
from graph.passages import hold_stamps, remove_documents

__all__ = [
    "CALENDAR",
    "OCCURRENCE",
    "ORGANISERS",
    "Sourced",
    "Trust",
    "document_of_talk",
    "follow_merges",
    "identity_of",
    "merged_people",
    "move_records",
    "read_said",
    "record_id",
    "remove_records",
    "settle",
    "store_records",
    "together",
    "whoever",
]

Store = Callable[[Transaction, Sequence[Any]], Awaitable[None]]
Remove = Callable[[Transaction, Sequence[str]], Awaitable[None]]

STORE: Mapping[Kind, Store] = {
    Kind.ORGANISATIONS: store_organisations,
    Kind.TOPICS: store_topics,
    Kind.SERIES: store_series,
    Kind.PROJECTS: store_projects,
    Kind.EXPERTS: store_experts,
    Kind.EVENTS: store_events,
    Kind.RESOURCES: store_resources,
    Kind.ACTIVITIES: store_activities,
    Kind.AFFILIATIONS: store_affiliations,
    Kind.SPEAKERS: store_speakers,
    Kind.ATTENDANCE: store_attendance,
}

REMOVE: Mapping[Kind, Remove] = {
    Kind.ORGANISATIONS: remove_organisations,
    Kind.TOPICS: remove_topics,
    Kind.SERIES: remove_series,
    Kind.PROJECTS: remove_projects,
    Kind.EXPERTS: remove_experts,
    Kind.EVENTS: remove_events,
    Kind.RESOURCES: remove_resources,
    Kind.ACTIVITIES: remove_activities,
    Kind.AFFILIATIONS: remove_affiliations,
    Kind.SPEAKERS: remove_speakers,
    Kind.ATTENDANCE: remove_attendance,
}

KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.AFFILIATIONS: ("expert", "organisation", "role", "since"),
    Kind.SPEAKERS: ("event", "expert", "talk"),
    Kind.ATTENDANCE: ("event", "expert"),
}
"""What makes a relation the same again; everything else has an id."""

DAYS = frozenset({"joined", "starts_on", "ends_on", "published_on"})
MOMENTS = frozenset({"starts_at", "ends_at"})

ORGANISERS = "organisers"
"""The source of what organisers say in the network itself."""

CALENDAR = "ical:"
OCCURRENCE = re.compile(r"(ical:.+)/\d{8}(?:T\d{6}Z)?")
"""A calendar knows an occurrence by its series' UID and the start that it had first."""
AT_ONCE = 1000


class Trust(IntEnum):
    """Whose word counts where two sources say different things: the smaller number's."""

    ORGANISERS = -2
    """What organisers say in the network itself of events and of what the programme makes (graph.programme)."""
    PERSON = -1
    """What somebody says of themselves: when they joined, once it is on record (graph.people), and in their profile."""
    OWN = 0
    """The network's own files."""
    ROSTER = 1
    """Spreadsheets and thesauri that somebody in the network keeps."""
    REGISTER = 2
    """ORCID and OpenAlex."""
    PROGRAMME = 3
    """Calendars and conferences."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A row with where it stands. ``record`` is what graph.intake stores of the row; its ``id`` is the row's own.

    On what it ``decides`` it has the last word, with lists and with nothing as well. A row that ``amends`` says only
    some of what there is to say: where nothing else tells of its subject, it does not either, and goes.
    """

    source: str
    place: str
    trust: Trust
    record: Mapping[str, Any]
    decides: Collection[str] = ()
    amends: bool = False


STORE_RECORDS: LiteralString = """
UNWIND $rows AS row
MERGE (s:Source {id: row.source})
SET s.folders = [one IN coalesce(s.folders, [s.folder], []) WHERE one IS NOT NULL AND one <> $folder] + $folder,
    s.folder = $folder, s.read_at = $at
MERGE (r:Record {id: row.id})
SET r.kind = $kind, r.subject = row.subject, r.entity = row.entity, r.person = row.person, r.place = row.place,
    r.trust = row.trust, r.sequence = row.sequence, r.said = row.said, r.digest = row.digest, r.read_at = $at,
    r.occurs_in = row.occurs_in, r.calls_off = row.calls_off, r.decides = row.decides, r.amends = row.amends
MERGE (r)-[:FROM]->(s)
"""

MOVE_RECORDS: LiteralString = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})
SET r.place = row.place
"""

REMOVE_RECORDS: LiteralString = """
MATCH (r:Record) WHERE r.id IN $ids
WITH r, r.entity AS entity, r.calls_off AS called_off
DETACH DELETE r
RETURN collect(DISTINCT entity) AS entities, collect(DISTINCT called_off) AS called_off
"""

# Of two who are one now, and are trusted alike, the one who was kept has the word; and a change before what it changed.
SAID: LiteralString = """
UNWIND $entities AS entity
MATCH (r:Record {kind: $kind, entity: entity})-[:FROM]->(s:Source)
RETURN entity, r.said AS said, r.digest AS digest, r.trust AS trust, coalesce(r.decides, []) AS decides,
       coalesce(r.amends, false) AS amends
ORDER BY entity, r.trust, r.subject <> entity, amends DESC, s.id, r.id
"""

FORGET_AMENDMENTS: LiteralString = """
UNWIND $entities AS entity
MATCH (r:Record {kind: $kind, entity: entity}) WHERE r.amends
DETACH DELETE r
"""

# Whoever is gone from every folder is gone from what organisers took down of them, too.
FORGET_WORD: LiteralString = """
MATCH (r:Record)-[:FROM]->(s:Source) WHERE r.trust = $trust AND r.person IN $people
WITH r, s.id + '#' + r.subject AS document
DETACH DELETE r
RETURN collect(document) AS documents
"""

EVENTS_THERE: LiteralString = "MATCH (v:Event) WHERE v.id IN $events RETURN collect(v.id) AS events"

# A record names its event only in what it says.
WORD_ON_EVENTS: LiteralString = """
MATCH (r:Record)-[:FROM]->(:Source {id: $source}) WHERE r.kind IN ['attendance', 'speakers']
RETURN r.kind AS kind, r.entity AS entity, r.subject AS subject, r.said AS said
"""

DRAW_FROM_EVENTS: LiteralString = """
UNWIND $rows AS row
MATCH (d:Document {id: row.document})
MATCH (v:Event {id: row.event})
MERGE (d)-[:DRAWN_FROM]->(v)
"""

# What a person's records say belongs to them: it is in their export, and goes with them.
BELONG: LiteralString = """
UNWIND $entities AS entity
MATCH (r:Record {kind: $kind, entity: entity})
CALL (r) { MATCH (r)-[old:SAID_OF]->() DELETE old }
MATCH (e:Expert {id: r.person})
MERGE (r)-[:SAID_OF]->(e)
"""

# A calendar cancels a whole series by the UID alone; its occurrences are events of their own, with their own records.
CALLED_OFF: LiteralString = """
MATCH (r:Record) WHERE r.id IN $ids
RETURN collect(DISTINCT r.calls_off) AS uids
"""

OCCURRENCES: LiteralString = """
MATCH (r:Record) WHERE r.occurs_in IN $uids
RETURN collect(DISTINCT r.entity) AS entities
"""

CANCELLATIONS: LiteralString = """
UNWIND $entities AS entity
MATCH (r:Record {kind: 'events', entity: entity}) WHERE r.occurs_in IS NOT NULL
WITH DISTINCT entity, r.occurs_in AS uid
MATCH (c:Record) WHERE c.calls_off = uid
RETURN entity, c.trust AS trust, max(c.sequence) AS sequence
"""

MERGED: LiteralString = "MATCH (m:Merge) RETURN m.gone AS gone, m.kept AS kept"

RECORDS_OF: LiteralString = """
MATCH (r:Record) WHERE r.person IN $people
RETURN r.id AS id, r.kind AS kind, r.subject AS subject, r.entity AS entity, r.said AS said
"""

RESOURCES_BY: LiteralString = """
MATCH (e:Expert)-[:AUTHORED]->(r:Resource)
WHERE e.id IN $people AND EXISTS { (:Record {kind: 'resources', entity: r.id}) }
RETURN collect(DISTINCT r.id) AS resources
"""

REDIRECT: LiteralString = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})
SET r.entity = row.entity, r.person = row.person
"""


def identity_of(key: Sequence[str]) -> str:
    """The id of a row: its own, or a digest of the columns that make it the same row again."""
    return key[0] if len(key) == 1 else hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


def record_id(*, source: str, kind: Kind, subject: str) -> str:
    """The id of what a source says of a subject: 32 hexadecimal digits."""
    return hashlib.sha256("\0".join((source, kind, subject)).encode()).hexdigest()[:32]


async def merged_people(tx: Transaction) -> Mapping[str, str]:
    """By the id of everybody who was found to be somebody else: who they are now; held stamps keep it so."""
    return whoever(await tx.run(MERGED))


def whoever(merges: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """By ``gone`` of each merge who that is now: its ``kept``, or whoever that was merged into in turn."""
    kept = {row["gone"]: row["kept"] for row in merges}
    return {gone: _end(gone, kept) for gone in kept}


def _end(id: str, kept: Mapping[str, str]) -> str:
    while id in kept:
        id = kept[id]
    return id


async def follow_merges(tx: Transaction, *, people: Sequence[str]) -> Mapping[Kind, Sequence[str]]:
    """Let what is on record of these people be of whoever they are now; by kind, what is to be settled for it.

    That is what the records told of before as well as what they tell of now, and the resources of which these people
    are authors. To be called after a merge was written or taken away.
    """
    merged = await merged_people(tx)
    touched: dict[Kind, dict[str, None]] = defaultdict(dict)
    rows = []
    for row in await tx.run(RECORDS_OF, people=people):
        kind, said = Kind(row["kind"]), read_said(row["said"])
        entity = _entity_id(kind, row["subject"], said, merged)
        rows.append({"id": row["id"], "entity": entity, "person": _person(kind, row["subject"], said, merged)})
        touched[kind].update(dict.fromkeys((row["entity"], entity)))
    await tx.run(REDIRECT, rows=rows)
    (authored,) = await tx.run(RESOURCES_BY, people=people)
    touched[Kind.RESOURCES].update(dict.fromkeys(authored["resources"]))
    return {kind: list(touched[kind]) for kind in Kind if touched[kind]}


async def store_records(tx: Transaction, kind: Kind, rows: Sequence[Sourced], *, folder: str, at: datetime) -> None:
    """Take down what sources say, and bring what they speak of to what all sources say together.

    Raises:
        PersonErased: one of the people was erased.
    """
    await hold_stamps(tx)  # whoever makes two people one waits, or one of them would come back
    merged = await merged_people(tx)
    written = [_written(kind, row, merged) for row in rows]
    called_off = {row["calls_off"] for row in written if row["calls_off"]}
    if kind is Kind.EVENTS:
        (before,) = await tx.run(CALLED_OFF, ids=[row["id"] for row in written])
        called_off.update(before["uids"])
    await tx.run(STORE_RECORDS, kind=kind, rows=written, folder=folder, at=at)
    await settle(tx, kind, [row["entity"] for row in written])
    await _settle_occurrences(tx, called_off)


async def move_records(tx: Transaction, places: Mapping[str, str]) -> None:
    """Take down where records stand now, by their ids; what they say is the same."""
    await tx.run(MOVE_RECORDS, rows=[{"id": id, "place": place} for id, place in places.items()])


async def remove_records(tx: Transaction, kind: Kind, ids: Sequence[str]) -> None:
    """Take out what these records say: what no other source speaks of goes, the rest is what the others say."""
    await hold_stamps(tx)
    (row,) = await tx.run(REMOVE_RECORDS, ids=ids)
    await settle(tx, kind, row["entities"])
    await _settle_occurrences(tx, row["called_off"])
    await forget_silent_sources(tx)


async def settle(tx: Transaction, kind: Kind, entities: Sequence[str]) -> None:
    """Bring these to what their records say together; what has no record, or only such as amend, goes."""
    merged = await merged_people(tx)
    said: dict[str, list[_Said]] = defaultdict(list)
    told: set[str] = set()
    for row in await tx.run(SAID, kind=kind, entities=list(dict.fromkeys(entities))):
        said[row["entity"]].append(_Said(row["trust"], row["digest"], read_said(row["said"]), row["decides"]))
        if not row["amends"]:
            told.add(row["entity"])
    cancelled = await _cancellations(tx, list(told)) if kind is Kind.EVENTS else {}
    known = [entity for entity in dict.fromkeys(entities) if entity in told]
    if known:
        stored = [_entity(kind, entity, said[entity], merged, cancelled=cancelled.get(entity, ())) for entity in known]
        fresh = await _fresh_events(tx, known) if kind is Kind.EVENTS else frozenset()
        await STORE[kind](tx, stored)
        if fresh:
            await _take_up_word(tx, fresh)
        if kind is Kind.EXPERTS or kind in KEYS:
            await tx.run(BELONG, kind=kind, entities=known)
    if gone := [entity for entity in dict.fromkeys(entities) if entity not in told]:
        await tx.run(FORGET_AMENDMENTS, kind=kind, entities=gone)
        await REMOVE[kind](tx, gone)
        if kind is Kind.EXPERTS:
            (row,) = await tx.run(FORGET_WORD, people=gone, trust=int(Trust.ORGANISERS))
            await remove_documents(tx, row["documents"])


async def _fresh_events(tx: Transaction, events: Collection[str]) -> frozenset[str]:
    """Those of these events that are not there."""
    (row,) = await tx.run(EVENTS_THERE, events=list(events))
    return frozenset(events).difference(row["events"])


async def _take_up_word(tx: Transaction, events: Collection[str]) -> None:
    """Have what organisers took down of events that left with an earlier load, and are there again."""
    touched: dict[Kind, list[str]] = defaultdict(list)
    documents = []
    for row in await tx.run(WORD_ON_EVENTS, source=ORGANISERS):
        event = read_said(row["said"])["event"]
        if event in events:
            touched[Kind(row["kind"])].append(row["entity"])
            documents.append({"document": document_of_talk(row["subject"]), "event": event})
    for kind, entities in touched.items():
        await settle(tx, kind, entities)
    await tx.run(DRAW_FROM_EVENTS, rows=documents)


def document_of_talk(subject: str) -> str:
    """The id of the document that tells of a talk which organisers took down, by the id of what is on record of it."""
    return f"{ORGANISERS}#{subject}"


async def _settle_occurrences(tx: Transaction, uids: Collection[str]) -> None:
    """Settle the occurrences of series of which it changed whether a calendar calls them off."""
    if uids:
        (found,) = await tx.run(OCCURRENCES, uids=sorted(uids))
        for start in range(0, len(found["entities"]), AT_ONCE):
            await settle(tx, Kind.EVENTS, found["entities"][start : start + AT_ONCE])


async def _cancellations(
    tx: Transaction, events: Sequence[str]
) -> Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]]:
    """By event what calendars that call its whole series off say of it, each with how much it is trusted."""
    found: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for row in await tx.run(CANCELLATIONS, entities=events):
        found[row["entity"]].append((row["trust"], {"status": "cancelled", "sequence": row["sequence"]}))
    return found


def together(kind: Kind, said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What these say together, the one that is trusted most first: lists put together, of all else the first word.

    People who go by different names in different sources have all but the first among their other names.
    """
    found: dict[str, Any] = {}
    for one in said:
        for name, value in one.items():
            if isinstance(value, list):
                found[name] = _without_doubles([*found.get(name, []), *value])
            elif isinstance(value, dict):
                found[name] = together(kind, [found.get(name, {}), value])
            elif found.get(name) is None:
                found[name] = value
    if kind is Kind.EXPERTS and "name" in found:
        names = [*found.get("other_names", ()), *(one["name"] for one in said if "name" in one)]
        found["other_names"] = [name for name in dict.fromkeys(names) if name != found["name"]]
    return found


def _calendar_ids(said: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The UID of the series in which a calendar's event occurs, and the UID that it calls off as a whole."""
    known_as = next((one for one in said.get("identifiers", ()) if one.startswith(CALENDAR)), None)
    if known_as is None:
        return None, None
    occurrence = OCCURRENCE.fullmatch(known_as)
    if occurrence is not None:
        return occurrence[1], None
    return None, known_as if said.get("status") == "cancelled" else None


def _without_doubles(values: Sequence[Any]) -> list[Any]:
    """Of languages and topics with a level, the first of each; of everything else too."""
    first: dict[Any, Any] = {}
    for value in values:
        first.setdefault(next(iter(value.values())) if isinstance(value, dict) else value, value)
    return list(first.values())


def _written(kind: Kind, row: Sourced, merged: Mapping[str, str]) -> Mapping[str, Any]:
    said = {name: value for name, value in row.record.items() if name not in ("id", "digest")}
    subject = str(row.record["id"])
    occurs_in, calls_off = _calendar_ids(said) if kind is Kind.EVENTS else (None, None)
    return {
        "id": record_id(source=row.source, kind=kind, subject=subject),
        "source": row.source,
        "place": row.place,
        "trust": int(row.trust),
        "subject": subject,
        "entity": _entity_id(kind, subject, said, merged),
        "person": _person(kind, subject, said, merged),
        "sequence": said.get("sequence"),
        "said": json.dumps(said, ensure_ascii=False, default=_iso),
        "digest": row.record["digest"],
        "occurs_in": occurs_in,
        "calls_off": calls_off,
        "decides": sorted(row.decides) or None,
        "amends": row.amends or None,
    }


def _person(kind: Kind, subject: str, said: Mapping[str, Any], merged: Mapping[str, str]) -> str | None:
    """Whom a record speaks of, if it is a person."""
    person: str | None = subject if kind is Kind.EXPERTS else said.get("expert")
    return None if person is None else merged.get(person, person)


def _entity_id(kind: Kind, subject: str, said: Mapping[str, Any], merged: Mapping[str, str]) -> str:
    if kind is Kind.EXPERTS:
        return merged.get(subject, subject)
    if kind not in KEYS:
        return subject
    return identity_of(
        [merged.get(said[name], said[name]) if name == "expert" else said[name] or "" for name in KEYS[kind]]
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What one record says, how much it is trusted, and on what it has the last word."""

    trust: int
    digest: str
    record: Mapping[str, Any]
    decides: Collection[str]


def _entity(
    kind: Kind,
    entity: str,
    said: Sequence[_Said],
    merged: Mapping[str, str],
    *,
    cancelled: Sequence[tuple[int, Mapping[str, Any]]],
) -> Mapping[str, Any]:
    """What is stored of an entity. Of an event's calendars the one that saw it changed most often has the word.

    Of those that saw it changed as often, one that calls it off has it.

    ``cancelled`` is what calendars say that call its whole series off: their word counts as if it were said of the
    event itself, and before what was changed no more often than they (RFC 5545, 3.8.7.4).
    """
    words = [*(_Said(trust, "", record, ()) for trust, record in cancelled), *said]
    by_word = sorted(
        words,
        key=lambda one: (one.trust, -(one.record.get("sequence") or 0), one.record.get("status") != "cancelled"),
    )
    found = together(kind, list(_undecided(by_word)))
    if "expert" in found:
        found["expert"] = merged.get(found["expert"], found["expert"])
    if "authors" in found:
        found["authors"] = list(dict.fromkeys(merged.get(author, author) for author in found["authors"]))
    if kind is Kind.EXPERTS:
        found["speaks_for_themselves"] = any(one.trust == Trust.PERSON for one in said)
        decided = next((one.record["other_names"] for one in by_word if "other_names" in one.decides), None)
        if decided is not None:
            found["other_names"] = [name for name in decided if name != found["name"]]
    digests = [one.digest for one in said]
    digest = digests[0] if len(digests) == 1 else identity_of([*digests, str(len(digests))])
    return {**found, "id": entity, "digest": digest}


def _undecided(said: Iterable[_Said]) -> Iterator[Mapping[str, Any]]:
    """What each says, without that on which one before has the last word."""
    decided: set[str] = set()
    for one in said:
        yield {name: value for name, value in one.record.items() if name not in decided}
        decided.update(name for name in one.decides if name != "name")  # a name is never nothing, and all are found


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def read_said(said: str) -> Mapping[str, Any]:
    """What a record says, with its days and moments as such."""
    found: dict[str, Any] = json.loads(said)
    for name, value in found.items():
        if value is not None and name in DAYS:
            found[name] = date.fromisoformat(value)
        elif value is not None and name in MOMENTS:
            found[name] = datetime.fromisoformat(value)
    return found
