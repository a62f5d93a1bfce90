"""The filters of the list and the calendar of events: as an address says them, as choices, and as chips."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request

from api.door import Visitor
from api.pages.event_shown import moment_of
from api.pages.reading import read
from api.pages.refusals import FIRST_YEAR, LAST_YEAR, NotAMonth, NotAYear
from api.pages.terms import TERMS, term

__all__ = ["NAMES", "Chip", "address", "chips", "choices", "chosen", "filters", "month_named"]

NAMES: Final = ("q", "kind", "topic", "country", "spoken", "series", "year")
"""What events can be filtered by, as an address says it; ``language`` is the page's own."""

LONGEST: Final = 80
"""Letters of a chip, where an address has what nobody chose."""

Chosen = Mapping[str, str]
"""What the address says, by name; empty where it does not matter."""
Options = Mapping[str, Mapping[str, str]]
"""What can be chosen, by the filter's name: words by what the address says."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that acts, in words, and the address of the same page without it."""

    words: str
    without: str


def chosen(request: Request) -> dict[str, str]:
    """What an address asks for."""
    return {name: request.query_params.get(name, "").strip() for name in NAMES}


def filters(asked: Chosen) -> list[dict[str, Any]]:
    """What GraphQL is to filter by.

    Raises:
        NotAYear: the year is none.
    """
    found: list[dict[str, Any]] = []
    if asked["q"]:
        found.append({"title": {"contains": asked["q"]}})
    if asked["kind"]:
        found.append({"kind": {"eq": asked["kind"]}})
    if asked["topic"]:
        found.append({"topics": {"some": {"named": [asked["topic"]]}}})
    if asked["country"]:
        found.append({"country": {"named": [asked["country"]]}})
    if asked["spoken"]:
        found.append({"languages": {"some": {"named": [asked["spoken"]]}}})
    if asked["series"]:
        found.append({"series": {"slug": {"eq": asked["series"]}}})
    if asked["year"]:
        year = _year(asked["year"])
        since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        found.append({"startsAt": {"gte": since.isoformat(), "lt": until.isoformat()}})
    return found


async def choices(request: Request, visitor: Visitor, language: str) -> Options:
    """What there is to choose from: what some event has."""
    told = await read(request, visitor, "event_choices")

    def options(field: str, value: str, words: str) -> dict[str, str]:
        return {edge["node"][value]: edge["node"][words] for edge in told[field]["edges"]}

    first, last = (
        [moment.year for edge in told[end]["edges"] if (moment := moment_of(edge["node"]["startsAt"]))]
        for end in ("oldest", "newest")
    )
    years = range(last[0], first[0] - 1, -1) if first and last else range(0)
    return {
        "kind": {kind: term("event", kind, language) for kind in TERMS["event"]},
        "topic": options("topics", "slug", "label"),
        "country": options("countries", "code", "name"),
        "spoken": options("languages", "tag", "name"),
        "series": options("allSeries", "slug", "name"),
        "year": {str(year): str(year) for year in years},
    }


def chips(asked: Chosen, options: Options, **further: str) -> Iterator[Chip]:
    """Every filter that acts; ``further`` is what the address says beside them."""
    for name in NAMES:
        if asked[name]:
            words = options.get(name, {}).get(asked[name], asked[name][:LONGEST])
            yield Chip(words, address({**asked, name: ""}, **further))


def address(asked: Chosen, **further: str) -> str:
    """Where this is asked."""
    said = {name: value for name, value in {**asked, **further}.items() if value}
    return f"/events?{urlencode(said)}" if said else "/events"


def month_named(text: str, *, otherwise: date) -> date:
    """The first day of a month such as 2026-11.

    Raises:
        NotAMonth: it is none.
    """
    if not text:
        return otherwise.replace(day=1)
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise NotAMonth(text) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NotAMonth(text)
    return found


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise NotAYear(text)
    return int(text)
