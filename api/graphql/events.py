"""Events, made, copied, changed and cancelled by organisers."""

from datetime import datetime
from typing import Annotated, cast

import strawberry
from strawberry import UNSET, relay

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.organised import KEY_ABOUT, changes
from graph import event_changes
from graph.errors import NoSuchEvent
from graph.event_changes import ChangedEvent, EventChanges, EventCopy
from graph.fields import InvalidFields
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.values import EventId

__all__ = ["EventFields", "EventsMutation"]


@strawberry.input
class EventFields:
    """What is said of an event, or of a draft of one."""

    kind: str | None = strawberry.field(
        default=UNSET,
        description="What sort of event it is: briefing, launch, workshop, training, conference or meeting; an event "
        "has one.",
    )
    format: str | None = strawberry.field(default=UNSET, description="Online, in-person or hybrid, in small letters.")
    status: str | None = strawberry.field(
        default=UNSET,
        description="Whether it takes place: confirmed or tentative, in small letters; both of an event that was "
        "cancelled, too. To cancel one ask cancelEvent.",
    )
    starts_at: datetime | None = strawberry.field(default=UNSET, description="When it starts, with its offset.")
    ends_at: datetime | None = strawberry.field(default=UNSET, description="When it ends, with its offset.")
    time_zone: str | None = strawberry.field(default=UNSET, description="The time zone it is held in (IANA).")
    place: str | None = strawberry.field(default=UNSET, description="Where it is held, in words.")
    capacity: int | None = strawberry.field(
        default=UNSET, description="How many people it has room for: 1 to 1,000,000."
    )
    url: str | None = strawberry.field(default=UNSET, description="Its page.")
    description: str | None = strawberry.field(default=UNSET, description="What it is about.")
    country: strawberry.ID | None = strawberry.field(default=UNSET, description="Where it is held (ISO 3166).")
    series: strawberry.ID | None = strawberry.field(default=UNSET, description="The series that it is part of.")
    topics: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="All that it covers.")
    languages: list[str] | None = strawberry.field(default=UNSET, description="All languages it is held in (BCP 47).")
    partners: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All organisations that are partners in it."
    )


@strawberry.input(description="What an event is to be.")
class CreateEventInput(EventFields):
    """An event, and the key by which it is made once."""

    title: str = strawberry.field(description="Its title.")
    kind: str = strawberry.field(
        description="What sort of event it is: briefing, launch, workshop, training, conference or meeting."
    )
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)


@strawberry.input(
    description="What an event is to be. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateEventInput(EventFields):
    """An event, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    title: str | None = strawberry.field(default=UNSET, description="Its title; never null.")


@strawberry.input(
    description="Which event is to be held once more, and when. What is said of it is taken over: title, kind, format, "
    "series, topics, languages, country, place, time zone, capacity and description; its people, partners, status and "
    "page are not."
)
class CopyEventInput:
    """An earlier event, what the new one has of its own, and the key by which it is made once."""

    event: strawberry.ID = strawberry.field(description="The earlier event's id.")
    starts_at: datetime = strawberry.field(description="When the new one starts, with its offset.")
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)
    ends_at: datetime | None = strawberry.field(
        default=UNSET, description="When it ends, with its offset; else it is as long as the earlier one."
    )
    title: str | None = strawberry.field(default=UNSET, description="Its title; else that of the earlier one.")
    with_agenda: bool = strawberry.field(
        default=False,
        description="Whether what organisers wrote on its agenda is taken over, as much later, without the speakers.",
    )


@strawberry.input(description="Which event does not take place.")
class CancelEventInput:
    """An event, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.type(description="An event was made.")
class EventCreated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


@strawberry.type(description="An event was made as an earlier one was.")
class EventCopied:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The new event's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The new event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


@strawberry.type(description="An event was changed.")
class EventUpdated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


@strawberry.type(description="An event is cancelled; it stays in the calendar and says so.")
class EventCancelled:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


CreateEventPayload = Annotated[
    EventCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateEventPayload", description="The event, or why none was made."),
]
CopyEventPayload = Annotated[
    EventCopied | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("CopyEventPayload", description="The new event, or why none was made."),
]
UpdateEventPayload = Annotated[
    EventUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateEventPayload", description="The event's version, or why nothing was changed."),
]
CancelEventPayload = Annotated[
    EventCancelled | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("CancelEventPayload", description="The event's version, or why it was not cancelled."),
]


@strawberry.type
class EventsMutation:
    """What organisers do with events."""

    @strawberry.mutation(description="Make an event; for organisers and administrators.")
    async def create_event(
        self, info: Info, input: Annotated[CreateEventInput, strawberry.argument(description="The event.")]
    ) -> CreateEventPayload:
        try:
            made = await event_changes.create(
                info.context.network.graph,
                info.context.viewer,
                given=cast("EventChanges", changes(input, EventChanges)),
                idempotency_key=input.idempotency_key,
            )
        except (KeyUnfit, KeyOfOther, KeySpent) as error:
            return as_error(error, field="input.idempotencyKey")
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return EventCreated(id=_id(made), version=made.version)

    @strawberry.mutation(description="Make an event as an earlier one was, at another time; for whoever makes events.")
    async def copy_event(
        self, info: Info, input: Annotated[CopyEventInput, strawberry.argument(description="Which, and when.")]
    ) -> CopyEventPayload:
        try:
            made = await event_changes.copy(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                given=cast("EventCopy", changes(input, EventCopy)),
                idempotency_key=input.idempotency_key,
                with_agenda=input.with_agenda,
            )
        except (KeyUnfit, KeyOfOther, KeySpent) as error:
            return as_error(error, field="input.idempotencyKey")
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return EventCopied(id=_id(made), version=made.version)

    @strawberry.mutation(description="Change an event; no file that is loaded later undoes it.")
    async def update_event(
        self, info: Info, input: Annotated[UpdateEventInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateEventPayload:
        try:
            changed = await event_changes.update(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.id, "Event")),
                expected_version=input.expected_version,
                changes=cast("EventChanges", changes(input, EventChanges)),
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return EventUpdated(id=_id(changed), version=changed.version)

    @strawberry.mutation(description="Say that an event does not take place; it stays where it is.")
    async def cancel_event(
        self, info: Info, input: Annotated[CancelEventInput, strawberry.argument(description="Which event.")]
    ) -> CancelEventPayload:
        try:
            cancelled = await event_changes.cancel(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.id, "Event")),
                expected_version=input.expected_version,
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except NotAllowedError as error:
            return as_error(error)
        return EventCancelled(id=_id(cancelled), version=cancelled.version)


def _id(event: ChangedEvent) -> strawberry.ID:
    return strawberry.ID(relay.to_base64("Event", event.event))
