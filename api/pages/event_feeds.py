"""Calendars to subscribe to: of all events, of a series, of one event. They hold what whoever asks may see.

Calendar programs come without cookies, and so get what the public sees.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from api.door import Visitor, VisitorOf
from api.network import OpenNetwork
from api.pages.event_calendar import calendar, tag
from api.pages.event_shown import EventShown, every_event
from api.pages.languages import PARAMETER, language_of
from api.pages.reading import read
from api.pages.words import words_in
from api.settings import base_url
from graph.network import describe

__all__ = ["feeds"]

LOOKING_BACK: Final = timedelta(days=365)

feeds = APIRouter(include_in_schema=False)


@feeds.get("/events.ics")
async def calendar_of_events(request: Request, visitor: VisitorOf) -> Response:
    """What is to come and what was in the last year."""
    since = (datetime.now(UTC) - LOOKING_BACK).replace(hour=0, minute=0, second=0, microsecond=0)
    events = await every_event(request, visitor, [{"startsAt": {"gte": since.isoformat()}}])
    network: OpenNetwork = request.app.state.network
    described = await describe(network.graph, visitor.viewer)
    name = described.title if described else words_in(language_of(request)).gettext("Events")
    return _answered(request, visitor, events, name=name, filename="events")


@feeds.get("/series/{slug}.ics")
async def calendar_of_series(request: Request, visitor: VisitorOf, slug: str) -> Response:
    """All events of a series."""
    found = (await read(request, visitor, "series_named", slug=slug))["series"]
    if found is None or found["slug"] != slug:
        raise HTTPException(404)
    events = await every_event(request, visitor, [{"series": {"slug": {"eq": slug}}}])
    return _answered(request, visitor, events, name=found["name"], filename=slug)


@feeds.get("/events/{slug}.ics")
async def calendar_of_event(request: Request, visitor: VisitorOf, slug: str) -> Response:
    """One event, to add to one's own calendar; 404 as long as nobody said when it is."""
    events = await every_event(request, visitor, [{"slug": {"eq": slug}}])
    if not events or events[0].begins is None:
        raise HTTPException(404)
    return _answered(request, visitor, events, name=events[0].told.title, filename=slug, takes_time=True)


def _answered(
    request: Request,
    visitor: Visitor,
    events: Sequence[EventShown],
    *,
    name: str,
    filename: str,
    takes_time: bool = False,
) -> Response:
    """The calendar; 304 if who asks has it already."""
    language = language_of(request)
    written = calendar(
        events,
        name=name,
        address=f"{base_url(request)}{request.url.path}?{PARAMETER}={language}",
        language=language,
        at=datetime.now(UTC),
        takes_time=takes_time,
    )
    entity_tag = tag(written)
    # Whoever hides is gone from it at once: nobody keeps it without asking whether it is still so.
    headers = {
        "ETag": entity_tag,
        "Cache-Control": "private, no-store" if visitor.account else "no-cache",
        "Vary": "Accept-Language, Authorization, Cookie",
        "Content-Language": language,
    }
    if _has(request, entity_tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def _has(request: Request, entity_tag: str) -> bool:
    """Whether who asks names this entity tag (RFC 9110, 13.1.2)."""
    named = [one.strip() for one in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return "*" in named or entity_tag.removeprefix("W/") in [one.removeprefix("W/") for one in named]
