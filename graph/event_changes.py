"""Events made, copied, changed and cancelled by organisers in the network itself.

What they say is put on record as a source of its own, which counts before every file (graph.intake.amending): a
calendar that is loaded next does not undo it, and what organisers left alone follows the calendar. A cancelled event
stays, and says so. Whoever changes an event says which version they saw: who comes second is told so.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, LiteralString, TypedDict, cast

from graph.changes import record
from graph.errors import NoSuchEvent
from graph.fields import (
    Checked,
    InvalidFields,
    Problem,
    Unfit,
    capacity,
    distinct,
    line,
    paragraphs,
    present,
    time_zone,
    utc,
    web_address,
)
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.intake.amending import amend
from graph.intake.known import Kind
from graph.intake.records import Sourced, Trust, identity_of, store_records
from graph.passages import hold_stamps
from graph.people.profiles import OtherVersion
from graph.permissions import may_organise, refuse_unless
from graph.slugs import slugs
from graph.values import EventId, moment
from graph.viewer import Viewer

__all__ = [
    "COPIED",
    "FORMATS",
    "KINDS",
    "NOTHING",
    "ChangedEvent",
    "EventChanges",
    "EventCopy",
    "as_long",
    "cancel",
    "checked_event",
    "copy",
    "create",
    "known_event",
    "put_on_record",
    "update",
]

KINDS: Final = ("briefing", "launch", "workshop", "training", "conference", "meeting")
FORMATS: Final = ("online", "in-person", "hybrid")

ORGANISERS = "organisers"
"""The source of what organisers say of events."""

CREATE = "createEvent"
COPY = "copyEvent"
WHO = "organisers and administrators"


class EventChanges(TypedDict, total=False):
    """What is to be said of an event from now on; None says nothing, also where a file says something."""

    title: str | None
    kind: str | None
    format: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    place: str | None
    capacity: int | None
    url: str | None
    description: str | None
    country: str | None
    series: str | None
    topics: Sequence[str] | None
    languages: Sequence[str] | None


class EventCopy(TypedDict, total=False):
    """What an event has of its own that is else as an earlier one; None is as if it were left out."""

    title: str | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """Which event was made or changed, and its version now."""

    event: EventId
    version: int


NOTHING: Mapping[str, Any] = {
    "format": None,
    "status": None,
    "series": None,
    "starts_at": None,
    "ends_at": None,
    "time_zone": None,
    "place": None,
    "capacity": None,
    "country": None,
    "topics": [],
    "languages": [],
    "partners": [],
    "url": None,
    "description": None,
    "identifiers": [],
    "sequence": None,
}
"""What an event has of which organisers say nothing."""

COPIED: Final = (
    "title",
    "kind",
    "format",
    "series",
    "time_zone",
    "place",
    "capacity",
    "country",
    "topics",
    "languages",
    "description",
)
"""What an event takes over from an earlier one. Partners do not promise to come again, and a page is of one event."""

# With the first free id; who comes at the same moment with the same title gets the next one. A draft keeps its id for
# the event that it becomes.
MAKE: LiteralString = """
OPTIONAL MATCH (d:Draft {id: $event})
WITH d WHERE d IS NULL
MERGE (v:Event {id: $event})
ON CREATE SET v.made_by = $id
WITH v, coalesce(v.made_by = $id, false) AS is_made
REMOVE v.made_by
RETURN is_made
"""

# Written to before it is looked at, so that two who change one event wait for each other.
HOLD_EVENT: LiteralString = """
MATCH (v:Event {id: $event})
SET v.id = v.id
RETURN coalesce(v.version, 0) AS version, v.starts_at AS starts_at, v.ends_at AS ends_at, v.status AS status,
       EXISTS { (:Record {kind: 'events', entity: v.id}) } AS is_told
"""

VERSION: LiteralString = "MATCH (v:Event {id: $event}) RETURN coalesce(v.version, 0) AS version"

AS_IT_IS: LiteralString = """
MATCH (v:Event {id: $event})
RETURN v {.title, .kind, .format, .status, .starts_at, .ends_at, .time_zone, .place, .capacity, .url, .description,
          .sequence, identifiers: coalesce(v.identifiers, [])} AS event,
       head(COLLECT { MATCH (v)-[:PART_OF]->(s:Series) RETURN s.id }) AS series,
       head(COLLECT { MATCH (v)-[:HELD_IN]->(c:Country) RETURN c.id }) AS country,
       COLLECT { MATCH (v)-[:COVERS]->(t:Topic) RETURN t.id ORDER BY t.id } AS topics,
       COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l:Language) RETURN l.id ORDER BY l.id } AS languages,
       COLLECT { MATCH (v)<-[:PARTNER_IN]-(o:Organisation) RETURN o.id ORDER BY o.id } AS partners
"""


async def create(graph: Graph, viewer: Viewer, *, given: EventChanges, idempotency_key: str | None) -> ChangedEvent:
    """Make an event, in one transaction; with the key of one that was made, that one again, as it is now.

    Raises:
        NotAllowed: the viewer is no organiser.
        InvalidFields: fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    refuse_unless(may_organise(viewer), "make events", who=WHO)
    at, made_id = datetime.now(UTC), uuid.uuid4().hex

    async def work(tx: Transaction) -> ChangedEvent:
        before = await made_before(tx, viewer, mutation=CREATE, key=idempotency_key, given=given)
        if before is not None:
            return await _made(tx, before)
        await hold_stamps(tx)
        said = await checked_event(tx, {"title": None, "kind": None, **given}, {})
        made = await _stored(tx, viewer, {**NOTHING, **said}, fields=list(given), id=made_id, at=at)
        await keep(tx, viewer, mutation=CREATE, key=idempotency_key, result=made.event)
        return made

    return await graph.transact(work)


async def copy(
    graph: Graph, viewer: Viewer, *, event: EventId, given: EventCopy, idempotency_key: str | None
) -> ChangedEvent:
    """Make an event as an earlier one was, at the time given, in one transaction; with a key that made one, that again.

    It has what :data:`COPIED` names. Without an end it is as long as the earlier one, if that is known.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event.
        InvalidFields: the start is missing, or fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    refuse_unless(may_organise(viewer), "make events", who=WHO)
    at, made_id = datetime.now(UTC), uuid.uuid4().hex
    said_anew = {name: value for name, value in given.items() if value is not None}
    own = cast("EventChanges", {"starts_at": None, **said_anew})

    async def work(tx: Transaction) -> ChangedEvent:
        asked = {"event": event, **own}
        before = await made_before(tx, viewer, mutation=COPY, key=idempotency_key, given=asked)
        if before is not None:
            return await _made(tx, before)
        await hold_stamps(tx)
        earlier = await known_event(tx, event)
        checked = await checked_event(tx, own, {}, needed=("title", "starts_at"))
        ends_at = checked.get("ends_at") or as_long(checked["starts_at"], earlier)
        said = {**NOTHING, **{name: earlier[name] for name in COPIED}, **checked, "ends_at": ends_at}
        fields = [name for name, value in said.items() if value not in (None, [])]
        made = await _stored(tx, viewer, said, fields=fields, id=made_id, at=at)
        await keep(tx, viewer, mutation=COPY, key=idempotency_key, result=made.event)
        return made

    return await graph.transact(work)


async def update(
    graph: Graph, viewer: Viewer, *, event: EventId, expected_version: int, changes: EventChanges
) -> ChangedEvent:
    """Change what is said of an event, in one transaction; fields that are left out stay as they are.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event.
        OtherVersion: the event has another version than is expected.
        InvalidFields: fields cannot be kept as they were given.
    """
    refuse_unless(may_organise(viewer), "change events", who=WHO)

    async def work(tx: Transaction) -> ChangedEvent:
        held = await _held(tx, event, expected_version)
        return await _amended(tx, viewer, event, held, await checked_event(tx, changes, held), verb="event changed")

    return await graph.transact(work)


async def cancel(graph: Graph, viewer: Viewer, *, event: EventId, expected_version: int) -> ChangedEvent:
    """Say that an event does not take place; it stays where it is, with who was to speak. Once more changes nothing.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event.
        OtherVersion: the event has another version than is expected.
    """
    refuse_unless(may_organise(viewer), "cancel events", who=WHO)

    async def work(tx: Transaction) -> ChangedEvent:
        held = await _held(tx, event, expected_version)
        changes = {} if held["status"] == "cancelled" else {"status": "cancelled"}
        return await _amended(tx, viewer, event, held, changes, verb="event cancelled")

    return await graph.transact(work)


async def _made(tx: Transaction, event: str) -> ChangedEvent:
    rows = await tx.run(VERSION, event=event)
    if not rows:
        raise KeySpent("that event is there no more")
    return ChangedEvent(EventId(event), rows[0]["version"])


async def _stored(
    tx: Transaction, viewer: Viewer, said: Mapping[str, Any], *, fields: Sequence[str], id: str, at: datetime
) -> ChangedEvent:
    """A new event of which organisers say this."""
    event = await _free_id(tx, said["title"], id=id)
    return await put_on_record(tx, viewer, event, said, fields=fields, id=id, at=at, verb="event made")


async def put_on_record(
    tx: Transaction,
    viewer: Viewer,
    event: EventId,
    said: Mapping[str, Any],
    *,
    fields: Sequence[str],
    id: str,
    at: datetime,
    verb: str,
) -> ChangedEvent:
    """Have organisers say this of an event from now on, and tell it; it is made if there is none.

    ``id`` is of 32 hexadecimal digits, and of nothing else that was ever said.
    """
    digest = identity_of([ORGANISERS, id])
    row = Sourced(ORGANISERS, "as they made it", Trust.ORGANISERS, {**said, "id": event, "digest": digest})
    await store_records(tx, Kind.EVENTS, [row], folder="", at=at)
    (version,) = await tx.run(VERSION, event=event)
    await record(tx, viewer, verb=verb, subject=f"event:{event}", fields=fields)
    return ChangedEvent(event, version["version"])


def as_long(starts_at: datetime, earlier: Mapping[str, Any]) -> datetime | None:
    """When something ends that starts then and is as long as an earlier event; None if that is not known.

    Raises:
        InvalidFields: there is no such time.
    """
    if earlier["starts_at"] is None or earlier["ends_at"] is None:
        return None
    try:
        ends_at: datetime = starts_at + (earlier["ends_at"] - earlier["starts_at"])
    except OverflowError:
        raise InvalidFields(
            [Problem(("starts_at",), "The event would end after the year 9999; start earlier.")]
        ) from None
    return ends_at


async def _free_id(tx: Transaction, title: str, *, id: str) -> EventId:
    for event in slugs(title, otherwise=f"event-{id[:8]}"):
        rows = await tx.run(MAKE, event=event, id=id)
        if rows and rows[0]["is_made"]:
            return EventId(event)
    raise AssertionError  # there is always a next one


async def _held(tx: Transaction, event: EventId, expected_version: int) -> Mapping[str, Any]:
    """An event as it is, while nobody else can change it."""
    await hold_stamps(tx)
    rows = await tx.run(HOLD_EVENT, event=event)
    if not rows:
        raise NoSuchEvent(event)
    (held,) = rows
    if held["version"] != expected_version:
        raise OtherVersion(held["version"])
    return {**held, **{name: moment(held[name]) for name in ("starts_at", "ends_at")}}


async def _amended(
    tx: Transaction,
    viewer: Viewer,
    event: EventId,
    held: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    verb: str,
) -> ChangedEvent:
    if not changes:
        return ChangedEvent(event, held["version"])
    at = datetime.now(UTC)
    if not held["is_told"]:
        await _take_down(tx, event, at=at)
    await amend(
        tx,
        Kind.EVENTS,
        source=ORGANISERS,
        trust=Trust.ORGANISERS,
        place="as they changed it",
        subject=event,
        changes=changes,
        at=at,
    )
    (row,) = await tx.run(VERSION, event=event)
    await record(tx, viewer, verb=verb, subject=f"event:{event}", fields=list(changes))
    return ChangedEvent(event, row["version"])


async def _take_down(tx: Transaction, event: EventId, *, at: datetime) -> None:
    """Put on record what is known of an event of which no record tells, as an earlier release left it."""
    (row,) = await tx.run(AS_IT_IS, event=event)
    said = _as_it_is(row)
    digest = identity_of([ORGANISERS, event, *(str(said[name]) for name in sorted(said))])
    known = Sourced(ORGANISERS, "as it was", Trust.ORGANISERS, {**said, "id": event, "digest": digest})
    await store_records(tx, Kind.EVENTS, [known], folder="", at=at)


async def known_event(tx: Transaction, event: EventId) -> Mapping[str, Any]:
    """What is known of an event, as a record says it.

    Raises:
        NoSuchEvent: there is none of this id.
    """
    rows = await tx.run(AS_IT_IS, event=event)
    if not rows:
        raise NoSuchEvent(event)
    return _as_it_is(rows[0])


def _as_it_is(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known of an event, as a record says it."""
    return {
        **row["event"],
        **{name: row[name] for name in ("series", "country", "topics", "languages", "partners")},
        **{name: moment(row["event"][name]) for name in ("starts_at", "ends_at")},
    }


async def checked_event(
    tx: Transaction,
    changes: EventChanges,
    held: Mapping[str, Any],
    *,
    needed: Collection[str] = ("title", "kind"),
) -> Mapping[str, Any]:
    """The changes as they are kept; ``held`` has when the event starts and ends so far.

    What is ``needed`` cannot be empty, if it is among the changes.

    Raises:
        InvalidFields: some cannot be.
    """
    checked = Checked(changes)
    checks: Mapping[str, Callable[[Any], Any]] = {
        "title": line,
        "kind": partial(_one_of, KINDS),
        "format": partial(_one_of, FORMATS),
        "starts_at": utc,
        "ends_at": utc,
        "time_zone": time_zone,
        "place": line,
        "capacity": capacity,
        "url": web_address,
        "description": paragraphs,
        "country": lambda code: code.strip().upper(),
        "series": str.strip,
    }
    for name, check in checks.items():
        checked.take(name, check, needed=name in needed)
    checked.take_list("topics", lambda _, id: id.strip())
    checked.take_list("languages", lambda _, tag: tag.strip())
    values = checked.values
    found = await present(
        tx,
        topics=values.get("topics", ()),
        countries=[values["country"]] if values.get("country") else (),
        languages=values.get("languages", ()),
        series=[values["series"]] if values.get("series") else (),
    )
    no_country = "That is no country of ISO 3166; write its two-letter code, such as TN for Tunisia."
    checked.among(("country",), values.get("country"), found["countries"], no_country)
    no_series = "The network has no series of this id; leave it out, or load the series first."
    checked.among(("series",), values.get("series"), found["series"], no_series)
    for number, id in enumerate(values.get("topics", ())):
        no_topic = "The network has no topic of this id; look it up among its topics."
        checked.among(("topics", number), id, found["topics"], no_topic)
    for number, tag in enumerate(values.get("languages", ())):
        no_language = "The network knows no language of this tag; write one of those it has, such as fr."
        checked.among(("languages", number), tag, found["languages"], no_language)
    distinct(checked, "topics")
    distinct(checked, "languages")
    starts_at, ends_at = (values.get(name, held.get(name)) for name in ("starts_at", "ends_at"))
    if starts_at is not None and ends_at is not None and ends_at < starts_at:
        named = "ends_at" if "ends_at" in values else "starts_at"
        checked.problems.append(Problem((named,), "The event would end before it starts; correct one of the two."))
    checked.refuse()
    return values


def _one_of(choices: Sequence[str], text: str) -> str:
    found = text.strip()
    if found and found not in choices:
        raise Unfit(f"That is none of {', '.join(choices)}; write one of them.")
    return found
