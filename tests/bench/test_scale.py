"""What ``make bench-scale`` makes and compares with; nothing here is timed."""

import numpy as np
import pytest

from api.network import OpenNetwork
from bench.copies import Copies, Person, sample_in, write
from bench.exhaustive import Everybody
from bench.scale import recall
from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.values import CountryId, LanguageId, LanguageLevel, OrganisationId, TopicId

HOW_MANY = 300
FLUENT_ENGLISH = ExpertFilter(languages=frozenset({LanguageId("en")}), language_level=LanguageLevel.FLUENT)
IN_CHINA_OR_KENYA = ExpertFilter(countries=frozenset({CountryId("CN"), CountryId("KE")}))
FOR_INCLUSION = ExpertFilter(topics=frozenset({TopicId("inclusion")}))
AT_ONE_ORGANISATION = ExpertFilter(organisations=frozenset({OrganisationId("copied-0")}))
QUESTIONS = ("religious sites", "Who trains volunteers to notice strangers at a church door?", "体育场疏散")

THINGS = """
FOREACH (id IN $countries | CREATE (:Country {id: id}))
FOREACH (id IN $languages | CREATE (:Language {id: id}))
FOREACH (id IN $topics | CREATE (:Topic {id: id, label_en: id}))
"""
PASSAGES = """
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage)
RETURN p.id AS id, e.id AS expert, p.embedding AS vector, p.encoder AS encoder, p.found_by AS found_by
"""


@pytest.mark.parametrize("only", [ANYONE, FLUENT_ENGLISH, IN_CHINA_OR_KENYA, FOR_INCLUSION])
async def test_a_search_of_few_people_finds_the_best_of_everybody(sample: OpenNetwork, *, only: ExpertFilter) -> None:
    everybody = Everybody.of(Copies(await sample_in(sample.graph), 0))

    found = [
        await recall(sample.graph, sample.encoder, everybody, question=question, only=only) for question in QUESTIONS
    ]

    assert len(everybody.passing(only)) >= 10
    assert found == [1.0, 1.0, 1.0]


async def test_copies_are_stored_with_the_vectors_that_they_are_compared_by(sample: OpenNetwork, graph: Graph) -> None:
    copies = await copied(sample, graph)
    revision = (await sample.encoder.encoder()).identity.revision
    everybody = Everybody.of(copies)
    first = len(copies.sample.people)

    written = [people async for people in write(graph, copies, revision=revision)]

    stored = {row["id"]: row for row in await graph.read(PASSAGES)}
    assert sum(written) == HOW_MANY
    assert {(row["encoder"], row["found_by"]) for row in stored.values()} == {(revision, 1)}
    assert len(stored) == 3 * HOW_MANY
    for person, start in zip(everybody.people[first:], everybody.starts[first:], strict=True):
        vectors = [stored[id]["vector"] for id in person.passages]
        assert {stored[id]["expert"] for id in person.passages} == {person.id}
        assert np.abs(everybody.vectors[start : start + 3] - vectors).max() < 1e-6
    for question in QUESTIONS:
        found = await recall(graph, sample.encoder, everybody, question=question, only=AT_ONE_ORGANISATION)
        assert found == 1.0


async def test_a_copy_is_nearer_to_its_origin_than_to_most_others_and_not_the_same(sample: OpenNetwork) -> None:
    copies = Copies(await sample_in(sample.graph), HOW_MANY)
    real = copies.sample.vectors

    near = [
        (real @ vector, row)
        for people, vectors in copies.batches()
        for person, of in zip(people, vectors, strict=True)
        for vector, row in zip(of, person.rows, strict=True)
    ]

    is_nearest = [cosines[row] >= cosines.max() - 1e-6 for cosines, row in near]
    assert np.mean(is_nearest) > 0.95
    assert 0.75 < np.mean([cosines[row] for cosines, row in near]) < 0.85
    assert max(cosines[row] for cosines, row in near) < 0.95


async def copied(sample: OpenNetwork, graph: Graph) -> Copies:
    """Copies of the sample's people, and what they need of it in an empty graph."""
    copies = Copies(await sample_in(sample.graph), HOW_MANY)
    people: list[Person] = [*copies.people]
    await graph.write(
        THINGS,
        countries=sorted({person.lives_as.country for person in people}),
        languages=sorted({language for person in people for language in person.lives_as.languages}),
        topics=sorted(copies.sample.above),
    )
    return copies
