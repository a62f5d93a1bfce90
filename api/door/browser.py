"""A browser that nobody has signed in on yet: a secret of its own binds a sign-in, and its forms, to it."""

import hashlib
import hmac

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import base_url
from graph.credentials import fresh_secret

__all__ = [
    "FreshBrowsers",
    "browser_of",
    "cookie_name",
    "csrf_of",
    "forget_browser",
    "is_secure",
    "known_browser",
    "remember_browser",
]

BROWSER = "knowwho_browser"


def is_secure(request: Request) -> bool:
    """Whether people reach the network by https, so that cookies must not travel any other way."""
    return base_url(request).startswith("https://")


def cookie_name(name: str, *, secure: bool) -> str:
    """A cookie's name; ``__Host-`` makes browsers refuse it from another host or path, or by http (RFC 6265bis)."""
    return f"__Host-{name}" if secure else name


def browser_of(request: Request) -> str | None:
    """The secret of the browser that asks; None if it has none yet, and gets none with this answer."""
    fresh: str | None = getattr(request.state, "fresh_browser", None)
    return fresh or request.cookies.get(cookie_name(BROWSER, secure=is_secure(request)))


def known_browser(request: Request) -> str:
    """The secret of the browser that asks; one that has none gets it with the page that answers."""
    secret = browser_of(request)
    if secret is None:
        secret = request.state.fresh_browser = fresh_secret()
    return secret


def remember_browser(response: Response, secret: str, *, secure: bool) -> None:
    """Give a browser its secret, until it is closed."""
    response.set_cookie(
        cookie_name(BROWSER, secure=secure), secret, path="/", httponly=True, samesite="lax", secure=secure
    )


class FreshBrowsers:
    """Gives a browser the secret that :func:`known_browser` made, with a page, which alone can hold a form."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_secret(message: Message) -> None:
            fresh: str | None = scope.get("state", {}).get("fresh_browser")
            if message["type"] == "http.response.start" and fresh:
                _add_secret(MutableHeaders(scope=message), fresh, secure=is_secure(Request(scope)))
            await send(message)

        await self._app(scope, receive, send_with_secret)


def _add_secret(headers: MutableHeaders, secret: str, *, secure: bool) -> None:
    name = cookie_name(BROWSER, secure=secure)
    is_set = any(value.startswith(f"{name}=") for value in headers.getlist("set-cookie"))
    if not is_set and headers.get("content-type", "").startswith("text/html"):
        cookie = Response()
        remember_browser(cookie, secret, secure=secure)
        headers.append("set-cookie", cookie.headers["set-cookie"])


def forget_browser(request: Request, response: Response) -> None:
    """Take the secret from a browser: somebody has signed in, and their session is its secret now."""
    secure = is_secure(request)
    response.delete_cookie(cookie_name(BROWSER, secure=secure), path="/", httponly=True, samesite="lax", secure=secure)


def csrf_of(secret: str) -> str:
    """What a form of this browser or session must hold: derived from the secret, which it does not tell.

    Nothing is stored for it, and it ends with the secret (OWASP Cross-Site Request Forgery Prevention Cheat Sheet,
    HMAC-based tokens).
    """
    return hmac.new(secret.encode(), b"knowwho csrf", hashlib.sha256).hexdigest()
