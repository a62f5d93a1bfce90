"""The agenda of an event, written whole by organisers; it is read as part of the event (graph.model.agenda)."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, own_id, type_of
from graph.agenda import KINDS, MOST_ITEMS, MOST_SPEAKERS, AgendaItem, AgendaSet, AgendaSpeaker, Overlap, set_agenda
from graph.errors import NoSuchEvent
from graph.fields import InvalidFields
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.values import EventId, ExpertId

__all__ = ["AgendaMutation"]


@strawberry.input(description="Somebody who speaks at an item.")
class AgendaSpeakerInput:
    """A person, and as what they speak."""

    expert: strawberry.ID = strawberry.field(description="The person.")
    role: str | None = strawberry.field(default=None, description="As what, such as speaker or moderator.")


@strawberry.input(description="An item of an agenda.")
class AgendaItemInput:
    """What happens in a part of an event."""

    title: str = strawberry.field(description="Its title.")
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id that it has on this agenda, so that it stays the same item; none for a new one.",
    )
    kind: str | None = strawberry.field(
        default=None, description=f"What sort of item it is: {', '.join(KINDS[:-1])} or {KINDS[-1]}."
    )
    starts_at: datetime | None = strawberry.field(default=None, description="When it begins, with its offset.")
    ends_at: datetime | None = strawberry.field(default=None, description="When it ends, with its offset.")
    room: str | None = strawberry.field(default=None, description="The room.")
    language: str | None = strawberry.field(default=None, description="The language it is in (BCP 47).")
    description: str | None = strawberry.field(default=None, description="What it is about.")
    speakers: list[AgendaSpeakerInput] = strawberry.field(
        default_factory=list, description=f"Who speaks, in this order; {MOST_SPEAKERS} at most."
    )


@strawberry.input(description="The whole agenda of an event: what is not among the items is on it no more.")
class SetEventAgendaInput:
    """An event, the version of its agenda that was seen, and all its items."""

    event: strawberry.ID = strawberry.field(description="The event's id.")
    expected_version: int = strawberry.field(
        description="The event's agendaVersion that the viewer saw; another one is a Conflict."
    )
    items: list[AgendaItemInput] = strawberry.field(
        description=f"All of it, {MOST_ITEMS} at most; items of one time are told in this order."
    )


@strawberry.type(description="Somebody who is to speak at two items at one time.")
class AgendaOverlap:
    """Wraps an overlap."""

    value: Private[Overlap]

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="The ids of the two items, the earlier one first.")
    def items(self) -> list[strawberry.ID]:
        return [strawberry.ID(id) for id in self.value.items]


@strawberry.type(description="The agenda of an event was written.")
class EventAgendaSet:
    """Wraps what was written."""

    value: Private[AgendaSet]

    @strawberry.field(description="The event's id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(relay.to_base64("Event", self.value.event))

    @strawberry.field(description="The version that the agenda has now.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="The ids of its items, in the order in which they were given.")
    def items(self) -> list[strawberry.ID]:
        return [strawberry.ID(id) for id in self.value.items]

    @strawberry.field(
        description="The speakers who have not said yes to an invitation to speak at this event.",
        graphql_type=list[type_of("Expert")],  # type: ignore[misc]
    )
    def unconfirmed(self) -> Asked:
        return Asked([("Expert", id) for id in self.value.unconfirmed], is_list=True)

    @strawberry.field(description="Who is to speak at two items at one time; that is allowed.")
    def overlaps(self) -> list[AgendaOverlap]:
        return [AgendaOverlap(value=each) for each in self.value.overlaps]

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event)


SetEventAgendaPayload = Annotated[
    EventAgendaSet | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("SetEventAgendaPayload", description="The agenda's version, or why it was not written."),
]


@strawberry.type
class AgendaMutation:
    """What organisers do with agendas."""

    @strawberry.mutation(
        description="Write the whole agenda of an event; no file that is loaded later undoes it. For organisers and "
        "administrators."
    )
    async def set_event_agenda(
        self, info: Info, input: Annotated[SetEventAgendaInput, strawberry.argument(description="All that is on it.")]
    ) -> SetEventAgendaPayload:
        try:
            made = await set_agenda(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                expected_version=input.expected_version,
                items=[_item(each) for each in input.items],
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return EventAgendaSet(value=made)


def _item(given: AgendaItemInput) -> AgendaItem:
    return AgendaItem(
        title=given.title,
        id=given.id,
        kind=given.kind,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        room=given.room,
        language=given.language,
        description=given.description,
        speakers=tuple(
            AgendaSpeaker(ExpertId(own_id(speaker.expert, "Expert")), speaker.role) for speaker in given.speakers
        ),
    )
