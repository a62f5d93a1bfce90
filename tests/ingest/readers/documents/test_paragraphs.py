from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.documents.columns import Block, Line
from ingest.readers.documents.paragraphs import Page, paragraphs_of, without_repeated

WORDS = st.lists(st.text(st.sampled_from("abcd-. ؟。志A1"), min_size=1, max_size=12), min_size=1, max_size=12)


def page(number: int, *lines: tuple[str, float]) -> Page:
    return Page(number, 800, [Block([Line(text, 50, 300, y, y + 10, 10, is_bold=False)]) for text, y in lines])


def texts(pages: list[Page]) -> list[str]:
    return [line.text for page in pages for block in page.blocks for line in block.lines]


def test_numbers_that_grow_with_the_pages_are_repeated() -> None:
    pages = [page(number, (f"Body of {number * 7}", 400), (f"{number + 11} of 80", 20)) for number in range(1, 6)]

    without_repeated(pages)

    assert texts(pages) == [f"Body of {number * 7}" for number in range(1, 6)]


def test_other_numbers_at_the_same_place_are_text() -> None:
    pages = [page(number, (f"In {2000 + number * number} towns", 780)) for number in range(1, 6)]

    without_repeated(pages)

    assert len(texts(pages)) == 5


def test_a_repeated_line_behind_another_is_text() -> None:
    pages = [page(number, (f"Line {'x' * number}", 780), ("The same in all", 765)) for number in range(1, 6)]

    without_repeated(pages)

    assert texts(pages).count("The same in all") == 5


def test_a_repeated_line_in_the_middle_of_the_page_is_text() -> None:
    pages = [page(number, ("The same in all", 400)) for number in range(1, 6)]

    without_repeated(pages)

    assert len(texts(pages)) == 5


def test_two_pages_are_enough_for_a_header() -> None:
    pages = [page(1, ("Header", 780), ("One", 400)), page(2, ("Header", 780), ("Two", 400))]

    without_repeated(pages)

    assert texts(pages) == ["One", "Two"]


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_no_word_is_lost_when_lines_are_joined(pages: list[list[str]]) -> None:
    made = [
        page(number, *((text, 700.0 - 12 * place) for place, text in enumerate(lines)))
        for number, lines in enumerate(pages, start=1)
    ]

    found = paragraphs_of(made)

    def bare(text: str) -> str:
        return "".join(text.split()).replace("-", "")

    assert bare("".join(paragraph.text for paragraph in found)) == bare("".join("".join(lines) for lines in pages))
