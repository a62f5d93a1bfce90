"""A month of events as a calendar shows it: weeks of days, each with what is on then by the event's own clocks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton

from api.catalogues import locale_of
from api.pages.event_shown import EventShown
from api.speaking.telling import time_told

__all__ = ["Day", "Month", "Showing", "month_name", "month_of"]

WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Showing:
    """An event on one of its days; ``time`` is when it begins, on its first day, if it does not last all day."""

    event: EventShown
    time: str | None
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day and what is on then; ``name`` is the day written out."""

    day: date
    name: str
    is_today: bool
    showings: list[Showing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """A month; ``weekdays`` are their short and their long names, and a day of a week that is of another month is None.

    ``before`` and ``after`` are the first days of the months beside it, and their names.
    """

    first: date
    name: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day | None]]
    before: tuple[date, str]
    after: tuple[date, str]


def month_of(first: date, events: Iterable[EventShown], *, today: date, language: str) -> Month:
    """The month that begins on ``first``, with those of the events that are on in it."""
    locale = Locale.parse(locale_of(language))
    after, before = (first + timedelta(days=31)).replace(day=1), (first - timedelta(days=1)).replace(day=1)
    days = {
        one: Day(one, format_date(one, "full", locale=locale), one == today)
        for one in (first + timedelta(days=number) for number in range((after - first).days))
    }
    for event in events:
        for day in _days(event, first, after):
            begins = event.begins
            is_first = begins is not None and begins.date() == day
            time = None
            if begins is not None and is_first and not event.lasts_all_day:
                time = time_told(begins, language)
            days[day].showings.append(Showing(event, time, goes_on=not is_first))
    blank: list[Day | None] = [None] * ((first.weekday() - locale.first_week_day) % WEEK)
    cells = [*blank, *days.values()]
    cells += [None] * (-len(cells) % WEEK)
    return Month(
        first,
        month_name(first, language),
        [
            (locale.days["stand-alone"]["abbreviated"][number], locale.days["stand-alone"]["wide"][number])
            for number in ((locale.first_week_day + offset) % WEEK for offset in range(WEEK))
        ],
        [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)],
        (before, month_name(before, language)),
        (after, month_name(after, language)),
    )


def _days(event: EventShown, first: date, after: date) -> list[date]:
    """The days of an event from the first one to before another."""
    if event.days is None:
        return []
    begins, ends = max(event.days[0], first), min(event.days[1], after - timedelta(days=1))
    return [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]


def month_name(first: date, language: str) -> str:
    """A month with its year, such as November 2026."""
    return str(format_skeleton("yMMMM", first, locale=Locale.parse(locale_of(language))))
