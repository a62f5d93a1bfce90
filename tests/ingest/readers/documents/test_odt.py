from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from odfdo import Annotation, Document, Element, Frame, Header, List, Paragraph, Table

from ingest.files import FileRefused
from ingest.found import FoundDocument
from ingest.readers import Options
from ingest.readers.documents import odt


def read(path: Path) -> FoundDocument:
    [document] = odt.read(path, options=Options(file=path.name)).documents
    return document


def written(path: Path, *parts: Element) -> Path:
    document = Document("text")
    document.body.clear()
    for part in parts:
        document.body.append(part)
    document.save(path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        odt.read(path, options=Options(file=path.name))
    return str(refused.value)


def placed(document: FoundDocument) -> list[tuple[str, str]]:
    return [(paragraph.text, paragraph.place) for paragraph in document.paragraphs]


def test_paragraphs_and_lists_stand_under_their_headings(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.odt",
        Header(1, "Work"),
        Header(2, "Tunis"),
        Paragraph("She  trained\tstewards."),
        List(["greet", "look"]),
        Header(1, "Study"),
        Paragraph("Law."),
    )

    assert placed(read(path)) == [
        ("Work", "Work"),
        ("Tunis", "Work › Tunis"),
        ("She trained stewards.", "Work › Tunis"),
        ("greet", "Work › Tunis"),
        ("look", "Work › Tunis"),
        ("Study", "Study"),
        ("Law.", "Study"),
    ]


def test_tables_are_read_row_by_row(tmp_path: Path) -> None:
    table = Table("T", width=2, height=2)
    table.set_values([["2011", "Tunis"], ["2014", None]])

    assert [text for text, _ in placed(read(written(tmp_path / "a.odt", table)))] == ["2011; Tunis", "2014"]


def test_notes_and_comments_are_no_text(tmp_path: Path) -> None:
    paragraph = Paragraph("She trained stewards")
    paragraph.insert_note(note_id="n1", citation="1", body="A footnote.", after="trained")
    paragraph.insert_annotation(Annotation("Really?", creator="x"), after="She")

    assert placed(read(written(tmp_path / "a.odt", paragraph))) == [("She trained stewards", "")]


def test_deleted_text_is_no_text(tmp_path: Path) -> None:
    changes = Element.from_tag(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )

    assert placed(read(written(tmp_path / "a.odt", changes, Paragraph("Kept.")))) == [("Kept.", "")]


def test_text_boxes_are_read(tmp_path: Path) -> None:
    paragraph = Paragraph("Beside it.")
    paragraph.append(Frame.text_frame("In a box.", size=("5cm", "2cm")))

    assert placed(read(written(tmp_path / "a.odt", paragraph))) == [("Beside it.", ""), ("In a box.", "")]


def test_what_the_file_says_of_itself_is_told(tmp_path: Path) -> None:
    document = Document("text")
    document.body.clear()
    document.body.append(Paragraph("Elle a formé plus de trois cents bénévoles à l'accueil des fidèles."))
    document.meta.title = "Ouvrir les portes"
    document.meta.language = "fr-FR"
    document.meta.creation_date = datetime(2022, 6, 2, 14, tzinfo=UTC)
    document.meta.set_user_defined_metadata("Owner", "salma-benrabah")
    document.save(tmp_path / "a.odt")

    assert read(tmp_path / "a.odt").cells == {
        "title": "Ouvrir les portes",
        "language": "fr",
        "date": "2022-06-02",
        "owner": "salma-benrabah",
    }


def test_a_file_under_a_password_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.odt", Paragraph("Text."))
    with ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>",
        b'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        b"<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
    )
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    assert refusal(path) == "it is protected by a password; save it without the password"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half", b"text"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.odt").write_bytes(content)

    assert refusal(tmp_path / "a.odt").startswith("it is no OpenDocument text (.odt) file that can be read; ")
