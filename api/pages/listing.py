"""What pages list of what was read: entries with days and times as such, and the addresses of the parts of a list."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.exceptions import HTTPException

from api.speaking.telling import by_clocks_of

__all__ = [
    "Paged",
    "addresses_of_parts",
    "begun_again",
    "dated",
    "entries",
    "moment_in",
    "paged",
    "without_cursors",
]

MOMENTS: Final = ("startsAt", "endsAt")
DAYS: Final = ("startsOn", "endsOn", "publishedOn")

Entry = dict[str, Any]
Paged = dict[str, Any]
"""Of a list in parts: its ``entries``, their ``total``, and the addresses of the ``first`` part and the ``next``."""


def moment_in(node: Mapping[str, Any], name: str) -> datetime | None:
    """A moment of a node, by the node's own clocks if its document asks for ``timeZone``, else in UTC."""
    text = node.get(name)
    return by_clocks_of(node.get("timeZone"), datetime.fromisoformat(text)) if text else None


def dated(node: Mapping[str, Any]) -> Entry:
    """A node with days and times instead of their texts, times by its own clocks."""
    made = dict(node)
    made |= {name: moment_in(node, name) for name in MOMENTS if node.get(name)}
    made |= {name: date.fromisoformat(made[name]) for name in DAYS if made.get(name)}
    return made


def entries(connection: Mapping[str, Any]) -> list[Entry]:
    """The nodes of a connection, each with what its edge says; lists that they have are such lists too."""
    found = []
    for edge in connection["edges"]:
        node = dated({**{name: value for name, value in edge.items() if name != "node"}, **edge["node"]})
        found.append({name: entries(of) if _is_connection(of) else of for name, of in node.items()})
    return found


def paged(request: Request, connection: Mapping[str, Any], name: str | None = None) -> Paged:
    """Part of a list; ``name`` is what the address calls the cursor of the part, and where in the page the list is."""
    made: Paged = {"entries": entries(connection), "total": connection["totalCount"], "first": None, "next": None}
    if name is None:
        return made
    info = connection["pageInfo"]
    return made | addresses_of_parts(request, name, end=info["endCursor"] if info["hasNextPage"] else None)


def addresses_of_parts(request: Request, name: str, *, end: str | None) -> dict[str, str | None]:
    """Where the ``first`` part of a list is, None for that part itself, and the ``next``; ``end`` is its cursor."""
    asked = request.url
    return {
        "first": _address(asked.remove_query_params(name), name) if name in request.query_params else None,
        "next": _address(asked.include_query_params(**{name: end}), name) if end is not None else None,
    }


def without_cursors(request: Request) -> list[tuple[str, str]]:
    """What the address asks, but for the places in lists: in another language, a list has another order."""
    return [(name, value) for name, value in request.query_params.multi_items() if not _is_cursor(value)]


def begun_again(request: Request) -> HTTPException:
    """What leads to the beginning of lists, where a cursor is of another language or list; 404 for what is none."""
    asked = without_cursors(request)
    if len(asked) == len(request.query_params.multi_items()):
        return HTTPException(404)
    return HTTPException(303, headers={"Location": request.url.path + (f"?{urlencode(asked)}" if asked else "")})


def _is_cursor(value: str) -> bool:
    """Whether a text has the form of a cursor: a list in JSON, in Base64."""
    try:
        return isinstance(json.loads(base64.b64decode(value, altchars=b"-_", validate=True)), list)
    except (ValueError, RecursionError):
        return False


def _address(asked: Any, name: str) -> str:
    return f"{asked.path}{'?' if asked.query else ''}{asked.query}#{name}"


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and "edges" in value
