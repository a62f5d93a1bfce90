"""PDF: the text of its pages in the order in which it is read, columns, hyphens, headers and footers seen to.

The letters and where they stand come from pdfminer.six. Pictures are not looked at.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTImage, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.documents.columns import Block, Line, in_reading_order
from ingest.readers.documents.paragraphs import Page, paragraphs_of, without_repeated
from ingest.readers.documents.righttoleft import RIGHT_LETTER, Drawn, has_right_to_left
from ingest.readers.documents.righttoleft import in_reading_order as letters_in_reading_order
from ingest.readers.documents.shaping import ensure_bounded, reading_of

__all__ = ["read"]

MOST_PAGES = 500
# Pictures that cover so much of a page are a scan of it, and a page with fewer letters has no text to speak of. Where
# no page has any, smaller ones are what there is to read.
SCANNED = 0.5
PICTURED = 0.1
FEWEST_LETTERS = 30
# Justified lines have gaps between words of up to so many widths of a letter.
WORD_GAP = 4.0
# What pdfminer writes for a letter whose font does not say which one it is.
UNKNOWN = re.compile(r"\(cid:\d+\)")
MOST_UNKNOWN = 0.2

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001
    """The document in a PDF file; the place of a paragraph is the page where it begins: 'page 4'.

    Raises:
        FileRefused: it is protected, broken, too long, or has no text but only pictures of it.
    """
    try:
        with path.open("rb") as file:
            document = PDFDocument(PDFParser(file), password="")
            pages = list(_pages(document))
            told = document.info[0] if document.info else {}
            title, created, owner = (_text(told.get(key)) for key in ("Title", "CreationDate", "Owner"))
            language = _text(document.catalog.get("Lang"))
    except PDFPasswordIncorrect:
        raise FileRefused("it is protected by a password", remedy="save it without the password") from None
    except (PSException, PDFException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise FileRefused("it is no PDF that can be read", remedy="open it and save it as PDF again") from None
    notes = _scans(pages)
    kept = [page for page, _, _ in pages]
    without_repeated(kept)
    paragraphs = paragraphs_of(kept)
    _ensure_letters(" ".join(paragraph.text for paragraph in paragraphs))
    readable = [one.model_copy(update={"text": UNKNOWN.sub("", one.text)}) for one in paragraphs]
    return reading_of(
        readable,
        title=title,
        created=_day(created),
        language=language,
        properties={"owner": owner} if owner else {},
        notes=notes,
    )


def _pages(document: PDFDocument) -> Iterator[tuple[Page, int, float]]:
    """Each page, with how many letters it has and how much of it pictures cover."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None, char_margin=WORD_GAP, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    length = 0
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > MOST_PAGES:
            raise FileRefused(f"it has more than {MOST_PAGES} pages", remedy="split it into several documents")
        interpreter.process_page(page)
        layout = device.get_result()
        boxes = list(_boxes(layout))
        text = "".join(box.get_text() for box in boxes)
        length += len(text)
        ensure_bounded(length)
        letters = sum(map(str.isalpha, text))
        from_right = len(RIGHT_LETTER.findall(text)) > letters / 2
        blocks = [block for box in boxes if (block := _block(box, from_right=from_right)).lines]
        ordered = in_reading_order(blocks, from_right=from_right)
        yield Page(number, layout.height, ordered), letters, _covered(layout)


def _boxes(container: Iterable[object]) -> Iterator[LTTextBox]:
    for item in container:
        if isinstance(item, LTTextBox):
            yield item
        elif isinstance(item, LTContainer):
            yield from _boxes(item)


def _block(box: LTTextBox, *, from_right: bool) -> Block:
    lines = sorted(box, key=lambda line: (-line.y1, line.x0))
    return Block([made for line in lines if (made := _line(line, from_right=from_right)) is not None])


def _line(line: LTTextLine, *, from_right: bool) -> Line | None:
    """A line of text; None if it is empty or does not lie level, as a stamp across the page does not."""
    letters = [letter for letter in line if isinstance(letter, LTChar)]
    level = [letter for letter in letters if letter.upright and abs(letter.matrix[1]) <= abs(letter.matrix[0]) / 10]
    text = line.get_text().strip()
    if not text or len(level) <= len(letters) / 2:
        return None
    if has_right_to_left(text):
        text = letters_in_reading_order(
            [Drawn(letter.get_text(), letter.x0, letter.x1, letter.size) for letter in level], from_right=from_right
        )
    size = sorted(letter.size for letter in level)[len(level) // 2]
    bold = sum(1 for letter in level if "bold" in letter.fontname.lower() or "black" in letter.fontname.lower())
    return Line(" ".join(text.split()), line.x0, line.x1, line.y0, line.y1, size, bold > len(level) / 2)


def _covered(page: LTPage) -> float:
    """How much of a page pictures cover, 0 to 1 or more; a scanner may cut a page into strips."""
    return sum(image.width * image.height for image in _images(page)) / max(1.0, page.width * page.height)


def _images(container: Iterable[object]) -> Iterator[LTImage]:
    for item in container:
        if isinstance(item, LTImage):
            yield item
        elif isinstance(item, LTContainer) and not isinstance(item, LTTextBox):
            yield from _images(item)


def _scans(pages: list[tuple[Page, int, float]]) -> list[str]:
    """A note on the pages that are only pictures of text.

    Raises:
        FileRefused: all of them are.
    """
    filled = [page for page, letters, _ in pages if letters >= FEWEST_LETTERS]
    enough = SCANNED if filled else PICTURED
    scans = [page.number for page, letters, covered in pages if covered >= enough and letters < FEWEST_LETTERS]
    if scans and not filled:
        raise FileRefused("it has only pictures of text, no text", remedy="run text recognition (OCR) on it first")
    if not scans:
        return []
    note = (
        f"page {scans[0]} is only a picture of text; run text recognition (OCR) on it to have that read too"
        if len(scans) == 1
        else f"{len(scans)} pages are only pictures of text; run text recognition (OCR) on it to have that read too"
    )
    return [note]


def _ensure_letters(text: str) -> None:
    unknown = len(UNKNOWN.findall(text))
    if unknown > MOST_UNKNOWN * (unknown + sum(map(str.isalpha, UNKNOWN.sub("", text)))):
        raise FileRefused(
            "its fonts do not say which letters they draw",
            remedy="save it as PDF again from the program it was written with, or run text recognition (OCR) on it",
        )


def _text(value: object) -> str | None:
    found = resolve1(value)
    return decode_text(found) if isinstance(found, bytes) else None


def _day(told: str | None) -> date | None:
    """The day of a date as PDF writes it (ISO 32000-1, 7.9.4): 'D:20220602141500+02'00'."""
    found = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", told or "")
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
