"""Rows of CSV files that were refused, or of which a value was doubtful: what stands in them, and back, once mended.

A spreadsheet is mended where it was made. A CSV file is mended here, too: row by row, each in its place, so that every
row keeps its number.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from ingest.cells import visible
from ingest.encodings import encoding_of
from ingest.errors import IngestError
from ingest.files import FileRefused, lines_of
from ingest.report import Report

__all__ = ["MendedRow", "MendedUnfit", "mend", "mended_rows", "rows_to_mend"]

SUFFIXES = frozenset({".csv", ".tsv"})
SEPARATORS = ",;\t|"
TOLD_BY_EXCEL = re.compile(r"\"?sep=(.)\"?\s*", re.IGNORECASE)
ROW = re.compile(r"row (\d{1,7})")
LONGEST_CELL = 131_072
HEADER_WITHIN = 20
"""A list may have a title and a date above its header, but not more rows than this."""


class MendedUnfit(IngestError):
    """What is to be put in the place of rows cannot be."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The mended rows cannot be used: {reason}; give them as --rows tells them, with other cells.")


@dataclass(frozen=True, slots=True)
class MendedRow:
    """A row of a CSV file of a network's folder, counted as a spreadsheet does; without cells it is left empty."""

    file: str
    row: int
    cells: tuple[str, ...]
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """How a CSV file is written."""

    encoding: str
    separator: str


def rows_to_mend(report: Report, *, most: int) -> tuple[MendedRow, ...]:
    """What stands in the rows that a report refuses or doubts, file by file, at most ``most`` of them.

    Files that are no CSV, or that cannot be read as such, have none.
    """
    found: list[MendedRow] = []
    folder = report.folder if report.folder.is_dir() else report.folder.parent
    for file, numbers in _rows_named(report).items():
        path = folder / file
        if len(found) >= most or path.suffix.lower() not in SUFFIXES:
            continue
        try:
            found += islice(_rows_of(path, folder, file, numbers), most - len(found))
        except (FileRefused, csv.Error):  # the report says so already
            continue
    return tuple(found)


def mended_rows(path: Path) -> tuple[MendedRow, ...]:
    """The rows that a JSON file has, as --rows tells them.

    Raises:
        MendedUnfit: it has none.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        rows = told["rows"]
        return tuple(MendedRow(_text(one["file"]), int(one["row"]), tuple(map(_text, one["cells"]))) for one in rows)
    except OSError as problem:
        raise MendedUnfit(f"{path} cannot be read ({problem.strerror})") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise MendedUnfit(f"{path} has no list 'rows' of objects with file, row and cells") from None


def mend(folder: Path, rows: Sequence[MendedRow]) -> None:
    """Put mended rows into the CSV files of a folder; those files are UTF-8 from then on.

    Raises:
        MendedUnfit: a file is no CSV file of the folder, or has no such row.
    """
    mended: dict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for one in rows:
        mended[one.file][one.row] = one.cells
    for file, cells in mended.items():
        path = folder / file
        # A name is what somebody sent: it leads nowhere but to what lies in the folder.
        if not path.resolve().is_relative_to(folder.resolve()) or path.suffix.lower() not in SUFFIXES:
            raise MendedUnfit(f"'{visible(file)}' is no CSV file of the folder")
        try:
            _mend(path, folder, cells)
        except (FileRefused, csv.Error) as problem:
            raise MendedUnfit(f"'{visible(file)}' cannot be read ({problem})") from None


def _mend(path: Path, folder: Path, mended: Mapping[int, Sequence[str]]) -> None:
    written = _how_written(path, folder)
    part = path.with_name(f".{path.name}.mended")
    last = 0
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=written.separator)
        for last, cells in enumerate(_records(path, folder, written), start=1):
            writer.writerow(mended.get(last, cells))
    if beyond := [number for number in mended if not 1 <= number <= last]:
        part.unlink()
        raise MendedUnfit(f"'{visible(path.name)}' has no row {beyond[0]}")
    part.replace(path)


def _rows_named(report: Report) -> Mapping[str, set[int]]:
    """The rows that a report refuses or doubts, by their files."""
    named: dict[str, set[int]] = defaultdict(set)
    for one in report.refusals:
        if (number := one.row or _number(one.place)) is not None:
            named[one.file].add(number)
    for doubt in report.doubts:
        if (number := _number(doubt.place)) is not None:
            named[doubt.file].add(number)
    return named


def _number(place: str | None) -> int | None:
    told = ROW.fullmatch(place or "")
    return int(told[1]) if told else None


def _rows_of(path: Path, folder: Path, file: str, numbers: set[int]) -> Iterator[MendedRow]:
    records = _records(path, folder, _how_written(path, folder))
    first = list(islice(records, min(HEADER_WITHIN, min(numbers) - 1)))
    header = tuple(cell.strip() for cell in max(first, key=lambda cells: sum(map(bool, cells)), default=[]))
    for number, cells in enumerate(chain(first, records), start=1):
        if number in numbers:
            yield MendedRow(file, number, tuple(cells), header)


def _records(path: Path, folder: Path, written: _Written) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    yield from csv.reader(
        lines_of(path, folder=folder, encoding=written.encoding), delimiter=written.separator, strict=True
    )


def _how_written(path: Path, folder: Path) -> _Written:
    """The encoding, and what parts the columns: as the file says itself, else what parts most lines most alike."""
    encoding = encoding_of(path, folder=folder).name
    lines = list(islice(lines_of(path, folder=folder, encoding=encoding), HEADER_WITHIN))
    if lines and (told := TOLD_BY_EXCEL.fullmatch(lines[0])):
        return _Written(encoding, told[1])
    return _Written(encoding, max(SEPARATORS, key=lambda mark: _cells_alike(lines, mark)))


def _cells_alike(lines: Sequence[str], mark: str) -> int:
    """In how many cells a mark parts those lines that it parts into as many as most."""
    columns, count = Counter(_columns(line, mark) for line in lines).most_common(1)[0] if lines else (0, 0)
    return columns * count if columns > 1 else 0


def _columns(line: str, mark: str) -> int:
    """How many cells a line has; none if a quote goes on in the next line."""
    try:
        return len(next(csv.reader([line], delimiter=mark, strict=True), []))
    except csv.Error:
        return 0


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
