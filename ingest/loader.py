"""From a network's folder into the graph: what is new or changed is stored, in batches of one transaction each.

The graph keeps the digest of every row that it was given. Rows whose digest it already has are not written, so the
same folder again changes nothing, and an ingest that was stopped is completed by running it again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from graph import intake
from graph.changes import record
from graph.graph import Graph, Transaction
from graph.intake import CountryRecord, Kind, KnownPassage, LanguageRecord, NetworkRecord, Place, RegionRecord
from graph.passages import DocumentRecord, remove_documents, store_documents
from graph.viewer import Viewer
from ingest import reference
from ingest.network import Network, read
from ingest.references import removed_by
from ingest.report import Counts, Report
from ingest.tables import Entry, Table

__all__ = ["Progress", "load"]

BATCH = 500
# A batch of topics restamps the passages of everyone who knows one of them: 30,000 take 10 s.
TIMEOUT_S = 600.0

Store = Callable[[Transaction, Sequence[Any]], Awaitable[None]]
Remove = Callable[[Transaction, Sequence[str]], Awaitable[None]]

STORE: Mapping[Kind, Store] = {
    Kind.ORGANISATIONS: intake.store_organisations,
    Kind.TOPICS: intake.store_topics,
    Kind.SERIES: intake.store_series,
    Kind.PROJECTS: intake.store_projects,
    Kind.EXPERTS: intake.store_experts,
    Kind.EVENTS: intake.store_events,
    Kind.RESOURCES: intake.store_resources,
    Kind.ACTIVITIES: intake.store_activities,
    Kind.AFFILIATIONS: intake.store_affiliations,
    Kind.SPEAKERS: intake.store_speakers,
    Kind.ATTENDANCE: intake.store_attendance,
    Kind.DOCUMENTS: store_documents,
}

REMOVE: Mapping[Kind, Remove] = {
    Kind.ORGANISATIONS: intake.remove_organisations,
    Kind.TOPICS: intake.remove_topics,
    Kind.SERIES: intake.remove_series,
    Kind.PROJECTS: intake.remove_projects,
    Kind.EXPERTS: intake.remove_experts,
    Kind.EVENTS: intake.remove_events,
    Kind.RESOURCES: intake.remove_resources,
    Kind.ACTIVITIES: intake.remove_activities,
    Kind.AFFILIATIONS: intake.remove_affiliations,
    Kind.SPEAKERS: intake.remove_speakers,
    Kind.ATTENDANCE: intake.remove_attendance,
    Kind.DOCUMENTS: remove_documents,
}


class Progress(Protocol):
    """Told how many of a kind are stored, of how many that are to be."""

    def __call__(self, kind: str, done: int, total: int) -> None:
        """So many are stored now."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with one kind: the entries to store, and the ids to remove."""

    kind: Kind
    entries: Sequence[Entry]
    removed: Sequence[str]
    counts: Counts


async def load(
    graph: Graph,
    viewer: Viewer,
    folder: Path,
    *,
    dry_run: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the graph to what the folder says; what was created, changed, left, removed and refused.

    A dry run writes nothing and gives the same report. Pruning removes what a folder once brought and this one no
    longer has, of the kinds whose file is there. Vectors are not written here: new passages wait for theirs.

    Raises:
        NotAllowed: the viewer may not load a network.
        FolderUnreadable, NotANetwork: as :func:`ingest.read`.
        GraphError: as :class:`graph.Graph`; batches that were stored stay, and running it again completes it.
    """
    known = await intake.known(graph, viewer)
    network = await asyncio.to_thread(read, folder, known=known, prune=prune)
    plans = [_plan(table, known.digests[kind], prune=prune) for kind, table in network.tables.items()]
    tally = _PassageTally(await intake.known_passages(graph, viewer), plans)
    of_network: dict[str, Counts] = {}
    if not dry_run:
        await _store_places(graph, viewer, network)
    if network.description is not None:
        of_network["network"] = await _describe(graph, viewer, network.description, dry_run=dry_run)
    for plan in plans:
        for done, batch in _batches(plan.entries):
            records = await asyncio.to_thread(_records, batch)
            if plan.kind is Kind.DOCUMENTS:
                tally.store(records)
            if not dry_run:
                work = _work(STORE[plan.kind], records, viewer=viewer, verb="loaded", kind=plan.kind)
                await graph.transact(work, timeout_s=TIMEOUT_S)
                if progress is not None:
                    progress(plan.kind, done, len(plan.entries))
    if not dry_run:
        await _remove(graph, viewer, plans)
    counts = {plan.kind.value: plan.counts for plan in plans}
    return Report(folder, dry_run, {**counts, **of_network, **tally.counts()}, network.refusals, network.notes)


def _plan(table: Table, known: Mapping[str, str | None], *, prune: bool) -> _Plan:
    counts = Counts(refused=table.refused_rows)
    waiting: list[Entry] = []
    for identity, entry in table.entries.items():
        if identity not in known:
            counts.created += 1
        elif known[identity] != entry.row.digest:
            counts.changed += 1
        else:
            counts.unchanged += 1
            continue
        waiting.append(entry)
    removed = sorted(removed_by(table, known)) if prune else []
    counts.removed = len(removed)
    return _Plan(table.kind, waiting, removed, counts)


class _PassageTally:
    """How many passages come, stay and go, told from the documents and people that do."""

    def __init__(self, held: Sequence[KnownPassage], plans: Sequence[_Plan]) -> None:
        removed = {plan.kind: frozenset(plan.removed) for plan in plans}
        gone_documents = removed.get(Kind.DOCUMENTS, frozenset())
        gone_people = removed.get(Kind.EXPERTS, frozenset())
        self._is_told = Kind.DOCUMENTS in removed or bool(gone_people)
        self._before = {passage.id for passage in held}
        self._after = {
            passage.id: passage.document
            for passage in held
            if passage.document not in gone_documents and passage.owner not in gone_people
        }

    def store(self, documents: Sequence[DocumentRecord]) -> None:
        """Take down that these documents are stored."""
        stored = {document["id"] for document in documents}
        self._after = {id: document for id, document in self._after.items() if document not in stored}
        self._after.update({passage["id"]: one["id"] for one in documents for passage in one["passages"]})

    def counts(self) -> Mapping[str, Counts]:
        """The line of the report; none if neither documents nor people were dealt with."""
        if not self._is_told:
            return {}
        after = self._after.keys()
        return {
            "passages": Counts(
                created=len(after - self._before),
                unchanged=len(after & self._before),
                removed=len(self._before - after),
            )
        }


def _batches(entries: Sequence[Entry]) -> Iterator[tuple[int, Sequence[Entry]]]:
    """Entries in batches, each with how many are done after it."""
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        yield start + len(batch), batch


def _records(batch: Sequence[Entry]) -> list[Any]:
    return [entry.row.record() for entry in batch]


def _work(
    store: Callable[[Transaction, Any], Awaitable[None]], what: Sequence[Any], *, viewer: Viewer, verb: str, kind: str
) -> Callable[[Transaction], Awaitable[None]]:
    """A unit of work that stores or removes one batch and writes that down, and may be run again."""

    async def work(tx: Transaction) -> None:
        await store(tx, what)
        await record(tx, viewer, verb=verb, subject=kind, after={"count": len(what)})

    return work


async def _remove(graph: Graph, viewer: Viewer, plans: Sequence[_Plan]) -> None:
    """Remove what is to be removed, first what refers to other things."""
    for plan in reversed(plans):
        for start in range(0, len(plan.removed), BATCH):
            batch = plan.removed[start : start + BATCH]
            work = _work(REMOVE[plan.kind], batch, viewer=viewer, verb="removed", kind=plan.kind)
            await graph.transact(work, timeout_s=TIMEOUT_S)


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


async def _describe(graph: Graph, viewer: Viewer, network: NetworkRecord, *, dry_run: bool) -> Counts:
    before = await intake.known_network(graph, viewer)
    has_all = before is not None and network.audiences.keys() <= before.audiences.keys()
    if before is not None and before.description == network.description and has_all:
        return Counts(unchanged=1)
    if not dry_run:

        async def work(tx: Transaction) -> None:
            await intake.store_network(tx, network)
            await record(tx, viewer, verb="loaded", subject="network", fields=["title", "description", "fictional"])

        await graph.transact(work, timeout_s=TIMEOUT_S)
    return Counts(created=1) if before is None else Counts(changed=1)
