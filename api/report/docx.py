"""A report as a Word document; Arabic runs from right to left."""

import io
from collections.abc import Iterator
from typing import Final

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from api.report.page import Report
from api.report.telling import told

__all__ = ["as_docx"]

TAGS: Final = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ar": "ar-SA", "ru": "ru-RU", "zh": "zh-CN"}
"""Languages as Word names them."""

BLUE: Final = RGBColor(0x1F, 0x4E, 0x79)


def as_docx(report: Report) -> bytes:
    """The document: the page with its figures, then the lists behind them."""
    word = Document()
    word.core_properties.title = report.title
    word.core_properties.author = report.network
    word.core_properties.language = TAGS[report.language]
    _speak(word, report.language)
    for paragraph in _paragraphs(word, report):
        if report.is_right_to_left:
            _turn(paragraph)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _paragraphs(word: Word, report: Report) -> Iterator[Paragraph]:
    yield word.add_heading(report.title, level=0)
    if report.network:
        yield word.add_paragraph(report.network)
    if report.notice:
        yield _emphasized(word.add_paragraph(), report.notice)
    if report.nothing:
        yield word.add_paragraph(report.nothing)
    for section in report.sections:
        yield word.add_heading(section.title, level=1)
        for statement in section.statements:
            paragraph = word.add_paragraph(style="List Bullet")
            paragraph.add_run(statement.text).bold = True
            if statement.details:
                paragraph.add_run(f" – {'; '.join(statement.details)}")
            yield paragraph
    yield from _projected(word, report)
    yield from _lists(word, report)


def _projected(word: Word, report: Report) -> Iterator[Paragraph]:
    if report.projected:
        yield word.add_heading(report.projected_title, level=1)
        for entry in report.projected:
            yield word.add_paragraph(entry.title, style="List Bullet")
        if report.projected_more:
            yield word.add_paragraph(report.projected_more)


def _lists(word: Word, report: Report) -> Iterator[Paragraph]:
    if report.lists:
        heading = word.add_heading(report.behind, level=1)
        heading.paragraph_format.page_break_before = True
        yield heading
    for statement in report.lists:
        yield word.add_heading(statement.text, level=2)
        for entry in statement.entries:
            paragraph = word.add_paragraph(entry.title, style="List Bullet")
            about = told(entry, report.language)
            if about:
                paragraph.add_run().add_break()
                run = paragraph.add_run(about)
                run.font.size = Pt(9)
                run.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
            yield paragraph
        if statement.more:
            yield word.add_paragraph(statement.more)


def _emphasized(paragraph: Paragraph, text: str) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold = True
    run.font.color.rgb = BLUE
    return paragraph


def _speak(word: Word, language: str) -> None:
    """Say which language the text is in, so that it is read aloud and checked in that language."""
    properties = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    spoken = properties.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        properties.append(spoken)
    attribute = {"ar": "w:bidi", "zh": "w:eastAsia"}.get(language, "w:val")
    spoken.set(qn(attribute), TAGS[language])


def _turn(paragraph: Paragraph) -> None:
    """Have a paragraph run from right to left, and each of its runs."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 -- python-docx has no words for the direction
    properties.insert_element_before(
        OxmlElement("w:bidi"),
        *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents"),
        *("w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
        *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
    )
    # In a paragraph that runs from right to left, Word takes 'left' to mean where it begins.
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for run in paragraph.runs:
        run.font.rtl = True
