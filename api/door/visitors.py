"""Who comes with a request: nobody known, somebody signed in, a client with its token, or the local command line."""

import hmac
import ipaddress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from api.catalogues import N_
from api.door.browser import cookie_name, csrf_of, forget_browser, is_secure, known_browser
from api.door.known import remember_known
from api.door.refusals import Refusal
from api.network import OpenNetwork
from graph import sessions, tokens
from graph.accounts import Account
from graph.credentials import digest_of
from graph.sessions import Limits, Session, SignedInBy
from graph.tokens import Recalled, RecalledTokens
from graph.viewer import PUBLIC, Viewer

__all__ = ["Visitor", "VisitorOf", "begin_session", "confirm", "end_session", "recalled_visitor_of", "visitor_of"]

SESSION = "knowwho_session"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks; ``csrf`` is what the forms on their pages must hold, empty for clients, which have no forms.

    ``recalled`` is the token that they are believed for, until somebody confirms it.
    """

    viewer: Viewer
    account: Account | None
    session: Session | None
    csrf: str
    recalled: Recalled | None = None


class UnknownBearer(Refusal):
    """A request shows a token or key that opens nothing; which of the reasons it is, it is not told."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This token opens nothing here: it is unknown, has expired or was revoked; ask an administrator for "
                "one."
            ),
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="knowwho", error="invalid_token"'},  # RFC 6750, 3
        )


async def visitor_of(request: Request) -> Visitor:
    """Who asks. What is shown must be good: nobody who shows a token becomes the public instead.

    A cookie whose session ran out or was ended is no such claim: browsers send it by themselves.

    Raises:
        Refusal: the ``Authorization`` header holds nothing that opens this door.
    """
    visitor = request.state.visitor = await _visitor(request)  # the line in the log tells the role
    return visitor


async def recalled_visitor_of(request: Request) -> Visitor:
    """Who asks, as :func:`visitor_of` says; but a token that was good within the last minute is believed for now.

    Nothing may be changed for them, and nothing told to them, before :func:`confirm` lets them pass.
    """
    tokens_: RecalledTokens = request.app.state.recalled_tokens
    shown = _shown(request.headers.get("authorization", ""))
    recalled = tokens_.recall(shown) if shown else None
    if recalled is None:
        return await visitor_of(request)
    visitor = request.state.visitor = Visitor(recalled.viewer, account=None, session=None, csrf="", recalled=recalled)
    return visitor


async def confirm(request: Request) -> None:
    """Let whoever asks pass if their token is still good; the graph is asked if what they read did not tell.

    Raises:
        Refusal: it opens nothing any more.
    """
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    recalled = visitor.recalled if visitor else None
    if recalled is None or recalled.is_good:
        return
    network: OpenNetwork = request.app.state.network
    if not await tokens.is_good(network.graph, recalled):
        request.state.visitor = None
        raise UnknownBearer


VisitorOf = Annotated[Visitor, Depends(visitor_of)]


async def _visitor(request: Request) -> Visitor:
    if (authorization := request.headers.get("authorization")) is not None:
        return Visitor(await _bearer(request, authorization), account=None, session=None, csrf="")
    if secret := _session_secret(request):
        network: OpenNetwork = request.app.state.network
        found = await sessions.authenticated(network.graph, secret=secret, limits=request.app.state.session_limits)
        if found is not None:
            session, account = found
            return Visitor(account.viewer, account, session, csrf_of(secret))
    return Visitor(PUBLIC, account=None, session=None, csrf=csrf_of(known_browser(request)))


async def begin_session(request: Request, response: Response, account: Account, *, how: SignedInBy) -> None:
    """Sign somebody in on the browser that asks: with a new session, whatever cookie it came with.

    Raises:
        NoSuchAccount: the account was closed meanwhile.
    """
    network: OpenNetwork = request.app.state.network
    limits: Limits = request.app.state.session_limits
    _, secret = await sessions.open_session(
        network.graph,
        account.viewer,
        account=account.id,
        how=how,
        agent=request.headers.get("user-agent", ""),
        limits=limits,
        replaces=_session_secret(request),
    )
    secure = is_secure(request)
    response.set_cookie(
        cookie_name(SESSION, secure=secure),
        secret,
        max_age=int(limits.absolute.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    forget_browser(request, response)
    await remember_known(request, response, account)


async def end_session(request: Request, response: Response) -> None:
    """Sign out on the browser that asks: its session ends, and its cookie goes."""
    network: OpenNetwork = request.app.state.network
    secret = _session_secret(request)
    if secret is not None:
        found = await sessions.authenticated(network.graph, secret=secret, limits=request.app.state.session_limits)
        if found is not None:
            session, account = found
            await sessions.end(network.graph, account.viewer, account=account.id, id=session.id)
    secure = is_secure(request)
    response.delete_cookie(cookie_name(SESSION, secure=secure), path="/", httponly=True, samesite="lax", secure=secure)


def _session_secret(request: Request) -> str | None:
    return request.cookies.get(cookie_name(SESSION, secure=is_secure(request)))


async def _bearer(request: Request, authorization: str) -> Viewer:
    shown = _shown(authorization)
    if not shown:
        raise UnknownBearer
    if _is_local_key(request, shown):
        return Viewer.at_the_command_line()
    network: OpenNetwork = request.app.state.network
    token = await tokens.authenticated(network.graph, secret=shown)
    if token is None:
        raise UnknownBearer
    tokens_: RecalledTokens = request.app.state.recalled_tokens
    tokens_.remember(shown, token)
    return token.viewer


def _shown(authorization: str) -> str:
    """What a header shows as bearer; empty if nothing."""
    scheme, _, shown = authorization.partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else ""


def _is_local_key(request: Request, shown: str) -> bool:
    """Whether the key is the one that this server wrote down for its own machine's commands, which only they read."""
    key: str | None = request.app.state.local_key
    if key is None or request.client is None:
        return False
    try:
        is_loopback = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return hmac.compare_digest(digest_of(shown), digest_of(key)) and is_loopback
