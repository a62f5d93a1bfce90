"""The pages of what the programme did and what it plans: each figure opens to the list behind it, in six languages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.rendering import render
from api.report.page import Report, following, report_of
from api.report.planned import plan_of
from api.report.telling import told
from api.settings import GraphQLSettings
from graph.achievements import year
from graph.errors import GraphError
from graph.values import Period

__all__ = ["reports"]

FIRST_YEAR, LAST_YEAR = 1900, 9998

reports = APIRouter(include_in_schema=False)


class NoSuchSpan(GraphError):
    """The address of a report names no days that there are."""

    def __init__(self) -> None:
        super().__init__(
            f"The address names no year from {FIRST_YEAR} to {LAST_YEAR}, or no two days in order; write ?year=2022 "
            "or ?since=2022-01-01&until=2022-06-30."
        )


@reports.get("/achievements", response_class=HTMLResponse)
async def achievements_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What the programme did in a year, this one if none is named, or from one day to another."""
    try:
        span = _span(request.query_params, otherwise=_today().year)
    except NoSuchSpan as error:
        return await _page(request, visitor, None, year_shown=_today().year, refusal=error)
    report = await _made(request, visitor, span, plans=False)
    return await _page(request, visitor, report, year_shown=span.first.year)


@reports.get("/plan", response_class=HTMLResponse)
async def plan_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What is planned for a year, the next one if none is named, or from one day to another."""
    coming = _today().year + 1
    try:
        span = _span(request.query_params, otherwise=coming)
    except NoSuchSpan as error:
        return await _page(request, visitor, None, year_shown=coming, refusal=error)
    report = await _made(request, visitor, span, plans=True)
    return await _page(request, visitor, report, year_shown=span.first.year)


async def _made(request: Request, visitor: Visitor, span: Period, *, plans: bool) -> Report:
    await spend(request, Limited.SEARCH)
    network: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    async with while_waiting(request, seconds=settings.query_timeout_s):
        asked: dict[str, Any] = {"span": span, "language": language_of(request), "today": _today()}
        if plans:
            return await plan_of(network.graph, visitor.viewer, **asked)
        return await report_of(network.graph, visitor.viewer, **asked, following=following(span), names_people=False)


async def _page(
    request: Request,
    visitor: Visitor,
    report: Report | None,
    *,
    year_shown: int,
    refusal: NoSuchSpan | None = None,
) -> HTMLResponse:
    context = {
        "report": report,
        "refusal": refusal,
        "told": told,
        "years": [
            (shown, f"{request.url.path}?year={shown}", shown == year_shown)
            for shown in (year_shown - 1, year_shown, year_shown + 1)
            if FIRST_YEAR <= shown <= LAST_YEAR
        ],
    }
    return await render(request, "report.html", visitor, context, status_code=200 if refusal is None else 422)


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
    except ValueError:
        raise NoSuchSpan from None
    if not (span.first.year >= FIRST_YEAR and span.first <= span.last and span.last.year <= LAST_YEAR):
        raise NoSuchSpan
    return span


def _today() -> date:
    return datetime.now(UTC).date()
