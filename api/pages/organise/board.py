"""The board: each event as a card, in the column of how far it has come, from an idea to what was held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.organise.asking import asked, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, said_in, word_in
from api.pages.rendering import render
from api.speaking.telling import by_clocks_of
from graph import speaking
from graph.speaking import State
from graph.values import EventId

__all__ = ["board"]

HALF_A_YEAR: Final = timedelta(days=183)
FIRST_DAY: Final = date(1900, 1, 1)

ASKED: Final = (State.INVITED, State.REMINDED)
SAID_YES: Final = (State.ACCEPTED, State.CONFIRMED, State.SPOKE, State.ABSENT)
SAID_NO: Final = (State.DECLINED, State.WITHDRAWN)
"""Whoever was asked and then taken off the list counts as a no, whether they said it or not."""

board = APIRouter()


class Column(StrEnum):
    """How far an event has come."""

    IDEA = "idea"
    SHORTLISTING = "shortlisting"
    INVITING = "inviting"
    CONFIRMED = "confirmed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Card:
    """An event or draft on the board: how many are on its shortlist and not asked, waited for, said yes and no.

    Of those who are ``asked``, who would at another time, or at what has begun or is cancelled, is not waited for.
    ``day`` is the event's own, where it is held; None if nobody said when.
    """

    slug: str
    title: str
    kind: str | None
    day: date | None
    is_draft: bool
    is_under_way: bool
    shortlisted: int
    asked: int
    waited_for: int
    yes: int
    no: int
    overdue: int

    def column(self, stage: str) -> Column:
        """Where it is: held, else confirmed if it or enough of its people are, else as far as asking has come."""
        if stage == "HELD":
            return Column.HELD
        if stage in {"CONFIRMED", "UNDER_WAY"} or (self.yes and not self.asked):
            return Column.CONFIRMED
        if self.asked or self.no:
            return Column.INVITING
        return Column.IDEA if self.is_draft and not self.shortlisted else Column.SHORTLISTING


@board.get("", response_class=HTMLResponse)
async def board_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """Events of the half-years before and after today, and drafts; a link leads back to when something was held."""
    today = datetime.now(UTC).date()
    since = _day(request.query_params.get("since"), otherwise=today - HALF_A_YEAR)
    until = max(today + HALF_A_YEAR, _day(request.query_params.get("until"), otherwise=today))
    found = await asked(
        request,
        visitor,
        "organise_board",
        since=datetime.combine(since, time.min, tzinfo=UTC).isoformat(),
        until=datetime.combine(until, time.max, tzinfo=UTC).isoformat(),
    )
    drafts, events = _nodes(found["eventDrafts"]), _nodes(found["events"])
    standings = await speaking.standings(
        graph_of(request), visitor.viewer, events=[EventId(one["slug"]) for one in (*drafts, *events)]
    )
    unanswered = found["unansweredInvitations"]
    waited_for = Counter(one["event"]["slug"] for one in unanswered)
    overdue = Counter(one["event"]["slug"] for one in unanswered if one["isOverdue"])
    columns: dict[Column, list[Card]] = {column: [] for column in Column}
    before = next((_day_of(one) for one in _nodes(found["before"])), None)
    cancelled = []
    for one in (*drafts, *events):
        slug = one["slug"]
        card = _card(one, standings.get(EventId(slug), {}), waited_for=waited_for[slug], overdue=overdue[slug])
        if one.get("stage") == "CANCELLED":
            cancelled.append(card)
        else:
            columns[card.column(one.get("stage") or "")].append(card)
    for column, cards in columns.items():
        if column is not Column.HELD:
            cards.sort(key=lambda card: (card.day is None, card.day or FIRST_DAY))
    context = {
        "columns": columns,
        "cancelled": cancelled,
        "said": said_in(request),
        "discarded": request.query_params.get("draft") if word_in(request) is Said.DISCARDED else None,
        "since": since,
        "before": before,
        "older": None if before is None else max(min(since, before) - HALF_A_YEAR, FIRST_DAY),
        "until": until,
        "later": until + HALF_A_YEAR if until.year < 2_200 else None,
        "is_cut": found["events"]["pageInfo"]["hasNextPage"] or found["eventDrafts"]["pageInfo"]["hasNextPage"],
    }
    return await render(request, "organise/board.html", visitor, context)


def _nodes(connection: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _card(told: Mapping[str, Any], states: Mapping[State, int], *, waited_for: int, overdue: int) -> Card:
    def of(*some: State) -> int:
        return sum(states.get(state, 0) for state in some)

    return Card(
        slug=told["slug"],
        title=told["title"],
        kind=told["kind"],
        day=_day_of(told),
        is_draft="stage" not in told,
        is_under_way=told.get("stage") == "UNDER_WAY",
        shortlisted=of(State.SHORTLISTED),
        asked=of(*ASKED),
        waited_for=waited_for,
        yes=of(*SAID_YES),
        no=of(*SAID_NO),
        overdue=overdue,
    )


def _day_of(told: Mapping[str, Any]) -> date | None:
    starts_at = told["startsAt"]
    return starts_at and by_clocks_of(told["timeZone"], starts_at).date()


def _day(text: str | None, *, otherwise: date) -> date:
    """A day in the address; what is none is as if it were left out."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if day.year in range(FIRST_DAY.year, 2_300) else otherwise
