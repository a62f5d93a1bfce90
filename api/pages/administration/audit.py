"""The change log: who changed what and when, newest first; each word on it leads to all that goes with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.door import Visitor
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.administration.lists import after_of, next_of
from api.pages.rendering import render
from graph import accounts, changes
from graph.accounts import AccountId
from graph.changes import Change
from graph.graph import Graph
from graph.values import NotACursor, Period

__all__ = ["audit"]

AT_ONCE: Final = 50
FIRST_YEAR, LAST_YEAR = 1900, 9998
LONGEST: Final = 200
PAGE: Final = "/administration/audit"
PAGES: Final[Mapping[str, str]] = {
    "expert": "/people/",
    "event": "/events/",
    "question": "/questions/",
    "topic": "/topics/",
    "series": "/series/",
    "account": "/administration/people/accounts/",
}
"""Where the page of a subject is, by what kind of thing it is."""

audit = APIRouter()


@audit.get(PAGE)
async def audit_page(request: Request, visitor: Administrator) -> Response:
    """Changes, those that the address asks for."""
    network: OpenNetwork = request.app.state.network
    asked = {name: request.query_params.get(name, "").strip()[:LONGEST] for name in ("actor", "verb", "subject")}
    typed = request.query_params.get("day", "")
    day = _day(typed)
    try:
        page = await changes.page(
            network.graph,
            visitor.viewer,
            first=AT_ONCE,
            after=after_of(request),
            days=None if day is None else Period(day, day),
            **{name: value or None for name, value in asked.items()},
        )
    except NotACursor:
        raise HTTPException(404) from None
    found = [change for _, change in page.entries]
    context = {
        "changes": found,
        "actors": await _actors(network.graph, visitor, found),
        "asked": {**asked, "day": typed},
        "is_no_day": bool(typed) and day is None,
        "narrowed": bool(any(asked.values()) or day),
        "more": next_of(request, page),
        "only": lambda **chosen: f"{PAGE}?{urlencode({**{k: v for k, v in asked.items() if v}, **chosen})}",
        "page_of": _page_of,
        "values": _values,
    }
    return await render(
        request, "administration/audit.html", visitor, context, status_code=200 if day or not typed else 422
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


async def _actors(graph: Graph, visitor: Visitor, found: Sequence[Change]) -> Mapping[str, str]:
    """What the accounts are called that changed something."""
    ids = {change.actor.partition(":")[2] for change in found if change.actor.startswith("account:")}
    known = await accounts.by_ids(graph, visitor.viewer, ids=[AccountId(id) for id in sorted(ids)])
    return {f"account:{id}": one.name or one.email for id, one in known.items()}


def _page_of(subject: str) -> str | None:
    kind, _, id = subject.partition(":")
    return f"{PAGES[kind]}{id}" if kind in PAGES and id and "/" not in id else None


def _values(change: Change) -> list[tuple[str, Any, Any]]:
    """What is told of values: a name, what it was and what it is, None where there was or is none."""
    names = dict.fromkeys([*change.before, *change.after])
    return [(name, change.before.get(name), change.after.get(name)) for name in names]
