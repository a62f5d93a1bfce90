"""Who was at an event: looked up from a list, and taken down by organisers."""

from typing import Annotated

import strawberry
from strawberry import Private, relay

from api.graphql.candidacies import Candidacy
from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, own_id, type_of
from graph import speaking
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.speaking import Attendee, Certainty, EventCancelled, EventNotBegun, Ground, Present
from graph.values import EventId, ExpertId

__all__ = ["AttendanceMutation", "AttendanceQuery"]

strawberry.enum(
    Certainty, name="AttendeeCertainty", description="How certain it is whom a row of an attendance list means."
)
strawberry.enum(Ground, name="AttendeeGround", description="By what a row means somebody, or why it is not certain.")


@strawberry.input(description="A row of an attendance list.")
class AttendeeInput:
    """A number of the client's own, and a name, an address or both."""

    row: int = strawberry.field(description="The number of the row, told again in the answer.")
    name: str = strawberry.field(default="", description="The name in the list.")
    email: str = strawberry.field(default="", description="The e-mail address in the list.")


@strawberry.input(description="Somebody who was at an event.")
class PresentInput:
    """A person, and whether they spoke."""

    expert: strawberry.ID = strawberry.field(description="The person.")
    spoke: bool = strawberry.field(default=False, description="Whether they spoke.")
    talk: str | None = strawberry.field(
        default=None,
        description="What they spoke about, if that is known; without it, what they have on the agenda, else what is "
        "on record of the event already.",
    )


@strawberry.input(description="Who was at an event, and who was expected and was not.")
class RecordAttendanceInput:
    """An event and people."""

    event: strawberry.ID = strawberry.field(description="The event; it has begun and is not cancelled.")
    present: list[PresentInput] = strawberry.field(default_factory=list, description="Who was there.")
    absent: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Who was not: confirmed speakers, and whoever organisers took down as present by mistake.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The event's version that the viewer saw, where it matters; another is a Conflict."
    )


@strawberry.type(description="Whom a row of an attendance list means, as far as the viewer may know of them.")
class AttendeeMatch:
    """Wraps a match."""

    value: Private[speaking.MatchedAttendee]

    @strawberry.field(description="The row's number, as it was given.")
    def row(self) -> int:
        return self.value.row

    @strawberry.field(description="How certain it is.")
    def certainty(self) -> Certainty:
        return self.value.certainty

    @strawberry.field(description="By what; null where it is nobody.")
    def ground(self) -> Ground | None:
        return self.value.ground

    @strawberry.field(
        description="The one person whom it certainly means, or those whom it may mean, the likeliest first.",
        graphql_type=list[type_of("Expert")],  # type: ignore[misc]
    )
    def people(self) -> Asked:
        return Asked([("Expert", id) for id in self.value.people], is_list=True)


@strawberry.type(description="It is taken down who was at an event.")
class AttendanceRecorded:
    """Wraps what was recorded."""

    value: Private[speaking.Recorded]

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="Ids of those of whom something new was taken down.")
    def recorded(self) -> list[strawberry.ID]:
        return _ids(self.value.recorded)

    @strawberry.field(description="Ids of those of whom all of it was taken down before.")
    def already(self) -> list[strawberry.ID]:
        return _ids(self.value.already)

    @strawberry.field(
        description="Ids of those who do not show to organisers where they were, or withdrew their consent to be "
        "recorded: nothing was taken down of them."
    )
    def not_recorded(self) -> list[strawberry.ID]:
        return _ids(self.value.not_recorded)

    @strawberry.field(
        description="Ids of those who were said to be absent, but were neither to speak nor taken down as present."
    )
    def unexpected(self) -> list[strawberry.ID]:
        return _ids(self.value.unexpected)

    @strawberry.field(description="The candidacies that became SPOKE or ABSENT.")
    def advanced(self) -> list[Candidacy]:
        return [Candidacy(value=one) for one in self.value.advanced]


RecordAttendancePayload = Annotated[
    AttendanceRecorded | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("RecordAttendancePayload", description="What was taken down, or why nothing was."),
]


@strawberry.type
class AttendanceQuery:
    """What organisers ask of attendance lists."""

    @strawberry.field(
        description="Whom the rows of an attendance list mean, in their order; nobody is guessed. For organisers and "
        "administrators."
    )
    async def match_attendees(
        self,
        info: Info,
        event: Annotated[strawberry.ID, strawberry.argument(description="The event's id.")],
        attendees: Annotated[
            list[AttendeeInput], strawberry.argument(description="The rows, some dozens at once, in variables.")
        ],
    ) -> list[AttendeeMatch]:
        found = await speaking.match_attendees(
            info.context.network.graph,
            info.context.viewer,
            event=EventId(own_id(event, "Event")),
            rows=[Attendee(each.row, each.name, each.email) for each in attendees],
        )
        return [AttendeeMatch(value=each) for each in found]


@strawberry.type
class AttendanceMutation:
    """What organisers take down of attendance."""

    @strawberry.mutation(
        description="Take down who was at an event and who spoke there; no file that is loaded later undoes it, and "
        "once more it changes nothing. For organisers and administrators."
    )
    async def record_attendance(
        self, info: Info, input: Annotated[RecordAttendanceInput, strawberry.argument(description="Who.")]
    ) -> RecordAttendancePayload:
        try:
            made = await speaking.record_attendance(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                present=[
                    Present(ExpertId(own_id(each.expert, "Expert")), each.spoke, each.talk) for each in input.present
                ],
                absent=[ExpertId(own_id(id, "Expert")) for id in input.absent],
                expected_version=input.expected_version,
            )
        except (NoSuchEvent, NoSuchExpert) as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except (EventCancelled, EventNotBegun) as error:
            return as_error(error, field="input.event")
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        info.context.network.embedding.soon()
        return AttendanceRecorded(value=made)


def _ids(people: tuple[ExpertId, ...]) -> list[strawberry.ID]:
    return [strawberry.ID(relay.to_base64("Expert", id)) for id in people]
