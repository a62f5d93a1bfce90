"""Rows with ids in place of what their file says: ``#key`` and ``~name``; and rows that say the same thing, as one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.intake import Kind
from ingest.cells import visible
from ingest.found import CellValue
from ingest.report import Doubt, Refusal
from ingest.resolving.told import Spot, Told
from ingest.rows import MODELS
from ingest.tables import columns_of, required_columns

__all__ = ["Cells", "Named", "ResolvedRow", "merged", "references", "with_ids"]

Cells = Mapping[str, str | list[str]]

DOCUMENT: Mapping[str, Kind] = {"owner": Kind.EXPERTS, "event": Kind.EVENTS, "resource": Kind.RESOURCES}
"""What a document's cells name (ingest.documents)."""


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A row as the column of ``{kind}.csv`` takes it, lists being lists; ``keys`` are all that the file calls it."""

    kind: Kind
    cells: Cells
    file: str
    place: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What a reference is to: its id; or none, and then why it is left out, unless that was told before."""

    id: str | None
    reason: str = ""
    remedy: str = ""


Lookup = Callable[[Kind, str], Named]


@cache
def references(kind: Kind) -> Mapping[str, Kind]:
    """The columns of a kind that name something, with what they name."""
    if kind is Kind.DOCUMENTS:
        return DOCUMENT
    columns = columns_of(MODELS[kind])
    return {columns[name]: of for name, of in MODELS[kind].referring().items() if columns[name] != "exact_match"}


def keys_named(told: Told) -> Iterator[tuple[str, Spot]]:
    """Every ``#key`` of a row, with its column and what it names."""
    for column, kind in references(told.row.kind).items():
        for value in _heads(told.row.cells.get(column)):
            if value.startswith("#"):
                yield column, (told.file, kind, value[1:])


def _heads(value: CellValue | None) -> Iterator[str]:
    """The names that a cell holds: of ``["~Sites", "lead"]`` the first part."""
    for one in [value] if isinstance(value, str) else value or ():
        head = one if isinstance(one, str) else next(iter(one), "")
        if head:
            yield head


def with_ids(told: Told, lookup: Lookup) -> tuple[Cells | None, list[Doubt], list[Refusal]]:
    """The cells of a row with ids for names, empty ones left out; None if a name that it needs is not known."""
    kind = told.row.kind
    naming = references(kind)
    needed = required_columns(MODELS[kind]) if kind in MODELS else ()
    cells: dict[str, str | list[str]] = {}
    doubts: list[Doubt] = []
    refusals: list[Refusal] = []
    for column, value in told.row.cells.items():
        if column not in naming:
            found = _plain(value)
        else:
            found, missing = _named(value, naming[column], lookup)
            for name, one in missing:
                if column in needed and not found:
                    refusals.append(told.refusal(column, name, reason=one.reason, remedy=one.remedy))
                elif one.reason:
                    doubts.append(told.doubt(column, name, reason=one.reason, remedy=one.remedy))
        if found:
            cells[column] = found
    return (None if refusals else cells), doubts, refusals


def _plain(value: CellValue) -> str | list[str]:
    if isinstance(value, str):
        return value
    return _first_of_each([one if isinstance(one, str) else ":".join(one) for one in value])


def _named(value: CellValue, kind: Kind, lookup: Lookup) -> tuple[str | list[str], list[tuple[str, Named]]]:
    found: list[str] = []
    missing: list[tuple[str, Named]] = []
    for one in [value] if isinstance(value, str) else value:
        head, *rest = [one] if isinstance(one, str) else one or [""]
        if not head:
            continue
        named = lookup(kind, head)
        if named.id is None:
            missing.append((head.removeprefix("~"), named))
        else:
            found.append(":".join([named.id, *rest]))
    if isinstance(value, str):
        return (found[0] if found else ""), missing
    return _first_of_each(found), missing


def _first_of_each(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(values))


def merged(rows: Sequence[tuple[Told, Cells]]) -> tuple[list[ResolvedRow], list[Doubt]]:
    """Rows with what one file says of one thing put together, in the order of the first that says it.

    Lists are put together; of all else the first word is taken, of an event the one that was changed most often, and
    what differs from it is a doubt. A person's further names become other names.
    """
    groups: dict[tuple[str, ...], list[tuple[Told, Cells]]] = {}
    for number, (told, cells) in enumerate(rows):
        kind = told.row.kind
        columns = columns_of(MODELS[kind])
        key = [str(cells.get(columns[name], "")) for name in MODELS[kind].key]
        same = (told.file, kind, *key) if any(key) else (told.file, kind, str(number))
        groups.setdefault(same, []).append((told, cells))
    found: list[ResolvedRow] = []
    doubts: list[Doubt] = []
    for group in groups.values():
        ordered = sorted(group, key=lambda one: -_sequence(one[1]))
        first, cells = ordered[0]
        together: dict[str, str | list[str]] = dict(cells)
        for told, more in ordered[1:]:
            doubts += _add(together, more, told, first)
        keys = tuple(dict.fromkeys(told.row.key for told, _ in group))
        found.append(ResolvedRow(first.row.kind, _tidy(together), first.file, first.row.place, keys))
    return found, doubts


def _sequence(cells: Cells) -> int:
    value = cells.get("sequence", "")
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 0


def _add(together: dict[str, str | list[str]], more: Cells, told: Told, first: Told) -> Iterator[Doubt]:
    """Put what a further row says with what is known, and tell where it differs."""
    for column, value in more.items():
        known = together.get(column)
        if known is None:
            together[column] = value
        elif isinstance(known, list):
            together[column] = [*known, *([value] if isinstance(value, str) else value)]
        elif column == "name" and told.row.kind is Kind.EXPERTS:
            others = together.get("other_names", [])
            together["other_names"] = [*([others] if isinstance(others, str) else others), str(value)]
        elif value != known and column != "sequence" and _sequence(more) == _sequence(together):
            yield told.doubt(
                column,
                str(value),
                reason=f"'{visible(str(value))}' here is '{visible(known)}' at {first.where}, which was taken",
                remedy="correct one of the two",
            )


def _tidy(cells: Mapping[str, str | list[str]]) -> Cells:
    """Cells in which no list has anything twice: of what has a level, the first."""
    tidy: dict[str, str | list[str]] = {}
    for column, value in cells.items():
        if not isinstance(value, list):
            tidy[column] = value
        elif column in {"languages", "topics"}:
            heads: dict[str, str] = {}
            for one in value:
                heads.setdefault(one.partition(":")[0], one)
            tidy[column] = list(heads.values())
        else:
            tidy[column] = list(dict.fromkeys(value))
    name = tidy.get("name")
    if isinstance(others := tidy.get("other_names"), list):
        tidy["other_names"] = [one for one in others if one != name]
    return {column: value for column, value in tidy.items() if value}
