"""Events made, copied, changed and cancelled by organisers in the network itself.

What they say is put on record as a source of its own, which counts before every file (graph.intake.amending): a
calendar that is loaded next does not undo it, and what organisers left alone follows the calendar. A cancelled event
stays, and says so. Whoever changes an event says which version they saw: who comes second is told so.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypedDict, cast

from graph.agenda import take_over
from graph.errors import NoSuchEvent
from graph.fields import (
    InvalidFields,
    Problem,
    capacity,
    line,
    one_of,
    paragraphs,
    time_zone,
    utc,
    web_address,
)
from graph.graph import Graph, Transaction
from graph.idempotency import keep, made_before
from graph.intake.known import Kind
from graph.passages import hold_stamps
from graph.permissions import may_organise, refuse_unless
from graph.programme import making
from graph.programme.making import WHO, Described, Made, country_code, ids, in_order
from graph.values import EventId
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "COPIED",
    "EVENT",
    "FORMATS",
    "KINDS",
    "ChangedEvent",
    "EventChanges",
    "EventCopy",
    "as_long",
    "cancel",
    "copy",
    "create",
    "update",
]

KINDS: Final = ("briefing", "launch", "workshop", "training", "conference", "meeting")
STATUSES: Final = ("confirmed", "tentative")
"""What organisers say of whether an event takes place; that it does not, they say by cancelling it."""
FORMATS: Final = ("online", "in-person", "hybrid")

COPY = "copyEvent"


class EventChanges(TypedDict, total=False):
    """What is to be said of an event from now on; None says nothing, also where a file says something."""

    title: str | None
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
    topics: Sequence[str] | None
    languages: Sequence[str] | None
    partners: Sequence[str] | None


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


EVENT: Final = Described(
    kind=Kind.EVENTS,
    label="Event",
    called=Wording("event"),
    plural="events",
    needed=("title", "kind"),
    nothing={
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
    },
    checks={
        "title": line,
        "kind": partial(one_of, KINDS),
        "format": partial(one_of, FORMATS),
        "status": partial(one_of, STATUSES),
        "starts_at": utc,
        "ends_at": utc,
        "time_zone": time_zone,
        "place": line,
        "capacity": capacity,
        "url": web_address,
        "description": paragraphs,
        "country": country_code,
        "series": str.strip,
    },
    lists={"topics": ids, "languages": ids, "partners": ids},
    fits=partial(
        in_order,
        first="starts_at",
        last="ends_at",
        wrong=Wording("The event would end before it starts; correct one of the two."),
    ),
    missing=NoSuchEvent,
)

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


async def create(graph: Graph, viewer: Viewer, *, given: EventChanges, idempotency_key: str | None) -> ChangedEvent:
    """Make an event, in one transaction; with the key of one that was made, that one again, as it is now.

    Raises:
        NotAllowed: the viewer is no organiser.
        InvalidFields: fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    return _changed(await making.create(graph, viewer, of=EVENT, given=given, idempotency_key=idempotency_key))


async def copy(
    graph: Graph,
    viewer: Viewer,
    *,
    event: EventId,
    given: EventCopy,
    idempotency_key: str | None,
    with_agenda: bool = False,
) -> ChangedEvent:
    """Make an event as an earlier one was, at the time given, in one transaction; with a key that made one, that again.

    It has what :data:`COPIED` names. Without an end it is as long as the earlier one, if that is known. ``with_agenda``
    it has what organisers wrote on the earlier one's agenda too, as much later as it is itself, without the speakers.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event.
        InvalidFields: the start is missing, or fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    refuse_unless(may_organise(viewer), "make events", who=WHO)
    at, made_by = datetime.now(UTC), uuid.uuid4().hex
    said_anew = {name: value for name, value in given.items() if value is not None}
    own = cast("EventChanges", {"starts_at": None, **said_anew})

    async def work(tx: Transaction) -> Made:
        asked = {"event": event, **own, **({"with_agenda": True} if with_agenda else {})}
        before = await made_before(tx, viewer, mutation=COPY, key=idempotency_key, given=asked)
        if before is not None:
            return await making.made_then(tx, EVENT, before)
        await hold_stamps(tx)
        earlier = await making.as_it_is(tx, EVENT, event)
        checked = await making.checked(tx, viewer, EVENT, own, {}, needed=("title", "starts_at"))
        ends_at = checked.get("ends_at") or as_long(checked["starts_at"], earlier)
        said = {**EVENT.nothing, **{name: earlier[name] for name in COPIED}, **checked, "ends_at": ends_at}
        fields = [name for name, value in said.items() if value not in (None, [])]
        made = await making.stored(tx, viewer, EVENT, said, fields=fields, made_by=made_by, at=at)
        if with_agenda:
            later_by = checked["starts_at"] - earlier["starts_at"] if earlier["starts_at"] else None
            await take_over(tx, earlier=event, event=EventId(made.id), later_by=later_by)
        await keep(tx, viewer, mutation=COPY, key=idempotency_key, result=made.id)
        return made

    return _changed(await graph.transact(work))


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
    changed = await making.update(graph, viewer, of=EVENT, id=event, expected_version=expected_version, changes=changes)
    return _changed(changed)


async def cancel(graph: Graph, viewer: Viewer, *, event: EventId, expected_version: int) -> ChangedEvent:
    """Say that an event does not take place; it stays where it is, with who was to speak. Once more changes nothing.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchEvent: there is no such event.
        OtherVersion: the event has another version than is expected.
    """
    refuse_unless(may_organise(viewer), "cancel events", who=WHO)

    async def work(tx: Transaction) -> Made:
        known = await making.held(tx, EVENT, event, expected_version)
        changes = {} if known["status"] == "cancelled" else {"status": "cancelled"}
        return await making.amended(tx, viewer, EVENT, known=known, changes=changes, verb="event cancelled")

    return _changed(await graph.transact(work))


def _changed(made: Made) -> ChangedEvent:
    return ChangedEvent(EventId(made.id), made.version)


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
            [Problem(("starts_at",), Wording("The event would end after the year 9999; start earlier."))]
        ) from None
    return ends_at
