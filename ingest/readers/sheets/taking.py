"""Rows of a list as rows of the network's own kinds, and how the rows of one file name each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from graph.intake import Kind
from ingest import recognise
from ingest.cells import SLUG, Unfit, visible
from ingest.fields import FIELDS, REQUIRED, Form, required_text
from ingest.found import CellValue, Found, FoundDocument, FoundText, Reading
from ingest.mapping import LEAVE_OUT, Column, Sheet
from ingest.readers.sheets.books import Table, Value, text_of
from ingest.readers.sheets.cells import Cell, Recognising
from ingest.readers.sheets.parts import name_in_order, strong_parts, whole_name
from ingest.readers.sheets.proposing import NAME_PARTS, Head, values_below
from ingest.recognise import DateOrder, Doubtful, plain

__all__ = ["Taking"]

REFERS: Mapping[Form, Kind] = {
    Form.TOPIC: Kind.TOPICS,
    Form.TOPICS: Kind.TOPICS,
    Form.EXPERTISE: Kind.TOPICS,
    Form.PERSON: Kind.EXPERTS,
    Form.PEOPLE: Kind.EXPERTS,
    Form.ORGANISATION: Kind.ORGANISATIONS,
    Form.ORGANISATIONS: Kind.ORGANISATIONS,
    Form.EVENT: Kind.EVENTS,
    Form.SERIES: Kind.SERIES,
    Form.PROJECT: Kind.PROJECTS,
}
ORDER = {kind: number for number, kind in enumerate(Kind)}
LINKS = frozenset({Kind.AFFILIATIONS, Kind.SPEAKERS, Kind.ATTENDANCE})
DATES = frozenset({Form.DAY, Form.PARTIAL_DATE, Form.MOMENT})
# After a comma, these are no first name: "Salma Benrabah, PhD".
DEGREES = frozenset(map(plain, ("PhD", "Ph.D.", "MD", "MA", "MSc", "BA", "BSc", "LLM", "MBA", "Jr", "Sr", "Dr", "Esq")))
LONGEST_CELL_LINE = 10_000
SLUG_PATTERN = re.compile(SLUG)


@dataclass(slots=True)
class Taking:
    """What is taken in of one file, sheet after sheet."""

    recognising: Recognising
    _found: list[Found] = field(default_factory=list)
    _documents: list[FoundDocument] = field(default_factory=list)
    _named: dict[tuple[Kind, str], set[str]] = field(default_factory=dict)
    """By kind and by plain name, id or e-mail: the keys of the file's rows that are called so."""
    _beside: dict[tuple[Kind, str], Found] = field(default_factory=dict)
    """Organisations and people that rows name, which may have no row of their own."""
    _numbers: set[str] = field(default_factory=set)

    def take(self, table: Table, sheet: Sheet, head: Head, *, label: str) -> None:
        """Take in the rows of a sheet, which the mapping says to be of one kind."""
        if sheet.kind == LEAVE_OUT:
            return
        kind = Kind(sheet.kind)
        orders = {
            index: self._order(table, head, index, column=sheet.columns[header], kind=kind, label=label)
            for index, header in head.columns.items()
            if header in sheet.columns
        }
        for number, values in enumerate(table.rows[head.row :], start=head.row + 1):
            place = f"sheet {visible(label)}, row {number}" if table.name else f"row {number}"
            cells = list(self._cells(values, sheet, head, place=place, orders=orders))
            if cells:
                given = {cell.column.field for cell in cells}
                cells += [
                    Cell(text, f"defaults.{name}", Column(field=name), FIELDS[kind][name], kind, place)
                    for name, text in sheet.defaults.items()
                    if name not in given
                ]
                self._row(kind, cells, place)

    def reading(self, notes: Sequence[str]) -> Reading:
        """Everything that was taken, refused and doubted; rows of the file name each other by their keys."""
        beside = [one for (kind, name), one in self._beside.items() if (kind, name) not in self._named]
        for one in beside:
            self._call(one.kind, one.key, *(text for text in one.cells.values() if isinstance(text, str)))
        rows = [one.model_copy(update={"cells": self._linked(one)}) for one in [*beside, *self._found]]
        return Reading(
            rows=sorted(rows, key=lambda one: ORDER[one.kind]),
            documents=self._documents,
            refused=self.recognising.refused,
            doubts=self.recognising.doubts,
            notes=[
                *notes,
                *(
                    f"'{header}' does not hold ids of a network; it was used only to find the file's own rows"
                    for header in sorted(self._numbers)
                ),
                *self.recognising.said(),
            ],
        )

    def _order(
        self, table: Table, head: Head, index: int, *, column: Column, kind: Kind, label: str
    ) -> DateOrder | None:
        """The order of day and month in a column; that it cannot be told is one doubt for the whole column."""
        form = FIELDS[kind].get(column.field)
        told = column.date_order or self.recognising.mapping.date_order
        if form not in DATES or told is not None:
            return told
        texts = [value for value in values_below(table, head, index) if isinstance(value, str)]
        try:
            order = recognise.date_order(texts)
        except Unfit:  # the cell is refused in its row
            order = None
        left_open = [text for text in texts if _is_open(text)] if order is None else []
        if left_open:
            self.recognising.doubt(
                f"sheet {visible(label)}" if table.name else "the whole file",
                head.columns[index],
                left_open[0],
                reason=f"nothing tells which number of {len(left_open):,} dates is the day, and they were left out",
                remedy="say date_order, day-month-year or month-day-year, in a mapping",
            )
        return order

    def _cells(
        self,
        values: Sequence[Value],
        sheet: Sheet,
        head: Head,
        *,
        place: str,
        orders: Mapping[int, DateOrder | None],
    ) -> Iterator[Cell]:
        """The cells of a row that are filled and not left out."""
        kind = Kind(sheet.kind)
        for index, header in head.columns.items():
            column = sheet.columns.get(header)
            if column is None or column.field == LEAVE_OUT or index >= len(values) or values[index] == "":
                continue
            form = FIELDS[kind][column.field]
            text = self._text(text_of(values[index]), form)
            # One doubt stands for all dates of a column whose order is open.
            if text and not (form in DATES and orders.get(index) is None and _is_open(text)):
                yield Cell(text, header, column, form, kind, place, orders.get(index))

    def _text(self, text: str, form: Form) -> str:
        """A cell's text, without tags and hidden characters; its lines are kept, which part lists."""
        plain_text = self.recognising.plain_text
        if form is Form.PROSE:
            return plain_text.prose(plain_text.written(text))
        lines = [plain_text.line(one, most=LONGEST_CELL_LINE) for one in text.splitlines()]
        return "\n".join(one for one in lines if one)

    def _row(self, kind: Kind, cells: list[Cell], place: str) -> None:
        """One row, and what it tells beside: an organisation, an affiliation, a biography."""
        told = self.recognising.told(cells)
        if kind is Kind.EXPERTS:
            self._person(told, cells, place)
        elif not all(part & set(told) for part in REQUIRED[kind]):
            self.recognising.refuse(place, f"it does not say {required_text(kind)}", "fill it in, or delete the row")
        elif kind in LINKS:
            self._link(kind, told, place)
        else:
            names = [told.get("name"), told.get("title")]
            names += [value for name, value in told.items() if name.startswith(("label_", "other_labels_"))]
            self._add(kind, told, cells, place, names=names)

    def _add(
        self,
        kind: Kind,
        told: dict[str, CellValue],
        cells: Sequence[Cell],
        place: str,
        *,
        names: Sequence[CellValue | None],
    ) -> None:
        """A row that others may name by its names, or by its number in the file, which is no id of a network."""
        number = told.get("id")
        if isinstance(number, str):
            self._call(kind, place, number)
            if not _is_id(number):
                del told["id"]
                self._numbers.update(cell.header for cell in cells if cell.column.field == "id")
        for name in names:
            self._call(kind, place, *([name] if isinstance(name, str) else cast("list[str]", name or [])))
        self._found.append(Found(kind=kind, key=place, cells=told, place=place))

    def _call(self, kind: Kind, key: str, *names: str) -> None:
        for name in names:
            self._named.setdefault((kind, plain(name)), set()).add(key)

    def _person(self, told: dict[str, CellValue], cells: Sequence[Cell], place: str) -> None:
        names = {name: str(told.pop(name)) for name in (*NAME_PARTS, "name") if name in told}
        apart = whole_name(names.get("first_name", ""), names.get("last_name", ""))
        name = names.get("name") or name_in_order(names.get("last_first_name", "")) or apart
        if not name:
            self.recognising.refuse(place, "it has no name", "fill the name in, or delete the row")
            return
        if apart and plain(apart) != plain(name):
            told["other_names"] = [*cast("list[str]", told.get("other_names", [])), apart]
        self._doubt_order(names.get("name", ""), cells, place)
        biography, role = told.pop("biography", None), told.pop("role", None)
        organisations = strong_parts(str(told.pop("organisation", "")))
        if role is not None and not organisations:
            told.setdefault("headline", role)
        self._add(Kind.EXPERTS, {"name": name, **told}, cells, place, names=[name, told.get("email")])
        self._affiliate(organisations, strong_parts(str(role or "")), place)
        if isinstance(biography, str):
            self._documents.append(
                FoundDocument(
                    key=f"biography, {place}",
                    cells={"owner": [f"#{place}"], "kind": "biography"},
                    paragraphs=[FoundText(text=text, place=place) for text in biography.split("\n\n")],
                    place=place,
                )
            )

    def _doubt_order(self, name: str, cells: Sequence[Cell], place: str) -> None:
        """A name with a comma is kept as it is written, and doubted."""
        last, comma, first = name.partition(",")
        if not comma or "," in first or plain(first) in DEGREES or len(last.split()) > 3:
            return
        self.recognising.doubt(
            place,
            next((cell.header for cell in cells if cell.column.field == "name"), None),
            name,
            reason=f"'{visible(name)}' may be '{visible(name_in_order(name))}', but was kept as it is written",
            remedy="write the first name first, or say last_first_name for the column in a mapping",
        )

    def _affiliate(self, organisations: Sequence[str], roles: Sequence[str], place: str) -> None:
        """That the person of a row works for the organisations named there, in the roles told for each."""
        if roles and len(organisations) not in (0, len(roles)):
            self.recognising.doubt(
                place,
                None,
                "; ".join(roles),
                reason=f"nothing tells in which of {len(organisations)} organisations this is the role",
                remedy="write as many roles as organisations, between semicolons",
            )
            roles = ()
        for number, organisation in enumerate(organisations):
            cells: dict[str, CellValue] = {
                "expert": f"#{place}",
                "organisation": self._organisation(organisation, place),
            }
            if roles:
                cells["role"] = roles[number]
            key = f"{place}, organisation {number + 1}"
            self._found.append(Found(kind=Kind.AFFILIATIONS, key=key, cells=cells, place=place))

    def _organisation(self, name: str, place: str) -> str:
        """What names an organisation; it gets a row of its own if no sheet has one for it."""
        named = " ".join(name.split())
        key = f"organisation {named}"
        self._beside.setdefault(
            (Kind.ORGANISATIONS, plain(named)),
            Found(kind=Kind.ORGANISATIONS, key=key, cells={"name": named}, place=place),
        )
        return f"~{named}"

    def _link(self, kind: Kind, told: dict[str, CellValue], place: str) -> None:
        """That somebody belongs to something: an affiliation, a talk, an attendance."""
        email, name = told.pop("email", None), told.pop("expert", None)
        if isinstance(email, str):
            told["expert"] = f"~{email}"
            cells: dict[str, CellValue] = {"email": email}
            if isinstance(name, str):
                cells["name"] = name
            self._beside.setdefault(
                (Kind.EXPERTS, plain(email)), Found(kind=Kind.EXPERTS, key=f"person {email}", cells=cells, place=place)
            )
        else:
            told["expert"] = f"~{name}"
        if kind is Kind.AFFILIATIONS:
            told["organisation"] = self._organisation(str(told["organisation"]), place)
        self._found.append(Found(kind=kind, key=place, cells=told, place=place))

    def _linked(self, row: Found) -> dict[str, CellValue]:
        """A row's cells, where what it names by name is another row of the file, and only one, by that row's key."""
        cells = dict(row.cells)
        for name, value in row.cells.items():
            kind = REFERS.get(FIELDS[row.kind].get(name, Form.LINE))
            if kind is None:
                continue
            if isinstance(value, str):
                cells[name] = self._reference(kind, value)
            else:
                cells[name] = cast(
                    "CellValue",
                    [
                        [self._reference(kind, one[0]), *one[1:]]
                        if isinstance(one, list)
                        else self._reference(kind, one)
                        for one in value
                    ],
                )
        return cells

    def _reference(self, kind: Kind, text: str) -> str:
        keys = self._named.get((kind, plain(text[1:])), set()) if text.startswith("~") else set[str]()
        return f"#{next(iter(keys))}" if len(keys) == 1 else text


def _is_id(text: str) -> bool:
    """Whether a text can be an id of a network; a row's bare number is none."""
    return SLUG_PATTERN.fullmatch(text) is not None and not text.replace("-", "").isdigit()


def _is_open(text: str) -> bool:
    """Whether a date may be read in two orders."""
    try:
        recognise.day(text)
    except Doubtful as doubtful:
        return "which number is the day" in doubtful.reason
    except Unfit:
        return False
    return False
