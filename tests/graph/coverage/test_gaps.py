"""Which cells are gaps, why, and which of them come first."""

from datetime import date

import pytest

from graph.coverage import By, Cell, Coverage, Row, WhyGap, gaps_in
from graph.values import Names, Region, RegionId, Topic, TopicId

SINCE = date(2024, 1, 1)


def table(**rows: list[Cell]) -> Coverage:
    """A table with these topics' cells; five more people know each topic elsewhere."""
    places = [Region(RegionId(code), Names({"en": code})) for code in ("002", "009")]
    return Coverage(
        By.REGION,
        date(2026, 1, 1),
        tuple(places),
        tuple(Row(topic(id), sum(cell.experts for cell in cells) + 5, tuple(cells)) for id, cells in rows.items()),
    )


def topic(id: str) -> Topic:
    return Topic(TopicId(id), Names({"en": id.title()}), {}, None, None, None, is_deprecated=False)


@pytest.mark.parametrize(
    "cell, since, why",
    [
        (Cell("002"), None, WhyGap.NOBODY),
        (Cell("002", familiar=3), None, WhyGap.NOBODY_STRONG),
        (Cell("002", practitioner=1), None, None),
        (Cell("002", lead=1), None, None),
        (Cell("002", lead=1), SINCE, WhyGap.NOTHING_RECENT),
        (Cell("002", lead=1, newest=date(2023, 12, 31)), SINCE, WhyGap.NOTHING_RECENT),
        (Cell("002", lead=1, newest=SINCE), SINCE, None),
        (Cell("002", familiar=1), SINCE, WhyGap.NOBODY_STRONG),
    ],
)
def test_a_cell_is_a_gap_by_the_worst_that_is_true(cell: Cell, since: date | None, why: WhyGap | None) -> None:
    gaps = gaps_in(table(hotels=[cell, Cell("009", lead=1, newest=SINCE)]), recent_since=since)

    assert [gap.why for gap in gaps] == ([] if why is None else [why])


def test_where_the_programme_works_comes_first_then_the_worst_then_what_most_know_elsewhere() -> None:
    told = table(
        airports=[Cell("002"), Cell("009", familiar=1)],
        hotels=[Cell("002", lead=9), Cell("009")],
        markets=[Cell("002", familiar=1, planned=1), Cell("009", activities=1, events=1)],
    )

    assert [(gap.topic.id, gap.place.id, gap.experts) for gap in gaps_in(told)] == [
        ("markets", "009", 6),
        ("markets", "002", 5),
        ("hotels", "009", 14),
        ("airports", "002", 6),
        ("airports", "009", 5),
    ]
