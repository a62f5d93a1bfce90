"""docs/ingest/documents.md says what the code does: its worked example is read, cut and refused in these words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest
from graph.intake import Kind
from ingest.documents import LEGACY, Document, read_documents, take_found
from ingest.readers import Options
from ingest.readers.documents import html
from ingest.resolving import ResolvedDocument
from ingest.tables import Table

Folder = Callable[[dict[str, str]], Path]

TEXT = (Path(ingest.__file__).parent.parent / "docs" / "ingest" / "documents.md").read_text(encoding="utf-8")
PEOPLE = {"salma-benrabah", "kofi-adjei"}


def example() -> dict[str, str]:
    """The files of the worked example, by path."""
    part = re.search(r"<!-- example: documents -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
    assert part is not None
    return dict(re.findall(r"\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)```", part[1], re.DOTALL))


def answer(name: str) -> str:
    """The block of text after a mark."""
    part = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert part is not None
    return part[1]


def told(document: Document) -> list[str]:
    """A document as the page shows it."""
    record = document.record()
    title = f', "{document.title}"' if document.title else ""
    lines = [document.id, f"  {document.kind} of {', '.join(document.owner)}{title}"]
    for passage in record["passages"]:
        place = f", {passage['place']}" if passage["place"] else ""
        lines.append(f"  {passage['language']}{place}: {' '.join(passage['text'].split()[:9])} …")
    return lines


@pytest.fixture
def table(folder: Folder) -> Table:
    """The worked example, read as an ingest reads it."""
    files = example()
    where = folder(files)
    own = {name: where / name for name in files if name.endswith(".md")}
    table = read_documents(where, own, people=PEOPLE)
    for name in files.keys() - own.keys():
        [found] = html.read(where / name, options=Options(file=name)).documents
        cells = {key: value for key, value in found.cells.items() if isinstance(value, str)}
        take_found(table, ResolvedDocument(name, found.key, cells, found.paragraphs, found.place), people=PEOPLE)
    return table


def test_the_worked_example_gives_these_passages(table: Table) -> None:
    rows = [entry.row for _, entry in sorted(table.entries.items())]

    lines = [line for row in rows if isinstance(row, Document) for line in told(row)]

    assert answer("passages: documents").splitlines() == lines


def test_the_worked_example_is_refused_in_these_words(table: Table) -> None:
    assert table.kind is Kind.DOCUMENTS
    assert answer("report: documents").splitlines() == [str(refusal) for refusal in table.refusals]


def test_the_old_formats_are_named() -> None:
    assert [f"`{suffix}`" in TEXT for suffix in (".doc", ".ppt", ".rtf")] == [True] * 3
    assert {".doc", ".ppt", ".rtf"} <= LEGACY.keys()
