"""Signing in as a sample person: only where api.door.demo says so; elsewhere these pages do not exist."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from api.door import CheckedForm, VisitorOf, begin_session
from api.door.demo import SAMPLE_PEOPLE, is_demo, sample_account
from api.network import OpenNetwork
from api.pages.rendering import render
from graph import experts
from graph.errors import NoSuchExpert
from graph.sessions import SignedInBy
from graph.viewer import Role

__all__ = ["demo"]

demo = APIRouter(include_in_schema=False)


@demo.get("/demo")
async def sample_people(request: Request, visitor: VisitorOf) -> Response:
    """A sample person of each role, to sign in as."""
    await _only_in_the_demo(request)
    network: OpenNetwork = request.app.state.network
    ids = [expert for expert, _ in SAMPLE_PEOPLE.values()]
    found = await experts.by_id(network.graph, visitor.viewer, ids=ids)
    people = [(role, found.get(expert)) for role, (expert, _) in SAMPLE_PEOPLE.items()]
    return await render(request, "demo.html", visitor, {"people": people})


@demo.post("/demo")
async def sign_in_as(request: Request, form: CheckedForm) -> Response:
    """Sign in as the sample person of a role."""
    await _only_in_the_demo(request)
    try:
        role = Role(str(form.get("role")))
        account = await sample_account(request, role=role)
    except (ValueError, KeyError, NoSuchExpert):  # no such role; or the sample person was erased
        raise HTTPException(404) from None
    response = RedirectResponse("/", status_code=303)
    await begin_session(request, response, account, how=SignedInBy.DEMO)
    return response


async def _only_in_the_demo(request: Request) -> None:
    if not await is_demo(request):
        raise HTTPException(404)
