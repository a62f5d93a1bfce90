"""Vectors in the background: what waits is written soon, and never over another encoder's work."""

from collections.abc import AsyncIterator

import pytest

from api.embedding import Embedding
from graph import audiences
from graph.encoder import Encoder, QuestionEncoder
from graph.graph import Graph
from graph.passages import restamp
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role, Viewer

AMA = ExpertId("ama")
AS_AMA = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
PERSON = "CREATE (:Expert {id: 'ama', name: 'Ama', headline: 'Trains stewards of mosques'})"
HAS_VECTOR = "MATCH (p:Passage) RETURN p.embedding IS NOT NULL AS has_vector"
OTHER_ENCODER = "CREATE (:Encoder {id: 'encoder', revision: 'another', description: 'another', dimensions: 768})"


@pytest.fixture
async def questions(encoder: Encoder) -> AsyncIterator[QuestionEncoder]:
    async with QuestionEncoder(lambda: encoder) as asked:
        yield asked


@pytest.fixture
async def person(graph: Graph) -> Graph:
    await graph.write(PERSON)
    await graph.transact(lambda tx: restamp(tx, experts=[AMA]))
    return graph


async def has_vector(graph: Graph) -> list[bool]:
    return [row["has_vector"] for row in await graph.read(HAS_VECTOR)]


async def test_what_another_process_left_waiting_is_written_when_it_starts(
    person: Graph, questions: QuestionEncoder
) -> None:
    embedding = Embedding(person, questions)

    async with embedding.at_work():
        await embedding.done()

    assert await has_vector(person) == [True]


async def test_who_shows_themselves_again_gets_their_vectors_back(person: Graph, questions: QuestionEncoder) -> None:
    embedding = Embedding(person, questions)

    async with embedding.at_work():
        await embedding.done()
        for audience in (Audience.NOBODY, Audience.EVERYONE):
            await audiences.set_of_person(person, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: audience})
            hidden = await has_vector(person)
            embedding.soon()
            await embedding.done()

    assert (hidden, await has_vector(person)) == ([False], [True])


async def test_another_encoders_vectors_are_left_alone(person: Graph, questions: QuestionEncoder) -> None:
    await person.write(OTHER_ENCODER)
    embedding = Embedding(person, questions)

    async with embedding.at_work():
        await embedding.done()

    assert await has_vector(person) == [False]
    assert await person.read("MATCH (w:Encoder) RETURN w.revision AS revision") == [{"revision": "another"}]
