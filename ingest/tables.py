"""CSV files as rows: RFC 4180 in UTF-8, with or without a byte order mark, columns in any order.

A file is read as a stream of lines. A row that does not fit is refused and the next one read; a file that cannot be
read as CSV is refused as a whole.
"""

import csv
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import ErrorDetails

from graph.intake import Kind, Trust, identity_of
from ingest.cells import Cell, Unfit, closest, visible
from ingest.encodings import encoding_of
from ingest.files import FileRefused, lines_of, separator_of
from ingest.report import Note, Refusal
from ingest.rows import MODELS, Row

__all__ = [
    "Entry",
    "Table",
    "columns_of",
    "read_row",
    "read_table",
    "refusals_of",
    "required_choices",
    "required_columns",
]

LANGUAGE_SUFFIX = re.compile(r"(label|name)s?_[a-z]{2,3}$")
LONGEST_CELL = 131_072
MOST_ROWS = 1_000_000
EMPTY = "it is empty"
MARKS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something valid with where it stands: a row of a CSV file by its ``number``, or else by the words ``where``."""

    row: Row
    file: str
    number: int | None
    where: str | None = None

    @property
    def place(self) -> str:
        """Where it stands, for somebody who looks at its file."""
        return self.where or (self.file if self.number is None else f"row {self.number}")


@dataclass(slots=True)
class Table:
    """What was read of one kind in one file, or of all documents.

    ``refused`` has the ids of refused rows with their row numbers; ``is_readable`` is False if the file as a whole
    was refused; ``names_all_refused`` is False if a refused row does not even tell its id.
    """

    kind: Kind
    file: str
    trust: Trust = Trust.OWN
    entries: dict[str, Entry] = field(default_factory=dict)
    refused: dict[str, int | None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refused_rows: int = 0
    is_readable: bool = True
    names_all_refused: bool = True

    def accept(self, entry: Entry) -> None:
        """Take a valid row in, unless an earlier one has its id."""
        earlier = self.entries.get(entry.row.identity)
        if earlier is None:
            self.entries[entry.row.identity] = entry
            return
        self.refused_rows += 1
        key = ", ".join(columns_of(type(entry.row))[name] for name in entry.row.key)
        value = ", ".join(str(getattr(entry.row, name) or "") for name in entry.row.key)
        self.refusals.append(
            Refusal(
                self.file,
                entry.number,
                key,
                visible(value),
                f"{earlier.place} has the same {key}, '{visible(value)}'",
                "delete one of the two or give it an id of its own",
                entry.where,
            )
        )

    def refuse(self, refusals: Iterable[Refusal], *, identity: str | None, number: int | None) -> None:
        """Take down that a row is refused; ``identity`` is its id, if it can be told."""
        self.refused_rows += 1
        self.refusals.extend(refusals)
        if identity is None:
            self.names_all_refused = False
        elif identity not in self.entries:
            self.refused[identity] = number

    def withdraw(self, identity: str, refusals: Iterable[Refusal]) -> None:
        """Refuse a row that had been accepted."""
        entry = self.entries.pop(identity)
        self.refuse(refusals, identity=identity, number=entry.number)


@cache
def columns_of(model: type[Row]) -> Mapping[str, str]:
    """The columns of a model's file, by the name of the model's field."""
    return {name: field.alias or name for name, field in model.model_fields.items()}


@cache
def required_columns(model: type[Row]) -> tuple[str, ...]:
    """The columns that every file of the model must have."""
    return tuple(columns_of(model)[name] for name, field in model.model_fields.items() if field.is_required())


@cache
def required_choices(model: type[Row]) -> Mapping[str, Sequence[str]]:
    """The columns that every row must fill with one of a few words, each with those words."""
    return {
        columns_of(model)[name]: one.choices
        for name, field in model.model_fields.items()
        for one in field.metadata
        if field.is_required() and isinstance(one, Cell) and one.choices
    }


def read_table(path: Path, kind: Kind) -> Table:
    """Everything in one CSV file of a network's folder, valid and refused; references are not looked up yet."""
    table = Table(kind, path.name)
    model = MODELS[kind]
    whole = Table(kind, path.name)
    try:
        for _ in _records(path, whole):
            pass  # a file that is refused as a whole is refused before its rows take time and memory
        records = _records(path, table)
        header = _header(next(records, []), model, table)
        for number, cells in enumerate(records, start=2):
            if any(cell.strip() for cell in cells):
                _read_row(table, model, header, number, cells)
    except FileRefused as problem:
        refused = Table(kind, path.name, is_readable=False, notes=whole.notes)
        refused.refusals.append(problem.refusal(path.name))
        return refused
    return table


def _records(path: Path, table: Table) -> Iterator[list[str]]:
    """The file's records, one for each row that a spreadsheet shows; how it is written is noted if it is unusual."""
    csv.field_size_limit(LONGEST_CELL)
    encoding = encoding_of(path, folder=path.parent)
    if encoding.note:
        table.notes.append(Note(table.file, encoding.note))
    lines = lines_of(path, folder=path.parent, encoding=encoding.name)
    first = next(lines, "")
    mark = separator_of(first)
    if mark != ",":
        table.notes.append(Note(table.file, f"its columns are parted by {MARKS.get(mark, mark)}"))
    reader = csv.reader(chain([first], lines), delimiter=mark, strict=True)
    try:
        yield from islice(reader, MOST_ROWS + 1)
        is_longer = next(reader, None) is not None
    except csv.Error as problem:
        raise _csv_problem(problem, reader.line_num) from None
    if is_longer:
        raise FileRefused(f"it has more than {MOST_ROWS:,} rows", remedy="load it in parts")


def _csv_problem(problem: csv.Error, line: int) -> FileRefused:
    text = str(problem)
    if "field limit" in text:
        return FileRefused(
            f"a cell that ends near line {line} has more than {LONGEST_CELL:,} characters",
            remedy="shorten it, or close a quote that was left open",
        )
    if "unexpected end of data" in text:
        return FileRefused(
            "a double quote is opened and never closed", remedy="close it, or write a quote inside a text twice"
        )
    if "new-line character" in text:
        return FileRefused(f"line {line} has a line break outside quotes", remedy="save the file as CSV again")
    return FileRefused(f"line {line} is not CSV ({text})", remedy="write a double quote inside a text twice")


def _header(cells: Sequence[str], model: type[Row], table: Table) -> list[str | None]:
    """The known columns in the file's order, None for those that are left out."""
    known = columns_of(model).values()
    found = [cell.strip().lower() for cell in cells]
    if not any(found):
        raise FileRefused("it has no header", remedy=f"write the columns in its first row: {', '.join(known)}")
    missing = [column for column in required_columns(model) if column not in found]
    if missing:
        raise _missing(missing, found)
    header: list[str | None] = []
    for number, name in enumerate(found):
        if name not in known:
            header.append(None)
            if name:
                # A text in another language is no misspelling of one in a language that is known.
                others = [] if LANGUAGE_SUFFIX.search(name) else [column for column in known if column not in found]
                meant = closest(name, others)
                hint = f"; did you mean '{meant}'?" if meant else ""
                table.notes.append(Note(table.file, f"column '{visible(name)}' is not known and was left out{hint}"))
            continue
        if name in found[:number]:
            raise FileRefused(f"it has two columns '{name}'", remedy="delete one of the two", column=name)
        header.append(name)
    return header


def _missing(missing: Sequence[str], found: Sequence[str]) -> FileRefused:
    if len(found) == 1 and any(mark in found[0] for mark in ";\t"):
        return FileRefused("its columns are not separated by commas", remedy="save it with commas", value=found[0])
    named = " and ".join(f"'{column}'" for column in missing)
    meant = [(name, column) for column in missing if (name := closest(column, found)) is not None]
    remedy = "; ".join(f"did you mean '{column}' by '{visible(name)}'?" for name, column in meant)
    return FileRefused(
        f"it has no column {named}", remedy=remedy or "add it, with that name in the first row", column=missing[0]
    )


def _read_row(table: Table, model: type[Row], header: Sequence[str | None], number: int, cells: Sequence[str]) -> None:
    if len(cells) != len(header):
        refusal = Refusal(
            table.file,
            number,
            None,
            "",
            f"it has {len(cells)} cells, but the header has {len(header)}",
            "put a text that has a comma between double quotes",
        )
        table.refuse([refusal], identity=None, number=number)
        return
    filled = {column: cell for column, cell in zip(header, cells, strict=True) if column is not None and cell.strip()}
    try:
        row = model.model_validate(filled)
    except ValidationError as problem:
        table.refuse(
            refusals_of(problem, filled, file=table.file, number=number),
            identity=_identity(model, filled),
            number=number,
        )
        return
    table.accept(Entry(row, table.file, number))


def read_row(table: Table, cells: Mapping[str, object], *, where: str) -> None:
    """Take in a row of a foreign file by its columns, or refuse it."""
    model = MODELS[table.kind]
    try:
        row = model.model_validate(cells)
    except ValidationError as problem:
        refusals = refusals_of(problem, cells, file=table.file, number=None, where=where)
        refusals = [_with_default(refusal, model) for refusal in refusals]
        table.refuse(refusals, identity=_identity(model, cells), number=None)
        return
    table.accept(Entry(row, table.file, None, where))


def refusals_of(
    problem: ValidationError, given: Mapping[str, object], *, file: str, number: int | None, where: str | None = None
) -> list[Refusal]:
    """One refusal for each cell that does not fit."""
    found = [_refusal(error, given, file=file, number=number) for error in problem.errors(include_url=False)]
    return [replace(refusal, place=where) for refusal in found]


def _refusal(error: ErrorDetails, given: Mapping[str, object], *, file: str, number: int | None) -> Refusal:
    column = str(error["loc"][0]) if error["loc"] else None
    unfit = error.get("ctx", {}).get("error")
    if isinstance(unfit, Unfit):
        column = unfit.column or column
        value = unfit.value if unfit.value is not None else given.get(column or "", "")
        shown = value if isinstance(value, str) else reprlib.repr(value)
        return Refusal(file, number, column, visible(shown), unfit.reason, unfit.remedy)
    if error["type"] == "missing":
        return Refusal(file, number, column, "", EMPTY, f"fill in {column}")
    return Refusal(file, number, column, "", "it is neither a text nor a list of texts", f"write {column} as text")


def _with_default(refusal: Refusal, model: type[Row]) -> Refusal:
    """The refusal of an empty cell as it helps where a list has no such column: a mapping can say it for all rows."""
    words = required_choices(model).get(refusal.column or "")
    if refusal.reason != EMPTY or not words:
        return refusal
    return replace(
        refusal,
        remedy=f"{refusal.remedy}, or say it for all rows of the sheet in a mapping (knowwho ingest --propose-mapping "
        f"FILE), such as 'defaults: {{{refusal.column}: {words[0]}}}'",
    )


def _identity(model: type[Row], filled: Mapping[str, object]) -> str | None:
    """The id of a row that does not fit as a whole, if the columns that make the id do."""
    try:
        key = _key_alone(model).model_validate(filled)
    except ValidationError:
        return None
    return identity_of([getattr(key, name) or "" for name in model.key])


@cache
def _key_alone(model: type[Row]) -> type[BaseModel]:
    """A model of the columns that make a row's id, without the others."""
    known = model.model_fields
    fields: dict[str, Any] = {name: (known[name].annotation, known[name]) for name in model.key}
    return create_model(f"{model.__name__}Key", **fields)
