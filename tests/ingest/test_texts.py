from time import process_time

import pytest

from ingest.texts import Block, markdown_paragraphs, plain_paragraphs, sectioned, title_of, unwrapped


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    text = """# Work & life

She *trained* **300** [stewards](https://example.org) at `Zitouna`,
![the door](door.png) included.

- one
- two

1. first

> quoted

| Year | Place |
|------|-------|
| 2011 | Tunis |

    code

<!-- hidden -->
<div>In a <b>box</b><script>alert(1)</script></div>

a<br>b &amp; <i>c</i>
"""

    paragraphs = [unwrapped(paragraph.text) for paragraph in markdown_paragraphs(text)]

    assert [paragraph for paragraph in paragraphs if paragraph] == [
        "Work & life",
        "She trained 300 stewards at Zitouna, the door included.",
        "one",
        "two",
        "first",
        "quoted",
        "Year; Place",
        "2011; Tunis",
        "code",
        "In a box",
        "a b & c",
    ]


def test_plain_text_is_parted_by_blank_lines() -> None:
    assert plain_paragraphs("one\nline\n \ntwo *stars*") == ["one\nline", "two *stars*"]


@pytest.mark.parametrize(
    "paragraph, line",
    [
        ("one\n  two", "one two"),
        ("他在上海\n工作了十年。\n然后", "他在上海工作了十年。然后"),
        ("他在 Shanghai\n工作", "他在 Shanghai 工作"),
    ],
)
def test_wrapped_lines_are_joined_as_their_script_joins_them(paragraph: str, line: str) -> None:
    assert unwrapped(paragraph) == line


def test_markdown_knows_its_headings() -> None:
    blocks = markdown_paragraphs("# A *title*\n\ntext\n\n## Work\n\nTunis\n=====\n")

    assert blocks == [Block("A title", 1), Block("text"), Block("Work", 2), Block("Tunis", 1)]


def test_paragraphs_stand_under_their_headings() -> None:
    blocks = [
        Block("before"),
        Block("Work", 1),
        Block("Tunis", 2),
        Block("doors"),
        Block("Accra", 2),
        Block("roofs"),
        Block("Study", 1),
        Block("law"),
    ]

    places = [paragraph.place for paragraph in sectioned(blocks)]

    assert places == ["", "Work", "Work › Tunis", "Work › Tunis", "Work › Accra", "Work › Accra", "Study", "Study"]


def test_a_documents_title_is_nobodys_place() -> None:
    blocks = [Block("Opening the doors", 1), Block("text"), Block("Work", 2), Block("doors")]

    assert title_of(blocks) == "Opening the doors"
    assert [paragraph.place for paragraph in sectioned(blocks)] == ["", "", "Work", "Work"]


@pytest.mark.parametrize(
    "blocks",
    [[], [Block("text")], [Block("text"), Block("Work", 1)], [Block("Work", 1), Block("Study", 1)]],
)
def test_a_document_without_one_highest_heading_has_no_title(blocks: list[Block]) -> None:
    assert title_of(blocks) is None


def test_a_long_heading_is_cut_as_a_place() -> None:
    [heading, _] = sectioned([Block("x" * 100, 1), Block("y", 1)])

    assert heading.text == "x" * 100
    assert heading.place == "x" * 79 + "…"


GENEROUS_S = 5.0
HOSTILE = ["[a](", "![", "[", "<!--", "<a ", "<a b='", "</", "<?", "*a **a ", "_a", "`` ` ", "&", "\\", "a@", "> "]


@pytest.mark.parametrize("opening", HOSTILE)
@pytest.mark.parametrize("before", ["", "<div>\n", "<!--\n\n", "<script>\n\n"])
def test_what_opens_again_and_again_takes_time_in_proportion(opening: str, before: str) -> None:
    began = process_time()

    markdown_paragraphs(before + opening * (240_000 // len(opening)))

    assert process_time() - began < GENEROUS_S


@pytest.mark.parametrize("opening", ["[a](", "<!--"])
def test_many_paragraphs_that_open_much_take_time_in_proportion(opening: str) -> None:
    text = f"{opening * 400}\n\n" * 100
    began = process_time()

    markdown_paragraphs(f"<!--\n\n{text}")

    assert process_time() - began < GENEROUS_S


def test_a_paragraph_that_opens_too_much_is_taken_as_it_stands_and_the_others_are_not() -> None:
    hostile = "*so* " + "[a](" * 600

    found = markdown_paragraphs(f"# Design\n\nA *first*.\n\n{hostile}\n\nA *last*.")

    assert found == [Block("Design", 1), Block("A first."), Block(hostile), Block("A last.")]


def test_a_paragraph_with_many_links_is_markdown() -> None:
    (found,) = markdown_paragraphs("[a](https://example.org) " * 400)

    assert found == Block(("a " * 400).strip())


def test_a_very_long_paragraph_is_taken_as_it_stands() -> None:
    text = "a *b* " * 10_000

    assert markdown_paragraphs(text) == [Block(text.strip())]
