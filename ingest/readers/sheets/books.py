"""Lists as they lie in files: the sheets of a spreadsheet (python-calamine) or the one table of a CSV file.

Nothing is understood here. A file that unpacks to more than any list, or has more rows or columns, is refused before
its cells are held in memory.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

import clevercsv
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ingest.cells import visible
from ingest.encodings import encoding_of
from ingest.files import FileRefused, ensure_plain, lines_of, separator_of
from ingest.readers.locked import locked, refuse_locked

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Book", "Table", "column_letters", "open_book", "text_of"]

MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 4_000_000
"""What one sheet may have."""
LARGEST_FILE = 200_000_000
LARGEST_UNPACKED = 400_000_000
"""Bytes of a file, and of what it unpacks to."""
MOST_SHEETS = 200
LONGEST_CELL = 131_072

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXTS = frozenset({".csv", ".tsv"})
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
SAMPLE_LINES, SAMPLE_CHARACTERS = 60, 10_000
ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet; its first row is row 1. ``name`` is empty for a file that has no sheets."""

    name: str
    rows: Sequence[Sequence[Value]]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file, and sentences on how they were read."""

    tables: Sequence[Table]
    notes: Sequence[str] = ()


@dataclass(slots=True)
class _Size:
    """How far the cells of a sheet reach, and its formulas."""

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    without_value: list[str] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """There is a cell that holds something.

        Raises:
            FileRefused: no list is so long or so wide.
        """
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        _refuse_large(self.rows, self.columns)

    def calculate(self, cell: str, *, has_value: bool) -> None:
        """There is a formula in a cell."""
        self.formulas += 1
        if not has_value:
            self.without_value.append(cell)


def open_book(path: Path) -> Book:
    """The sheets of a spreadsheet, or the table of a CSV file, with the encoding and separator that it has.

    Raises:
        FileRefused: it is none of these, damaged, locked by a password, or larger than any list.
    """
    ensure_plain(path, folder=path.parent, largest=LARGEST_FILE)
    try:
        if path.suffix.lower() in TEXTS:
            return _csv(path)
        refuse_locked(path)
        return _spreadsheet(path)
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror or 'it is damaged'})", remedy="check the file and its permissions"
        ) from None


def text_of(value: Value) -> str:
    """A cell's value as text: dates in ISO 8601, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def column_letters(number: int) -> str:
    """What a spreadsheet calls its column, counted from 1: A, B, …, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refuse_large(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise FileRefused(
            f"a sheet has more than {MOST_COLUMNS} columns", remedy="delete the columns that are not needed"
        )
    if rows > MOST_ROWS:
        raise FileRefused(f"a sheet has more than {MOST_ROWS:,} rows", remedy="split it into several files")
    if rows * columns > MOST_CELLS:
        raise FileRefused(
            f"a sheet has more than {MOST_CELLS:,} cells", remedy="delete the columns that are not needed, or split it"
        )


def _spreadsheet(path: Path) -> Book:
    with path.open("rb") as file:
        start = file.read(8)
        notes: list[str] = []
        if start.startswith(ZIP):
            notes += _looked_through(file)
        elif start != OLE:
            raise FileRefused("it is no spreadsheet", remedy="save it again as .xlsx, .ods or .csv")
        file.seek(0)
        try:
            with CalamineWorkbook.from_filelike(file) as book:
                return _book(book, notes)
        except PasswordError:
            raise locked() from None
        except CalamineError as problem:
            raise _damaged(problem) from None


def _damaged(problem: Exception) -> FileRefused:
    if "password" in str(problem).lower() or "encrypt" in str(problem).lower():
        return locked()
    return FileRefused(
        "it is damaged, or no spreadsheet", remedy="open it in a spreadsheet program and save it again as .xlsx or .ods"
    )


def _book(book: CalamineWorkbook, notes: list[str]) -> Book:
    if len(book.sheets_metadata) > MOST_SHEETS:
        raise FileRefused(f"it has more than {MOST_SHEETS} sheets", remedy="split it into several files")
    tables = []
    for one in book.sheets_metadata:
        if one.typ is not SheetTypeEnum.WorkSheet:
            notes.append(f"sheet '{visible(one.name)}' has no cells (a diagram or a macro) and was left out")
            continue
        sheet = book.get_sheet_by_name(one.name)
        end = sheet.end or (0, 0)
        _refuse_large(end[0] + 1, end[1] + 1)
        rows = sheet.to_python(skip_empty_area=False)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            # What stands in the first of several rows that were merged is said of all of them.
            if left == right and top < bottom and top < len(rows) and left < len(rows[top]):
                for row in rows[top + 1 : bottom + 1]:
                    if row[left] == "":
                        row[left] = rows[top][left]
        tables.append(Table(one.name, rows, is_hidden=one.visible is not SheetVisibleEnum.Visible))
    return Book(tables, notes)


def _looked_through(file: IO[bytes]) -> list[str]:
    """Notes on the formulas of a spreadsheet that is a ZIP archive, if no sheet is larger than a list can be."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise FileRefused(
                    f"it unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB", remedy="split it into several files"
                )
            sizes = []
            for part in parts:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                    with archive.open(part) as sheet:
                        sizes.append(_size_of_xlsx(sheet))
                elif part.filename == "content.xml":
                    with archive.open(part) as sheet:
                        sizes += _sizes_of_ods(sheet)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, etree.XMLSyntaxError) as problem:
        raise _damaged(problem) from None
    except RuntimeError:  # an archive whose parts are locked by a password
        raise locked() from None
    return _on_formulas(sizes)


def _on_formulas(sizes: Sequence[_Size]) -> list[str]:
    """What was taken of formulas, for which a spreadsheet stores the value that they had when it was saved."""
    missing = [cell for size in sizes for cell in size.without_value]
    stored = sum(size.formulas for size in sizes) - len(missing)
    notes = []
    if stored == 1:
        notes.append("it has one formula, of which the value stored in the file was taken")
    elif stored:
        notes.append(f"it has {stored:,} formulas, of which the values stored in the file were taken")
    if len(missing) == 1:
        notes.append(
            f"one formula has no value stored in the file and was left out ({missing[0]}); "
            "open it in a spreadsheet program and save it again to take its value in"
        )
    elif missing:
        shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        notes.append(
            f"{len(missing):,} formulas have no value stored in the file and were left out ({shown}); "
            "open it in a spreadsheet program and save it again to take their values in"
        )
    return notes


def _elements(file: IO[bytes], *tags: str) -> Iterator[etree._Element]:
    """Elements as they end; each is forgotten when the next one is asked for."""
    found = etree.iterparse(
        file, events=("end",), tag=tags, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    for _, element in found:
        yield element
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del element.getparent()[0]


def _size_of_xlsx(file: IO[bytes]) -> _Size:
    """How far the cells of a sheet reach (ECMA-376, part 1, 18.3.1.73: row, 18.3.1.4: c)."""
    size = _Size()
    number = 0
    for row in _elements(file, "{*}row"):
        number = max(number + 1, _number(row.get("r")))
        # Cells that have a format only do not count, of which there may be thousands at a row's end.
        last = next((index for index in range(len(row), 0, -1) if len(row[index - 1])), 0)
        if last:
            size.reach(number, max(last, _column_of(row[last - 1])))
        for formula in row.iterfind("{*}c/{*}f"):
            cell = formula.getparent()
            size.calculate(cell.get("r", f"row {number}"), has_value=bool(cell.findtext("{*}v")))
    return size


def _sizes_of_ods(file: IO[bytes]) -> list[_Size]:
    sizes = [_Size()]
    row = 0
    for element in _elements(file, f"{ODS_TABLE}table-row", f"{ODS_TABLE}table"):
        if element.tag == f"{ODS_TABLE}table":
            sizes.append(_Size())
            row = 0
            continue
        row += _number(element.get(f"{ODS_TABLE}number-rows-repeated"), least=1)
        column = 0
        for cell in element:
            column += _number(cell.get(f"{ODS_TABLE}number-columns-repeated"), least=1)
            formula = cell.get(f"{ODS_TABLE}formula") is not None
            has_value = cell.get(f"{ODS_OFFICE}value-type") is not None
            if has_value or formula or len(cell):
                sizes[-1].reach(row, column)
            if formula:
                sizes[-1].calculate(f"{column_letters(column)}{row}", has_value=has_value)
    return sizes


def _number(text: str | None, *, least: int = 0) -> int:
    return max(least, int(text)) if text is not None and re.fullmatch(r"\d{1,9}", text) else least


def _column_of(cell: etree._Element) -> int:
    """The number of the column that a cell says it stands in; 0 if it does not."""
    number = 0
    for letter in cell.get("r", "").rstrip("0123456789")[:3]:
        number = number * 26 + ord(letter) - 64
    return number


def _csv(path: Path) -> Book:
    encoding = encoding_of(path, folder=path.parent)
    lines = lines_of(path, folder=path.parent, encoding=encoding.name)
    sample = list(islice(lines, SAMPLE_LINES))
    told = re.fullmatch(r"\"?sep=(.)\"?\s*", sample[0], re.IGNORECASE) if sample else None
    separator = told[1] if told else _separator(sample, path.suffix.lower())
    # What Excel writes for itself is no row; it stays one, empty, so that rows have the numbers that Excel shows.
    start = ["\n", *sample[1:]] if told else sample
    rows = [[_without_apostrophe(cell) for cell in row] for row in _rows(_chained(start, lines), separator)]
    notes = [encoding.note] if encoding.note else []
    if separator != ",":
        notes.append(f"its columns are separated by {SEPARATORS.get(separator, repr(separator))}")
    return Book([Table("", rows)], [" and ".join(notes)] if notes else [])


def _chained(start: Sequence[str], lines: Iterator[str]) -> Iterator[str]:
    yield from start
    yield from lines


def _without_apostrophe(cell: str) -> str:
    """A cell without what stood before it only so that no spreadsheet program takes it for a formula."""
    return re.sub(r"\A'(?=[=+\-@\s＝＋－＠])", "", cell)


def _separator(sample: Sequence[str], suffix: str) -> str:
    """What parts the columns, as clevercsv tells it from the shape and the values of the first rows."""
    text = "".join(sample)[:SAMPLE_CHARACTERS]
    if suffix == ".tsv" and "\t" in text:
        return "\t"
    if not any(mark in text for mark in SEPARATORS):
        return ","
    try:
        found = clevercsv.Detector().detect(text, delimiters=list(SEPARATORS))
        return found.delimiter if found is not None and found.delimiter else separator_of(sample[0])
    except (clevercsv.Error, csv.Error):  # such as a NUL byte, which is said where it stands
        return max(SEPARATORS, key=sample[0].count)


def _rows(lines: Iterator[str], separator: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    widest = 0
    try:
        for row in reader:
            rows.append(row)
            widest = max(widest, len(row))
            _refuse_large(len(rows), widest)
    except csv.Error as problem:
        raise FileRefused(
            f"near line {reader.line_num} a quote does not fit, or a cell is longer than any text ({problem})",
            remedy="close the quote, or write a quote inside a text twice",
        ) from None
    return rows
