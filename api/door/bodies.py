"""How much a request may bring, and how long it may take to bring it; the application sees none that brings more.

What administrators send to be loaded is too large to be held in memory: it is counted as it comes, and only comes once
the application has looked at who sends it.
"""

import asyncio
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.door.refusals import Answered, Refusal, as_text
from api.settings import ServerSettings
from graph.wording import Wording

__all__ = ["BodyLimits", "takes_files"]

LARGEST_QUERY = 1_000_000
LARGEST_FORM = 100_000
LARGEST_TABLE = 2_000_000
"""Of forms with many rows: of a load, that are to be mended; of an event, with who was there."""
UPLOADS: Final = re.compile(r"/administration/load(/[^/]+/file)?/?")
TABLES: Final = re.compile(r"/administration/load/[^/]+/mend/?|/organise/events/[^/]+/attendance(/back)?/?")
ENVELOPE = 1_000_000
"""What stands around files: their names, and the lines between them."""
SLOWEST_S = 60.0
LARGEST_REST = 10_000_000
SLOWEST_REST_S = 5.0


class _TooLarge(Exception):
    def __init__(self, *, is_whole: bool) -> None:
        self.is_whole = is_whole
        super().__init__()


class _HungUp(Exception):
    pass


class UploadTooLarge(Refusal):
    """The files that somebody sends are more than a server takes."""

    def __init__(self, most_mb: int) -> None:
        super().__init__(
            Wording(
                "These files have more than %(most)s MB together; send fewer at once, or pack them into a ZIP "
                "(whoever runs the server may set KNOWWHO_UPLOAD_MB).",
                most=most_mb,
            ),
            status=413,
        )


class UploadTooSlow(Refusal):
    """Files that somebody sends do not arrive any more."""

    def __init__(self) -> None:
        super().__init__(
            Wording("The files stopped arriving for %(seconds)s s; send them again.", seconds=SLOWEST_S), status=408
        )


class RequestTooLarge(Refusal):
    """What comes with a request is more than anybody needs to send there."""

    def __init__(self, largest: int) -> None:
        super().__init__(
            Wording("The request has more than %(largest)s bytes; send less.", largest=largest),
            status=413,
            headers={"Connection": "close"},
        )


class RequestTooSlow(Refusal):
    """What comes with a request does not arrive in time."""

    def __init__(self) -> None:
        super().__init__(
            Wording("The request took longer than %(seconds)s s to arrive.", seconds=SLOWEST_S), status=408
        )


def takes_files(request: Mapping[str, Any]) -> bool:
    """Whether what is sent with a request is read only once somebody has looked at who sends it."""
    return request["method"] == "POST" and UPLOADS.fullmatch(request["path"]) is not None


class BodyLimits:
    """Reads the whole body before the application does, and refuses it with 413 where it is too large.

    What the Content-Length says is not believed when it is small: what arrives is counted, in chunks too.
    """

    def __init__(self, app: ASGIApp, *, settings: ServerSettings, refused: Answered = as_text) -> None:
        self._app = app
        self._refused = refused
        self._upload_mb = settings.upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or answer 413 or 408."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        if takes_files(scope):
            await self._app(scope, self._counted(receive, announced=_announced(headers)), send)
            return
        largest = _largest(scope["path"])
        try:
            async with asyncio.timeout(SLOWEST_S):
                body = await _read(receive, announced=_announced(headers), largest=largest)
        except _HungUp:
            return
        except TimeoutError:
            await self._refused(Request(scope), RequestTooSlow())(scope, receive, send)
            return
        except _TooLarge as problem:
            if not problem.is_whole and headers.get("expect", "").lower() != "100-continue":
                await _let_finish(receive)
            await self._refused(Request(scope), RequestTooLarge(largest))(scope, receive, send)
            return
        is_given = False

        async def receive_again() -> Message:
            nonlocal is_given
            if is_given:
                return await receive()
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_again, send)

    def _counted(self, receive: Receive, *, announced: float) -> Receive:
        """What hands on as it comes, and refuses what is too much; the application is asked before anything is read."""
        largest = self._upload_mb * 1_000_000 + ENVELOPE
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            if announced > largest and not arrived:
                await _let_finish(receive, most=largest)
                raise UploadTooLarge(self._upload_mb)
            try:
                async with asyncio.timeout(SLOWEST_S):
                    message = await receive()
            except TimeoutError:
                raise UploadTooSlow from None
            arrived += len(message.get("body", b""))
            if arrived > largest:
                await _let_finish(receive, most=largest)
                raise UploadTooLarge(self._upload_mb)
            return message

        return receive_counted


def _largest(path: str) -> int:
    if path.rstrip("/") == "/graphql":
        return LARGEST_QUERY
    return LARGEST_TABLE if TABLES.fullmatch(path) else LARGEST_FORM


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


async def _let_finish(receive: Receive, *, most: int = LARGEST_REST) -> None:
    """Read on, within bounds, and forget what comes: whoever is still sending when we hang up never sees the answer.

    The system answers what arrives on a closed connection with a reset, and the client's side then throws away what it
    had received (RFC 9112, 9.6).
    """
    rest = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(SLOWEST_REST_S):
            while rest <= most:
                message = await receive()
                rest += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
