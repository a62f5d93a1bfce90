"""What the pages for organisers have in common: forms read, documents asked with their moments, what changed first."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import FormData

from api.door import Visitor
from api.network import OpenNetwork
from api.pages.listing import moment_in
from api.pages.reading import read
from api.pages.typed import number_of, text_in
from graph.fields import InvalidFields, Problem
from graph.graph import Graph
from graph.wording import Wording

__all__ = ["asked", "end_of_day", "graph_of", "number_in", "texts_in"]

MOMENTS: Final = frozenset(
    {"startsAt", "endsAt", "at", "answerBy", "madeAt", "changedAt", "leftAt", "nextAt", "askedAt", "answeredAt"}
)
"""Fields of the contract that are moments, which its answers write as text."""


def graph_of(request: Request) -> Graph:
    """The open network's graph."""
    network: OpenNetwork = request.app.state.network
    return network.graph


async def asked(request: Request, visitor: Visitor, document: str, **variables: Any) -> Mapping[str, Any]:
    """As api.pages.reading.read, with moments as such, those of events by their own clocks."""
    told: Mapping[str, Any] = _with_moments(await read(request, visitor, document, **variables))
    return told


def _with_moments(told: Any) -> Any:
    if isinstance(told, list):
        return [_with_moments(one) for one in told]
    if isinstance(told, Mapping):
        return {
            name: moment_in(told, name) if name in MOMENTS and isinstance(value, str) else _with_moments(value)
            for name, value in told.items()
        }
    return told


def texts_in(form: FormData, name: str) -> list[str]:
    """All that was chosen under a name."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def number_in(form: FormData, name: str) -> int:
    """A number that our own page put into a form; -1, which nothing has, if somebody wrote something else there."""
    return number_of(text_in(form, name))


def end_of_day(text: str) -> datetime | None:
    """The last second, in UTC, of a day that somebody chose; None if they chose none.

    Raises:
        InvalidFields: it is no day.
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        wrong = Wording("That is no date; write one as 2026-03-01.")
        raise InvalidFields([Problem(("answer_by",), wrong)]) from None
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
