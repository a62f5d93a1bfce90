"""Web pages: their main text under its headings, without menus, footers, scripts and comments, by trafilatura."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import trafilatura
from lxml import etree
from lxml import html as markup

from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.documents.office import local_name
from ingest.readers.documents.shaping import ensure_bounded, reading_of_blocks
from ingest.texts import Block

__all__ = ["read"]

# Tags take their part of a page, most of them more than its text.
LARGEST_FILE = 20_000_000
PROPERTIES = ("owner", "event", "resource")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001
    """The document in a web page; the place of a paragraph is the headings that it stands under.

    Its date is one that the page's markup tells as such, never one that only stands in its text.

    Raises:
        FileRefused: it is no web page, too long or without text.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise FileRefused(f"it has more than {LARGEST_FILE // 1_000_000} MB", remedy="split it into several documents")
    content = path.read_bytes()
    tree = trafilatura.load_html(content)
    if tree is None:
        raise FileRefused("it is no web page that can be read", remedy="save it as HTML in UTF-8 again")
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    properties = _properties(tree)
    try:
        found = trafilatura.bare_extraction(
            tree,
            favor_recall=True,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        raise FileRefused("it is no web page that can be read", remedy="save it as HTML in UTF-8 again") from None
    if found is None or isinstance(found, dict) or found.body is None:
        raise FileRefused("it has no text", remedy="check that it is the right page, and that it needs no scripts")
    blocks: list[Block] = []
    length = 0
    for block in _blocks(found.body):
        length += len(block.text)
        ensure_bounded(length)
        blocks.append(block)
    return reading_of_blocks(
        blocks, title=found.title, created=_day(found.date), language=language, properties=properties
    )


def _properties(tree: markup.HtmlElement) -> dict[str, str]:
    """What the page says of itself under our names: ``<meta name="owner" content="…">``."""
    said = {str(meta.get("name", "")).casefold(): str(meta.get("content", "")) for meta in tree.iter("meta")}
    return {name: said[name] for name in PROPERTIES if name in said}


def _blocks(element: etree._Element) -> Iterator[Block]:
    """The paragraphs of trafilatura's tree: head, p, list of item, table of row of cell, quote, code."""
    for child in element:
        name = local_name(child)
        if name == "head":
            level = str(child.get("rend", "h1"))[1:]
            yield Block(_text(child), int(level) if level.isdigit() else 1)
        elif name == "row":
            yield Block("; ".join(text for cell in child if (text := " ".join(_text(cell).split()))))
        elif name in {"list", "table", "quote", "div", "main", "body"} and len(child):
            yield Block((child.text or "").strip())
            yield from _blocks(child)
        else:
            yield Block(_text(child))
        if child.tail and child.tail.strip():
            yield Block(child.tail)


def _text(element: etree._Element) -> str:
    for pause in element.iter("lb"):
        pause.tail = f"\n{pause.tail or ''}"
    return "".join(element.itertext())


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told[:10]) if told else None
    except ValueError:
        return None
