"""Audiences: the person's choice, the network's, what is in force, and that it is in force at once."""

import asyncio
from collections.abc import Mapping

import pytest

from graph import audiences, changes
from graph.audiences import Standing
from graph.errors import NoSuchExpert
from graph.graph import Graph, Transaction
from graph.passages import hold_stamps, restamp
from graph.permissions import NotAllowed
from graph.values import ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer

AMA, SALMA = ExpertId("ama"), ExpertId("salma")
AS_AMA = Viewer(Role.MEMBER, person=AMA, actor="account:a1")
AS_SALMA = Viewer(Role.ORGANISER, person=SALMA, actor="account:a2")
ADMINISTRATOR = Viewer.at_the_command_line()

PEOPLE = """
UNWIND ['ama', 'salma'] AS id
CREATE (e:Expert {id: id, name: id})-[:EVIDENCED_BY]->
       (:Passage {id: id + ' 1', text: 'Stewards at the gates.', kind: 'biography', position: 0})
"""
EMBED = "MATCH (p:Passage) SET p.embedding = [0.6, 0.8], p.encoder = 'x'"
PASSAGE = """
MATCH (p:Passage {id: $expert + ' 1'})
RETURN p.audience AS audience, p.found_by AS found_by, p.embedding IS NOT NULL AS has_vector, labels(p) AS labels
"""
WAITING = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS blocked"


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await graph.write(PEOPLE)

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[AMA, SALMA])

    await graph.transact(work)
    await graph.write(EMBED)
    return graph


async def passage(graph: Graph, expert: str) -> tuple[object, ...]:
    row = (await graph.read(PASSAGE, expert=expert))[0]
    return row["audience"], row["found_by"], row["has_vector"], {label[7:] for label in row["labels"] if "By" in label}


async def in_force(graph: Graph, expert: ExpertId) -> Mapping[FieldGroup, Audience]:
    standing = await audiences.of_person(graph, ADMINISTRATOR, expert=expert)
    return {group: one.in_force for group, one in standing.items()}


async def test_who_chose_nothing_has_what_the_network_says(people: Graph) -> None:
    found = await audiences.of_person(people, AS_AMA, expert=AMA)

    assert set(found) == set(FieldGroup)
    assert set(found.values()) == {Standing(None, Audience.MEMBERS, Audience.MEMBERS)}


async def test_a_choice_is_on_the_persons_passages_when_it_is_made_and_on_nobody_elses(people: Graph) -> None:
    await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: Audience.ORGANISERS})

    assert await passage(people, AMA) == (2, 2, True, {"Organisers"})
    assert await passage(people, SALMA) == (1, 1, True, {"Members", "Organisers"})


async def test_what_is_for_nobody_has_no_vector_and_is_in_no_index(people: Graph) -> None:
    await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: Audience.NOBODY})

    assert await passage(people, AMA) == (3, None, False, set())


async def test_nothing_is_shown_more_widely_than_the_listing(people: Graph) -> None:
    chosen = {FieldGroup.LISTING: Audience.ORGANISERS, FieldGroup.CONTACT: Audience.EVERYONE}
    found = await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen=chosen)

    assert found[FieldGroup.CONTACT] == Standing(Audience.EVERYONE, Audience.MEMBERS, Audience.ORGANISERS)
    assert {standing.in_force for standing in found.values()} == {Audience.ORGANISERS}


async def test_a_choice_can_be_left_to_the_network_again(people: Graph) -> None:
    await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: Audience.NOBODY})

    found = await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: None})

    assert found[FieldGroup.PROFILE] == Standing(None, Audience.MEMBERS, Audience.MEMBERS)


async def test_the_networks_choice_is_in_force_for_those_who_made_none(people: Graph) -> None:
    await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.PROFILE: Audience.MEMBERS})

    found = await audiences.set_of_network(people, ADMINISTRATOR, audiences={FieldGroup.PROFILE: Audience.ORGANISERS})

    assert found[FieldGroup.PROFILE] is Audience.ORGANISERS
    assert found == await audiences.of_network(people, PUBLIC)
    assert (await in_force(people, AMA))[FieldGroup.PROFILE] is Audience.MEMBERS
    assert (await in_force(people, SALMA))[FieldGroup.PROFILE] is Audience.ORGANISERS
    assert await passage(people, SALMA) == (2, 2, True, {"Organisers"})


async def test_choices_are_in_the_change_log_with_before_and_after(people: Graph) -> None:
    await audiences.set_of_network(people, ADMINISTRATOR, audiences={FieldGroup.CONTACT: Audience.ORGANISERS})
    await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.CONTACT: Audience.NOBODY})

    own, networks = [change for _, change in (await changes.page(people, ADMINISTRATOR, first=9)).entries]

    assert (own.verb, own.subject, own.actor) == ("audiences chosen", "expert:ama", "account:a1")
    assert (own.before, own.after) == ({"contact": None}, {"contact": "nobody"})
    assert (networks.verb, networks.subject, networks.actor) == ("audiences set", "network", "command line")
    assert (networks.before, networks.after) == ({"contact": "members"}, {"contact": "organisers"})


async def test_the_same_choice_again_is_no_change(people: Graph) -> None:
    for _ in range(2):
        await audiences.set_of_person(people, AS_AMA, expert=AMA, chosen={FieldGroup.CONTACT: Audience.NOBODY})
        await audiences.set_of_network(people, ADMINISTRATOR, audiences={FieldGroup.CONTACT: Audience.NOBODY})

    assert len((await changes.page(people, ADMINISTRATOR, first=9)).entries) == 2


@pytest.mark.parametrize(
    "viewer", [PUBLIC, AS_SALMA, ADMINISTRATOR, Viewer(Role.MEMBER, person=AMA, scopes=frozenset({Scope.READ_MEMBERS}))]
)
async def test_the_person_alone_chooses(people: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await audiences.set_of_person(people, viewer, expert=AMA, chosen={FieldGroup.PROFILE: Audience.NOBODY})

    assert await passage(people, AMA) == (1, 1, True, {"Members", "Organisers"})


@pytest.mark.parametrize("viewer", [PUBLIC, AS_SALMA, AS_AMA])
async def test_administrators_alone_set_the_networks(people: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await audiences.set_of_network(people, viewer, audiences={FieldGroup.PROFILE: Audience.EVERYONE})

    assert await passage(people, AMA) == (1, 1, True, {"Members", "Organisers"})


async def test_nobody_else_reads_what_a_person_chose(people: Graph) -> None:
    with pytest.raises(NotAllowed):
        await audiences.of_person(people, AS_SALMA, expert=AMA)


async def test_of_nobody_there_is_nothing(graph: Graph) -> None:
    with pytest.raises(NoSuchExpert):
        await audiences.of_person(graph, AS_AMA, expert=AMA)


async def test_a_choice_made_while_everybody_is_restamped_is_not_lost(people: Graph) -> None:
    chosen, blocked = asyncio.Event(), asyncio.Event()

    async def own_choice(tx: Transaction) -> None:
        await hold_stamps(tx)
        await tx.run("MATCH (e:Expert {id: 'ama'}) SET e.chosen_listing = 3")
        chosen.set()
        await blocked.wait()
        await restamp(tx, experts=[AMA])

    own = asyncio.create_task(people.transact(own_choice))
    await chosen.wait()
    networks = asyncio.create_task(
        audiences.set_of_network(people, ADMINISTRATOR, audiences={FieldGroup.LISTING: Audience.EVERYONE})
    )
    while not (await people.read(WAITING))[0]["blocked"]:
        assert not networks.done()
    blocked.set()
    await asyncio.gather(own, networks)

    assert await passage(people, AMA) == (3, None, False, set())
    assert await passage(people, SALMA) == (1, 1, True, {"Members", "Organisers"})
