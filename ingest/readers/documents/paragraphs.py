"""Lines of a paged document put together again as paragraphs, without what is repeated on every page.

A word that a hyphen breaks at the end of a line is joined, and the hyphen kept where the document itself writes the
word with one, or writes both of its halves as words of their own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.found import FoundText
from ingest.readers.documents.columns import Block, Line
from ingest.readers.documents.righttoleft import has_right_to_left

__all__ = ["Page", "paragraphs_of", "without_repeated"]

# Headers and footers stand in this part of a page's height, above or below, within so many points on each page.
MARGIN = 0.12
SAME_PLACE = 4.0
MOST_NUMBERS = 4

BULLET = re.compile(r"\s*([•▪▫◦●○■□–—*·‣➢✓\uf0a7\uf0b7]|\(?\d{1,2}[.)]|[a-z]\))\s+\S")
SENTENCE_END = re.compile(r"[.!?:;…؟؛。！？：；][\"'»”’)\]]*$")
HYPHEN = re.compile(r"(?P<head>[^\W\d_][\w'’\-‐]*)[-‐\u00ad]$")
WORD = re.compile(r"[^\W\d_][\w'’]*(?:[-‐][\w'’]+)*")
CJK_EDGE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")

_Sign = tuple[bool, str, int]


@dataclass(slots=True)
class Page:
    """A page's number, height and blocks, in the order in which they are read."""

    number: int
    height: float
    blocks: list[Block] = field(default_factory=list)


def without_repeated(pages: Sequence[Page]) -> None:
    """Take from the pages the headers, footers and page numbers that several of them have at the same place."""
    places: dict[_Sign, list[tuple[float, int]]] = defaultdict(list)
    for page in pages:
        for line in _in_margin(page):
            for sign in _signs(line, page):
                places[sign].append((line.y0, page.number))
    least = 2 if len(pages) <= 4 else 3
    repeated = {
        sign: [y0 for y0, _ in found if len({n for y, n in found if abs(y - y0) <= SAME_PLACE}) >= least]
        for sign, found in places.items()
        if len(found) >= least
    }
    for page in pages:
        gone = {id(line) for line in _outermost(page, repeated)}
        kept = [Block([line for line in block.lines if id(line) not in gone]) for block in page.blocks]
        page.blocks = [block for block in kept if block.lines]


def _outermost(page: Page, repeated: Mapping[_Sign, Sequence[float]]) -> Iterator[Line]:
    """The repeated lines of a page that have only repeated ones between themselves and the edge of the page."""
    middle = page.height / 2
    inner: list[Line] = []
    for line in sorted(_in_margin(page), key=lambda line: -abs(line.y0 - middle)):
        is_repeated = any(
            abs(line.y0 - y0) <= SAME_PLACE for sign in _signs(line, page) for y0 in repeated.get(sign, ())
        )
        is_behind = any(
            other.x0 < line.x1 and line.x0 < other.x1 and (other.y0 > middle) == (line.y0 > middle) for other in inner
        )
        if is_repeated and not is_behind:
            yield line
        else:
            inner.append(line)


def _in_margin(page: Page) -> Iterator[Line]:
    for block in page.blocks:
        for line in block.lines:
            if line.y1 >= page.height * (1 - MARGIN) or line.y0 <= page.height * MARGIN:
                yield line


def _signs(line: Line, page: Page) -> Iterator[_Sign]:
    """By what a header or footer is known again: its words, or its words and a number that grows with the pages."""
    is_above = line.y0 > page.height / 2
    text = line.text.casefold()
    yield is_above, text, 0
    for number in islice(re.finditer(r"\d{1,6}", text), MOST_NUMBERS):
        yield is_above, f"{text[: number.start()]}\0{text[number.end() :]}", int(number[0]) - page.number


@dataclass(slots=True)
class _Paragraph:
    page: int
    lines: list[Line]
    is_full: bool
    """Whether its last line reaches the edge, so that the sentence may go on elsewhere."""


def paragraphs_of(pages: Sequence[Page]) -> list[FoundText]:
    """The paragraphs of a document, each with the page where it begins."""
    found: list[_Paragraph] = []
    for page in pages:
        is_first = True
        for block in page.blocks:
            for paragraph in _split(block, page.number):
                if found and _goes_on(found[-1], paragraph, is_new_page=is_first):
                    found[-1].lines += paragraph.lines
                    found[-1].is_full = paragraph.is_full
                else:
                    found.append(paragraph)
                is_first = False
    known = _vocabulary(found)
    return [
        FoundText(text=_joined([line.text for line in paragraph.lines], known), place=f"page {paragraph.page}")
        for paragraph in found
    ]


def _split(block: Block, page: int) -> list[_Paragraph]:
    """A block's lines in paragraphs."""
    x0, x1 = block.x0, block.x1
    paragraphs: list[_Paragraph] = []
    for number, line in enumerate(block.lines):
        before = block.lines[number - 1] if number else None
        if before is None or _begins(before, line, x0=x0, x1=x1):
            paragraphs.append(_Paragraph(page, [], is_full=False))
        paragraphs[-1].lines.append(line)
        paragraphs[-1].is_full = _reaches_end(line, x0=x0, x1=x1)
    return paragraphs


def _begins(before: Line, line: Line, *, x0: float, x1: float) -> bool:
    """Whether a paragraph begins with a line, for what it looks like beside the one before."""
    is_other_letter = abs(before.size - line.size) > 0.1 * line.size or before.is_bold != line.is_bold
    is_far = before.y0 - line.y1 > 0.7 * line.size
    has_ended = SENTENCE_END.search(before.text) is not None and not _reaches_end(before, x0=x0, x1=x1)
    indent, indent_before = (
        (x1 - line.x1, x1 - before.x1) if has_right_to_left(line.text) else (line.x0 - x0, before.x0 - x0)
    )
    is_indented = 0.8 * line.size < indent < 5 * line.size and indent_before < 0.4 * line.size
    is_centred = abs((line.x0 - x0) - (x1 - line.x1)) < line.size / 2
    return (
        line.begins
        or BULLET.match(line.text) is not None
        or is_far
        or (is_other_letter and not _is_broken(before.text))
        or has_ended
        or (is_indented and not is_centred and SENTENCE_END.search(before.text) is not None)
    )


def _reaches_end(line: Line, *, x0: float, x1: float) -> bool:
    short = line.x0 - x0 if has_right_to_left(line.text) else x1 - line.x1
    return short <= max(0.15 * (x1 - x0), 2 * line.size)


def _goes_on(before: _Paragraph, paragraph: _Paragraph, *, is_new_page: bool) -> bool:
    """Whether a paragraph is the rest of one that another column or page holds the beginning of."""
    last, first = before.lines[-1], paragraph.lines[0]
    if first.begins or SENTENCE_END.search(last.text) or BULLET.match(first.text):
        return False
    if abs(last.size - first.size) > 0.1 * last.size or last.is_bold != first.is_bold:
        return False
    is_elsewhere = is_new_page or first.y1 > last.y0 + last.size
    if not is_elsewhere:
        return False
    start = next((letter for letter in first.text if letter.isalnum()), "")
    has_case = start.lower() != start.upper()
    return _is_broken(last.text) or (start.islower() if has_case else before.is_full and len(before.lines) > 1)


def _is_broken(text: str) -> bool:
    return HYPHEN.search(text) is not None


def _vocabulary(paragraphs: Sequence[_Paragraph]) -> Counter[str]:
    """The words that the document writes on one line, however often."""
    known = Counter[str]()
    for paragraph in paragraphs:
        is_rest = False
        for line in paragraph.lines:
            words = [word.casefold().replace("‐", "-") for word in WORD.findall(line.text)]
            is_broken = _is_broken(line.text)
            known.update(words[1 if is_rest else 0 : len(words) - 1 if is_broken else len(words)])
            is_rest = is_broken
    return known


def _joined(lines: Sequence[str], known: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        broken = HYPHEN.search(text)
        rest = WORD.match(line)
        if broken is not None and rest is not None:
            text = text[:-1] + ("-" if _keeps_hyphen(broken["head"], rest[0], known) else "") + line
        elif CJK_EDGE.match(text[-1:]) and CJK_EDGE.match(line[:1]):
            text += line
        else:
            text += f" {line}"
    # In a PDF a soft hyphen is drawn, and stands for a hyphen.
    return text.replace("\u00ad", "-")


def _keeps_hyphen(head: str, rest: str, known: Counter[str]) -> bool:
    """Whether a hyphen at the end of a line belongs to the word."""
    first, second = head.casefold().replace("‐", "-"), rest.casefold()
    if first + second in known:
        return f"{first}-{second}" in known and known[f"{first}-{second}"] > known[first + second]
    return (
        f"{first}-{second}" in known
        or rest[0].isupper()
        or "-" in first
        or (known[first] > 0 and known[second.split("-", maxsplit=1)[0]] > 0)
    )
