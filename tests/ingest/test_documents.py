# ruff: noqa: E501 -- exact sentences and rows stand on one line each
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from graph.passages import passage_id
from ingest.documents import Document, read_documents
from ingest.tables import Table

Folder = Callable[[dict[str, str]], Path]

FRONT = "---\nowner: salma\nkind: biography\nlanguage: fr\n---\n"


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
    assert document.paragraphs == ("Hei", "Tre grep ved døren.")


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
        ("Only text.", "documents/a.md: it has no front matter; begin it with a line '---', then owner, kind and language, then '---'"),
        ("---\nowner: salma\n", "documents/a.md: its front matter has no end; close it with a line '---'"),
        ("---\ntitle: Half: a title\n---\ntext", "documents/a.md: its front matter is not YAML near line 2; put a value that has a colon between quotes"),
        ("---\n- a\n---\ntext", "documents/a.md: its front matter is not YAML; write one 'key: value' on each line"),
        (f"---\na: {'x' * 10_000}\n---\ntext", "documents/a.md: its front matter has more than 10,000 characters; close it with a line '---'"),
        (f"---\na: {'[' * 5_000}\n---\ntext", "documents/a.md: its front matter is not YAML; put a value that has a colon between quotes"),
        ("---\nkind: biography\nlanguage: fr\n---\ntext", "documents/a.md, column owner: it is empty; fill in owner"),
        (FRONT.replace("salma", "';'") + "text", "documents/a.md, column owner: it names nobody; write the id of the person whom it is evidence on"),
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


def test_other_files_and_unknown_keys_are_noted(folder: Folder) -> None:
    where = folder(
        {
            "documents/a.md": FRONT.replace("kind", "ownr: x\nkind").replace("owner", "title: T\nowner") + "text",
            "documents/cv.pdf": "%PDF",
            "documents/.DS_Store": "",
            "documents/~lock.md": "",
        }
    )

    table = read_documents(where)

    assert not table.refusals
    assert [str(note) for note in table.notes] == [
        "documents/a.md: 'ownr' in its front matter is not known and was left out",
        "documents/cv.pdf: it is neither Markdown (.md) nor text (.txt) and was left out",
    ]
