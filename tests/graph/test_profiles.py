"""Profiles: a passage of each person's headline and topics, changed in the transaction that changes the person."""

import pytest

from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.viewer import Role, Viewer
from tests.reading import related

PERSON = """
CREATE (t:Topic {id: 'hotels', label_en: 'Hotels'})-[:BROADER]->(:Topic {id: 'tourism', label_en: 'Tourism'})
CREATE (:Expert {id: 'ama', name: 'Ama', headline: 'Hotel manager'})-[:EXPERT_IN {level: 'lead', since: 2010}]->(t)
"""
PROFILE = """
MATCH (:Expert {id: 'ama'})-[:EVIDENCED_BY]->(p:Passage {kind: 'profile'})
RETURN p.text AS text, p.title AS title, p.encoder AS encoder, p.stamps AS stamps
"""


@pytest.fixture
async def person(graph: Graph) -> Graph:
    await graph.write(PERSON)
    await stamp(graph)
    return graph


async def stamp(graph: Graph) -> None:
    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=["ama"])

    await graph.transact(work)


async def test_a_profile_says_the_headline_and_what_the_person_knows_and_is_stamped(person: Graph) -> None:
    assert await person.read(PROFILE) == [
        {"text": "Hotel manager; Hotels", "title": "Ama", "encoder": None, "stamps": ["of_ama", "name_m"]}
    ]


async def test_an_unchanged_profile_keeps_its_vector_and_a_changed_one_waits_for_a_new_one(person: Graph) -> None:
    await person.write("MATCH (p:Passage {kind: 'profile'}) SET p.encoder = 'e'")

    await stamp(person)
    kept = await person.read(PROFILE)
    await person.write("MATCH (t:Topic {id: 'hotels'}) SET t.label_en = 'Inns'")
    await stamp(person)
    changed = await person.read(PROFILE)

    assert [row["encoder"] for row in kept] == ["e"]
    assert [(row["text"], row["encoder"]) for row in changed] == [("Hotel manager; Inns", None)]


async def test_a_profile_is_no_evidence(person: Graph) -> None:
    assert await related(person, Viewer(Role.ORGANISER), "Expert", "ama", "passages") == []
