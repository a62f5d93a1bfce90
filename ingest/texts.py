"""Markdown and plain text as the paragraphs that a reader sees, without marks and tags, under their headings."""

import html.parser
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.found import FoundText

__all__ = ["BETWEEN_HEADINGS", "Block", "markdown_paragraphs", "plain_paragraphs", "sectioned", "title_of", "unwrapped"]

BETWEEN_HEADINGS = " › "
LONGEST_HEADING = 80
# What opens and is never closed is looked for again to the end of its paragraph, each time: the libraries take minutes
# over a hundred thousand brackets.
MOST_OPENINGS = 500
LONGEST_PARAGRAPH = 50_000
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"


class Block(NamedTuple):
    """A paragraph; ``level`` is that of a heading, 1 being the highest, and None for what is no heading."""

    text: str
    level: int | None = None


def title_of(blocks: list[Block]) -> str | None:
    """The document's title: the heading that it begins with, if no other is as high."""
    levels = [block.level for block in blocks if block.level is not None]
    if not levels or blocks[0].level != min(levels) or levels.count(min(levels)) > 1:
        return None
    return blocks[0].text


def sectioned(blocks: list[Block]) -> list[FoundText]:
    """Paragraphs, each with the headings that it stands under as its place: 'Work › Tunis'.

    Headings are paragraphs too, and stand under themselves. The document's title is nobody's place.
    """
    title = title_of(blocks)
    above: list[Block] = []
    found: list[FoundText] = []
    for number, block in enumerate(blocks):
        if block.level is not None and not (number == 0 and title is not None):
            above = [heading for heading in above if (heading.level or 0) < block.level] + [block]
        found.append(FoundText(text=block.text, place=BETWEEN_HEADINGS.join(map(_shortened, above))))
    return found


def _shortened(heading: Block) -> str:
    text = " ".join(heading.text.split())
    return text if len(text) <= LONGEST_HEADING else f"{text[: LONGEST_HEADING - 1]}…"


def plain_paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, which blank lines part."""
    return re.split(r"\n\s*\n", text)


def markdown_paragraphs(text: str) -> list[Block]:
    """The paragraphs of a Markdown text without its marks: headings, list entries, table rows and code too.

    A paragraph of more than 50,000 characters, or with more than 500 brackets or tags that open, is taken as it stands.
    """
    return [block for part, is_plain in _parts(text) for block in ([Block(part)] if is_plain else _rendered(part))]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """A text in parts that follow each other, and of each whether it is a paragraph to be taken as it stands."""
    start = done = 0
    for end in (*(blank.end() for blank in BLANK_LINES.finditer(text)), len(text)):
        paragraph = text[start:end]
        if len(paragraph) > LONGEST_PARAGRAPH or _openings(paragraph) > MOST_OPENINGS:
            yield text[done:start], False
            yield paragraph.strip(), True
            done = end
        start = end
    yield text[done:], False


def _openings(text: str) -> int:
    return text.count("[") + text.count("<")


def _rendered(text: str) -> list[Block]:
    paragraphs: list[Block] = []
    row: list[str] | None = None
    level: int | None = None
    for token in _markdown().parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            paragraphs.append(Block("; ".join(cell for cell in row if cell)))
            row = None
        elif token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) if token.type == "heading_open" else None
        elif token.type == "inline" and row is not None:
            row.append(_line(token))
        elif token.type == "inline":
            paragraphs.append(Block(_line(token), level))
        elif token.type in ("fence", "code_block"):
            paragraphs.append(Block(token.content))
        elif token.type == "html_block":
            paragraphs.extend(map(Block, plain_paragraphs(_without_tags(token.content))))
    return paragraphs


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _line(token: Token) -> str:
    return "".join(map(_shown, token.children or []))


def _shown(token: Token) -> str:
    """What a reader sees of a part of a line."""
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    if token.type == "image":
        return _line(token)
    return token.content


class _Text(html.parser.HTMLParser):
    """The text between tags; what scripts and styles hold is none."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def _without_tags(markup: str) -> str:
    if _openings(markup) > MOST_OPENINGS and len(markup) > LONGEST_PARAGRAPH:
        return markup
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return "".join(parser.parts)


def unwrapped(paragraph: str) -> str:
    """A paragraph on one line; lines of Chinese or Japanese are joined without a space."""
    joined = re.sub(rf"(?<=[{CJK}])[ \t]*\n[ \t]*(?=[{CJK}])", "", paragraph)
    return " ".join(joined.split())
