"""Events' days on pages are those of their own clocks: what lasts a day in Tunis begins the day before in UTC."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.pages.listing import dated, entries, moment_in
from api.pages.person import begins, years
from api.pages.reading import QUERIES

IN_TUNIS: dict[str, Any] = {
    "slug": "gates",
    "title": "Gates",
    "startsAt": "2027-12-31T23:00:00+00:00",
    "timeZone": "Africa/Tunis",
}
THE_DAY = date(2028, 1, 1)
IN_UTC = ("event_choices", "organise_attendance")
"""What shows the years by which events are filtered, or moments that say they are in UTC."""


def test_a_day_is_that_of_the_events_own_clocks() -> None:
    talk = {"role": "speaker", "startsAt": None, "node": IN_TUNIS}
    person = {
        "talks": {"edges": [talk]},
        "attended": {"edges": []},
        "resources": {"edges": []},
        "affiliations": {"edges": []},
        "joined": None,
    }
    begun = begins(talk)

    assert dated(IN_TUNIS)["startsAt"].date() == THE_DAY
    assert entries({"edges": [{"node": IN_TUNIS}]})[0]["startsAt"].date() == THE_DAY
    assert begun is not None
    assert begun.date() == THE_DAY
    assert [one.year for one in years(person)] == [2028]


@pytest.mark.parametrize("zone,day", [(None, 31), ("Atlantis/Harbour", 31), ("America/New_York", 31)])
def test_without_a_zone_that_is_known_it_is_that_of_utc(zone: str | None, day: int) -> None:
    at = moment_in({**IN_TUNIS, "timeZone": zone}, "startsAt")

    assert at is not None
    assert at.day == day


@pytest.mark.parametrize("document", sorted(QUERIES.glob("*.graphql")), ids=lambda document: document.stem)
def test_documents_that_ask_when_an_event_is_ask_for_its_zone(document: Path) -> None:
    text = document.read_text()

    if document.stem not in IN_UTC and "startsAt" in text:
        assert "timeZone" in text
