"""docs/ingest/rosters.md says what the code does: its example, its report, its mappings and its limits."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

import ingest
from ingest.found import CellValue, Reading
from ingest.mapping import mapping_of
from ingest.readers import Options
from ingest.readers.sheets import books, proposed_mapping_yaml, read

TEXT = (Path(ingest.__file__).parent.parent / "docs" / "ingest" / "rosters.md").read_text(encoding="utf-8")


def block(mark: str) -> str:
    """The block of code after a mark."""
    part = re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert part is not None
    return part[1]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    part = re.search(r"<!-- example: roster -->\n\*\*`(.+?)`\*\*\n\n```csv\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL)
    assert part is not None
    path = tmp_path / part[1]
    path.write_text(part[2], encoding="utf-8")
    return path


def shown(cells: Mapping[str, CellValue]) -> str:
    """Cells as the network's own files have them."""
    return ", ".join(
        f"{name}={value if isinstance(value, str) else '; '.join(':'.join([one] if isinstance(one, str) else one) for one in value)}"  # noqa: E501
        for name, value in cells.items()
    )


def found_in(path: Path) -> Reading:
    return read(path, options=Options(file=path.name))


def test_the_example_gives_the_report_that_is_shown(roster: Path) -> None:
    found = found_in(roster)

    doubts = [f"{one.place}, {one.column}: {one.reason}; {one.remedy}" for one in found.doubts]
    assert [*doubts, *found.notes] == block("report: roster").splitlines()
    assert not found.refused


def test_the_example_gives_the_rows_that_are_shown(roster: Path) -> None:
    found = found_in(roster)

    assert [f"{row.kind}: {shown(row.cells)}" for row in found.rows] == block("rows: roster").splitlines()


def test_the_mapping_that_is_shown_is_the_one_proposed(roster: Path) -> None:
    assert proposed_mapping_yaml(roster) == block("mapping: roster")


def test_a_list_is_read_the_same_with_the_mapping_proposed_for_it(roster: Path) -> None:
    proposed = yaml.safe_load(block("mapping: roster"))

    found = read(roster, options=Options(file=roster.name, mapping=proposed))

    assert found.rows == found_in(roster).rows


def test_the_longer_mapping_is_one() -> None:
    mapping = mapping_of(yaml.safe_load(block("mapping: more")))

    assert set(mapping.sheets) == {"Schulungen", "Personen", "Notizen"}


def test_the_limits_are_those_of_the_code() -> None:
    assert (
        f"At most {books.MOST_ROWS:,} rows, {books.MOST_COLUMNS} columns and {books.MOST_CELLS:,} cells a sheet; "
        f"a file unpacks to at most {books.LARGEST_UNPACKED // 1_000_000} MB."
    ) in TEXT
