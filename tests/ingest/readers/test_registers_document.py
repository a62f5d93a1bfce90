"""docs/ingest/registers.md says what the reader does: its worked examples, read, give what it tells."""

import re
from pathlib import Path

import pytest

from ingest.found import CellValue, Reading
from ingest.readers import Options
from ingest.readers.registers import read

TEXT = (Path(__file__).parents[3] / "docs" / "ingest" / "registers.md").read_text(encoding="utf-8")


def read_example(name: str, folder: Path) -> Reading:
    example = re.search(
        rf"<!-- example: {name} -->\n\*\*`(.+?)`\*\*\n\n```json\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL
    )
    assert example is not None
    path = folder / example[1]
    path.write_text(example[2], encoding="utf-8")
    return read(path, options=Options(file=example[1]))


def shown(value: CellValue) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value))


@pytest.mark.parametrize("name", ["orcid", "openalex"])
def test_the_rows_are_those_told(tmp_path: Path, name: str) -> None:
    rows = [
        f"| {row.kind} | {'; '.join(f'{column}: {shown(value)}' for column, value in row.cells.items())} |"
        for row in read_example(name, tmp_path).rows
    ]

    table = "\n".join(["| Kind | Cells |", "|---|---|", *rows])
    assert f"<!-- rows: {name} -->\n{table}\n" in TEXT, table


@pytest.mark.parametrize("name", ["orcid", "openalex"])
def test_the_documents_are_those_told(tmp_path: Path, name: str) -> None:
    documents = [
        f"| `{one.key}` | {one.cells.get('language', '')} | {' / '.join(text.text for text in one.paragraphs)} |"
        for one in read_example(name, tmp_path).documents
    ]

    table = "\n".join(["| Document | Language | Text |", "|---|---|---|", *documents])
    assert f"<!-- documents: {name} -->\n{table}\n" in TEXT, table


@pytest.mark.parametrize("name", ["orcid", "openalex"])
def test_the_notes_are_those_told(tmp_path: Path, name: str) -> None:
    notes = "".join(f"{note}\n" for note in read_example(name, tmp_path).notes)

    assert f"<!-- notes: {name} -->\n```text\n{notes}```" in TEXT, notes
