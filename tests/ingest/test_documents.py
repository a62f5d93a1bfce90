# ruff: noqa: E501 -- exact sentences and rows stand on one line each
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from graph.intake import Kind
from graph.passages import passage_id
from ingest import documents
from ingest.documents import Document, DocumentKind, take_found
from ingest.found import FoundText
from ingest.resolving import ResolvedDocument
from ingest.tables import Table

Folder = Callable[[dict[str, str]], Path]

FRONT = "---\nowner: salma\nkind: biography\nlanguage: fr\n---\n"


WHOSE = (
    "it does not say whom it is evidence on; call the file by the person's id (salma-benrabah-cv.pdf), put it into a "
    "folder called so, or write 'owner: salma-benrabah' in its front matter (Markdown, text) or salma-benrabah as its "
    "property Owner (Word, OpenDocument)"
)
PEOPLE = {"salma-benrabah", "kofi-adjei", "ana", "li-na"}


def read_documents(folder: Path) -> Table:
    """All documents of a folder, among people that it may be called by."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*") if not path.is_dir()}
    return documents.read_documents(folder, files, people=PEOPLE)


def sentences(table: Table) -> list[str]:
    return [str(refusal) for refusal in table.refusals]


def only(table: Table) -> Document:
    [entry] = table.entries.values()
    assert isinstance(entry.row, Document)
    return entry.row


def test_a_document_says_whose_it_is_and_what_it_says(folder: Folder) -> None:
    front = (
        "---\nowner: [salma, kofi]\nkind: talk\nlanguage: no\nevent: briefing\ntitle: Tre grep\ndate: 2022-06-02\n---\n"
    )
    where = folder({"documents/talks/a.md": f"\ufeff{front}# Hei\n\nTre grep\nved *døren*.\n".replace("\n", "\r\n")})

    document = only(read_documents(where))

    assert document.id == "documents/talks/a.md"
    assert document.owner == ("salma", "kofi")
    assert (document.language, document.event, document.resource) == ("no", "briefing", None)
    assert (document.title, document.occurred_on) == ("Tre grep", date(2022, 6, 2))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Hei", "Tre grep ved døren."]


def test_each_owner_has_each_passage(folder: Folder) -> None:
    front = FRONT.replace("salma", "salma; kofi")

    record = only(read_documents(folder({"documents/a.txt": f"{front}Un *texte*."}))).record()

    assert [(passage["owner"], passage["text"], passage["position"]) for passage in record["passages"]] == [
        ("salma", "Un *texte*.", 0),
        ("kofi", "Un *texte*.", 0),
    ]
    assert record["passages"][0]["id"] == passage_id(owner="salma", document="documents/a.txt", text="Un *texte*.")


def test_a_paragraph_that_comes_twice_is_one_passage(folder: Folder) -> None:
    paragraph = "Elle a formé trois cents bénévoles à l'accueil des fidèles. " * 8

    record = only(read_documents(folder({"documents/a.md": f"{FRONT}{paragraph}\n\n{paragraph}\n"}))).record()

    assert len(record["passages"]) == 1


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("Only text.", f"documents/a.md, column owner: {WHOSE}"),
        ("---\nowner: salma\n", "documents/a.md: its front matter has no end; close it with a line '---'"),
        ("---\ntitle: Half: a title\n---\ntext", "documents/a.md: its front matter is not YAML near line 2; put a value that has a colon between quotes"),
        ("---\n- a\n---\ntext", "documents/a.md: its front matter is not YAML; write one 'key: value' on each line"),
        (f"---\na: {'x' * 10_000}\n---\ntext", "documents/a.md: its front matter has more than 10,000 characters; close it with a line '---'"),
        (f"---\na: {'[' * 5_000}\n---\ntext", "documents/a.md: its front matter is not YAML; put a value that has a colon between quotes"),
        ("---\nkind: biography\nlanguage: fr\n---\ntext", f"documents/a.md, column owner: {WHOSE}"),
        (FRONT.replace("salma", "';'") + "text", f"documents/a.md, column owner: {WHOSE}"),
        (FRONT.replace("salma", "{a: b}") + "text", "documents/a.md, column owner: it is neither a text nor a list of texts; write owner as text"),
        (FRONT.replace("salma", "[[a]]") + "text", "documents/a.md, column owner: it is not text; write one text there"),
        (FRONT.replace("fr", "[fr]") + "text", "documents/a.md, column language: it is not text; write one text there"),
        (FRONT.replace("biography", "novel") + "text", "documents/a.md, column kind: 'novel' is not one of biography, talk, resource, article; choose one of them"),
        (FRONT + " \n", "documents/a.md, column text: it has no text; write the text below the second line '---'"),
        (FRONT + "te\u202ext", "documents/a.md: it holds the hidden character U+202E (RIGHT-TO-LEFT OVERRIDE); delete that character"),
        (FRONT.replace("kind", "event: e\nresource: r\nkind") + "text", "documents/a.md, column resource: it tells of an event and of a resource; name one of the two"),
    ],
)  # fmt: skip
def test_a_document_that_does_not_fit_says_why(folder: Folder, text: str, sentence: str) -> None:
    table = read_documents(folder({"documents/a.md": text}))

    assert sentences(table) == [sentence]
    assert dict(table.refused) == {"documents/a.md": None}
    assert table.names_all_refused


def test_front_matter_with_many_aliases_is_refused_in_no_time(folder: Folder) -> None:
    steps = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    bomb = f"---\na0: &a0 x\n{steps}owner: *a29\nkind: biography\nlanguage: fr\n---\ntext"

    table = read_documents(folder({"documents/a.md": bomb}))

    assert table.refused_rows == 1
    assert {refusal.column for refusal in table.refusals} == {"owner"}


def test_a_document_in_another_encoding_is_refused(folder: Folder) -> None:
    where = folder({"documents/b.md": f"{FRONT}text"})
    (where / "documents" / "a.md").write_bytes(f"{FRONT}formé".encode("latin-1"))

    table = read_documents(where)

    assert sentences(table) == [
        "documents/a.md: line 6 is not UTF-8 text; save the file in UTF-8 (in Excel: 'CSV UTF-8')"
    ]
    assert list(table.entries) == ["documents/b.md"]


def test_a_document_without_end_is_refused(folder: Folder) -> None:
    table = read_documents(folder({"documents/a.md": FRONT + "text\n" * 400_001}))

    assert sentences(table) == [
        "documents/a.md: it has more than 2,000,000 characters; split it into several documents"
    ]


def test_a_link_out_of_the_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(f"{FRONT}secret", encoding="utf-8")
    where = folder({"documents/b.md": f"{FRONT}text"})
    (where / "documents" / "a.md").symlink_to(tmp_path / "secret.md")

    table = read_documents(where)

    assert sentences(table) == [
        "documents/a.md: it is a link out of the network's folder; copy the file into the folder"
    ]


def test_unknown_keys_are_noted(folder: Folder) -> None:
    where = folder(
        {"documents/a.md": FRONT.replace("kind", "ownr: x\nkind").replace("owner", "title: T\nowner") + "text"}
    )

    table = read_documents(where)

    assert not table.refusals
    assert [str(note) for note in table.notes] == [
        "documents/a.md: 'ownr' in its front matter is not known and was left out"
    ]


def test_a_text_of_an_old_program_is_read_and_noted(folder: Folder) -> None:
    where = folder({})
    where.mkdir(exist_ok=True)
    (where / "kofi-adjei.txt").write_bytes("Il a formé des bénévoles à la sécurité des marchés.".encode("cp1252"))

    table = read_documents(where)

    assert only(table).paragraphs[0].text == "Il a formé des bénévoles à la sécurité des marchés."
    assert [str(note) for note in table.notes] == ["kofi-adjei.txt: it was read as Windows-1252, not as UTF-8"]


def test_paragraphs_stand_under_their_headings(folder: Folder) -> None:
    text = f"{FRONT}# Salma\n\n## Travail\n\nTunis.\n\n## Études\n\nDroit.\n"

    document = only(read_documents(folder({"documents/a.md": text})))

    assert [(paragraph.text, paragraph.place) for paragraph in document.paragraphs] == [
        ("Salma", ""),
        ("Travail", "Travail"),
        ("Tunis.", "Travail"),
        ("Études", "Études"),
        ("Droit.", "Études"),
    ]


@pytest.mark.parametrize(
    "file, owner",
    [
        ("documents/salma-benrabah.md", "salma-benrabah"),
        ("documents/salma-benrabah-cv.md", "salma-benrabah"),
        ("documents/salma-benrabah_cv.md", "salma-benrabah"),
        ("documents/Salma Benrabah.md", "salma-benrabah"),
        ("documents/CV_Salma-Benrabah_fr_2022.md", "salma-benrabah"),
        ("documents/cv-salma-benrabah-v2.txt", "salma-benrabah"),
        ("documents/talks/briefing-markets--kofi-adjei.md", "kofi-adjei"),
        ("documents/cv-li-na-en.md", "li-na"),
        ("documents/kofi-adjei/cv.md", "kofi-adjei"),
        ("documents/kofi-adjei/2022/markets.md", "kofi-adjei"),
        ("documents/kofi-adjei/salma-benrabah.md", "kofi-adjei"),
        ("kofi-adjei.md", "kofi-adjei"),
    ],
)
def test_the_folder_or_the_files_name_tells_whose_it_is(folder: Folder, file: str, owner: str) -> None:
    assert only(read_documents(folder({file: "Text."}))).owner == (owner,)


@pytest.mark.parametrize(
    "file",
    [
        "documents/report.md",
        "documents/ana-ruiz.md",
        "documents/anabel.md",
        "documents/salma-benrabah--kofi-adjei.md",
        "documents/talks/about-salma-benrabah-and-others.md",
    ],
)
def test_nobody_is_guessed(folder: Folder, file: str) -> None:
    assert sentences(read_documents(folder({file: "Text."}))) == [f"{file}, column owner: {WHOSE}"]


def test_front_matter_says_whose_it_is_before_the_folder_does(folder: Folder) -> None:
    assert only(read_documents(folder({"documents/kofi-adjei/cv.md": f"{FRONT}Text."}))).owner == ("salma",)


@pytest.mark.parametrize(
    "file, kind",
    [
        ("documents/biographies/ana.md", DocumentKind.BIOGRAPHY),
        ("documents/talks/ana.md", DocumentKind.TALK),
        ("documents/Talks/2022/ana.md", DocumentKind.TALK),
        ("documents/resources/ana.md", DocumentKind.RESOURCE),
        ("documents/ana/cv.md", DocumentKind.BIOGRAPHY),
        ("documents/ana-bio.md", DocumentKind.BIOGRAPHY),
        ("documents/ana_Lebenslauf.md", DocumentKind.BIOGRAPHY),
        ("documents/ana-résumé.md", DocumentKind.BIOGRAPHY),
        ("documents/ana/biology.md", DocumentKind.ARTICLE),
        ("documents/ana.md", DocumentKind.ARTICLE),
    ],
)
def test_the_folder_or_the_files_name_tells_what_it_is(folder: Folder, file: str, kind: DocumentKind) -> None:
    assert only(read_documents(folder({file: "Text."}))).kind is kind


def test_front_matter_says_what_it_is_before_the_folder_does(folder: Folder) -> None:
    assert only(read_documents(folder({"documents/talks/a.md": f"{FRONT}Text."}))).kind is DocumentKind.BIOGRAPHY


def test_without_a_language_each_passage_tells_its_own(folder: Folder) -> None:
    french = "Chaque bénévole à la porte a appris quoi observer et qui appeler en cas de doute. " * 12
    english = "Each of the volunteers at the door learned what to watch for and whom to call. " * 6

    record = only(read_documents(folder({"documents/ana.md": f"{french}\n\n{english}"}))).record()

    assert record["language"] == "fr"
    assert [passage["language"] for passage in record["passages"]] == ["fr", "en"]


def test_a_record_says_where_everything_stands(folder: Folder) -> None:
    text = f"# Salma\n\n## Travail\n\n{'Elle a formé trois cents bénévoles. ' * 20}"

    record = only(read_documents(folder({"documents/ana.md": text}))).record()

    assert (record["id"], record["source"], record["place"]) == ("documents/ana.md", "documents/ana.md", None)
    assert [passage["place"] for passage in record["passages"]] == ["Travail"]


def found(
    file: str,
    *,
    cells: dict[str, str | list[str]] | None = None,
    key: str = "",
    place: str = "",
    text: str = "One text.",
) -> Table:
    table = Table(Kind.DOCUMENTS, file)
    document = ResolvedDocument(file, key, cells or {}, [FoundText(text=text, place="page 4")] if text else [], place)
    take_found(table, document, people=PEOPLE)
    return table


def test_what_a_reader_found_becomes_a_document() -> None:
    cells: dict[str, str | list[str]] = {
        "owner": ["salma-benrabah", "kofi-adjei"],
        "title": "Doors",
        "date": "2022-06-02",
    }

    table = found("conf/schedule.json", cells={**cells, "kind": "talk"}, key="ABC", place="talk ABC")

    document = only(table)
    assert (document.id, document.source, document.place) == (
        "conf/schedule.json#ABC",
        "conf/schedule.json",
        "talk ABC",
    )
    assert document.owner == ("salma-benrabah", "kofi-adjei")
    assert (document.kind, document.title, document.occurred_on) == (DocumentKind.TALK, "Doors", date(2022, 6, 2))
    assert document.record()["passages"][0]["place"] == "page 4"


def test_a_found_document_without_owner_has_that_of_its_folder_or_name() -> None:
    assert only(found("documents/biographies/salma-benrabah.pdf")).owner == ("salma-benrabah",)
    assert only(found("documents/kofi-adjei/cv.pdf")).owner == ("kofi-adjei",)


def test_an_owner_that_the_file_names_comes_before_its_folder() -> None:
    assert only(found("documents/kofi-adjei/cv.docx", cells={"owner": "ana"})).owner == ("ana",)


def test_an_owner_whom_nobody_knows_gives_way_to_the_folder() -> None:
    assert only(found("documents/kofi-adjei/cv.docx", cells={"owner": "office-admin"})).owner == ("kofi-adjei",)


def test_a_part_of_a_file_is_not_told_by_the_files_name() -> None:
    assert sentences(found("documents/ana.json", key="1", place="record 1")) == [
        f"documents/ana.json, record 1, column owner: {WHOSE}"
    ]


def test_a_found_document_that_does_not_fit_is_refused() -> None:
    table = found("documents/report.pdf")

    assert sentences(table) == [f"documents/report.pdf, column owner: {WHOSE}"]
    assert dict(table.refused) == {"documents/report.pdf": None}


def test_what_is_left_out_changes_the_digest_and_not_the_rest() -> None:
    document = only(found("documents/ana.pdf", cells={"title": "Doors", "date": "2022-06-02"}))
    assert document.digest

    counted = document.counted(paragraphs=document.paragraphs, left_out=[document.record()["passages"][0]["id"]])

    assert counted.digest != document.digest
    assert counted.record() == {**document.record(), "passages": [], "digest": counted.digest}
    assert counted.counted(paragraphs=document.paragraphs, left_out=[]).digest == document.digest
