"""A network's files, read and checked: what may go into the graph, and what is refused and why."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from graph.intake import Kind, Known, KnownEvent, KnownNames, KnownPerson, NetworkRecord
from ingest import description, documents
from ingest.cells import visible
from ingest.files import FileRefused
from ingest.folder import Files, files_of
from ingest.found import Reading
from ingest.references import Removals, settle
from ingest.report import Doubt, Note, Refusal
from ingest.resolving import Resolved, resolve
from ingest.rows import Affiliation, Event, Expert, Organisation, Project, Resource, Series, Topic
from ingest.tables import Table, read_row, read_table

__all__ = ["Network", "assemble", "read"]

NEVER_ALL = (Kind.EXPERTS, Kind.EVENTS)
"""Of these no file loses all at once: people have accounts and consents, and events who came."""
MOST_NAMED = 5
REFUSED = "what was refused of it may stand for anything"


@dataclass(frozen=True, slots=True)
class Network:
    """A network as its files have it: of each kind that they tell of, a table for each file."""

    folder: Path
    description: NetworkRecord | None
    tables: Mapping[Kind, Sequence[Table]]
    removals: Removals
    refusals: Sequence[Refusal]
    doubts: Sequence[Doubt]
    notes: Sequence[Note]
    refused_rows: Mapping[Kind, int]
    """Of foreign files, by kind; of the network's own, their tables tell."""

    def languages(self) -> frozenset[str]:
        """The tags of every language that somebody speaks, or that an event or a resource is in."""
        tags: set[str] = set()
        for row in (
            entry.row for tables in self.tables.values() for table in tables for entry in table.entries.values()
        ):
            if isinstance(row, Expert):
                tags.update(one.language for one in row.languages)
            elif isinstance(row, Event | Resource):
                tags.update(row.languages)
        return frozenset(tags)


def read(path: Path, *, known: Known | None = None, prune: bool = False) -> Network:
    """Everything in a folder that needs no reader, valid and refused; the database is not asked.

    ``known`` is what the graph holds already: rows may name that too, as far as pruning does not remove it.

    Raises:
        FolderUnreadable: the folder is not there or may not be read.
        NotANetwork: nothing in it is anything that a network has.
    """
    return assemble(files_of(path), {}, known=known or Known.nothing(), names=KnownNames(), prune=prune)


def assemble(
    files: Files,
    readings: Mapping[str, Reading | FileRefused],
    *,
    known: Known,
    names: KnownNames,
    prune: bool,
) -> Network:
    """What a network's own files say, together with what readers found in the foreign ones (by their paths)."""
    tables = _own_tables(files)
    refusals = [
        problem.refusal(visible(file, limit=300))
        for file, problem in readings.items()
        if isinstance(problem, FileRefused)
    ]
    described = None
    if files.description is not None:
        try:
            described = description.read_description(files.description)
        except FileRefused as problem:
            refusals.append(problem.refusal(description.FILE))
    good = {file: reading for file, reading in readings.items() if isinstance(reading, Reading)}
    resolved = resolve(good, names, own=_own_names(tables))
    _add_rows(tables, files, resolved)
    people = {id for table in tables.get(Kind.EXPERTS, ()) for id in table.entries}.union(known.digests[Kind.EXPERTS])
    _add_documents(tables, files, resolved, people=people, owned=_owned(tables))
    kept = _kept(files, known, good, resolved, own=tables)
    removals = Removals(tables, known, gone=_gone(files, known), read=_names(files, good) - kept.keys())
    settle(tables, known, removals=removals if prune else None)
    refusals += resolved.refusals
    notes = [*files.notes, *resolved.notes]
    if files.is_whole:  # or what is left out would depend on what is loaded together
        notes += _not_there(tables, files)
        from ingest.likeness import count_once  # with scipy behind it, which no child that reads files is to wait for

        notes += count_once(tables.get(Kind.DOCUMENTS, ()))
    for table in (table for kind in Kind for table in tables.get(kind, ())):
        refusals.extend(sorted(table.refusals, key=lambda refusal: refusal.row or 0))
        notes.extend(table.notes)
        if prune and not (table.is_readable and table.names_all_refused):
            kept[table.file] = REFUSED
    if prune:
        notes += _on_kept(kept)
    in_order = {kind: tables[kind] for kind in Kind if kind in tables}
    return Network(
        files.folder,
        described,
        in_order,
        removals,
        tuple(refusals),
        tuple(resolved.doubts),
        tuple(notes),
        resolved.refused_rows,
    )


def _own_tables(files: Files) -> dict[Kind, list[Table]]:
    tables: dict[Kind, list[Table]] = defaultdict(list)
    for kind in Kind:
        if kind in files.own:
            tables[kind].append(read_table(files.own[kind], kind))
    return tables


def _add_rows(tables: dict[Kind, list[Table]], files: Files, resolved: Resolved) -> None:
    """A table for each kind that a foreign file tells of; what does not fit is refused there."""
    new = _NewTables(tables, files)
    for row in resolved.rows:
        read_row(new.of(row.kind, row.file), row.cells, where=row.place)


def _add_documents(
    tables: dict[Kind, list[Table]],
    files: Files,
    resolved: Resolved,
    *,
    people: Container[str],
    owned: documents.Owned,
) -> None:
    if files.has_documents:
        table = documents.read_documents(files.folder, files.documents, people=people, owned=owned)
        tables[Kind.DOCUMENTS].append(table)
    new = _NewTables(tables, files)
    for document in resolved.documents:
        documents.take_found(new.of(Kind.DOCUMENTS, document.file), document, people=people, owned=owned)


def _owned(tables: Mapping[Kind, Sequence[Table]]) -> documents.Owned:
    """Whose files are as the rosters say."""
    owned: dict[str, list[str]] = defaultdict(list)
    for row in (entry.row for table in tables.get(Kind.EXPERTS, ()) for entry in table.entries.values()):
        if isinstance(row, Expert):
            for file in row.documents:
                owned[file.casefold()].append(row.id)
    return owned


def _not_there(tables: Mapping[Kind, Sequence[Table]], files: Files) -> Iterator[Note]:
    """The documents that rosters name and that are no file of the folder."""
    there = {name.casefold() for path in (files.names | files.left) for name in (path, PurePosixPath(path).name)}
    for entry in (entry for table in tables.get(Kind.EXPERTS, ()) for entry in table.entries.values()):
        if isinstance(entry.row, Expert):
            for file in entry.row.documents:
                if file.casefold() not in there:
                    yield Note(entry.file, f"{entry.place} names the document '{visible(file)}', which is not there")


class _NewTables:
    """Tables of foreign files, made when something goes into them."""

    def __init__(self, tables: dict[Kind, list[Table]], files: Files) -> None:
        self._tables = tables
        self._trust = {file.name: file.trust for file in files.foreign}
        self._made: dict[tuple[Kind, str], Table] = {}

    def of(self, kind: Kind, file: str) -> Table:
        """The table of what a file tells of a kind."""
        if (kind, file) not in self._made:
            table = Table(kind, file, self._trust[file])
            self._made[kind, file] = table
            self._tables[kind].append(table)
        return self._made[kind, file]


def _names(files: Files, good: Mapping[str, Reading]) -> frozenset[str]:
    """The sources that were read."""
    return frozenset([*(path.name for path in files.own.values()), *files.documents, *good])


def _kept(
    files: Files,
    known: Known,
    good: Mapping[str, Reading],
    resolved: Resolved,
    *,
    own: Mapping[Kind, Sequence[Table]],
) -> dict[str, str]:
    """The sources that were read and yet keep what they told and tell no more, each with the reason.

    A heading that is misspelt, or an export that broke off, does not take a whole network out.
    """
    here = str(files.folder.resolve())
    names = _names(files, good)
    kept = {
        file: f"{folder} has a file of this name too" for file in names if (folder := _elsewhere(file, known, here))
    }
    tells = {(file, row.kind) for file, reading in good.items() for row in reading.rows}
    tells |= {(table.file, kind) for kind in own for table in own[kind] if table.entries or table.refused_rows}
    for kind in NEVER_ALL:
        for file in names & {source for source, _ in known.records.get(kind, {})}:
            if (file, kind) not in tells:
                kept[file] = f"it has no {kind} any more; 'knowwho sources remove {visible(file)}' takes them out"
    for file, reading in good.items():
        if any(doubt.column is None for doubt in reading.doubts):
            kept[file] = "it is not certain what a part of it tells"
    return kept | {refusal.file: REFUSED for refusal in resolved.refusals}


def _elsewhere(file: str, known: Known, here: str) -> str | None:
    """Another folder that a file was read from, and that has it still."""
    folders = reversed(known.folders.get(file, ()))
    return next((folder for folder in folders if folder and folder != here and Path(folder, file).is_file()), None)


def _on_kept(kept: Mapping[str, str]) -> Iterator[Note]:
    """What was not pruned and why, in one sentence a file, or for many files with the same reason."""
    alike: dict[str, list[str]] = defaultdict(list)
    for file, why in kept.items():
        alike[why].append(file)
    for why, files in alike.items():
        if len(files) <= MOST_NAMED:
            yield from (Note(visible(file, limit=300), f"nothing of it was pruned, because {why}") for file in files)
        else:
            yield Note(documents.FOLDER, f"nothing of {len(files):,} files was pruned, because {why} (of each of them)")


def _gone(files: Files, known: Known) -> frozenset[str]:
    """The sources that this folder once had and has no more; none if only one file was looked at."""
    if not files.is_whole:
        return frozenset()
    here = str(files.folder.resolve())
    return files.missing(
        source
        for source, folders in known.folders.items()
        if here in folders and _elsewhere(source, known, here) is None
    )


def _own_names(tables: Mapping[Kind, Sequence[Table]]) -> KnownNames:
    """By what names the network's own files know people and things."""
    rows = {kind: [entry.row for table in of for entry in table.entries.values()] for kind, of in tables.items()}
    organisations: dict[str, list[str]] = defaultdict(list)
    for row in rows.get(Kind.AFFILIATIONS, ()):
        if isinstance(row, Affiliation):
            organisations[row.expert].append(row.organisation)
    topics = [row for row in rows.get(Kind.TOPICS, ()) if isinstance(row, Topic)]
    return KnownNames(
        people=[
            KnownPerson(
                id=row.id,
                name=row.name,
                other_names=row.other_names,
                email=row.email,
                orcid=row.orcid,
                identifiers=row.identifiers,
                organisations=tuple(organisations[row.id]),
                country=row.country,
            )
            for row in rows.get(Kind.EXPERTS, ())
            if isinstance(row, Expert)
        ],
        events=[
            KnownEvent(row.id, row.title, row.identifiers)
            for row in rows.get(Kind.EVENTS, ())
            if isinstance(row, Event)
        ],
        topics={row.id: row.record()["labels"] for row in topics},
        topics_by_iri={row.iri: row.id for row in topics if row.iri},
        organisations={row.id: row.name for row in rows.get(Kind.ORGANISATIONS, ()) if isinstance(row, Organisation)},
        series={row.id: row.name for row in rows.get(Kind.SERIES, ()) if isinstance(row, Series)},
        projects={row.id: row.title for row in rows.get(Kind.PROJECTS, ()) if isinstance(row, Project)},
        resources={row.id: row.title for row in rows.get(Kind.RESOURCES, ()) if isinstance(row, Resource)},
        resources_by_identifier={
            identifier: row.id
            for row in rows.get(Kind.RESOURCES, ())
            if isinstance(row, Resource)
            for identifier in row.identifiers
        },
    )
