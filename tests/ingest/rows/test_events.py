"""Rows of events.csv: for how many people there is room."""

import pytest
from pydantic import ValidationError

from ingest.rows import Event

BRIEFING = {"id": "briefing", "title": "Briefing", "kind": "briefing"}


@pytest.mark.parametrize("text,capacity", [("1", 1), ("120", 120), ("1000000", 1_000_000)])
def test_a_capacity_is_read(text: str, capacity: int) -> None:
    row = Event.model_validate({**BRIEFING, "capacity": text})

    assert (row.capacity, row.record()["capacity"]) == (capacity, capacity)


def test_who_says_no_capacity_has_none() -> None:
    assert Event.model_validate(BRIEFING).record()["capacity"] is None


@pytest.mark.parametrize("text", ["0", "-3", "1000001", "12.5", "many", "١٢", "9" * 5000])
def test_what_is_no_capacity_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValidationError, match="is no number of people") as refusal:
        Event.model_validate({**BRIEFING, "capacity": text})

    assert [error["loc"] for error in refusal.value.errors()] == [("capacity",)]
