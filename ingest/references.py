"""Whether what the rows name is there: in the folder, or already in the graph.

A row that names what is nowhere, or what is itself refused, is refused too. What the graph holds counts as long as
this ingest does not remove it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping

from graph.intake import Kind, Known
from ingest.cells import closest, visible
from ingest.report import Refusal
from ingest.rows import Reference
from ingest.tables import Entry, Table, columns_of

__all__ = ["removed_by", "settle"]

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


def removed_by(table: Table, known: Mapping[str, str | None]) -> frozenset[str]:
    """What of a kind pruning removes: what a folder once brought and this one no longer has.

    A refused row removes nothing: neither the row that it would have replaced nor, if a refused row does not even
    tell its id, anything of its kind.
    """
    if not table.is_readable or not table.names_all_refused:
        return frozenset()
    return frozenset(
        id for id, digest in known.items() if digest is not None and id not in table.entries and id not in table.refused
    )


def settle(tables: Mapping[Kind, Table], known: Known, *, prune: bool) -> None:
    """Refuse everybody who was erased, every row that names what is not there, and topics broader than themselves."""
    _settle_erased(tables, known)
    checked = _Checked(tables, known, prune=prune)
    for kind in Kind:
        table = tables.get(kind)
        if table is not None and kind is Kind.TOPICS:
            _settle_topics(table, checked, known.broader)
        elif table is not None:
            for identity in list(table.entries):
                checked.withdraws(table, identity)


def _settle_erased(tables: Mapping[Kind, Table], known: Known) -> None:
    table = tables.get(Kind.EXPERTS)
    if table is None:
        return
    for identity, entry in list(table.entries.items()):
        told = {"id": identity, "email": getattr(entry.row, "email", None)}
        erased = {column: value for column, value in told.items() if value is not None and value in known.erased}
        if erased:
            column, value = next(iter(erased.items()))
            readmitting = " ".join(f"--readmit {visible(one)}" for one in erased.values())
            reason = "this person was erased from the network"
            remedy = f"delete the row, or, if they want to come back, run 'knowwho erase {readmitting}' first"
            table.withdraw(identity, [Refusal(table.file, entry.number, column, visible(value), reason, remedy)])


class _Checked:
    """What can be named: for each kind the ids in the folder and those that stay in the graph."""

    def __init__(self, tables: Mapping[Kind, Table], known: Known, *, prune: bool) -> None:
        self._tables = tables
        self._known = known
        self._prune = prune
        self._guesses = 0

    def stays(self, kind: Kind, id: str) -> bool:
        """Whether the graph holds it and goes on holding it."""
        digests = self._known.digests[kind]
        if id not in digests:
            return False
        table = self._tables.get(kind)
        return table is None or not self._prune or id not in removed_by(table, {id: digests[id]})

    def has(self, kind: Kind, id: str) -> bool:
        """Whether a row may name it."""
        table = self._tables.get(kind)
        return (table is not None and id in table.entries) or self.stays(kind, id)

    def withdraws(self, table: Table, identity: str) -> bool:
        """Refuse a row if it names what is not there; whether it was refused."""
        entry = table.entries[identity]
        refusals = [refusal for reference in entry.row.references() if (refusal := self._refusal(entry, reference))]
        if refusals:
            table.withdraw(identity, refusals)
        return bool(refusals)

    def _refusal(self, entry: Entry, reference: Reference) -> Refusal | None:
        """Why the row may not name that; None if it may."""
        kind, id = reference.kind, reference.id
        if self.has(kind, id):
            return None
        table = self._tables.get(kind)
        reason, remedy = f"there is no {NOUNS[kind]} '{id}'", None
        if table is not None and id in table.refused:
            row = table.refused[id]
            place = f"row {row} of {table.file}" if row is not None else table.file
            reason, remedy = f"the {NOUNS[kind]} '{id}' is itself refused ({place})", "correct that row first"
        elif table is not None and not table.is_readable:
            reason, remedy = f"the {NOUNS[kind]} '{id}' is in no readable file", f"correct {table.file} first"
        return Refusal(
            entry.file,
            entry.number,
            columns_of(type(entry.row))[reference.column],
            visible(id),
            reason,
            remedy or self._guess(kind, id),
        )

    def _guess(self, kind: Kind, id: str) -> str:
        self._guesses += 1
        table = self._tables.get(kind)
        ids = {*self._known.digests[kind], *(table.entries if table is not None else ())}
        meant = closest(id, ids) if self._guesses <= MOST_GUESSES else None
        return f"did you mean '{meant}'?" if meant else f"add it to {kind}.csv, or correct the id"


def _settle_topics(table: Table, checked: _Checked, known_broader: Mapping[str, str]) -> None:
    """Settle the one kind that refers to itself, and put its rows in order, broader topics first."""
    narrower: dict[str, list[str]] = defaultdict(list)
    for identity, entry in table.entries.items():
        for reference in entry.row.references():
            narrower[reference.id].append(identity)

    def broader(identity: str) -> str | None:
        entry = table.entries.get(identity)
        if entry is not None:
            return next((reference.id for reference in entry.row.references()), None)
        return known_broader.get(identity) if checked.stays(Kind.TOPICS, identity) else None

    waiting = deque(table.entries)
    while waiting:
        while waiting:
            identity = waiting.popleft()
            if identity in table.entries and checked.withdraws(table, identity):
                waiting.extend(narrower[identity])
        for circle in _circles(table.entries, broader):
            named = " > ".join([*circle, circle[0]])
            for identity in [one for one in circle if one in table.entries]:
                entry = table.entries[identity]
                refusal = Refusal(
                    entry.file,
                    entry.number,
                    "broader",
                    visible(broader(identity) or ""),
                    f"'{identity}' would be broader than itself: {visible(named, limit=300)}",
                    "take one step out of the circle",
                )
                table.withdraw(identity, [refusal])
                waiting.extend(narrower[identity])
    table.entries = dict(sorted(table.entries.items(), key=lambda item: _depth(item[0], broader)))


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


def _depth(identity: str, broader: Callable[[str], str | None]) -> int:
    """How many broader topics a topic has above it."""
    depth = 0
    at = broader(identity)
    while at is not None:
        depth += 1
        at = broader(at)
    return depth
