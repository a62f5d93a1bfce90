"""Erasing somebody who asked for it: for good, which is why their name is typed once more."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from api import erasing
from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.reading import read
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from graph import erasure, experts
from graph.errors import GraphError, NoSuchExpert
from graph.values import Expert, ExpertId
from graph.wording import Wording

__all__ = ["erase"]

PAGE: Final = "/administration/people/erase"

erase = APIRouter()


class NobodyCalled(GraphError):
    """Nobody has this id, or this in their name."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Wording(
                "Nobody here is called '%(text)s'; write a part of their name, or the address of their page.", text=text
            )
        )


class NotConfirmed(GraphError):
    """The name that was typed to confirm an erasure is another one."""

    def __init__(self) -> None:
        super().__init__(Wording("That is not their name as it stands here, so nobody was erased; type it exactly."))


@erase.get(PAGE)
async def erase_page(request: Request, visitor: Administrator) -> Response:
    """Whom to erase is looked up, and then who they are is shown."""
    return await _page(request, visitor)


@erase.post(f"{PAGE}/find")
async def find_person(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Show who somebody is before they are erased; by a form, so that no address says whom it was asked of."""
    typed = str(form.get("person", "")).strip()
    sought = typed.rpartition("/")[2]
    person = await _person(request, visitor, sought)
    called = [] if person or not typed else await _called(request, visitor, typed)
    refusal = None if person or called else NobodyCalled(typed)
    return await _page(request, visitor, person=person, sought=typed, called=called, refusal=refusal)


@erase.post(PAGE)
async def erase_person(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Erase somebody, once their name was typed."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    sought = str(form.get("person", ""))
    person = await _person(request, visitor, sought)
    try:
        if person is None:
            raise NoSuchExpert(sought)
        if " ".join(str(form.get("confirmation", "")).split()) != " ".join(person.name.split()):
            raise NotConfirmed
        await erasing.erase(network.graph, request.app.state.loads, visitor.viewer, expert=person.id)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, person=person, sought=sought, refusal=refusal)
    network.embedding.soon()
    return RedirectResponse(
        f"{PAGE}?said=erased", status_code=303, background=BackgroundTask(erasure.sweep, network.graph)
    )


async def _person(request: Request, visitor: Visitor, id: str) -> Expert | None:
    network: OpenNetwork = request.app.state.network
    return (await experts.by_id(network.graph, visitor.viewer, ids=[ExpertId(id)])).get(ExpertId(id))


async def _called(request: Request, visitor: Visitor, text: str) -> Sequence[Mapping[str, Any]]:
    """People in whose name a text stands."""
    found = await read(request, visitor, "organise_by_name", who=text)
    return [edge["node"] for edge in found["experts"]["edges"]]


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    person: Expert | None = None,
    sought: str = "",
    called: Sequence[Mapping[str, Any]] = (),
    refusal: GraphError | None = None,
) -> Response:
    context = {
        "person": person,
        "sought": sought,
        "called": called,
        "refusal": refusal,
        "is_unconfirmed": isinstance(refusal, NotConfirmed),
        "said": request.query_params.get("said"),
    }
    return await render(
        request, "administration/erase.html", visitor, context, status_code=status_of(refusal), page=PAGE
    )
