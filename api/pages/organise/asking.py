"""What the pages for organisers have in common: forms read, documents asked with their moments, what changed first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import FormData

from api.door import Visitor
from api.network import OpenNetwork
from api.pages.event_shown import EventShown
from api.pages.listing import moment_in
from api.pages.reading import read
from api.pages.typed import number_of, text_in
from api.speaking.telling import by_clocks_of
from graph.fields import InvalidFields, Problem
from graph.graph import Graph
from graph.values import EventStage
from graph.wording import Wording

__all__ = ["asked", "day_by_clocks_of", "day_in", "graph_of", "number_in", "texts_in", "when"]

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


def day_in(text: str) -> date | None:
    """A day until whose end an answer is asked for; None if none was chosen.

    Raises:
        InvalidFields: it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        wrong = Wording("That is no date; write one as 2026-03-01.")
        raise InvalidFields([Problem(("answer_by",), wrong)]) from None


def day_by_clocks_of(event: Mapping[str, Any], at: datetime | None) -> date | None:
    """The day that a moment is in where an event is, whose document asks for ``timeZone``."""
    return None if at is None else by_clocks_of(event["timeZone"], at).date()


def when(told: Mapping[str, Any], language: str) -> Sequence[tuple[str, str]]:
    """When an event or draft is, by its own clocks and then in UTC, as its public page says it: label, value."""
    times = {name: told[name] and told[name].isoformat() for name in ("startsAt", "endsAt")}
    named = {name: told[name] for name in ("slug", "title", "kind", "format", "timeZone")}
    return EventShown.of({**named, **times, "stage": EventStage.PLANNED.name}).when(language)
