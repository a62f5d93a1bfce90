"""What topics.csv says of schemes: names in any of the six languages, IRIs, matches, and what is deprecated."""

from pathlib import Path

import pytest

from graph.intake import Kind, TopicRecord
from ingest.rows import Topic
from ingest.tables import Table, read_table


def topics(tmp_path: Path, text: str) -> Table:
    file = tmp_path / "topics.csv"
    file.write_text(text, encoding="utf-8")
    return read_table(file, Kind.TOPICS)


def stored(table: Table, id: str) -> TopicRecord:
    row = table.entries[id].row
    assert isinstance(row, Topic)
    return row.record()


@pytest.mark.parametrize("language,label", [("en", "Hotels"), ("fr", "Hôtels"), ("ar", "فنادق"), ("zh", "酒店")])
def test_a_name_in_one_language_is_enough(tmp_path: Path, language: str, label: str) -> None:
    table = topics(tmp_path, f"id,label_{language}\nhotels,{label}\n")

    assert not table.refusals
    assert stored(table, "hotels")["labels"] == [label]


@pytest.mark.parametrize("text", ["id,label_en\nhotels,\n", "id,definition\nhotels,Where people sleep.\n"])
def test_a_topic_without_a_name_is_refused(tmp_path: Path, text: str) -> None:
    table = topics(tmp_path, text)

    assert [str(refusal) for refusal in table.refusals] == [
        "topics.csv, row 2, column label_en: it has no label in any language; write its name in label_en or another"
    ]


def test_scheme_iri_matches_and_mark_are_stored(tmp_path: Path) -> None:
    table = topics(
        tmp_path,
        "id,label_en,scheme,iri,exact_match,deprecated\n"
        "hotels,Hotels,Places,urn:places:hotels,https://example.org/7; inns,TRUE\n"
        "inns,Inns,,,,false\n"
        "bars,Bars,,,,\n",
    )

    hotels = stored(table, "hotels")
    assert (hotels["scheme"], hotels["iri"]) == ("Places", "urn:places:hotels")
    assert hotels["exact_match"] == ["https://example.org/7", "inns"]
    assert [stored(table, id)["deprecated"] for id in ("hotels", "inns", "bars")] == [True, False, None]


@pytest.mark.parametrize(
    "column,value,sentence",
    [
        ("iri", "hotels", "'hotels' is not an IRI; write one such as https://example.org/topics/stadiums"),
        ("iri", "https://example.org/a b", "'https://example.org/a b' is not an IRI; write one such as"),
        ("exact_match", "Inns", "'Inns' is not an id, which has only a to z, 0 to 9 and hyphens; write inns"),
        ("exact_match", "urn:a; urn:a", "'urn:a' is listed twice; delete one of the two"),
        ("deprecated", "yes", "'yes' is not one of true, false; choose one of them"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, column: str, value: str, sentence: str) -> None:
    table = topics(tmp_path, f"id,label_en,{column}\nhotels,Hotels,{value}\n")

    (refusal,) = table.refusals
    assert str(refusal).startswith(f"topics.csv, row 2, column {column}: {sentence}")
