"""Drafts of events are noticed by nobody: whatever is asked, answers are the same with drafts and without."""

import pytest
from strawberry.relay import to_base64

from api.graphql.schema import schema
from graph import drafts
from graph.event_changes import EventChanges
from graph.graph import Graph
from graph.reading import nodes, page
from graph.viewer import PUBLIC, Role, Viewer
from tests.visibility.entry_points import ENTRY_POINTS, answered, context, first_difference
from tests.visibility.networks import empty, random_question, random_world, store
from tests.visibility.rules import World
from tests.visibility.trees import list_of, node_with

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
SEED = 2464
QUESTIONS = 2
LISTED = """
{ events(first: 100) { totalCount edges { node { id title } } }
  topics(first: 100) { edges { node { events { totalCount } } } }
  countries(first: 100) { edges { node { events { totalCount } } } }
  languages(first: 100) { edges { node { events { totalCount } } } }
  allSeries(first: 100) { edges { node { events { totalCount } } } }
  plan(since: "2020-01-01", until: "2030-12-31", first: 100) { edges { node { id } } }
  topicsInUse: topics(filter: {events: {some: {}}}) { totalCount } }
"""


async def draft_all(graph: Graph, world: World) -> list[str]:
    """Drafts that name everything that there is to name."""
    given: EventChanges = {
        "title": "Nobody knows",
        "kind": "briefing",
        "topics": sorted(world.topics),
        "languages": sorted(world.languages),
    }
    made = [
        await drafts.create(
            graph, ORGANISER, given={**given, "country": country, "series": series}, idempotency_key=None
        )
        for country in sorted(world.countries)[:5]
        for series in (None, *sorted(id for noun, id in world.things if noun == "Series")[:2])
    ]
    return [draft.id for draft in made]


async def everything_told(graph: Graph, world: World, viewer: Viewer) -> list[object]:
    questions = [random_question(world, seed=f"{SEED} {number}", part=number) for number in range(QUESTIONS)]
    told: list[object] = [await answered(graph, world, viewer, question, of=ENTRY_POINTS) for question in questions]
    answer = await schema.execute(LISTED, context_value=context(graph, viewer))
    assert answer.errors is None
    return [*told, answer.data]


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.MEMBER), ORGANISER], ids=lambda one: one.role)
async def test_nothing_that_is_told_is_another_with_drafts(network: Graph, viewer: Viewer) -> None:
    world = random_world(SEED)
    await empty(network)
    await store(network, world)
    without = await everything_told(network, world, viewer)

    ids = await draft_all(network, world)

    assert len(ids) > 4
    assert first_difference(without, await everything_told(network, world, viewer)) is None


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.MEMBER), ORGANISER], ids=lambda one: one.role)
async def test_a_draft_is_no_event_by_its_id(network: Graph, viewer: Viewer) -> None:
    world = random_world(SEED)
    await empty(network)
    await store(network, world)
    ids = await draft_all(network, world)

    answer = await schema.execute(
        "query ($id: ID!, $node: ID!, $other: ID!) "
        "{ event(id: $id) { id } node(id: $node) { id } other: node(id: $other) { id } }",
        variable_values={"id": ids[0], "node": to_base64("Event", ids[0]), "other": to_base64("EventDraft", ids[0])},
        context_value=context(network, viewer),
    )

    assert answer.data == {"event": None, "node": None, "other": None}
    assert await nodes(network, viewer, wanted=node_with("Event"), ids=ids) == {}
    assert "Nobody knows" not in str(await page(network, viewer, noun="Event", wanted=list_of("Event")))
