"""The pages of what the programme did and what it plans: each figure opens to the list behind it, in six languages.

Both can be printed, and taken as a Word document or a PDF, which are made off the loop, two at a time.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import Refusal, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages.languages import PARAMETER, language_of
from api.pages.listing import moment_in
from api.pages.reading import read
from api.pages.refusals import FIRST_YEAR, LAST_YEAR, NoSuchSpan
from api.pages.rendering import render
from api.pages.words import N_
from api.report import NoFonts, as_docx, as_pdf
from api.report.page import Report, following, report_of
from api.report.planned import plan_of
from api.report.telling import told
from api.settings import GraphQLSettings
from graph.achievements import year
from graph.values import Period

__all__ = ["reports"]

SETS_AT_ONCE: Final = asyncio.Semaphore(2)
"""A document takes a core for a second or more."""

FILES: Final[Mapping[str, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}

reports = APIRouter(include_in_schema=False)


class NotInstalled(Refusal):
    """A PDF needs fonts that set-up fetches."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The fonts for a PDF are not installed here; take the Word document, or ask an administrator to run "
                "'knowwho setup'."
            ),
            status=503,
        )


@reports.get("/achievements", response_class=HTMLResponse)
async def achievements_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What the programme did in a year, the last one with an event if none is named, or from one day to another."""
    return await _page(request, visitor, plans=False)


@reports.get("/achievements.docx")
@reports.get("/achievements.pdf")
@reports.get("/plan.docx")
@reports.get("/plan.pdf")
async def report_file(request: Request, visitor: VisitorOf) -> Response:
    """The same page as a file, of the same days and in the same language."""
    named, _, ending = request.url.path.removeprefix("/").partition(".")
    plans = named == "plan"
    try:
        span = _span(request.query_params, otherwise=await _year_to_open(request, visitor, plans=plans))
    except NoSuchSpan:
        raise HTTPException(404) from None
    report = await _made(request, visitor, span, plans=plans)
    fonts: Path = request.app.state.fetched
    async with SETS_AT_ONCE:
        try:
            content = await asyncio.to_thread(
                lambda: as_docx(report) if ending == "docx" else as_pdf(report, fonts=fonts)
            )
        except NoFonts:
            raise NotInstalled from None
    name = f"{named}-{span.first.year}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=FILES[ending], headers=headers)


@reports.get("/plan", response_class=HTMLResponse)
async def plan_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What is planned for a year, the next one if none is named, or from one day to another."""
    return await _page(request, visitor, plans=True)


async def _year_to_open(request: Request, visitor: Visitor, *, plans: bool) -> int:
    """The year of which a page tells if none is named."""
    if plans:
        return _today().year + 1
    held = (await read(request, visitor, "last_held"))["events"]["edges"]
    begun = moment_in(held[0]["node"], "startsAt") if held else None
    return begun.year if begun else _today().year


async def _made(request: Request, visitor: Visitor, span: Period, *, plans: bool) -> Report:
    await spend(request, Limited.SEARCH)
    network: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    async with while_waiting(request, seconds=settings.query_timeout_s):
        asked: dict[str, Any] = {"span": span, "language": language_of(request), "today": _today()}
        if plans:
            return await plan_of(network.graph, visitor.viewer, **asked)
        return await report_of(network.graph, visitor.viewer, **asked, following=following(span), names_people=False)


async def _page(request: Request, visitor: Visitor, *, plans: bool) -> HTMLResponse:
    report, refusal = None, None
    nearest: list[int] = []
    year_shown = await _year_to_open(request, visitor, plans=plans)
    try:
        span = _span(request.query_params, otherwise=year_shown)
    except NoSuchSpan as error:
        refusal = error
    else:
        report, year_shown = await _made(request, visitor, span, plans=plans), span.first.year
        nearest = await _nearest(request, visitor, span, plans=plans)
    context = {
        "report": report,
        "refusal": refusal,
        "told": told,
        "made_on": _today(),
        "files": None if report is None else _files(request, year_shown),
        "nearest": [(shown, f"{request.url.path}?year={shown}") for shown in nearest],
        "years": [
            (shown, f"{request.url.path}?year={shown}", shown == year_shown)
            for shown in (year_shown - 1, year_shown, year_shown + 1)
            if FIRST_YEAR <= shown <= LAST_YEAR
        ],
    }
    return await render(request, "report.html", visitor, context, status_code=200 if refusal is None else 422)


async def _nearest(request: Request, visitor: Visitor, span: Period, *, plans: bool) -> list[int]:
    """The last year before a span without any event and the first after it that have one; nothing if it has some."""
    since, until = (datetime.combine(day, time(), UTC) for day in (span.first, span.last + timedelta(days=1)))
    only = [{"not": {"stage": {"eq": "CANCELLED"}}} if plans else {"stage": {"eq": "HELD"}}]
    found = await read(
        request,
        visitor,
        "beside_month",
        before={"and": [*only, {"startsAt": {"lt": until.isoformat()}}]},
        after={"and": [*only, {"startsAt": {"gte": since.isoformat()}}]},
    )
    begun = [moment_in(edge["node"], "startsAt") for side in ("before", "after") for edge in found[side]["edges"]]
    days = [one.date() for one in begun if one is not None]
    if any(span.first <= day <= span.last for day in days):
        return []
    return [day.year for day in days if FIRST_YEAR <= day.year <= LAST_YEAR]


def _files(request: Request, year_shown: int) -> list[tuple[str, str]]:
    """The kinds of files, each with its address."""
    named = {name: value for name, value in request.query_params.items() if name in {"year", "since", "until"}}
    asked = named or {"year": str(year_shown)}
    query = urlencode({**asked, PARAMETER: language_of(request)})
    return [(ending, f"{request.url.path}.{ending}?{query}") for ending in FILES]


def _span(asked: Mapping[str, str], *, otherwise: int) -> Period:
    """The days that an address names.

    Raises:
        NoSuchSpan: it names none.
    """
    try:
        if "since" in asked or "until" in asked:
            span = Period(date.fromisoformat(asked.get("since", "")), date.fromisoformat(asked.get("until", "")))
        else:
            span = year(int(asked.get("year") or otherwise))
    except (ValueError, OverflowError):
        raise NoSuchSpan from None
    if not (span.first.year >= FIRST_YEAR and span.first <= span.last and span.last.year <= LAST_YEAR):
        raise NoSuchSpan
    return span


def _today() -> date:
    return datetime.now(UTC).date()
