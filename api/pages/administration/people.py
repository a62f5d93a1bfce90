"""Accounts: who may sign in, as what, and on which browsers they are."""

import asyncio
import secrets
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.administration.lists import after_of, next_of
from api.pages.browsers import browser_named
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.sign_in import link_address
from api.pages.typed import typed_in
from api.pages.unanswered import NO_ANSWER
from api.settings import base_url
from graph import accounts, sessions, sign_in_links
from graph.accounts import Account, AccountId, AddressTaken, NotAnAddress, NotARole
from graph.errors import GraphError
from graph.graph import Graph
from graph.viewer import Role

__all__ = ["people"]

AT_ONCE: Final = 50
ROLES: Final = (Role.MEMBER, Role.ORGANISER, Role.ADMINISTRATOR)
LONGEST_SOUGHT: Final = 200

people = APIRouter()


@people.get("/administration/people")
async def people_page(request: Request, visitor: Administrator) -> Response:
    """The accounts by address, or those in whose address or name something stands."""
    network: OpenNetwork = request.app.state.network
    sought = request.query_params.get("q", "")[:LONGEST_SOUGHT]
    page = await accounts.page(network.graph, visitor.viewer, first=AT_ONCE, after=after_of(request), matching=sought)
    context = {
        "accounts": [account for _, account in page.entries],
        "sought": sought,
        "more": next_of(request, page),
    }
    return await render(request, "administration/people.html", visitor, context)


@people.get("/administration/people/accounts")
async def new_account_page(request: Request, visitor: Administrator) -> Response:
    """A form to make an account."""
    return await _new(request, visitor)


@people.post("/administration/people/accounts")
async def make_account(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Make an account of an address; its page then has a way in."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    email = str(form.get("email", ""))
    try:
        if closed := await _closed(network.graph, visitor, email):
            return _done(closed, "was-closed")
        made = await accounts.create(
            network.graph,
            visitor.viewer,
            email=email,
            role=_role(str(form.get("role", ""))),
            name=str(form.get("name", "")),
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _new(request, visitor, refusal=refusal, typed=form)
    return _done(made, "made")


async def _closed(graph: Graph, visitor: Visitor, email: str) -> Account | None:
    """The closed account of an address, which is opened again on its page, with all that it had."""
    address = accounts.normal_address(email)
    page = await accounts.page(graph, visitor.viewer, first=AT_ONCE, matching=address)
    return next((one for _, one in page.entries if one.email == address and one.closed_at), None)


@people.get("/administration/people/accounts/{id}")
async def account_page(request: Request, visitor: Administrator, id: str) -> Response:
    """An account, and what may be done with it."""
    return await _page(request, visitor, await _found(request, visitor, id))


@people.post("/administration/people/accounts/{id}/role")
async def set_role(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:
    """Give an account another role."""
    await spend(request, Limited.MUTATION)
    found = await _found(request, visitor, id)
    network: OpenNetwork = request.app.state.network
    try:
        role = _role(str(form.get("role", "")))
        await accounts.set_role(network.graph, visitor.viewer, id=found.id, role=role)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _done(found, "nothing" if role is found.role else "role", was=found.role)


@people.post("/administration/people/accounts/{id}/sessions")
async def end_sessions(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """End all sessions of an account; of the visitor's own all but this one."""
    await spend(request, Limited.MUTATION)
    found = await _found(request, visitor, id)
    network: OpenNetwork = request.app.state.network
    try:
        await sessions.end_all(
            network.graph, visitor.viewer, account=found.id, but=visitor.session.id if visitor.session else None
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _done(found, "ended")


@people.post("/administration/people/accounts/{id}/sign-in-link")
async def make_link(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:
    """Make a link that signs an account's owner in, and show it once; a form that comes again makes no other one."""
    await spend(request, Limited.MUTATION)
    found = await _found(request, visitor, id)
    network: OpenNetwork = request.app.state.network
    try:
        secret = await sign_in_links.create(
            network.graph, visitor.viewer, email=found.email, browser=None, idempotency_key=str(form.get("key", ""))
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    assert secret is not None  # noqa: S101 -- a link for any browser is made, or refused by an error
    response = await _page(request, visitor, found, link=link_address(base_url(request), secret))
    response.headers["Cache-Control"] = "no-store"
    return response


@people.post("/administration/people/accounts/{id}/close")
async def close_account(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """Close an account: nobody signs in with it any more."""
    await spend(request, Limited.MUTATION)
    found = await _found(request, visitor, id)
    network: OpenNetwork = request.app.state.network
    try:
        await accounts.close(network.graph, visitor.viewer, id=found.id)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _done(found, "closed")


@people.post("/administration/people/accounts/{id}/open")
async def open_account(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """Open a closed account again, as it was."""
    await spend(request, Limited.MUTATION)
    found = await _found(request, visitor, id)
    network: OpenNetwork = request.app.state.network
    try:
        await accounts.create(
            network.graph,
            visitor.viewer,
            email=found.email,
            role=found.role,
            name="" if found.expert else found.name,
            expert=found.expert,
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _done(found, "opened")


async def _found(request: Request, visitor: Visitor, id: str) -> Account:
    network: OpenNetwork = request.app.state.network
    account = await accounts.by_id(network.graph, visitor.viewer, id=AccountId(id))
    if account is None:
        raise HTTPException(404)
    return account


def _role(text: str) -> Role:
    """The role that was chosen.

    Raises:
        NotARole: it is none that an account has.
    """
    try:
        return Role(text)
    except ValueError:
        raise NotARole from None


def _done(account: Account, said: str, *, was: Role | None = None) -> Response:
    undo = f"&was={was.value}" if was and said == "role" else ""
    return RedirectResponse(f"/administration/people/accounts/{account.id}?said={said}{undo}", status_code=303)


async def _new(
    request: Request, visitor: Visitor, *, refusal: GraphError | None = None, typed: FormData | None = None
) -> Response:
    context = {
        "refusal": refusal,
        "is_wrong_address": isinstance(refusal, NotAnAddress | AddressTaken),
        "typed": typed_in(typed),
        "roles": ROLES,
    }
    return await render(
        request,
        "administration/new_account.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page="/administration/people/accounts",
    )


async def _page(
    request: Request, visitor: Visitor, account: Account, *, refusal: GraphError | None = None, link: str | None = None
) -> Response:
    network: OpenNetwork = request.app.state.network
    own = await sessions.of_account(
        network.graph, visitor.viewer, account=account.id, limits=request.app.state.session_limits
    )
    was = request.query_params.get("was", "")
    context = {
        "account": account,
        "refusal": refusal,
        "said": request.query_params.get("said"),
        "was": was if was in set(ROLES) else None,
        "roles": ROLES,
        "is_own": visitor.account is not None and visitor.account.id == account.id,
        "link": link,
        "key": secrets.token_urlsafe(16),
        "sessions": await asyncio.to_thread(lambda: [(one, browser_named(one.agent)) for one in own]),
    }
    return await render(
        request,
        "administration/account.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page=f"/administration/people/accounts/{account.id}",
    )
