"""``graphql-transport-ws``: several subscriptions over one websocket, each with an id that its client chose.

Codes of closing are the protocol's (4400 to 4429) and those of RFC 6455, 7.4.1; the server's own end is 1012, after
which clients come again. uvicorn sends pings of the websocket itself, which keep it and find out who is gone.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, aclosing, suppress
from typing import Any, Final

import orjson
import structlog
from fastapi import Request, WebSocket
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocketDisconnect
from strawberry import Schema

from api.door import Refusal, Visitor, visitor_of
from api.door.bodies import LARGEST_QUERY
from api.door.limits import RateLimited, limited_graphql
from api.graphql.http.asking import OBJECTS, TEXTS, Asked
from api.graphql.http.codes import SAID_INSTEAD, Code, RequestRefused, told
from api.graphql.http.documents import TrustedDocuments
from api.graphql.http.streams.handshake import handshake, visitor_of_handshake
from api.graphql.http.streams.results import Result, request_id, results
from api.graphql.http.streams.streams import Streams
from graph.errors import GraphError
from graph.viewer import Viewer

__all__ = ["MOST_SUBSCRIPTIONS", "follow_by_socket"]

log = structlog.get_logger(__name__)

PROTOCOL: Final = "graphql-transport-ws"
MOST_SUBSCRIPTIONS: Final = 10
"""Of one connection at once."""

INIT_WITHIN_S: Final = 10.0
LONGEST_ID: Final = 200
LONGEST_REASON: Final = 123
"""Bytes of the reason in a closing frame (RFC 6455, 5.5)."""

TakesOthers = Callable[[Request, Viewer], bool]


class _Closed(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


async def follow_by_socket(websocket: WebSocket, schema: Schema, *, takes_others: TakesOthers) -> None:
    """Serve one websocket until either side closes it; ``takes_others`` is who may bring documents of their own."""
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(request_id=uuid.uuid4().hex):
        request = handshake(websocket)
        try:
            visitor = await visitor_of_handshake(request)
            await limited_graphql(request)
        except (Refusal, GraphError) as refusal:
            await websocket.send_denial_response(_denial(refusal))
            return
        connection = _Connection(websocket, schema, takes_others, visitor)
        try:
            await connection.serve()
        finally:
            line = {
                "route": "/graphql",
                "code": connection.code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "role": connection.role,
            }
            log.info("websocket", **line)


class _Connection:
    """One websocket, its subscriptions by id, and who they are for once that is known."""

    def __init__(self, websocket: WebSocket, schema: Schema, takes_others: TakesOthers, visitor: Visitor) -> None:
        self._websocket = websocket
        self._schema = schema
        self._takes_others = takes_others
        self._visitor = visitor
        self._streams: Streams = websocket.app.state.streams
        self._is_begun = False
        self._request: Request | None = None
        self._following: dict[str, asyncio.Task[None]] = {}
        self._open = ExitStack()
        self.code: int | None = None
        """With which it was closed."""

    @property
    def role(self) -> str:
        """Of whoever follows."""
        return self._visitor.viewer.role.value

    async def serve(self) -> None:
        """Answer messages until the connection is closed."""
        with self._open:
            try:
                is_ours = PROTOCOL in self._websocket.scope["subprotocols"]
                await self._websocket.accept(subprotocol=PROTOCOL if is_ours else None)
                if not is_ours:
                    raise _Closed(4406, "Subprotocol not acceptable")  # noqa: TRY301 -- closed in one place
                await self._answer()
            except _Closed as closed:
                await self._close(closed.code, closed.reason)
            except WebSocketDisconnect as disconnect:
                self.code = self.code or disconnect.code
            except Exception:
                log.exception("websocket_failed")
                await self._close(1011, "Something went wrong here")
            finally:
                await self._end(list(self._following.values()))

    async def _answer(self) -> None:
        init_until = asyncio.get_running_loop().time() + INIT_WITHIN_S
        while True:
            try:
                async with asyncio.timeout_at(init_until if self._request is None else None):
                    message = await self._message()
            except TimeoutError:
                raise _Closed(4408, "Connection initialisation timeout") from None
            match message["type"]:
                case "connection_init":
                    await self._begin(message)
                case "ping":
                    await self._send({"type": "pong"})
                case "pong":
                    pass
                case "subscribe":
                    await self._subscribe(message)
                case "complete":
                    await self._complete(_id_of(message))
                case _:
                    raise _Closed(4400, "Unknown message type")

    async def _message(self) -> dict[str, Any]:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code") or 1005)
        text = received.get("text")
        if text is None:
            raise _Closed(4400, "A message is text")
        if len(text) > LARGEST_QUERY:
            raise _Closed(1009, f"A message has at most {LARGEST_QUERY} bytes")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _Closed(4400, "A message is JSON") from None
        if not (isinstance(message, dict) and isinstance(message.get("type"), str)):
            raise _Closed(4400, "A message is an object with a type")
        return message

    async def _begin(self, message: dict[str, Any]) -> None:
        """Learn who it is, by what the handshake or this message shows, and let them in."""
        if self._is_begun:
            raise _Closed(4429, "Too many initialisation requests")
        self._is_begun = True
        payload = message.get("payload") or {}
        shown = (payload.get("authorization") or payload.get("Authorization")) if isinstance(payload, dict) else 0
        if not (shown is None or isinstance(shown, str)):
            raise _Closed(4400, "The payload is an object, and its authorization a string")
        request = handshake(self._websocket, authorization=shown)
        try:
            self._visitor = await visitor_of_handshake(request)
            self._open.enter_context(self._streams.admitted(request, self._visitor.viewer))
        except Refusal:
            raise _Closed(4403, "Forbidden") from None
        except RequestRefused as refusal:
            raise _Closed(1013, str(refusal)) from None
        except GraphError:
            raise _Closed(1013, "The network cannot answer at the moment") from None
        await self._send({"type": "connection_ack"})
        self._request = request

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if self._request is None:
            raise _Closed(4401, "Unauthorized")
        id = _id_of(message)
        asked = _asked_of(message)
        if id in self._following:
            raise _Closed(4409, f"Subscriber for {id} already exists")
        if len(self._following) >= MOST_SUBSCRIPTIONS:
            sentence = f"One connection follows {MOST_SUBSCRIPTIONS} subscriptions at most; complete one first."
            await self._refuse(id, RequestRefused(Code.RATE_LIMITED, sentence))
            return
        self._following[id] = asyncio.create_task(self._follow(id, asked, self._request))

    async def _follow(self, id: str, asked: Asked, request: Request) -> None:
        """One subscription, to its end; each result is made when the one before it was taken."""
        try:
            visitor = await visitor_of(request)
            if self._visitor.session is not None and visitor.session is None:
                await self._close(4403, "Forbidden")
                return
            await limited_graphql(request)
            documents: TrustedDocuments = request.app.state.documents
            text = documents.text_of(asked, takes_others=self._takes_others(request, visitor.viewer))
            async with aclosing(results(request, self._schema, text, asked, visitor=visitor)) as found:
                async for result in found:
                    await self._tell(id, result)
                    if result.is_refused:
                        return
            self._following.pop(id, None)
            await self._send({"id": id, "type": "complete"})
        except (RequestRefused, Refusal, GraphError) as refusal:
            await self._refuse(id, refusal)
        except WebSocketDisconnect:
            pass  # whoever reads the messages is told as well
        except Exception as problem:
            log.exception("subscription_failed")
            await self._refuse(id, problem)

    async def _tell(self, id: str, result: Result) -> None:
        if Code.UNAUTHENTICATED in result.codes:
            await self._close(4403, "Forbidden")
        elif result.is_refused:
            self._following.pop(id, None)
            await self._send({"id": id, "type": "error", "payload": result.payload["errors"]})
        else:
            await self._send({"id": id, "type": "next", "payload": result.payload})

    async def _refuse(self, id: str, refusal: Exception) -> None:
        error = told(refusal, request_id=request_id(), with_suggestions=False)
        await self._tell(id, Result({"errors": [error]}, is_refused=True))

    async def _complete(self, id: str) -> None:
        task = self._following.pop(id, None)
        if task is not None:
            await self._end([task])

    async def _end(self, tasks: list["asyncio.Task[None]"]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, message: dict[str, Any]) -> None:
        if self.code is None:
            await self._websocket.send_text(orjson.dumps(message).decode())

    async def _close(self, code: int, reason: str) -> None:
        if self.code is not None:
            return
        self.code = code
        cut = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):  # it is closed already
            await self._websocket.close(code, cut)


def _denial(refusal: Refusal | GraphError) -> Response:
    """The answer to a handshake that opens nothing, before there is a websocket."""
    if isinstance(refusal, Refusal):
        return PlainTextResponse(refusal.sentence, status_code=refusal.status, headers=refusal.headers)
    if isinstance(refusal, RateLimited):
        headers = {"Retry-After": str(refusal.retry_after_s)}
        return PlainTextResponse(str(refusal), status_code=Code.RATE_LIMITED.status, headers=headers)
    return PlainTextResponse(SAID_INSTEAD[Code.UNAVAILABLE], status_code=Code.UNAVAILABLE.status)


def _id_of(message: dict[str, Any]) -> str:
    id = message.get("id")
    if not (isinstance(id, str) and 0 < len(id) <= LONGEST_ID):
        raise _Closed(4400, f"The id is a string of 1 to {LONGEST_ID} letters")
    return id


def _asked_of(message: dict[str, Any]) -> Asked:
    """What a message asks, which has the same parameters as a request."""
    payload = message.get("payload")
    if not isinstance(payload, dict):
        raise _Closed(4400, "The payload is an object")
    for names, kind in ((TEXTS, str), (OBJECTS, dict)):
        for name in names:
            if payload.get(name) is not None and not isinstance(payload[name], kind):
                raise _Closed(4400, f"In the payload, {name} is of another type")
    return Asked(
        query=payload.get("query"),
        document_id=payload.get("documentId"),
        operation_name=payload.get("operationName"),
        variables=payload.get("variables"),
        extensions=payload.get("extensions"),
    )
