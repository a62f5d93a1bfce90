"""Plain text out of HTML and Markdown."""

import pytest

from ingest.readers.plain import PlainText


@pytest.mark.parametrize(
    "text, line",
    [
        ("  Two \n lines ", "Two lines"),
        ("ama <script>alert('x')</script>", "ama"),
        ("<b>Law</b> & design", "Law & design"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("write to <ama@example.org>", "write to <ama@example.org>"),
        ("a\u202eb\x00c", "abc"),
        ("نص\u200cفارسی", "نص\u200cفارسی"),
    ],
)
def test_a_line_has_neither_tags_nor_hidden_characters(text: str, line: str) -> None:
    assert PlainText().line(text) == line


def test_a_line_is_cut_with_an_ellipsis_and_said_to_be() -> None:
    plain = PlainText()

    assert plain.line("x" * 400) == "x" * 299 + "…"
    assert plain.notes() == [
        "texts of which an ellipsis stands for the end, since they are longer than the network keeps: 1"
    ]


def test_markdown_is_what_a_reader_sees() -> None:
    text = "# Law\n\nOne *two*\nthree.\n\n- four\n- five\n\n<div>six<style>p{}</style></div>\n\n> seven &amp; eight"

    assert PlainText().markdown(text) == ["Law", "One two three.", "four", "five", "six", "seven & eight"]


def test_a_text_without_tags_keeps_its_marks() -> None:
    assert PlainText().written("1 < 2 *and*\nso on\n\n# end") == ["1 < 2 *and* so on", "# end"]


def test_html_becomes_paragraphs() -> None:
    text = "One<br>two<p>three<!-- no --></p><table><tr><td>four</td><td>five</td></tr></table><template>x</template>"

    assert PlainText().written(text) == ["One two", "three", "four five"]


@pytest.mark.parametrize(
    "text", ["<div>" * 5000 + "x", "<", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;", "<?xml?>", "\x0b\x0c"]
)
def test_no_markup_is_too_odd(text: str) -> None:
    plain = PlainText()

    assert plain.written(text) is not None
    assert plain.markdown(text) is not None


def test_chinese_lines_are_joined_without_spaces() -> None:
    assert PlainText().markdown("石窟前的\n两千名游客") == ["石窟前的两千名游客"]


def test_what_was_dropped_is_counted() -> None:
    plain = PlainText()

    plain.line("<b>one</b>")
    plain.written("<p>two</p>")
    plain.markdown("three\x00")

    assert plain.notes() == [
        "texts from which hidden characters that no text needs were dropped: 1",
        "texts from which HTML tags were dropped: 2",
    ]


@pytest.mark.parametrize(
    "hidden", ["&#1;", "&#x1;", "&#X01", "&#0;", "&#xD800;", "&#xFFFF;", "&#8238;", "\x01", "\u202e"]
)
def test_hidden_characters_and_references_to_them_are_dropped(hidden: str) -> None:
    plain = PlainText()

    assert plain.written(f"{hidden}Trai{hidden}ning<p>de{hidden}sign</p>{hidden}") == ["Training", "design"]
    assert plain.markdown(f"Trai{hidden}ning *design*{hidden}") == ["Training design"]
    assert plain.line(f"Trai{hidden}ning") == "Training"
    assert plain.notes()[0] == "texts from which hidden characters that no text needs were dropped: 3"


@pytest.mark.parametrize("space", ["\x0b", "\x0c"])
def test_white_space_that_no_page_may_hold_is_a_space(space: str) -> None:
    plain = PlainText()

    assert plain.written(f"{space}Training{space}and<p>{space}design{space}</p>") == ["Training and", "design"]
    assert plain.markdown(f"Training{space}and *design*") == ["Training and design"]


def test_references_to_what_can_be_seen_stay() -> None:
    assert PlainText().written("<p>pr&#233;vention &#xe9;t&eacute; &#60;</p>") == ["prévention été <"]
