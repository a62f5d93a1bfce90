"""Erasure: nothing of the person is left anywhere in the database, and of others everything is."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from graph import changes, erasure
from graph.accounts import Account
from graph.erasure import NobodyErased, PersonErased
from graph.errors import NoSuchExpert
from graph.graph import Graph, Transaction
from graph.intake import ExpertRecord, store_experts
from graph.permissions import NotAllowed
from graph.values import ExpertId
from graph.viewer import PUBLIC, Role, Viewer
from tests.graph.person import ADDRESS, EXPERT, OTHER, add_person

ADMINISTRATOR = Viewer.at_the_command_line()

NODES = "MATCH (n) RETURN labels(n) AS labels, n {.*} AS properties"
RELATIONS = "MATCH ()-[r]->() RETURN [type(r)] AS labels, r {.*} AS properties"
FULL_TEXT_INDEXES = "SHOW INDEXES YIELD name, type WHERE type = 'FULLTEXT' RETURN name"
FULL_TEXT = "CALL db.index.fulltext.queryNodes($index, $query) YIELD node RETURN count(node) AS found"
NEAREST = """
MATCH (p:Passage) SEARCH p IN (VECTOR INDEX passage_embedding FOR $vector LIMIT 50) SCORE AS score
RETURN p.id AS id, score
"""
COUNTS = """
MATCH (v:Event)
RETURN v.id AS event, COUNT { (v)<-[:SPOKE_AT]-() } AS spoke, COUNT { (v)<-[:ATTENDED]-() } AS attended
ORDER BY event
"""
PARTICIPANTS = "MATCH (p:Participant)-[r]->(v:Event) RETURN keys(p) AS of_node, keys(r) AS of_relation, type(r) AS type"
KINDS = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS count"
TEXT = (
    "MATCH (p:Passage {id: 'q1'}) RETURN p.text AS text, p.title AS title, p.embedding AS embedding,"
    " p.source AS source, p.sentences AS sentences, p.sentence_vectors AS sentence_vectors"
)
OTHERS = (
    "MATCH (p:Passage {id: 'q2'}) RETURN p.text AS text, p.embedding IS NOT NULL AS has_vector,"
    " p.sentence_vectors IS NOT NULL AS has_sentences"
)


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in strings_in(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in strings_in(inner))


async def strings_with(graph: Graph, *traces: str) -> list[str]:
    """Every string of every property, and every label and type, that has one of these in it."""
    rows = await graph.read(NODES) + await graph.read(RELATIONS)
    return [text for row in rows for text in strings_in(row) if any(trace in text.casefold() for trace in traces)]


async def test_no_string_and_no_vector_of_the_person_is_left(graph: Graph, account: Account) -> None:
    vector = [1.0 if number == 7 else 0.0 for number in range(1, 769)]
    await graph.read("CALL db.awaitIndexes(60)")
    assert {row["id"] for row in await graph.read(NEAREST, vector=vector)} >= {"p1", "p2"}

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    traces = ("amatest", "ama testperson", ADDRESS, "amasubject", account.id, "p1", "from tunis")
    left = await strings_with(graph, *traces)
    assert [text for text in left if text != "By [erased] and others"] == []
    assert [text for text in await strings_with(graph, EXPERT) if "ama-testperson-2" not in text] == []
    assert {row["id"] for row in await graph.read(NEAREST, vector=vector)} & {
        "p1",
        "p2",
        "profile:ama-testperson",
    } == set()


async def test_no_full_text_index_finds_the_person(graph: Graph, account: Account) -> None:
    indexes = [row["name"] for row in await graph.read(FULL_TEXT_INDEXES)]

    async def found(query: str) -> int:
        await graph.read("CALL db.awaitIndexes(60)")
        return sum([(await graph.read(FULL_TEXT, index=index, query=query))[0]["found"] for index in indexes])

    assert (await found("amatest"), await found("panama")) > (0, 0)

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert await found("amatest OR amatest*") == 0
    assert await found("panama") > 0


async def test_others_keep_their_texts_without_the_traces_and_wait_for_a_new_vector(
    graph: Graph, account: Account
) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    (text,) = await graph.read(TEXT)
    assert text["text"] == "She asked [erased] ([erased]), not ama-testperson-2."
    assert text["title"] == "By [erased] and others"
    assert (text["embedding"], text["sentences"], text["sentence_vectors"]) == (None, None, None)
    assert text["source"].startswith("documents/talks/briefing--erased-")
    assert await graph.read(OTHERS) == [{"text": "Panama and drama.", "has_vector": True, "has_sentences": True}]


async def test_the_programmes_counts_stay_and_participants_are_nameless(graph: Graph, account: Account) -> None:
    before = await graph.read(COUNTS)

    erased = await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert await graph.read(COUNTS) == before
    participants = await graph.read(PARTICIPANTS)
    assert erased.participations == 2
    assert sorted(row["type"] for row in participants) == ["ATTENDED", "ATTENDED", "SPOKE_AT"]
    assert {(*row["of_node"], *row["of_relation"]) for row in participants} == {("id",)}


async def test_passages_documents_and_credentials_go(graph: Graph, account: Account) -> None:
    erased = await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    left = {row["label"]: row["count"] for row in await graph.read(KINDS)}
    assert (erased.passages, erased.documents, erased.accounts) == (3, 1, 1)
    assert left.keys() & {"Account", "Session", "Identity", "SignInLink", "Invitation", "Consent"} == set()
    assert (left["Document"], left["Expert"]) == (1, 2)


async def test_the_log_says_that_somebody_was_erased_and_not_who(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    newest, *older = [change for _, change in (await changes.page(graph, ADMINISTRATOR, first=50)).entries]
    assert (newest.verb, newest.subject, newest.actor, newest.fields) == ("erased", "erased", "command line", ())
    assert older
    for change in older:
        assert "erased" in {change.subject, change.actor}
        assert (change.before, change.after) == ({}, {})


async def test_the_log_does_not_tell_either_when_the_person_did_it(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, account.viewer, expert=EXPERT)

    newest = (await changes.page(graph, ADMINISTRATOR, first=1)).entries[0][1]
    assert (newest.verb, newest.subject, newest.actor) == ("erased", "erased", "erased")


async def test_sequence_numbers_stay_without_a_gap(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    numbers = [change.sequence for _, change in (await changes.page(graph, ADMINISTRATOR, first=50)).entries]
    assert numbers == list(range(len(numbers), 0, -1))


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.ORGANISER, person=OTHER, actor="account:x")])
async def test_nobody_else_erases(graph: Graph, account: Account, viewer: Viewer) -> None:
    before = await graph.read(KINDS)

    with pytest.raises(NotAllowed):
        await erasure.erase(graph, viewer, expert=EXPERT)

    assert await graph.read(KINDS) == before


async def test_of_nobody_there_is_nothing_to_erase(graph: Graph) -> None:
    with pytest.raises(NoSuchExpert):
        await erasure.erase(graph, ADMINISTRATOR, expert=ExpertId("nobody"))


async def test_a_name_that_somebody_else_has_too_is_left(graph: Graph, account: Account) -> None:
    await graph.write("CREATE (:Expert {id: 'ama-3', name: 'Ama Testperson'})")

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    (text,) = await graph.read(TEXT)
    assert text["title"] == "By Ama Testperson and others"


TEXTS = "MATCH (p:Passage) WHERE p.id STARTS WITH 't' RETURN p.text AS text ORDER BY p.id"
WRITE_TEXTS = """
MATCH (o:Expert {id: 'salma-testperson'})
UNWIND range(0, size($texts) - 1) AS number
CREATE (o)-[:EVIDENCED_BY]->(:Passage {id: 't' + number, text: $texts[number], kind: 'talk', position: number})
"""


@pytest.mark.parametrize(
    "text,left",
    [
        ("See documents/ama-testperson.md", "See documents/[erased].md"),
        ("AMA TESTPERSON spoke.", "[erased] spoke."),
        ("Ama-Testperson is no id.", "Ama-Testperson is no id."),
        ("Write to ama@example.org.", "Write to [erased]."),
        ("b.ama@example.org and ama@example.org.uk", "b.ama@example.org and ama@example.org.uk"),
        ("ama-testperson-2 and pan-ama-testperson", "ama-testperson-2 and pan-[erased]"),
        ("Ama Testpersons", "Ama Testpersons"),
        ("Ama, a person", "Ama, a person"),
    ],
)
async def test_what_is_a_trace_and_what_is_none(graph: Graph, account: Account, text: str, left: str) -> None:
    await graph.write(WRITE_TEXTS, texts=[text])

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert [row["text"] for row in await graph.read(TEXTS)] == [left]


@pytest.mark.parametrize("name,left", [("王小明", "我们请[erased]发言。"), ("高山", "我们请王小明发言。")])
async def test_a_name_in_a_script_that_parts_no_words(graph: Graph, account: Account, name: str, left: str) -> None:
    await graph.write(WRITE_TEXTS, texts=["我们请王小明发言。"])
    await graph.write("MATCH (e:Expert {id: $expert}) SET e.name = $name", expert=EXPERT, name=name)

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert [row["text"] for row in await graph.read(TEXTS)] == [left]


async def test_a_mailbox_that_somebody_shares_stays_theirs(graph: Graph, account: Account) -> None:
    await graph.write("MATCH (o:Expert {id: $other}) SET o.email = 'AMA@example.org'", other=OTHER)

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    (other,) = await graph.read("MATCH (o:Expert {id: $other}) RETURN o.email AS email", other=OTHER)
    assert other["email"] == "AMA@example.org"
    assert ADDRESS not in await erasure.erased_people(graph, ADMINISTRATOR)


async def test_names_of_organisations_and_places_stay(graph: Graph, account: Account) -> None:
    await graph.write(
        "CREATE (:Organisation {id: 'f', name: 'Ama Testperson Foundation'}), (:Country {id: 'XX', name_en: $expert})",
        expert=EXPERT,
    )

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert await strings_with(graph, "ama testperson foundation") == ["Ama Testperson Foundation"]
    assert "ama-testperson" in await strings_with(graph, EXPERT)


async def test_what_is_kept_of_the_id_and_the_address_tells_neither(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    people = await erasure.erased_people(graph, ADMINISTRATOR)
    assert EXPERT in people
    assert "AMA@example.org " in people
    assert OTHER not in people
    assert {len(digest) for digest in people.digests} == {64}


def record(expert: str, email: str | None) -> ExpertRecord:
    return ExpertRecord(
        id=expert, name="Ama", headline=None, other_names=[], email=email, phone=None, website=None, orcid=None,
        identifiers=[], country="TN", languages=[], topics=[], worked_in=[], joined=None, digest="d",
    )  # fmt: skip


@pytest.mark.parametrize("expert,email", [(EXPERT, None), ("ama-again", "Ama@Example.org")])
async def test_a_roster_that_was_read_before_does_not_bring_the_person_back(
    graph: Graph, account: Account, expert: str, email: str | None
) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    async def work(tx: Transaction) -> None:
        await store_experts(tx, [record("kofi", None), record(expert, email)])

    with pytest.raises(PersonErased):
        await graph.transact(work)

    assert await strings_with(graph, "kofi", "ama-again") == []


async def test_somebody_can_be_let_in_again(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    await erasure.readmit(graph, ADMINISTRATOR, id_or_address=EXPERT)
    await erasure.readmit(graph, ADMINISTRATOR, id_or_address=ADDRESS)

    assert (await erasure.erased_people(graph, ADMINISTRATOR)).digests == frozenset()
    newest = (await changes.page(graph, ADMINISTRATOR, first=1)).entries[0][1]
    assert (newest.verb, newest.subject) == ("readmitted", "erased")


async def test_who_was_not_erased_is_not_let_in_again(graph: Graph) -> None:
    with pytest.raises(NobodyErased):
        await erasure.readmit(graph, ADMINISTRATOR, id_or_address="kofi")


async def test_only_administrators_ask_who_was_erased_and_let_them_in(graph: Graph, account: Account) -> None:
    with pytest.raises(NotAllowed):
        await erasure.erased_people(graph, account.viewer)
    with pytest.raises(NotAllowed):
        await erasure.readmit(graph, account.viewer, id_or_address=EXPERT)


async def test_two_who_erase_at_once_erase_once(graph: Graph, account: Account) -> None:
    done = await asyncio.gather(
        *(erasure.erase(graph, ADMINISTRATOR, expert=EXPERT) for _ in range(3)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["Erased", "NoSuchExpert", "NoSuchExpert"]


async def test_the_files_are_swept_once_and_nothing_of_that_is_left(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)
    before = {row["label"]: row["count"] for row in await graph.read(KINDS)}

    swept = [await erasure.sweep(graph), await erasure.sweep(graph)]

    after = {row["label"]: row["count"] for row in await graph.read(KINDS)}
    assert swept == [True, False]
    assert before.pop("Erasure") == 1
    assert after == before


async def test_a_sweep_that_was_stopped_is_done_again(graph: Graph, account: Account) -> None:
    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)
    await graph.write(erasure.FILL, count=3, **erasure.FILLING)

    swept = await erasure.sweep(graph)

    assert swept
    assert (await graph.read("MATCH (f:Filler) RETURN count(f) AS fillers"))[0]["fillers"] == 0
