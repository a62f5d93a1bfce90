"""How much a request may bring, and how long it may take to bring it; the application sees none that brings more."""

import asyncio

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimits"]

LARGEST_QUERY = 1_000_000
LARGEST_FORM = 100_000
SLOWEST_S = 60.0


class _TooLarge(Exception):
    pass


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
                body = await _read(receive, announced=int(headers.get("content-length", "0")), largest=largest)
        except _HungUp:
            return
        except TimeoutError:
            slow = PlainTextResponse(f"The request took longer than {SLOWEST_S:g} s to arrive.", status_code=408)
            await slow(scope, receive, send)
            return
        except (_TooLarge, ValueError):
            large = PlainTextResponse(f"The request has more than {largest} bytes; send less.", status_code=413)
            # What is still on its way is not read.
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


async def _read(receive: Receive, *, announced: int, largest: int) -> bytes:
    if announced > largest:
        raise _TooLarge
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUp
        body += message.get("body", b"")
        if len(body) > largest:
            raise _TooLarge
        if not message.get("more_body", False):
            return bytes(body)
