"""What organisers do with letters to speakers, and what speakers answer who are signed in."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.graphql.candidacies import Candidacy, NotReachable
from api.graphql.context import Info
from api.graphql.errors import Error, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.letters import SpeakerLetter, SpeakerLetterInput, http_request, send_soon
from api.graphql.nouns import own_id
from api.settings import base_url
from api.speaking.composing import previewed
from graph import speaking
from graph.errors import NoSuchEvent
from graph.invitations import UnfitText
from graph.network import describe
from graph.permissions import NotAllowed as NotAllowedError
from graph.speaking import (
    Answer,
    AnswerLinkEnded,
    CandidacyId,
    LetterId,
    NoSuchLetter,
    Occasion,
    State,
    Wanted,
)
from graph.speaking import CannotAnswer as CannotAnswerError
from graph.speaking import NotReachable as NotReachableError
from graph.values import EventId

__all__ = ["SpeakerLettersMutation", "SpeakerLettersQuery"]


@strawberry.type(description="What a letter to a speaker would say; nothing is sent.")
class SpeakerLetterText:
    """The text as it would leave, but for the secret of its link."""

    subject: str = strawberry.field(description="The subject.")
    text: str = strawberry.field(description="The text, in which the answer link ends in dots.")
    language: str = strawberry.field(description="Its language, by its BCP 47 tag.")


@strawberry.input(description="Which event's speakers to tell of what changed.")
class TellSpeakersInput:
    """An event and words."""

    event: strawberry.ID = strawberry.field(description="The event.")
    note: str = strawberry.field(default="", description="The organisers' own words to them.")


@strawberry.input(description="What became of a letter that had left.")
class RecordLetterReturnInput:
    """A letter, and why it came back."""

    letter: strawberry.ID = strawberry.field(description="The letter's id: its Message-ID before the @.")
    fault: str = strawberry.field(default="", description="Why it came back, without the address.")
    is_complaint: bool = strawberry.field(
        default=False,
        description="Whether they complained of it: they are then written to no more until they agree to it again.",
    )


@strawberry.input(description="What the viewer answers to an invitation to speak.")
class AnswerSpeakingInvitationInput:
    """An event and an answer."""

    event: strawberry.ID = strawberry.field(description="The event that they were invited to.")
    answer: Answer = strawberry.field(description="The answer.")
    reason: str = strawberry.field(default="", description="Why, or which other time would do: needed for OTHER_TIME.")
    suggestion: str = strawberry.field(default="", description="Who else could speak.")


@strawberry.type(description="Who is written to of what changed.")
class SpeakersTold:
    """Those who get a letter, and those who cannot."""

    written: list[Candidacy] = strawberry.field(
        description="Who gets a letter: all who had one before, are on the panel or asked, and do not know it yet."
    )
    not_reachable: list[Candidacy] = strawberry.field(
        description="Who no longer shows an address, or whose last letter bounced: tell them yourself."
    )


@strawberry.type(description="It is taken down that a letter came back.")
class LetterReturnRecorded:
    """The letter."""

    letter: SpeakerLetter = strawberry.field(description="The letter, as it is now.")


@strawberry.input(description="Which letter to a speaker is to go out once more.")
class SendLetterAgainInput:
    """A letter."""

    letter: strawberry.ID = strawberry.field(description="The id of a letter that failed or bounced.")


@strawberry.type(description="Another letter waits, for the same.")
class LetterSentAgain:
    """The new letter."""

    letter: SpeakerLetter = strawberry.field(description="The new letter.")


@strawberry.type(description="The answer is taken down.")
class SpeakingInvitationAnswered:
    """Where the viewer stands now."""

    state: State = strawberry.field(description="What became of the invitation.")
    possible: list[Answer] = strawberry.field(description="What they can answer from here.")


@strawberry.type(description="That is no answer to what they were asked, as things stand.")
class CannotAnswer(Error):
    """Nothing, or something else, is asked."""

    possible: list[Answer] = strawberry.field(description="What can be answered.")


TellSpeakersPayload = Annotated[
    SpeakersTold | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("TellSpeakersPayload", description="Who is written to, or why nobody is."),
]
RecordLetterReturnPayload = Annotated[
    LetterReturnRecorded | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("RecordLetterReturnPayload", description="The letter, or why nothing was taken down."),
]
SendLetterAgainPayload = Annotated[
    LetterSentAgain | NotReachable | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("SendLetterAgainPayload", description="The new letter, or why there is none."),
]
AnswerSpeakingInvitationPayload = Annotated[
    SpeakingInvitationAnswered | CannotAnswer | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("AnswerSpeakingInvitationPayload", description="What became of it, or why nothing was answered."),
]


@strawberry.type
class SpeakerLettersQuery:
    """What organisers look at before a letter goes out."""

    @strawberry.field(
        description="What a letter to somebody who is considered would say, before it is asked for by "
        "advanceCandidacy or tellSpeakers; for organisers and administrators."
    )
    async def speaker_letter_preview(
        self,
        info: Info,
        candidacy: Annotated[strawberry.ID, strawberry.argument(description="The candidacy's id.")],
        occasion: Annotated[Occasion, strawberry.argument(description="For what the letter would be.")],
        letter: Annotated[
            SpeakerLetterInput | None, strawberry.argument(description="The words and the language.")
        ] = None,
        answer_by: Annotated[
            datetime | None, strawberry.argument(description="Until when an answer would be waited for.")
        ] = None,
    ) -> SpeakerLetterText:
        graph, viewer = info.context.network.graph, info.context.viewer
        wanted = Wanted() if letter is None else letter.wanted()
        prepared = await speaking.preview(graph, viewer, id=CandidacyId(candidacy), wanted=wanted, answer_by=answer_by)
        base = base_url(http_request(info))
        told = previewed(await describe(graph, viewer), prepared, occasion=occasion, note=wanted.note, base=base)
        return SpeakerLetterText(subject=told.subject, text=told.text, language=told.language)


@strawberry.type
class SpeakerLettersMutation:
    """Telling speakers, taking down what came back, answering."""

    @strawberry.mutation(
        description="Write to an event's speakers that it is cancelled, or what it is now, if they do not know it yet. "
        "For organisers and administrators."
    )
    async def tell_speakers(
        self, info: Info, input: Annotated[TellSpeakersInput, strawberry.argument(description="Which event's.")]
    ) -> TellSpeakersPayload:
        try:
            told = await speaking.tell_speakers(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                note=input.note,
            )
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except (NotAllowedError, UnfitText) as error:
            return as_error(error, field="input.note" if isinstance(error, UnfitText) else None)
        send_soon(info)
        return SpeakersTold(
            written=[Candidacy(value=one) for one in told.written],
            not_reachable=[Candidacy(value=one) for one in told.not_reachable],
        )

    @strawberry.mutation(
        description="Take down that a letter to a speaker came back, or that they complained of it. For organisers and "
        "administrators."
    )
    async def record_letter_return(
        self, info: Info, input: Annotated[RecordLetterReturnInput, strawberry.argument(description="Which letter.")]
    ) -> RecordLetterReturnPayload:
        try:
            letter = await speaking.record_bounce(
                info.context.network.graph,
                info.context.viewer,
                letter=LetterId(input.letter),
                fault=input.fault,
                is_complaint=input.is_complaint,
            )
        except NoSuchLetter as error:
            return NotFound(message=str(error))
        except (NotAllowedError, UnfitText) as error:
            return as_error(error, field="input.fault" if isinstance(error, UnfitText) else None)
        return LetterReturnRecorded(letter=SpeakerLetter(value=letter))

    @strawberry.mutation(
        description="Have a letter to a speaker that failed or bounced go out once more. For organisers and "
        "administrators."
    )
    async def send_letter_again(
        self, info: Info, input: Annotated[SendLetterAgainInput, strawberry.argument(description="Which letter.")]
    ) -> SendLetterAgainPayload:
        try:
            letter = await speaking.send_again(
                info.context.network.graph, info.context.viewer, letter=LetterId(input.letter)
            )
        except NoSuchLetter as error:
            return NotFound(message=str(error))
        except NotReachableError as error:
            return NotReachable(message=str(error))
        except NotAllowedError as error:
            return as_error(error)
        send_soon(info)
        return LetterSentAgain(letter=SpeakerLetter(value=letter))

    @strawberry.mutation(description="Answer an invitation to speak, for the person who is signed in.")
    async def answer_speaking_invitation(
        self,
        info: Info,
        input: Annotated[AnswerSpeakingInvitationInput, strawberry.argument(description="The answer.")],
    ) -> AnswerSpeakingInvitationPayload:
        try:
            told = await speaking.answer_own(
                info.context.network.graph,
                info.context.viewer,
                event=EventId(own_id(input.event, "Event")),
                answer=input.answer,
                reason=input.reason,
                suggestion=input.suggestion,
            )
        except AnswerLinkEnded:
            return NotFound(message="You are not invited to speak there; mySpeakingInvitations tells where you are.")
        except CannotAnswerError as error:
            return CannotAnswer(message=str(error), possible=list(error.possible))
        except UnfitText as error:
            return as_error(error, field=f"input.{error.field}")
        except NotAllowedError as error:
            return as_error(error)
        return SpeakingInvitationAnswered(state=told.state, possible=list(told.possible))
