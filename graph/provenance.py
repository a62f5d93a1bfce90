"""Where everything comes from: which file says it, in which row or on which page, and when it was read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from graph.changes import record
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.intake import Kind, forget_silent_sources, remove_records
from graph.passages import remove_documents
from graph.permissions import may_load, refuse_unless
from graph.values import moment
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = ["Fact", "NoSuchSource", "NothingKnown", "Place", "Removed", "of", "remove_source"]

REMOVED_AT_ONCE = 500
TIMEOUT_S = 600.0


class NothingKnown(GraphError):
    """No file ever told of this id."""

    def __init__(self, id: str) -> None:
        self.id = id
        super().__init__(
            Wording(
                "No file told of '%(id)s'; give the id of a person, topic, event, document or passage as "
                "the network has it, or a file as the list of sources has it.",
                id=id,
            )
        )


class NoSuchSource(GraphError):
    """Nothing came from a file of this name."""

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__(
            Wording(
                "Nothing came from '%(source)s'; look at the list of sources for those that something came from.",
                source=source,
            )
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file, the row, page or sheet in it, and when that was read."""

    source: str
    place: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known: of what (``experts salma-benrabah``), what it is about, what is said, and where."""

    subject: str
    name: str
    value: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """What taking a source out did or would do: how many of its rows and documents go.

    With them go ``people`` of whom no other source tells, and all that is theirs; ``accounts`` of them can sign in.
    """

    rows: int
    documents: int
    people: int
    accounts: int


RECORDS: LiteralString = """
CALL () {
  MATCH (r:Record) WHERE r.entity = $id OR r.person = $id OR r.subject = $id RETURN r
UNION
  MATCH (r:Record)-[:FROM]->(:Source {id: $id}) RETURN r
}
MATCH (r)-[:FROM]->(s:Source)
RETURN r.kind AS kind, r.entity AS entity, r.said AS said, s.id AS source, r.place AS place, r.read_at AS read_at
ORDER BY kind = 'experts' DESC, kind, entity, r.trust, source, r.id
"""

PASSAGES: LiteralString = """
MATCH (p:Passage)-[:PART_OF]->(d:Document)-[:FROM]->(s:Source)
WHERE p.id = $id OR d.id = $id OR s.id = $id OR EXISTS { (:Expert {id: $id})-[:EVIDENCED_BY]->(p) }
RETURN p.id AS passage, p.text AS text, p.place AS passage_place, d.id AS document, d.place AS place,
       d.read_at AS read_at, s.id AS source
ORDER BY document, p.position
"""

OF_SOURCE: LiteralString = """
MATCH (s:Source {id: $source}) WHERE s.folder <> ''
RETURN COLLECT { MATCH (r:Record)-[:FROM]->(s) RETURN {id: r.id, kind: r.kind} } AS records,
       COLLECT { MATCH (d:Document)-[:FROM]->(s) RETURN d.id } AS documents
"""


PEOPLE_OF_SOURCE: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(:Source {id: $source})
WITH DISTINCT r.entity AS id
WHERE NOT EXISTS {
  MATCH (r:Record {kind: 'experts', entity: id})-[:FROM]->(other:Source) WHERE other.id <> $source AND r.amends IS NULL
}
OPTIONAL MATCH (:Expert {id: id})<-[:IS]-(a:Account) WHERE a.closed_at IS NULL
RETURN count(DISTINCT id) AS people, count(DISTINCT a) AS accounts
"""


async def of(graph: Graph, viewer: Viewer, *, id: str) -> Sequence[Fact]:
    """Everything that is known by this id, each fact with the places that say it, the one that counts first.

    Of a person also where they work, spoke and came, and their passages; of a document its passages, and of a source
    everything that it says.

    Raises:
        NotAllowed: the viewer may not load networks.
        NothingKnown: no file told of it.
    """
    refuse_unless(may_load(viewer), "see where something comes from", who="administrators")
    facts: dict[tuple[str, str, str], list[Place]] = {}
    for row in await graph.read(RECORDS, id=id):
        place = Place(row["source"], row["place"], moment(row["read_at"]))
        for name, value in _facts(json.loads(row["said"])):
            facts.setdefault((f"{row['kind']} {row['entity']}", name, value), []).append(place)
    for row in await graph.read(PASSAGES, id=id):
        where = ", ".join(part for part in (row["place"], row["passage_place"]) if part)
        place = Place(row["source"], where, moment(row["read_at"]))
        facts.setdefault((f"document {row['document']}", f"passage {row['passage']}", row["text"]), []).append(place)
    if not facts:
        raise NothingKnown(id)
    return [Fact(*what, tuple(places)) for what, places in facts.items()]


async def remove_source(graph: Graph, viewer: Viewer, *, source: str, dry_run: bool = False) -> Removed:
    """Take out what a source told and no other source tells, in batches; stopped, run it again.

    A dry run tells what would go, and takes nothing out.

    Raises:
        NotAllowed: the viewer may not load networks.
        NoSuchSource: nothing came from it.
    """
    refuse_unless(may_load(viewer), "take out what the network was loaded from", who="administrators")
    rows = await graph.read(OF_SOURCE, source=source)
    if not rows:
        raise NoSuchSource(source)
    (told,) = rows
    (people,) = await graph.read(PEOPLE_OF_SOURCE, source=source)
    removed = Removed(len(told["records"]), len(told["documents"]), people["people"], people["accounts"])
    if dry_run:
        return removed
    await _in_batches(graph, viewer, source, told["documents"], _remove_documents)
    # First what refers to other things.
    for kind in reversed(Kind):
        ids = [one["id"] for one in told["records"] if one["kind"] == kind]

        async def take_out(tx: Transaction, ids: Sequence[str], kind: Kind = kind) -> None:
            await remove_records(tx, kind, ids)

        await _in_batches(graph, viewer, source, ids, take_out)
    return removed


async def _remove_documents(tx: Transaction, ids: Sequence[str]) -> None:
    await remove_documents(tx, ids)
    await forget_silent_sources(tx)


async def _in_batches(graph: Graph, viewer: Viewer, source: str, ids: Sequence[str], take_out: Any) -> None:
    for start in range(0, len(ids), REMOVED_AT_ONCE):

        async def work(tx: Transaction, batch: Sequence[str] = ids[start : start + REMOVED_AT_ONCE]) -> None:
            await take_out(tx, batch)
            await record(tx, viewer, verb="removed", subject=f"source:{source}", after={"count": len(batch)})

        await graph.transact(work, timeout_s=TIMEOUT_S)


def _facts(said: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What a record says, one fact at a time: of lists each member."""
    found: list[tuple[str, str]] = []
    for name, value in said.items():
        if isinstance(value, Mapping):
            found += _facts(value)
        elif isinstance(value, list):
            # That a row is known again by its file and place is our own note, and no fact.
            found += [(name, _shown(one)) for one in value if not str(one).startswith("file:")]
        elif value is not None:
            found.append((name, _shown(value)))
    return found


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ":".join(str(part) for part in value.values() if part is not None)
    return str(value)
