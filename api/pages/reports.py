"""The pages of what the programme did and what it plans: each figure opens to the list behind it, in six languages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.graphql.http.preferences import language
from api.network import OpenNetwork
from api.pages.rendering import render
from api.report.page import Report, following, report_of
from api.report.planned import plan_of
from api.report.telling import told
from api.settings import GraphQLSettings
from api.speaking.words import words_of
from graph.achievements import year
from graph.errors import GraphError
from graph.values import UN_LANGUAGES, Period

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
        asked: dict[str, Any] = {"span": span, "language": _language(request), "today": _today()}
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
    chosen = _language(request)
    asked = {name: value for name, value in request.query_params.items() if name in {"year", "since", "until"}}
    context = {
        "words": words_of(chosen),
        "report": report,
        "refusal": refusal,
        "told": told,
        "years": [
            (shown, _address(request, {"year": str(shown), "language": chosen}), shown == year_shown)
            for shown in (year_shown - 1, year_shown, year_shown + 1)
            if FIRST_YEAR <= shown <= LAST_YEAR
        ],
        "languages": [
            (code, Locale(code).get_display_name(code), _address(request, {**asked, "language": code}), code == chosen)
            for code in UN_LANGUAGES
        ],
    }
    return await render(request, "report.html", visitor, context, status_code=200 if refusal is None else 422)


def _address(request: Request, asked: Mapping[str, str]) -> str:
    return f"{request.url.path}?{urlencode(asked)}"


def _language(request: Request) -> str:
    """The language that the address names, else the one that the browser likes best."""
    asked = request.query_params.get("language", "")
    return asked if asked in UN_LANGUAGES else language(",".join(request.headers.getlist("accept-language"))).value


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
