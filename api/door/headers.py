"""What every answer tells the browser: where scripts may come from, what it may pass on, and what it must not guess.

The OWASP Secure Headers Project says why for each.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import ServerSettings

__all__ = ["SECURITY_HEADERS", "SecurityHeaders"]

# Nothing on our pages comes from elsewhere or is written into them: scripts, styles and pictures are our own files.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors yet.
    "X-Frame-Options": "DENY",
}
"""A route that must differ, as the explorer's, sets its own; nothing else overwrites these."""

# A year, as browsers' lists of such sites ask for; without the names below ours, which may be somebody else's.
TRANSPORT_SECURITY = "max-age=31536000"

# Pages whose address holds a secret: not even their own server hears it again as a referrer.
SECRET_ADDRESSES = ("/sign-in/link", "/join", "/answer")

# Only files that are the same for everybody may be kept by a browser or something on the way.
SAME_FOR_EVERYBODY = ("/static/", "/assets/")


class SecurityHeaders:
    """Puts the security headers on every answer of an application."""

    def __init__(self, app: ASGIApp, *, settings: ServerSettings) -> None:
        self._app = app
        self._is_https = (settings.public_url or "").startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if path.startswith(SECRET_ADDRESSES):
                    headers["Referrer-Policy"] = "no-referrer"
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if self._is_https:
                    headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
                if not path.startswith(SAME_FOR_EVERYBODY):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
