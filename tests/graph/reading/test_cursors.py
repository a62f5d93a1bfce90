"""Cursors hold a sort key, of one list; what no list wrote is refused, whatever it is."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Order
from graph.reading.cursors import beyond, cursor_of, key_of, mark_of
from graph.reading.cypher import Names
from graph.values import NotACursor

MARK = mark_of("Expert", [Order("{m}.name"), Order("{m}.id")])
PARTS = st.one_of(st.text(), st.integers(-(2**63) + 1, 2**63 - 1), st.booleans(), st.floats(allow_nan=False))


@given(st.lists(PARTS, max_size=5))
def test_a_key_is_read_as_it_was_written(key: list[Any]) -> None:
    assert key_of(cursor_of(key, mark=MARK), mark=MARK, length=len(key)) == key


@given(st.one_of(st.text(), st.binary().map(lambda made: base64.urlsafe_b64encode(made).decode())))
def test_whatever_else_is_given_is_refused(text: str) -> None:
    with pytest.raises(NotACursor):
        key_of(text, mark=MARK, length=2)


@given(
    st.recursive(
        st.none() | PARTS | st.just("\ud800"), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_holds_no_key_is_refused_though_it_is_json(value: Any) -> None:
    for told in (value, [MARK, value], [MARK, "Ama", value, "ama"]):
        with pytest.raises(NotACursor):
            key_of(base64.urlsafe_b64encode(json.dumps(told).encode()).decode(), mark=MARK, length=2)


@pytest.mark.parametrize("whole", [2**63, -(2**63) - 1, 10**400])
def test_a_number_that_the_database_does_not_have_is_refused(whole: int) -> None:
    with pytest.raises(NotACursor):
        key_of(cursor_of([whole, "ama"], mark=MARK), mark=MARK, length=2)


def test_nesting_brings_no_reader_down() -> None:
    with pytest.raises(NotACursor):
        key_of(base64.urlsafe_b64encode(b"[" * 200_000).decode(), mark=MARK, length=2)


@pytest.mark.parametrize(
    "source,orders",
    [
        ("Event", [Order("{m}.name"), Order("{m}.id")]),
        ("Expert", [Order("{m}.id"), Order("{m}.name")]),
        ("Expert", [Order("{m}.name", is_descending=True), Order("{m}.id")]),
        ("Expert", [Order("{m}.joined"), Order("{m}.id")]),
    ],
)
def test_a_cursor_is_of_its_list_and_its_order_alone(source: str, orders: list[Order]) -> None:
    cursor = cursor_of(["Ama", "ama"], mark=mark_of(source, orders))

    with pytest.raises(NotACursor):
        key_of(cursor, mark=MARK, length=2)


def test_what_a_list_is_ordered_by_is_compared_as_a_whole() -> None:
    names = Names()

    after = beyond(names, [Order("n.kind <> 'a'"), Order("n.id")], [True, "x"], is_before=False)

    # Without brackets Cypher would chain the comparisons.
    assert after == "((n.kind <> 'a') > $p2 OR ((n.kind <> 'a') = $p2 AND ((n.id) > $p1)))"
