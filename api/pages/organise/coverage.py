"""Coverage as a table of topics by places, its gaps in words, and what is nearest to one of its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.asking import months_ago
from api.door import Visitor
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.pages.languages import language_of
from api.pages.organise.asking import asked, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.fields import Choice
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, in_order_of, words_in
from api.settings import GraphQLSettings
from api.spreadsheet import BYTE_ORDER_MARK, lines
from graph.coverage import By, Cell, Coverage, Gap, WhyGap, gaps_in
from graph.coverage import coverage as coverage_of
from graph.errors import GraphError

__all__ = ["coverage"]

CLASSES: Final = (1, 3, 6, 11)
"""From how many people on a cell is of the next deeper colour."""

MOST_GAPS: Final = 12
WORLD: Final = "001"

WHY: Final[Mapping[WhyGap, str]] = {
    WhyGap.NOBODY: N_("nobody"),
    WhyGap.NOBODY_STRONG: N_("nobody who leads in it or practises it"),
    WhyGap.NOTHING_RECENT: N_("nothing recent"),
}

COLUMNS: Final = {
    "topic": N_("Topic"),
    "place": N_("Place"),
    "experts": N_("People"),
    "lead": N_("Lead in it"),
    "practitioner": N_("Practise it"),
    "familiar": N_("Know it"),
    "newest": N_("Newest evidence"),
    "events": N_("Events held"),
    "activities": N_("Activities done"),
    "planned": N_("Planned"),
    "gap": N_("Gap"),
}
"""Of the table for spreadsheet programs: the heading of each, in English."""

coverage = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    by: By
    topic: str
    within: str
    months: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """From the address; what it does not know is regions. Within no region is within the world."""
        by = next((by for by in By if by.value == query.get("by")), By.REGION)
        within = query.get("within", "").strip()
        if by is By.LANGUAGE or within in {WORLD, "World"}:
            within = ""
        return cls(by, query.get("topic", "").strip(), within, query.get("months", "").strip())

    @property
    def is_too_wide(self) -> bool:
        """Whether these are the countries of the world, of which no page makes a table that anybody reads."""
        return self.by is By.COUNTRY and not self.within

    @property
    def since(self) -> date | None:
        """From which day on evidence is recent; None if it does not matter.

        Raises:
            NotThatManyMonths: that is no number of months.
        """
        if not self.months:
            return None
        is_number = self.months.isascii() and self.months.isdecimal() and len(self.months) < 4
        return months_ago(int(self.months) if is_number else -1)

    def address(self, **others: str) -> str:
        """The query that asks for it, or for something else."""
        said = {"by": self.by.value, "topic": self.topic, "within": self.within, "months": self.months, **others}
        return urlencode({name: value for name, value in said.items() if value})


@coverage.get("/coverage", response_class=HTMLResponse)
async def coverage_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """The table, coloured by how many people there are, with the number in each cell."""
    wanted, language = Asked.of(request.query_params), language_of(request)
    found: Coverage | None = None
    gaps: Sequence[Gap] = ()
    refusal: GraphError | None = None
    try:
        if not wanted.is_too_wide:
            found, gaps = await _counted(request, visitor, wanted)
    except NO_ANSWER:
        raise
    except GraphError as error:
        refusal = error
    words, order = words_in(language), in_order_of(language)
    why: dict[tuple[str, str], str] = {(gap.topic.id, gap.place.id): words.gettext(WHY[gap.why]) for gap in gaps}
    regions = await asked(request, visitor, "organise_regions")
    places = (
        []
        if found is None
        else [Choice(place.id, place.names.in_language(language) or place.id) for place in found.places]
    )
    in_order = sorted(range(len(places)), key=lambda place: order(places[place].text))
    context = {
        "wanted": wanted,
        "refusal": refusal,
        "places": [places[place] for place in in_order],
        "rows": []
        if found is None
        else [
            (
                Choice(row.topic.id, row.topic.labels.in_language(language)),
                row.experts,
                [(row.cells[place], _class(row.cells[place])) for place in in_order],
            )
            for row in sorted(found.rows, key=lambda row: order(row.topic.labels.in_language(language)))
        ],
        "why": why,
        "gaps": [_told(gap, language, why) for gap in gaps[:MOST_GAPS]],
        "gap_count": len(gaps),
        "ways": [(by.value, wanted.address(by=by.value)) for by in By],
        "regions": [
            Choice(one["node"]["code"], one["node"]["name"])
            for one in regions["regions"]["edges"]
            if one["node"]["code"] != WORLD
        ],
        "classes": _legend(),
    }
    return await render(
        request, "organise/coverage.html", visitor, context, status_code=200 if refusal is None else 422
    )


@coverage.get("/coverage.csv")
async def coverage_csv(request: Request, visitor: OrganiserOf) -> Response:
    """The same cells as a table for spreadsheet programs, a row each, in the language of the page."""
    wanted, language = Asked.of(request.query_params), language_of(request)
    try:
        found, gaps = await _counted(request, visitor, wanted)
    except NO_ANSWER:
        raise
    except GraphError:
        raise HTTPException(404) from None
    say = words_in(language).gettext
    why = {(gap.topic.id, gap.place.id): say(WHY[gap.why]) for gap in gaps}
    rows = [
        {
            "topic": row.topic.labels.in_language(language),
            "place": place.names.in_language(language) or place.id,
            **{
                name: str(getattr(cell, name))
                for name in COLUMNS
                if hasattr(cell, name) and name not in {"newest", "place"}
            },
            "newest": cell.newest.isoformat() if cell.newest else "",
            "gap": why.get((row.topic.id, place.id), ""),
        }
        for row in found.rows
        for place, cell in zip(found.places, row.cells, strict=True)
    ]
    headings = {name: say(heading) for name, heading in COLUMNS.items()}
    if wanted.by is By.LANGUAGE:
        headings["place"] = say(N_("Language"))
    return Response(
        BYTE_ORDER_MARK + lines([*COLUMNS], [headings, *rows]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="coverage.csv"', "Cache-Control": "no-store"},
    )


@coverage.get("/coverage/nearest", response_class=HTMLResponse)
async def nearest_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """Who and what is nearest to a topic in a place."""
    wanted, place = Asked.of(request.query_params), request.query_params.get("place", "")
    await spend(request, Limited.SEARCH)
    found, called = None, place
    refusal: GraphError | None = None
    try:
        document = {"topic": wanted.topic, "place": {wanted.by.value: place}, "code": place}
        of = {by.value: by is wanted.by for by in By}
        told = await asked(request, visitor, "organise_nearest", **document, **of)
        found, called = told["nearestTo"], (told[wanted.by.value] or {}).get("name") or place
    except NO_ANSWER:
        raise
    except GraphError as error:
        refusal = error
    context = {
        "found": found,
        "refusal": refusal,
        "place": called,
        "by": wanted.by.value,
        "back": f"/organise/coverage?{wanted.address(topic=request.query_params.get('above', ''))}",
    }
    return await render(request, "organise/nearest.html", visitor, context, status_code=200 if refusal is None else 422)


async def _counted(request: Request, visitor: Visitor, wanted: Asked) -> tuple[Coverage, Sequence[Gap]]:
    await spend(request, Limited.SEARCH)
    settings: GraphQLSettings = request.app.state.graphql
    since = wanted.since
    async with while_waiting(request, seconds=settings.query_timeout_s):
        found = await coverage_of(
            graph_of(request),
            visitor.viewer,
            by=wanted.by,
            topic=wanted.topic or None,
            within=WORLD if wanted.is_too_wide else wanted.within or None,
        )
    return found, gaps_in(found, recent_since=since)


def _class(cell: Cell) -> int:
    """How deep the colour of a cell is, 0 to 4."""
    return sum(cell.experts >= least for least in CLASSES)


def _legend() -> Sequence[tuple[int, str]]:
    """Each class with the numbers that are of it."""
    bounds = [(0, 0), *zip(CLASSES, [bound - 1 for bound in CLASSES[1:]], strict=False)]
    told = [str(first) if first == last else f"{first}–{last}" for first, last in bounds]
    return list(enumerate([*told, f"{CLASSES[-1]}+"]))


def _told(gap: Gap, language: str, why: Mapping[tuple[str, str], str]) -> Mapping[str, Any]:
    return {
        "topic": Choice(gap.topic.id, gap.topic.labels.in_language(language)),
        "place": Choice(gap.place.id, gap.place.names.in_language(language) or gap.place.id),
        "why": why[gap.topic.id, gap.place.id],
        "elsewhere": gap.experts,
        "works": gap.cell.events + gap.cell.activities + gap.cell.planned,
    }
