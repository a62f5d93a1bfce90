"""Shortlists of speakers: who is on them, and what organisers do with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from api.door.limits import Limited, spend
from api.graphql.candidacies import Candidacy, CandidacyConnection, EventIdArgument, NotReachable
from api.graphql.context import Info
from api.graphql.errors import Conflict, Error, Invalid, NotAllowed, NotFound, RateLimited, as_error, invalid
from api.graphql.letters import SpeakerLetterInput, send_soon
from api.graphql.nouns import own_id
from api.graphql.paging import MOST_AT_ONCE, After, First, cursor_of, first_of
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
    EventNotPublished,
    NoSuchCandidacy,
    NotRecorded,
    Proposed,
    ShortlistFull,
    State,
)
from graph.speaking import ImpossibleStep as ImpossibleStepError
from graph.speaking import NotReachable as NotReachableError
from graph.values import EventId, ExpertId

__all__ = ["ShortlistsMutation", "ShortlistsQuery"]


@strawberry.input(description="Somebody for a shortlist.")
class ProposedSpeaker:
    """A person and a note."""

    expert: strawberry.ID = strawberry.field(description="The person.")
    note: str = strawberry.field(default="", description="What organisers are to know of them, for organisers alone.")


@strawberry.input(description="Whom to consider for an event.")
class ShortlistExpertsInput:
    """An event, people, and the key by which they are added once."""

    event: strawberry.ID = strawberry.field(description="The event, or a draft of one.")
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

    event: strawberry.ID = strawberry.field(description="The event, or a draft of one.")
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
        default=None,
        description="Until when an answer is waited for, with its offset; for INVITED and REMINDED. Where a letter "
        "goes out, neither past nor after the event begins.",
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


@strawberry.type
class ShortlistsQuery:
    """What organisers ask of those who are considered for an event."""

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


WRONG_IN_SEARCH: Mapping[type[GraphError], str] = {
    **dict.fromkeys((KeyUnfit, KeyOfOther, KeySpent), "input.idempotencyKey"),
    **dict.fromkeys((EmptyQuestion, QuestionTooLong), "input.question"),
    UnknownFilterValue: "input.topic",
}
WRONG_IN_STEP: Mapping[type[GraphError], str] = {
    **dict.fromkeys((EventCancelled, EventNotBegun, EventNotPublished, NotRecorded), "input.to"),
}
"""The field that each of these errors is about."""

STEP_REFUSED: tuple[type[GraphError], ...] = (
    *(NoSuchCandidacy, OtherVersion, ImpossibleStepError, NotReachableError, NotAllowedError, InvalidFields),
    *(EventCancelled, EventNotBegun, EventNotPublished, NotRecorded, UnfitText),
)


@strawberry.type
class ShortlistsMutation:
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
