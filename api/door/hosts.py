"""By which names the server is reached; under any other it does not answer, so that no foreign page can speak for it.

A page that an attacker serves may have its own name point to this machine a moment later (DNS rebinding) and would then
share an origin with what answers here; a browser still says the attacker's name in the Host header.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.door.refusals import Answered, Refusal, as_text
from api.settings import ServerSettings, is_loopback
from graph.wording import Wording

__all__ = ["TrustedHosts", "trusted_hosts"]

# Whoever watches over the server asks it by an address; what it says there is nobody's secret.
ASKED_BY_ANY_NAME = ("/healthz", "/readyz")


def trusted_hosts(settings: ServerSettings) -> frozenset[str]:
    """The names as set, the one of the public address, and the one that the server is told to listen on."""
    own = urlsplit(settings.public_url or "").hostname
    listens_on = None if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    names = {*settings.trusted_hosts, *(name for name in (own, listens_on) if name)}
    return frozenset(name.lower().strip("[]").rstrip(".") for name in names)


class UnknownName(Refusal):
    """The server is asked by a name that is not its own."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "This server does not go by that name: use the address you were given, or list the name in "
                "KNOWWHO_TRUSTED_HOSTS."
            ),
            status=400,
        )


class TrustedHosts:
    """Refuses requests that came by a name which is not the server's."""

    def __init__(self, app: ASGIApp, *, settings: ServerSettings, refused: Answered = as_text) -> None:
        self._app = app
        self._refused = refused
        self._names = trusted_hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] in {"http", "websocket"} and scope["path"] not in ASKED_BY_ANY_NAME:
            said = Headers(scope=scope).getlist("host")
            if len(said) != 1 or not self.trusts(said[0]):
                # What is no name is no part of an address either, and would break what reads one.
                headers = [one for one in scope["headers"] if one[0] != b"host"]
                await self._refused(Request({**scope, "headers": headers}), UnknownName())(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def trusts(self, host: str) -> bool:
        """Whether a Host header names this server, whatever the port."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if "@" in host or "/" in host or not name:
            return False
        if name in self._names or "*" in self._names or is_loopback(name):
            return True
        return any(one.startswith("*.") and name.endswith(one[1:]) for one in self._names)
