"""People considered as speakers, each with why, what became of it, what they did before and what speaks against it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Private, relay

import api.graphql.matching  # noqa: F401 -- what a search found is told in its words
from api.asking import months_ago
from api.graphql.context import Info
from api.graphql.drafts import EventDraft
from api.graphql.errors import Error
from api.graphql.letters import SpeakerLetter, SpeakerReply
from api.graphql.nouns import Asked, DateInterval, one, type_of
from api.graphql.paging import page_info
from graph import search, speaking
from graph.speaking import State
from graph.values import Page, Period

__all__ = ["Candidacy", "CandidacyConnection", "EventIdArgument", "NotReachable"]

LATELY_MONTHS = 6

strawberry.enum(
    State,
    name="CandidacyState",
    description="Where somebody stands who is considered as a speaker; docs/graphql.md tells what may follow on what.",
)
strawberry.enum(speaking.FoundBy, description="What brought somebody onto a shortlist.")
strawberry.enum(speaking.ConflictKind, name="SpeakerConflictKind", description="What speaks against asking somebody.")


def _several(noun: str, ids: Iterable[str]) -> Asked:
    return Asked([(noun, id) for id in ids], is_list=True)


@strawberry.type(description="That something became of somebody who is considered: kept for good.")
class CandidacyStep:
    """Wraps a step."""

    value: Private[speaking.Step]

    @strawberry.field(description="What they were before; null at first.")
    def before(self) -> State | None:
        return self.value.before

    @strawberry.field(description="What they became.")
    def to(self) -> State:
        return self.value.to

    @strawberry.field(description="When.")
    def at(self) -> datetime:
        return self.value.at

    @strawberry.field(description="Who said so, as in the change log.")
    def by(self) -> str:
        return self.value.by

    @strawberry.field(description="Why, in the organisers' words; empty where they said nothing.")
    def reason(self) -> str:
        return self.value.reason

    @strawberry.field(description="Whether it was taken back, or took another back; neither counts any more.")
    def is_undone(self) -> bool:
        return self.value.is_undone


@strawberry.type(description="Why somebody is on a shortlist: how they were found, and what spoke for them.")
class CandidacyGrounds:
    """Wraps grounds; what they name is read as it is now, as far as the viewer sees it."""

    value: Private[speaking.Grounds]

    @strawberry.field(description="What brought them there.")
    def found_by(self) -> speaking.FoundBy:
        return self.value.found_by

    @strawberry.field(description="The question that found them, if one did.")
    def question(self) -> str | None:
        return self.value.question

    @strawberry.field(description="How likely they fitted then; null for who was added by hand.")
    def strength(self) -> search.Strength | None:
        return self.value.strength

    @strawberry.field(
        description="The passages that found them.",
        graphql_type=list[type_of("Passage")],  # type: ignore[misc]
    )
    def passages(self) -> Asked:
        return _several("Passage", self.value.passages)

    @strawberry.field(
        description="Topics they know.",
        graphql_type=list[type_of("Topic")],  # type: ignore[misc]
    )
    def topics(self) -> Asked:
        return _several("Topic", self.value.topics)

    @strawberry.field(
        description="Events they spoke at about it.",
        graphql_type=list[type_of("Event")],  # type: ignore[misc]
    )
    def talks(self) -> Asked:
        return _several("Event", self.value.talks)

    @strawberry.field(
        description="The question's language, if they speak it.",
        graphql_type=list[type_of("Language")],  # type: ignore[misc]
    )
    def languages(self) -> Asked:
        return _several("Language", self.value.languages)


@strawberry.type(description="That somebody was asked to speak at an event.")
class SpeakerAsked:
    """Wraps what was asked."""

    value: Private[speaking.Asked]

    @strawberry.field(description="The event; null once it is there no more.", graphql_type=type_of("Event") | None)
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="When they were invited last.")
    def at(self) -> datetime:
        return self.value.at

    @strawberry.field(description="What became of it.")
    def state(self) -> State:
        return self.value.state

    @strawberry.field(description="When they said yes or no; null while they did not.")
    def answered_at(self) -> datetime | None:
        return self.value.answered_at


@strawberry.type(description="What somebody did as a speaker, the newest first, as far as the viewer sees it.")
class SpeakerHistory:
    """Wraps a history."""

    value: Private[speaking.History]

    @strawberry.field(
        description="Where they spoke.",
        graphql_type=list[type_of("Event")],  # type: ignore[misc]
    )
    def spoke(self) -> Asked:
        return _several("Event", (one.event for one in self.value.spoke))

    @strawberry.field(
        description="What they came to.",
        graphql_type=list[type_of("Event")],  # type: ignore[misc]
    )
    def attended(self) -> Asked:
        return _several("Event", (one.event for one in self.value.attended))

    @strawberry.field(description="What they were asked to, and what they said.")
    def asked(self) -> list[SpeakerAsked]:
        return [SpeakerAsked(value=one) for one in self.value.asked]


@strawberry.type(description="One thing that speaks against asking somebody; what its kind does not have is null.")
class SpeakerConflict:
    """Wraps a conflict."""

    value: Private[speaking.Conflict]

    @strawberry.field(description="What it is.")
    def kind(self) -> speaking.ConflictKind:
        return self.value.kind

    @strawberry.field(description="The other event.", graphql_type=type_of("Event") | None)
    def event(self) -> Asked | None:
        return one("Event", self.value.event) if self.value.event else None

    @strawberry.field(description="When that event is, or when they were asked to it.")
    def at(self) -> datetime | None:
        return self.value.at

    @strawberry.field(
        description="The organisation that is on the panel already.", graphql_type=type_of("Organisation") | None
    )
    def organisation(self) -> Asked | None:
        return one("Organisation", self.value.organisation) if self.value.organisation else None

    @strawberry.field(description="Who of that organisation it is.", graphql_type=type_of("Expert") | None)
    def expert(self) -> Asked | None:
        return one("Expert", self.value.expert) if self.value.expert else None

    @strawberry.field(description="The days on which they are away, both included.")
    def away(self) -> DateInterval | None:
        period: Period | None = self.value.period
        return period  # type: ignore[return-value]


@strawberry.type(description="One person considered as a speaker at one event; for organisers.")
class Candidacy:
    """Wraps a candidacy."""

    value: Private[speaking.Candidacy]

    @strawberry.field(description="Its id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="The event; null while it is a draft.", graphql_type=type_of("Event") | None)
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="The draft that they are considered for; null once it is published.")
    async def draft(self, info: Info) -> EventDraft | None:
        found = await info.context.load.draft.load(self.value.event)
        return None if found is None else EventDraft(value=found)

    @strawberry.field(description="Where they stand.")
    def state(self) -> State:
        return self.value.state

    @strawberry.field(description="What they can become from here, the event aside.")
    def possible(self) -> list[State]:
        return list(speaking.NEXT[self.value.state])

    @strawberry.field(description="Their place in the line, from 1.")
    def rank(self) -> int:
        return self.value.rank

    @strawberry.field(description="What organisers note on them; empty where they note nothing.")
    def note(self) -> str:
        return self.value.note

    @strawberry.field(description="Until when an answer is waited for; null while none is, or nobody said.")
    def answer_by(self) -> datetime | None:
        return self.value.answer_by

    @strawberry.field(description="How often they were reminded.")
    def reminders(self) -> int:
        return self.value.reminders

    @strawberry.field(description="Its version, which grows with every change of it.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="When they were shortlisted first.")
    def created_at(self) -> datetime:
        return self.value.created_at

    @strawberry.field(description="Why they are there.")
    def grounds(self) -> CandidacyGrounds:
        return CandidacyGrounds(value=self.value.grounds)

    @strawberry.field(description="All that became of them, the oldest first.")
    def steps(self) -> list[CandidacyStep]:
        return [CandidacyStep(value=one) for one in self.value.steps]

    @strawberry.field(description="What they did as a speaker before; null for who has just hidden.")
    async def history(self, info: Info) -> SpeakerHistory | None:
        found = await info.context.load.history.load(self.value.expert)
        return None if found is None else SpeakerHistory(value=found)

    @strawberry.field(description="Letters to them, the oldest first.")
    async def letters(self, info: Info) -> list[SpeakerLetter]:
        found = await info.context.load.correspondence.load(self.value.id)
        return [SpeakerLetter(value=one) for one in found.letters]

    @strawberry.field(description="What they answered themselves, the oldest first.")
    async def replies(self, info: Info) -> list[SpeakerReply]:
        found = await info.context.load.correspondence.load(self.value.id)
        return [SpeakerReply(value=one) for one in found.replies]

    @strawberry.field(description="What speaks against asking them.")
    async def conflicts(
        self,
        info: Info,
        asked_within_months: Annotated[
            int, strawberry.argument(description="For how many months another invitation is one of late, 1 to 120.")
        ] = LATELY_MONTHS,
    ) -> list[SpeakerConflict]:
        loader = info.context.load.conflicts(self.value.event, asked_since=months_ago(asked_within_months))
        return [SpeakerConflict(value=one) for one in await loader.load(self.value.expert)]


@strawberry.type(description="A candidacy with its place in the list.")
class CandidacyEdge:
    """A candidacy and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: Candidacy = strawberry.field(description="The candidacy.")


@strawberry.type(description="Part of the list of those who are considered for an event, in the organisers' order.")
class CandidacyConnection:
    """Wraps a page of candidacies."""

    value: Private[Page[speaking.Candidacy]]
    after: Private[str | None]

    @strawberry.field(description="The candidacies.")
    def edges(self) -> list[CandidacyEdge]:
        return [CandidacyEdge(cursor=str(cursor), node=Candidacy(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type(
    description="A letter is wanted, and they show organisers no address, or do not agree to be contacted."
)
class NotReachable(Error):
    """Somebody who has to be asked another way."""


EventIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The id of the event or draft.")]
