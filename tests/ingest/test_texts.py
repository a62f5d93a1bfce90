import pytest

from ingest.texts import markdown_paragraphs, plain_paragraphs, unwrapped


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

    paragraphs = [unwrapped(paragraph) for paragraph in markdown_paragraphs(text)]

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
