"""Who introduces whom is told as far as it is seen, in several networks, to everybody of them, of everybody."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from graph.graph import Graph
from graph.people.introductions import THERE, TIES, introductions
from graph.values import ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.visibility.acquainted import introductions_of
from tests.visibility.entry_points import first_difference
from tests.visibility.networks import empty, random_world, store
from tests.visibility.rules import Job, Person, Sight, SpokeAt, World
from tests.visibility.test_mutations import Mutant, mutants_of

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)


async def test_every_way_is_told_as_far_as_it_is_seen(network: Graph) -> None:
    between: set[int] = set()
    for seed in (3, 8, 20, 22):
        world = random_world(seed)
        await empty(network)
        await store(network, world)
        for number, person in enumerate(world.people):
            viewer = Viewer(Role.MEMBER if number % 3 else Role.ORGANISER, person=person, actor="account:1")
            sight = Sight(world, viewer)
            for to in (*world.people, ExpertId("nobody")):
                for crowd in (2, 4, 60):
                    expected = introductions_of(sight, to=to, crowd=crowd)
                    answer = await introductions(network, viewer, to=to, crowd=crowd)
                    assert first_difference(expected, answer) is None, f"seed {seed}: {person} to {to} by {crowd}"
                    between |= {len(way) - 1 for way in answer}

    assert between == {0, 1}  # the chain below has two


def chain(**of_middle: object) -> World:
    """Four people of whom each knows the next one alone, from work; the second of them as given."""
    world = random_world(3)
    first = next(iter(world.people.values()))
    everyone = dict.fromkeys(FieldGroup, Audience.EVERYONE)
    nothing = replace(
        first, topics={}, talks=(), attended=(), authored=(), jobs=(), chosen=everyone, withdrawn=frozenset()
    )
    places = [("ports",), ("ports", "abbey"), ("abbey", "force"), ("force",)]
    people = [
        replace(
            nothing,
            id=ExpertId(f"q{number}"),
            name=f"Person {number}",
            jobs=tuple(Job(at, None, "2015", None) for at in at),
        )
        for number, at in enumerate(places)
    ]
    people[1] = replace(people[1], **of_middle)  # type: ignore[arg-type]
    return replace(world, people={one.id: one for one in people}, documents={}, candidacies=(), agendas={})


async def names(network: Graph, world: World, viewer: Viewer) -> list[str]:
    await empty(network)
    await store(network, world)
    ways = await introductions(network, viewer, to=ExpertId("q3"))
    return [link.other.name for way in ways for link in way]


ME = Viewer(Role.MEMBER, person=ExpertId("q0"), actor="account:1")


async def test_two_people_may_stand_between(network: Graph) -> None:
    assert await names(network, chain(), ME) == ["Person 1", "Person 2", "Person 3"]


@pytest.mark.parametrize(
    "of_middle",
    [
        {
            "chosen": {
                group: Audience.NOBODY if group is FieldGroup.ORGANISATION else Audience.EVERYONE
                for group in FieldGroup
            }
        },
        {"chosen": dict.fromkeys(FieldGroup, Audience.ORGANISERS)},
        {"withdrawn": frozenset({"listed"})},
        {"withdrawn": frozenset({"matched"})},
        {"jobs": (Job("ports", None, "1999", "2014"), Job("abbey", None, "2015", None))},
    ],
    ids=["hides where they work", "is for organisers", "is not listed", "is not to be suggested", "had left before"],
)
async def test_whoever_is_not_seen_there_introduces_nobody(network: Graph, of_middle: dict[str, object]) -> None:
    assert await names(network, chain(**of_middle), ME) == []


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.ORGANISER, actor="token:1")], ids=["public", "client"])
async def test_whoever_is_nobody_of_the_network_is_introduced_to_nobody(network: Graph, viewer: Viewer) -> None:
    assert await names(network, chain(), viewer) == []


def in_a_crowd(person: Person) -> Person:
    return replace(person, jobs=(Job("trust", None, "2015", None),))


async def test_a_crowd_introduces_nobody(network: Graph) -> None:
    world = chain()
    people = {id: in_a_crowd(person) for id, person in world.people.items()}
    await empty(network)
    await store(network, replace(world, people=people))

    assert await introductions(network, ME, to=ExpertId("q3"), crowd=3) == ()
    assert len(await introductions(network, ME, to=ExpertId("q3"), crowd=4)) == 1


# Each rule counts: a network where every tie leads somewhere, and somebody who hides it has each as well.

HIDING = dict.fromkeys(FieldGroup, Audience.EVERYONE)


def by_every_tie() -> World:
    """From the first person by works, jobs, talks and an event to others, each also to somebody who hides it."""
    nobody = replace(chain().people[ExpertId("q0")], jobs=())
    begun = datetime(2022, 1, 1, 9, tzinfo=UTC)
    world = chain()
    events = {id: replace(event, starts_at=begun) for id, event in world.events.items()}
    job = partial(Job, role=None, since="2015", until=None)

    def talk(event: str) -> SpokeAt:
        return SpokeAt(event, "speaker", "A talk")

    had: dict[str, dict[str, Any]] = {
        "q0": {
            "authored": ("guide",),
            "jobs": (job("ports"), job("force")),
            "talks": (talk("briefing"),),
            "attended": ("workshop",),
        },
        "author": {"authored": ("guide", "module")},
        "reader": {"authored": ("module",)},
        "hidden-author": {"authored": ("module",), "chosen": HIDING | {FieldGroup.PROFILE: Audience.NOBODY}},
        "colleague": {"jobs": (job("ports"), job("abbey"))},
        "newcomer": {"jobs": (job("abbey"),)},
        "hidden-colleague": {"jobs": (job("abbey"),), "chosen": HIDING | {FieldGroup.ORGANISATION: Audience.NOBODY}},
        "speaker": {"talks": (talk("briefing"), talk("launch"))},
        "listener": {"talks": (talk("launch"),)},
        "hidden-speaker": {"talks": (talk("launch"),), "chosen": HIDING | {FieldGroup.ATTENDANCE: Audience.NOBODY}},
        "guest": {"attended": ("workshop",)},
        "hidden-guest": {"attended": ("workshop",), "chosen": HIDING | {FieldGroup.ATTENDANCE: Audience.NOBODY}},
        "reserved": {"jobs": (job("force"), job("trust")), "withdrawn": frozenset({"matched"})},
        "behind-reserved": {"jobs": (job("trust"),)},
    }
    people = {ExpertId(id): replace(nobody, id=ExpertId(id), name=id, **given) for id, given in had.items()}
    return replace(world, people=people, events=events)


SAID_AGAIN = {0}
"""Mutants that change nothing: whoever is not seen at all is seen nowhere, and so is on no way."""
MUTANTS = [
    *(("TIES", mutant) for mutant in mutants_of("", "TIES", TIES) if mutant.number not in SAID_AGAIN),
    *(("THERE", mutant) for mutant in mutants_of("", "THERE", THERE)),
]


async def faults(network: Graph, world: World) -> list[str]:
    """To whom the ways are not as they must be."""
    sight = Sight(world, ME)
    return [
        to
        for to in world.people
        if first_difference(introductions_of(sight, to=to, crowd=2), await introductions(network, ME, to=to, crowd=2))
        is not None
    ]


@pytest.fixture(scope="module")
async def tied(network: Graph) -> World:
    """That network, which every mutant is asked."""
    world = by_every_tie()
    await empty(network)
    await store(network, world)
    return world


async def test_every_tie_leads_somewhere_and_whoever_hides_it_nowhere(network: Graph, tied: World) -> None:
    reached = {to for to in tied.people if await introductions(network, ME, to=to, crowd=2)}

    assert await faults(network, tied) == []
    assert reached == set(tied.people) - {ME.person, "behind-reserved"} - {id for id in tied.people if "hidden" in id}


@pytest.mark.parametrize("name, mutant", MUTANTS, ids=[f"{name} {mutant.number}" for name, mutant in MUTANTS])
async def test_a_statement_without_one_of_its_rules_is_caught(
    network: Graph, tied: World, name: str, mutant: Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"graph.people.introductions.{name}", mutant.statement)

    assert await faults(network, tied) != []
