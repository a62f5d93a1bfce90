"""The pages of events: what comes and what was, a month as a calendar, and all that is told of one."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.door import Visitor, VisitorOf
from api.pages import event_filters
from api.pages.event_shown import EventShown, EventsShown, coming, events_shown, listing, nodes_of, past, undated
from api.pages.languages import PARAMETER, language_of
from api.pages.listing import begun_again, moment_in
from api.pages.month import Month, month_name, month_of
from api.pages.reading import read
from api.pages.refusals import NotAMonth, NotAYear
from api.pages.rendering import render
from api.settings import base_url
from api.speaking.telling import language_told, time_told
from graph.errors import GraphError
from graph.filters import UnknownFilterValue
from graph.values import NotACursor

__all__ = ["events"]

AT_ONCE: Final = 20
PAST_BESIDE: Final = 10
"""How many of what was stand under what comes."""
OF_A_MONTH: Final = 100
"""Events of a month that are read together."""
MOST_OF_A_MONTH: Final = 500
FARTHEST: Final = timedelta(hours=14)
"""How far a clock is from UTC at most."""

UNFIT = (UnknownFilterValue, NotACursor, NotAYear, NotAMonth)
"""What an address may have got wrong."""

events = APIRouter(include_in_schema=False)


@events.get("/events", response_class=HTMLResponse)
async def events_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What comes first, then what was; or a month, with ``?view=month``."""
    if request.query_params.get("view") == "month":
        return await _month_page(request, visitor)
    language, asked, now = language_of(request), event_filters.chosen(request), datetime.now(UTC)
    when = request.query_params.get("when", "")
    when = when if when in _parts(now) else ""
    parts: list[tuple[str, EventsShown, dict[str, str]]] = []
    refusal: GraphError | None = None
    try:
        only = event_filters.filters(asked)
        for name, (of, newest_first, beside) in _parts(now).items():
            if when in {name, ""}:
                page = listing(AT_ONCE, **_cursors(request)) if when else listing(beside)
                found = await events_shown(request, visitor, [*only, of], newest_first=newest_first, **page)
                parts.append((name, found, _steps(asked, name, found)))
    except UNFIT as error:
        refusal, parts = error, []
    context = {
        **await _narrowing(request, visitor, asked),
        "parts": parts,
        "refusal": refusal,
        "month_address": event_filters.address(asked, view="month"),
        "feed": _feed(request, "/events.ics", language),
    }
    return await render(request, "events.html", visitor, context, status_code=422 if refusal else 200)


@events.get("/events/{slug}", response_class=HTMLResponse)
async def event_page(request: Request, visitor: VisitorOf, slug: str) -> HTMLResponse:
    """All that is told of an event."""
    after = request.query_params.get("speakers", "")
    try:
        found = (await read(request, visitor, "event", slug=slug, speakersAfter=after or None))["event"]
    except NotACursor:
        raise begun_again(request) from None
    if found is None or found["slug"] != slug:
        raise HTTPException(404)
    language = language_of(request)
    event = EventShown.of(found)
    context = {
        "event": event,
        "spoke": nodes_of(found, "speakers"),
        "further_speakers": found["speakers"]["pageInfo"]["endCursor"]
        if found["speakers"]["pageInfo"]["hasNextPage"]
        else None,
        "is_first_part": not after,
        "clock": partial(time_told, language=language),
        "tongue": partial(language_told, language=language),
        "agenda": _agenda(event, found["agenda"]),
        "has_times": any(item["startsAt"] for item in found["agenda"]),
        "has_rooms": any(item["room"] for item in found["agenda"]),
        "feed": _feed(request, f"/events/{slug}.ics", language),
    }
    return await render(request, "event.html", visitor, context)


async def _month_page(request: Request, visitor: Visitor) -> HTMLResponse:
    asked, today = event_filters.chosen(request), datetime.now(UTC).date()
    asked["year"] = ""  # the month says it
    month, is_cut, refusal = None, False, None
    try:
        first = event_filters.month_named(request.query_params.get("month", ""), otherwise=today)
        month, is_cut = await _month(request, visitor, event_filters.filters(asked), first, today)
    except UNFIT as error:
        refusal = error

    def beside(of: date) -> str:
        return event_filters.address(asked, view="month", month=f"{of:%Y-%m}")

    is_empty = month is not None and not any(day.showings for week in month.weeks for day in week if day)
    context = {
        **await _narrowing(request, visitor, asked, view="month", month=f"{month.first:%Y-%m}" if month else ""),
        "month": month,
        "is_cut": is_cut,
        "is_empty": is_empty,
        "nearest": await _nearest(request, visitor, event_filters.filters(asked), first) if is_empty else [],
        "beside": beside,
        "today": beside(today),
        "refusal": refusal,
        "list_address": event_filters.address(asked),
        "feed": _feed(request, "/events.ics", language_of(request)),
    }
    return await render(request, "month.html", visitor, context, status_code=422 if refusal else 200)


async def _month(
    request: Request, visitor: Visitor, only: list[dict[str, Any]], first: date, today: date
) -> tuple[Month, bool]:
    """A month with its events, and whether it has more of them than are shown."""
    since = datetime.combine(first, time(), UTC) - FARTHEST
    until = datetime.combine((first + timedelta(days=31)).replace(day=1), time(), UTC) + FARTHEST
    is_on = {
        "startsAt": {"lt": until.isoformat()},
        "or": [
            {"startsAt": {"gte": since.isoformat()}},
            {"endsAt": {"gt": since.isoformat()}},
        ],
    }
    found: list[EventShown] = []
    after: str | None = ""
    while after is not None and len(found) < MOST_OF_A_MONTH:
        part = listing(OF_A_MONTH, after=after)
        told = (await read(request, visitor, "month", filter={"and": [*only, is_on]}, **part))["events"]
        found += [EventShown.of(edge["node"]) for edge in told["edges"]]
        after = told["pageInfo"]["endCursor"] if told["pageInfo"]["hasNextPage"] else None
    return month_of(first, found, today=today, language=language_of(request)), after is not None


async def _nearest(
    request: Request, visitor: Visitor, only: list[dict[str, Any]], first: date
) -> list[tuple[date, str]]:
    """The first days of the last month before an empty one and of the first after it that have events, with names."""
    since = datetime.combine(first, time(), UTC)
    until = datetime.combine((first + timedelta(days=31)).replace(day=1), time(), UTC)
    told = await read(
        request,
        visitor,
        "beside_month",
        before={"and": [*only, {"startsAt": {"lt": (since + FARTHEST).isoformat()}}]},
        after={"and": [*only, {"startsAt": {"gte": (until - FARTHEST).isoformat()}}]},
    )
    begun = [moment_in(edge["node"], "startsAt") for side in ("before", "after") for edge in told[side]["edges"]]
    months = [one.date().replace(day=1) for one in begun if one is not None]
    return [(one, month_name(one, language_of(request))) for one in months]


async def _narrowing(request: Request, visitor: Visitor, asked: Mapping[str, str], **further: str) -> dict[str, Any]:
    """What the form and the chips of filters need; ``further`` is what the address says beside them."""
    options = await event_filters.choices(request, visitor, language_of(request))
    return {
        "asked": asked,
        "further": further,
        "options": options,
        "chips": list(event_filters.chips(asked, options, **further)),
        "without_filter": event_filters.address({}, **further),
    }


def _parts(now: datetime) -> dict[str, tuple[dict[str, Any], bool, int]]:
    """The parts of the page: the filter, whether what is newest comes first, and how many stand beside the others."""
    return {
        "coming": (coming(now), False, AT_ONCE),
        "undated": (undated(), False, AT_ONCE),
        "past": (past(now), True, PAST_BESIDE),
    }


def _cursors(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in ("after", "before")}


def _steps(asked: Mapping[str, str], when: str, part: EventsShown) -> dict[str, str]:
    """The addresses of the parts of a list before and after this one, as far as there are any."""
    cursors = {"before": part.before, "after": part.after}
    return {
        name: event_filters.address(asked, when=when, **{name: cursor}) for name, cursor in cursors.items() if cursor
    }


def _agenda(event: EventShown, items: list[Mapping[str, Any]]) -> list[tuple[date | None, list[dict[str, Any]]]]:
    """The items by day, each with its times by the event's own clocks."""
    timed = [{**item, "begins": event.at(item["startsAt"]), "ends": event.at(item["endsAt"])} for item in items]
    return [
        (day, list(of_day)) for day, of_day in groupby(timed, key=lambda item: item["begins"] and item["begins"].date())
    ]


def _feed(request: Request, path: str, language: str) -> dict[str, str]:
    """Where a calendar is found: its address here, and the one that calendar programs subscribe to."""
    address = f"{path}?{PARAMETER}={language}"
    return {"address": address, "webcal": f"webcal://{base_url(request).partition('://')[2]}{address}"}
