"""How much a request may bring, and how long it may take to bring it; the application sees none that brings more."""

import asyncio
import math
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimits"]

LARGEST_QUERY = 1_000_000
LARGEST_FORM = 100_000
SLOWEST_S = 60.0
LARGEST_REST = 10_000_000
SLOWEST_REST_S = 5.0


class _TooLarge(Exception):
    def __init__(self, *, is_whole: bool) -> None:
        self.is_whole = is_whole
        super().__init__()


class _HungUp(Exception):
    pass


class BodyLimits:
    """Reads the whole body before the application does, and refuses it with 413 where it is too large.

    What the Content-Length says is not believed when it is small: what arrives is counted, in chunks too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or answer 413 or 408."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        largest = LARGEST_QUERY if scope["path"].rstrip("/") == "/graphql" else LARGEST_FORM
        try:
            async with asyncio.timeout(SLOWEST_S):
                body = await _read(receive, announced=_announced(headers), largest=largest)
        except _HungUp:
            return
        except TimeoutError:
            slow = PlainTextResponse(f"The request took longer than {SLOWEST_S:g} s to arrive.", status_code=408)
            await slow(scope, receive, send)
            return
        except _TooLarge as problem:
            if not problem.is_whole and headers.get("expect", "").lower() != "100-continue":
                await _let_finish(receive)
            large = PlainTextResponse(f"The request has more than {largest} bytes; send less.", status_code=413)
            large.headers["Connection"] = "close"
            await large(scope, receive, send)
            return
        is_given = False

        async def receive_again() -> Message:
            nonlocal is_given
            if is_given:
                return await receive()
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_again, send)


def _announced(headers: Headers) -> float:
    """How many bytes are to come, at least; what is no number announces too many."""
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return math.inf


async def _read(receive: Receive, *, announced: float, largest: int) -> bytes:
    if announced > largest:
        raise _TooLarge(is_whole=False)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUp
        body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if len(body) > largest:
            raise _TooLarge(is_whole=is_whole)
        if is_whole:
            return bytes(body)


async def _let_finish(receive: Receive) -> None:
    """Read on, within bounds, and forget what comes: whoever is still sending when we hang up never sees the answer.

    The system answers what arrives on a closed connection with a reset, and the client's side then throws away what it
    had received (RFC 9112, 9.6).
    """
    rest = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(SLOWEST_REST_S):
            while rest <= LARGEST_REST:
                message = await receive()
                rest += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
