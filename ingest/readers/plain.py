"""Plain text out of what calendars and conference systems write: tags, Markdown's marks and hidden characters dropped.

Nothing is refused for them, because the rest of what somebody wrote is as good as before; the reader says once for its
file what was dropped.
"""

import html
import re
from dataclasses import dataclass
from functools import cache

import lxml.etree
import lxml.html
from markdown_it import MarkdownIt

from ingest.cells import HOSTILE
from ingest.texts import unwrapped

__all__ = ["PlainText", "without_controls"]

TAG = re.compile(r"<(?:!--.*?--|/?[a-z][a-z0-9-]*(?=[\s/>])[^<>]*|[!?][^<>]*)>", re.IGNORECASE | re.DOTALL)
SILENT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
REFERENCE = re.compile(r"&#(?:x[0-9a-f]+|[0-9]+);?", re.IGNORECASE)
# White space that XML does not know (XML 1.0, 2.2), so that no page may hold it.
BREAKS = re.compile("[\x0b\x0c]")
# Elements that begin a paragraph of their own.
BLOCKS = {
    *("address", "article", "aside", "blockquote", "details", "div", "dd", "dl", "dt", "fieldset", "figcaption"),
    *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
    *("pre", "section", "table", "tr", "ul"),
}
LONGEST_TITLE = 300
LONGEST_PROSE = 10_000


def without_controls(text: str) -> str:
    """A text of which no character, nor any that it refers to by number, is one that a page may not hold."""
    return BREAKS.sub(" ", HOSTILE.sub("", REFERENCE.sub(_referred, text)))


def _referred(reference: re.Match[str]) -> str:
    """A reference as it stands; one to a hidden character as what HTML makes of it, which may be nothing."""
    found = html.unescape(reference[0])
    is_hidden = not found or found == "\ufffd" or HOSTILE.search(found) or BREAKS.search(found)
    return "" if is_hidden else reference[0]


@dataclass(slots=True)
class PlainText:
    """What has to be said of a file's texts, counted while they are made plain."""

    with_hidden: int = 0
    with_tags: int = 0
    cut: int = 0

    def line(self, text: str, *, most: int = LONGEST_TITLE) -> str:
        """A text on one line, such as a name or a title, of at most ``most`` characters."""
        shown = self._visible(text)
        bare = TAG.sub(" ", SILENT.sub(" ", shown))
        self.with_tags += bare != shown
        return self._shortened(" ".join(bare.split()), most)

    def markdown(self, text: str) -> list[str]:
        """The paragraphs of a Markdown text, which may hold HTML."""
        shown = self._visible(text)
        self.with_tags += TAG.search(shown) is not None
        return _paragraphs(_markdown().render(shown))

    def written(self, text: str) -> list[str]:
        """The paragraphs of a text that is plain, or HTML where it holds tags."""
        shown = self._visible(text)
        if TAG.search(shown) is None:
            return _unwrapped(shown)
        self.with_tags += 1
        return _paragraphs(shown)

    def prose(self, paragraphs: list[str]) -> str:
        """Paragraphs as one text, such as a description, of at most ten thousand characters."""
        return self._shortened("\n\n".join(paragraphs), LONGEST_PROSE)

    def notes(self) -> list[str]:
        """What was dropped, a sentence for each sort."""
        sentences = (
            (self.with_hidden, "texts from which hidden characters that no text needs were dropped"),
            (self.with_tags, "texts from which HTML tags were dropped"),
            (self.cut, "texts of which an ellipsis stands for the end, since they are longer than the network keeps"),
        )
        return [f"{sentence}: {count:,}" for count, sentence in sentences if count]

    def _visible(self, text: str) -> str:
        shown = without_controls(text)
        self.with_hidden += shown != BREAKS.sub(" ", text)
        return shown

    def _shortened(self, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.cut += 1
        return f"{text[: most - 1].rstrip()}…"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _paragraphs(markup: str) -> list[str]:
    """What a reader of a page would see, paragraph by paragraph."""
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (lxml.etree.LxmlError, AssertionError):
        return _unwrapped(TAG.sub(" ", SILENT.sub(" ", markup)))
    lxml.etree.strip_elements(root, "script", "style", "template", lxml.etree.Comment, with_tail=False)
    for element in root.iter():
        if element.tag == "br":
            element.tail = f"\n{element.tail or ''}"
        elif element.tag in BLOCKS:
            element.text = f"\n\n{element.text or ''}"
            element.tail = f"\n\n{element.tail or ''}"
        elif element.tag in {"td", "th"}:
            element.tail = f" {element.tail or ''}"
    return _unwrapped(root.text_content())


def _unwrapped(text: str) -> list[str]:
    return [paragraph for part in re.split(r"\n\s*\n", text) if (paragraph := unwrapped(part))]
