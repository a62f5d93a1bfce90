"""The change log: who changed what and when, newest first; each word on it leads to all that goes with it."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException

from api.door import Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.changes_told import as_asked, in_words, meant_by_actor, meant_by_subject
from api.pages.administration.gate import Administrator
from api.pages.administration.lists import after_of, next_of
from api.pages.languages import language_of
from api.pages.rendering import render
from api.pages.terms import TERMS, term
from api.pages.words import in_order_of
from api.spreadsheet import BYTE_ORDER_MARK, lines, table
from graph import changes
from graph.changes import Change
from graph.values import Cursor, NotACursor, Page, Period

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

COLUMNS: Final = ("number", "at", "actor", "verb", "subject", "fields", "before", "after")
"""Of the table, which is for programs as well: actors and subjects are as the log has them, times in UTC."""
READ_AT_ONCE: Final = 500
MOST_TAKEN: Final = 50_000

audit = APIRouter()


@audit.get(PAGE)
async def audit_page(request: Request, visitor: Administrator) -> Response:
    """Changes, those that the address asks for."""
    network: OpenNetwork = request.app.state.network
    asked, typed = _asked(request), request.query_params.get("day", "")
    day = _day(typed)
    page = await _read(request, visitor, await _meant(request, visitor), first=AT_ONCE, after=after_of(request))
    context = {
        "changes": await in_words(request, visitor, [change for _, change in page.entries]),
        "asked": {**asked, "day": typed},
        "shown": {
            of: await as_asked(network.graph, visitor, asked[of], language_of(request), of=of)
            for of in ("actor", "subject")
        },
        "is_no_day": bool(typed) and day is None,
        "narrowed": bool(any(asked.values()) or day),
        "verbs": _verbs(asked["verb"], language_of(request)),
        "more": next_of(request, page),
        "table": f"{PAGE}.csv?{urlencode({k: v for k, v in {**asked, 'day': typed if day else ''}.items() if v})}",
        "only": lambda **chosen: f"{PAGE}?{urlencode({**{k: v for k, v in asked.items() if v}, **chosen})}",
        "page_of": _page_of,
    }
    return await render(
        request, "administration/audit.html", visitor, context, status_code=200 if day or not typed else 422
    )


@audit.get(f"{PAGE}.csv")
async def take_changes(request: Request, visitor: Administrator) -> Response:
    """The changes that the address asks for as a table, newest first, the newest fifty thousand of them at most."""
    await spend(request, Limited.MUTATION)
    if (typed := request.query_params.get("day", "")) and _day(typed) is None:
        raise HTTPException(404)
    meant = await _meant(request, visitor)
    first = await _read(request, visitor, meant, first=READ_AT_ONCE)

    async def parts() -> AsyncIterator[str]:
        page, taken = first, len(first.entries)
        yield BYTE_ORDER_MARK + table(COLUMNS, map(_as_cells, page.entries))
        while page.has_next and taken < MOST_TAKEN:
            page = await _read(request, visitor, meant, first=READ_AT_ONCE, after=page.entries[-1][0])
            taken += len(page.entries)
            yield lines(COLUMNS, map(_as_cells, page.entries))

    return StreamingResponse(
        parts(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="changes.csv"', "Cache-Control": "no-store"},
    )


def _as_cells(entry: tuple[Cursor, Change]) -> dict[str, str]:
    _, change = entry
    return {
        "number": str(change.sequence),
        "at": change.at.isoformat(timespec="seconds"),
        "actor": change.actor,
        "verb": change.verb,
        "subject": change.subject,
        "fields": ", ".join(change.fields),
        "before": json.dumps(change.before, ensure_ascii=False) if change.before else "",
        "after": json.dumps(change.after, ensure_ascii=False) if change.after else "",
    }


def _verbs(asked: str, language: str) -> Sequence[tuple[str, str]]:
    """The verbs to choose from with their words, in the order of these; also the one that the address asks for."""
    verbs = {*TERMS["change"], *([asked] if asked else [])}
    order = in_order_of(language)
    return sorted(((verb, term("change", verb, language)) for verb in verbs), key=lambda one: order(one[1]))


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip()[:LONGEST] for name in ("actor", "verb", "subject")}


Meant = Mapping[str, Collection[str] | None]
"""Actors and subjects that are asked for, as the log has them; None for all."""


async def _meant(request: Request, visitor: Visitor) -> Meant:
    """Whom and what the address means: names stand for all who have them."""
    graph, asked = request.app.state.network.graph, _asked(request)
    actor, subject = asked["actor"], asked["subject"]
    return {
        "actors": await meant_by_actor(graph, visitor, actor, language_of(request)) if actor else None,
        "subjects": await meant_by_subject(request, visitor, subject) if subject else None,
    }


async def _read(
    request: Request, visitor: Visitor, meant: Meant, *, first: int, after: Cursor | None = None
) -> Page[Change]:
    """Changes that the address asks for, of all days if it names none that is one.

    Raises:
        HTTPException: 404, for the place of another list.
    """
    network: OpenNetwork = request.app.state.network
    day = _day(request.query_params.get("day", ""))
    try:
        return await changes.page(
            network.graph,
            visitor.viewer,
            first=first,
            after=after,
            days=None if day is None else Period(day, day),
            verb=_asked(request)["verb"] or None,
            **meant,
        )
    except NotACursor:
        raise HTTPException(404) from None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _page_of(subject: str) -> str | None:
    kind, _, id = subject.partition(":")
    return f"{PAGES[kind]}{id}" if kind in PAGES and id and "/" not in id else None
