"""Letters to speakers and what is answered to them, as the schema has them."""

from datetime import datetime

import strawberry
from fastapi import Request
from strawberry import Private

from api.graphql.context import Info
from api.speaking.sending import Sending
from graph import speaking
from graph.speaking import Answer, LetterState, Occasion, Wanted

__all__ = ["SpeakerLetter", "SpeakerLetterInput", "SpeakerReply", "http_request", "send_soon"]

strawberry.enum(Occasion, name="SpeakerLetterOccasion", description="Why a speaker gets a letter.")
strawberry.enum(LetterState, name="SpeakerLetterState", description="How far a letter to a speaker came.")
strawberry.enum(Answer, name="SpeakerAnswer", description="What somebody says who was asked to speak.")


@strawberry.type(description="One letter to somebody who is considered as a speaker; its text is not kept.")
class SpeakerLetter:
    """Wraps a letter."""

    value: Private[speaking.Letter]

    @strawberry.field(description="Its id, which is that of the letter's Message-ID too.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="Why they got it.")
    def occasion(self) -> Occasion:
        return self.value.occasion

    @strawberry.field(description="In which of the six UN languages it is written, by its BCP 47 tag.")
    def language(self) -> str:
        return self.value.language

    @strawberry.field(description="The organisers' own words in it; empty where there are none.")
    def note(self) -> str:
        return self.value.note

    @strawberry.field(description="How far it came.")
    def state(self) -> LetterState:
        return self.value.state

    @strawberry.field(description="When it was asked for.")
    def made_at(self) -> datetime:
        return self.value.made_at

    @strawberry.field(description="Who asked for it, as in the change log.")
    def by(self) -> str:
        return self.value.by

    @strawberry.field(description="When the mail server took it; null until then, and if it never did.")
    def left_at(self) -> datetime | None:
        return self.value.left_at

    @strawberry.field(description="While it waits: from when on it is sent, or tried again.")
    def next_at(self) -> datetime | None:
        return self.value.next_at

    @strawberry.field(description="How often it was given to the mail server.")
    def attempts(self) -> int:
        return self.value.attempts

    @strawberry.field(description="Why it did not leave or came back; empty where it did not go wrong.")
    def fault(self) -> str:
        return self.value.fault


@strawberry.type(description="What somebody answered who was asked to speak, by the link of a letter or signed in.")
class SpeakerReply:
    """Wraps a reply."""

    value: Private[speaking.GivenAnswer]

    @strawberry.field(description="What they answered.")
    def answer(self) -> Answer:
        return Answer(self.value.answer)

    @strawberry.field(description="Why, or which other time would do, in their words.")
    def reason(self) -> str:
        return self.value.reason

    @strawberry.field(description="Who else could speak, in their words.")
    def suggestion(self) -> str:
        return self.value.suggestion

    @strawberry.field(description="When.")
    def at(self) -> datetime:
        return self.value.at


@strawberry.input(description="That a letter is to go out, to the address that they show organisers.")
class SpeakerLetterInput:
    """The organisers' words, and a language."""

    note: str = strawberry.field(default="", description="The organisers' own words to them.")
    language: str | None = strawberry.field(
        default=None,
        description="One of en, fr, es, ar, ru and zh; null for the one of these that they speak best, or English.",
    )

    def wanted(self) -> Wanted:
        """As the graph room takes it."""
        return Wanted(self.note, self.language)


def send_soon(info: Info) -> None:
    """Have the server send what a mutation left waiting."""
    sending: Sending = http_request(info).app.state.sending
    sending.soon()


def http_request(info: Info) -> Request:
    """The request that a query or a mutation came with."""
    request = info.context.request
    assert isinstance(request, Request)  # noqa: S101 -- letters have no subscription
    return request
