"""Whether what the rows name is there: in the files, or already in the graph; and what pruning takes out.

A row that names what is nowhere, or what is itself refused, is refused too. What the graph holds counts as long as
this ingest does not remove it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from graph.intake import Kind, Known, KnownRecord
from ingest.cells import closest, visible
from ingest.documents import FOLDER
from ingest.report import Refusal
from ingest.rows import Reference
from ingest.tables import Entry, Table, columns_of

__all__ = ["Removals", "settle"]

NOUNS: Mapping[Kind, str] = {
    Kind.ORGANISATIONS: "organisation",
    Kind.TOPICS: "topic",
    Kind.SERIES: "series",
    Kind.PROJECTS: "project",
    Kind.EXPERTS: "expert",
    Kind.EVENTS: "event",
    Kind.RESOURCES: "resource",
}

# A guess takes time in proportion to the network; after so many wrong names the file itself is wrong.
MOST_GUESSES = 100


class Removals:
    """What pruning takes out: records of sources and, where no source is on record, the thing itself.

    A source that is ``gone`` takes out all that it told. Of a file that was ``read``, what is no longer in it goes; but
    a refused row removes nothing: neither what it told before nor, if it does not even tell its id, anything of its
    kind.
    """

    def __init__(
        self, tables: Mapping[Kind, Sequence[Table]], known: Known, *, gone: Container[str], read: Container[str]
    ) -> None:
        self._tables = tables
        self._known = known
        self._gone = gone
        self._read = read
        self._told: dict[Kind, Mapping[str, list[KnownRecord]]] = {}

    def records(self, kind: Kind) -> list[KnownRecord]:
        """The records to take out."""
        return [record for record in self._known.records.get(kind, {}).values() if self._loses(kind, record)]

    def ids(self, kind: Kind) -> list[str]:
        """The ids of what goes although no record tells of it: documents, and what older releases stored."""
        return sorted(
            id
            for id, digest in self._known.digests[kind].items()
            if digest is not None and id not in self._records_of(kind) and self._loses_unrecorded(kind, id)
        )

    def takes(self, kind: Kind, id: str) -> bool:
        """Whether it goes as a whole."""
        records = self._records_of(kind).get(id)
        if records is None:
            return self._known.digests[kind][id] is not None and self._loses_unrecorded(kind, id)
        return all(self._loses(kind, record) for record in records)

    def _records_of(self, kind: Kind) -> Mapping[str, list[KnownRecord]]:
        if kind not in self._told:
            told: dict[str, list[KnownRecord]] = defaultdict(list)
            for record in self._known.records.get(kind, {}).values():
                told[record.entity].append(record)
            self._told[kind] = told
        return self._told[kind]

    def _loses(self, kind: Kind, record: KnownRecord) -> bool:
        if record.source not in self._read:
            return record.source in self._gone
        tables = [table for table in self._tables.get(kind, ()) if table.file == record.source]
        return all(_lacks(table, record.subject) for table in tables)

    def _loses_unrecorded(self, kind: Kind, id: str) -> bool:
        if kind is Kind.DOCUMENTS:
            source = self._known.documents.get(id, id)
            if source not in self._read:
                return source in self._gone
            tables = [table for table in self._tables.get(kind, ()) if table.file in (source, FOLDER)]
            return all(_lacks(table, id) for table in tables)
        own = [table for table in self._tables.get(kind, ()) if table.file.lower() == f"{kind}.csv"]
        return bool(own) and all(_lacks(table, id) for table in own)


def _lacks(table: Table, id: str) -> bool:
    return table.is_readable and table.names_all_refused and id not in table.entries and id not in table.refused


def settle(tables: Mapping[Kind, Sequence[Table]], known: Known, *, removals: Removals | None) -> None:
    """Refuse everybody who was erased, every row that names what is not there, and topics broader than themselves."""
    for table in tables.get(Kind.EXPERTS, ()):
        _settle_erased(table, known)
    checked = _Checked(tables, known, removals)
    for kind in Kind:
        if kind is Kind.TOPICS and kind in tables:
            _settle_topics(tables[kind], checked, known.broader)
            continue
        for table in tables.get(kind, ()):
            for identity in list(table.entries):
                checked.withdraws(table, identity)


def _settle_erased(table: Table, known: Known) -> None:
    for identity, entry in list(table.entries.items()):
        told = {"id": identity, "email": getattr(entry.row, "email", None)}
        erased = {column: value for column, value in told.items() if value is not None and value in known.erased}
        if erased:
            column, value = next(iter(erased.items()))
            readmitting = " ".join(f"--readmit {visible(one)}" for one in erased.values())
            reason = "this person was erased from the network"
            remedy = f"delete the row, or, if they want to come back, run 'knowwho erase {readmitting}' first"
            if column == "id" and entry.number is None:  # the id was made from the name that a foreign file tells
                remedy = (
                    f"delete the row, or, if they want to come back, run 'knowwho erase {readmitting}' first; somebody "
                    "else of that name needs an id of their own in a column id"
                )
            table.withdraw(identity, [_refusal(entry, column, value, reason=reason, remedy=remedy)])


def _refusal(entry: Entry, column: str, value: str, *, reason: str, remedy: str) -> Refusal:
    return Refusal(entry.file, entry.number, column, visible(value), reason, remedy, entry.where)


class _Checked:
    """What can be named: for each kind the ids in the files and those that stay in the graph."""

    def __init__(self, tables: Mapping[Kind, Sequence[Table]], known: Known, removals: Removals | None) -> None:
        self._tables = tables
        self._known = known
        self._removals = removals
        self._guesses = 0

    def stays(self, kind: Kind, id: str) -> bool:
        """Whether the graph holds it and goes on holding it; who is somebody else now is still held."""
        if kind is Kind.EXPERTS and id in self._known.merged:
            return True
        return id in self._known.digests[kind] and (self._removals is None or not self._removals.takes(kind, id))

    def has(self, kind: Kind, id: str) -> bool:
        """Whether a row may name it."""
        return any(id in table.entries for table in self._tables.get(kind, ())) or self.stays(kind, id)

    def withdraws(self, table: Table, identity: str) -> bool:
        """Refuse a row if it names what is not there; whether it was refused."""
        entry = table.entries[identity]
        refusals = [refusal for reference in entry.row.references() if (refusal := self._refused(entry, reference))]
        if refusals:
            table.withdraw(identity, refusals)
        return bool(refusals)

    def _refused(self, entry: Entry, reference: Reference) -> Refusal | None:
        """Why the row may not name that; None if it may."""
        kind, id = reference.kind, reference.id
        if self.has(kind, id):
            return None
        reason, remedy = f"there is no {NOUNS[kind]} '{id}'", None
        for table in self._tables.get(kind, ()):
            if id in table.refused:
                row = table.refused[id]
                place = f"row {row} of {table.file}" if row is not None else table.file
                reason, remedy = f"the {NOUNS[kind]} '{id}' is itself refused ({place})", "correct that row first"
            elif not table.is_readable:
                reason, remedy = f"the {NOUNS[kind]} '{id}' is in no readable file", f"correct {table.file} first"
        column = columns_of(type(entry.row))[reference.column]
        return _refusal(entry, column, id, reason=reason, remedy=remedy or self._guess(kind, id))

    def _guess(self, kind: Kind, id: str) -> str:
        self._guesses += 1
        if self._guesses > MOST_GUESSES:
            return f"add it to {kind}.csv, or correct the id"
        ids = {*self._known.digests[kind], *(id for table in self._tables.get(kind, ()) for id in table.entries)}
        meant = closest(id, ids)
        return f"did you mean '{meant}'?" if meant else f"add it to {kind}.csv, or correct the id"


def _settle_topics(tables: Sequence[Table], checked: _Checked, known_broader: Mapping[str, str]) -> None:
    """Settle the one kind that refers to itself, and put its rows in order, broader topics first.

    Where several files place a topic, the one that is trusted most does.
    """
    narrower: dict[str, list[tuple[Table, str]]] = defaultdict(list)
    for table in tables:
        for identity, entry in table.entries.items():
            for reference in _broader_of(entry):
                narrower[reference.id].append((table, identity))

    def broader(identity: str) -> str | None:
        told = [table.entries[identity] for table in _by_trust(tables) if identity in table.entries]
        placed = next((reference.id for entry in told for reference in _broader_of(entry)), None)
        if told:
            return placed
        return known_broader.get(identity) if checked.stays(Kind.TOPICS, identity) else None

    waiting = deque((table, identity) for table in tables for identity in table.entries)
    while waiting:
        while waiting:
            table, identity = waiting.popleft()
            if identity in table.entries and checked.withdraws(table, identity):
                waiting.extend(narrower[identity])
        for circle in _circles([identity for table in tables for identity in table.entries], broader):
            _refuse_circle(circle, tables, broader)
            waiting.extend(below for identity in circle for below in narrower[identity])
    depths: dict[str, int] = {}
    for table in tables:
        table.entries = dict(sorted(table.entries.items(), key=lambda item: _depth(item[0], broader, depths)))


def _refuse_circle(circle: Sequence[str], tables: Sequence[Table], broader: Callable[[str], str | None]) -> None:
    named = visible(" > ".join([*circle, circle[0]]), limit=300)
    for identity in circle:
        reason = f"'{identity}' would be broader than itself: {named}"
        value = broader(identity) or ""
        for table in [one for one in tables if identity in one.entries]:
            entry = table.entries[identity]
            refusal = _refusal(entry, "broader", value, reason=reason, remedy="take one step out of the circle")
            table.withdraw(identity, [refusal])


def _by_trust(tables: Sequence[Table]) -> list[Table]:
    return sorted(tables, key=lambda table: (table.trust, table.file))


def _broader_of(entry: Entry) -> Iterator[Reference]:
    return (reference for reference in entry.row.references() if reference.column == "broader")


def _circles(ids: Iterable[str], broader: Callable[[str], str | None]) -> list[list[str]]:
    """Every circle that one comes into going from these topics to ever broader ones."""
    done: set[str] = set()
    circles: list[list[str]] = []
    for start in ids:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = broader(at)
        if at is not None and at in path:
            circles.append(list(path)[path[at] :])
        done.update(path)
    return circles


def _depth(identity: str, broader: Callable[[str], str | None], depths: dict[str, int]) -> int:
    """How many broader topics a topic has above it; what is found out is kept in ``depths``."""
    path: list[str] = []
    at: str | None = identity
    while at is not None and at not in depths:
        path.append(at)
        at = broader(at)
    above = -1 if at is None else depths[at]
    for number, one in enumerate(reversed(path), start=1):
        depths[one] = above + number
    return depths[identity]
