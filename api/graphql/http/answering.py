"""How an answer travels: its status, who may keep it, whether the client has it already, and how small it is.

Only what the public is answered to a query in an address may be kept by others, for a short time: everything else is
somebody's own. Answers to requests with a cookie are not compressed. Compression tells by its length whether a text
that somebody chose is also in the secret part of an answer (BREACH), and a browser is what an attacker could make ask
again and again with a victim's cookie; that every such request needs a header which no other site can send is a good
wall, and this is a second one. Programs with tokens ask of their own will alone, and the public has no secrets.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.background import BackgroundTasks

from api.graphql.http.codes import Code
from api.graphql.http.preferences import takes_gzip
from api.settings import GraphQLSettings
from graph.viewer import PUBLIC, Viewer

__all__ = ["answer"]

OUTCOME_TYPE = "application/json"
OWN = "private, no-store"
VARY = "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie"
SMALLEST_COMPRESSED = 1000
COMPRESSED_ASIDE = 50_000
"""Bytes from which compressing takes a millisecond or more, in which others can be answered."""

LEVEL = 5


async def answer(
    request: Request,
    *,
    media: str,
    viewer: Viewer | None,
    data: Mapping[str, Any] | None = None,
    errors: list[dict[str, Any]] | None = None,
    extensions: Mapping[str, Any] | None = None,
    is_executed: bool = False,
    headers: Mapping[str, str] | None = None,
    background: BackgroundTasks | None = None,
) -> Response:
    """The answer to a request; ``is_executed`` is whether there is data to tell, be it null.

    ``viewer`` is None where it is not known who asks.
    """
    told = _headers(errors) | dict(headers or {}) | {"Vary": VARY, "Cache-Control": OWN}
    is_shared = is_executed and not errors and _is_shared(request, viewer)
    found = orjson.dumps(data)
    body: dict[str, Any] = {"data": orjson.Fragment(found)} if is_executed else {}
    if errors:
        body["errors"] = errors
    if extensions and not is_shared:  # such as what this viewer may still ask for, which is not the next one's
        body["extensions"] = extensions
    content = orjson.dumps(body)
    if is_shared:
        told["Cache-Control"] = f"public, max-age={_settings(request).graphql_cache_s}"
    if request.method == "GET" and not errors:
        tag = told["ETag"] = _tag(found)
        if _has_it(request, tag):
            return Response(status_code=304, headers=told, background=background)
    if len(content) >= SMALLEST_COMPRESSED and _may_compress(request):
        content = await _compressed(content)
        told["Content-Encoding"] = "gzip"
    return Response(
        content,
        status_code=200 if is_executed else _status(errors or [], media=media),
        headers=told,
        media_type=f"{media}; charset=utf-8",
        background=background,
    )


def _settings(request: Request) -> GraphQLSettings:
    settings: GraphQLSettings = request.app.state.graphql
    return settings


def _is_shared(request: Request, viewer: Viewer | None) -> bool:
    """Whether anybody else who asks the same is answered the same: GET is answered for queries alone."""
    return (
        request.method == "GET"
        and viewer == PUBLIC
        and not {"authorization", "cookie"} & set(request.headers)
        and _settings(request).graphql_cache_s > 0
    )


def _status(errors: list[dict[str, Any]], *, media: str) -> int:
    """The status of an answer without data.

    In ``application/json`` whatever a well-formed request comes to is 200, so that a client can tell an answer of ours
    from one of something on the way (GraphQL over HTTP, application/json).
    """
    code = Code(errors[0]["extensions"]["code"])
    return 200 if media == OUTCOME_TYPE and code.is_outcome else code.status


def _headers(errors: list[dict[str, Any]] | None) -> dict[str, str]:
    """When to ask again, where that is what was wrong."""
    waits = [wait for error in errors or () if (wait := error["extensions"].get("retryAfterS")) is not None]
    return {"Retry-After": str(max(waits))} if waits else {}


def _tag(content: bytes) -> str:
    # Weak: the same data, whatever surrounds it and however it is compressed (RFC 9110, 8.8.1).
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def _has_it(request: Request, tag: str) -> bool:
    """Whether the client says that it has this (RFC 9110, 13.1.2, which compares weakly)."""
    said = ",".join(request.headers.getlist("if-none-match"))
    return (
        any(one.strip().removeprefix("W/") == tag.removeprefix("W/") for one in said.split(",")) or said.strip() == "*"
    )


def _may_compress(request: Request) -> bool:
    return "cookie" not in request.headers and takes_gzip(request.headers.get("accept-encoding"))


async def _compressed(content: bytes) -> bytes:
    if len(content) < COMPRESSED_ASIDE:
        return gzip.compress(content, LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, content, LEVEL, mtime=0)
