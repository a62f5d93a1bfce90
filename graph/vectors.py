"""The vectors of passages, their sentences and topics: who wrote them, which still wait, and the index over them.

One encoder writes all vectors of a graph, and the graph remembers which. What waits for a vector is told by the
node itself (its ``encoder`` is not the graph's, or a passage has no ``sentences`` yet), so encoding can stop anywhere
and go on later.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, LiteralString

from graph.errors import GraphError
from graph.graph import Graph, Row, Transaction
from graph.sentences import packed, spans
from graph.wording import Wording

if TYPE_CHECKING:
    from graph.encoder import Encoder, EncoderIdentity

__all__ = ["EncoderMismatch", "check_encoder", "embed_waiting", "restore_index", "waiting", "written_by"]

BATCH = 64


class EncoderMismatch(GraphError):
    """The graph's vectors were written by another encoder than the one that is set."""

    def __init__(self, *, wrote: str, set_now: str) -> None:
        self.wrote = wrote
        self.set_now = set_now
        super().__init__(
            Wording(
                "The graph's vectors were written by %(wrote)s, but the encoder set now is %(set_now)s; "
                "run 'knowwho embed' to write them anew, or set KNOWWHO_ENCODER back.",
                wrote=wrote,
                set_now=set_now,
            )
        )


WRITTEN_BY: LiteralString = """
MATCH (w:Encoder {id: 'encoder'})
RETURN w.description AS description, w.revision AS revision, w.dimensions AS dimensions
"""

CLAIM: LiteralString = """
MERGE (w:Encoder {id: 'encoder'})
SET w.description = $description, w.models = $models, w.weights = $weights,
    w.revision = $revision, w.dimensions = $dimensions
"""

DROP_INDEX: LiteralString = "DROP INDEX passage_embedding IF EXISTS"

CREATE_INDEX: LiteralString = """
CREATE VECTOR INDEX passage_embedding IF NOT EXISTS FOR (p:Passage) ON p.embedding
WITH [p.found_by, p.encoder]
OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, `vector.similarity_function`: 'cosine'}}
"""

WAITING_PASSAGES: LiteralString = """
MATCH (p:Passage)
WHERE p.found_by IS NOT NULL
  AND (coalesce(p.encoder, '') <> $revision OR (p.sentences IS NULL AND p.kind <> 'profile'))
RETURN count(p) AS passages
"""

WAITING_TOPICS: LiteralString = """
MATCH (t:Topic) WHERE coalesce(t.encoder, '') <> $revision OR coalesce(t.encoded_digest, '') <> coalesce(t.digest, '')
RETURN count(t) AS topics
"""

NEXT_PASSAGES: LiteralString = """
MATCH (p:Passage)
WHERE p.found_by IS NOT NULL
  AND (coalesce(p.encoder, '') <> $revision OR (p.sentences IS NULL AND p.kind <> 'profile'))
RETURN p.id AS id, p.text AS text, p.title AS title, p.kind AS kind, p.language AS language
LIMIT $limit
"""

NEXT_TOPICS: LiteralString = """
MATCH (t:Topic) WHERE coalesce(t.encoder, '') <> $revision OR coalesce(t.encoded_digest, '') <> coalesce(t.digest, '')
RETURN t.id AS id, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh) AS label,
       CASE WHEN t.label_en IS NULL THEN t.labels ELSE t.other_labels_en END AS others,
       head([language IN ['en', 'fr', 'es', 'ar', 'ru', 'zh'] WHERE t['label_' + language] IS NOT NULL]) AS language,
       t.definition AS definition, t.digest AS digest
LIMIT $limit
"""

# Whoever withdrew while the vector was made is not written into the index after all; a text that changed waits again.
STORE_PASSAGES: LiteralString = """
UNWIND $rows AS row
MATCH (p:Passage {id: row.id}) WHERE p.found_by IS NOT NULL AND p.text = row.text
SET p.encoder = $revision, p.sentences = row.sentences, p.sentence_vectors = row.sentence_vectors
WITH p, row
CALL db.create.setNodeVectorProperty(p, 'embedding', row.vector)
"""

STORE_TOPICS: LiteralString = """
UNWIND $rows AS row
MATCH (t:Topic {id: row.id})
SET t.encoder = $revision, t.encoded_digest = row.digest
WITH t, row
CALL db.create.setNodeVectorProperty(t, 'embedding', row.vector)
"""


async def written_by(graph: Graph) -> Row | None:
    """Who wrote the graph's vectors (``description``, ``revision``, ``dimensions``); None while it has none."""
    rows = await graph.read(WRITTEN_BY)
    return rows[0] if rows else None


async def restore_index(graph: Graph) -> None:
    """Make the vector index again for the encoder that wrote the graph's vectors, if one did and the index is gone."""
    writer = await written_by(graph)
    if writer is not None:
        await graph.write(CREATE_INDEX, dimensions=writer["dimensions"])


async def check_encoder(graph: Graph, identity: "EncoderIdentity") -> None:
    """Make sure that the graph's vectors, if any, were written by this encoder.

    Raises:
        EncoderMismatch: they were written by another one.
    """
    writer = await written_by(graph)
    if writer is not None and writer["revision"] != identity.revision:
        raise EncoderMismatch(wrote=writer["description"], set_now=str(identity))


async def waiting(graph: Graph, identity: "EncoderIdentity") -> int:
    """How many passages and topics wait for a vector of this encoder."""
    passages = await graph.read(WAITING_PASSAGES, revision=identity.revision)
    topics = await graph.read(WAITING_TOPICS, revision=identity.revision)
    return int(passages[0]["passages"]) + int(topics[0]["topics"])


async def embed_waiting(graph: Graph, encoder: "Encoder", *, progress: Callable[[int, int], None] | None = None) -> int:
    """Write the vectors of everything that waits for one; how many were written.

    ``progress`` is told how many are done of how many. Stopped anywhere, it goes on where it was when called again.
    If another encoder wrote the graph's vectors, this one takes over and writes all anew.
    """
    identity = encoder.identity
    writer = await written_by(graph)
    if writer is None or writer["revision"] != identity.revision:
        await _take_over(graph, identity)
    total = await waiting(graph, identity)
    done = 0
    while rows := await graph.read(NEXT_TOPICS, revision=identity.revision, limit=BATCH):
        await _store(graph, encoder, STORE_TOPICS, await asyncio.to_thread(_encoded_topics, encoder, rows))
        done += len(rows)
        if progress is not None:
            progress(done, total)
    while rows := await graph.read(NEXT_PASSAGES, revision=identity.revision, limit=BATCH):
        await _store(graph, encoder, STORE_PASSAGES, await asyncio.to_thread(_encoded_passages, encoder, rows))
        done += len(rows)
        if progress is not None:
            progress(done, total)
    return done


async def _take_over(graph: Graph, identity: "EncoderIdentity") -> None:
    await graph.write(DROP_INDEX)
    await graph.write(
        CLAIM,
        description=str(identity),
        models=[model.name for model in identity.models],
        weights=[model.weight for model in identity.models],
        revision=identity.revision,
        dimensions=identity.dimensions,
    )
    await graph.write(CREATE_INDEX, dimensions=identity.dimensions)


async def _store(graph: Graph, encoder: "Encoder", cypher: LiteralString, rows: Sequence[Row]) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run(cypher, rows=rows, revision=encoder.identity.revision)

    await graph.transact(work)


def _encoded_topics(encoder: "Encoder", rows: Sequence[Row]) -> list[Row]:
    vectors = encoder.encode_passages([_topic_text(row) for row in rows], languages=[row["language"] for row in rows])
    return [
        {"id": row["id"], "digest": row["digest"], "vector": vector.tolist()}
        for row, vector in zip(rows, vectors, strict=True)
    ]


def _encoded_passages(encoder: "Encoder", rows: Sequence[Row]) -> list[Row]:
    """Passages with their vectors and those of their sentences, all encoded together: the encoder sorts by length."""
    told = [[] if row["kind"] == "profile" else spans(row["text"], language=row["language"]) for row in rows]
    texts = [_passage_text(row) for row in rows]
    languages = [row["language"] for row in rows]
    for row, ends in zip(rows, told, strict=True):
        texts += [row["text"][start:end] for start, end in ends]
        languages += [row["language"]] * len(ends)
    vectors = encoder.encode_passages(texts, languages=languages)
    encoded, taken = [], len(rows)
    for row, vector, ends in zip(rows, vectors[: len(rows)], told, strict=True):
        encoded.append(
            {
                "id": row["id"],
                "text": row["text"],
                "vector": vector.tolist(),
                "sentences": [place for span in ends for place in span],
                "sentence_vectors": packed(vectors[taken : taken + len(ends)]) if ends else None,
            }
        )
        taken += len(ends)
    return encoded


def _passage_text(row: Row) -> str:
    # A profile's title is the person's name: full text finds it, but it says nothing of what they know.
    has_title = row["title"] and row["kind"] != "profile"
    return f"{row['title']}\n{row['text']}" if has_title else str(row["text"])


def _topic_text(row: Row) -> str:
    names = ", ".join([row["label"] or "", *(row["others"] or [])])
    return f"{names}. {row['definition'] or ''}".strip()
