"""Which system a JSON file is from."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.readers.json_kinds import START_BYTES, JsonKind, NotTold, kind_of_json

TALK = {"code": "TALK01", "title": "One", "speakers": []}
KINDS: list[tuple[JsonKind | None, Any]] = [
    (JsonKind.PRETALX, {"count": 0, "next": None, "previous": None, "results": []}),
    (JsonKind.PRETALX, [TALK]),
    (JsonKind.PRETALX, TALK),
    (JsonKind.PRETALX, {"code": "AMA123", "name": "ama"}),
    (JsonKind.PRETALX, {"slug": "design", "name": {"en": "Design"}, "date_from": "2022-06-01"}),
    (JsonKind.PRETALX, {"talks": [TALK]}),
    (JsonKind.PRETALX, {"speakers": {"count": 0, "next": None, "previous": None, "results": []}}),
    (JsonKind.PRETALX, {"version": "1.0", "slots": []}),
    (JsonKind.PRETALX, [{"ID": "TALK01", "Titel": "Eins"}]),
    (JsonKind.FRAB, {"schedule": {"version": "1", "conference": {"title": "Design", "days": []}}}),
    (JsonKind.ORCID, {"orcid-identifier": {"path": "0000-0002-1825-0097"}, "person": {}}),
    (JsonKind.ORCID, {"orcid-identifier": {}, "activities-summary": {}}),
    (JsonKind.OPENALEX, {"id": "https://openalex.org/A5000000000", "display_name": "ama"}),
    (JsonKind.OPENALEX, {"meta": {"count": 0}, "results": []}),
    (JsonKind.OPENALEX, {"results": [{"id": "https://openalex.org/W1"}]}),
    (JsonKind.OPENALEX, [{"id": "https://openalex.org/W1"}]),
    (JsonKind.JSONLD, {"@context": {}, "@graph": []}),
    (JsonKind.JSONLD, [{"@id": "https://example.org/design"}]),
    (None, [{"ID": 1, "Name": "ama"}]),
    (None, {}),
    (None, []),
    (None, ["text"]),
    (None, 5),
    (None, {"name": "x", "version": "1.0"}),
    (None, {"slots": {"slots": {"slots": {}}}}),
]


@pytest.mark.parametrize("kind, payload", KINDS)
def test_a_file_is_told_by_what_is_in_it(tmp_path: Path, kind: JsonKind | None, payload: object) -> None:
    path = tmp_path / "file.json"
    path.write_text(f"\ufeff{json.dumps(payload)}", encoding="utf-8")

    assert kind_of_json(path, folder=tmp_path) is kind


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"\x00"])
def test_what_is_no_json_is_not_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)

    with pytest.raises(NotTold):
        kind_of_json(path, folder=tmp_path)


@pytest.mark.parametrize("end", ["}", "", "é", "\\"])
def test_no_more_than_the_start_of_a_long_file_is_looked_at(tmp_path: Path, end: str) -> None:
    path = tmp_path / "file.json"
    before = '{"@graph": [{"@id": "x", "'
    path.write_text(before + "x" * (START_BYTES - len(before)) + end + "\0" * 10, encoding="utf-8")

    assert kind_of_json(path, folder=tmp_path) is JsonKind.JSONLD


def test_a_long_file_whose_start_tells_nothing_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"x": "x" * START_BYTES, "@graph": []}), encoding="utf-8")

    with pytest.raises(NotTold):
        kind_of_json(path, folder=tmp_path)
