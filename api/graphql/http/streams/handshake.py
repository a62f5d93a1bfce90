"""A websocket's handshake as the HTTP request that it is (RFC 6455, 4.1): who asks, and every limit, holds for it too.

A browser sends its cookies with a handshake to any site, whatever page asked for it, and no page can add a header to
one. What a page cannot write is ``Origin``: with a session it must be there and must be ours, in place of the header
that GraphQL over cookies needs elsewhere.
"""

from fastapi import Request, WebSocket

from api.door import Refusal, Visitor, checked_graphql, visitor_of
from api.door.csrf import HEADER

__all__ = ["handshake", "visitor_of_handshake"]

SCHEMES = {"ws": "http", "wss": "https"}


class ForeignHandshake(Refusal):
    """A handshake with a session's cookie does not say which page it comes from."""

    def __init__(self) -> None:
        super().__init__("Somebody who is signed in follows from a page of this network; use a token.", status=403)


def handshake(websocket: WebSocket, *, authorization: str | None = None) -> Request:
    """The request that opened a websocket; ``authorization`` is what was shown after it, which a browser can do."""
    headers = [(name, value) for name, value in websocket.scope["headers"] if name.lower() != HEADER.lower().encode()]
    if authorization is not None:
        headers = [(name, value) for name, value in headers if name.lower() != b"authorization"]
        headers.append((b"authorization", authorization.encode("utf-8", "replace")))
    headers.append((HEADER.lower().encode(), b"websocket"))
    scope = {
        **websocket.scope,
        "type": "http",
        "method": "GET",
        "scheme": SCHEMES.get(websocket.scope["scheme"], websocket.scope["scheme"]),
        "headers": headers,
        "state": dict(websocket.scope.get("state") or {}),
    }
    return Request(scope)


async def visitor_of_handshake(request: Request) -> Visitor:
    """Who opened a websocket, once it is known that no other site made their browser do it.

    Raises:
        Refusal: what they show opens nothing, or it could be so.
    """
    visitor = await visitor_of(request)
    if visitor.session is not None and "origin" not in request.headers:
        raise ForeignHandshake
    return await checked_graphql(request, visitor)
