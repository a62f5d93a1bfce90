"""docs/ingest/topics.md says what the reader does: its worked example, read, gives the topics and sentences told."""

import re
from pathlib import Path

import pytest

from graph.values import UN_LANGUAGES
from ingest.found import Found, Reading
from ingest.readers import Options
from ingest.readers.skos import read
from ingest.report import Doubt, Note, Refusal, Report

TEXT = (Path(__file__).parents[3] / "docs" / "ingest" / "topics.md").read_text(encoding="utf-8")


@pytest.fixture
def found(tmp_path: Path) -> Reading:
    """What is read of the worked example."""
    example = re.search(
        r"<!-- example: places -->\n\*\*`(.+?)`\*\*\n\n```turtle\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL
    )
    assert example is not None
    path = tmp_path / example[1]
    path.write_text(example[2], encoding="utf-8")
    return read(path, options=Options(file=example[1]))


def test_the_topics_are_those_told(found: Reading) -> None:
    table = "\n".join(
        [
            "| Topic | Below | Called | Also | Same as | Deprecated |",
            "|---|---|---|---|---|---|",
            *(f"| {' | '.join(told(row))} |" for row in found.rows),
        ]
    )

    assert f"<!-- topics: places -->\n{table}\n" in TEXT, table


def told(row: Found) -> list[str]:
    broader = str(row.cells.get("broader", "")).removeprefix("#")
    names = [f"{row.cells[f'label_{of}']} ({of})" for of in UN_LANGUAGES if f"label_{of}" in row.cells]
    others = [str(name) for of in UN_LANGUAGES for name in row.cells.get(f"other_labels_{of}", [])]
    return [
        f"`{row.key}`",
        broader and f"`{broader}`",
        ", ".join(names),
        ", ".join(others),
        ", ".join(f"`{one}`" for one in row.cells.get("exact_match", [])),
        "yes" if row.cells.get("deprecated") == "true" else "",
    ]


def test_every_topic_has_its_scheme_and_iri(found: Reading) -> None:
    assert {row.cells.get("scheme") for row in found.rows} == {"Thesaurus of vulnerable places"}
    assert all(str(row.cells["iri"]).startswith("https://example.org/places/") for row in found.rows)


def test_the_sentences_are_those_told(found: Reading) -> None:
    report = Report(
        folder=Path(),
        dry_run=False,
        kinds={},
        refusals=[
            Refusal("places.ttl", None, one.column, one.value, one.reason, one.remedy, one.place)
            for one in found.refused
        ],
        doubts=[Doubt("places.ttl", one.place, one.column, one.value, one.reason, one.remedy) for one in found.doubts],
        notes=[Note("places.ttl", note) for note in found.notes],
    )

    text = report.to_text().partition("Refused:")[2]

    assert f"<!-- report: places -->\n```text\nRefused:{text}\n```" in TEXT, text
