"""Relations and passages, moved to the person who is kept and back: each that moves says from whom it came."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from graph.graph import Transaction
from graph.passages import passage_id

__all__ = ["move", "move_back", "part_passages", "put_passages_together"]

TOLD_RELATIONS = ("BASED_IN", "EXPERT_IN", "SAID_OF", "SPEAKS", "WORKED_IN")
"""What the records of a person settle; every other relation moves."""

# A profile is written anew by graph.passages.restamp.
REMOVE_PROFILE: LiteralString = "MATCH (p:Passage {id: 'profile:' + $expert}) DETACH DELETE p"

# Each relation says from whom it came first, however often it is moved.
MOVE_OUTGOING: LiteralString = """
MATCH (gone:Expert {id: $gone})-[r]->(n) WHERE NOT type(r) IN $told
MATCH (kept:Expert {id: $kept})
CREATE (kept)-[moved:$(type(r))]->(n)
SET moved = properties(r), moved.came_from = coalesce(r.came_from, $gone)
DELETE r
RETURN type(moved) AS type, count(*) AS moved
"""

MOVE_INCOMING: LiteralString = """
MATCH (gone:Expert {id: $gone})<-[r]-(n) WHERE NOT type(r) IN $told
MATCH (kept:Expert {id: $kept})
CREATE (kept)<-[moved:$(type(r))]-(n)
SET moved = properties(r), moved.came_from = coalesce(r.came_from, $gone)
DELETE r
RETURN type(moved) AS type, count(*) AS moved
"""

MOVE_OUTGOING_BACK: LiteralString = """
MATCH (kept:Expert {id: $kept})-[r]->(n) WHERE r.came_from IN $people
MATCH (gone:Expert {id: $gone})
CREATE (gone)-[back:$(type(r))]->(n)
SET back = properties(r), back.came_from = CASE WHEN r.came_from <> $gone THEN r.came_from END
DELETE r
"""

MOVE_INCOMING_BACK: LiteralString = """
MATCH (kept:Expert {id: $kept})<-[r]-(n) WHERE r.came_from IN $people
MATCH (gone:Expert {id: $gone})
CREATE (gone)<-[back:$(type(r))]-(n)
SET back = properties(r), back.came_from = CASE WHEN r.came_from <> $gone THEN r.came_from END
DELETE r
"""

PASSAGES: LiteralString = """
MATCH (e:Expert)-[r:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
WHERE e.id IN $people
RETURN e.id AS owner, p.id AS passage, p.text AS text, d.id AS document, d.read_at > $since AS is_new,
       r.came_from AS came_from
"""

REMOVE_PASSAGES: LiteralString = "MATCH (p:Passage) WHERE p.id IN $passages DETACH DELETE p"

COPY_PASSAGES: LiteralString = """
UNWIND $copies AS copy
MATCH (p:Passage {id: copy.passage})-[:PART_OF]->(d:Document)
MATCH (e:Expert {id: $expert})
MERGE (own:Passage {id: copy.id})
SET own += p {.text, .position, .title, .kind, .language, .source, .place, .occurred_on, .encoder, .sentences,
              .sentence_vectors}
MERGE (e)-[r:EVIDENCED_BY]->(own)
SET r.came_from = CASE WHEN copy.came_from <> '' THEN copy.came_from END
MERGE (own)-[:PART_OF]->(d)
WITH own, p WHERE p.embedding IS NOT NULL
CALL db.create.setNodeVectorProperty(own, 'embedding', p.embedding)
"""

MOVE_PASSAGES_BACK: LiteralString = """
UNWIND $passages AS passage
MATCH (:Expert {id: $kept})-[r:EVIDENCED_BY]->(p:Passage {id: passage.id})
MATCH (gone:Expert {id: $gone})
DELETE r
MERGE (gone)-[own:EVIDENCED_BY]->(p)
SET own.came_from = CASE WHEN passage.owner <> $gone THEN passage.owner END
"""

LOAD_AGAIN: LiteralString = "MATCH (d:Document) WHERE d.id IN $documents SET d.digest = ''"


async def move(tx: Transaction, *, keep: str, gone: str) -> Counter[str]:
    """Move every relation that no record tells of; how many of each type."""
    await tx.run(REMOVE_PROFILE, expert=gone)
    moved: Counter[str] = Counter()
    for row in (
        *await tx.run(MOVE_OUTGOING, gone=gone, kept=keep, told=TOLD_RELATIONS),
        *await tx.run(MOVE_INCOMING, gone=gone, kept=keep, told=TOLD_RELATIONS),
    ):
        moved[row["type"]] += row["moved"]
    return moved


async def move_back(tx: Transaction, *, kept: str, gone: str, people: Sequence[str]) -> None:
    """Move every relation back to ``gone`` that came from one of these people, of whom ``gone`` is one."""
    await tx.run(MOVE_OUTGOING_BACK, kept=kept, gone=gone, people=people)
    await tx.run(MOVE_INCOMING_BACK, kept=kept, gone=gone, people=people)


async def put_passages_together(tx: Transaction, *, keep: str, gone: str, at: datetime) -> list[str]:
    """Have once what a document tells of both; of each passage that is removed its id, its twin's and its owner."""
    rows = await tx.run(PASSAGES, people=[keep, gone], since=at)
    twins = {(row["document"], row["text"]): row["passage"] for row in rows if row["owner"] == keep}
    doubles = [row for row in rows if row["owner"] == gone and (row["document"], row["text"]) in twins]
    await tx.run(REMOVE_PASSAGES, passages=[row["passage"] for row in doubles])
    return [" ".join((row["passage"], twins[row["document"], row["text"]], row["came_from"] or "")) for row in doubles]


async def part_passages(
    tx: Transaction, remembered: Mapping[str, Any], *, kept: str, gone: str, people: Sequence[str]
) -> int:
    """Give each their passages, also those loaded since; how many documents have to be loaded again to be sure."""
    copies = [dict(zip(("id", "passage", "came_from"), copy.split(" "), strict=True)) for copy in remembered["copies"]]
    await tx.run(COPY_PASSAGES, expert=gone, copies=copies)
    rows = await tx.run(PASSAGES, people=[kept, gone], since=remembered["at"])
    back = [
        {"id": row["passage"], "owner": owner}
        for row in rows
        if row["owner"] == kept
        for owner in people
        if passage_id(owner=owner, document=row["document"], text=row["text"]) == row["passage"]
    ]
    await tx.run(MOVE_PASSAGES_BACK, kept=kept, gone=gone, passages=back)
    # Of two owners who were one, a document that came since was told of the first alone.
    again = sorted({row["document"] for row in rows if row["is_new"]})
    await tx.run(LOAD_AGAIN, documents=again)
    return len(again)
