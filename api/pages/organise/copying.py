"""An event held once more: a new one that has what the earlier one had, but its time, its people and its page."""

import secrets
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.organise.asking import asked, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.fields import TIMES, times_meant
from api.pages.organise.saying import Said, done
from api.pages.rendering import render
from api.pages.typed import Typed, text_in, typed_in
from graph import drafts, event_changes
from graph.agenda import agenda
from graph.drafts import NoSuchDraft
from graph.errors import GraphError, NoSuchEvent
from graph.event_changes import EventChanges, EventCopy
from graph.fields import InvalidFields, Problem
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.values import EventId
from graph.wording import Wording

__all__ = ["copying"]

REFUSED: Final = (InvalidFields, KeyUnfit, KeyOfOther, KeySpent)

copying = APIRouter()


@copying.get("/events/{slug}/again", response_class=HTMLResponse)
async def again_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """The form for the new event's title and time."""
    told = await _told(request, visitor, slug)
    return await _form(request, visitor, told, Typed(title=told["title"]))


@copying.post("/events/{slug}/again")
async def hold_again(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Make the new event, as a draft or for everybody to see at once."""
    await spend(request, Limited.MUTATION)
    told, typed, key = await _told(request, visitor, slug), typed_in(form), text_in(form, "key")
    graph, viewer, event = graph_of(request), visitor.viewer, EventId(slug)
    problems: list[Problem] = []
    try:
        given = {"title": typed["title"], **times_meant(typed, told["timeZone"], problems)}
        if text_in(form, "as") == "event":
            _refuse(problems)
            made = await event_changes.copy(
                graph,
                viewer,
                event=event,
                given=cast("EventCopy", given),
                idempotency_key=key,
                with_agenda=bool(typed["with_agenda"]),
            )
            return done(f"/organise/events/{quote(made.event)}", Said.MADE)
        if typed["with_agenda"]:
            wrong = Wording("A draft has no agenda; publish the event at once, or leave the agenda out.")
            problems.append(Problem(("with_agenda",), wrong))
        _refuse(problems)
        draft = await drafts.create(graph, viewer, given=cast("EventChanges", given), like=event, idempotency_key=key)
        return done(f"/organise/events/{quote(draft.id)}", Said.DRAFTED)
    except (NoSuchEvent, NoSuchDraft):
        raise HTTPException(404) from None
    except REFUSED as error:
        return await _form(request, visitor, told, typed, refusal=error)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidFields(problems)


async def _told(request: Request, visitor: Visitor, slug: str) -> Mapping[str, Any]:
    """The earlier event.

    Raises:
        HTTPException: there is none.
    """
    told: Mapping[str, Any] | None = (await asked(request, visitor, "organise_event_fields", id=slug))["event"]
    if told is None:
        raise HTTPException(404)
    return told


async def _form(
    request: Request,
    visitor: Visitor,
    told: Mapping[str, Any],
    typed: Mapping[str, str],
    *,
    refusal: GraphError | None = None,
) -> HTMLResponse:
    problems: tuple[Problem, ...] = refusal.problems if isinstance(refusal, InvalidFields) else ()
    written = await agenda(graph_of(request), visitor.viewer, event=EventId(told["slug"]))
    context = {
        "event": told,
        "typed": typed,
        "times": TIMES,
        "has_agenda": any(item.id for item in written.items),
        "problems": {str(one.path[0]): one.message for one in reversed(problems)},
        "refusal": refusal,
        "key": secrets.token_urlsafe(16),
    }
    return await render(request, "organise/again.html", visitor, context, status_code=422 if refusal else 200)
