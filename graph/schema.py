"""The graph's shape: constraints, indexes and the numbered migrations that brought them.

Every statement can be run twice, so two processes that start at once do no harm; what was applied is recorded in
the graph. Neo4j Community has no existence constraints: what must be there is checked by the code that writes it.
The vector index depends on the encoder and is made by graph.vectors.
"""

from dataclasses import dataclass
from typing import LiteralString

from neo4j.exceptions import Neo4jError

from graph.alphabet import order_everything
from graph.errors import DatabaseFault, GraphError
from graph.graph import Graph
from graph.passages import restamp_everybody
from graph.vectors import restore_index

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
    restamps: bool = False
    """Whether what is stamped on people and passages is written anew, for everybody."""
    orders: bool = False
    """Whether all that has a name or a title gets the keys by which it is listed anew."""


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
        "full text over the labels of topics (and once over passages; migration 3 has those indexes)",
        (
            "CREATE FULLTEXT INDEX topic_labels IF NOT EXISTS FOR (n:Topic) ON EACH [n.labels] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
        ),
    ),
    Migration(
        3,
        "who is asking: accounts, sessions, tokens and changes; search indexes that hold what their askers may find",
        (
            "CREATE CONSTRAINT account_id IF NOT EXISTS FOR (n:Account) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT account_email IF NOT EXISTS FOR (n:Account) REQUIRE n.email IS UNIQUE",
            "CREATE CONSTRAINT identity_id IF NOT EXISTS FOR (n:Identity) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT session_digest IF NOT EXISTS FOR (n:Session) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT token_digest IF NOT EXISTS FOR (n:Token) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT token_name IF NOT EXISTS FOR (n:Token) REQUIRE n.name IS UNIQUE",
            "CREATE CONSTRAINT sign_in_link_digest IF NOT EXISTS FOR (n:SignInLink) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT sign_in_attempt_digest IF NOT EXISTS FOR (n:SignInAttempt) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT invitation_digest IF NOT EXISTS FOR (n:Invitation) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT invitation_id IF NOT EXISTS FOR (n:Invitation) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT consent_id IF NOT EXISTS FOR (n:Consent) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT consent_text_id IF NOT EXISTS FOR (n:ConsentText) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT change_sequence IF NOT EXISTS FOR (n:Change) REQUIRE n.sequence IS UNIQUE",
            "CREATE CONSTRAINT change_counter_id IF NOT EXISTS FOR (n:ChangeCounter) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX sign_in_attempt_expires_at IF NOT EXISTS FOR (n:SignInAttempt) ON (n.expires_at)",
            "CREATE CONSTRAINT stamping_id IF NOT EXISTS FOR (n:Stamping) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT network_id IF NOT EXISTS FOR (n:Network) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT tombstone_digest IF NOT EXISTS FOR (n:Tombstone) REQUIRE n.digest IS UNIQUE",
            "CREATE CONSTRAINT tombstone_salt_id IF NOT EXISTS FOR (n:TombstoneSalt) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT participant_id IF NOT EXISTS FOR (n:Participant) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT erasure_id IF NOT EXISTS FOR (n:Erasure) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX change_subject IF NOT EXISTS FOR (n:Change) ON (n.subject)",
            "CREATE INDEX expert_email IF NOT EXISTS FOR (n:Expert) ON (n.email)",
            "DROP INDEX passage_text IF EXISTS",
            "DROP INDEX passage_embedding IF EXISTS",
            "CREATE FULLTEXT INDEX passage_text_0 IF NOT EXISTS FOR (n:FoundByEveryone) "
            "ON EACH [n.text, n.title, n.stamps] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
            "CREATE FULLTEXT INDEX passage_text_1 IF NOT EXISTS FOR (n:FoundByMembers) "
            "ON EACH [n.text, n.title, n.stamps] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
            "CREATE FULLTEXT INDEX passage_text_2 IF NOT EXISTS FOR (n:FoundByOrganisers) "
            "ON EACH [n.text, n.title, n.stamps] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
        ),
        restamps=True,
    ),
    Migration(
        4,
        "where everything comes from: sources, what each of them says, and people who were found to be one",
        (
            "CREATE CONSTRAINT source_id IF NOT EXISTS FOR (n:Source) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT merge_id IF NOT EXISTS FOR (n:Merge) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT distinct_id IF NOT EXISTS FOR (n:Distinct) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX record_entity IF NOT EXISTS FOR (n:Record) ON (n.kind, n.entity)",
            "CREATE INDEX topic_iri IF NOT EXISTS FOR (n:Topic) ON (n.iri)",
            "CREATE INDEX record_person IF NOT EXISTS FOR (n:Record) ON (n.person)",
            "CREATE INDEX record_occurs_in IF NOT EXISTS FOR (n:Record) ON (n.occurs_in)",
            "CREATE INDEX record_calls_off IF NOT EXISTS FOR (n:Record) ON (n.calls_off)",
        ),
    ),
    Migration(
        5,
        "what is made with a key is made once",
        ("CREATE CONSTRAINT idempotency_key_id IF NOT EXISTS FOR (n:IdempotencyKey) REQUIRE n.id IS UNIQUE",),
    ),
    Migration(
        6,
        "searches filter by people themselves, and find their names in any script",
        (
            "DROP INDEX passage_country IF EXISTS",
            "DROP INDEX passage_embedding IF EXISTS",
            "MATCH (p:Passage) REMOVE p.country, p.audience_country, p.speaks, p.audience_languages, p.topics",
        ),
        restamps=True,
    ),
    Migration(
        7,
        "who is considered as a speaker, each once for an event",
        (
            "CREATE CONSTRAINT candidacy_id IF NOT EXISTS FOR (n:Candidacy) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT candidacy_once IF NOT EXISTS FOR (n:Candidacy) REQUIRE (n.expert, n.event) IS UNIQUE",
            "CREATE INDEX candidacy_event IF NOT EXISTS FOR (n:Candidacy) ON (n.event)",
            "CREATE CONSTRAINT step_id IF NOT EXISTS FOR (n:Step) REQUIRE n.id IS UNIQUE",
        ),
    ),
    Migration(
        8,
        "letters to speakers, which wait until they are sent, and what is answered to them",
        (
            "CREATE CONSTRAINT letter_id IF NOT EXISTS FOR (n:Letter) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT reply_id IF NOT EXISTS FOR (n:Reply) REQUIRE n.id IS UNIQUE",
            "CREATE CONSTRAINT answer_key_id IF NOT EXISTS FOR (n:AnswerKey) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX letter_state IF NOT EXISTS FOR (n:Letter) ON (n.state)",
            "CREATE INDEX candidacy_state IF NOT EXISTS FOR (n:Candidacy) ON (n.state)",
        ),
    ),
    Migration(
        9,
        "what is on the agenda of an event",
        ("CREATE CONSTRAINT agenda_item_id IF NOT EXISTS FOR (n:AgendaItem) REQUIRE n.id IS UNIQUE",),
    ),
    Migration(
        10,
        "drafts of events, of which organisers alone know",
        ("CREATE CONSTRAINT draft_id IF NOT EXISTS FOR (n:Draft) REQUIRE n.id IS UNIQUE",),
    ),
    Migration(
        11,
        "searches that people keep; countries are found by the beginnings of their names",
        (
            "CREATE CONSTRAINT saved_search_id IF NOT EXISTS FOR (n:SavedSearch) REQUIRE n.id IS UNIQUE",
            "CREATE FULLTEXT INDEX country_names IF NOT EXISTS FOR (n:Country) "
            "ON EACH [n.name_en, n.name_fr, n.name_es, n.name_ar, n.name_ru, n.name_zh] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}}",
        ),
    ),
    Migration(
        12,
        "questions that are open with the network",
        (
            "CREATE CONSTRAINT question_id IF NOT EXISTS FOR (n:Question) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX question_open_until IF NOT EXISTS FOR (n:Question) ON (n.open_until)",
        ),
    ),
    Migration(
        13,
        "tokens of one's own: each is called something else among those of its holder",
        (
            "MATCH (t:Token) WHERE t.holder IS NULL SET t.holder = ''",
            "DROP CONSTRAINT token_name IF EXISTS",
            "CREATE CONSTRAINT token_of_holder IF NOT EXISTS FOR (n:Token) REQUIRE (n.holder, n.name) IS UNIQUE",
        ),
    ),
    Migration(
        14,
        "names and titles are listed in the order of Unicode's collation",
        ("CREATE INDEX expert_sort_key IF NOT EXISTS FOR (n:Expert) ON (n.sort_key)",),
    ),
    Migration(15, "names and titles are listed in the order of each of the six languages", (), orders=True),
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
            await _apply(graph, statement)
        if migration.restamps:
            await restamp_everybody(graph)
        if migration.orders:
            await order_everything(graph)
        await graph.write(RECORD, number=migration.number, name=migration.name)
    if waiting:
        await restore_index(graph)
        await graph.read(INDEXES_ONLINE, timeout_s=130)
    return len(waiting)


async def _apply(graph: Graph, statement: LiteralString) -> None:
    """Where another process makes or drops the same at that moment, IF [NOT] EXISTS fails; once more, it holds."""
    try:
        await graph.write(statement)
    except (Neo4jError, DatabaseFault) as error:
        if ".Schema." not in str(error.code):
            raise
        await graph.write(statement)
