"""Who is considered as a speaker, as every viewer is told it, in several networks, beside a second evaluation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph.graph import Graph
from graph.speaking import (
    ConflictKind,
    LetterId,
    NoSuchCandidacy,
    NoSuchLetter,
    State,
    advance,
    move,
    record_bounce,
    secret_of,
    send_again,
    set_note,
    take_back,
)
from graph.speaking.candidacies import CandidacyId
from graph.values import Period
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer
from tests.visibility import considered
from tests.visibility.entry_points import ENTRY_POINTS, differences
from tests.visibility.networks import empty, random_question, random_world, store
from tests.visibility.rules import Job, Sight, World

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

OF_SPEAKERS = [replace(one, part=None) for one in ENTRY_POINTS if one.of.startswith("graph.speaking.")]
SEEDS = (7, 10, 12, 20, 22)
QUESTIONS = 3
ORGANISER = Viewer(Role.ORGANISER, actor="account:1")


def viewers(world: World) -> list[Viewer]:
    """Of every role, with a token that is good for less, and people: who hides, and who organises and is considered."""
    everybody = frozenset(Scope)
    hides, *_, other = sorted(world.people)
    return [
        PUBLIC,
        Viewer(Role.MEMBER, actor="account:1"),
        ORGANISER,
        Viewer(Role.ORGANISER, scopes=everybody - {Scope.READ_ORGANISERS}, actor="token:1"),
        Viewer(Role.ORGANISER, scopes=frozenset({Scope.READ_ORGANISERS}), actor="token:2"),
        Viewer(Role.ADMINISTRATOR, actor="account:1"),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.ADMINISTER, Scope.WRITE}), actor="token:3"),
        Viewer(Role.MEMBER, person=hides, actor="account:2"),
        Viewer(Role.ORGANISER, person=hides, actor="account:2"),
        Viewer(Role.MEMBER, person=other, actor="account:3"),
    ]


def with_times(seed: int) -> World:
    """A network with one event to come, when people are away, another at the same time, and in some one is cancelled.

    More people work somewhere now, so that they meet colleagues.
    """
    world, number = random_world(seed), SEEDS.index(seed)
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    first, second, third = world.events
    events = dict(world.events)
    events[first] = replace(events[first], starts_at=soon, ends_at=soon + timedelta(hours=2))
    ends_at = (None, soon + timedelta(hours=3))[number % 2]
    events[second] = replace(events[second], starts_at=soon + timedelta(hours=1), ends_at=ends_at)
    if number % 4 < 2:
        events[third] = replace(events[third], status="cancelled")
    away = Period((soon - timedelta(days=1)).date(), (soon + timedelta(days=1)).date())
    people = {
        id: replace(
            person,
            away=(away,) if place % 4 else (),
            jobs=(*person.jobs, Job("trust", None, "2015", None)) if place % 3 else person.jobs,
        )
        for place, (id, person) in enumerate(world.people.items())
    }
    return replace(world, events=events, people=people)


@pytest.fixture(scope="module", params=SEEDS)
async def world(network: Graph, request: pytest.FixtureRequest) -> World:
    made = with_times(request.param)
    await empty(network)
    await store(network, made)
    return made


@pytest.mark.parametrize("name", [one.of for one in OF_SPEAKERS])
async def test_every_viewer_is_told_what_they_see(network: Graph, world: World, name: str) -> None:
    of = [one for one in OF_SPEAKERS if one.of == name]

    for number, viewer in enumerate(viewers(world)):
        for asked in range(QUESTIONS):
            question = random_question(world, seed=f"considered {number} {asked} {len(world.people)}")
            assert await differences(network, world, viewer, question, of=of) == [], viewer


async def test_everybody_is_told_of_their_own_invitations_alone(network: Graph, world: World) -> None:
    (of,) = [one for one in OF_SPEAKERS if one.of.endswith("own_invitations")]

    for person in world.people:
        viewer = Viewer(Role.MEMBER, person=person, actor="account:1")
        assert await differences(network, world, viewer, random_question(world, seed="own"), of=[of]) == [], person


def test_in_these_networks_there_is_something_to_hide() -> None:
    found: dict[str, int] = {}
    for seed in SEEDS:
        world = with_times(seed)
        sight, organisers = Sight(world, Viewer.at_the_command_line()), Sight(world, ORGANISER)
        people = world.people.values()
        for group in FieldGroup:
            considered_for = [one.expert for one in world.candidacies]
            found[group] = found.get(group, 0) + sum(
                organisers.audience(one, group) is Audience.NOBODY and one.id in considered_for for one in people
            )
        told: dict[str, list[Any]] = {
            "waited for": considered.unanswered(sight, None),
            "spoke": [one for one in world.candidacies if one.steps[-1].to is State.SPOKE],
            "letters": [letter for one in world.candidacies for letter in one.letters],
            "aside": [one for one in world.candidacies if one.is_aside],
            **{
                kind: [one for of in conflicts_of(sight).values() for one in of if one.kind is kind]
                for kind in ConflictKind
            },
        }
        for name, of in told.items():
            found[name] = found.get(name, 0) + len(of)

    assert [name for name, times in found.items() if times == 0] == []


def conflicts_of(sight: Sight) -> dict[str, Any]:
    since = datetime(2021, 1, 1, tzinfo=UTC).date()
    event, *_ = sight.world.events
    found: dict[str, Any] = considered.conflicts(sight, event, experts=list(sight.world.people), since=since)
    return found


# What changes a candidacy of whom nobody may know is refused as of nobody.

CHANGES: dict[str, Callable[[Graph, str], Awaitable[object]]] = {
    "advance": lambda graph, id: advance(graph, ORGANISER, id=CandidacyId(id), expected_version=1, to=State.INVITED),
    "move": lambda graph, id: move(graph, ORGANISER, id=CandidacyId(id), expected_version=1, rank=1),
    "set_note": lambda graph, id: set_note(graph, ORGANISER, id=CandidacyId(id), expected_version=1, note="Known."),
    "take_back": lambda graph, id: take_back(graph, ORGANISER, id=CandidacyId(id), expected_version=1),
    "record_bounce": lambda graph, id: record_bounce(graph, ORGANISER, letter=LetterId(f"{id}-letter")),
    "secret_of": lambda graph, id: secret_of(graph, ORGANISER, letter=LetterId(f"{id}-letter")),
    "send_again": lambda graph, id: send_again(graph, ORGANISER, letter=LetterId(f"{id}-letter")),
}
LETTERED = """
MATCH (c:Candidacy {id: $id})
CREATE (c)-[:LETTER]->(:Letter {id: $id + '-letter', candidacy: $id, occasion: 'invitation', language: 'en', note: '',
  state: $state, made_at: datetime(), by: 'account:1', attempts: 1, fault: '', number: 1, sequence: 90})
"""


@pytest.mark.parametrize("name", CHANGES)
async def test_what_must_not_be_known_is_not_changed(network: Graph, name: str) -> None:
    world = random_world(1)
    (hidden, *_) = (one for one in world.candidacies if not one.is_aside)
    person = replace(world.people[hidden.expert], chosen=dict.fromkeys(FieldGroup, Audience.NOBODY))
    await empty(network)
    await store(network, replace(world, people={**world.people, person.id: person}))
    await network.write(LETTERED, id=hidden.id, state="waiting" if name == "secret_of" else "bounced")

    refusals = []
    for id in (hidden.id, "nothing"):
        with pytest.raises((NoSuchCandidacy, NoSuchLetter)) as refused:
            await CHANGES[name](network, id)
        refusals.append((type(refused.value), str(refused.value)))

    assert refusals[0] == refusals[1]
