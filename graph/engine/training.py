"""The run that writes Java's start-up cache: an engine that does once what Knowwho does, then stops cleanly."""

import hashlib
import shutil

from graph.engine.address import Address
from graph.engine.errors import JavaFailed
from graph.engine.lifecycle import training_run
from graph.engine.programs import aot_cache, aot_digest, programs_folder
from graph.settings import GraphSettings

__all__ = ["write_aot_cache"]

PASSAGE_VECTORS = """
CYPHER 25
CREATE VECTOR INDEX passage_embedding IF NOT EXISTS
FOR (p:Passage) ON p.embedding WITH [p.audience]
OPTIONS {indexConfig: {`vector.dimensions`: 4, `vector.similarity_function`: 'cosine'}}
"""
PASSAGE_WORDS = """
CYPHER 25
CREATE FULLTEXT INDEX passage_text IF NOT EXISTS
FOR (p:Passage) ON EACH [p.text]
"""
PASSAGE_ID = """
CYPHER 25
CREATE CONSTRAINT passage_id IF NOT EXISTS
FOR (p:Passage) REQUIRE p.id IS UNIQUE
"""
INDEXES_READY = "CALL db.awaitIndexes(60)"
WRITE_PASSAGES = """
CYPHER 25
UNWIND $rows AS row
MERGE (e:Expert {id: row.id})
MERGE (e)-[:EVIDENCED_BY]->(p:Passage {id: row.id})
SET p.text = row.text, p.audience = row.audience
WITH p, row
CALL db.create.setNodeVectorProperty(p, 'embedding', row.embedding)
"""
NEAREST_PASSAGES = """
CYPHER 25
MATCH (p:Passage)
SEARCH p IN (VECTOR INDEX passage_embedding FOR $vector WHERE p.audience <= 1 LIMIT 5) SCORE AS score
MATCH (e:Expert)-[:EVIDENCED_BY]->(p)
RETURN e.id AS id, collect(p.text) AS texts, max(score) AS score
ORDER BY score DESC
"""
PASSAGES_WITH_WORDS = """
CYPHER 25
CALL db.index.fulltext.queryNodes('passage_text', $words) YIELD node, score
RETURN node.id AS id, score
LIMIT 5
"""


def write_aot_cache(settings: GraphSettings) -> None:
    """Run an engine in a folder of its own and keep the cache that its stop writes; takes about half a minute.

    Raises:
        EngineError: the engine did not start; the folder `training` beside the cache then has its logs.
        JavaFailed: the engine ran, but wrote no cache.
    """
    home = programs_folder(settings) / "training"
    shutil.rmtree(home, ignore_errors=True)
    training = GraphSettings(home=home, cache=settings.cache, neo4j_uri=None)
    draft = home / "start-up.aot"
    with training_run(training, aot_output=draft) as address:
        _use(address)
    if not draft.exists():
        raise JavaFailed("it wrote no start-up cache", training.logs / "engine.log")
    with draft.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    # The cache last: an installation that is cut here finds none and writes both again.
    aot_cache(settings).unlink(missing_ok=True)
    aot_digest(settings).write_text(digest, encoding="ascii")
    draft.replace(aot_cache(settings))
    shutil.rmtree(home, ignore_errors=True)


def _use(address: Address) -> None:
    from neo4j import GraphDatabase

    rows = [
        {
            "id": f"p{number}",
            "text": f"passage number {number}",
            "audience": number % 3,
            "embedding": [1.0, 0.0, 0.0, number],
        }
        for number in range(100)
    ]
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password.get_secret_value())) as driver:
        for statement in (PASSAGE_ID, PASSAGE_VECTORS, PASSAGE_WORDS, INDEXES_READY):
            driver.execute_query(statement)
        driver.execute_query(WRITE_PASSAGES, rows=rows)
        for _ in range(20):
            driver.execute_query(NEAREST_PASSAGES, vector=[1.0, 0.0, 0.0, 5.0])
            driver.execute_query(PASSAGES_WITH_WORDS, words="passage")
