"""Who is considered as a speaker, for organisers; and to what people themselves were invited."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry import Private, relay

import api.graphql.matching  # noqa: F401 -- what a search found is told in its words
from api.asking import months_ago
from api.door.limits import Limited, spend
from api.graphql.context import Info
from api.graphql.errors import Conflict, Error, Invalid, NotAllowed, NotFound, RateLimited, as_error, invalid
from api.graphql.letters import SpeakerLetter, SpeakerLetterInput, SpeakerReply, send_soon
from api.graphql.nouns import Asked, DateInterval, one, own_id, type_of
from api.graphql.paging import MOST_AT_ONCE, After, First, cursor_of, first_of, page_info
from graph import search, speaking
from graph.errors import GraphError, NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields
from graph.filters import UnknownFilterValue
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.search import EmptyQuestion, QuestionTooLong
from graph.speaking import (
    CandidacyId,
    EventCancelled,
    EventNotBegun,
    NoSuchCandidacy,
    NotRecorded,
    Proposed,
    ShortlistFull,
    State,
)
from graph.speaking import ImpossibleStep as ImpossibleStepError
from graph.speaking import NotReachable as NotReachableError
from graph.values import EventId, ExpertId, Page, Period

__all__ = ["SpeakingMutation", "SpeakingQuery"]

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

    @strawberry.field(description="The event.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event)

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


@strawberry.type(description="How often people of one group came so far; each person and event counts once.")
class FairnessShare:
    """Wraps a share."""

    value: Private[speaking.Share]

    @strawberry.field(
        description="The group: a region (UN M49), a gender, a language (BCP 47) or an organisation, by its id; null "
        "for those who say nothing of it or do not show it."
    )
    def group(self) -> str | None:
        return self.value.group

    @strawberry.field(description="How often they came onto a shortlist.")
    def shortlisted(self) -> int:
        return self.value.shortlisted

    @strawberry.field(description="How often they were invited.")
    def invited(self) -> int:
        return self.value.invited

    @strawberry.field(description="How often they said yes.")
    def accepted(self) -> int:
        return self.value.accepted

    @strawberry.field(description="How often they spoke, also where no invitation is on record.")
    def spoke(self) -> int:
        return self.value.spoke


@strawberry.type(description="Somebody who was asked again and again.")
class AskedOften:
    """Wraps who was asked how often."""

    value: Private[speaking.TimesAsked]

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="To how many events they were invited, or were on the programme.")
    def times(self) -> int:
        return self.value.times


@strawberry.type(description="Who was thought of, asked and heard, by group, the largest first.")
class Fairness:
    """Wraps the figures."""

    value: Private[speaking.Fairness]

    @strawberry.field(description="In all.")
    def total(self) -> FairnessShare:
        return FairnessShare(value=self.value.total)

    @strawberry.field(description="By region, the broadest below the world.")
    def regions(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.regions]

    @strawberry.field(description="By what people say their gender is.")
    def genders(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.genders]

    @strawberry.field(description="By language spoken; who speaks two counts in both.")
    def languages(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.languages]

    @strawberry.field(description="By where people work now.")
    def organisations(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.organisations]

    @strawberry.field(description="Who was asked more often than so many times, most first.")
    def asked_often(self) -> list[AskedOften]:
        return [AskedOften(value=one) for one in self.value.asked_often]


@strawberry.input(description="Somebody for a shortlist.")
class ProposedSpeaker:
    """A person and a note."""

    expert: strawberry.ID = strawberry.field(description="The person.")
    note: str = strawberry.field(default="", description="What organisers are to know of them, for organisers alone.")


@strawberry.input(description="Whom to consider for an event.")
class ShortlistExpertsInput:
    """An event, people, and the key by which they are added once."""

    event: strawberry.ID = strawberry.field(description="The event.")
    people: list[ProposedSpeaker] = strawberry.field(description="The people, in the order they are to be asked in.")
    idempotency_key: str = strawberry.field(
        description="A random text of the client's own, such as a UUID: asked again with the same key within two days, "
        "what was added then is told."
    )


@strawberry.input(
    description="By what to find people for an event: a question, a topic that they know, both; or, where neither is "
    "given, what the event says of itself."
)
class ShortlistMatchesInput:
    """An event, what to search by, and the key by which people are added once."""

    event: strawberry.ID = strawberry.field(description="The event.")
    idempotency_key: str = strawberry.field(description="As in ShortlistExpertsInput.")
    question: str | None = strawberry.field(default=None, description="A question, as for matchExperts.")
    topic: strawberry.ID | None = strawberry.field(
        default=None, description="A topic that they know, or narrower ones."
    )
    first: int = strawberry.field(default=10, description="How many people at most, 1 to 100.")


@strawberry.input(description="What organisers are to know of somebody who is considered.")
class SetCandidacyNoteInput:
    """A candidacy, the version that was seen, and the note."""

    id: strawberry.ID = strawberry.field(description="The candidacy's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    note: str = strawberry.field(description="The note; empty takes it away.")


@strawberry.input(description="Where in the line somebody is to stand.")
class MoveCandidacyInput:
    """A candidacy, the version that was seen, and the place."""

    id: strawberry.ID = strawberry.field(description="The candidacy's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    rank: int = strawberry.field(description="The place, from 1; beyond the end is the end.")


@strawberry.input(description="What became of somebody who is considered.")
class AdvanceCandidacyInput:
    """A candidacy, the version that was seen, and the step."""

    id: strawberry.ID = strawberry.field(description="The candidacy's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    to: State = strawberry.field(description="What they became.")
    reason: str = strawberry.field(default="", description="Why, for organisers alone.")
    answer_by: datetime | None = strawberry.field(
        default=None, description="Until when an answer is waited for, with its offset; for INVITED and REMINDED."
    )
    letter: SpeakerLetterInput | None = strawberry.field(
        default=None,
        description="The letter that goes out with it: for INVITED, REMINDED, CONFIRMED, and WITHDRAWN where they were "
        "asked. Null: none does.",
    )


@strawberry.type(description="People are considered for an event.")
class ExpertsShortlisted:
    """Who was added, and who was there."""

    added: list[Candidacy] = strawberry.field(description="Who was added.")
    already: list[Candidacy] = strawberry.field(description="Who was considered already, and stays as they are.")
    nobody: search.WhyNobody | None = strawberry.field(description="Where a search found nobody: why.")

    @classmethod
    def of(cls, made: speaking.Shortlisted) -> "ExpertsShortlisted":
        """From what the graph room says."""
        return cls(
            added=[Candidacy(value=one) for one in made.added],
            already=[Candidacy(value=one) for one in made.already],
            nobody=made.nobody,
        )


@strawberry.type(description="A candidacy was changed.")
class CandidacyChanged:
    """The candidacy."""

    candidacy: Candidacy = strawberry.field(description="The candidacy, as it is now.")


@strawberry.type(description="Something became of somebody who is considered.")
class CandidacyAdvanced:
    """The candidacy, and who is next."""

    candidacy: Candidacy = strawberry.field(description="The candidacy, as it is now.")
    next_in_line: Candidacy | None = strawberry.field(
        description="Where their place on the panel is free now: who is shortlisted first, if anybody is."
    )


@strawberry.type(description="That cannot follow on what they are.")
class ImpossibleStep(Error):
    """A step that the table of transitions does not have."""

    state: State = strawberry.field(description="What they are.")
    possible: list[State] = strawberry.field(description="What they can become from here.")


@strawberry.type(
    description="A letter is wanted, and they show organisers no address, or do not agree to be contacted."
)
class NotReachable(Error):
    """Somebody who has to be asked another way."""


ShortlistExpertsPayload = Annotated[
    ExpertsShortlisted | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("ShortlistExpertsPayload", description="Who is considered now, or why nobody was added."),
]
ShortlistMatchesPayload = Annotated[
    ExpertsShortlisted | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("ShortlistMatchesPayload", description="Who is considered now, or why nobody was added."),
]
SetCandidacyNotePayload = Annotated[
    CandidacyChanged | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("SetCandidacyNotePayload", description="The candidacy, or why nothing was changed."),
]
MoveCandidacyPayload = Annotated[
    CandidacyChanged | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("MoveCandidacyPayload", description="The candidacy, or why nothing was changed."),
]
AdvanceCandidacyPayload = Annotated[
    CandidacyAdvanced | ImpossibleStep | NotReachable | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("AdvanceCandidacyPayload", description="The candidacy, or why nothing became of them."),
]

EventIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The event's id.")]


@strawberry.type
class SpeakingQuery:
    """What organisers ask of speakers, and people of their own invitations."""

    @strawberry.field(
        description="Who is considered as a speaker at an event, in the organisers' order; for organisers and "
        "administrators."
    )
    async def shortlist(
        self, info: Info, event: EventIdArgument, first: First = 20, after: After = None
    ) -> CandidacyConnection:
        page = await speaking.page(
            info.context.network.graph,
            info.context.viewer,
            event=EventId(own_id(event, "Event")),
            first=first_of(first),
            after=cursor_of(after),
        )
        return CandidacyConnection(value=page, after=after)

    @strawberry.field(
        description="Who is to be asked next to an event: the first who is shortlisted; null if nobody is. For "
        "organisers and administrators."
    )
    async def next_in_line(self, info: Info, event: EventIdArgument) -> Candidacy | None:
        found = await speaking.next_in_line(
            info.context.network.graph, info.context.viewer, event=EventId(own_id(event, "Event"))
        )
        return None if found is None else Candidacy(value=found)

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
        description="How often each region, gender, language and organisation was shortlisted, invited, said yes and "
        "spoke from one day to another, both included (UTC); for organisers and administrators."
    )
    async def fairness(
        self,
        info: Info,
        since: Annotated[date, strawberry.argument(description="The first day.")],
        until: Annotated[date, strawberry.argument(description="The last day.")],
        more_than: Annotated[
            int, strawberry.argument(description="Who was asked more often than so many times is in askedOften.")
        ] = 3,
    ) -> Fairness:
        found = await speaking.fairness(
            info.context.network.graph, info.context.viewer, since=since, until=until, more_than=more_than
        )
        return Fairness(value=found)

    @strawberry.field(
        description="To which events the viewer was invited to speak, and what became of it; empty for who is nobody "
        "of the network's people."
    )
    async def my_speaking_invitations(self, info: Info) -> list[SpeakingInvitation]:
        found = await speaking.own_invitations(info.context.network.graph, info.context.viewer)
        return [SpeakingInvitation(value=one) for one in found]


WRONG_IN_SEARCH: Mapping[type[GraphError], str] = {
    **dict.fromkeys((KeyUnfit, KeyOfOther, KeySpent), "input.idempotencyKey"),
    **dict.fromkeys((EmptyQuestion, QuestionTooLong), "input.question"),
    UnknownFilterValue: "input.topic",
}
WRONG_IN_STEP: Mapping[type[GraphError], str] = {
    **dict.fromkeys((EventCancelled, EventNotBegun, NotRecorded), "input.to"),
}
"""The field that each of these errors is about."""

STEP_REFUSED: tuple[type[GraphError], ...] = (
    *(NoSuchCandidacy, OtherVersion, ImpossibleStepError, NotReachableError, NotAllowedError, InvalidFields),
    *(EventCancelled, EventNotBegun, NotRecorded, UnfitText),
)


@strawberry.type
class SpeakingMutation:
    """What organisers do with those who are considered as speakers."""

    @strawberry.mutation(
        description="Put people on an event's shortlist; who is there already stays as they are. For organisers and "
        "administrators."
    )
    async def shortlist_experts(
        self, info: Info, input: Annotated[ShortlistExpertsInput, strawberry.argument(description="Whom.")]
    ) -> ShortlistExpertsPayload:
        people = [Proposed(ExpertId(own_id(one.expert, "Expert")), one.note) for one in input.people]
        try:
            made = await speaking.shortlist(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                people=people,
                idempotency_key=input.idempotency_key,
            )
        except (NoSuchEvent, NoSuchExpert) as error:
            return NotFound(message=str(error))
        except (KeyUnfit, KeyOfOther, KeySpent) as error:
            return as_error(error, field="input.idempotencyKey")
        except (UnfitText, ShortlistFull) as error:
            return as_error(error, field="input.people")
        except NotAllowedError as error:
            return as_error(error)
        return ExpertsShortlisted.of(made)

    @strawberry.mutation(
        description="Put people on an event's shortlist whom a search finds; it is counted as a question, too. For "
        "organisers and administrators."
    )
    async def shortlist_matches(
        self, info: Info, input: Annotated[ShortlistMatchesInput, strawberry.argument(description="By what.")]
    ) -> ShortlistMatchesPayload:
        if not 1 <= input.first <= MOST_AT_ONCE:
            wrong = f"first is {input.first}; ask for 1 to {MOST_AT_ONCE} at once."
            return invalid(wrong, field="input.first")
        await spend(info, Limited.SEARCH)
        try:
            made = await speaking.shortlist_found(
                info.context.network.graph,
                info.context.viewer,
                search=info.context.network.search,
                event=EventId(own_id(input.event, "Event")),
                question=input.question,
                topic=None if input.topic is None else own_id(input.topic, "Topic"),
                first=input.first,
                idempotency_key=input.idempotency_key,
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except (
            *(NotAllowedError, ShortlistFull, KeyUnfit, KeyOfOther, KeySpent),
            *(EmptyQuestion, QuestionTooLong, UnknownFilterValue),
        ) as error:
            return as_error(error, field=WRONG_IN_SEARCH.get(type(error)))
        return ExpertsShortlisted.of(made)

    @strawberry.mutation(description="Say what organisers are to know of somebody who is considered.")
    async def set_candidacy_note(
        self, info: Info, input: Annotated[SetCandidacyNoteInput, strawberry.argument(description="The note.")]
    ) -> SetCandidacyNotePayload:
        try:
            made = await speaking.set_note(
                info.context.network.graph,
                info.context.viewer,
                id=CandidacyId(input.id),
                expected_version=input.expected_version,
                note=input.note,
            )
        except NoSuchCandidacy as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except UnfitText as error:
            return as_error(error, field="input.note")
        except NotAllowedError as error:
            return as_error(error)
        return CandidacyChanged(candidacy=Candidacy(value=made))

    @strawberry.mutation(description="Put somebody who is considered in another place of the line.")
    async def move_candidacy(
        self, info: Info, input: Annotated[MoveCandidacyInput, strawberry.argument(description="Where.")]
    ) -> MoveCandidacyPayload:
        try:
            made = await speaking.move(
                info.context.network.graph,
                info.context.viewer,
                id=CandidacyId(input.id),
                expected_version=input.expected_version,
                rank=input.rank,
            )
        except NoSuchCandidacy as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return CandidacyChanged(candidacy=Candidacy(value=made))

    @strawberry.mutation(
        description="Take down, for good, that something became of somebody who is considered, with a letter to them "
        "if one is wanted."
    )
    async def advance_candidacy(
        self, info: Info, input: Annotated[AdvanceCandidacyInput, strawberry.argument(description="The step.")]
    ) -> AdvanceCandidacyPayload:
        try:
            made = await speaking.advance(
                info.context.network.graph,
                info.context.viewer,
                id=CandidacyId(input.id),
                expected_version=input.expected_version,
                to=input.to,
                reason=input.reason,
                answer_by=input.answer_by,
                letter=None if input.letter is None else input.letter.wanted(),
            )
        except STEP_REFUSED as error:
            return _not_advanced(error)
        send_soon(info)
        next_in_line = None if made.next_in_line is None else Candidacy(value=made.next_in_line)
        return CandidacyAdvanced(candidacy=Candidacy(value=made.candidacy), next_in_line=next_in_line)


def _not_advanced(error: GraphError) -> ImpossibleStep | NotReachable | NotAllowed | NotFound | Invalid | Conflict:
    """Why nothing became of somebody."""
    if isinstance(error, NoSuchCandidacy):
        return NotFound(message=str(error))
    if isinstance(error, OtherVersion):
        return Conflict.of(error)
    if isinstance(error, ImpossibleStepError):
        return ImpossibleStep(message=str(error), state=error.state, possible=list(error.possible))
    if isinstance(error, NotReachableError):
        return NotReachable(message=str(error))
    field = WRONG_IN_STEP.get(type(error))
    if isinstance(error, UnfitText):
        field = "input.reason" if error.field == "reason" else f"input.letter.{error.field}"
    return as_error(error, field=field)
