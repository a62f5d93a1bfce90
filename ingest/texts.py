"""Markdown and plain text as the paragraphs that a reader sees, without marks and tags."""

import html.parser
import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["markdown_paragraphs", "plain_paragraphs", "unwrapped"]

CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"


def plain_paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, which blank lines part."""
    return re.split(r"\n\s*\n", text)


def markdown_paragraphs(text: str) -> list[str]:
    """The paragraphs of a Markdown text without its marks: headings, list entries, table rows and code too."""
    paragraphs: list[str] = []
    row: list[str] | None = None
    for token in _markdown().parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            paragraphs.append("; ".join(cell for cell in row if cell))
            row = None
        elif token.type == "inline":
            (paragraphs if row is None else row).append("".join(map(_shown, token.children or [])))
        elif token.type in ("fence", "code_block"):
            paragraphs.append(token.content)
        elif token.type == "html_block":
            paragraphs.extend(plain_paragraphs(_without_tags(token.content)))
    return paragraphs


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _shown(token: Token) -> str:
    """What a reader sees of a part of a line."""
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    if token.type == "image":
        return "".join(map(_shown, token.children or []))
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
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return "".join(parser.parts)


def unwrapped(paragraph: str) -> str:
    """A paragraph on one line; lines of Chinese or Japanese are joined without a space."""
    joined = re.sub(rf"(?<=[{CJK}])[ \t]*\n[ \t]*(?=[{CJK}])", "", paragraph)
    return " ".join(joined.split())
