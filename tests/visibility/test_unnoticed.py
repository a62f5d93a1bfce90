"""What is hidden comes, goes and changes, and nobody who may not see it notices.

The same questions before and after must have the same answers, and what may not be found must be in no index.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from strawberry.types import ExecutionResult

from api.graphql.schema import schema
from graph.graph import Graph, Transaction
from graph.intake import remove_experts
from graph.model import NOUNS
from graph.search.candidates import INDEX_FAULTS
from graph.viewer import PUBLIC, Audience, FieldGroup, Viewer
from tests.api.graphql.nouns.documents import Asking, Known, random_document
from tests.visibility.entry_points import ENTRY_POINTS, OF_PEOPLE, answered, context, differences, first_difference
from tests.visibility.networks import (
    Question,
    change,
    embed,
    empty,
    random_question,
    random_viewers,
    random_world,
    store,
)
from tests.visibility.networks_by_chance import GENERATED, SEEDS
from tests.visibility.rules import Person, SentencesOf, Sight, World, as_far_as_known, two_sentences
from tests.visibility.trees import IDS

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)


async def all_answers(graph: Graph, world: World, viewer: Viewer, questions: Sequence[Question]) -> list[object]:
    known = known_names(world)
    return [
        (
            await answered(graph, world, viewer, question, of=ENTRY_POINTS),
            await document_by_chance(graph, viewer, question, known),
        )
        for question in questions
    ]


def known_names(world: World) -> Known:
    """Ids of the whole network, hidden ones too, and names that filters know."""
    ids = {label: [*IDS[label](world), "nothing"] for label in NOUNS}
    names = {label: [*IDS[label](world)] for label in ("Country", "Region", "Language", "Topic")}
    return Known(ids, names)


async def document_by_chance(graph: Graph, viewer: Viewer, question: Question, known: Known) -> str:
    """What the schema answers to a document, with cursors: as it is told, and as graphql-core would tell it."""
    chance = random.Random(f"document {question.seed}")
    while True:
        asking = random_document(chance, known)
        as_read = await executed(graph, viewer, asking, completes_nouns=False)
        if not is_too_large(as_read):
            break
    completed = await executed(graph, viewer, asking, completes_nouns=True)
    assert as_read.errors is None, asking
    assert json.dumps(as_read.data) == json.dumps(completed.data), asking
    return json.dumps(as_read.data)


async def executed(graph: Graph, viewer: Viewer, asking: Asking, *, completes_nouns: bool) -> ExecutionResult:
    asked = context(graph, viewer)
    asked.completes_nouns = completes_nouns
    return await schema.execute(asking.document, variable_values=asking.variables, context_value=asked)


def is_too_large(answer: ExecutionResult) -> bool:
    codes = [(error.extensions or {}).get("code", "") for error in answer.errors or ()]
    return any(code.startswith("QUERY_") for code in codes)


@pytest.mark.slow
@settings(GENERATED)
@given(seed=SEEDS)
async def test_a_network_without_what_is_hidden_looks_the_same(network: Graph, seed: int) -> None:
    whole = random_world(seed)
    viewer = random.Random(seed).choice(random_viewers(whole, seed=seed, how_many=8))
    questions = [random_question(whole, seed=f"{seed} {number}", part=number) for number in range(3)]
    await empty(network)
    await store(network, whole)
    before = await all_answers(network, whole, viewer, questions)

    await empty(network)
    await store(network, as_far_as_known(whole, viewer))

    assert first_difference(before, await all_answers(network, whole, viewer, questions)) is None


@pytest.mark.slow
@settings(GENERATED)
@given(seed=SEEDS)
async def test_hidden_people_come_and_go_and_nothing_is_noticed(network: Graph, seed: int) -> None:
    whole = random_world(seed)
    viewer = random.Random(seed).choice(random_viewers(whole, seed=seed, how_many=4))
    known = {person.id: person for person in Sight(whole, viewer).seen()}
    hidden = {id: person for id, person in whole.people.items() if id not in known}
    documents = {
        id: replace(document, passages=tuple(one for one in document.passages if one[0] in known))
        for id, document in whole.documents.items()
    }
    without = replace(whole, people=known, documents=documents)
    questions = [random_question(whole, seed=f"{seed} {number}", part=number) for number in range(3)]
    await empty(network)
    await store(network, without)
    before = await all_answers(network, whole, viewer, questions)

    await store(network, whole)
    with_them = await all_answers(network, whole, viewer, questions)
    await network.transact(lambda tx: remove_experts(tx, list(hidden)))
    after = await all_answers(network, whole, viewer, questions)

    assert first_difference(before, with_them) is None
    assert first_difference(before, after) is None


# Changes.


def another_choice(chance: random.Random, person: Person) -> Person:
    """The same person, who hides and withdraws other things."""
    chosen = {group: chance.choice(list(Audience)) for group in FieldGroup if chance.random() < 0.7}
    withdrawn = frozenset(one for one in ("listed", "matched", "contacted", "recorded") if chance.random() < 0.25)
    return replace(person, chosen=chosen, withdrawn=withdrawn)


WITH_SENTENCES = "MATCH (p:Passage) WHERE p.sentences IS NOT NULL RETURN p.id AS id"
WITH_VECTORS = tuple(one for one in OF_PEOPLE if one.of.endswith("candidates_for"))
WITHOUT_VECTORS = tuple(one for one in OF_PEOPLE if one not in WITH_VECTORS)


async def found_too_much(graph: Graph, world: World, viewer: Viewer, question: Question) -> set[tuple[str, str]]:
    """People and passages that a search finds though they must not be found; some may lack the vector to be found."""
    sight = Sight(world, viewer)
    found: set[tuple[str, str]] = set()
    allowed: set[tuple[str, str]] = set()
    for answer in await answered(graph, world, viewer, question, of=WITH_VECTORS):
        found |= people_and_passages(answer)
    for one in WITH_VECTORS:
        allowed |= people_and_passages(one.expected(sight, question))
    return found - allowed


def people_and_passages(candidates: Any) -> set[tuple[str, str]]:
    of_people = {(expert, "") for expert in candidates}
    return of_people | {(expert, near.id) for expert, one in candidates.items() for near in one.passages}


async def sentences_known(graph: Graph) -> SentencesOf:
    """The sentences of passages that have their vectors."""
    known = {row["id"] for row in await graph.read(WITH_SENTENCES)}
    return lambda id, text: two_sentences(id, text) if id in known else ()


async def change_all(world: World, tx: Transaction) -> None:
    await change(tx, *world.people.values())


@pytest.mark.slow
@settings(GENERATED)
@given(seed=SEEDS)
async def test_a_changed_choice_is_in_force_at_once_everywhere(network: Graph, seed: int) -> None:
    world = random_world(seed)
    chance = random.Random(seed)
    await empty(network)
    await store(network, world)

    for _ in range(3):
        changed = [another_choice(chance, person) for person in world.people.values()]
        world = replace(world, people={person.id: person for person in changed})
        await network.transact(partial(change_all, world))
        asked: list[tuple[Viewer, Question]] = []

        for viewer in random_viewers(world, seed=chance.randrange(1000), how_many=5):
            question = random_question(world, seed=f"{seed} {chance.random()}")
            different = await differences(
                network, world, viewer, question, of=WITHOUT_VECTORS, sentences_of=await sentences_known(network)
            )
            assert different == []
            assert await found_too_much(network, world, viewer, question) == set()
            assert await unsearchable_is_nowhere(network, world) == []
            asked.append((viewer, question))

        await embed(network)  # what may be found again waits for this, and for nothing else
        for viewer, question in asked:
            assert await differences(network, world, viewer, question, of=OF_PEOPLE) == []


# Indexes.

NODES = "MATCH (p:Passage) RETURN p.id AS id, p {.*} AS properties, labels(p) AS labels"
BY_VECTOR = """
MATCH (p:Passage)
SEARCH p IN (VECTOR INDEX passage_embedding FOR $vector LIMIT 1000)
RETURN p.id AS id
"""
EVERYTHING_IN = "CALL db.index.fulltext.queryNodes($index, '*:*') YIELD node RETURN node.id AS id"
TEXT_INDEXES = "SHOW FULLTEXT INDEXES YIELD name WHERE name STARTS WITH 'passage_text' RETURN name"
SEARCHED_BY = {
    "audience_country",
    "audience_languages",
    "country",
    "embedding",
    "encoder",
    "found_by",
    "speaks",
    "stamps",
    "topics",
}


async def unsearchable_is_nowhere(graph: Graph, world: World) -> list[str]:
    """Traces in labels, properties and indexes of passages that nobody may find; and of others beyond their reach."""
    sight = Sight(world, PUBLIC)
    pieces = {piece.id: piece for person in world.people.values() for piece in sight.pieces(person)}
    hidden = {id for id, piece in pieces.items() if not sight.is_searched(piece)}
    traces = []
    for row in await graph.read(NODES):
        if row["id"] in hidden:
            traces += [f"{row['id']} is a {label}" for label in row["labels"] if label != "Passage"]
            traces += [f"{row['id']} has {name}" for name in SEARCHED_BY & set(row["properties"])]
    try:
        found = {row["id"] for row in await graph.read(BY_VECTOR, vector=[1.0, *[0.0] * 7])}
    except INDEX_FAULTS:  # the index's own, just after many vectors went; what else a passage has is looked at above
        found = set()
    traces += [f"{id} is in the vector index" for id in found & hidden]
    for index in await graph.read(TEXT_INDEXES):
        reach = Audience(int(index["name"].removeprefix("passage_text_")))
        found = {row["id"] for row in await graph.read(EVERYTHING_IN, index=index["name"])}
        allowed = {id for id, piece in pieces.items() if id not in hidden and sight.readers(piece) <= reach}
        traces += [f"{id} is in {index['name']}" for id in found - allowed]
        traces += [f"{id} is missing in {index['name']}" for id in allowed - found]
    return traces
