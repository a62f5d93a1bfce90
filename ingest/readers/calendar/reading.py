"""A calendar file as rows: events, the series that they repeat in, and who came where the calendar is sure of it."""

import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import icalendar
from icalendar.error import GloballyUniqueTZIDGuessed, InvalidCalendar
from icalendar.prop import vCalAddress, vCategory

from graph.intake import Kind
from ingest.cells import Unfit, email, language, url, visible
from ingest.files import FileRefused
from ingest.found import CellValue, Doubted, Found, NotTaken, Reading
from ingest.readers import Options
from ingest.readers.calendar.occurrences import (
    MOST_AHEAD,
    MOST_PAST,
    Occurrence,
    by_uid,
    expanded,
    is_only_cancellation,
    newest,
    stamp,
)
from ingest.readers.calendar.properties import Instant, all_of, as_utc, localise, number, text, whole
from ingest.readers.event_kinds import event_kind
from ingest.readers.mapped import mapped
from ingest.readers.plain import PlainText
from ingest.readers.zones import closest_zone, zone_named
from ingest.rows.events import EventKind, EventStatus

__all__ = ["known_as_uid", "parsed", "read", "written_in"]

LARGEST_FILE = 32_000_000
LONGEST_LABEL = 120
LONGEST_UID = 200
BEGIN = re.compile(r"^BEGIN:VCALENDAR\s*$", re.IGNORECASE | re.MULTILINE)
# What a message asks or answers about an event, instead of publishing one (RFC 5546, 1.4).
TALK_ABOUT_EVENTS = {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"}
CLOSED = {"PRIVATE", "CONFIDENTIAL"}
TOGETHER = {"REQ-PARTICIPANT", "OPT-PARTICIPANT", "CHAIR"}


def read(path: Path, *, options: Options) -> Reading:
    """The events of a calendar file, with their series, topics (categories) and the people who certainly came.

    Raises:
        FileRefused: it is no whole iCalendar file, too large, or not UTF-8.
    """
    calendars, guesses = parsed(written_in(path))
    book = _Book(today=datetime.now(UTC))
    book.notes += guesses
    # A file may hold several calendars, and one of them a newer version of another's event.
    zones: dict[str, ZoneInfo | None] = {}
    events: dict[str, list[icalendar.Event]] = {}
    for calendar in calendars:
        for uid, versions in by_uid(book.events_of(calendar)).items():
            zones.setdefault(uid, _zone_of(calendar, options))
            events.setdefault(uid, []).extend(versions)
    for uid, found in events.items():
        book.take(uid, found, zone=zones[uid])
    return book.reading()


def written_in(path: Path) -> str:
    """The text of a calendar file.

    Raises:
        FileRefused: it is too large, not UTF-8, or cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefused(
                f"it is larger than {LARGEST_FILE // 1_000_000} MB", remedy="export a shorter time of the calendar"
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            "it is not UTF-8 text, as calendars must be", remedy="export the calendar again, in UTF-8"
        ) from None
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None


def parsed(written: str) -> tuple[Sequence[icalendar.Calendar], list[str]]:
    """The calendars of a file, and what the library had to guess about time zones.

    Raises:
        FileRefused: it is no whole iCalendar file.
    """
    remedy = "export the calendar again"
    try:
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            found = icalendar.Calendar.from_ical(written, multiple=True)
    except (ValueError, InvalidCalendar, KeyError, IndexError, AttributeError, TypeError, OverflowError) as problem:
        raise FileRefused(
            f"it is not a calendar ({visible(str(problem), limit=150)})", remedy="check that it is the right file"
        ) from None
    except RecursionError:
        raise FileRefused("its parts are nested too deeply", remedy="check that it is the right file") from None
    # Its types say calendars alone, but a file of one event gives that.
    calendars = [one for one in found if one.name == "VCALENDAR"]
    if not calendars or len(BEGIN.findall(written)) > len(calendars):
        raise FileRefused("it is not a whole calendar (BEGIN:VCALENDAR to END:VCALENDAR)", remedy=remedy)
    guesses = {str(one.message) for one in raised if issubclass(one.category, GloballyUniqueTZIDGuessed)}
    return calendars, [f"a time zone was guessed: {visible(guess, limit=200)}" for guess in sorted(guesses)]


def _zone_of(calendar: icalendar.Calendar, options: Options) -> ZoneInfo | None:
    """The time zone of what says none: from the mapping file, or as the calendar says for all of its events.

    Raises:
        FileRefused: the mapping file names one that there is not.
    """
    given = mapped(options, "time_zone").get("time_zone")
    if given is not None:
        zone = zone_named(given)
        if zone is None:
            meant = closest_zone(given)
            raise FileRefused(
                f"its mapping file says time_zone '{visible(given)}', which is none",
                remedy=f"did you mean {meant}?" if meant else "write one such as Africa/Tunis",
            )
        return zone
    said = (zone_named(text(calendar, name).strip()) for name in ("X-WR-TIMEZONE", "TIMEZONE-ID"))
    return next((zone for zone in said if zone is not None), None)


@dataclass(slots=True)
class _Book:
    """What was found in a file so far, and what there is to say of it."""

    today: datetime
    rows: list[Found] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    doubts: list[Doubted] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    people: dict[str, str] = field(default_factory=dict)
    plain: PlainText = field(default_factory=PlainText)

    def events_of(self, calendar: icalendar.Calendar) -> list[icalendar.Event]:
        """The events that a calendar publishes, or calls off; what else it holds is told of."""
        method = text(calendar, "METHOD").strip().upper()
        if method in TALK_ABOUT_EVENTS:
            self.notes.append(f"it is a message about events (METHOD:{method}), whose events were left out")
            return []
        others = Counter(one.name for one in calendar.subcomponents if one.name not in {"VEVENT", "VTIMEZONE"})
        self.notes += [
            f"{count:,} {visible(name or '')} left out: only events are taken" for name, count in others.items()
        ]
        events = [one for one in calendar.subcomponents if isinstance(one, icalendar.Event)]
        if method == "CANCEL":
            for event in events:
                event["STATUS"] = "CANCELLED"
        return events

    def take(self, uid: str, events: Sequence[icalendar.Event], *, zone: ZoneInfo | None) -> None:
        """Take in the events of one UID, or refuse them."""
        try:
            for event in events:
                localise(event, zone)
            self._take_uid(uid, events, zone=zone)
        except Unfit as problem:
            self._refuse(f"UID {uid}", problem)

    def _take_uid(self, uid: str, events: Sequence[icalendar.Event], *, zone: ZoneInfo | None) -> None:
        local: tzinfo = zone or UTC
        versions = dict(sorted(newest(events, local).items()))
        self.counts["old"] += len(events) - len(versions)
        if _is_closed(versions.get("", icalendar.Event())):
            self.counts["closed"] += 1
            return
        for planned, event in versions.items():
            if is_only_cancellation(event):
                self._take_cancellation(uid, planned, event)
        versions = {planned: event for planned, event in versions.items() if not is_only_cancellation(event)}
        if not versions:
            return
        found = expanded(versions, zone=local, today=self.today)
        if found.lacks_earlier:
            self._doubt_earlier(uid, as_utc(found.occurrences[0].start, local))
        if found.lacks_later:
            last = as_utc(found.occurrences[-1].start, local)
            self.notes.append(
                f"UID {_shown(uid)} takes place more than {MOST_AHEAD} times in the next 18 months: what comes after "
                f"{last:%Y-%m-%d} was left out until it is nearer"
            )
        if found.is_series:
            self._take_series(uid, [*versions.values(), *(one.event for one in found.occurrences)])
        self.counts["no uid"] += uid.startswith("none-") and not text(events[0], "UID").strip()
        for occurrence in found.occurrences:
            if _is_closed(occurrence.event):
                self.counts["closed"] += 1
            else:
                self._take_event(uid, occurrence, zone=zone, is_series=found.is_series)

    def _take_cancellation(self, uid: str, planned: str, event: icalendar.Event) -> None:
        """Take in that an event of another file is called off, which ingest.resolving finds by its UID.

        Raises:
            Unfit: it calls off this and all later occurrences, of a series that the file does not have.
        """
        whole(event, "DTSTART", "RECURRENCE-ID")
        if any("RANGE" in getattr(one, "params", {}) for one in all_of(event, "RECURRENCE-ID")):
            raise Unfit(
                "it calls off all later occurrences of a series that the file does not have",
                remedy="export the calendar with the series in it",
            )
        part = f"/{planned}" if planned else ""
        known_as = known_as_uid(uid) + part
        cells: dict[str, CellValue] = {
            "status": EventStatus.CANCELLED,
            "sequence": str(number(event, "SEQUENCE")),
            "identifiers": [f"ical:{known_as}"],
        }
        self._add(Kind.EVENTS, known_as, cells, f"UID {_shown(uid)}" + part.replace("/", ", "))

    def _doubt_earlier(self, uid: str, first: datetime) -> None:
        """Say that a series is longer than what is taken of it; for a doubt, nothing that was known is taken out."""
        self.doubts.append(
            Doubted(
                place=f"UID {_shown(uid)}",
                column=None,
                value="",
                reason=f"it took place more than {MOST_PAST:,} times: what was before {first:%Y-%m-%d} was left out",
                remedy="end the series in the calendar, and begin a new one",
            )
        )

    def _take_series(self, uid: str, events: Sequence[icalendar.Event]) -> None:
        """The series that events belong to, under the name of the first that has one and is open."""
        event = next((one for one in events if text(one, "SUMMARY").strip() and not _is_closed(one)), icalendar.Event())
        name = self.plain.line(text(event, "SUMMARY"))
        if not name:
            return
        cells: dict[str, CellValue] = {
            "id": f"series-{hashlib.sha256(uid.encode()).hexdigest()[:16]}",
            "name": name,
            "description": self.plain.prose(self.plain.written(text(event, "DESCRIPTION"))),
        }
        self._add(Kind.SERIES, uid, cells, f"UID {_shown(uid)}")

    def _take_event(self, uid: str, once: Occurrence, *, zone: ZoneInfo | None, is_series: bool) -> None:
        local: tzinfo = zone or UTC
        event = once.event
        known_as = known_as_uid(uid)
        place = f"UID {_shown(uid)}"
        if once.first_planned is not None:
            known_as += f"/{stamp(once.first_planned, local)}"
            place += f", {stamp(once.first_planned, local)}"
        title = self.plain.line(text(event, "SUMMARY"))
        if not title:
            self._refuse(place, Unfit("it has no title (SUMMARY)", remedy="give the event a title in the calendar"))
            return
        labels = self._labels(event)
        kind = event_kind(title, labels)
        self.counts["kind"] += kind is None
        self.counts["days"] += zone is None and not isinstance(once.start, datetime)
        cells: dict[str, CellValue] = {
            "title": title,
            "kind": kind or EventKind.MEETING,
            "status": _status(event),
            "sequence": str(once.sequence),
            "starts_at": _written(once.start, local),
            "ends_at": "" if once.end is None else _written(once.end, local),
            "time_zone": _zone_named(once, zone),
            "place": self.plain.line(text(event, "LOCATION")),
            "format": "online" if next(all_of(event, "CONFERENCE"), None) and not text(event, "LOCATION") else "",
            "url": self._checked(url, text(event, "URL"), place, "url"),
            "languages": self._languages(event, place),
            "topics": [f"~{label}" for label in labels],
            "identifiers": [f"ical:{known_as}"],
            "series": f"#{uid}" if is_series else "",
            "description": self.plain.prose(self.plain.written(text(event, "DESCRIPTION"))),
        }
        self._add(Kind.EVENTS, known_as, cells, place)
        self._take_people(once, known_as, place, local)

    def _labels(self, event: icalendar.Event) -> list[str]:
        found = [
            self.plain.line(str(label), most=LONGEST_LABEL)
            for value in all_of(event, "CATEGORIES")
            for label in (value.cats if isinstance(value, vCategory) else [str(value)])
        ]
        return list({label.casefold(): label for label in reversed(found) if label}.values())[::-1]

    def _languages(self, event: icalendar.Event, place: str) -> list[str]:
        """The languages that the texts of an event say they are in (RFC 5545, 3.2.10)."""
        found = (
            self._checked(language, str(value.params.get("LANGUAGE", "")), place, "languages")
            for name in ("SUMMARY", "DESCRIPTION")
            for value in all_of(event, name)
            if isinstance(value, icalendar.vText)
        )
        return list(dict.fromkeys(tag for tag in found if tag))

    def _take_people(self, once: Occurrence, event: str, place: str, local: tzinfo) -> None:
        """Who came, or was in the chair, where that is certain: accepted for this very day, and the day is over."""
        over = as_utc(once.end or once.start, local) < self.today and _status(once.event) is EventStatus.CONFIRMED
        for attendee in all_of(once.event, "ATTENDEE"):
            who = self._person(attendee) if isinstance(attendee, vCalAddress) else None
            role = str(getattr(attendee, "params", {}).get("ROLE", "REQ-PARTICIPANT")).upper()
            if who is None or not over or not once.is_changed or role not in TOGETHER:
                self.counts["uncertain"] += 1
                continue
            address, name = who
            if address not in self.people:
                self.people[address] = name
                self._add(Kind.EXPERTS, address, {"name": name, "email": address}, place)
            self.counts["came"] += 1
            told: dict[str, CellValue] = {"event": f"#{event}", "expert": f"#{address}"}
            key = f"{event} {address}"
            if role == "CHAIR":
                self._add(Kind.SPEAKERS, key, {**told, "role": "chair"}, place)
            else:
                self._add(Kind.ATTENDANCE, key, told, place)

    def _person(self, attendee: vCalAddress) -> tuple[str, str] | None:
        """The address and name of somebody who accepted; None if they did not, or are no person with both."""
        said = {key.upper(): str(value) for key, value in attendee.params.items()}
        name = self.plain.line(said.get("CN", ""))
        if said.get("PARTSTAT", "").upper() != "ACCEPTED" or said.get("CUTYPE", "INDIVIDUAL").upper() != "INDIVIDUAL":
            return None
        scheme, _, rest = str(attendee).partition(":")
        try:
            address = email(unquote(rest)).lower() if scheme.lower() == "mailto" else ""
        except Unfit:
            return None
        return (address, name) if address and name and "@" not in name else None

    def _checked(self, check: Callable[[str], str], value: str, place: str, column: str) -> str:
        """The value as its column takes it; empty, and said, if it does not."""
        if not value.strip():
            return ""
        try:
            return check(value)
        except Unfit as problem:
            self._refuse(place, problem, column=column, value=value)
            return ""

    def _refuse(self, place: str, problem: Unfit, *, column: str | None = None, value: str = "") -> None:
        self.refused.append(
            NotTaken(
                place=visible(place, limit=200),
                column=column,
                value=visible(value),
                reason=problem.reason,
                remedy=problem.remedy,
            )
        )

    def _add(self, kind: Kind, key: str, cells: Mapping[str, CellValue], place: str) -> None:
        filled = {column: value for column, value in cells.items() if value}
        self.rows.append(Found(kind=kind, key=key, cells=filled, place=place))

    def reading(self) -> Reading:
        """All of it."""
        counts = self.counts
        sentences = (
            ("kind", "taken as meetings, because title and categories name no kind or several"),
            ("days", "lasting all day without a time zone, taken as days in UTC"),
            ("closed", "left out, because they are private or confidential"),
            ("old", "left out, because the file has a newer version of them"),
            ("no uid", "without a UID, which become other events when their title or start is changed"),
        )
        notes = [
            f"{sentence}: 1 event" if counts[count] == 1 else f"{sentence}: {counts[count]:,} events"
            for count, sentence in sentences
            if counts[count]
        ]
        if counts["came"]:
            notes.append(f"who accepted an event that is over was taken to have been there ({counts['came']:,} times)")
        if counts["uncertain"]:
            notes.append(
                "attendees who did not accept, of repeated events, of events to come, or without a name and an "
                f"e-mail address were left out ({counts['uncertain']:,} times)"
            )
        return Reading(
            rows=self.rows,
            refused=self.refused,
            doubts=self.doubts,
            notes=list(dict.fromkeys([*self.notes, *notes, *self.plain.notes()])),
        )


def _is_closed(event: icalendar.Event) -> bool:
    return text(event, "CLASS").strip().upper() in CLOSED


def _status(event: icalendar.Event) -> EventStatus:
    """Whether an event takes place; what says nothing of it does (RFC 5545, 3.8.1.11)."""
    try:
        return EventStatus(text(event, "STATUS").strip().lower())
    except ValueError:
        return EventStatus.CONFIRMED


def known_as_uid(uid: str) -> str:
    """A UID as an identifier holds it: without spaces and semicolons, a very long one as its digest."""
    safe = quote(uid, safe="@:/{}-_.~+=&()*!$'")
    return safe if len(safe) <= LONGEST_UID else f"sha256-{hashlib.sha256(uid.encode()).hexdigest()}"


def _shown(uid: str) -> str:
    return visible(uid, limit=100)


def _written(instant: Instant, zone: tzinfo) -> str:
    """A start or end as its column takes it: with the offset that its zone had then."""
    if isinstance(instant, datetime):
        return instant.isoformat()
    return datetime(instant.year, instant.month, instant.day, tzinfo=zone).isoformat()


def _zone_named(once: Occurrence, zone: ZoneInfo | None) -> str:
    """The zone in which an event takes place, by its IANA name; a time in UTC takes place in its calendar's zone."""
    own = once.start.tzinfo if isinstance(once.start, datetime) else None
    if isinstance(own, ZoneInfo) and own.key != "UTC":
        return own.key if zone_named(own.key) else ""
    is_anywhere = own is None or isinstance(own, ZoneInfo)
    return zone.key if zone is not None and is_anywhere else ""
