"""The properties of an event, each read so that a broken or a repeated one is told of instead of raising."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from typing import TypeGuard

import icalendar
from icalendar.prop import vBroken, vDDDLists, vDDDTypes

from ingest.cells import FIRST_YEAR, LAST_YEAR, Unfit, visible

__all__ = ["Instant", "all_of", "as_utc", "day_or_moment", "localise", "number", "text", "whole"]

Instant = date | datetime
"""When something starts: a moment, or a day for what lasts all day."""

CANNOT_BE_READ = "correct it in the calendar, or export the calendar again"
SINGLE_DATES = ("DTSTART", "DTEND", "RECURRENCE-ID")
LISTS_OF_DATES = ("RDATE", "EXDATE")


def all_of(event: icalendar.Event, name: str) -> Iterator[object]:
    """Every value that a property has in an event, broken ones left out."""
    values = event.get(name)
    for value in values if isinstance(values, list) else [values]:
        if value is not None and not isinstance(value, vBroken):
            yield value


def text(event: icalendar.Component, name: str) -> str:
    """A property's text, the first if it comes several times; empty without one."""
    values = event.get(name)
    value = values[0] if isinstance(values, list) and values else values
    return "" if value is None or isinstance(value, vBroken) else str(value)


def number(event: icalendar.Event, name: str) -> int:
    """A property's whole number; 0 without one, as for SEQUENCE (RFC 5545, 3.8.7.4)."""
    value = text(event, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def whole(event: icalendar.Event, *names: str) -> None:
    """Return if none of these properties is broken.

    Raises:
        Unfit: one of them cannot be read.
    """
    for name in names:
        values = event.get(name)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, vBroken):
                raise Unfit(f"its {name} cannot be read: '{visible(str(value))}'", remedy=CANNOT_BE_READ)


def day_or_moment(event: icalendar.Event, name: str) -> Instant | None:
    """The day, or the moment with its time zone, that a property of a localised event has; None without it."""
    found = next(all_of(event, name), None)
    if not isinstance(found, vDDDTypes):
        return None
    if not isinstance(found.dt, date):
        raise Unfit(f"its {name} is neither a day nor a moment", remedy=CANNOT_BE_READ)
    if not FIRST_YEAR <= found.dt.year <= LAST_YEAR:
        raise Unfit(f"its {name} is in the year {found.dt.year}", remedy="correct the year")
    return found.dt


def as_utc(instant: Instant, zone: tzinfo) -> datetime:
    """A moment in UTC; for a day its first moment in that time zone."""
    if isinstance(instant, datetime):
        return instant.astimezone(UTC)
    return datetime(instant.year, instant.month, instant.day, tzinfo=zone).astimezone(UTC)


def localise(event: icalendar.Event, zone: tzinfo | None) -> None:
    """Give every floating time of an event that time zone.

    Raises:
        Unfit: a time is floating (RFC 5545, 3.3.5) and no zone is known, or its TZID is one that nobody knows.
    """
    for name in SINGLE_DATES:
        found = next(all_of(event, name), None)
        if isinstance(found, vDDDTypes) and _is_floating(found.dt):
            with_zone = vDDDTypes(_placed(found.dt, tzid=str(found.params.get("TZID", "")), zone=zone))
            if "RANGE" in found.params:
                with_zone.params["RANGE"] = found.params["RANGE"]
            event[name] = with_zone
    for name in LISTS_OF_DATES:
        lists = [one for one in all_of(event, name) if isinstance(one, vDDDLists)]
        if any(_is_floating(start) for one in lists for start in map(_start, one.dts)):
            event[name] = [
                vDDDLists([_in_zone(value.dt, tzid=str(one.params.get("TZID", "")), zone=zone) for value in one.dts])
                for one in lists
            ]


def _start(value: vDDDTypes) -> object:
    """When a value of a list starts: of a period (RFC 5545, 3.3.9) its first part."""
    return value.dt[0] if isinstance(value.dt, tuple) else value.dt


def _is_floating(value: object) -> TypeGuard[datetime]:
    return isinstance(value, datetime) and value.tzinfo is None


def _in_zone(value: object, *, tzid: str, zone: tzinfo | None) -> object:
    """A value of a list of dates: a day, a moment, or a period, which has two parts."""
    if isinstance(value, tuple):
        return tuple(_in_zone(part, tzid=tzid, zone=zone) for part in value)
    return _placed(value, tzid=tzid, zone=zone) if isinstance(value, datetime) else value


def _placed(moment: datetime, *, tzid: str, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None:
        return moment
    if tzid:
        raise Unfit(
            f"its time zone '{visible(tzid)}' is not known, and the file does not describe it",
            remedy="export the calendar with its time zones (VTIMEZONE)",
        )
    if zone is None:
        raise Unfit(
            f"its time {moment:%Y-%m-%d %H:%M} belongs to no time zone",
            remedy="write the calendar's into NAME.ics.mapping.yaml, such as 'time_zone: Africa/Tunis'",
        )
    return moment.replace(tzinfo=zone)
