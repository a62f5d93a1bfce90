"""What pages refuse of their own addresses, and the status of a page that says why something was not done."""

from graph.errors import GraphError
from graph.permissions import NotAllowed
from graph.wording import Wording

__all__ = ["FIRST_YEAR", "LAST_YEAR", "NoSuchSpan", "NotADay", "NotAMonth", "NotAYear", "status_of"]

FIRST_YEAR, LAST_YEAR = 1900, 9998
"""Of which years pages are."""
LONGEST = 80
"""Letters that are shown of what an address has where it should say something else."""


class NotADay(GraphError):
    """The address has something else where a day belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(Wording("'%(text)s' is no date; write one as 2026-03-01.", text=self.text))


class NotAYear(GraphError):
    """The address has something else where a year belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(
            Wording(
                "'%(text)s' is no year from %(first_year)s to %(last_year)s; write ?year=2026.",
                text=self.text,
                first_year=str(FIRST_YEAR),
                last_year=str(LAST_YEAR),
            )
        )


class NotAMonth(GraphError):
    """The address has something else where a month belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(
            Wording(
                "'%(text)s' is no month from %(first_year)s-01 to %(last_year)s-12; write ?view=month&month=2026-11.",
                text=self.text,
                first_year=str(FIRST_YEAR),
                last_year=str(LAST_YEAR),
            )
        )


class NoSuchSpan(GraphError):
    """The address of a report names no days that there are."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "The address names no year from %(first_year)s to %(last_year)s, or no two days in order; "
                "write ?year=2022 or ?since=2022-01-01&until=2022-06-30.",
                first_year=str(FIRST_YEAR),
                last_year=str(LAST_YEAR),
            )
        )


def status_of(refusal: Exception | None) -> int:
    """The status of a page that says why something was not done."""
    return 200 if refusal is None else 403 if isinstance(refusal, NotAllowed) else 422
