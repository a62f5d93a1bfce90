from datetime import UTC, datetime
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.presentation import Presentation as Slides
from pptx.util import Inches

from ingest.files import FileRefused
from ingest.found import FoundDocument
from ingest.readers import Options
from ingest.readers.documents import pptx

WIDE = (Inches(1), Inches(2), Inches(6), Inches(1))


def read(path: Path) -> FoundDocument:
    [document] = pptx.read(path, options=Options(file=path.name)).documents
    return document


def saved(slides: Slides, path: Path) -> Path:
    slides.save(str(path))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        pptx.read(path, options=Options(file=path.name))
    return str(refused.value)


def placed(document: FoundDocument) -> list[tuple[str, str]]:
    return [(paragraph.text, paragraph.place) for paragraph in document.paragraphs]


def test_each_slide_gives_its_title_its_text_and_its_notes(tmp_path: Path) -> None:
    slides = Presentation()
    for number in (1, 2):
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.placeholders[1].text_frame.text = f"First point of {number}\nSecond point"
        slide.shapes.title.text = f"Title {number}"
        slide.notes_slide.notes_text_frame.text = f"Said at {number}"

    assert placed(read(saved(slides, tmp_path / "a.pptx"))) == [
        (text, f"slide {number}")
        for number in (1, 2)
        for text in (f"Title {number}", f"First point of {number}", "Second point", f"Said at {number}")
    ]


def test_tables_groups_and_boxes_are_read(tmp_path: Path) -> None:
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[6])
    slide.shapes.add_textbox(*WIDE).text_frame.text = "In a box"
    table = slide.shapes.add_table(1, 2, *WIDE).table
    table.cell(0, 0).text, table.cell(0, 1).text = "2011", "Tunis"
    slide.shapes.add_group_shape().shapes.add_textbox(*WIDE).text_frame.text = "In a group"

    assert [text for text, _ in placed(read(saved(slides, tmp_path / "a.pptx")))] == [
        "In a box",
        "2011; Tunis",
        "In a group",
    ]


def test_what_the_file_says_of_itself_is_told(tmp_path: Path) -> None:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "Opening the doors of the market to everybody"
    slides.core_properties.title = "Opening the doors"
    slides.core_properties.language = "en-GB"
    slides.core_properties.created = datetime(2022, 6, 2, tzinfo=UTC)

    assert read(saved(slides, tmp_path / "a.pptx")).cells == {
        "title": "Opening the doors",
        "language": "en",
        "date": "2022-06-02",
    }


def test_the_title_that_a_program_made_up_is_none(tmp_path: Path) -> None:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "Doors"
    slides.core_properties.title = "PowerPoint Presentation"

    assert "title" not in read(saved(slides, tmp_path / "a.pptx")).cells


def test_slides_without_text_are_refused(tmp_path: Path) -> None:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[6])

    assert refusal(saved(slides, tmp_path / "a.pptx")) == "it has no text; check that it is the right file"


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(b"no slides")

    assert refusal(tmp_path / "a.pptx") == (
        "it is no PowerPoint (.pptx) file that can be read; open it and save it as PowerPoint (.pptx) again"
    )
