"""Drafts of events: ideas of organisers, of which nobody else knows until they are published.

A draft is a node of its own without any relation: what it is part of, held in and about stands on it by id. So no
statement that reads events, and none that counts what a topic, country, language or series is related to, can come by
it (docs/decisions/event-drafts.md). Who is considered for it is told by its id as for an event, and it keeps that id
when it is published. Whoever changes a draft says which version they saw: who comes second is told so. One that is
thrown away can be brought back for a day.
"""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString, Self

from graph.changes import record
from graph.errors import GraphError
from graph.event_changes import COPIED, EVENT, ChangedEvent, EventChanges, as_long
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.passages import hold_stamps
from graph.people.profiles import OtherVersion
from graph.permissions import may_draft, may_read_drafts, refuse_unless
from graph.programme import making
from graph.slugs import slugs
from graph.values import Cursor, EventId, NotACursor, Page, moment
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "KEPT_FOR",
    "AlreadyPublished",
    "Discarded",
    "Draft",
    "NoSuchDraft",
    "by_ids",
    "create",
    "discard",
    "forget_discarded",
    "page",
    "publish",
    "restore",
    "update",
]

CREATE: Final = "createEventDraft"
LONGEST_SLUG: Final = 60
WHO: Final = "organisers and administrators"
KEPT_FOR: Final = timedelta(days=1)
"""How long a draft that was thrown away can be brought back."""


class NoSuchDraft(GraphError):
    """There is no draft of this id."""

    def __init__(self, draft: str) -> None:
        self.draft = draft
        super().__init__(
            Wording("There is no draft '%(draft)s'; look at the drafts for those there are.", draft=draft[:80])
        )


class AlreadyPublished(GraphError):
    """The draft is an event by now."""

    def __init__(self, event: EventId) -> None:
        self.event = event
        super().__init__(
            Wording("This draft was published, so it is an event now and nothing was done; look at the event as it is.")
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is not published, with its version; what it names is there, by id."""

    id: EventId
    title: str
    kind: str | None
    format: str | None
    status: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    place: str | None
    capacity: int | None
    url: str | None
    description: str | None
    country: str | None
    series: str | None
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    partners: tuple[str, ...]
    version: int
    made_at: datetime
    changed_at: datetime

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``draft``."""
        told = row["draft"]
        moments = {name: moment(told.get(name)) for name in MOMENTS}
        lists = {name: tuple(told[name]) for name in ("topics", "languages", "partners")}
        return cls(**{name: told.get(name) for name in cls.__slots__} | moments | lists)


@dataclass(frozen=True, slots=True)
class Discarded:
    """Which draft is thrown away, and how many people are considered for it, as far as the viewer sees them."""

    draft: EventId
    considered: int


MOMENTS: Final = ("starts_at", "ends_at", "made_at", "changed_at")
FIELDS: Final = tuple(EventChanges.__annotations__)

MAKE: LiteralString = """
CREATE (d:Draft {id: $draft, version: 1, made_at: $at, changed_at: $at})
SET d += $said
"""

IS_TAKEN: LiteralString = "RETURN EXISTS { MATCH (n:Event|Draft|DiscardedDraft {id: $id}) } AS is_taken"

# What was removed from the network since is removed from drafts, as it is from events.
DRAFTS: LiteralString = """
MATCH (d:Draft)
WHERE ($drafts IS NULL OR d.id IN $drafts)
  AND ($at IS NULL OR d.made_at < $at OR (d.made_at = $at AND d.id > $after))
WITH d ORDER BY d.made_at DESC, d.id LIMIT $limit
RETURN d {.*,
  country: head(COLLECT { MATCH (c:Country {id: d.country}) RETURN c.id }),
  series: head(COLLECT { MATCH (s:Series {id: d.series}) RETURN s.id }),
  topics: COLLECT { MATCH (t:Topic) WHERE t.id IN d.topics RETURN t.id ORDER BY t.id },
  languages: COLLECT { MATCH (l:Language) WHERE l.id IN d.languages RETURN l.id ORDER BY l.id },
  partners: COLLECT { MATCH (o:Organisation) WHERE o.id IN d.partners RETURN o.id ORDER BY o.id }
} AS draft, [toString(d.made_at), d.id] AS key
ORDER BY d.made_at DESC, d.id
"""

# Written to before it is looked at, so that two who change one draft wait for each other.
HOLD: LiteralString = "MATCH (d:Draft {id: $draft}) SET d.id = d.id"

IS_EVENT: LiteralString = "RETURN EXISTS { MATCH (v:Event {id: $draft}) } AS is_event"

CHANGE: LiteralString = """
MATCH (d:Draft {id: $draft})
SET d += $said, d.version = d.version + 1, d.changed_at = $at
"""

# What organisers say of the event is put on record and stored on it, as of any other.
BECOME_EVENT: LiteralString = """
MATCH (d:Draft {id: $draft})
REMOVE d:Draft
SET d = {id: d.id}, d:Event
"""

# Who is considered for it stays so; as for an event that is gone, no statement tells of it.
LAY_ASIDE: LiteralString = """
MATCH (d:Draft {id: $draft})
REMOVE d:Draft
SET d:DiscardedDraft, d.discarded_at = $at
"""

TAKE_UP: LiteralString = """
MATCH (d:DiscardedDraft {id: $draft}) WHERE d.discarded_at > $since
REMOVE d:DiscardedDraft, d.discarded_at
SET d:Draft
RETURN d.id AS id
"""

CONSIDERED: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: $draft}) WHERE SEES(e.listing)
RETURN count(c) AS considered
""")

IS_OVERDUE: LiteralString = """
RETURN EXISTS { MATCH (d:DiscardedDraft) WHERE d.discarded_at <= $until } AS is_overdue
"""

FORGET: LiteralString = """
MATCH (d:DiscardedDraft) WHERE d.discarded_at <= $until
CALL (d) {
  MATCH (c:Candidacy {event: d.id})
  CALL (c) { MATCH (c)-[:STEP|LETTER|REPLY]->(told) DETACH DELETE told }
  DETACH DELETE c
}
DELETE d
"""


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Draft]:
    """Drafts, the one that was made last first, at most ``first`` of them.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NotACursor: ``after`` is a cursor of another list.
    """
    _ensure_may_read(viewer)
    at, last = (None, "") if after is None else (_made_at(after), after.key[1])
    rows = await graph.read(DRAFTS, drafts=None, at=at, after=last, limit=first + 1)
    return Page.of(rows, first, Draft.from_row)


async def by_ids(graph: Graph, viewer: Viewer, *, ids: Sequence[str]) -> Mapping[str, Draft]:
    """Drafts by their ids; without those that are none.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    _ensure_may_read(viewer)
    found = map(Draft.from_row, await graph.read(DRAFTS, **_only(ids)))
    return {draft.id: draft for draft in found}


async def create(
    graph: Graph, viewer: Viewer, *, given: EventChanges, like: EventId | None = None, idempotency_key: str | None
) -> Draft:
    """Make a draft, in one transaction; with the key of one that was made, that one again, as it is now.

    It has what is given and, where it is ``like`` an event, of everything else what :data:`COPIED` names; with a start
    and no end it is then as long as that event. Its id has letters of chance, so that no event that is made or loaded
    meanwhile is refused the id that its title gives it.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event to be like.
        InvalidFields: it has no title, or fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    _ensure_may(viewer, "draft events")
    at = datetime.now(UTC)

    async def work(tx: Transaction) -> Draft:
        asked = {"like": like, **given}
        before = await made_before(tx, viewer, mutation=CREATE, key=idempotency_key, given=asked)
        if before is not None:
            return await _made(tx, before)
        await hold_stamps(tx)
        earlier = await making.as_it_is(tx, EVENT, like) if like is not None else {}
        copied = {name: earlier[name] for name in COPIED if earlier}
        wanted = {**({} if copied else {"title": None}), **given}
        checked = await making.checked(tx, viewer, EVENT, wanted, {}, needed=("title",))
        said = {**{name: EVENT.nothing.get(name) for name in FIELDS}, **copied, **checked}
        if earlier and said["starts_at"] is not None and said["ends_at"] is None:
            said["ends_at"] = as_long(said["starts_at"], earlier)
        draft = await _free_id(tx, said["title"])
        await tx.run(MAKE, draft=draft, said=said, at=at)
        await keep(tx, viewer, mutation=CREATE, key=idempotency_key, result=draft)
        await record(tx, viewer, verb="draft made", subject=f"draft:{draft}", fields=_said(said))
        return await _read(tx, draft)

    return await graph.transact(work)


async def update(
    graph: Graph, viewer: Viewer, *, draft: EventId, expected_version: int, changes: EventChanges
) -> Draft:
    """Change a draft, in one transaction; fields that are left out stay as they are.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchDraft: there is no such draft.
        AlreadyPublished: it is an event by now.
        OtherVersion: the draft has another version than is expected.
        InvalidFields: fields cannot be kept as they were given.
    """
    _ensure_may(viewer, "change drafts of events")

    async def work(tx: Transaction) -> Draft:
        held = await _held(tx, draft, expected_version)
        times = {"starts_at": held.starts_at, "ends_at": held.ends_at}
        said = await making.checked(tx, viewer, EVENT, changes, times, needed=("title",))
        if not said:
            return held
        await tx.run(CHANGE, draft=draft, said=dict(said), at=datetime.now(UTC))
        await record(tx, viewer, verb="draft changed", subject=f"draft:{draft}", fields=list(said))
        return await _read(tx, draft)

    return await graph.transact(work)


async def publish(graph: Graph, viewer: Viewer, *, draft: EventId, expected_version: int) -> ChangedEvent:
    """Make a draft the event of its id, on record as what organisers say, in one transaction.

    Who is considered for it is considered for the event. Those who follow changes are told of it from now on.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchDraft: there is no such draft.
        AlreadyPublished: it is an event by now.
        OtherVersion: the draft has another version than is expected.
        InvalidFields: it lacks what an event needs, its kind.
    """
    _ensure_may(viewer, "publish events")
    at, made_by = datetime.now(UTC), uuid.uuid4().hex

    async def work(tx: Transaction) -> ChangedEvent:
        held = await _held(tx, draft, expected_version)
        kept = {name: getattr(held, name) for name in FIELDS}
        said = await making.checked(tx, viewer, EVENT, kept, {})
        await tx.run(BECOME_EVENT, draft=draft)
        made = await making.put_on_record(
            tx,
            viewer,
            EVENT,
            draft,
            {**EVENT.nothing, **said},
            fields=_said(said),
            made_by=made_by,
            at=at,
            verb="event published",
        )
        return ChangedEvent(draft, made.version)

    return await graph.transact(work)


async def discard(graph: Graph, viewer: Viewer, *, draft: EventId, expected_version: int) -> Discarded:
    """Throw a draft away, with who is considered for it, in one transaction.

    It can be brought back for :data:`KEPT_FOR`; what was thrown away before that is gone for good then.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchDraft: there is no such draft.
        AlreadyPublished: it is an event by now.
        OtherVersion: the draft has another version than is expected.
    """
    _ensure_may(viewer, "discard drafts of events")

    async def work(tx: Transaction) -> Discarded:
        await _held(tx, draft, expected_version)
        (row,) = await tx.run(CONSIDERED, **viewer.sight, draft=draft)
        at = datetime.now(UTC)
        await tx.run(LAY_ASIDE, draft=draft, at=at)
        await tx.run(FORGET, until=at - KEPT_FOR)
        await record(tx, viewer, verb="draft discarded", subject=f"draft:{draft}")
        return Discarded(draft, row["considered"])

    return await graph.transact(work)


async def restore(graph: Graph, viewer: Viewer, *, draft: EventId) -> Draft:
    """Bring back a draft that was thrown away, with who was considered for it, in one transaction.

    One that was brought back already is told as it is.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchDraft: there is none of this id, or it was thrown away longer ago than :data:`KEPT_FOR`.
        AlreadyPublished: it is an event by now.
    """
    _ensure_may(viewer, "bring back drafts of events")

    async def work(tx: Transaction) -> Draft:
        await hold_stamps(tx)
        if await tx.run(TAKE_UP, draft=draft, since=datetime.now(UTC) - KEPT_FOR):
            await record(tx, viewer, verb="draft brought back", subject=f"draft:{draft}")
        return await _there(tx, draft)

    return await graph.transact(work)


async def forget_discarded(graph: Graph) -> None:
    """Remove for good what was thrown away longer ago than :data:`KEPT_FOR`, with who was considered for it.

    Where there is nothing to remove nothing is written, so that a graph which takes no writes opens.
    """
    until = datetime.now(UTC) - KEPT_FOR
    if (await graph.read(IS_OVERDUE, until=until))[0]["is_overdue"]:
        await graph.write(FORGET, until=until)


async def _held(tx: Transaction, draft: EventId, expected_version: int) -> Draft:
    """A draft as it is, while nobody else can change it."""
    await hold_stamps(tx)
    await tx.run(HOLD, draft=draft)
    held = await _there(tx, draft)
    if held.version != expected_version:
        raise OtherVersion(held.version)
    return held


async def _there(tx: Transaction, draft: EventId) -> Draft:
    rows = await tx.run(DRAFTS, **_only([draft]))
    if not rows:
        (row,) = await tx.run(IS_EVENT, draft=draft)
        raise AlreadyPublished(draft) if row["is_event"] else NoSuchDraft(draft)
    return Draft.from_row(rows[0])


def _only(ids: Sequence[str]) -> dict[str, Any]:
    """The parameters of :data:`DRAFTS` for the drafts of these ids."""
    return {"drafts": list(ids), "at": None, "after": "", "limit": len(ids)}


async def _read(tx: Transaction, draft: str) -> Draft:
    (row,) = await tx.run(DRAFTS, **_only([draft]))
    return Draft.from_row(row)


async def _made(tx: Transaction, draft: str) -> Draft:
    rows = await tx.run(DRAFTS, **_only([draft]))
    if not rows:
        raise KeySpent(Wording("that draft was published or discarded"))
    return Draft.from_row(rows[0])


async def _free_id(tx: Transaction, title: str) -> EventId:
    for slug in slugs(title, otherwise="event"):
        draft = f"{slug[:LONGEST_SLUG].strip('-')}-{secrets.token_hex(4)}"
        (row,) = await tx.run(IS_TAKEN, id=draft)
        if not row["is_taken"]:
            return EventId(draft)
    raise AssertionError  # there is always a next one


def _said(said: Mapping[str, Any]) -> list[str]:
    """The fields of which something is said."""
    return [name for name, value in said.items() if value not in (None, [])]


def _made_at(after: Cursor) -> datetime:
    try:
        at = datetime.fromisoformat(after.key[0])
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise NotACursor(str(after))
    return at


def _ensure_may(viewer: Viewer, action: str) -> None:
    refuse_unless(may_draft(viewer), action, who=WHO)


def _ensure_may_read(viewer: Viewer) -> None:
    refuse_unless(may_read_drafts(viewer), "see drafts of events", who=WHO)
