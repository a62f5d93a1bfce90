"""The graph's shape: constraints, indexes and the numbered migrations that brought them.

Every statement can be run twice, so two processes that start at once do no harm; what was applied is recorded in
the graph. Neo4j Community has no existence constraints: what must be there is checked by the code that writes it.
The vector indexes depend on the encoder and are made by graph.vectors.
"""

from dataclasses import dataclass
from typing import LiteralString

from graph.errors import GraphError
from graph.graph import Graph

__all__ = ["MIGRATIONS", "GraphFromNewerVersion", "Migration", "migrate"]


class GraphFromNewerVersion(GraphError):
    """The graph was migrated by a later release of Knowwho than this one."""

    def __init__(self, *, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"This graph has migration {found}, but this Knowwho knows only {known}; install the newer Knowwho again."
        )


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from one shape of the graph to the next; its statements can each be run twice."""

    number: int
    name: str
    statements: tuple[LiteralString, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "every noun has one id; the names that people look for are indexed",
        (
            "CREATE CONSTRAINT migration_number IF NOT EXISTS FOR (n:Migration) REQUIRE n.number IS UNIQUE",
            "CREATE CONSTRAINT expert_id IF NOT EXISTS FOR (n:Expert) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT topic_id IF NOT EXISTS FOR (n:Topic) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT series_id IF NOT EXISTS FOR (n:Series) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT country_id IF NOT EXISTS FOR (n:Country) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT region_id IF NOT EXISTS FOR (n:Region) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT language_id IF NOT EXISTS FOR (n:Language) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT organisation_id IF NOT EXISTS FOR (n:Organisation) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT resource_id IF NOT EXISTS FOR (n:Resource) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT project_id IF NOT EXISTS FOR (n:Project) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT activity_id IF NOT EXISTS FOR (n:Activity) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT passage_id IF NOT EXISTS FOR (n:Passage) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX expert_name IF NOT EXISTS FOR (n:Expert) ON (n.name)",
            "CREATE INDEX event_starts_at IF NOT EXISTS FOR (n:Event) ON (n.starts_at)",
            "CREATE INDEX passage_encoder IF NOT EXISTS FOR (n:Passage) ON (n.encoder)",
            "CREATE INDEX passage_country IF NOT EXISTS FOR (n:Passage) ON (n.country)",
        ),
    ),
    Migration(
        2,
        "full text over passages, with what searches filter by, and over the labels of topics",
        (
            "CREATE FULLTEXT INDEX passage_text IF NOT EXISTS FOR (n:Passage) "
            "ON EACH [n.text, n.title, n.stamps] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
            "CREATE FULLTEXT INDEX topic_labels IF NOT EXISTS FOR (n:Topic) ON EACH [n.labels] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
        ),
    ),
)

APPLIED: LiteralString = "MATCH (m:Migration) RETURN coalesce(max(m.number), 0) AS number"

RECORD: LiteralString = """
MERGE (m:Migration {number: $number})
ON CREATE SET m.name = $name, m.at = datetime()
"""

INDEXES_ONLINE: LiteralString = "CALL db.awaitIndexes(120)"


async def migrate(graph: Graph) -> int:
    """Bring the graph to this release's shape; how many migrations were applied (0 when it was already there).

    Raises:
        GraphFromNewerVersion: a later release has been here.
    """
    applied = (await graph.read(APPLIED))[0]["number"]
    known = MIGRATIONS[-1].number
    if applied > known:
        raise GraphFromNewerVersion(found=applied, known=known)
    waiting = [migration for migration in MIGRATIONS if migration.number > applied]
    for migration in waiting:
        for statement in migration.statements:
            await graph.define(statement)
        await graph.write(RECORD, number=migration.number, name=migration.name)
    if waiting:
        await graph.read(INDEXES_ONLINE, timeout_s=130)
    return len(waiting)
