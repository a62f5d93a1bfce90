from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.documents.columns import Block, Line, in_reading_order


def line(text: str, x: float, y: float, *, width: float = 200) -> Line:
    return Line(text, x, x + width, y, y + 10, 10, is_bold=False)


def block(x: float, y: float, *texts: str, width: float = 200) -> Block:
    return Block([line(text, x, y - 12 * number, width=width) for number, text in enumerate(texts)])


def texts(blocks: list[Block]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


PROSE = "five words stand in it"
LAYOUT = st.lists(
    st.builds(
        lambda x, y, width, count: (x, y, width, count),
        st.integers(0, 500),
        st.integers(0, 800),
        st.integers(10, 500),
        st.integers(1, 4),
    ),
    max_size=25,
)


def test_what_goes_over_both_columns_parts_them_into_halves() -> None:
    page = [
        block(50, 700, f"{PROSE} 1", f"{PROSE} 2"),
        block(300, 700, f"{PROSE} 3", f"{PROSE} 4"),
        block(50, 600, "a table over both", width=450),
        block(50, 500, f"{PROSE} 5", f"{PROSE} 6"),
        block(300, 500, f"{PROSE} 7", f"{PROSE} 8"),
    ]

    found = texts(in_reading_order(page[::-1], from_right=False))

    assert [text[-1] for text in found] == ["1", "2", "3", "4", "h", "5", "6", "7", "8"]


def test_three_columns_are_read_one_after_the_other() -> None:
    page = [block(x, 700, f"{PROSE} {x}", f"{PROSE} {x + 1}", width=150) for x in (400, 50, 220)]

    assert [text.split()[-1] for text in texts(in_reading_order(page, from_right=False))] == [
        "50",
        "51",
        "220",
        "221",
        "400",
        "401",
    ]


@given(LAYOUT, st.booleans())
def test_whatever_the_layout_nothing_is_lost_or_doubled(
    layout: list[tuple[int, int, int, int]], from_right: bool
) -> None:
    page = [
        block(x, y, *(f"w{number}.{one}" for one in range(count)), width=width)
        for number, (x, y, width, count) in enumerate(layout)
    ]

    found = texts(in_reading_order(page, from_right=from_right))

    assert sorted(" ".join(found).split()) == sorted(texts(page))
