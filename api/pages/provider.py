"""Signing in and out through the network's OpenID provider: away to it, back from it, and why that failed."""

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.door import Visitor, VisitorOf, begin_session, browser_of, is_secure, remember_browser
from api.door.limits import limited_sign_in, spend_sign_in
from api.door.provider import OpenIDProvider
from api.door.sign_in_failures import AttemptOver, NoProvider, NotAMember, SignInFailed
from api.network import OpenNetwork
from api.pages.rendering import render
from api.pages.return_path import return_path
from api.settings import base_url
from graph import accounts, sign_in_attempts
from graph.accounts import NoSuchAccount, NotAnAddress
from graph.credentials import fresh_secret
from graph.sessions import SignedInBy

__all__ = ["provider"]

CALLBACK = "/sign-in/provider/callback"
# The address of the callback holds a code: no page hears it as a referrer, and no cache keeps it.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

log = structlog.get_logger(__name__)

provider = APIRouter(include_in_schema=False)


@provider.get("/sign-in/provider")
async def leave_for_the_provider(request: Request, visitor: VisitorOf, next: str = "/") -> Response:  # noqa: A002 -- the parameter's name
    """Send the browser to the provider, and remember what its answer must fit."""
    await spend_sign_in(request)
    network: OpenNetwork = request.app.state.network
    browser = browser_of(request) or fresh_secret()
    state, nonce, verifier = fresh_secret(), fresh_secret(), fresh_secret()
    try:
        address = await _provider(request).authorisation_address(
            callback=base_url(request) + CALLBACK, state=state, nonce=nonce, verifier=verifier
        )
    except SignInFailed as failure:
        return await _failed(request, visitor, failure)
    await sign_in_attempts.begin(
        network.graph,
        visitor.viewer,
        state=state,
        nonce=nonce,
        verifier=verifier,
        browser=browser,
        next_path=return_path(next),
    )
    response = RedirectResponse(address, status_code=303, headers=PRIVATE)
    remember_browser(response, browser, secure=is_secure(request))
    return response


@provider.get(CALLBACK, dependencies=[Depends(limited_sign_in)])
async def come_back_from_the_provider(request: Request, visitor: VisitorOf) -> Response:
    """Sign in whom the provider vouches for, if the network knows them."""
    network: OpenNetwork = request.app.state.network
    try:
        if len(request.query_params) != len(request.query_params.multi_items()):
            raise AttemptOver  # RFC 6749, 3.1: no parameter comes twice
        attempt = await sign_in_attempts.take(
            network.graph,
            visitor.viewer,
            state=request.query_params.get("state", ""),
            browser=browser_of(request) or "",
        )
        if attempt is None:
            raise AttemptOver
        who = await _provider(request).identity(
            request.query_params,
            callback=base_url(request) + CALLBACK,
            nonce=attempt.nonce,
            verifier=attempt.verifier,
        )
        account = await accounts.for_identity(
            network.graph,
            visitor.viewer,
            issuer=who.issuer,
            subject=who.subject,
            email=who.email,
            email_verified=who.email_verified,
        )
        if account is None:
            raise NotAMember
        response = RedirectResponse(attempt.next_path, status_code=303, headers=PRIVATE)
        await begin_session(request, response, account, how=SignedInBy.PROVIDER)
        return response
    except (NoSuchAccount, NotAnAddress):  # closed at this moment; or the provider's word for an address is none
        return await _failed(request, visitor, NotAMember())
    except SignInFailed as failure:
        return await _failed(request, visitor, failure)


@provider.get("/sign-out/provider")
async def sign_out_at_the_provider(request: Request, visitor: VisitorOf) -> Response:
    """Send the browser to where it signs out of the provider as well, which then sends it back to the first page."""
    back_to = base_url(request) + "/"
    try:
        address = await _provider(request).sign_out_address(back_to=back_to)
    except SignInFailed as failure:
        return await _failed(request, visitor, failure)
    return RedirectResponse(address or back_to, status_code=303, headers=PRIVATE)


def _provider(request: Request) -> OpenIDProvider:
    found: OpenIDProvider | None = request.app.state.provider
    if found is None:
        raise NoProvider
    return found


async def _failed(request: Request, visitor: Visitor, failure: SignInFailed) -> Response:
    """The page that says why nobody was signed in, in our own words."""
    log.warning("sign_in_failed", reason=failure.reason)
    response = await render(
        request,
        "sign_in_failed.html",
        visitor,
        {"failure": failure, "request_id": structlog.contextvars.get_contextvars().get("request_id")},
        status_code=failure.status,
        page="/sign-in",
    )
    response.headers.update(PRIVATE)
    return response
