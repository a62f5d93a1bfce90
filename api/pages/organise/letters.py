"""Letters to speakers: each is read before it leaves, with a day to answer by, words of one's own and its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.organise.asking import asked, day_in, graph_of, number_in
from api.pages.organise.candidacies import STEP_REFUSED, held
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done
from api.pages.organise.shortlist import anchor_of, event_page
from api.pages.rendering import render
from api.pages.typed import text_in
from api.settings import base_url
from api.speaking.composing import answer_address, previewed
from api.speaking.letters import LetterText
from api.speaking.sending import Sending
from graph import speaking
from graph.errors import GraphError
from graph.fields import InvalidFields
from graph.invitations import UnfitText
from graph.network import describe
from graph.people.profiles import OtherVersion
from graph.speaking import (
    NEXT,
    Candidacy,
    EventNotPublished,
    LetterId,
    NoSuchCandidacy,
    NoSuchLetter,
    NotReachable,
    Occasion,
    State,
    Wanted,
)

__all__ = ["letters"]

OCCASIONS: Final[Mapping[State, Occasion]] = {
    State.INVITED: Occasion.INVITATION,
    State.REMINDED: Occasion.REMINDER,
    State.CONFIRMED: Occasion.CONFIRMATION,
    State.WITHDRAWN: Occasion.RELEASE,
}

letters = APIRouter()


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form; ``version`` is the one that was seen."""

    version: int
    words: str = ""
    language: str = ""
    answer_by: str = ""
    reason: str = ""

    @classmethod
    def of(cls, form: FormData) -> "Written":
        """From the form."""
        texts = {name: text_in(form, name) for name in ("words", "language", "answer_by", "reason")}
        return cls(number_in(form, "version"), **texts)

    @property
    def wanted(self) -> Wanted:
        """The letter."""
        return Wanted(self.words, self.language or None)


@letters.get("/candidacies/{id}/{step}", response_class=HTMLResponse)
async def letter_page(request: Request, visitor: OrganiserOf, id: str, step: str) -> HTMLResponse:
    """The letter that would go with a step, as it would leave; nothing is sent."""
    one, to = await held(request, visitor, id), _step(step)
    return await _page(request, visitor, one, to, Written(one.version))


@letters.post("/candidacies/{id}/{step}")
async def write(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str, step: str) -> Response:
    """Show the letter once more, send it with the step, or take the step down without one."""
    await spend(request, Limited.MUTATION)
    one, to, written = await held(request, visitor, id), _step(step), Written.of(form)
    how = text_in(form, "do")
    if how not in {"send", "without"}:
        return await _page(request, visitor, one, to, written)
    try:
        advanced = await speaking.advance(
            graph_of(request),
            visitor.viewer,
            id=one.id,
            expected_version=written.version,
            to=to,
            reason=written.reason,
            answer_by=day_in(written.answer_by) if OCCASIONS[to] in {Occasion.INVITATION, Occasion.REMINDER} else None,
            letter=written.wanted if how == "send" else None,
        )
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except (*STEP_REFUSED, NotReachable) as error:
        return await _page(request, visitor, await held(request, visitor, id), to, written, refusal=error)
    _send_soon(request)
    page, now = f"/organise/events/{quote(one.event)}", advanced.candidacy
    if how == "send":
        return done(page, Said.WRITTEN, anchor=anchor_of(now))
    return done(page, Said.STEPPED, anchor=anchor_of(now), of=now.id, version=str(now.version))


@letters.get("/letters/{id}/link", response_class=HTMLResponse)
async def link_page(request: Request, visitor: OrganiserOf, id: str) -> HTMLResponse:
    """The answer link of a letter that waits, to be given by hand where no mail server is set."""
    if request.app.state.mail.sends:
        raise HTTPException(404)
    try:
        secret = await speaking.secret_of(graph_of(request), visitor.viewer, letter=LetterId(id))
    except NoSuchLetter:
        raise HTTPException(404) from None
    link = answer_address(base_url(request), secret)
    response = await render(request, "organise/answer_link.html", visitor, {"link": link})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@letters.post("/letters/{id}/again")
async def again(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str) -> Response:
    """Have a letter that failed or bounced go out once more."""
    await spend(request, Limited.MUTATION)
    event = text_in(form, "event")
    try:
        await speaking.send_again(graph_of(request), visitor.viewer, letter=LetterId(id))
    except NoSuchLetter:
        raise HTTPException(404) from None
    except NotReachable as error:
        return await event_page(request, visitor, event, refusal=error)
    _send_soon(request)
    return done(f"/organise/events/{quote(event)}", Said.SENT_AGAIN)


async def _page(
    request: Request,
    visitor: Visitor,
    one: Candidacy,
    to: State,
    written: Written,
    *,
    refusal: GraphError | None = None,
) -> HTMLResponse:
    """The form and the letter; where somebody was faster, what they are by now, and the form goes on from there."""
    found = await asked(request, visitor, "organise_letter", event=one.event, expert=one.expert)
    told: Mapping[str, Any] | None = found["event"] or found["eventDraft"]
    if told is None or found["expert"] is None:
        raise HTTPException(404)
    letter, why_none = None, None
    try:
        letter = await _previewed(request, visitor, one, to, written)
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except (NotReachable, EventNotPublished) as error:
        why_none = error
    except (UnfitText, InvalidFields) as error:
        refusal = refusal or error
    context = {
        "event": told,
        "expert": found["expert"],
        "candidacy": one,
        "to": to,
        "occasion": OCCASIONS[to],
        "is_possible": to in NEXT[one.state],
        "asks": to in {State.INVITED, State.REMINDED},
        "written": written,
        "letter": letter,
        "why_none": why_none,
        "may_go_without": not isinstance(why_none, EventNotPublished),
        "refusal": None if refusal is why_none else refusal,
        "is_conflict": isinstance(refusal, OtherVersion),
        "sends": request.app.state.mail.sends,
    }
    status = 200 if refusal is None else 409 if isinstance(refusal, OtherVersion) else 422
    return await render(request, "organise/letter.html", visitor, context, status_code=status)


async def _previewed(request: Request, visitor: Visitor, one: Candidacy, to: State, written: Written) -> LetterText:
    graph, viewer = graph_of(request), visitor.viewer
    answer_by = day_in(written.answer_by)
    prepared = await speaking.preview(graph, viewer, id=one.id, wanted=written.wanted, answer_by=answer_by)
    network = await describe(graph, viewer)
    return previewed(network, prepared, occasion=OCCASIONS[to], note=written.words, base=base_url(request))


def _step(word: str) -> State:
    """The step that the address names.

    Raises:
        HTTPException: no letter goes with such a step.
    """
    for state in OCCASIONS:
        if word == state.value:
            return state
    raise HTTPException(404)


def _send_soon(request: Request) -> None:
    sending: Sending = request.app.state.sending
    sending.soon()
