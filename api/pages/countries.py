"""The countries: a map and a table of experts, activities and gaps, and a page for each country."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.door import Visitor, VisitorOf
from api.door.limits import pay
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.listing import Entry, begun_again, dated, entries, paged
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.words import in_order_of
from api.pages.world import World, world
from api.settings import GraphQLSettings
from graph.coverage import By, Coverage, CoverageTooLarge, Gap, NoPlaces, coverage, gaps_in
from graph.errors import QueryTimedOut
from graph.filters import UnknownFilterValue
from graph.values import NotACursor

__all__ = ["countries"]

log = structlog.get_logger(__name__)

WORLD: Final = "001"
"""The code of the whole world in UN M49."""

COST_OF_COVERAGE: Final = 2_600
"""What GraphQL takes such a table to cost."""

CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)

LEAST: Final = (1, 2, 5, 10, 50)
"""From how many on a country is drawn one step darker. The same for every viewer, so that who sees less sees less."""

SHOWN: Final = ("experts", "activities", "gaps")
ORDERS: Final = ("name", "region", "experts", "worked_there", "events", "activities", "gaps")

countries = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A country in figures, as far as the viewer sees them; ``gaps`` is None where they are not told."""

    code: str
    name: str
    region: str
    experts: int
    worked_there: int
    events: int
    activities: int
    gaps: int | None

    @property
    def has_any(self) -> bool:
        """Whether the network has anybody or anything there."""
        return bool(self.experts or self.worked_there or self.events or self.activities)


@dataclass(frozen=True, slots=True)
class Shade:
    """A step of the map's colour, for so many at least and at most; the last one has no end."""

    level: int
    least: int
    most: int | None


@countries.get("/countries", response_class=HTMLResponse)
async def countries_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """The map of the world and its table: who lives and worked where, what is done there, and what is missing."""
    asked, language = request.query_params, language_of(request)
    shown = asked["show"] if asked.get("show") in SHOWN else "experts"
    order = asked["order"] if asked.get("order") in ORDERS else "name"
    found = [country async for country in _read(request, visitor)]
    table = None
    if any(country["experts"]["totalCount"] for country in found):
        table = await _coverage(request, visitor, within=WORLD)
    gaps = _gaps_by_country(table)
    places = [_place(country, gaps) for country in found]
    told = [place for place in places if place.has_any]
    shades = _shades(len(table.rows) if table and shown == "gaps" else None)
    context = {
        "shown": shown,
        "order": order,
        "has_gaps": table is not None,
        "world": await _drawn(request),
        "by_code": {place.code: place for place in places},
        "places": sorted(told, key=_key(order, language)),
        "others": sorted((place for place in places if not place.has_any), key=_key("name", language)),
        "shades": shades,
        "shade_of": lambda place: _level(getattr(place, shown) or 0, shades),
        "address": lambda **change: _address({"show": shown, "order": order, **change}),
        "experts": sum(place.experts for place in told),
        "lived_in": sum(place.experts > 0 for place in told),
        "worked_in": sum(place.worked_there > 0 for place in told),
        "active_in": sum(place.activities > 0 for place in told),
        "gaps": sum(place.gaps or 0 for place in told),
    }
    return await render(request, "countries.html", visitor, context)


@countries.get("/countries/{code}", response_class=HTMLResponse)
async def country_page(request: Request, visitor: VisitorOf, code: str) -> HTMLResponse:
    """A country: who lives there and who worked there, what was done, and what nobody there knows."""
    if not CODE.fullmatch(code):
        raise HTTPException(404)
    asked = request.query_params
    try:
        found = await read(
            request,
            visitor,
            "country",
            code=code,
            **{"is": {"eq": code}},
            people=asked.get("people"),
            workedThere=asked.get("worked-there"),
            past=asked.get("past"),
        )
    except NotACursor:
        raise begun_again(request) from None
    country, work = found["country"], found["work"]
    if country is None or work is None:
        raise HTTPException(404)
    regions = entries(country["regions"])
    gaps = await _gaps_in(request, visitor, code=code, region=regions[0]["code"]) if regions else []
    chosen = next((gap for gap in gaps if gap.topic.id == asked.get("gap")), gaps[0] if gaps else None)
    order = in_order_of(language_of(request))
    context = {
        "country": country,
        "regions": [region for region in regions if region["code"] != WORLD],
        "people": paged(request, country["experts"], "people"),
        "worked_there": paged(request, country["expertsWhoWorkedThere"], "worked-there"),
        "spoken": sorted(
            entries(found["spoken"]), key=lambda one: (-one["speakers"]["totalCount"], order(one["name"]))
        ),
        "coming": paged(request, work["coming"]),
        "past": paged(request, work["past"], "past"),
        **{name: paged(request, work[name]) for name in ("resources", "activities", "projects", "organisations")},
        "partners": paged(request, found["partners"]),
        "gaps": gaps,
        "chosen": chosen,
        "nearest": await _nearest(request, visitor, code, chosen) if chosen else None,
    }
    return await render(request, "country.html", visitor, context)


async def _read(request: Request, visitor: Visitor) -> AsyncIterator[Mapping[str, Any]]:
    """All countries with their counts, a hundred at a time."""
    after = None
    while True:
        found = (await read(request, visitor, "countries", after=after))["countries"]
        for edge in found["edges"]:
            yield edge["node"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def _place(country: Mapping[str, Any], gaps: Mapping[str, int]) -> Place:
    count = {name: of["totalCount"] for name, of in country.items() if isinstance(of, dict) and "totalCount" in of}
    regions = entries(country["regions"])
    place = Place(
        country["code"],
        country["name"],
        regions[0]["name"] if regions else "",
        count["experts"],
        count["expertsWhoWorkedThere"],
        count["events"],
        count["activities"] + count["projects"],
        gaps.get(country["code"]),
    )
    # Where the network has nobody and nothing, nothing is missed.
    return place if place.has_any else replace(place, gaps=None)


async def _coverage(request: Request, visitor: Visitor, *, within: str) -> Coverage | None:
    """The broadest topics by the countries of a region; None if there is no such table, or not in time."""
    network: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    await pay(request, COST_OF_COVERAGE)
    try:
        async with while_waiting(request, seconds=settings.query_timeout_s):
            return await coverage(network.graph, visitor.viewer, by=By.COUNTRY, within=within)
    except (CoverageTooLarge, NoPlaces, UnknownFilterValue) as error:
        log.info("no_gaps_by_country", reason=type(error).__name__)
    except QueryTimedOut:
        log.warning("gaps_by_country_took_too_long")
    return None


def _gaps_by_country(table: Coverage | None) -> Mapping[str, int]:
    if table is None:
        return {}
    counted: dict[str, int] = {place.id: 0 for place in table.places}
    for gap in gaps_in(table):
        counted[gap.place.id] += 1
    return counted


async def _gaps_in(request: Request, visitor: Visitor, *, code: str, region: str) -> Sequence[Gap]:
    """The broadest topics that nobody in a country leads in or practises, the most important first.

    None of them is told to whom the network shows nobody who knows anything.
    """
    table = await _coverage(request, visitor, within=region)
    if table is None or not any(row.experts for row in table.rows):
        return []
    return [gap for gap in gaps_in(table) if gap.place.id == code]


async def _nearest(request: Request, visitor: Visitor, code: str, gap: Gap) -> Entry | None:
    """Who and what is nearest to a gap; None if that is not found in time."""
    try:
        found = await read(request, visitor, "nearest", topic=gap.topic.id, country=code)
    except QueryTimedOut as error:
        log.warning("nearest_took_too_long", reason=type(error).__name__)
        return None
    nearest: Entry = found["nearestTo"]
    return {**nearest, "events": [{**one, "event": dated(one["event"])} for one in nearest["events"]]}


async def _drawn(request: Request) -> World | None:
    """The map of the world; None where set-up has not fetched it."""
    files: Path = request.app.state.fetched
    try:
        return await asyncio.to_thread(world, files)
    except FileNotFoundError:
        return None


def _shades(topics: int | None) -> list[Shade]:
    """The five steps of the map's colour; for gaps as shares of all topics that there can be a gap in."""
    least = sorted({topics * step // 5 + 1 for step in range(5)}) if topics else list(LEAST)
    ends = [*(one - 1 for one in least[1:]), topics or None]
    return [Shade(level, *span) for level, span in enumerate(zip(least, ends, strict=True))]


def _level(count: int, shades: Sequence[Shade]) -> int | None:
    """The step that a count is of; None for nobody and nothing."""
    return next((shade.level for shade in reversed(shades) if count >= shade.least), None)


def _key(order: str, language: str) -> Callable[[Place], Any]:
    """What the table is sorted by: texts in the language's order, most first of numbers, then by name."""
    by_name = in_order_of(language)
    if order in {"name", "region"}:
        return lambda place: (by_name(getattr(place, order)), by_name(place.name))
    return lambda place: (-(getattr(place, order) or 0), by_name(place.name))


def _address(asked: Mapping[str, str]) -> str:
    return "/countries?" + "&".join(f"{name}={value}" for name, value in asked.items())
