"""Dates as people write them, where the order of day and month is told by a whole column or not at all.

"10.02.2022" may be in February or in October. Only a column in which some date cannot be the other way tells, or a
mapping file; a single date is never guessed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from ingest.cells import Unfit, visible
from ingest.recognise.words import Doubtful, plain, text_line

__all__ = ["DateOrder", "date_order", "day", "looks_like_date", "moment", "partial_date"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
SERIALS_FROM = date(1899, 12, 30)
# The eight languages, with the names that the Levant and the Maghreb have for months, and Austria's January.
MONTHS_IN = ("en", "fr", "es", "ar", "ar_LB", "ar_TN", "ar_DZ", "ar_MA", "ru", "zh", "de", "de_AT", "pt")
BESIDE = frozenset(map(plain, ("de", "del", "du", "of", "the", "den", "год", "года", "г", "م", "عام", "سنة")))
ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|º|°)\b", re.IGNORECASE)

YEAR_FIRST = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
YEAR_LAST = re.compile(r"(\d{1,2})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{4})")
YEAR_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
CLOCK = re.compile(r"(.*?)[\sT,]+(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Uhr|h)?\s*(Z|[+-]\d{2}:?\d{2})?$")


class DateOrder(StrEnum):
    """Which of two numbers before the year is the day."""

    DAY_FIRST = "day-month-year"
    MONTH_FIRST = "month-day-year"


def date_order(texts: Iterable[str]) -> DateOrder | None:
    """The order that a column's dates are written in, None if none of them tells or they contradict each other."""
    orders = set()
    for text in texts:
        found = YEAR_LAST.match(text_line(text))
        if found is not None:
            first, second = int(found[1]), int(found[3])
            if 12 < first <= 31 and second <= 12:
                orders.add(DateOrder.DAY_FIRST)
            elif 12 < second <= 31 and first <= 12:
                orders.add(DateOrder.MONTH_FIRST)
    return orders.pop() if len(orders) == 1 else None


def day(text: str, *, order: DateOrder | None = None) -> str:
    """A date of ISO 8601, from ISO, "10.02.2022" in the order given, "2022年2月10日" or "10 février 2022".

    Raises:
        Doubtful: the order of day and month is not known, or the year has two digits, or it is a spreadsheet's number.
        Unfit: it is no date.
    """
    found = text_line(text)
    without_clock = re.sub(r"[T\s]+00:00(?::00(?:\.0+)?)?$", "", found)
    matched = YEAR_FIRST.fullmatch(without_clock)
    if matched is not None:
        return _date(found, int(matched[1]), int(matched[2]), int(matched[3]))
    matched = YEAR_LAST.fullmatch(without_clock)
    if matched is not None:
        return _year_last(found, int(matched[1]), int(matched[3]), matched[4], order)
    if re.fullmatch(r"\d{5}(?:\.0)?", found) is not None:
        meant = (SERIALS_FROM + timedelta(days=int(found[:5]))).isoformat()
        raise Doubtful(
            f"'{found}' is a number, which a spreadsheet may mean as a date",
            meant=meant,
            remedy=f"format the cell as a date, or write {meant} if you mean that",
            value=found,
        )
    named = _by_month_name(without_clock)
    if named is not None and named[2] is not None:
        return _date(found, named[0], named[1], named[2])
    raise _no_date(found)


def partial_date(text: str, *, order: DateOrder | None = None) -> str:
    """A year, month or day of ISO 8601: also of "03/2017" and "März 2017".

    Raises:
        Doubtful: as :func:`day`.
        Unfit: it is none of the three.
    """
    found = text_line(text)
    year = re.fullmatch(r"(\d{4})(?:\.0|年)?", found)
    if year is not None and FIRST_YEAR <= int(year[1]) <= LAST_YEAR:
        return year[1]
    for pattern, (one, other) in ((YEAR_MONTH, (1, 2)), (MONTH_YEAR, (2, 1))):
        matched = pattern.fullmatch(found)
        if matched is not None:
            return _date(found, int(matched[one]), int(matched[other]), 1)[:7]
    named = _by_month_name(found)
    if named is not None and named[2] is None:
        return _date(found, named[0], named[1], 1)[:7]
    return day(found, order=order)


def moment(text: str, *, order: DateOrder | None = None, zone: str | None = None) -> str:
    """A date and time of ISO 8601 with its offset from UTC; without an offset it is read as in ``zone`` (IANA).

    A date alone is its midnight there.

    Raises:
        Doubtful: as :func:`day`, or neither the text nor a zone tells the offset.
        Unfit: it is no date and time.
    """
    found = text_line(text)
    matched = CLOCK.fullmatch(found)
    on = day(matched[1] if matched else found, order=order)
    hour, minute, second = (int(matched[group] or 0) for group in (2, 3, 4)) if matched else (0, 0, 0)
    try:
        at = datetime.fromisoformat(f"{on}T{hour:02}:{minute:02}:{second:02}{_offset(matched[5] if matched else None)}")
    except ValueError:
        raise _no_date(found) from None
    if at.tzinfo is not None:
        return at.isoformat()
    if zone is None:
        raise Doubtful(
            f"'{visible(found)}' does not say its offset from UTC",
            meant=at.isoformat(),
            remedy="say time_zone in a mapping, such as Africa/Tunis",
            value=found,
        )
    return at.replace(tzinfo=ZoneInfo(zone)).isoformat()


def looks_like_date(text: str) -> bool:
    """Whether a text is written as a date is."""
    found = re.sub(r"[T\s]+\d{1,2}:\d{2}(?::\d{2})?.*$", "", text)
    return YEAR_FIRST.fullmatch(found) is not None or YEAR_LAST.fullmatch(found) is not None


def _offset(text: str | None) -> str:
    if text is None:
        return ""
    return "+00:00" if text == "Z" else f"{text[:3]}:{text[-2:]}"


def _year_last(text: str, first: int, second: int, year: str, order: DateOrder | None) -> str:
    if len(year) == 2:
        raise Doubtful(
            f"'{visible(text)}' does not say the century",
            meant=f"20{year}",
            remedy="write the year with four digits",
            value=text,
        )
    if order is None and (first > 12 or second > 12):
        order = DateOrder.DAY_FIRST if first > 12 else DateOrder.MONTH_FIRST
    if order is None and first != second:
        raise Doubtful(
            f"'{visible(text)}' does not say which number is the day",
            meant=f"{year}-{second:02}-{first:02}",
            remedy="write the date such as 2022-02-10, or say date_order in a mapping",
            value=text,
        )
    month, on = (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
    return _date(text, int(year), month, on)


def _date(text: str, year: int, month: int, on: int) -> str:
    try:
        found = date(year, month, on)
    except ValueError:
        raise _no_date(text) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _no_date(text)
    return found.isoformat()


def _by_month_name(text: str) -> tuple[int, int, int | None] | None:
    """Year, month and day, if it has one, of a date whose month is a word; None if anything else stands there."""
    words = [word for word in plain(ORDINAL.sub(r"\1", text)).split() if word not in BESIDE]
    months = [_months()[word] for word in words if word in _months()]
    numbers = [word for word in words if re.fullmatch(r"\d{1,2}|\d{4}", word)]
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) < 3]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(words) != len(numbers) + 1:
        return None
    return years[0], months[0], days[0] if days else None


@cache
def _months() -> Mapping[str, int]:
    """Plain names of months in CLDR, whole or shortened, that mean one month only."""
    found: dict[str, set[int]] = {}
    for locale in MONTHS_IN:
        months = Locale.parse(locale).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found.setdefault(plain(name), set()).add(number)
    return {name: months.pop() for name, months in found.items() if len(months) == 1 and not name[:1].isdigit()}


def _no_date(text: str) -> Unfit:
    return Unfit(f"'{visible(text)}' is not a date", remedy="write year-month-day, such as 2022-02-10", value=text)
