"""Server-sent events, one stream for each subscription: the "distinct connections mode" of ``graphql-sse``.

An event carries the cursor of its change as its id, which a client that comes again sends as ``Last-Event-ID``. When
the server stops, a stream ends without ``complete``, so that clients come again instead of believing that it is over.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager
from typing import Final

import orjson
from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry import Schema

from api.door import Visitor
from api.graphql.http.answering import VARY
from api.graphql.http.asking import Asked
from api.graphql.http.streams.results import Result, results
from api.graphql.http.streams.streams import Streams

__all__ = ["event_stream", "takes_events"]

EVENTS: Final = "text/event-stream"
HEARTBEAT_EVERY_S: Final = 15.0
HEARTBEAT: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"
HEADERS: Final = {
    "Cache-Control": "private, no-store, no-transform",
    "Vary": VARY,
    "X-Accel-Buffering": "no",  # nginx hands on each event as it comes
}


def takes_events(request: Request) -> bool:
    """Whether a request names server-sent events among what it takes."""
    named = ",".join(request.headers.getlist("accept")).lower().split(",")
    return request.method == "POST" and any(one.partition(";")[0].strip() == EVENTS for one in named)


def event_stream(request: Request, schema: Schema, text: str, asked: Asked, *, visitor: Visitor) -> StreamingResponse:
    """The events of a subscription; what keeps it from being run is told as an event too.

    Raises:
        RequestRefused: there are too many streams already.
    """
    streams: Streams = request.app.state.streams
    admitted = streams.admitted(request, visitor.viewer)
    admitted.__enter__()
    last_event = request.headers.get("last-event-id") or None
    found = results(request, schema, text, asked, visitor=visitor, last_event=last_event)
    return _EventStream(_events(found, streams.ending), admitted=admitted)


class _EventStream(StreamingResponse):
    """An answer that counts as open until it has ended, however it ends."""

    def __init__(self, content: AsyncIterator[bytes], *, admitted: AbstractContextManager[None]) -> None:
        super().__init__(content, headers=HEADERS, media_type=EVENTS)
        self._admitted = admitted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._admitted.__exit__(None, None, None)


async def _events(found: AsyncGenerator[Result, None], ending: asyncio.Event) -> AsyncGenerator[bytes, None]:
    """The events of results, with a comment now and then so that nothing on the way thinks the connection idle."""
    stops = asyncio.create_task(ending.wait())
    coming: asyncio.Task[Result | None] | None = None
    try:
        yield HEARTBEAT  # the headers go out at once, and with them that the stream is there
        while not stops.done():
            coming = coming or asyncio.create_task(_next(found))
            await asyncio.wait({coming, stops}, timeout=HEARTBEAT_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                yield HEARTBEAT
                continue
            result = coming.result()
            coming = None
            if result is None:
                yield COMPLETE
                return
            yield _event(result)
    finally:
        open_tasks = [task for task in (coming, stops) if task is not None]
        for task in open_tasks:
            task.cancel()
        await asyncio.gather(*open_tasks, return_exceptions=True)
        await found.aclose()


async def _next(found: AsyncGenerator[Result, None]) -> Result | None:
    return await anext(found, None)


def _event(result: Result) -> bytes:
    id = f"id: {result.cursor}\n".encode() if result.cursor is not None else b""
    return b"event: next\n" + id + b"data: " + orjson.dumps(result.payload) + b"\n\n"
