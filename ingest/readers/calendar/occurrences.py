"""Events of one UID as the occurrences that take place, or were called off: which version counts, what repeats when."""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import prod

import icalendar
import recurring_ical_events
from icalendar.prop import vDDDTypes, vRecur

from ingest.cells import Unfit, visible
from ingest.readers.calendar.properties import Instant, all_of, as_utc, day_or_moment, number, text, whole

__all__ = [
    "MOST_AHEAD",
    "MOST_PAST",
    "Expanded",
    "Occurrence",
    "by_uid",
    "expanded",
    "is_only_cancellation",
    "newest",
    "stamp",
]

# What took place is taken from the first time on: a window that moves with the days would take out what was known.
MOST_PAST = 5000
MOST_AHEAD = 500
AHEAD = timedelta(days=18 * 30.5)
# An occurrence may be moved, or added, to before the series' start.
BEFORE = timedelta(days=2 * 366)
# What comes several times a day is no event that people are invited to, and takes minutes to count out.
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
WITHOUT_START = "give the event a start, or export the calendar again"
TIMES = ("DTSTART", "DTEND", "DURATION")
REPEATING = ("RRULE", "RDATE", "EXDATE")
SETTLING = ("SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS", "LOCATION", "URL", "DESCRIPTION", "RRULE", "CLASS")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event that takes place once. ``first_planned`` is its start before it was moved; None if it never repeats."""

    event: icalendar.Event
    start: Instant
    end: Instant | None
    sequence: int
    first_planned: Instant | None
    is_changed: bool
    """Whether it was itself changed, so that what it says is said of it and not of its series."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """The occurrences of one UID, first to last, and whether earlier or later ones were left out."""

    occurrences: Sequence[Occurrence]
    is_series: bool
    lacks_earlier: bool = False
    lacks_later: bool = False


def by_uid(events: Iterable[icalendar.Event]) -> Mapping[str, Sequence[icalendar.Event]]:
    """Events by UID. One without (RFC 5545 demands it) is known by its start and title."""
    found: defaultdict[str, list[icalendar.Event]] = defaultdict(list)
    for event in events:
        uid = text(event, "UID").strip()
        if not uid:
            said = f"{_written(event, 'DTSTART')}\n{text(event, 'SUMMARY')}"
            uid = f"none-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"
        found[uid].append(event)
    return found


def newest(events: Sequence[icalendar.Event], zone: tzinfo) -> Mapping[str, icalendar.Event]:
    """The version of each event that counts, by the start of the occurrence that it changes; "" is the event itself.

    The highest SEQUENCE counts, then the latest LAST-MODIFIED or DTSTAMP (RFC 5546, 2.1.5), whatever their order. A
    cancellation may leave out what it calls off (RFC 5546, 3.2.5): what the version before it said stays said, or of an
    occurrence what its series says.
    """
    found: dict[str, icalendar.Event] = {}
    for event in sorted(events, key=_version) if len(events) > 1 else events:
        planned = day_or_moment(event, "RECURRENCE-ID")
        occurrence = "" if planned is None else stamp(planned, zone)
        if is_only_cancellation(event) and occurrence in found:
            _take_over(event, found[occurrence])
        found[occurrence] = event
    series = found.get("")
    if series is not None and not is_only_cancellation(series):
        for event in found.values():
            if is_only_cancellation(event):
                event.setdefault("DTSTART", next(all_of(event, "RECURRENCE-ID")))
                _take_over(event, series, without=REPEATING)
    return found


def is_only_cancellation(event: icalendar.Event) -> bool:
    """Whether it calls an event off, by its UID, and leaves out what that is called or when it starts."""
    is_whole = "DTSTART" in event and text(event, "SUMMARY").strip()
    return _is_cancelled(event) and not is_whole and bool(text(event, "UID").strip())


def _take_over(event: icalendar.Event, before: icalendar.Event, *, without: Sequence[str] = ()) -> None:
    """Let a cancellation say what was said before it, where it says nothing itself."""
    said = {*without, *(TIMES if "DTSTART" in event else ())}
    for name, value in before.items():
        if name not in said:
            event.setdefault(name, value)


def stamp(instant: Instant, zone: tzinfo) -> str:
    """A start in the form that an identifier has: '20220316T130000Z', or '20220316' for a day."""
    if isinstance(instant, datetime):
        return f"{as_utc(instant, zone):%Y%m%dT%H%M%SZ}"
    return f"{instant:%Y%m%d}"


def _version(event: icalendar.Event) -> tuple[int, float, tuple[str, ...]]:
    stamps = [
        one.dt.replace(tzinfo=one.dt.tzinfo or UTC).timestamp()
        for name in ("LAST-MODIFIED", "DTSTAMP")
        for one in all_of(event, name)
        if isinstance(one, vDDDTypes) and isinstance(one.dt, datetime)
    ]
    # What it says settles what nothing else does, so that the order of the file never matters.
    said = tuple(_written(event, name) for name in SETTLING)
    return number(event, "SEQUENCE"), max(stamps, default=0.0), said


def _written(event: icalendar.Event, name: str) -> str:
    value = next(all_of(event, name), None)
    return "" if value is None else str(getattr(value, "dt", value))


def expanded(versions: Mapping[str, icalendar.Event], *, zone: tzinfo, today: datetime) -> Expanded:
    """The occurrences of one UID: of a repeated event all that took place, and the next 500 within 18 months.

    Of more than 5,000 that took place these are the last. The next are counted from today, or from the first start if
    that is later.

    Raises:
        Unfit: its start or its repetition cannot be read, or it repeats more than once a day.
    """
    master = versions.get("")
    for event in versions.values():
        whole(event, "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE")
        if day_or_moment(event, "DTSTART") is None:
            raise Unfit("it has no start (DTSTART)", remedy=WITHOUT_START)
    if master is None:
        changed = [_single(event, day_or_moment(event, "RECURRENCE-ID")) for event in versions.values()]
        return Expanded(_in_order(changed, zone), is_series=True)
    if len(versions) == 1 and not _repeats(master):
        return Expanded([_single(master, None)], is_series=False)
    return _counted_out(master, versions, zone=zone, today=today)


def _repeats(event: icalendar.Event) -> bool:
    return "RRULE" in event or "RDATE" in event


def _single(event: icalendar.Event, first_planned: Instant | None) -> Occurrence:
    start = day_or_moment(event, "DTSTART")
    if start is None:
        raise Unfit("it has no start (DTSTART)", remedy=WITHOUT_START)
    return Occurrence(event, start, _end(event, start), number(event, "SEQUENCE"), first_planned, is_changed=True)


def _is_cancelled(event: icalendar.Event) -> bool:
    return text(event, "STATUS").strip().upper() == "CANCELLED"


def _end(event: icalendar.Event, start: Instant) -> Instant | None:
    """When an event ends: by DTEND, or DURATION; a day without either is one day (RFC 5545, 3.6.1)."""
    end = day_or_moment(event, "DTEND")
    duration = next(all_of(event, "DURATION"), None)
    if end is None and isinstance(duration, vDDDTypes) and isinstance(duration.dt, timedelta):
        end = _added(start, duration.dt)
    if end is None and not isinstance(start, datetime):
        end = _added(start, timedelta(days=1))
    if end is not None and isinstance(end, datetime) is not isinstance(start, datetime):
        raise Unfit("one of its start and end is a day and the other a moment", remedy="correct one of the two")
    if end is not None and end < start:
        raise Unfit("it ends before it starts", remedy="correct one of the two")
    # What ends as it starts (RFC 5545, 3.6.1: without DTEND) has no end that anybody planned.
    return None if end == start else end


def _added(start: Instant, duration: timedelta) -> Instant:
    """A start and a duration; hours count as they pass, not as clocks show them (RFC 5545, 3.3.6)."""
    try:
        if isinstance(start, datetime):
            whole_days = timedelta(days=duration.days)
            rest = duration - whole_days
            return ((start + whole_days).astimezone(UTC) + rest).astimezone(start.tzinfo)
        return start + duration
    except OverflowError:
        raise Unfit("it lasts thousands of years", remedy="correct its duration") from None


def _is_too_often(rule: vRecur) -> bool:
    """Whether it comes several times a day: by how often it comes, or at several hours, minutes or seconds."""
    times = [len(rule.get(name, [])) or 1 for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    return bool(TOO_OFTEN & {str(one).upper() for one in rule.get("FREQ", [])}) or prod(times) > 1


def _counted_out(
    master: icalendar.Event, versions: Mapping[str, icalendar.Event], *, zone: tzinfo, today: datetime
) -> Expanded:
    for rule in all_of(master, "RRULE"):
        if isinstance(rule, vRecur) and _is_too_often(rule):
            raise Unfit("it repeats several times a day", remedy="write its occurrences as events of their own")
    calendar = icalendar.Calendar()
    for event in versions.values():
        calendar.add_component(event)
    first = as_utc(_single(master, None).start, zone)
    now, begin = max(first, today), first - BEFORE
    # No further back than it takes, because every morning of a century takes seconds to write out.
    back = timedelta(days=MOST_PAST)
    try:
        query = recurring_ical_events.of(calendar)
        past, ahead = _parted(query.between(max(now - back, begin), now + AHEAD), versions, zone=zone, now=now)
        while len(past) <= MOST_PAST and now - back > begin:
            back *= 2
            past, ahead = _parted(query.between(max(now - back, begin), now + AHEAD), versions, zone=zone, now=now)
    except (ValueError, OverflowError, TypeError, AttributeError, AssertionError) as problem:
        raise Unfit(
            f"its repetition cannot be counted out ({visible(str(problem), limit=120)})",
            remedy="correct its rule (RRULE), or export the calendar again",
        ) from None
    return Expanded(
        [*past[-MOST_PAST:], *ahead[:MOST_AHEAD]],
        is_series=True,
        lacks_earlier=len(past) > MOST_PAST,
        lacks_later=len(ahead) > MOST_AHEAD,
    )


def _parted(
    found: Iterable[icalendar.Event], versions: Mapping[str, icalendar.Event], *, zone: tzinfo, now: datetime
) -> tuple[list[Occurrence], list[Occurrence]]:
    """What began before now, and what begins then or later, each in order."""
    occurrences = _in_order([_occurrence(one, versions, zone) for one in found], zone)
    begun = bisect_left(occurrences, now, key=lambda one: as_utc(one.start, zone))
    return occurrences[:begun], occurrences[begun:]


def _occurrence(found: icalendar.Event, versions: Mapping[str, icalendar.Event], zone: tzinfo) -> Occurrence:
    """An occurrence as the library gives it, known by the start that it had first."""
    once = _single(found, day_or_moment(found, "RECURRENCE-ID"))
    planned = once.first_planned or once.start
    master, changed = versions[""], versions.get(stamp(planned, zone))
    if changed is None:
        return Occurrence(found, once.start, once.end, number(master, "SEQUENCE"), planned, is_changed=False)
    moved_to, sequence = day_or_moment(changed, "DTSTART"), number(changed, "SEQUENCE")
    is_later = moved_to is not None and as_utc(moved_to, zone) != as_utc(once.start, zone)
    if is_later and moved_to is not None:
        # A change of "this and future" occurrences: the library gives the later ones the same RECURRENCE-ID.
        planned = once.start - (moved_to - planned)
    return Occurrence(
        found, once.start, once.end, max(number(master, "SEQUENCE"), sequence), planned, is_changed=not is_later
    )


def _in_order(occurrences: Iterable[Occurrence], zone: tzinfo) -> list[Occurrence]:
    return sorted(occurrences, key=lambda one: as_utc(one.start, zone))
