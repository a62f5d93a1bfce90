"""What GraphQL and the first page make alike of a filter as people say it."""

from calendar import monthrange
from datetime import UTC, date, datetime

from graph.errors import GraphError
from graph.wording import Wording

__all__ = ["MOST_MONTHS", "NotThatManyMonths", "months_ago"]

MOST_MONTHS = 120


class NotThatManyMonths(GraphError):
    """Somebody asked for people who were not invited for too few months, or too many, or what is no number."""

    def __init__(self, months: object) -> None:
        super().__init__(
            Wording(
                "'%(months)s' is no number of months to look back; give 1 to %(most)s.",
                months=str(months)[:80],
                most=MOST_MONTHS,
            )
        )


def months_ago(months: int, *, today: date | None = None) -> date:
    """The day as many months before today (in UTC) as are given; where that month is shorter, its last day.

    Raises:
        NotThatManyMonths: there are fewer than 1 or more than 120.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise NotThatManyMonths(months)
    today = today or datetime.now(UTC).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
