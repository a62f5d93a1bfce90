"""The reader of lists: rosters in spreadsheets (.xlsx, .xls, .ods) and in CSV files that are not the network's own.

A mapping file is binding. Without one a list is read as its headers certainly say; what only looks right is a doubt,
and everything else is left out and noted.
"""

from collections.abc import Mapping
from pathlib import Path

from graph.intake import Kind
from ingest.cells import visible
from ingest.fields import REQUIRED, headers_known
from ingest.files import FileRefused
from ingest.found import Reading
from ingest.mapping import LEAVE_OUT, Proposal, Sheet, mapping_of, mapping_yaml
from ingest.readers import Options
from ingest.readers.sheets.books import Book, Table, open_book
from ingest.readers.sheets.cells import Recognising
from ingest.readers.sheets.proposing import Head, head_of, proposal_of, sheet_label
from ingest.readers.sheets.taking import Taking
from ingest.recognise import prepare

__all__ = ["propose_mapping", "proposed_mapping_yaml", "read"]

# The process of readers has time for its modules, and little for a file.
prepare()
headers_known()

PROPOSE = "write a mapping: knowwho ingest --propose-mapping FILE"


def read(path: Path, *, options: Options) -> Reading:
    """What a list holds: people with organisations and affiliations, or any other kind, sheet by sheet.

    Raises:
        FileRefused: it is no list, damaged, locked, larger than any list, or its mapping does not fit it.
    """
    book = open_book(path)
    if options.mapping is not None:
        mapping = mapping_of(options.mapping)
        taking = Taking(Recognising(mapping, options.default_country))
        return taking.reading([*book.notes, *_as_mapped(book, mapping.sheets, taking, file=options.file)])
    proposal = proposal_of(book, file=options.file)
    taking = Taking(Recognising(proposal.mapping, options.default_country))
    return taking.reading([*book.notes, *_as_proposed(book, proposal, taking, file=options.file)])


def propose_mapping(path: Path) -> Proposal:
    """How a list can be read, with the reason for every sheet and column.

    Raises:
        FileRefused: it is no list, damaged, locked, or larger than any list.
    """
    return proposal_of(open_book(path), file=path.name)


def proposed_mapping_yaml(path: Path) -> str:
    """The mapping file to write beside a list, for a person to correct.

    Raises:
        FileRefused: as :func:`propose_mapping`.
    """
    return mapping_yaml(propose_mapping(path))


def _as_mapped(book: Book, sheets: Mapping[str, Sheet], taking: Taking, *, file: str) -> list[str]:
    """Take in the sheets that a mapping names; sentences on those that it does not."""
    tables = {sheet_label(table, file): table for table in book.tables}
    # A file without sheets has one table, whatever the mapping calls it.
    if len(tables) == len(sheets) == 1 and not book.tables[0].name:
        tables = dict.fromkeys(sheets, book.tables[0])
    missing = [name for name in sheets if name not in tables]
    if missing:
        raise FileRefused(
            f"its mapping, at sheets: the file has no sheet '{visible(missing[0])}'",
            remedy=f"write one of {', '.join(visible(name) for name in tables)}, or delete it from the mapping",
        )
    notes = []
    for name, table in tables.items():
        sheet = sheets.get(name)
        if sheet is None:
            notes.append(f"sheet '{visible(name)}' is not in the mapping and was left out")
        elif sheet.kind != LEAVE_OUT:
            taking.take(table, sheet, _mapped_head(table, sheet, name), label=name)
    return notes


def _mapped_head(table: Table, sheet: Sheet, name: str) -> Head:
    head = head_of(table, sheet.header_row)
    headers = set(head.columns.values()) if head is not None else set()
    missing = [header for header in sheet.columns if header not in headers]
    if head is None or missing:
        where = f"row {head.row}" if head is not None else "no row"
        raise FileRefused(
            f"its mapping, at sheets.{visible(name)}.columns: {where} has no header '{visible((missing or [''])[0])}'",
            remedy="write the header as the file has it, or say header_row",
        )
    return head


def _as_proposed(book: Book, proposal: Proposal, taking: Taking, *, file: str) -> list[str]:
    """Take in what is certain of each sheet, doubt what only looks right; sentences on how each was read."""
    notes: list[str] = []
    for table in book.tables:
        name = sheet_label(table, file)
        shown = f"sheet '{visible(name)}'" if table.name else "the file"
        place = f"sheet {visible(name)}" if table.name else "the whole file"
        sheet, reason = proposal.mapping.sheets[name], proposal.sheets[name]
        head = head_of(table)
        if sheet.kind == LEAVE_OUT or head is None:
            notes.append(f"{shown} was left out: {reason.why}")
            continue
        certain = _certain(sheet, name, proposal)
        fields = {column.field for column in certain.columns.values()}
        if not reason.is_certain or not all(part & fields for part in REQUIRED[Kind(sheet.kind)]):
            why = reason.why if not reason.is_certain else f"what names each of its {sheet.kind} is not certain"
            taking.recognising.doubt(place, None, name, reason=f"it was left out: {why}", remedy=PROPOSE)
            continue
        notes += _on_columns(certain, name, proposal, shown=shown)
        for header, column in sheet.columns.items():
            told = proposal.columns[name, header]
            if not told.is_certain:
                meant = f"it may be {column.field} ({told.why})" if column.field != LEAVE_OUT else told.why
                taking.recognising.doubt(
                    place, header, header, reason=f"the column was left out: {meant}", remedy=PROPOSE
                )
        taking.take(table, certain, head, label=name)
    return notes


def _certain(sheet: Sheet, name: str, proposal: Proposal) -> Sheet:
    """A proposed sheet with its certain columns alone; what all rows are is for a person to say."""
    columns = {header: column for header, column in sheet.columns.items() if proposal.columns[name, header].is_certain}
    return sheet.model_copy(update={"columns": columns, "defaults": {}})


def _on_columns(sheet: Sheet, name: str, proposal: Proposal, *, shown: str) -> list[str]:
    """One sentence on the columns that were read, and one on those that were not."""
    read = [
        f"'{visible(header)}' as {column.field}"
        for header, column in sheet.columns.items()
        if column.field != LEAVE_OUT
    ]
    left = [
        f"'{visible(header)}' ({visible(proposal.columns[name, header].why, limit=200)})"
        for header, column in sheet.columns.items()
        if column.field == LEAVE_OUT
    ]
    notes = [f"{shown} was read as {sheet.kind}: {', '.join(read)}"]
    return [*notes, f"columns of {shown} were left out: {', '.join(left)}"] if left else notes
