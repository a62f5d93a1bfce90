"""What is done with somebody who is considered: moved, noted, each step without a letter, and taking that back."""

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.organise.asking import graph_of, number_in
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done
from api.pages.organise.shortlist import Typed, Undo, anchor_of, event_page
from api.pages.typed import text_in
from graph import speaking
from graph.fields import InvalidFields
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.speaking import (
    Candidacy,
    CandidacyId,
    EventCancelled,
    EventNotBegun,
    EventNotPublished,
    ImpossibleStep,
    NoSuchCandidacy,
    NotRecorded,
    NotTakenBack,
    State,
)

__all__ = ["STEP_REFUSED", "candidacies", "held"]

STEP_REFUSED: Final = (
    *(OtherVersion, ImpossibleStep, InvalidFields, UnfitText),
    *(EventCancelled, EventNotBegun, EventNotPublished, NotRecorded),
)

BECAME: Final = {
    State.SHORTLISTED: Said.THOUGHT_OF,
    State.ACCEPTED: Said.ACCEPTED,
    State.DECLINED: Said.DECLINED,
}

candidacies = APIRouter()


@candidacies.post("/candidacies/{id}/move")
async def move(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str) -> Response:
    """Put somebody in another place of the line; the page then offers to put them back."""
    await spend(request, Limited.MUTATION)
    before = await held(request, visitor, id)
    try:
        moved = await speaking.move(
            graph_of(request),
            visitor.viewer,
            id=before.id,
            expected_version=number_in(form, "version"),
            rank=number_in(form, "rank"),
        )
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except (OtherVersion, InvalidFields) as error:
        return await event_page(request, visitor, before.event, refusal=error, typed=Typed(before.id))
    if moved.version == before.version:
        return done(_page(before), Said.NOT_MOVED, anchor=anchor_of(moved))
    of = {"of": before.id, "version": str(moved.version), "rank": str(before.rank)}
    return done(_page(before), Said.MOVED, anchor=f"candidate-{before.id}", **of)


@candidacies.post("/candidacies/{id}/note")
async def note(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str) -> Response:
    """Say what organisers are to know of somebody."""
    await spend(request, Limited.MUTATION)
    before = await held(request, visitor, id)
    written = text_in(form, "note")
    if written.replace("\r\n", "\n").strip() == before.note:  # a form that is sent once more
        return done(_page(before), Said.NOTED, anchor=f"candidate-{before.id}")
    try:
        noted = await speaking.set_note(
            graph_of(request),
            visitor.viewer,
            id=before.id,
            expected_version=number_in(form, "version"),
            note=written,
        )
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except (OtherVersion, UnfitText) as error:
        return await event_page(request, visitor, before.event, refusal=error, typed=Typed(before.id, note=written))
    if noted.version == before.version:
        return done(_page(before), Said.NOTED, anchor=f"candidate-{before.id}")
    # What stood there is on the page itself: an address is kept by browsers and logs.
    undo = Undo(f"/organise/candidacies/{before.id}/note", {"version": str(noted.version), "note": before.note})
    return await event_page(request, visitor, before.event, said=Said.NOTED, undo=undo)


@candidacies.post("/candidacies/{id}/step")
async def step(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str) -> Response:
    """Take down by hand that something became of somebody."""
    await spend(request, Limited.MUTATION)
    before = await held(request, visitor, id)
    reason = text_in(form, "reason")
    try:
        to = State(text_in(form, "to"))
    except ValueError:
        raise HTTPException(404) from None
    try:
        advanced = await speaking.advance(
            graph_of(request),
            visitor.viewer,
            id=before.id,
            expected_version=number_in(form, "version"),
            to=to,
            reason=reason,
        )
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except STEP_REFUSED as error:
        return await event_page(request, visitor, before.event, refusal=error, typed=Typed(before.id, reason=reason))
    was_unknown = before.state is State.SHORTLISTED and to is State.WITHDRAWN
    said = Said.TAKEN_OFF if was_unknown else BECAME.get(to, Said.STEPPED)
    now = advanced.candidacy
    return done(_page(before), said, anchor=anchor_of(now), of=before.id, version=str(now.version))


@candidacies.post("/candidacies/{id}/back")
async def back(request: Request, visitor: OrganiserOf, form: CheckedForm, id: str) -> Response:
    """Take back what became of somebody last."""
    await spend(request, Limited.MUTATION)
    before = await held(request, visitor, id)
    try:
        taken = await speaking.take_back(
            graph_of(request), visitor.viewer, id=before.id, expected_version=number_in(form, "version")
        )
    except NoSuchCandidacy:
        raise HTTPException(404) from None
    except (OtherVersion, NotTakenBack, EventCancelled) as error:
        return await event_page(request, visitor, before.event, refusal=error)
    said = Said.OFF_AGENDA if taken.is_off_agenda else Said.TAKEN_BACK
    return done(_page(before), said, anchor=anchor_of(taken.candidacy), of=before.id)


async def held(request: Request, visitor: Visitor, id: str) -> Candidacy:
    """Somebody who is considered.

    Raises:
        HTTPException: there is nobody of this id whom the organiser may know of.
    """
    try:
        return await speaking.by_id(graph_of(request), visitor.viewer, id=CandidacyId(id))
    except NoSuchCandidacy:
        raise HTTPException(404) from None


def _page(one: Candidacy) -> str:
    return f"/organise/events/{quote(one.event)}"
