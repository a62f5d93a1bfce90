"""Topics: the network's scheme of concepts, each below at most one broader one."""

from collections.abc import Mapping, Sequence
from typing import LiteralString, TypedDict

from graph.alphabet import with_sort_keys_of_names
from graph.graph import Transaction
from graph.passages import restamp

__all__ = ["TopicRecord", "remove_topics", "store_topics"]


class TopicRecord(TypedDict):
    """A topic as a row of topics.csv has it.

    ``names`` holds ``label_en`` … ``label_zh`` (strings) and ``other_labels_en`` … ``other_labels_zh`` (lists); what
    is None there is removed. ``labels`` holds all of them, for full text. ``exact_match`` holds IRIs and ids of the
    same topic in other schemes, whether the graph has it or not; ``deprecated`` is None where nothing is said of it.
    """

    id: str
    broader: str | None
    names: Mapping[str, str | list[str] | None]
    labels: list[str]
    definition: str | None
    scheme: str | None
    iri: str | None
    exact_match: list[str]
    deprecated: bool | None
    digest: str


STORE: LiteralString = """
UNWIND $topics AS row
MERGE (t:Topic {id: row.id})
SET t += row.names, t += row.sort_keys, t.labels = row.labels, t.definition = row.definition,
    t.scheme = row.scheme, t.iri = row.iri,
    t.exact_match = CASE WHEN size(row.exact_match) > 0 THEN row.exact_match END,
    t.deprecated = CASE WHEN row.deprecated THEN true END, t.digest = row.digest
"""

# Apart from STORE, and after it: a broader topic may be in the same batch.
PLACE: LiteralString = """
UNWIND $topics AS row
MATCH (t:Topic {id: row.id})
CALL (t) { MATCH (t)-[old:BROADER]->(:Topic) DELETE old }
CALL (t, row) { MATCH (broader:Topic {id: row.broader}) CREATE (t)-[:BROADER]->(broader) }
"""

# Each topic keeps whom it names, by IRI or id; a relation is there when both are. What comes later names and is named.
MATCH_NAMED: LiteralString = """
UNWIND $topics AS row
MATCH (t:Topic {id: row.id})
CALL (t) { MATCH (t)-[old:EXACT_MATCH]-(:Topic) DELETE old }
WITH t
UNWIND t.exact_match AS named
CALL (named) {
  MATCH (same:Topic {id: named}) RETURN same
UNION
  MATCH (same:Topic {iri: named}) RETURN same
}
WITH t, same WHERE same <> t
MERGE (t)-[:EXACT_MATCH]->(same)
"""

MATCH_NAMING: LiteralString = """
MATCH (naming:Topic) WHERE naming.exact_match IS NOT NULL
UNWIND naming.exact_match AS named
WITH naming, named WHERE named IN $names
CALL (named) {
  MATCH (t:Topic {id: named}) RETURN t
UNION
  MATCH (t:Topic {iri: named}) RETURN t
}
WITH naming, t WHERE naming <> t
MERGE (naming)-[:EXACT_MATCH]->(t)
"""

EXPERTS_BELOW: LiteralString = """
UNWIND $ids AS id
MATCH (:Topic {id: id})<-[:BROADER]-*(:Topic)<-[:EXPERT_IN]-(e:Expert)
RETURN DISTINCT e.id AS expert
"""

# What referred to the topic is stored again when it comes next: its digest no longer fits.
REMOVE: LiteralString = """
MATCH (t:Topic) WHERE t.id IN $ids
CALL (t) { MATCH (t)<-[:BROADER|EXPERT_IN|COVERS]-(n) WHERE n.digest IS NOT NULL SET n.digest = '' }
DETACH DELETE t
"""


async def store_topics(tx: Transaction, topics: Sequence[TopicRecord]) -> None:
    """Create or change these topics, and restamp the passages of everyone who knows them or a narrower one.

    Topics that match exactly (SKOS Reference, section 10) are related as soon as both are there, however they come.
    """
    await tx.run(STORE, topics=with_sort_keys_of_names(topics, "label"))
    await tx.run(PLACE, topics=topics)
    await tx.run(MATCH_NAMED, topics=topics)
    names = [name for topic in topics for name in (topic["id"], topic["iri"]) if name is not None]
    await tx.run(MATCH_NAMING, names=names)
    rows = await tx.run(EXPERTS_BELOW, ids=[topic["id"] for topic in topics])
    await restamp(tx, experts=[row["expert"] for row in rows])


async def remove_topics(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these topics, and restamp the passages of everyone who knew them or a narrower one."""
    rows = await tx.run(EXPERTS_BELOW, ids=ids)
    await tx.run(REMOVE, ids=ids)
    await restamp(tx, experts=[row["expert"] for row in rows])
