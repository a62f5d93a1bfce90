"""One line for each request, and an id that all its lines and its answer carry.

A line says what kind of thing was asked, never what: the route's template and not the path, the role and not the
person. Addresses are written down only where a setting asks for them.
"""

import time
import uuid
from collections.abc import Callable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import ServerSettings

__all__ = ["RequestLog", "Sorry", "as_json"]

log = structlog.get_logger(__name__)

# A method is whatever the client writes; only these are written down as they are.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


Sorry = Callable[[Request, str], Response]
"""Makes the answer to a request in which something went wrong, of its id; it must ask nothing of the graph."""


def as_json(_: Request, request_id: str) -> Response:
    """The answer for programs."""
    sentence = f"Something went wrong here; it has been written down as {request_id}."
    return JSONResponse({"error": sentence}, status_code=500)


class RequestLog:
    """Writes the lines, and turns what went wrong inside into a 500 that names the request's id and nothing else."""

    def __init__(self, app: ASGIApp, *, settings: ServerSettings, sorry: Sorry = as_json) -> None:
        self._app = app
        self._sorry = sorry
        self._with_address = settings.log_addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                log.exception("request_failed", route=_route(scope))
                if status is not None:
                    raise
                await self._sorry(Request(scope), request_id)(scope, receive, send_with_id)
            finally:
                self._write(scope, status=status, took_s=time.perf_counter() - began)

    def _write(self, scope: Scope, *, status: int | None, took_s: float) -> None:
        visitor = scope.get("state", {}).get("visitor")
        line = {
            "method": scope["method"] if scope["method"] in METHODS else "other",
            "route": _route(scope),
            "status": status,
            "ms": round(took_s * 1000, 1),
            "role": visitor.viewer.role.value if visitor else None,
        }
        if self._with_address and scope.get("client"):
            line["address"] = scope["client"][0]
        if "warming" in structlog.contextvars.get_contextvars():  # what the server asks of itself (api.warming)
            log.debug("request", **line)
        else:
            log.info("request", **line)


def _route(scope: Scope) -> str | None:
    """The template of the route that answered, never the path itself; None if none did."""
    # A route of an included router does not know its prefix; what FastAPI found does.
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    if found is not None and found.path:
        return str(found.path)
    return f"{scope['root_path']}/…" if "endpoint" in scope else None
