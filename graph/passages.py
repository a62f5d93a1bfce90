"""Passages, the unit of evidence and of search, and the documents that they are part of.

A passage's id is a digest of its owner, its document and its text, so an unchanged paragraph keeps its vector when
its document changes. What searches filter by is copied from the owner onto the passage by :func:`restamp` alone.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import LiteralString, TypedDict

from graph.graph import Transaction

__all__ = ["DocumentRecord", "PassageRecord", "passage_id", "remove_documents", "restamp", "store_documents"]


class PassageRecord(TypedDict):
    """A piece of a document, with the one person whom it is evidence on; ``position`` counts from 0."""

    id: str
    owner: str
    text: str
    position: int


class DocumentRecord(TypedDict):
    """A file of documents/: ``id`` is its path in the network's folder, ``event`` or ``resource`` what it tells of."""

    id: str
    kind: str
    title: str | None
    language: str
    occurred_on: date | None
    event: str | None
    resource: str | None
    passages: list[PassageRecord]
    digest: str


STORE_DOCUMENTS: LiteralString = """
UNWIND $documents AS row
MERGE (d:Document {id: row.id})
SET d.kind = row.kind, d.title = row.title, d.language = row.language, d.occurred_on = row.occurred_on,
    d.digest = row.digest
WITH d, row
CALL (d) { MATCH (d)-[old:DRAWN_FROM]->() DELETE old }
CALL (d, row) { MATCH (v:Event {id: row.event}) CREATE (d)-[:DRAWN_FROM]->(v) }
CALL (d, row) { MATCH (r:Resource {id: row.resource}) CREATE (d)-[:DRAWN_FROM]->(r) }
CALL (d, row) {
  MATCH (d)<-[:PART_OF]-(gone:Passage)
  WHERE NOT gone.id IN [passage IN row.passages | passage.id]
  DETACH DELETE gone
}
"""

# A vector is written from the title and the text; the text is in the id, a changed title sends for a new vector.
STORE_PASSAGES: LiteralString = """
UNWIND $documents AS row
MATCH (d:Document {id: row.id})
UNWIND row.passages AS passage
MATCH (e:Expert {id: passage.owner})
MERGE (p:Passage {id: passage.id})
SET p.encoder = CASE WHEN coalesce(p.title, '') = coalesce(row.title, '') THEN p.encoder END
SET p.text = passage.text, p.position = passage.position, p.title = row.title, p.kind = row.kind,
    p.language = row.language, p.source = row.id, p.occurred_on = row.occurred_on
MERGE (e)-[:EVIDENCED_BY]->(p)
MERGE (p)-[:PART_OF]->(d)
"""

REMOVE_DOCUMENTS: LiteralString = """
MATCH (d:Document) WHERE d.id IN $ids
CALL (d) { MATCH (d)<-[:PART_OF]-(p:Passage) DETACH DELETE p }
DETACH DELETE d
"""

# What a person says of themselves in a line, and what they know, as a passage of its own: it finds, but is no evidence.
PROFILE: LiteralString = """
UNWIND $experts AS id
MATCH (e:Expert {id: id})
CALL (e) {
  OPTIONAL MATCH (e)-[x:EXPERT_IN]->(t:Topic)
  WITH x, t ORDER BY x.since, t.id
  RETURN collect(t.label_en) AS labels
}
WITH e, reduce(said = coalesce(e.headline, ''), label IN labels |
  CASE said WHEN '' THEN label ELSE said + '; ' + label END) AS text
MERGE (p:Passage {id: 'profile:' + e.id})
MERGE (e)-[:EVIDENCED_BY]->(p)
WITH e, p, text
WHERE p.text IS NULL OR p.text <> text OR p.title <> e.name
SET p.text = text, p.title = e.name, p.kind = 'profile', p.position = 0
REMOVE p.encoder
"""

# A hyphen parts words in full text: 'crowd-management' is stamped as 'crowd_management'.
RESTAMP: LiteralString = """
UNWIND $experts AS id
MATCH (e:Expert {id: id})
CALL (e) {
  OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country)
  RETURN min(c.id) AS country
}
CALL (e) {
  OPTIONAL MATCH (e)-[:SPEAKS]->(l:Language)
  WITH DISTINCT l.id AS language ORDER BY language
  RETURN collect(language) AS speaks
}
CALL (e) {
  OPTIONAL MATCH (e)-[:EXPERT_IN]->(:Topic)-[:BROADER]->*(t:Topic)
  WITH DISTINCT replace(t.id, '-', '_') AS topic ORDER BY topic
  RETURN collect(topic) AS topics
}
MATCH (e)-[:EVIDENCED_BY]->(p:Passage)
WHERE coalesce(p.country, '') <> coalesce(country, '')
   OR p.speaks IS NULL OR p.speaks <> speaks
   OR p.topics IS NULL OR p.topics <> topics
SET p.country = country, p.speaks = speaks, p.topics = topics,
    p.stamps = CASE WHEN country IS NULL THEN [] ELSE ['country_' + country] END
             + [language IN speaks | 'speaks_' + replace(language, '-', '_')]
             + [topic IN topics | 'topic_' + topic]
"""


def passage_id(*, owner: str, document: str, text: str) -> str:
    """The id of a passage: 32 hexadecimal digits, the same for the same words in the same place."""
    return hashlib.sha256("\0".join((owner, document, text)).encode()).hexdigest()[:32]


async def store_documents(tx: Transaction, documents: Sequence[DocumentRecord]) -> None:
    """Create or change these documents: new passages come, gone ones go, the same ones keep their vectors."""
    await tx.run(STORE_DOCUMENTS, documents=documents)
    await tx.run(STORE_PASSAGES, documents=documents)
    owners = {passage["owner"] for document in documents for passage in document["passages"]}
    await restamp(tx, experts=sorted(owners))


async def remove_documents(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these documents and their passages."""
    await tx.run(REMOVE_DOCUMENTS, ids=ids)


async def restamp(tx: Transaction, *, experts: Sequence[str]) -> None:
    """Write these people's profiles, and copy what searches filter by onto their passages, where it is not there.

    A profile is a passage of kind ``profile``: the headline and the labels of what the person knows. Each passage
    gets ``country`` (where the person lives), ``speaks`` (language ids, sorted) and ``topics`` (ids of what the person
    knows and everything broader, hyphens as underscores, sorted), and all of them once more in ``stamps``, for full
    text. To be called in the transaction that changes any of these.
    """
    await tx.run(PROFILE, experts=experts)
    await tx.run(RESTAMP, experts=experts)
