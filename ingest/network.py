"""A network's folder, read and checked: what may go into the graph, and what is refused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.intake import Kind, Known, NetworkRecord
from ingest import description, documents
from ingest.cells import closest, visible
from ingest.errors import FolderUnreadable, NotANetwork
from ingest.files import FileRefused
from ingest.references import settle
from ingest.report import Note, Refusal
from ingest.rows import MODELS, Event, Expert, Resource
from ingest.tables import Table, read_table

__all__ = ["Network", "ensure_network", "read"]


@dataclass(frozen=True, slots=True)
class Network:
    """A network as its folder has it. ``tables`` has the kinds whose file (or folder ``documents``) is there."""

    folder: Path
    description: NetworkRecord | None
    tables: Mapping[Kind, Table]
    refusals: Sequence[Refusal]
    notes: Sequence[Note]

    def languages(self) -> frozenset[str]:
        """The tags of every language that somebody speaks, or that an event or a resource is in."""
        tags: set[str] = set()
        for table in self.tables.values():
            for entry in table.entries.values():
                row = entry.row
                if isinstance(row, Expert):
                    tags.update(one.language for one in row.languages)
                elif isinstance(row, Event | Resource):
                    tags.update(row.languages)
        return frozenset(tags)


def ensure_network(folder: Path) -> None:
    """Return if the folder can be read and holds a network; a quick look, before anything is started for it.

    Raises:
        FolderUnreadable, NotANetwork: as :func:`read`.
    """
    known = {documents.FOLDER, *(f"{kind}.csv" for kind in MODELS)}
    if not known & _files(folder).keys():
        raise NotANetwork(folder)


def read(folder: Path, *, known: Known | None = None, prune: bool = False) -> Network:
    """Everything in a network's folder, valid and refused; the database is not asked.

    ``known`` is what the graph holds already: rows may name that too, as far as pruning does not remove it.

    Raises:
        FolderUnreadable: the folder is not there or may not be read.
        NotANetwork: none of the files that a network is made of is in it.
    """
    ensure_network(folder)
    files = _files(folder)
    tables: dict[Kind, Table] = {}
    notes: list[Note] = []
    for kind in Kind:
        if (path := files.pop(f"{kind}.csv", None)) is not None and kind in MODELS:
            tables[kind] = read_table(path, kind)
    if files.pop(documents.FOLDER, None) is not None:
        tables[Kind.DOCUMENTS] = documents.read_documents(folder)
    refusals: list[Refusal] = []
    described = None
    if (path := files.pop(description.FILE, None)) is not None:
        try:
            described = description.read_description(path)
        except FileRefused as problem:
            refusals.append(problem.refusal(description.FILE))
    notes.extend(_left_out(files))
    settle(tables, known or Known.nothing(), prune=prune)
    for table in tables.values():
        refusals.extend(sorted(table.refusals, key=lambda refusal: refusal.row or 0))
        notes.extend(table.notes)
        if prune and not (table.is_readable and table.names_all_refused):
            notes.append(Note(table.file, "nothing of it was pruned, because a refused row may stand for anything"))
    return Network(folder, described, tables, tuple(refusals), tuple(notes))


def _files(folder: Path) -> dict[str, Path]:
    """What is in the folder, by name in lower case; what starts with a dot is not looked at."""
    try:
        return {path.name.lower(): path for path in sorted(folder.iterdir()) if not path.name.startswith(".")}
    except OSError as problem:
        raise FolderUnreadable(folder, reason=problem.strerror or type(problem).__name__) from None


def _left_out(files: Mapping[str, Path]) -> list[Note]:
    """A note on every CSV file that is not a network's."""
    known = [f"{kind}.csv" for kind in MODELS]
    notes: list[Note] = []
    for name, path in files.items():
        if name.endswith(".csv"):
            meant = closest(name, known)
            hint = f"; did you mean {meant}?" if meant else ""
            notes.append(Note(visible(path.name), f"it is not a file of a network and was left out{hint}"))
    return notes
