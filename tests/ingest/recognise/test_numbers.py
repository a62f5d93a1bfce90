"""For how many people there is room, as lists write it."""

import pytest

from ingest.cells import Unfit
from ingest.recognise import number_of_people


@pytest.mark.parametrize(
    "text,found",
    [
        ("120", "120"),
        (" 120 ", "120"),
        ("1,200", "1200"),
        ("1 200", "1200"),
        ("1\u202f200", "1200"),
        ("1.200", "1200"),
        ("1'000'000", "1000000"),
        ("007", "7"),
        ("\u0661\u0662\u0660", "120"),
    ],
)
def test_a_number_of_people_is_read_as_it_is_written(text: str, found: str) -> None:
    assert number_of_people(text) == found


@pytest.mark.parametrize("text", ["0", "1000001", "12.5", "1,20", "-5", "about 50", "50-60", "1.000,000", "9" * 50])
def test_what_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="is no number of people"):
        number_of_people(text)
