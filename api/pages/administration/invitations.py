"""Invitations to join: who was asked in, and asking others, by a letter or by a link where no letter leaves."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.mail import deliver, invitation_letter
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.administration.lists import after_of, next_of
from api.pages.administration.people import ROLES
from api.pages.join import join_address
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.typed import typed_in
from api.pages.unanswered import NO_ANSWER
from api.settings import MailSettings, base_url
from graph import accounts
from graph import invitations as repository
from graph.accounts import Account, AccountId, NotAnAddress, NotARole
from graph.errors import GraphError
from graph.invitations import InvitationId, UnfitText
from graph.network import describe
from graph.values import NotACursor
from graph.viewer import Role

__all__ = ["invitations"]

AT_ONCE: Final = 50

invitations = APIRouter()


@invitations.get("/administration/people/invitations")
async def invitations_page(request: Request, visitor: Administrator) -> Response:
    """Who was invited, newest first, and a form to invite others."""
    return await _page(request, visitor)


@invitations.post("/administration/people/invitations")
async def invite(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Invite an address; the link is shown where no letter leaves."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    mail: MailSettings = request.app.state.mail
    try:
        invitation, secret = await repository.invite(
            network.graph,
            visitor.viewer,
            email=str(form.get("email", "")),
            role=_role(form),
            note=str(form.get("note", "")),
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal, typed=form)
    link = join_address(base_url(request), secret)
    holder = await _holder(request, visitor, invitation.email)
    if not mail.sends:
        response = await _page(
            request, visitor, link=link, invited=invitation.email, replaced=bool(invitation.replaces), holder=holder
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    letter = invitation_letter(
        await describe(network.graph, visitor.viewer), to=invitation.email, link=link, note=invitation.note
    )
    told = {
        "said": "invited",
        **({"replaced": "yes"} if invitation.replaces else {}),
        **({"holder": holder.id} if holder else {}),
    }
    return RedirectResponse(
        f"/administration/people/invitations?{urlencode(told)}",
        status_code=303,
        background=BackgroundTask(deliver, mail, letter),
    )


@invitations.post("/administration/people/invitations/withdraw")
async def withdraw(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Take an open invitation back."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        await repository.withdraw(network.graph, visitor.viewer, id=InvitationId(str(form.get("invitation", ""))))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return RedirectResponse("/administration/people/invitations?said=withdrawn", status_code=303)


def _role(form: FormData) -> Role:
    """The role that was chosen.

    Raises:
        NotARole: it is none that an account has.
    """
    try:
        return Role(str(form.get("role", "")))
    except ValueError:
        raise NotARole from None


async def _holder(request: Request, visitor: Visitor, email: str) -> Account | None:
    """The open account that an address has already."""
    try:
        return await accounts.by_email(request.app.state.network.graph, visitor.viewer, email=email)
    except accounts.NoSuchAccount:
        return None


async def _account(request: Request, visitor: Visitor, id: str | None) -> Account | None:
    network: OpenNetwork = request.app.state.network
    return await accounts.by_id(network.graph, visitor.viewer, id=AccountId(id)) if id else None


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    refusal: GraphError | None = None,
    typed: FormData | None = None,
    link: str | None = None,
    invited: str | None = None,
    replaced: bool = False,
    holder: Account | None = None,
) -> Response:
    network: OpenNetwork = request.app.state.network
    try:
        page = await repository.page(network.graph, visitor.viewer, first=AT_ONCE, after=after_of(request))
    except NotACursor:
        raise HTTPException(404) from None
    field = "email" if isinstance(refusal, NotAnAddress) else "note" if isinstance(refusal, UnfitText) else None
    context = {
        "refusal": refusal,
        "field": field,
        "typed": typed_in(typed),
        "said": request.query_params.get("said"),
        "link": link,
        "invited": invited,
        "replaced": replaced or request.query_params.get("replaced") == "yes",
        "holder": holder or await _account(request, visitor, request.query_params.get("holder")),
        "sends": request.app.state.mail.sends,
        "roles": ROLES,
        "invitations": [one for _, one in page.entries],
        "more": next_of(request, page),
        "State": repository.State,
    }
    return await render(
        request,
        "administration/invitations.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page="/administration/people/invitations",
    )
