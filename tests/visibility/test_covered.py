"""Tables and gaps as every viewer is told them, in several networks, beside a second evaluation in Python."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from graph.coverage import By, CoverageTooLarge, coverage, nearest
from graph.graph import Graph
from graph.values import CountryId, TopicId
from graph.viewer import PUBLIC, Role, Viewer
from tests.reading import note_statements
from tests.visibility.covered import coverage_of, nearest_of
from tests.visibility.entry_points import DAYS, ENTRY_POINTS, differences, first_difference
from tests.visibility.networks import empty, random_question, random_viewers, random_world, store
from tests.visibility.rules import TODAY, Sight, Thing, World

# Hundreds of small questions in one test; the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

OF_COVERAGE = [replace(one, part=None) for one in ENTRY_POINTS if one.of.startswith("graph.coverage.")]
QUESTIONS = 3


@pytest.mark.parametrize("seed", range(4))
async def test_every_viewer_is_told_what_they_see(network: Graph, seed: int) -> None:
    world = random_world(seed)
    await empty(network)
    await store(network, world)

    for number, viewer in enumerate(random_viewers(world, seed=seed, how_many=8)):
        for asked in range(QUESTIONS):
            question = random_question(world, seed=f"covered {seed} {number} {asked}")
            assert await differences(network, world, viewer, question, of=OF_COVERAGE) == [], viewer


async def later_and_cancelled(network: Graph) -> World:
    """A network with an event that is to come, one that was cancelled, and an activity that is projected."""
    world = random_world(60)
    events = dict(world.events)
    first, second, _ = events
    starts_at = datetime.now(UTC) + timedelta(days=30)
    events[first] = replace(events[first], starts_at=starts_at, ends_at=None)
    events[second] = replace(events[second], starts_at=datetime(2022, 6, 1, 9, tzinfo=UTC), status="cancelled")
    things = dict(world.things)
    for id in (first, second):
        things["Event", id] = replace(
            things["Event", id], countries=(CountryId("GH"),), languages=tuple(world.languages)
        )
    activity = things["Activity", "mission"]
    things["Activity", "mission"] = Thing(
        {**activity.columns, "status": "projected", "starts_on": None},
        topics=(TopicId("hotels"), TopicId("drones")),
        countries=(CountryId("GH"), CountryId("TG")),
        partners=("trust",),
    )
    world = replace(world, events=events, things=things)
    await empty(network)
    await store(network, world)
    return world


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.MEMBER), Viewer(Role.ORGANISER)], ids=lambda one: one.role)
async def test_what_is_to_come_is_planned_and_what_was_cancelled_is_nothing(network: Graph, viewer: Viewer) -> None:
    world = await later_and_cancelled(network)
    sight = Sight(world, viewer)

    planned = 0
    for by, within in ((By.REGION, None), (By.COUNTRY, "002"), (By.LANGUAGE, None)):
        for topic in (None, TopicId("places")):
            for as_of in DAYS[3:6]:
                told = await coverage(network, viewer, by=by, topic=topic, within=within, as_of=as_of)
                must_be = coverage_of(sight, by=by, topic=topic, within=within, as_of=as_of)
                assert first_difference(must_be, told) is None
                planned += sum(cell.planned for row in told.rows for cell in row.cells)
    assert planned > 0

    events = set()
    for by, place in ((By.REGION, "011"), (By.COUNTRY, "GH"), (By.LANGUAGE, "fr")):
        for topic in world.topics:
            nearby = await nearest(network, viewer, topic=topic, by=by, place=place, first=20)
            assert first_difference(nearest_of(sight, topic=topic, by=by, place=place, first=20), nearby) is None
            events |= {(one.nearness.value, one.topic is None) for one in nearby.events}
    assert {("held_before", False), ("planned_there", False), ("planned_there", True)} <= events


async def test_the_table_of_today_is_what_is_told_without_a_day(network: Graph) -> None:
    world = random_world(1)
    await empty(network)
    await store(network, world)
    viewer = Viewer(Role.ORGANISER)

    assert await coverage(network, viewer) == await coverage(network, viewer, as_of=TODAY)


async def test_a_table_of_too_many_cells_is_refused(network: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.coverage.table.MOST_CELLS", 8)

    with pytest.raises(CoverageTooLarge, match="3 topics by 3 places are more than 8 cells"):
        await coverage(network, PUBLIC)


async def test_more_cells_take_no_more_statements(network: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await empty(network)
    await store(network, random_world(1))
    statements: list[str] = []
    note_statements(monkeypatch, statements)

    few = await coverage(network, PUBLIC, by=By.COUNTRY, within="011", topic="markets")
    of_few = list(statements)
    statements.clear()
    many = await coverage(network, PUBLIC, by=By.COUNTRY, within="001", topic="places")

    assert len(many.rows) * len(many.places) > len(few.rows) * len(few.places)
    assert statements == of_few
