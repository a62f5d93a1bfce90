"""OpenDocument text, .odt: its paragraphs under their headings, tables row by row, text boxes where they are anchored.

Headers and footers, notes, comments and what was deleted with changes tracked are not the document's text.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from odfdo import Document, Element

from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.documents.office import without_pictures
from ingest.readers.documents.shaping import ensure_bounded, reading_of_blocks
from ingest.texts import Block

__all__ = ["read"]

KIND = "OpenDocument text (.odt)"
LEFT_OUT = {"office:annotation", "text:note", "text:tracked-changes", "office:forms", "text:table-of-content"}
BOXES = {"draw:frame", "draw:text-box", "draw:a", "draw:g", "draw:custom-shape"}
MOST_SPACES = 100


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001
    """The document in an OpenDocument text; the place of a paragraph is the headings that it stands under.

    Raises:
        FileRefused: it is no OpenDocument text, protected, too long or without text.
    """
    opened = without_pictures(path, kind=KIND)
    try:
        document = Document(opened)
        blocks: list[Block] = []
        length = 0
        for block in _blocks(document.body):
            length += len(block.text)
            ensure_bounded(length)
            blocks.append(block)
        told = document.meta
        title, created, language = told.title, told.creation_date, told.language
        properties = {name.casefold(): str(value) for name, value in told.user_defined_metadata.items()}
    except (etree.XMLSyntaxError, KeyError, ValueError, TypeError, AttributeError, OSError, RecursionError):
        raise FileRefused(f"it is no {KIND} file that can be read", remedy=f"save it as {KIND} again") from None
    return reading_of_blocks(blocks, title=title, created=created, language=language, properties=properties)


def _blocks(element: Element) -> Iterator[Block]:
    for child in element.children:
        if child.tag == "text:h":
            level = str(child.get_attribute("text:outline-level") or "1")
            yield Block(_text(child), int(level) if level.isdigit() else 1)
            yield from _boxed(child)
        elif child.tag == "text:p":
            yield Block(_text(child))
            yield from _boxed(child)
        elif child.tag == "table:table-row":
            yield from _row(child)
        elif child.tag not in LEFT_OUT:
            yield from _blocks(child)


def _row(row: Element) -> Iterator[Block]:
    """A table's row as a paragraph; one with a single filled cell, or with long ones, by its paragraphs."""
    cells = [
        [block for block in _blocks(cell) if block.text.strip()]
        for cell in row.children
        if cell.tag == "table:table-cell"
    ]
    filled = [cell for cell in cells if cell]
    if len(filled) == 1 or any(len(cell) > 2 for cell in filled):
        for cell in filled:
            yield from cell
    elif filled:
        yield Block("; ".join(" ".join(block.text for block in cell) for cell in filled))


def _boxed(paragraph: Element) -> Iterator[Block]:
    """The paragraphs of text boxes that are anchored in a paragraph."""
    for child in paragraph.children:
        if child.tag in BOXES:
            yield from _blocks(child)
        elif child.tag not in LEFT_OUT:
            yield from _boxed(child)


def _text(element: Element) -> str:
    """The letters of a paragraph or of a part of it, spaces and breaks included."""
    parts = [element.text or ""]
    for child in element.children:
        if child.tag == "text:s":
            count = str(child.get_attribute("text:c") or "1")
            parts.append(" " * min(int(count), MOST_SPACES) if count.isdigit() else " ")
        elif child.tag == "text:tab":
            parts.append("\t")
        elif child.tag == "text:line-break":
            parts.append("\n")
        elif child.tag not in LEFT_OUT | BOXES:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
