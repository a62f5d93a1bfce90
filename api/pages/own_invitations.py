"""A person's own invitations to speak: what is asked of them, what they answered, and their answer in two taps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.join import UnfitChoice
from api.pages.languages import language_of
from api.pages.own import done, person_of, sign_in_first
from api.pages.reading import read
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_
from api.speaking.telling import event_lines
from graph import speaking
from graph.errors import GraphError
from graph.speaking import POSSIBLE, Answer, EventTold, SpeakingInvitation, State
from graph.values import EventId

__all__ = ["Invitation", "invitations_of", "own_invitations"]

PAGE: Final = "/me/invitations"
TO_COME: Final = ("PLANNED", "CONFIRMED")
"""The stages of an event at which its invitations are answered."""

THANKS: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: N_("Thank you: you said yes. The organisers know now."),
    Answer.DECLINE: N_("Thank you for your answer: you said no. The organisers know now."),
    Answer.OTHER_TIME: N_(
        "Thank you. The organisers know now which other time would do; until they say more, you are asked still."
    ),
    Answer.WITHDRAW: N_("You cannot come after all. The organisers know now."),
}
ANSWERED: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: N_("You said yes."),
    Answer.DECLINE: N_("You said no."),
    Answer.OTHER_TIME: N_("You asked for another time."),
    Answer.WITHDRAW: N_("You said that you cannot come after all."),
}
STANDS: Final[Mapping[State, str]] = {
    State.INVITED: N_("You are asked to speak."),
    State.REMINDED: N_("You are asked to speak, and were reminded."),
    State.ACCEPTED: N_("You said yes."),
    State.DECLINED: N_("You said no."),
    State.WITHDRAWN: N_("You do not speak there."),
    State.CONFIRMED: N_("It is settled that you speak."),
    State.SPOKE: N_("You spoke."),
    State.ABSENT: N_("You were to speak and did not come."),
}
"""Where somebody stands, said to them."""

own_invitations = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation with its event, None if that is there no more; ``possible`` is what can be answered now."""

    value: SpeakingInvitation
    event: EventTold | None
    is_cancelled: bool
    possible: tuple[Answer, ...]

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for."""
        return Answer.ACCEPT in self.possible

    @property
    def note(self) -> str:
        """What the organisers wrote last; empty if nothing."""
        return next((str(letter["note"]) for letter in reversed(self.value.letters) if letter["note"]), "")


async def invitations_of(request: Request, visitor: Visitor) -> Sequence[Invitation]:
    """The visitor's own invitations to speak: those that wait for an answer first, else the newest first."""
    network: OpenNetwork = request.app.state.network
    found = await speaking.own_invitations(network.graph, visitor.viewer)
    if not found:
        return ()
    told = (await read(request, visitor, "own_invitations"))["mySpeakingInvitations"]
    events = {one["event"]["slug"]: one["event"] for one in told if one["event"] is not None}
    invitations = [_invitation(one, events.get(one.event)) for one in found]
    return sorted(invitations, key=lambda one: (not one.waits, -one.value.changed_at.timestamp()))


@own_invitations.get(PAGE)
async def invitations_page(request: Request, visitor: VisitorOf) -> Response:
    """To which events the visitor is and was asked, and the forms to answer by."""
    if visitor.account is None:
        return sign_in_first(PAGE)
    return await _page(request, visitor)


@own_invitations.post(PAGE)
async def answer_one(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Take down what the visitor answers to one of their invitations."""
    if visitor.account is None:
        return sign_in_first(PAGE)
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        person_of(visitor)
        if typed.get("answer") not in set(Answer):
            raise UnfitChoice("answer")
        answer = Answer(typed["answer"])
        await speaking.answer_own(
            network.graph,
            visitor.viewer,
            event=EventId(typed.get("event", "")),
            answer=answer,
            reason=typed.get("reason", ""),
            suggestion=typed.get("suggestion", ""),
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, typed=typed, refusal=refusal)
    return done(PAGE, said=answer)


def _invitation(value: SpeakingInvitation, event: Mapping[str, Any] | None) -> Invitation:
    if event is None:
        return Invitation(value, None, is_cancelled=False, possible=())
    possible = POSSIBLE.get(value.state, ()) if event["stage"] in TO_COME else ()
    return Invitation(value, _told(event), event["stage"] == "CANCELLED", possible)


def _told(event: Mapping[str, Any]) -> EventTold:
    """From what GraphQL says of an event."""
    starts_at, ends_at = (
        datetime.fromisoformat(at) if (at := event[name]) else None for name in ("startsAt", "endsAt")
    )
    return EventTold(
        EventId(event["slug"]),
        event["title"],
        event["kind"],
        event["format"],
        starts_at,
        ends_at,
        event["timeZone"],
        event["place"],
        event["country"]["code"] if event["country"] else None,
        event["url"],
        event["description"],
        tuple(edge["node"]["tag"] for edge in event["languages"]["edges"]),
    )


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: GraphError | None = None,
) -> Response:
    invitations = await invitations_of(request, visitor)
    language, said = language_of(request), request.query_params.get("said")
    answered = typed or {}
    # A form that is not there any more has no field to say it beside.
    has_form = any(
        one.value.event == answered.get("event") and answered.get("answer") in one.possible for one in invitations
    )
    refused_field = getattr(refusal, "field", None) if has_form else None
    context = {
        "invitations": [(one, event_lines(one.event, language) if one.event else []) for one in invitations],
        "person": visitor.viewer.person,
        "typed": answered,
        "refusal": refusal,
        "refused_field": refused_field,
        "said": next((sentence for answer, sentence in THANKS.items() if answer == said), None),
        "stands": STANDS,
        "answered": ANSWERED,
    }
    status_code = status_of(refusal)
    return await render(request, "own_invitations.html", visitor, context, status_code=status_code, page=PAGE)
