"""Word's .docx: its paragraphs under their headings, tables row by row, text boxes where they are anchored.

Headers, footers, notes and comments are not the document's text, nor is what was deleted with changes tracked or is
formatted as hidden; what was inserted is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docx import api
from docx.opc.exceptions import OpcError
from lxml import etree

from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.documents.office import custom_properties, local_name, without_pictures
from ingest.readers.documents.shaping import ensure_bounded, reading_of_blocks
from ingest.texts import Block

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["read"]

KIND = "Word (.docx)"
# What holds blocks or letters without being one; a deleted or moved text is not among them.
HOLDERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo"}
BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_STYLES_ABOVE = 20


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001
    """The document in a Word file; the place of a paragraph is the headings that it stands under.

    Raises:
        FileRefused: it is no Word file, protected, too long or without text.
    """
    opened = without_pictures(path, kind=KIND)
    try:
        document = api.Document(opened)
        levels = _heading_levels(document)
        blocks: list[Block] = []
        length = 0
        for block in _blocks(document.element.body, levels):
            length += len(block.text)
            ensure_bounded(length)
            blocks.append(block)
        told = document.core_properties
        title, created, language = told.title, told.created, told.language
        properties = custom_properties(document.part.package)
    except (OpcError, etree.XMLSyntaxError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise FileRefused(
            f"it is no {KIND} file that can be read", remedy=f"open it and save it as {KIND} again"
        ) from None
    return reading_of_blocks(blocks, title=title, created=created, language=language, properties=properties)


def _heading_levels(document: "Document") -> dict[str, int]:
    """The outline level of each paragraph style that has one, its own or that of a style it is based on; 1 is highest.

    Word gives its heading styles levels whatever they are called in the user's language; 'Title' has none and is 0.
    """
    styles = {style.style_id: style.element for style in document.styles}
    levels: dict[str, int] = {}
    for id in styles:
        at = id
        for _ in range(MOST_STYLES_ABOVE):
            element = styles.get(at)
            if element is None:
                break
            level = element.find(f"{W}pPr/{W}outlineLvl")
            name = element.find(f"{W}name")
            if level is not None and level.get(f"{W}val", "").isdigit():
                if int(level.get(f"{W}val")) < 9:  # 9 is body text (ECMA-376, part 1, 17.3.1.20)
                    levels[id] = int(level.get(f"{W}val")) + 1
                break
            if name is not None and name.get(f"{W}val", "").casefold() == "title":
                levels[id] = 0
                break
            based = element.find(f"{W}basedOn")
            at = based.get(f"{W}val") if based is not None else ""
    return levels


def _blocks(element: etree._Element, levels: dict[str, int]) -> Iterator[Block]:
    for child in element:
        name = local_name(child)
        if name == "p":
            yield Block(_text(child), _level(child, levels))
            for box in _boxes(child):
                yield from _blocks(box, levels)
        elif name == "tbl":
            yield from _rows(child, levels)
        elif name in HOLDERS:
            yield from _blocks(child, levels)


def _rows(table: etree._Element, levels: dict[str, int]) -> Iterator[Block]:
    """A table's rows, each a paragraph; a table for looks alone, of one column or of long cells, by its paragraphs."""
    for row in _within(table, "tr"):
        cells = [[block for block in _blocks(cell, levels) if block.text.strip()] for cell in _within(row, "tc")]
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 or any(len(cell) > 2 for cell in filled):
            for cell in filled:
                yield from cell
        elif filled:
            yield Block("; ".join(" ".join(block.text for block in cell) for cell in filled))


def _within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if local_name(child) == name:
            yield child
        elif local_name(child) in HOLDERS:
            yield from _within(child, name)


def _level(paragraph: etree._Element, levels: dict[str, int]) -> int | None:
    own = paragraph.find(f"{W}pPr/{W}outlineLvl")
    if own is not None and own.get(f"{W}val", "").isdigit():
        level = int(own.get(f"{W}val"))
        return level + 1 if level < 9 else None
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return levels.get(style.get(f"{W}val", "")) if style is not None else None


def _text(element: etree._Element) -> str:
    """The letters of a paragraph or of a part of it."""
    parts: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "r":
            if child.find(f"{W}rPr/{W}vanish") is None:
                parts.append(_letters(child))
        elif name in HOLDERS:
            parts.append(_text(child))
    return "".join(parts)


def _letters(run: etree._Element) -> str:
    return "".join(child.text or "" if local_name(child) == "t" else BLANKS.get(local_name(child), "") for child in run)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of text boxes that are anchored in a paragraph, each once: Word writes them in two ways."""
    for box in paragraph.iter(f"{W}txbxContent"):
        above = [local_name(one) for one in box.iterancestors()]
        inner = above[: above.index("p")] if "p" in above else above
        if "Fallback" not in inner and box.getparent() is not None and "txbxContent" not in inner:
            yield box
