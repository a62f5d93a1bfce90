"""docs/ingest/events.md says what the readers do: its worked examples give what it shows."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import ingest
from graph.intake import Kind
from ingest.found import Found, Reading
from ingest.readers import Options, calendar, pretalx

TEXT = (Path(ingest.__file__).parent.parent / "docs" / "ingest" / "events.md").read_text(encoding="utf-8")
READERS: dict[str, Callable[..., Reading]] = {".ics": calendar.read, ".json": pretalx.read}


def answer(name: str) -> str:
    """The block of code after a mark."""
    part = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert part is not None
    return part[1]


@pytest.fixture
def readings(tmp_path: Path) -> Callable[[str], dict[str, Reading]]:
    """What the files of a worked example are read as, by path."""

    def read_them(name: str) -> dict[str, Reading]:
        part = re.search(rf"<!-- example: {name} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
        assert part is not None
        files = dict(re.findall(r"\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)```", part[1], re.DOTALL))
        found = {}
        for file, content in files.items():
            path = tmp_path / Path(file).name
            if path.suffix in READERS:
                path.write_text(content, encoding="utf-8")
                mapping = files.get(f"{file}.mapping.yaml")
                options = Options(file=file, mapping=yaml.safe_load(mapping) if mapping else None)
                found[file] = READERS[path.suffix](path, options=options)
        return found

    return read_them


def rows(found: dict[str, Reading], kind: Kind) -> Iterator[Found]:
    return (row for reading in found.values() for row in reading.rows if row.kind is kind)


def first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def test_the_calendar_gives_these_events(readings: Callable[[str], dict[str, Reading]]) -> None:
    found = readings("calendar")

    lines = [
        f"{first(row.cells['identifiers'])}: {row.cells['status']}, {row.cells['starts_at']}, "
        f"{row.cells.get('place', '-')}, sequence {row.cells['sequence']}"
        for row in rows(found, Kind.EVENTS)
    ]
    assert answer("events: calendar").splitlines() == lines


def test_the_calendar_is_reported_in_these_words(readings: Callable[[str], dict[str, Reading]]) -> None:
    (found,) = readings("calendar").values()

    lines = [f"{one.place}: {one.reason}; {one.remedy}" for one in found.refused]
    assert answer("report: calendar").splitlines() == [*lines, *found.notes]


def test_the_conference_gives_these_rows_and_documents(readings: Callable[[str], dict[str, Reading]]) -> None:
    found = readings("conference")

    events = [
        f"events: {row.cells['title']}, {first(row.cells['identifiers'])}, {row.cells['starts_at']}"
        for row in rows(found, Kind.EVENTS)
        if "title" in row.cells
    ]
    experts = [
        f"experts: {row.cells['name']}, {first(row.cells['identifiers'])}"
        for row in rows(found, Kind.EXPERTS)
        if "name" in row.cells
    ]
    speakers = [
        "speakers: " + ", ".join(str(row.cells[name]) for name in ("talk", "room", "starts_at", "language"))
        for row in rows(found, Kind.SPEAKERS)
    ]
    documents = sorted(
        f"documents: {one.key}: {' / '.join(paragraph.text for paragraph in one.paragraphs)}"
        for reading in found.values()
        for one in reading.documents
    )
    assert answer("found: conference").splitlines() == [*events, *experts, *speakers, *documents]


def test_the_conference_is_reported_in_these_words(readings: Callable[[str], dict[str, Reading]]) -> None:
    found = readings("conference")

    lines = sorted(f"{file}: {note}" for file, reading in found.items() for note in reading.notes)
    assert answer("report: conference").splitlines() == lines
    assert not any(reading.refused or reading.doubts for reading in found.values())
