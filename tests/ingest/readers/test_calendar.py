# ruff: noqa: E501 -- exact sentences stand on one line each
"""Calendars as rows: time zones, repetitions, changes, cancellations, and what is left out."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import CellValue, Found, Reading
from ingest.readers import Options
from ingest.readers.calendar import read
from ingest.readers.calendar.occurrences import MOST_AHEAD, MOST_PAST, expanded, newest
from ingest.readers.calendar.properties import as_utc
from ingest.rows.events import Event, Series

VIENNA = ZoneInfo("Europe/Vienna")
Read = Callable[..., Reading]


def event(uid: str = "a@example.org", **properties: Any) -> icalendar.Event:
    """An event on 16 March 2022 at 14:00 in Vienna, unless these say otherwise; None leaves one out."""
    given: dict[str, Any] = {"summary": "Prevention", "dtstart": datetime(2022, 3, 16, 14, tzinfo=VIENNA), **properties}
    made = icalendar.Event()
    made.add("uid", uid)
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                made.add(name.replace("_", "-"), one)
    return made


def calendar(*events: icalendar.Event, **properties: str) -> bytes:
    made = icalendar.Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//example.org//tests//")
    for name, value in properties.items():
        made.add(name.replace("_", "-"), value)
    for one in events:
        made.add_component(one)
    return bytes(made.to_ical())


@pytest.fixture
def reading(tmp_path: Path) -> Read:
    """What a calendar with these events is read as."""

    def read_them(*events: icalendar.Event, mapping: dict[str, object] | None = None, **properties: str) -> Reading:
        path = tmp_path / "calendar.ics"
        path.write_bytes(calendar(*events, **properties))
        return read(path, options=Options(file="calendar.ics", mapping=mapping))

    return read_them


def rows(reading: Reading, kind: Kind = Kind.EVENTS) -> list[Found]:
    return [row for row in reading.rows if row.kind is kind]


def cells(reading: Reading, *, kind: Kind = Kind.EVENTS) -> dict[str, CellValue]:
    (row,) = rows(reading, kind)
    return row.cells


def column(reading: Reading, name: str) -> list[CellValue | None]:
    return [row.cells.get(name) for row in rows(reading)]


def test_an_event_has_all_that_its_calendar_says(reading: Read) -> None:
    given = event(
        summary=icalendar.vText("Atelier sur la prévention", params={"language": "fr"}),
        dtend=datetime(2022, 3, 16, 16, tzinfo=VIENNA),
        location="Hall 2, Rabat",
        categories=["prevention", "design"],
        url="https://example.org/atelier",
        sequence=3,
        status="TENTATIVE",
        description="Deux jours.\n\nPour vingt formateurs.",
    )

    found = reading(given)

    assert cells(found) == {
        "title": "Atelier sur la prévention",
        "kind": "workshop",
        "status": "tentative",
        "sequence": "3",
        "starts_at": "2022-03-16T14:00:00+01:00",
        "ends_at": "2022-03-16T16:00:00+01:00",
        "time_zone": "Europe/Vienna",
        "place": "Hall 2, Rabat",
        "url": "https://example.org/atelier",
        "languages": ["fr"],
        "topics": ["~prevention", "~design"],
        "identifiers": ["ical:a@example.org"],
        "description": "Deux jours.\n\nPour vingt formateurs.",
    }
    assert (found.refused, found.doubts, found.notes) == ([], [], [])


def test_a_row_fits_the_columns_of_events(reading: Read) -> None:
    found = cells(reading(event(duration=timedelta(hours=2), url="https://example.org", location="Rabat")))

    made = Event.model_validate({**found, "id": "prevention"})

    assert made.ends_at == datetime(2022, 3, 16, 15, tzinfo=UTC)


def test_a_repeated_event_keeps_its_hour_when_the_clocks_change(reading: Read) -> None:
    found = reading(event(rrule={"freq": "weekly", "count": 3}, duration=timedelta(hours=1)))

    assert column(found, "starts_at") == [
        "2022-03-16T14:00:00+01:00",
        "2022-03-23T14:00:00+01:00",
        "2022-03-30T14:00:00+02:00",
    ]
    assert column(found, "identifiers") == [
        ["ical:a@example.org/20220316T130000Z"],
        ["ical:a@example.org/20220323T130000Z"],
        ["ical:a@example.org/20220330T120000Z"],
    ]


def test_a_duration_of_hours_counts_as_time_passes_when_the_clocks_change(reading: Read) -> None:
    found = reading(event(dtstart=datetime(2022, 3, 26, 20, tzinfo=VIENNA), duration=timedelta(hours=12)))

    assert cells(found)["ends_at"] == "2022-03-27T09:00:00+02:00"


def test_an_hour_that_comes_twice_in_autumn_is_the_one_that_the_file_says(reading: Read) -> None:
    found = reading(
        event(dtstart=datetime(2022, 10, 30, 2, 30, tzinfo=VIENNA), dtend=datetime(2022, 10, 30, 1, 30, tzinfo=UTC))
    )

    assert (cells(found)["starts_at"], cells(found)["ends_at"]) == (
        "2022-10-30T02:30:00+02:00",
        "2022-10-30T01:30:00+00:00",
    )


def test_the_occurrences_belong_to_a_series_with_an_id_of_its_own(reading: Read) -> None:
    found = reading(event(rrule={"freq": "weekly", "count": 2}, description="Six briefings."))

    series = rows(found, Kind.SERIES)[0]
    assert column(found, "series") == [f"#{series.key}"] * 2
    assert Series.model_validate(series.cells).name == "Prevention"
    assert str(series.cells["id"]).startswith("series-")


def test_a_moved_occurrence_is_known_by_the_start_it_had_first(reading: Read) -> None:
    moved = event(
        recurrence_id=datetime(2022, 3, 23, 14, tzinfo=VIENNA),
        dtstart=datetime(2022, 3, 24, 9, tzinfo=VIENNA),
        sequence=2,
    )

    found = reading(event(rrule={"freq": "weekly", "count": 2}), moved)

    assert column(found, "identifiers")[1] == ["ical:a@example.org/20220323T130000Z"]
    assert column(found, "starts_at")[1] == "2022-03-24T09:00:00+01:00"
    assert column(found, "sequence") == ["0", "2"]


def test_a_cancelled_occurrence_is_kept_as_cancelled(reading: Read) -> None:
    cancelled = event(
        recurrence_id=datetime(2022, 3, 23, 14, tzinfo=VIENNA),
        dtstart=datetime(2022, 3, 23, 14, tzinfo=VIENNA),
        status="CANCELLED",
    )

    found = reading(event(rrule={"freq": "weekly", "count": 3}), cancelled)

    assert column(found, "status") == ["confirmed", "cancelled", "confirmed"]


def test_an_excluded_occurrence_is_none_and_an_added_one_is(reading: Read) -> None:
    found = reading(
        event(
            rrule={"freq": "weekly", "count": 2},
            exdate=datetime(2022, 3, 23, 14, tzinfo=VIENNA),
            rdate=datetime(2022, 4, 1, 10, tzinfo=VIENNA),
        )
    )

    assert column(found, "starts_at") == ["2022-03-16T14:00:00+01:00", "2022-04-01T10:00:00+02:00"]


def test_a_change_of_this_and_later_occurrences_gives_each_an_identifier_of_its_own(reading: Read) -> None:
    later = event(dtstart=datetime(2022, 3, 18, 16, tzinfo=VIENNA))
    later.add("recurrence-id", datetime(2022, 3, 18, 14, tzinfo=VIENNA), parameters={"RANGE": "THISANDFUTURE"})

    found = reading(event(rrule={"freq": "daily", "count": 5}), later)

    assert [one[0][-16:] for one in column(found, "identifiers") if one] == [
        f"202203{day}T130000Z" for day in range(16, 21)
    ]
    assert [str(one)[8:13] for one in column(found, "starts_at")] == ["16T14", "17T14", "18T16", "19T16", "20T16"]


def test_an_occurrence_alone_belongs_to_the_series_of_its_uid(reading: Read) -> None:
    whole = reading(event(rrule={"freq": "weekly", "count": 2}))

    alone = reading(event(recurrence_id=datetime(2022, 3, 16, 14, tzinfo=VIENNA), sequence=1))

    assert cells(alone)["identifiers"] == ["ical:a@example.org/20220316T130000Z"]
    assert cells(alone, kind=Kind.SERIES)["id"] == cells(whole, kind=Kind.SERIES)["id"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_highest_sequence_counts_whatever_the_order(reading: Read, is_reversed: bool) -> None:
    versions = [event(summary="Old", sequence=9), event(summary="New", sequence=10)]

    found = reading(*(reversed(versions) if is_reversed else versions))

    assert (cells(found)["title"], cells(found)["sequence"]) == ("New", "10")
    assert "left out, because the file has a newer version of them: 1 event" in found.notes


def test_of_several_calendars_in_one_file_the_highest_sequence_counts(tmp_path: Path) -> None:
    path = tmp_path / "calendars.ics"
    path.write_bytes(calendar(event(summary="New", sequence=2)) + calendar(event(summary="Old", sequence=1)))

    found = read(path, options=Options(file="calendars.ics"))

    assert cells(found)["title"] == "New"


def test_of_one_sequence_the_last_modified_counts(reading: Read) -> None:
    old = event(summary="Old", dtstamp=datetime(2022, 1, 5, tzinfo=UTC), last_modified=datetime(2022, 1, 1, tzinfo=UTC))
    new = event(summary="New", dtstamp=datetime(2022, 1, 6, tzinfo=UTC))

    found = reading(new, old)

    assert cells(found)["title"] == "New"


def test_a_message_that_cancels_makes_its_events_cancelled(reading: Read) -> None:
    found = reading(event(status="CONFIRMED"), method="CANCEL")

    assert cells(found)["status"] == "cancelled"


def test_a_cancellation_needs_no_more_than_the_uid_beside_the_event(reading: Read) -> None:
    called_off = event(summary=None, dtstart=None, status="CANCELLED", sequence=1)

    found = reading(called_off, event(location="Rabat"))

    assert [cells(found)[name] for name in ("status", "sequence", "title", "starts_at", "place")] == [
        "cancelled",
        "1",
        "Prevention",
        "2022-03-16T14:00:00+01:00",
        "Rabat",
    ]


def test_a_cancellation_with_a_start_alone_keeps_the_title_beside_it(reading: Read) -> None:
    moved = datetime(2022, 3, 17, 14, tzinfo=VIENNA)

    found = reading(event(dtend=datetime(2022, 3, 16, 15, tzinfo=VIENNA)), event(summary=None, dtstart=moved, status="CANCELLED", sequence=1))  # fmt: skip

    assert [cells(found).get(name) for name in ("status", "title", "starts_at", "ends_at")] == [
        "cancelled",
        "Prevention",
        "2022-03-17T14:00:00+01:00",
        None,
    ]


def test_a_cancellation_of_an_occurrence_needs_no_more_than_when_it_was_planned(reading: Read) -> None:
    planned = datetime(2022, 3, 23, 14, tzinfo=VIENNA)
    called_off = event(summary=None, dtstart=None, status="CANCELLED", recurrence_id=planned, sequence=1)

    found = reading(event(rrule={"freq": "weekly", "count": 3}), called_off)

    assert column(found, "status") == ["confirmed", "cancelled", "confirmed"]
    assert column(found, "title") == ["Prevention"] * 3
    assert column(found, "starts_at")[1] == "2022-03-23T14:00:00+01:00"


@pytest.mark.parametrize("left_out", ["dtstart", "summary"])
def test_a_cancellation_of_an_event_elsewhere_is_a_row_that_names_it(reading: Read, left_out: str) -> None:
    given: dict[str, Any] = {left_out: None, "sequence": 2}

    found = reading(event(**given), method="CANCEL")

    assert not found.refused
    assert [(row.kind, row.cells) for row in found.rows] == [
        (Kind.EVENTS, {"status": "cancelled", "sequence": "2", "identifiers": ["ical:a@example.org"]})
    ]


def test_a_cancellation_of_an_occurrence_elsewhere_names_it_by_its_planned_start(reading: Read) -> None:
    planned = datetime(2022, 3, 23, 14, tzinfo=VIENNA)

    found = reading(event(summary=None, dtstart=None, recurrence_id=planned), method="CANCEL")

    (row,) = found.rows
    assert row.cells["identifiers"] == ["ical:a@example.org/20220323T130000Z"]
    assert row.place == "UID a@example.org, 20220323T130000Z"


def test_a_cancellation_of_all_later_occurrences_needs_its_series_in_the_file(reading: Read) -> None:
    planned = icalendar.vDDDTypes(datetime(2022, 3, 23, 13, tzinfo=UTC))
    planned.params["RANGE"] = "THISANDFUTURE"
    called_off = event(summary=None, dtstart=None, recurrence_id=planned, status="CANCELLED")

    beside = reading(event(rrule={"freq": "weekly", "count": 3}), called_off)
    found = reading(called_off)

    assert column(beside, "status") == ["confirmed", "cancelled", "cancelled"]

    assert found.rows == []
    assert [(one.reason, one.remedy) for one in found.refused] == [
        (
            "it calls off all later occurrences of a series that the file does not have",
            "export the calendar with the series in it",
        )
    ]


@pytest.mark.parametrize(
    "uid, properties, reason",
    [
        ("", {"dtstart": None}, "it has no start (DTSTART)"),
        ("", {"summary": None}, "it has no title (SUMMARY)"),
        ("a@example.org", {"dtstart": None, "recurrence_id": "soon"}, "its RECURRENCE-ID cannot be read: 'soon'"),
    ],
)
def test_a_cancellation_that_does_not_say_what_it_calls_off_is_refused(
    tmp_path: Path, uid: str, properties: dict[str, Any], reason: str
) -> None:
    planned = properties.pop("recurrence_id", None)
    written = calendar(event(uid, **properties), method="CANCEL")
    if planned is not None:
        written = written.replace(b"END:VEVENT", f"RECURRENCE-ID:{planned}\r\nEND:VEVENT".encode())
    path = tmp_path / "calendar.ics"
    path.write_bytes(written)

    found = read(path, options=Options(file="calendar.ics", mapping=None))

    assert found.rows == []
    assert [one.reason for one in found.refused] == [reason]


def test_a_message_about_an_event_is_none(reading: Read) -> None:
    found = reading(event(), method="REPLY")

    assert found.rows == []
    assert found.notes == ["it is a message about events (METHOD:REPLY), whose events were left out"]


def test_a_time_without_a_zone_is_refused(reading: Read) -> None:
    found = reading(event(dtstart=datetime(2022, 3, 16, 14)))  # noqa: DTZ001

    assert found.rows == []
    assert [(one.place, one.reason, one.remedy) for one in found.refused] == [
        (
            "UID a@example.org",
            "its time 2022-03-16 14:00 belongs to no time zone",
            "write the calendar's into NAME.ics.mapping.yaml, such as 'time_zone: Africa/Tunis'",
        )
    ]


@pytest.mark.parametrize("said", [{"X_WR_TIMEZONE": "Africa/Tunis"}, {"mapping": {"time_zone": "Africa/Tunis"}}])
def test_a_time_without_a_zone_is_in_the_calendars(reading: Read, said: dict[str, Any]) -> None:
    found = reading(
        event(
            dtstart=datetime(2022, 3, 16, 14),  # noqa: DTZ001 -- what this is about
            rrule={"freq": "daily", "count": 2},
            exdate=datetime(2022, 3, 17, 14),  # noqa: DTZ001
        ),
        **said,
    )

    assert (cells(found)["starts_at"], cells(found)["time_zone"]) == ("2022-03-16T14:00:00+01:00", "Africa/Tunis")


def test_a_time_in_utc_takes_place_in_the_calendars_zone(reading: Read) -> None:
    found = reading(event(dtstart=datetime(2022, 3, 16, 14, tzinfo=UTC)), X_WR_TIMEZONE="Asia/Tashkent")

    assert (cells(found)["starts_at"], cells(found)["time_zone"]) == ("2022-03-16T14:00:00+00:00", "Asia/Tashkent")


def test_a_zone_that_the_file_describes_needs_no_name(tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    zone = "BEGIN:VTIMEZONE\r\nTZID:The office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0345\r\nTZOFFSETTO:+0345\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    path.write_bytes(
        f"BEGIN:VCALENDAR\r\n{zone}BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Law\r\nDTSTART;TZID=The office:20220316T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )

    found = read(path, options=Options(file="calendar.ics"))

    assert cells(found)["starts_at"] == "2022-03-16T14:00:00+03:45"
    assert "time_zone" not in cells(found)


def test_a_zone_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    path.write_bytes(
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Law\r\nDTSTART;TZID=Nowhere:20220316T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    found = read(path, options=Options(file="calendar.ics"))

    assert [one.reason for one in found.refused] == [
        "its time zone 'Nowhere' is not known, and the file does not describe it"
    ]


def test_a_day_lasts_until_midnight_in_the_calendars_zone(reading: Read) -> None:
    found = reading(event(dtstart=date(2022, 3, 27)), X_WR_TIMEZONE="Europe/Vienna")

    assert (cells(found)["starts_at"], cells(found)["ends_at"]) == (
        "2022-03-27T00:00:00+01:00",
        "2022-03-28T00:00:00+02:00",
    )


def test_a_day_without_a_zone_is_one_in_utc_and_said_to_be(reading: Read) -> None:
    found = reading(event(dtstart=date(2022, 3, 27), dtend=date(2022, 3, 29), rrule={"freq": "yearly", "count": 2}))

    assert column(found, "ends_at") == ["2022-03-29T00:00:00+00:00", "2023-03-29T00:00:00+00:00"]
    assert column(found, "identifiers") == [["ical:a@example.org/20220327"], ["ical:a@example.org/20230327"]]
    assert "lasting all day without a time zone, taken as days in UTC: 2 events" in found.notes


def starts(given: icalendar.Event, *, today: datetime) -> Sequence[datetime]:
    """When the occurrences of an event start that are taken on that day."""
    found = expanded(newest([given], VIENNA), zone=VIENNA, today=today)
    return [as_utc(one.start, VIENNA) for one in found.occurrences]


TODAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_of_an_endless_series_all_that_took_place_is_taken_and_the_next_to_come() -> None:
    found = starts(event(rrule={"freq": "daily"}), today=TODAY)

    assert found[0] == datetime(2022, 3, 16, 13, tzinfo=UTC)
    assert [one for one in found if one.date() == TODAY.date()]
    assert (sum(one < TODAY for one in found), sum(one >= TODAY for one in found)) == (1714, MOST_AHEAD)


def test_of_an_endless_series_of_weeks_the_next_eighteen_months_are_taken() -> None:
    found = starts(event(rrule={"freq": "weekly"}), today=TODAY)

    assert timedelta(days=540) < found[-1] - TODAY < timedelta(days=549)


@pytest.mark.parametrize("later", [1, 30, 400, 2000])
@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_what_took_place_is_still_taken_later(frequency: str, later: int) -> None:
    given = event(rrule={"freq": frequency})
    then = TODAY + timedelta(days=later)

    before, after = starts(given, today=TODAY), starts(given, today=then)

    assert [one for one in before if one < then] == [one for one in after if one < then][: len(before)]


def test_a_series_that_begins_later_is_taken_from_its_start() -> None:
    found = starts(event(dtstart=datetime(2031, 3, 16, 14, tzinfo=VIENNA), rrule={"freq": "daily"}), today=TODAY)

    assert (len(found), found[0]) == (MOST_AHEAD, datetime(2031, 3, 16, 13, tzinfo=UTC))


def test_an_endless_series_tells_what_was_left_out_until_later(reading: Read) -> None:
    found = reading(event(dtstart=datetime.now(UTC), rrule={"freq": "daily"}))

    (note,) = [note for note in found.notes if "times in the next 18 months" in note]
    assert note.startswith(
        "UID a@example.org takes place more than 500 times in the next 18 months: what comes after 20"
    )


def test_a_series_of_more_occurrences_than_are_taken_is_a_doubt_and_nothing_of_it_is_pruned(reading: Read) -> None:
    found = reading(event(dtstart=datetime(1990, 3, 16, 14, tzinfo=VIENNA), rrule={"freq": "daily"}))

    (doubt,) = found.doubts
    assert doubt.column is None  # so that ingest.network keeps all that the file told before
    assert doubt.reason.startswith("it took place more than 5,000 times: what was before 20")
    assert len(rows(found)) == MOST_PAST + MOST_AHEAD


@pytest.mark.parametrize(
    "rule",
    [
        {"freq": "secondly"},
        {"freq": "minutely"},
        {"freq": "hourly"},
        {"freq": "daily", "byhour": [9, 10]},
        {"freq": "yearly", "byhour": 9, "byminute": list(range(60))},
    ],
)
def test_what_repeats_several_times_a_day_is_refused(reading: Read, rule: dict[str, Any]) -> None:
    found = reading(event(rrule=rule))

    assert found.rows == []
    assert [one.reason for one in found.refused] == ["it repeats several times a day"]


def test_private_and_confidential_events_are_left_out(reading: Read) -> None:
    hidden = event(
        "b", recurrence_id=datetime(2022, 3, 16, 14, tzinfo=VIENNA), summary="Secret", **{"class": "CONFIDENTIAL"}
    )

    found = reading(event(**{"class": "PRIVATE"}), hidden, event("c", summary="Open"))

    assert column(found, "title") == ["Open"]
    assert rows(found, Kind.SERIES) == []
    assert "left out, because they are private or confidential: 2 events" in found.notes


@pytest.mark.parametrize(
    "title, kind",
    [
        ("Briefing on religious sites", "briefing"),
        ("Lancement du réseau", "launch"),
        ("Taller de diseño", "workshop"),
        ("ورشة عمل حول الوقاية", "workshop"),
        ("Конференция по праву", "conference"),
        ("预防培训", "training"),
        ("Réunion mensuelle", "meeting"),
    ],
)
def test_the_title_tells_the_kind_in_six_languages(reading: Read, title: str, kind: str) -> None:
    found = reading(event(summary=title))

    assert (cells(found)["title"], cells(found)["kind"], found.notes) == (title, kind, [])


def test_a_kind_that_is_not_certain_is_a_meeting_and_said_to_be(reading: Read) -> None:
    found = reading(event("a", summary="Prevention"), event("b", summary="Workshop and conference"))

    assert column(found, "kind") == ["meeting", "meeting"]
    assert found.notes == ["taken as meetings, because title and categories name no kind or several: 2 events"]


def test_who_accepted_an_event_that_is_over_was_there(reading: Read) -> None:
    found = reading(event(attendee=[invited("ama"), invited("salma", role="CHAIR")]))

    assert [row.cells for row in found.rows[1:]] == [
        {"name": "ama", "email": "ama@example.org"},
        {"event": "#a@example.org", "expert": "#ama@example.org"},
        {"name": "salma", "email": "salma@example.org"},
        {"event": "#a@example.org", "expert": "#salma@example.org", "role": "chair"},
    ]
    assert "who accepted an event that is over was taken to have been there (2 times)" in found.notes


@pytest.mark.parametrize(
    "changes",
    [
        {"attendee": [("partstat", "TENTATIVE")]},
        {"attendee": [("role", "NON-PARTICIPANT")]},
        {"attendee": [("cutype", "ROOM")]},
        {"attendee": [("cn", "ama@example.org")]},
        {"status": "CANCELLED"},
        {"dtstart": datetime(2099, 3, 16, 14, tzinfo=UTC)},
        {"rrule": {"freq": "daily", "count": 1}},
    ],
)
def test_who_may_not_have_been_there_is_left_out(reading: Read, changes: dict[str, Any]) -> None:
    said = dict(changes.pop("attendee", []))

    found = reading(event(attendee=invited("ama", **said), **changes))

    assert {row.kind for row in found.rows} <= {Kind.EVENTS, Kind.SERIES}
    assert any(note.endswith("were left out (1 times)") for note in found.notes)


def invited(name: str, **said: str) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{name}@example.org")
    for parameter, value in {"cn": name, "partstat": "ACCEPTED", **said}.items():
        address.params[parameter.upper()] = value
    return address


def test_descriptions_in_html_are_plain_and_hidden_characters_gone(reading: Read) -> None:
    found = reading(
        event(
            summary="Law\u202e <b>now</b>",
            description="<p>One<script>alert(1)</script></p><ul><li>Two<br>three</li></ul>",
        )
    )

    assert cells(found)["title"] == "Law now"
    assert cells(found)["description"] == "One\n\nTwo three"
    assert "texts from which hidden characters that no text needs were dropped: 1" in found.notes


def test_an_event_without_a_title_or_a_start_is_refused_and_the_others_taken(reading: Read) -> None:
    found = reading(
        event("a", summary=None),
        event("b", dtstart=None),
        event("c", dtend=datetime(2022, 3, 1, tzinfo=UTC)),
        event("d"),
    )

    assert column(found, "identifiers") == [["ical:d"]]
    assert [(one.place, one.reason) for one in found.refused] == [
        ("UID a", "it has no title (SUMMARY)"),
        ("UID b", "it has no start (DTSTART)"),
        ("UID c", "it ends before it starts"),
    ]


def test_a_broken_url_or_language_is_said_and_the_event_taken(reading: Read) -> None:
    found = reading(event(summary=icalendar.vText("Law", params={"language": "english"}), url="javascript:alert(1)"))

    assert cells(found)["title"] == "Law"
    assert [(one.column, one.reason) for one in found.refused] == [
        ("url", "'javascript:alert(1)' is not a web address"),
        ("languages", "'english' is not a language tag of BCP 47"),
    ]


def test_a_uid_of_odd_characters_is_an_identifier_that_lists_can_hold(reading: Read) -> None:
    found = reading(event("one; two/三"), event("x" * 1000), event(""))

    identifiers = [str(one[0]) for one in column(found, "identifiers") if one]
    assert identifiers[0] == "ical:one%3B%20two/%E4%B8%89"
    assert all(len(one) < 300 and " " not in one for one in identifiers)
    assert any("without a UID" in note for note in found.notes)


def test_tasks_and_alarms_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nEND:VCALENDAR\r\n")

    found = read(path, options=Options(file="calendar.ics"))

    assert (found.rows, found.notes) == ([], ["1 VTODO left out: only events are taken"])


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "it is not a whole calendar (BEGIN:VCALENDAR to END:VCALENDAR)"),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n",
            "it is not a whole calendar (BEGIN:VCALENDAR to END:VCALENDAR)",
        ),
        (
            b"name,email\r\n",
            "it is not a calendar (Content line could not be parsed into parts: 'name,email': name,email)",
        ),
        (b"BEGIN:VCALENDAR\r\nX:\xff\r\nEND:VCALENDAR\r\n", "it is not UTF-8 text, as calendars must be"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "calendar.ics"
    path.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        read(path, options=Options(file="calendar.ics"))

    assert refused.value.reason == reason


def test_the_mapping_file_must_name_a_zone(reading: Read) -> None:
    with pytest.raises(FileRefused, match="did you mean Africa/Tunis"):
        reading(event(), mapping={"time_zone": "Africa/Tuniz"})


PROPERTIES = st.sampled_from(
    [
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "SUMMARY", "CLASS"),
        *("STATUS", "ATTENDEE", "CATEGORIES", "URL", "LAST-MODIFIED", "UID", "DESCRIPTION;LANGUAGE=x"),
        *("DTSTART;VALUE=DATE", "DTSTART;TZID=Europe/Vienna", "RECURRENCE-ID;RANGE=THISANDFUTURE"),
    ]
)
WRITTEN = st.sampled_from(
    [
        *("20220316T140000Z", "20220316", "20220316T140000", "PT1H", "-P3W", "P9999999D", "00010101T000000Z"),
        *("99991231T235959Z", "20220316T140000Z/PT1H", "mailto:ama@example.org", "1", "-1", "PRIVATE"),
        *(
            "FREQ=DAILY;COUNT=3",
            "FREQ=YEARLY",
            "FREQ=WEEKLY;UNTIL=20220401",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=WEEKLY;BYDAY=9XX",
        ),
    ]
)
VALUES = st.one_of(WRITTEN, WRITTEN, st.text(max_size=20))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(PROPERTIES, VALUES), max_size=8))
def test_whatever_an_event_says_it_is_read_or_refused_with_a_sentence(
    tmp_path: Path, lines: Iterable[tuple[str, str]]
) -> None:
    path = tmp_path / "calendar.ics"
    body = "".join(f"{name}:{value}\r\n" for name, value in lines)
    path.write_bytes(
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n{body}END:VEVENT\r\nEND:VCALENDAR\r\n".encode("utf-8", "replace")
    )

    try:
        found = read(path, options=Options(file="calendar.ics"))
    except FileRefused as refused:
        assert refused.reason  # noqa: PT017 -- either is right
    else:
        assert all(row.cells["title"] for row in rows(found))
