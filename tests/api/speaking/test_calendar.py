"""Calendar files for speakers, read back by a reader of calendars: what they hold, and that nothing gets in beside."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address
from typing import Any

import icalendar
import pytest

from api.speaking.calendar import calendar_file
from graph.speaking.occasions import EventTold
from graph.values import UN_LANGUAGES, EventId

EVENT = EventTold(
    id=EventId("stewards"),
    title="Stewards, doors; and places",
    kind="workshop",
    format="hybrid",
    starts_at=datetime(2026, 10, 15, 7, tzinfo=UTC),
    ends_at=datetime(2026, 10, 15, 9, 30, tzinfo=UTC),
    time_zone="Asia/Beirut",
    place="City Hall",
    country="LB",
    url="https://events.example.org/stewards",
    description=None,
    languages=("fr",),
)
PAGE = "https://experts.example.org/answer/secret"


def file_of(event: EventTold = EVENT, **said: Any) -> bytes | None:
    given: dict[str, Any] = {
        "uid": "candidacy-1@experts.example.org",
        "sequence": 3,
        "at": datetime(2026, 9, 1, 14, 0, tzinfo=timezone(timedelta(hours=2))),
        "organizer": Address("The Network", "network", "example.org"),
        "attendee": "ama@example.org",
        "attendee_name": "Ama Testperson",
        "url": PAGE,
        "is_cancelled": False,
        "language": "en",
        **said,
    }
    return calendar_file(event, **given)


def read(event: EventTold = EVENT, **said: Any) -> tuple[Any, Any]:
    """The calendar and the one event in it; what a property holds is of the kind that its name says."""
    written = file_of(event, **said)
    assert written is not None
    calendar = icalendar.Calendar.from_ical(written)
    assert isinstance(calendar, icalendar.Calendar)
    (entry,) = calendar.subcomponents
    assert isinstance(entry, icalendar.Event)
    assert not calendar.errors
    assert not entry.errors
    return calendar, entry


def test_an_invitation_holds_what_calendars_ask_for() -> None:
    calendar, entry = read()

    assert (calendar["METHOD"], calendar["VERSION"], calendar["PRODID"]) == (
        "REQUEST",
        "2.0",
        "-//Knowwho//Knowwho//EN",
    )
    assert entry["UID"] == "candidacy-1@experts.example.org"
    assert entry["SEQUENCE"] == 3
    assert entry["DTSTAMP"].to_ical() == b"20260901T120000Z"
    assert entry["DTSTART"].to_ical() == b"20261015T070000Z"
    assert entry["DTEND"].to_ical() == b"20261015T093000Z"
    assert entry["SUMMARY"] == "Stewards, doors; and places"
    assert entry["LOCATION"] == "City Hall, Lebanon, and online"
    assert entry["URL"] == PAGE
    assert entry["ORGANIZER"] == "mailto:network@example.org"
    assert dict(entry["ORGANIZER"].params) == {"CN": "The Network"}
    assert entry["ATTENDEE"] == "mailto:ama@example.org"
    assert dict(entry["ATTENDEE"].params) == {
        "CN": "Ama Testperson",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert "STATUS" not in entry
    assert entry["DESCRIPTION"].split("\n") == [
        "Kind: Workshop",
        "When: Thursday, 15 October 2026, 10:00–12:30 (Eastern European Summer Time, UTC+03:00)",
        "In UTC: Thursday, 15 October 2026, 07:00–09:30",
        "Where: City Hall, Lebanon, and online",
        "Language: French",
        "Web page: https://events.example.org/stewards",
        PAGE,
    ]


def test_what_is_cancelled_is_taken_back_under_its_uid() -> None:
    calendar, entry = read(is_cancelled=True, sequence=4)

    assert (calendar["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (entry["UID"], entry["SEQUENCE"]) == ("candidacy-1@experts.example.org", 4)


def test_without_a_beginning_there_is_no_file() -> None:
    assert file_of(replace(EVENT, starts_at=None)) is None


@pytest.mark.parametrize("ends_at", [None, EVENT.starts_at, datetime(2026, 10, 14, tzinfo=UTC)])
def test_no_end_is_invented(ends_at: datetime | None) -> None:
    _, entry = read(replace(EVENT, ends_at=ends_at))

    assert "DTEND" not in entry
    assert "DURATION" not in entry


def test_what_is_unknown_is_left_out() -> None:
    _, entry = read(replace(EVENT, place=None, country=None, format=None), url=None, attendee_name="")

    assert not {"LOCATION", "URL"} & set(entry)
    assert "CN" not in entry["ATTENDEE"].params


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_a_file_is_in_the_speakers_language(language: str) -> None:
    _, entry = read(replace(EVENT, title="ندوة"), language=language)

    assert {entry[name].params["LANGUAGE"] for name in ("SUMMARY", "LOCATION", "DESCRIPTION")} == {language}
    assert entry["SUMMARY"] == "ندوة"
    assert ("Kind: Workshop" in entry["DESCRIPTION"]) == (language == "en")
    assert not set("\u2068\u2069") & set(entry["DESCRIPTION"] + entry["LOCATION"])


@pytest.mark.parametrize(
    "ending", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\x00", '"', ";", ",", ":", "\\n", "^n"]
)
def test_no_text_becomes_a_property(ending: str) -> None:
    hostile = f'One{ending}ATTENDEE;CN="x":mailto:x@example.org{ending}END:VEVENT'
    told = replace(EVENT, title=hostile, place=hostile, country=hostile, kind=hostile, languages=(hostile,))

    written = file_of(
        told,
        uid=hostile,
        attendee=f"ama{ending}@example.org",
        attendee_name=hostile,
        organizer=Address('The "Net;work": one,', "network", "example.org"),
        url=f"{PAGE}{ending}X-MORE:1",
    )
    assert written is not None
    names = re.findall(rb"^([A-Z-]+)[:;]", written.replace(b"\r\n ", b""), re.MULTILINE)
    assert sorted(names) == sorted(
        b"BEGIN VERSION PRODID METHOD BEGIN UID DTSTAMP SEQUENCE DTSTART DTEND SUMMARY LOCATION DESCRIPTION URL "
        b"ORGANIZER ATTENDEE END END".split()
    )
    _, entry = read(told, attendee_name=hostile)
    assert entry["SUMMARY"] == " ".join(re.sub("[\x00-\x1f\x85\u2028]", " ", hostile).split())
    assert set(entry["ATTENDEE"].params) == {"CN", "ROLE", "PARTSTAT", "RSVP"}


def test_lines_are_folded_at_75_octets_and_end_as_mail_does() -> None:
    written = file_of(replace(EVENT, title="保护" * 100), language="zh")

    assert written is not None
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert all(line.decode() for line in lines[:-1])


@pytest.mark.parametrize(
    "address,uri",
    [
        ("o'ama+talks@example.org", "mailto:o'ama+talks@example.org"),
        ("50%&co?@example.org", "mailto:50%25%26co%3F@example.org"),
        ("ама@example.org", "mailto:%D0%B0%D0%BC%D0%B0@example.org"),
    ],
)
def test_an_address_is_a_uri(address: str, uri: str) -> None:
    assert read(attendee=address)[1]["ATTENDEE"] == uri
