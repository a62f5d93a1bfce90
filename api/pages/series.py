"""The pages of series of events: all of them, and one with its events, its speakers and what they spoke about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.door import VisitorOf
from api.pages.event_shown import Named, coming, events_shown, listing, nodes_of, past, undated
from api.pages.languages import PARAMETER, language_of
from api.pages.listing import begun_again, moment_in
from api.pages.reading import read
from api.pages.rendering import render
from api.settings import base_url
from graph.values import NotACursor

__all__ = ["series"]

AT_ONCE: Final = 20

series = APIRouter(include_in_schema=False)


@series.get("/series", response_class=HTMLResponse)
async def all_series_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """Every series, by name."""
    part = listing(AT_ONCE, **{name: request.query_params.get(name, "") for name in ("after", "before")})
    try:
        found = (await read(request, visitor, "all_series", **part))["allSeries"]
    except NotACursor:
        raise begun_again(request) from None
    newest = {
        edge["node"]["slug"]: moment_in(newest[0]["node"], "startsAt")
        for edge in found["edges"]
        if (newest := edge["node"]["events"]["edges"])
    }
    context = {"found": [edge["node"] for edge in found["edges"]], "newest": newest, "part": found["pageInfo"]}
    return await render(request, "all_series.html", visitor, context)


@series.get("/series/{slug}", response_class=HTMLResponse)
async def series_page(request: Request, visitor: VisitorOf, slug: str) -> HTMLResponse:
    """One series: what it is about, its events, who spoke over the years and on what."""
    now = datetime.now(UTC)
    of_series = {"series": {"slug": {"eq": slug}}}
    after = request.query_params.get("people", "")
    try:
        told = await read(
            request,
            visitor,
            "series",
            slug=slug,
            coming={"or": [coming(now), undated()]},
            past=past(now),
            covered={"events": {"some": of_series}},
            spoke={"talks": {"some": {"node": of_series}}},
            talks={"node": of_series},
            peopleAfter=after or None,
        )
    except NotACursor:
        raise begun_again(request) from None
    found = told["series"]
    if found is None or found["slug"] != slug:
        raise HTTPException(404)
    to_come = await events_shown(request, visitor, [of_series, coming(now)], newest_first=False, first=AT_ONCE)
    ideas = await events_shown(request, visitor, [of_series, undated()], newest_first=False, first=AT_ONCE)
    held = await events_shown(request, visitor, [of_series, past(now)], newest_first=True, first=AT_ONCE)
    address = f"/series/{slug}.ics?{PARAMETER}={language_of(request)}"
    context = {
        "series": found,
        "coming": [*to_come.events, *ideas.events],
        "has_more": any(part.after for part in (to_come, ideas, held)),
        "past": held.events,
        "topics": [Named(edge["node"]["slug"], edge["node"]["label"]) for edge in nodes_of(told, "topics")],
        "people": told["experts"],
        "years": {edge["node"]["slug"]: _years(edge["node"]) for edge in nodes_of(told, "experts")},
        "is_first_part": not after,
        "feed": {"address": address, "webcal": f"webcal://{base_url(request).partition('://')[2]}{address}"},
    }
    return await render(request, "series.html", visitor, context)


def _years(person: Mapping[str, Any]) -> list[str]:
    """In which years somebody spoke in the series, the first one first."""
    begun = [moment_in(edge["node"], "startsAt") for edge in nodes_of(person, "talks")]
    return [str(year) for year in sorted({at.year for at in begun if at})]
