"""The reader of an event's agenda, as organisers write it into a table: one item a row, its columns in any order."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from graph.intake import Kind
from ingest import recognise
from ingest.cells import visible
from ingest.files import FileRefused
from ingest.found import Found, Reading
from ingest.readers import Options
from ingest.readers.sheets.books import Value, open_book, text_of

__all__ = ["COLUMNS", "read"]

COLUMNS: Mapping[str, Sequence[str]] = {
    "start": ("start", "starts", "starts_at", "begin", "from", "time"),
    "end": ("end", "ends", "ends_at", "until", "to"),
    "title": ("title",),
    "kind": ("kind",),
    "speakers": ("speakers", "speaker"),
    "room": ("room",),
    "language": ("language",),
    "description": ("description",),
    "id": ("id",),
}
"""What each column may be called."""
SHOWN_HEADERS = 12


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001 -- every reader takes them
    """The items of the first table, in its order; each with what :data:`COLUMNS` names as far as it says it.

    Raises:
        FileRefused: it is no table, has no column of titles, or one that an agenda does not have.
    """
    book = open_book(path)
    rows = book.tables[0].rows if book.tables else []
    columns = _columns(rows[0] if rows else [])
    return Reading(rows=list(_items(rows[1:], columns)), notes=list(book.notes))


def _columns(head: Sequence[Value]) -> Mapping[str, int]:
    """Where each column stands.

    Raises:
        FileRefused: these are not the columns of an agenda.
    """
    names = {name: column for column, own in COLUMNS.items() for name in own}
    found: dict[str, int] = {}
    for index, value in enumerate(head):
        text = recognise.plain(text_of(value)).replace(" ", "_")
        if not text:
            continue
        column = names.get(text)
        if column is None or column in found:
            what = "which an agenda does not have" if column is None else "which says the same as another"
            raise FileRefused(
                f"it has a column '{visible(text_of(value))}', {what}",
                remedy=f"its columns are {', '.join(COLUMNS)}; delete it",
            )
        found[column] = index
    if "title" not in found:
        shown = ", ".join(f"'{visible(text_of(value))}'" for value in head[:SHOWN_HEADERS]) or "nothing"
        raise FileRefused(f"its first row has no column 'title', but {shown}", remedy="write the columns' names there")
    return found


def _items(rows: Sequence[Sequence[Value]], columns: Mapping[str, int]) -> Iterator[Found]:
    for number, row in enumerate(rows, start=2):
        cells = {column: text_of(row[index]).strip() for column, index in columns.items() if index < len(row)}
        told = {column: text for column, text in cells.items() if text}
        if told:
            yield Found(kind=Kind.EVENTS, key=str(number), cells=dict(told), place=f"row {number}")
