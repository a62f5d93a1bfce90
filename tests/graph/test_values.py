"""Names, cursors and pages."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values import Cursor, Names, NotACursor, Page


@given(st.tuples(st.text(), st.text()))
def test_a_cursor_reads_back_what_it_wrote(key: tuple[str, str]) -> None:
    assert Cursor.parse(str(Cursor(key))) == Cursor(key)


@given(st.text(max_size=200))
def test_any_other_text_is_refused_by_name_or_is_a_cursor(text: str) -> None:
    cursor = None
    with suppress(NotACursor):
        cursor = Cursor.parse(text)

    assert cursor is None or all(isinstance(part, str) for part in cursor.key)


@pytest.mark.parametrize("text", ["", "%%%", "bm90IGpzb24=", "WzEsMl0=", "WyJhIl0=", "eyJhIjoxfQ=="])
def test_what_is_no_cursor_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(NotACursor, match="pass a cursor that the list itself gave"):
        Cursor.parse(text)


def test_a_missing_name_falls_back_to_english_then_to_any() -> None:
    both = Names({"en": "Tunisia", "fr": "Tunisie"})
    neither = Names({"ar": "تونس"})

    assert both.in_language("fr") == "Tunisie"
    assert both.in_language("zh") == "Tunisia"
    assert neither.in_language("zh") == "تونس"
    assert Names({}).in_language("en") == ""


def test_a_page_keeps_the_entry_beyond_it_to_itself() -> None:
    rows = [{"key": ["Ama", "ama"], "n": 1}, {"key": ["Bea", "bea"], "n": 2}, {"key": ["Cyd", "cyd"], "n": 3}]

    page = Page.of(rows, 2, lambda row: row["n"])

    assert page.has_next
    assert [value for _, value in page.entries] == [1, 2]
    assert page.entries[-1][0] == Cursor(("Bea", "bea"))
