"""The page of a letter's answer link: what somebody is asked to speak at, and their yes or no, without signing in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import RateLimited, spend_answer
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.rendering import render
from api.speaking.telling import event_lines
from api.speaking.words import words_of
from graph import speaking
from graph.invitations import UnfitText
from graph.speaking import Answer, AnswerLinkEnded, AskedToSpeak, CannotAnswer

__all__ = ["answer"]

answer = APIRouter(include_in_schema=False)


@answer.get("/answer/{secret}")
async def answer_page(request: Request, visitor: VisitorOf, secret: str) -> Response:
    """What is asked; opening it answers nothing, since programs that guard mailboxes open links too."""
    network: OpenNetwork = request.app.state.network
    try:
        asked = await speaking.asked(network.graph, secret=secret)
    except AnswerLinkEnded:
        return await _ended(request, visitor)
    return await _asked(request, visitor, asked, secret=secret)


@answer.post("/answer/{secret}")
async def take_answer(request: Request, visitor: VisitorOf, form: CheckedForm, secret: str) -> Response:
    """Take down the answer, and show where they stand now."""
    network: OpenNetwork = request.app.state.network
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        await spend_answer(request)
        if typed.get("answer") not in set(Answer):
            return await _asked(request, visitor, await speaking.asked(network.graph, secret=secret), secret=secret)
        said = Answer(typed["answer"])
        asked = await speaking.answer(
            network.graph,
            secret=secret,
            answer=said,
            reason=typed.get("reason", ""),
            suggestion=typed.get("suggestion", ""),
        )
    except AnswerLinkEnded:
        return await _ended(request, visitor)
    except (CannotAnswer, UnfitText, RateLimited) as error:
        refusal = error
    else:
        return await _asked(request, visitor, asked, secret=secret, answered=said)
    try:
        asked = await speaking.asked(network.graph, secret=secret)
    except AnswerLinkEnded:
        return await _ended(request, visitor)
    return await _asked(request, visitor, asked, secret=secret, typed=typed, refusal=refusal)


async def _asked(
    request: Request,
    visitor: Visitor,
    asked: AskedToSpeak,
    *,
    secret: str,
    typed: dict[str, str] | None = None,
    refusal: CannotAnswer | UnfitText | RateLimited | None = None,
    answered: Answer | None = None,
) -> Response:
    is_too_often = isinstance(refusal, RateLimited)
    context: dict[str, Any] = {
        "words": words_of(asked.language),
        "asked": asked,
        "told": event_lines(asked.event, asked.language),
        "secret": secret,
        "typed": typed or {},
        "refusal": refusal,
        "answered": answered,
        "is_too_often": is_too_often,
    }
    status_code = 200 if refusal is None else 429 if is_too_often else 422
    response = await render(request, "answer.html", visitor, context, status_code=status_code, language=asked.language)
    if isinstance(refusal, RateLimited):
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    response.headers["Cache-Control"] = "no-store"  # whoever comes next to this browser holds no link
    return response


async def _ended(request: Request, visitor: Visitor) -> Response:
    """In a language that the browser asks for: of nobody's link it is not known which one they read."""
    words = words_of(language_of(request))
    return await render(request, "answer_ended.html", visitor, {"words": words}, status_code=410)
