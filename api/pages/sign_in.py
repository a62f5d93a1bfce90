"""Signing in by a link in a letter, and signing out.

Whether an address is known here is never told: the same page answers at once, after the same work, and only then is it
looked up whether a letter goes out. Opening a link signs nobody in, since programs that guard mailboxes open links too;
the button on its page does.
"""

from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.door import CheckedForm, Visitor, VisitorOf, begin_session, browser_of, checked_form, end_session
from api.door.limits import spend_sign_in
from api.mail import deliver, sign_in_letter
from api.network import OpenNetwork
from api.pages.rendering import render
from api.pages.return_path import return_path
from api.settings import MailSettings, base_url
from graph import accounts, sign_in_links
from graph.accounts import NoSuchAccount, NotAnAddress, normal_address
from graph.errors import GraphError
from graph.network import describe
from graph.sessions import SignedInBy
from graph.sign_in_links import LinkGone, OtherBrowser
from graph.viewer import PUBLIC

__all__ = ["link_address", "sign_in"]

log = structlog.get_logger(__name__)

sign_in = APIRouter(include_in_schema=False)


@sign_in.get("/sign-in")
async def sign_in_page(request: Request, visitor: VisitorOf, next: str = "/") -> Response:  # noqa: A002 -- the parameter's name in addresses
    """The ways to sign in that this network has."""
    return await _form(request, visitor, next_path=return_path(next))


@sign_in.post("/sign-in")
async def ask_for_link(
    request: Request, visitor: VisitorOf, form: CheckedForm, background: BackgroundTasks
) -> Response:
    """Say that a letter is on its way if the address is known, and find that out afterwards."""
    next_path = return_path(form.get("next"))
    if visitor.account is not None:
        return RedirectResponse(next_path, status_code=303)
    mail: MailSettings = request.app.state.mail
    browser = browser_of(request)
    if browser is None or not (mail.sends and mail.sign_in_by_email):  # a client with a token has no browser
        return await _form(request, visitor, next_path=next_path, status_code=503)
    typed = form.get("email")
    try:
        email = normal_address(typed if isinstance(typed, str) else "")
    except NotAnAddress as error:
        return await _form(request, visitor, next_path=next_path, typed=typed, refusal=error, status_code=422)
    await spend_sign_in(request, email=email)
    network: OpenNetwork = request.app.state.network
    background.add_task(
        _send_link, network, mail, email=email, browser=browser, base=base_url(request), next_path=next_path
    )
    return await render(request, "link_sent.html", visitor, {})


@sign_in.get("/sign-in/link/{secret}")
async def link_page(request: Request, visitor: VisitorOf, secret: str, next: str = "/") -> Response:  # noqa: A002 -- as above
    """The button that signs in, if the link is good and this is the browser that asked for it."""
    network: OpenNetwork = request.app.state.network
    try:
        link = await sign_in_links.open_link(network.graph, visitor.viewer, secret=secret, browser=browser_of(request))
    except (LinkGone, OtherBrowser) as error:
        return await _refused_link(request, visitor, error)
    context = {"email": link.email, "secret": secret, "next_path": return_path(next)}
    page = await render(request, "sign_in_link.html", visitor, context)
    page.headers["Cache-Control"] = "no-store"  # it holds the secret
    return page


@sign_in.post("/sign-in/link/{secret}")
async def sign_in_by_link(request: Request, visitor: VisitorOf, form: CheckedForm, secret: str) -> Response:
    """Sign in, and go on to where the person came from."""
    await spend_sign_in(request)
    network: OpenNetwork = request.app.state.network
    response = RedirectResponse(return_path(form.get("next")), status_code=303)
    try:
        email = await sign_in_links.use(network.graph, visitor.viewer, secret=secret, browser=browser_of(request))
        account = await accounts.for_address(network.graph, visitor.viewer, email=email)
        if account is not None:
            await begin_session(request, response, account, how=SignedInBy.LINK)
            return response
        refusal: GraphError = LinkGone()  # the account was closed since the link was sent
    except (LinkGone, OtherBrowser, NoSuchAccount) as error:
        refusal = error
    return await _refused_link(request, visitor, refusal)


@sign_in.post("/sign-out", dependencies=[Depends(checked_form)])
async def sign_out(request: Request, visitor: VisitorOf) -> Response:
    """End this browser's session; the provider's own, if there is one, by a link: a form must not lead elsewhere."""
    response: Response = RedirectResponse("/", status_code=303)
    provider = request.app.state.provider
    if provider is not None and visitor.session is not None and visitor.session.how is SignedInBy.PROVIDER:
        nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
        response = await render(request, "signed_out.html", nobody, {"provider": provider}, page="/")
    await end_session(request, response)
    return response


def link_address(base: str, secret: str, *, next_path: str = "/") -> str:
    """The address that is written into a letter or printed."""
    return f"{base}/sign-in/link/{secret}" + (f"?next={quote(next_path, safe='/')}" if next_path != "/" else "")


async def _form(
    request: Request,
    visitor: Visitor,
    *,
    next_path: str,
    typed: Any = "",
    refusal: NotAnAddress | None = None,
    status_code: int = 200,
) -> Response:
    mail: MailSettings = request.app.state.mail
    return await render(
        request,
        "sign_in.html",
        visitor,
        {
            "provider": request.app.state.provider,
            "by_email": mail.sign_in_by_email,
            "sends": mail.sends,
            "next_path": next_path,
            "typed": typed,
            "refusal": refusal,
        },
        status_code=status_code,
    )


async def _refused_link(request: Request, visitor: Visitor, error: GraphError) -> Response:
    is_other = isinstance(error, OtherBrowser)
    mail: MailSettings = request.app.state.mail
    return await render(
        request,
        "link_refused.html",
        visitor,
        {"is_other_browser": is_other, "can_ask": mail.sends and mail.sign_in_by_email},
        status_code=403 if is_other else 410,
    )


async def _send_link(
    network: OpenNetwork, mail: MailSettings, *, email: str, browser: str, base: str, next_path: str
) -> None:
    """After the answer: a letter to the address, if somebody can sign in with it."""
    try:
        secret = await sign_in_links.create(network.graph, PUBLIC, email=email, browser=browser)
        if secret is None:
            return
        described = await describe(network.graph, PUBLIC)
    except GraphError as error:
        log.warning("sign_in_link_not_made", reason=type(error).__name__)
        return
    link = link_address(base, secret, next_path=next_path)
    await deliver(mail, sign_in_letter(described, to=email, link=link))
