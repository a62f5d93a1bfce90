"""Who was asked to speak and has not answered, over all events or of one; and reminding those who are overdue."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm
from api.door.limits import Limited, spend
from api.pages.organise.asking import asked, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done, said_in
from api.pages.rendering import render
from api.pages.typed import text_in
from api.speaking.sending import Sending
from graph import speaking
from graph.people.profiles import OtherVersion
from graph.speaking import EventCancelled, ImpossibleStep, NoSuchCandidacy, NotReachable, State, Wanted
from graph.values import EventId

__all__ = ["answers"]

MOST_REMINDED: Final = 50
"""How many are reminded at once; who is overdue longest comes first."""

answers = APIRouter()


@answers.get("/answers", response_class=HTMLResponse)
async def answers_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """Who is waited for, overdue first."""
    event = request.query_params.get("event") or None
    waited_for = (await asked(request, visitor, "organise_answers", event=event))["unansweredInvitations"]
    context = {
        "waited_for": sorted(waited_for, key=lambda one: not one["isOverdue"]),
        "event": event,
        "said": said_in(request),
    }
    return await render(request, "organise/answers.html", visitor, context)


@answers.post("/answers/remind")
async def remind(request: Request, visitor: OrganiserOf, form: CheckedForm) -> Response:
    """Write to everybody who is overdue and was not reminded since; who shows no address is left."""
    await spend(request, Limited.MUTATION)
    graph, viewer, reminded = graph_of(request), visitor.viewer, 0
    event = text_in(form, "event")
    waited_for = await speaking.unanswered(graph, viewer, event=EventId(event) if event else None)
    for one in [one for one in waited_for if one.is_to_be_reminded][:MOST_REMINDED]:
        try:
            await speaking.advance(
                graph, viewer, id=one.candidacy, expected_version=one.version, to=State.REMINDED, letter=Wanted()
            )
        except (NotReachable, OtherVersion, NoSuchCandidacy, ImpossibleStep, EventCancelled):
            continue  # they have just answered, or must be asked in another way
        reminded += 1
    sending: Sending = request.app.state.sending
    sending.soon()
    more = {"event": event} if event else {}
    return done("/organise/answers", Said.REMINDED if reminded else Said.NOBODY_REMINDED, **more)
