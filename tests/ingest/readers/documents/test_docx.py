from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import api
from docx.document import Document
from docx.oxml import parse_xml
from PIL import Image

from ingest.files import FileRefused
from ingest.found import FoundDocument
from ingest.readers import Options
from ingest.readers.documents import docx, office

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Owner"><vt:lpwstr>OWNER</vt:lpwstr>'
    "</property></Properties>"
)


def read(path: Path) -> FoundDocument:
    [document] = docx.read(path, options=Options(file=path.name)).documents
    return document


def saved(document: Document, path: Path) -> Path:
    document.save(str(path))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        docx.read(path, options=Options(file=path.name))
    return str(refused.value)


def placed(document: FoundDocument) -> list[tuple[str, str]]:
    return [(paragraph.text, paragraph.place) for paragraph in document.paragraphs]


def with_owner(path: Path, owner: str) -> Path:
    """The file with a property Owner, which python-docx cannot write."""
    with ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts["docProps/custom.xml"] = CUSTOM.replace("OWNER", owner).encode()
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdC" Target="docProps/custom.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
        b'2006/relationships/custom-properties"/></Relationships>',
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-'
        b'properties+xml"/></Types>',
    )
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_paragraphs_stand_under_their_headings(tmp_path: Path) -> None:
    document = api.Document()
    document.add_heading("Curriculum vitae", 0)
    document.add_heading("Work", 1)
    document.add_heading("Tunis", 2)
    document.add_paragraph("She trained stewards.")
    document.add_heading("Study", 1)
    document.add_paragraph("Law.")

    assert placed(read(saved(document, tmp_path / "a.docx"))) == [
        ("Curriculum vitae", ""),
        ("Work", "Work"),
        ("Tunis", "Work › Tunis"),
        ("She trained stewards.", "Work › Tunis"),
        ("Study", "Study"),
        ("Law.", "Study"),
    ]


def test_a_heading_style_of_ones_own_is_told_by_its_level(tmp_path: Path) -> None:
    document = api.Document()
    style = document.styles.add_style("Kapitel", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_heading("Arbeit", 1)
    document.add_paragraph("Tunis", style="Kapitel")
    document.add_paragraph("Text.")
    document.add_heading("Studium", 1)

    assert ("Text.", "Arbeit › Tunis") in placed(read(saved(document, tmp_path / "a.docx")))


def test_tables_are_read_row_by_row_where_they_stand(tmp_path: Path) -> None:
    document = api.Document()
    document.add_paragraph("Before.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["2011", "Tunis", "2014", ""], strict=True):
        cell.text = text
    document.add_paragraph("After.")

    assert [text for text, _ in placed(read(saved(document, tmp_path / "a.docx")))] == [
        "Before.",
        "2011; Tunis",
        "2014",
        "After.",
    ]


def test_headers_footers_and_comments_are_no_text(tmp_path: Path) -> None:
    document = api.Document()
    run = document.add_paragraph("She trained stewards.").runs[0]
    document.add_comment(run, text="Really?", author="x")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    document.sections[0].footer.paragraphs[0].text = "Page 1"

    assert placed(read(saved(document, tmp_path / "a.docx"))) == [("She trained stewards.", "")]


@pytest.mark.parametrize(
    "inner, text",
    [
        ("<w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>", "kept"),
        ("<w:r><w:t>kept </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins>", "kept new"),
        ("<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>kept</w:t></w:r>", "kept"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>shown</w:t></w:r>", "shown"),
        ("<w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink>", "a link"),
        ("<w:sdt><w:sdtContent><w:r><w:t>a field</w:t></w:r></w:sdtContent></w:sdt>", "a field"),
        ("<w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>2011</w:t><w:tab/><w:t>Tunis</w:t></w:r>", "2011 Tunis"),
        ("<w:r><w:t>co\u00adordination \u202e of\x07</w:t></w:r>".replace("\x07", ""), "coordination of"),
    ],
)
def test_what_a_reader_of_the_document_sees_is_read(tmp_path: Path, inner: str, text: str) -> None:
    document = api.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{inner}</w:p>"))

    assert placed(read(saved(document, tmp_path / "a.docx"))) == [(text, "")]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    inner = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps="http://schemas.microsoft.com/office/word/2010/'
        f'wordprocessingShape">{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict>'
        "</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Beside it.</w:t></w:r>"
    )
    document = api.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{inner}</w:p>"))

    assert placed(read(saved(document, tmp_path / "a.docx"))) == [("Beside it.", ""), ("In a box.", "")]


def test_a_content_control_around_paragraphs_is_read(tmp_path: Path) -> None:
    document = api.Document()
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))

    assert placed(read(saved(document, tmp_path / "a.docx"))) == [("Inside.", "")]


def test_what_the_file_says_of_itself_is_told(tmp_path: Path) -> None:
    document = api.Document()
    document.add_paragraph("Elle a formé plus de trois cents bénévoles à l'accueil des fidèles.")
    document.core_properties.title = "Ouvrir les portes"
    document.core_properties.language = "fr-FR"
    document.core_properties.created = datetime(2022, 6, 2, 14, tzinfo=UTC)
    document.core_properties.author = "Somebody Else"

    found = read(with_owner(saved(document, tmp_path / "a.docx"), "salma-benrabah"))

    assert found.cells == {
        "title": "Ouvrir les portes",
        "language": "fr",
        "date": "2022-06-02",
        "owner": "salma-benrabah",
    }


def test_an_owner_that_is_a_name_is_no_id(tmp_path: Path) -> None:
    document = api.Document()
    document.add_paragraph("Text.")

    assert "owner" not in read(with_owner(saved(document, tmp_path / "a.docx"), "Salma Benrabah")).cells


def test_the_title_is_the_first_heading_where_the_file_says_none(tmp_path: Path) -> None:
    document = api.Document()
    document.add_heading("Opening the doors", 1)
    document.add_paragraph("Text.")

    assert read(saved(document, tmp_path / "a.docx")).cells["title"] == "Opening the doors"


def test_pictures_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.effect_noise((1200, 1200), 50).save(tmp_path / "noise.png")
    document = api.Document()
    document.add_paragraph("Text.")
    document.add_picture(str(tmp_path / "noise.png"))
    path = saved(document, tmp_path / "a.docx")
    monkeypatch.setattr(office, "LARGEST_UNPACKED", 1_000_000)

    assert path.stat().st_size > 1_000_000
    assert placed(read(path)) == [("Text.", "")]


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = api.Document()
    document.add_paragraph("x" * 2_000_000)
    monkeypatch.setattr(office, "LARGEST_UNPACKED", 1_000_000)

    assert refusal(saved(document, tmp_path / "a.docx")) == (
        "it takes more than 1 MB when it is unpacked; split it into several documents"
    )


def test_a_document_without_end_is_refused(tmp_path: Path) -> None:
    document = api.Document()
    document.add_paragraph("x" * 2_000_001)

    assert refusal(saved(document, tmp_path / "a.docx")) == (
        "it has more than 2,000,000 characters; split it into several documents"
    )


def test_an_empty_document_is_refused(tmp_path: Path) -> None:
    assert refusal(saved(api.Document(), tmp_path / "a.docx")) == "it has no text; check that it is the right file"


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "it is no Word (.docx) file that can be read; open it and save it as Word (.docx) again"),
        (b"PK\x03\x04half", "it is no Word (.docx) file that can be read; open it and save it as Word (.docx) again"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .doc",
            "it is no Word (.docx) file that can be read; open it and save it as Word (.docx) again",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "it is protected by a password; save it without the password",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a.docx").write_bytes(content)

    assert refusal(tmp_path / "a.docx") == sentence


def test_another_archive_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("a.xml", "<a/>")

    assert refusal(tmp_path / "a.docx").startswith("it is no Word (.docx) file that can be read")


@pytest.mark.parametrize(
    "created",
    [datetime(2013, 12, 23, 23, 15, tzinfo=UTC), datetime(1980, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)],
)
def test_a_date_that_cannot_be_the_documents_is_none(tmp_path: Path, created: datetime) -> None:
    document = api.Document()
    document.add_paragraph("Text.")
    document.core_properties.created = created

    assert "date" not in read(saved(document, tmp_path / "a.docx")).cells
