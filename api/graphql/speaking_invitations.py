"""Who was invited to speak and has not answered, for organisers; and to what people themselves were invited."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Private

import api.graphql.matching  # noqa: F401 -- what a search found is told in its words
from api.graphql.context import Info
from api.graphql.nouns import Asked, one, own_id, type_of
from graph import speaking
from graph.speaking import (
    State,
)
from graph.values import EventId

__all__ = ["SpeakingInvitationsQuery"]


@strawberry.type(description="That the viewer was invited to speak at an event.")
class SpeakingInvitation:
    """Wraps an own invitation."""

    value: Private[speaking.SpeakingInvitation]

    @strawberry.field(description="The event; null once it is there no more.", graphql_type=type_of("Event") | None)
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="What became of it.")
    def state(self) -> State:
        return self.value.state

    @strawberry.field(description="When they were invited last.")
    def invited_at(self) -> datetime:
        return self.value.invited_at

    @strawberry.field(description="Since when it is so.")
    def changed_at(self) -> datetime:
        return self.value.changed_at

    @strawberry.field(description="Until when an answer is waited for, while one is.")
    def answer_by(self) -> datetime | None:
        return self.value.answer_by


@strawberry.type(description="Somebody who was asked to speak at an event to come and has not answered.")
class UnansweredInvitation:
    """Wraps who is waited for."""

    value: Private[speaking.Unanswered]

    @strawberry.field(description="The candidacy's id.")
    def candidacy(self) -> strawberry.ID:
        return strawberry.ID(self.value.candidacy)

    @strawberry.field(description="The candidacy's version, for advanceCandidacy.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="The event.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="INVITED or REMINDED.")
    def state(self) -> State:
        return self.value.state

    @strawberry.field(description="When they were asked or reminded last.")
    def asked_at(self) -> datetime:
        return self.value.asked_at

    @strawberry.field(description="Until when they were to answer; null if nobody said.")
    def answer_by(self) -> datetime | None:
        return self.value.answer_by

    @strawberry.field(description="How often they were reminded.")
    def reminders(self) -> int:
        return self.value.reminders

    @strawberry.field(description="Whether it is later than that.")
    def is_overdue(self) -> bool:
        return self.value.is_overdue


@strawberry.type
class SpeakingInvitationsQuery:
    """Whom organisers wait for, and what people ask of their own invitations."""

    @strawberry.field(
        description="Who was asked to speak at events to come, or at one of them, and has not answered; whose answer "
        "is due first comes first. For organisers and administrators."
    )
    async def unanswered_invitations(
        self,
        info: Info,
        event: Annotated[strawberry.ID | None, strawberry.argument(description="The event's id; null: all.")] = None,
    ) -> list[UnansweredInvitation]:
        found = await speaking.unanswered(
            info.context.network.graph,
            info.context.viewer,
            event=None if event is None else EventId(own_id(event, "Event")),
        )
        return [UnansweredInvitation(value=one) for one in found]

    @strawberry.field(
        description="To which events the viewer was invited to speak, and what became of it; empty for who is nobody "
        "of the network's people."
    )
    async def my_speaking_invitations(self, info: Info) -> list[SpeakingInvitation]:
        found = await speaking.own_invitations(info.context.network.graph, info.context.viewer)
        return [SpeakingInvitation(value=one) for one in found]
