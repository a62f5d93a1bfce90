"""Answers that speakers gave from their own calendars, taken down by organisers, or by a program for them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry
from strawberry import Private

from api.graphql.context import Info
from api.graphql.errors import Invalid, NotAllowed, NotFound, RateLimited, as_error, invalid
from api.graphql.nouns import Asked, one, own_id, type_of
from graph import speaking
from graph.errors import NoSuchEvent
from graph.permissions import NotAllowed as NotAllowedError
from graph.speaking import Outcome, State
from graph.values import EventId

__all__ = ["CalendarRepliesMutation"]

MOST_REPLIES = 40

strawberry.enum(Outcome, name="CalendarReplyOutcome", description="What became of an answer from a calendar.")


@strawberry.enum(description="What a calendar answers (PARTSTAT of RFC 5545).")
class CalendarAnswer(StrEnum):
    """The two answers that are taken down."""

    ACCEPTED = State.ACCEPTED.value
    DECLINED = State.DECLINED.value


@strawberry.input(description="An answer from a calendar: what an iCalendar file with METHOD:REPLY says.")
class CalendarReplyInput:
    """Who answered what, to which entry."""

    uid: str = strawberry.field(description="The UID of the entry.")
    email: str = strawberry.field(description="The address of the ATTENDEE, without mailto.")
    answer: CalendarAnswer = strawberry.field(description="Their PARTSTAT.")
    at: datetime | None = strawberry.field(default=None, description="The DTSTAMP, with its offset.")


@strawberry.input(description="Answers to one event, the oldest first.")
class RecordCalendarRepliesInput:
    """An event and answers."""

    event: strawberry.ID = strawberry.field(description="The event.")
    replies: list[CalendarReplyInput] = strawberry.field(
        description=f"The answers, at most {MOST_REPLIES}; of one address the last counts."
    )


@strawberry.type(description="What became of an answer from a calendar.")
class CalendarReply:
    """Wraps an answer and its outcome."""

    value: Private[speaking.Replied]

    @strawberry.field(description="The address that it came from.")
    def email(self) -> str:
        return self.value.reply.email

    @strawberry.field(description="What became of it.")
    def outcome(self) -> Outcome:
        return self.value.outcome

    @strawberry.field(description="Who gave it; null where that is not certain.", graphql_type=type_of("Expert") | None)
    def expert(self) -> Asked | None:
        return one("Expert", self.value.expert) if self.value.expert else None

    @strawberry.field(description="Where they stand now; null where it is not certain who gave it.")
    def state(self) -> State | None:
        return self.value.state


@strawberry.type(description="Answers were looked at, and taken down where that was possible.")
class CalendarRepliesRecorded:
    """What became of each."""

    replies: list[CalendarReply] = strawberry.field(
        description="One for each address: those to other events first, then the rest in the order given."
    )


RecordCalendarRepliesPayload = Annotated[
    CalendarRepliesRecorded | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("RecordCalendarRepliesPayload", description="What became of the answers, or why nothing did."),
]


@strawberry.type
class CalendarRepliesMutation:
    """What organisers take down of answers from calendars."""

    @strawberry.mutation(
        description="Take down what people who were asked to an event answered from their own calendars; an answer "
        "that is outdated, impossible or of nobody certain changes nothing, and once more nothing does. For organisers "
        "and administrators."
    )
    async def record_calendar_replies(
        self, info: Info, input: Annotated[RecordCalendarRepliesInput, strawberry.argument(description="Which.")]
    ) -> RecordCalendarRepliesPayload:
        if len(input.replies) > MOST_REPLIES:
            wrong = f"These are {len(input.replies):,} answers; give at most {MOST_REPLIES} at once."
            return invalid(wrong, field="input.replies")
        try:
            made = await speaking.take_replies(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                replies=[
                    speaking.Reply(each.uid, each.email, State(each.answer.value), each.at) for each in input.replies
                ],
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except NotAllowedError as error:
            return as_error(error)
        return CalendarRepliesRecorded(replies=[CalendarReply(value=each) for each in made])
