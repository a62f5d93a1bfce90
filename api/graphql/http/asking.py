"""What a request asks: the parameters of GraphQL over HTTP, out of a body of JSON or out of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

import orjson
from fastapi import Request

from api.graphql.http.codes import Code, RequestRefused

__all__ = ["Asked", "asked_of"]

TEXTS = ("query", "documentId", "operationName")
OBJECTS = ("variables", "extensions")
"""In an address they are written as JSON."""

JSON_BODY = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operation, as a client asks for it: by its text, by the id of a known document, or by both."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


async def asked_of(request: Request) -> Asked:
    """What a request asks.

    Raises:
        RequestRefused: it is no request of GraphQL over HTTP.
    """
    given = _of_address(request) if request.method == "GET" else await _of_body(request)
    for names, kind, words in ((TEXTS, str, "a string"), (OBJECTS, dict, "an object")):
        for name in names:
            if given.get(name) is not None and not isinstance(given[name], kind):
                raise RequestRefused(Code.BAD_REQUEST, f"'{name}' is not {words}; send one, or leave it out.")
    return Asked(
        query=given.get("query"),
        document_id=given.get("documentId"),
        operation_name=given.get("operationName"),
        variables=given.get("variables"),
        extensions=given.get("extensions"),
    )


def _of_address(request: Request) -> Mapping[str, Any]:
    given: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        if name not in {*TEXTS, *OBJECTS}:
            continue
        if name in given:
            raise RequestRefused(Code.BAD_REQUEST, f"'{name}' is there twice; send it once.")
        given[name] = _json(text.encode(), what=f"'{name}'") if name in OBJECTS and text else text
    # Empty is as if it were not there, says the specification of operationName.
    return {name: value for name, value in given.items() if value != "" or name == "query"}


async def _of_body(request: Request) -> Mapping[str, Any]:
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    # A Message without the header would say text/plain.
    if header.get_content_type() != JSON_BODY or (header.get_content_charset() or "utf-8") not in {"utf-8", "utf8"}:
        raise RequestRefused(
            Code.UNSUPPORTED_MEDIA_TYPE, f"The body is not said to be {JSON_BODY} in UTF-8; send that."
        )
    given = _json(await request.body(), what="The body")
    if not isinstance(given, dict):
        raise RequestRefused(Code.BAD_REQUEST, "The body is not an object; send one operation a request.")
    return given


def _json(text: bytes, *, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RequestRefused(Code.BAD_REQUEST, f"{what} cannot be read as JSON; mend it.") from None
