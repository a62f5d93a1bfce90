"""From a network's files into the graph: what is new or changed is stored, in batches of one transaction each.

The graph keeps what every source said, with its digest. What says the same as before is not written, so the same
folder again changes nothing, and an ingest that was stopped is completed by running it again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from graph import intake
from graph.changes import record
from graph.graph import Graph, Transaction
from graph.intake import (
    CountryRecord,
    Kind,
    Known,
    KnownNames,
    KnownPassage,
    KnownRecord,
    LanguageRecord,
    NetworkRecord,
    Place,
    RegionRecord,
    Sourced,
)
from graph.passages import DocumentRecord, hold_stamps, remove_documents, store_documents
from graph.values import UN_LANGUAGES
from graph.viewer import DEFAULT_AUDIENCES, Viewer
from ingest import reference
from ingest.description import FILE
from ingest.documents import Document
from ingest.files import FileRefused
from ingest.folder import Files, files_of
from ingest.found import Reading
from ingest.network import Network, assemble
from ingest.reading import Readings
from ingest.references import Removals
from ingest.report import Counts, Doubt, Note, Progress, Report, Thing, Things
from ingest.rows import Activity, Event, Expert, Organisation, Project, Resource, Row, Series, Topic
from ingest.tables import Entry, Table

__all__ = ["load"]

T = TypeVar("T")

BATCH = 500
# A batch of topics restamps the passages of everyone who knows one of them: 30,000 take 10 s.
TIMEOUT_S = 600.0


@dataclass(slots=True)
class _Plan:
    """What is to be done with one kind: entries to store, records that stand elsewhere now, what is to be removed."""

    kind: Kind
    counts: Counts
    entries: list[tuple[Table, Entry]] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    removed_records: Sequence[KnownRecord] = ()
    removed_ids: Sequence[str] = ()
    gone: frozenset[str] = frozenset()
    """The ids of what is removed as a whole."""
    notes: list[Note] = field(default_factory=list)
    things: Things = field(default_factory=Things)
    sent: set[str] = field(default_factory=set)
    """What the files tell of, by their own ids."""


async def load(
    graph: Graph,
    viewer: Viewer,
    path: Path,
    *,
    readings: Readings | None = None,
    writing: Collection[Path] = (),
    dry_run: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the graph to what a folder says, or one file; what was created, changed, left, removed and refused.

    A dry run writes nothing and gives the same report. Pruning removes what the same files, or files of the same
    folder that are gone, once told and nobody else tells. Foreign files are read by ``readings``; files that somebody
    is ``writing`` are left alone. Vectors are not written here: new passages wait for theirs.

    Raises:
        NotAllowed: the viewer may not load a network.
        FolderUnreadable, NotANetwork: as :func:`ingest.read`.
        GraphError: as :class:`graph.Graph`; batches that were stored stay, and running it again completes it.
    """
    known = await intake.known(graph, viewer)
    files = await asyncio.to_thread(files_of, path, writing=writing)
    found = await _found(files, readings, progress)
    names = await intake.known_names(graph, viewer) if files.foreign else KnownNames()
    network = await asyncio.to_thread(assemble, files, found, known=known, names=names, prune=prune)
    plans = _plans(network, known, prune=prune)
    tally = _PassageTally(await intake.known_passages(graph, viewer), plans)
    of_network: dict[str, Counts] = {}
    left_out: Sequence[Doubt] = ()
    store = _Store(graph, viewer, str(files.folder.resolve()), dry_run=dry_run)
    if not dry_run:
        await _store_places(graph, viewer, network)
    if network.description is not None:
        of_network["network"], left_out = await _describe(graph, viewer, network.description, dry_run=dry_run)
    for plan in plans:
        for done, batch in _batches(plan.entries):
            if plan.kind is Kind.DOCUMENTS:
                documents = await asyncio.to_thread(_documents, batch)
                tally.store(documents)
                await store.documents(documents)
            else:
                await store.rows(plan.kind, batch)
            if progress is not None and not dry_run:
                progress(plan.kind, done, len(plan.entries))
        await store.moved(plan.moved)
    for plan in reversed(plans):  # first what refers to other things
        await store.removed(plan)
    counts = {plan.kind.value: plan.counts for plan in plans}
    notes = [*network.notes, *(note for plan in plans for note in plan.notes)]
    return Report(
        path,
        dry_run,
        {**counts, **of_network, **tally.counts()},
        network.refusals,
        (*network.doubts, *left_out),
        tuple(notes),
        {plan.kind.value: plan.things for plan in plans if plan.things.created or plan.things.changed},
    )


async def _found(
    files: Files, readings: Readings | None, progress: Progress | None
) -> Mapping[str, Reading | FileRefused]:
    if readings is not None:
        return await readings.of(files, progress=progress)
    async with Readings() as own:
        return await own.of(files, progress=progress)


def _plans(network: Network, known: Known, *, prune: bool) -> list[_Plan]:
    """What is to be done, in an order in which each kind refers only to earlier ones."""
    plans: list[_Plan] = []
    for kind in Kind:
        tables = network.tables.get(kind, ())
        refused = sum(table.refused_rows for table in tables) + network.refused_rows.get(kind, 0)
        plan = _Plan(kind, Counts(refused=refused), sent={id for table in tables for id in table.entries})
        for table in tables:
            _plan_table(plan, table, known)
        if prune:
            _plan_removals(plan, tables, network.removals)
        if tables or plan.counts.removed or plan.counts.refused:
            plans.append(plan)
    return plans


def _plan_table(plan: _Plan, table: Table, known: Known) -> None:
    """Sort a table's entries into those that are new, changed and as they were."""
    digests, records = known.digests[plan.kind], known.records.get(plan.kind, {})
    latest = _latest(records.values()) if plan.kind is Kind.EVENTS else {}
    for identity, entry in table.entries.items():
        earlier = records.get((table.file, identity))
        held = digests.get(earlier.entity if earlier is not None else identity)
        told = held if plan.kind is Kind.DOCUMENTS else earlier and held and earlier.digest
        if told == entry.row.digest:
            plan.counts.unchanged += 1
            if earlier is not None and earlier.place != entry.place:
                plan.moved[earlier.id] = entry.place
            continue
        if (
            isinstance(entry.row, Event)
            and entry.row.sequence is not None
            and entry.row.sequence < latest.get(identity, 0)
        ):
            plan.counts.unchanged += 1
            plan.notes.append(Note(table.file, f"{entry.place} is older than what is known already, and was left out"))
            continue
        is_new = held is None and identity not in digests and identity not in plan.new
        plan.new.add(identity)
        plan.counts.created += is_new
        plan.counts.changed += not is_new
        plan.entries.append((table, entry))
        if name := _name_of(entry.row):
            plan.things.take(Thing(earlier.entity if earlier is not None else identity, name), is_new=is_new)


def _name_of(row: Row) -> str | None:
    """What a row's thing is called; None of what has no name, such as that somebody spoke."""
    match row:
        case Expert() | Organisation() | Series():
            return row.name
        case Event() | Resource() | Project() | Activity():
            return row.title
        case Document():
            return row.title or row.id
        case Topic():
            labels = [getattr(row, f"label_{language}") for language in UN_LANGUAGES]
            return str(next(filter(None, labels)))
        case _:
            return None


def _latest(records: Iterable[KnownRecord]) -> Mapping[str, int]:
    """Of each event that a calendar told of, how often it had been changed (RFC 5545, SEQUENCE)."""
    latest: dict[str, int] = {}
    for told in records:
        if told.sequence is not None:
            latest[told.entity] = max(told.sequence, latest.get(told.entity, 0))
    return latest


def _plan_removals(plan: _Plan, tables: Sequence[Table], removals: Removals) -> None:
    plan.removed_records = removals.records(plan.kind)
    plan.removed_ids = removals.ids(plan.kind)
    stays = {identity for table in tables for identity in table.entries}
    lost = {record.entity for record in plan.removed_records} - stays
    plan.gone = frozenset([*plan.removed_ids, *(entity for entity in lost if removals.takes(plan.kind, entity))])
    plan.counts.removed = len(plan.removed_records) + len(plan.removed_ids)


class _PassageTally:
    """How many passages come, stay and go, told from the documents and people that do."""

    def __init__(self, held: Sequence[KnownPassage], plans: Sequence[_Plan]) -> None:
        gone = {plan.kind: plan.gone for plan in plans}
        gone_documents, gone_people = (gone.get(kind, frozenset()) for kind in (Kind.DOCUMENTS, Kind.EXPERTS))
        self._is_told = Kind.DOCUMENTS in gone or bool(gone_people)
        self._before = {passage.id for passage in held}
        self._sent = {id for plan in plans if plan.kind is Kind.DOCUMENTS for id in plan.sent}
        self._after: dict[str, set[str]] = defaultdict(set)
        for passage in held:
            if passage.document not in gone_documents and passage.owner not in gone_people:
                self._after[passage.document].add(passage.id)

    def store(self, documents: Sequence[DocumentRecord]) -> None:
        """Take down that these documents are stored."""
        for document in documents:
            self._after[document["id"]] = {passage["id"] for passage in document["passages"]}

    def counts(self) -> Mapping[str, Counts]:
        """The line of the report; none if neither documents nor people were dealt with."""
        if not self._is_told:
            return {}
        after = {passage for passages in self._after.values() for passage in passages}
        sent = {passage for document in self._sent for passage in self._after.get(document, ())}
        return {
            "passages": Counts(
                created=len(after - self._before),
                unchanged=len(sent & self._before),
                removed=len(self._before - after),
            )
        }


def _batches(entries: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    """Entries in batches, each with how many are done after it."""
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        yield start + len(batch), batch


def _documents(batch: Sequence[tuple[Table, Entry]]) -> list[DocumentRecord]:
    return [entry.row.record() for _, entry in batch]  # type: ignore[misc]


def _sourced(table: Table, entry: Entry) -> Sourced:
    return Sourced(table.file, entry.place, table.trust, entry.row.record())


class _Store:
    """Writes batches, each in one transaction with a line in the change log; in a dry run nothing."""

    def __init__(self, graph: Graph, viewer: Viewer, folder: str, *, dry_run: bool) -> None:
        self._graph = graph
        self._viewer = viewer
        self._folder = folder
        self._dry_run = dry_run
        self._at = datetime.now(UTC)

    async def rows(self, kind: Kind, batch: Sequence[tuple[Table, Entry]]) -> None:
        """Store rows of one kind."""
        rows = await asyncio.to_thread(lambda: [_sourced(table, entry) for table, entry in batch])

        async def work(tx: Transaction) -> None:
            await intake.store_records(tx, kind, rows, folder=self._folder, at=self._at)

        await self._write(work, verb="loaded", kind=kind, count=len(batch))

    async def documents(self, batch: Sequence[DocumentRecord]) -> None:
        """Store documents with their passages."""

        async def work(tx: Transaction) -> None:
            await hold_stamps(tx)
            merged = await intake.merged_people(tx)
            await store_documents(tx, batch, merged=merged, folder=self._folder, at=self._at)

        await self._write(work, verb="loaded", kind=Kind.DOCUMENTS, count=len(batch))

    async def moved(self, places: Mapping[str, str]) -> None:
        """Take down where rows stand now that say the same as before."""
        for _, batch in _batches(list(places.items())):

            async def work(tx: Transaction, places: Mapping[str, str] = dict(batch)) -> None:
                await intake.move_records(tx, places)

            if not self._dry_run:
                await self._graph.transact(work, timeout_s=TIMEOUT_S)

    async def removed(self, plan: _Plan) -> None:
        """Remove what a plan says."""
        for _, records in _batches(plan.removed_records):

            async def take_out(tx: Transaction, records: Sequence[KnownRecord] = records) -> None:
                await intake.remove_records(tx, plan.kind, [record.id for record in records])

            await self._write(take_out, verb="removed", kind=plan.kind, count=len(records))
        for _, ids in _batches(plan.removed_ids):

            async def remove(tx: Transaction, ids: Sequence[str] = ids) -> None:
                if plan.kind is Kind.DOCUMENTS:
                    await remove_documents(tx, ids)
                else:
                    await intake.settle(tx, plan.kind, ids)
                await intake.forget_silent_sources(tx)

            await self._write(remove, verb="removed", kind=plan.kind, count=len(ids))

    async def _write(
        self, work: Callable[[Transaction], Awaitable[None]], *, verb: str, kind: Kind, count: int
    ) -> None:
        async def with_change(tx: Transaction) -> None:
            await work(tx)
            await record(tx, self._viewer, verb=verb, subject=kind, after={"count": count})

        if not self._dry_run:
            await self._graph.transact(with_change, timeout_s=TIMEOUT_S)


def _work(
    store: Callable[[Transaction, Any], Awaitable[None]], what: Sequence[Any], *, viewer: Viewer, verb: str, kind: str
) -> Callable[[Transaction], Awaitable[None]]:
    """A unit of work that stores one batch and writes that down, and may be run again."""

    async def work(tx: Transaction) -> None:
        await store(tx, what)
        await record(tx, viewer, verb=verb, subject=kind, after={"count": len(what)})

    return work


async def _store_places(graph: Graph, viewer: Viewer, network: Network) -> None:
    """Store the regions, countries and languages that the graph does not have as they are."""
    regions = await _new(graph, viewer, Place.REGIONS, reference.regions())
    countries = await _new(graph, viewer, Place.COUNTRIES, reference.countries())
    languages = await _new(graph, viewer, Place.LANGUAGES, reference.languages(network.languages()))
    if regions:
        work = _work(intake.store_regions, regions, viewer=viewer, verb="loaded", kind=Place.REGIONS)
        await graph.transact(work)
    if countries:
        work = _work(intake.store_countries, countries, viewer=viewer, verb="loaded", kind=Place.COUNTRIES)
        await graph.transact(work)
    if languages:
        work = _work(intake.store_languages, languages, viewer=viewer, verb="loaded", kind=Place.LANGUAGES)
        await graph.transact(work)


PlaceRecord = TypeVar("PlaceRecord", RegionRecord, CountryRecord, LanguageRecord)


async def _new(graph: Graph, viewer: Viewer, place: Place, records: Sequence[PlaceRecord]) -> list[PlaceRecord]:
    known = await intake.known_places(graph, viewer, place=place)
    return [record for record in records if known.get(record["id"]) != record["digest"]]


async def _describe(
    graph: Graph, viewer: Viewer, network: NetworkRecord, *, dry_run: bool
) -> tuple[Counts, Sequence[Doubt]]:
    """Store what the network says of itself; audiences that come too late are doubts."""
    before = await intake.known_network(graph, viewer)
    doubts = [
        Doubt(
            FILE,
            None,
            "audiences",
            f"{group}: {audience.name.lower()}",
            "audiences are taken before a network has people or audiences of its own, and this one does",
            f"if it is meant, run 'knowwho audience set {group} {audience.name.lower()}'",
        )
        for group, audience in before.leaves(network).items()
    ]
    if before.description == network.description and not before.takes(network):
        return Counts(unchanged=1), doubts
    if not dry_run:

        async def work(tx: Transaction) -> None:
            taken = await intake.store_network(tx, network)
            await record(tx, viewer, verb="loaded", subject="network", fields=["title", "description", "fictional"])
            if taken:
                await record(
                    tx,
                    viewer,
                    verb="audiences set",
                    subject="network",
                    fields=list(taken),
                    before={group: DEFAULT_AUDIENCES[group].name.lower() for group in taken},
                    after={group: audience.name.lower() for group, audience in taken.items()},
                )

        await graph.transact(work, timeout_s=TIMEOUT_S)
    return Counts(created=1) if before.description is None else Counts(changed=1), doubts
