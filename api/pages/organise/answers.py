"""Who was asked to speak and has not answered, over all events or of one, and reminding them; and the answers given."""

from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm
from api.door.limits import Limited, spend
from api.pages.organise.asking import asked, day_by_clocks_of, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done, said_in
from api.pages.rendering import render
from api.pages.typed import text_in
from api.speaking.sending import Sending
from graph import speaking
from graph.people.profiles import OtherVersion
from graph.speaking import EventCancelled, ImpossibleStep, NoSuchCandidacy, NotReachable, State, Wanted
from graph.values import Cursor, EventId, NotACursor

__all__ = ["answers"]

MOST_SHOWN: Final = 50
"""Answers on one page."""

MOST_REMINDED: Final = 50
"""How many are reminded at once; who is overdue longest comes first."""

answers = APIRouter()


@answers.get("/answers", response_class=HTMLResponse)
async def answers_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """Who is waited for, overdue first; and what was answered, the newest first, ``?after=`` a place among it."""
    event = request.query_params.get("event") or None
    of_event = {"event": event} if event else {}
    try:
        after = Cursor.parse(text) if (text := request.query_params.get("after")) else None
        given = await speaking.answers_given(
            graph_of(request), visitor.viewer, event=EventId(event) if event else None, first=MOST_SHOWN, after=after
        )
    except NotACursor:
        raise HTTPException(404) from None
    waited_for = (await asked(request, visitor, "organise_answers", event=event))["unansweredInvitations"]
    context: dict[str, Any] = {
        "waited_for": [
            {**one, "answerBy": day_by_clocks_of(one["event"], one["answerBy"])}
            for one in sorted(waited_for, key=lambda one: not one["isOverdue"])
        ],
        "event": event,
        "given": [answer for _, answer in given.entries],
        "is_continued": after is not None,
        "next": f"/organise/answers?{urlencode({**of_event, 'after': given.entries[-1][0]})}#given"
        if given.has_next
        else None,
        "first": f"/organise/answers?{urlencode(of_event)}#given",
        "said": said_in(request),
    }
    return await render(request, "organise/answers.html", visitor, context)


@answers.post("/answers/remind")
async def remind(request: Request, visitor: OrganiserOf, form: CheckedForm) -> Response:
    """Write to everybody who is overdue and was not reminded since; who shows no address is left."""
    await spend(request, Limited.MUTATION)
    graph, viewer, reminded, is_reachable = graph_of(request), visitor.viewer, 0, True
    event = text_in(form, "event")
    waited_for = await speaking.unanswered(graph, viewer, event=EventId(event) if event else None)
    for one in [one for one in waited_for if one.is_to_be_reminded][:MOST_REMINDED]:
        try:
            await speaking.advance(
                graph, viewer, id=one.candidacy, expected_version=one.version, to=State.REMINDED, letter=Wanted()
            )
        except NotReachable:
            is_reachable = False  # and must be asked in another way
        except (OtherVersion, NoSuchCandidacy, ImpossibleStep, EventCancelled):
            continue  # they have just answered
        else:
            reminded += 1
    sending: Sending = request.app.state.sending
    sending.soon()
    more = {"event": event} if event else {}
    said = Said.REMINDED if reminded else Said.NOBODY_REMINDED if is_reachable else Said.NOBODY_REACHED
    return done("/organise/answers", said, **more)
