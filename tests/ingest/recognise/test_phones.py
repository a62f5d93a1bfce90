"""Telephone numbers, with the country of the row or of the mapping."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cells import Unfit
from ingest.recognise import Doubtful, phone


@pytest.mark.parametrize(
    "text, country, number",
    [
        ("+216 71 000 000", None, "+21671000000"),
        ("71 000 000", "TN", "+21671000000"),
        ("21671000000", "TN", "+21671000000"),
        ("030 901820", "DE", "+4930901820"),
        ("0049 30 901820", None, "+4930901820"),
        ("Tel. +49 (0)30 901820", "TN", "+4930901820"),
        ("٠٣٠ ٩٠١٨٢٠", "DE", "+4930901820"),
    ],
)
def test_a_number_is_given_with_its_country(text: str, country: str | None, number: str) -> None:
    assert phone(text, country=country) == number


@pytest.mark.parametrize("text, number", [("21671000000", "+21671000000"), ("+49 30 901820 ext. 5", "+4930901820")])
def test_what_may_be_another_number_is_a_doubt(text: str, number: str) -> None:
    with pytest.raises(Doubtful) as raised:
        phone(text)

    assert raised.value.meant == number


def test_a_number_without_a_country_says_what_to_do() -> None:
    with pytest.raises(Unfit) as raised:
        phone("71 000 000")

    assert str(raised.value) == (
        "'71 000 000' does not say its country's code; "
        "write it such as +216 71 000 000, or say default_country in a mapping"
    )


@pytest.mark.parametrize(
    "text, country", [("", None), ("ama", "TN"), ("12", "TN"), ("+216 1", None), ("30000000000000", "DE")]
)
def test_what_is_no_number_is_unfit(text: str, country: str | None) -> None:
    with pytest.raises(Unfit):
        phone(text, country=country)


@given(
    st.one_of(st.text(), st.from_regex(r"\+?[\d ()./x-]{3,20}", fullmatch=True)), st.sampled_from([None, "TN", "DE"])
)
def test_no_text_raises_anything_but_unfit(text: str, country: str | None) -> None:
    try:
        found = phone(text, country=country)
    except Unfit:
        return

    assert re.fullmatch(r"\+\d{4,15}", found)
