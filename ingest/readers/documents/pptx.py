"""PowerPoint's .pptx: the text of each slide, its title first, then its shapes and tables, then the speaker's notes.

Footers, dates and slide numbers are left out.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from ingest.files import FileRefused
from ingest.found import FoundText, Reading
from ingest.readers import Options
from ingest.readers.documents.office import custom_properties, without_pictures
from ingest.readers.documents.shaping import ensure_bounded, reading_of

__all__ = ["read"]

KIND = "PowerPoint (.pptx)"
MOST_SLIDES = 500
MOST_NESTED = 20
FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001
    """The document in a PowerPoint file; the place of a paragraph is its slide: 'slide 3'.

    Raises:
        FileRefused: it is no PowerPoint file, protected, too long or without text.
    """
    opened = without_pictures(path, kind=KIND)
    try:
        presentation = Presentation(opened)
        paragraphs: list[FoundText] = []
        length = 0
        for number, slide in enumerate(presentation.slides, start=1):
            if number > MOST_SLIDES:
                raise FileRefused(f"it has more than {MOST_SLIDES} slides", remedy="split it into several documents")
            for text in _texts(slide):
                length += len(text)
                ensure_bounded(length)
                paragraphs.append(FoundText(text=text, place=f"slide {number}"))
        told = presentation.core_properties
        title, created, language = told.title, told.created, told.language
        properties = custom_properties(presentation.part.package)
    except (PythonPptxError, etree.XMLSyntaxError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise FileRefused(
            f"it is no {KIND} file that can be read", remedy=f"open it and save it as {KIND} again"
        ) from None
    return reading_of(paragraphs, title=title, created=created, language=language, properties=properties)


def _texts(slide: Slide) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None:
        yield " ".join(title.text_frame.text.split())
    shapes = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    yield from _shown(shapes, nested=0)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None:
        yield from (paragraph.text for paragraph in notes.paragraphs)


def _shown(shapes: Iterable[BaseShape], *, nested: int) -> Iterator[str]:
    for shape in shapes:
        if shape.is_placeholder and shape.placeholder_format.type in FURNITURE:
            continue
        if isinstance(shape, GroupShape):
            if nested < MOST_NESTED:
                yield from _shown(shape.shapes, nested=nested + 1)
        elif isinstance(shape, GraphicFrame):
            if shape.has_table:
                for row in shape.table.rows:
                    yield "; ".join(text for cell in row.cells if (text := " ".join(cell.text.split())))
        elif isinstance(shape, Shape):
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
