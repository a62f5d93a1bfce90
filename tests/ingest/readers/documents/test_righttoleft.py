import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.documents.righttoleft import Drawn, in_reading_order

LETTERS = st.text(st.sampled_from("ابتثجحخدabc123 .,()-/"), max_size=40)


def drawn(seen: str) -> list[Drawn]:
    """Letters beside one another, from left to right."""
    return [Drawn(letter, 5.0 * place, 5.0 * place + 5, 10) for place, letter in enumerate(seen)]


@pytest.mark.parametrize(
    "seen, read",
    [
        ("ابحرم", "مرحبا"),
        ("1,250.75 غلبم", "مبلغ 1,250.75"),
        ("Windows 10 جمانرب", "برنامج Windows 10"),
        ("(تبثم) ب", "ب (مثبت)"),
        ("abc (def)", "abc (def)"),
        ("", ""),
    ],
)
def test_a_line_is_read_as_it_was_written(seen: str, read: str) -> None:
    assert in_reading_order(drawn(seen), from_right=seen[-1:] > "z") == read


def test_marks_stay_with_their_letters() -> None:
    letters = [Drawn("م", 10, 15, 10), Drawn("\u064f", 11, 14, 10), Drawn("د", 5, 10, 10)]

    assert in_reading_order(letters, from_right=True) == "م\u064fد"


def test_a_gap_is_a_space() -> None:
    assert in_reading_order([Drawn("ب", 0, 5, 10), Drawn("ا", 9, 14, 10)], from_right=False) == "ا ب"


@given(LETTERS, st.booleans())
def test_no_letter_is_lost(seen: str, from_right: bool) -> None:
    read = in_reading_order(drawn(seen), from_right=from_right)

    brackets = str.maketrans(")", "(")
    assert sorted("".join(read.split()).translate(brackets)) == sorted("".join(seen.split()).translate(brackets))
