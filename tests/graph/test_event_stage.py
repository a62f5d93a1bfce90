"""How far events are, by their status and the time: told, filtered by, and the same in a plan."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph import plan, reading
from graph.graph import Graph
from graph.model import NOUNS, Column
from graph.plan import Stage
from graph.reading import Connection, Edges, Node, PageSpan, Total, Value
from graph.values import EventStage, Period
from graph.viewer import PUBLIC

NOW = datetime.now(UTC)
DAY_BEGAN = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)
MAKE = "CREATE (v:Event {id: 'v', title: 'Gates', kind: 'briefing'}) SET v += $said"


async def stages(graph: Graph, *, filter: dict[str, Any] | None = None) -> dict[str, Any]:
    column = NOUNS["Event"].by_name["stage"]
    assert isinstance(column, Column)
    edges = Edges([("node", Node("Event", [("stage", Value(column))]))])
    wanted = Connection(PageSpan(10), [("count", Total()), ("edges", edges)], filter=filter)
    return dict(await reading.page(graph, PUBLIC, noun="Event", wanted=wanted))


@pytest.mark.parametrize(
    "said,stage",
    [
        ({}, EventStage.PLANNED),
        ({"status": "tentative", "starts_at": NOW + HOUR}, EventStage.PLANNED),
        ({"status": "confirmed"}, EventStage.CONFIRMED),
        ({"status": "confirmed", "starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}, EventStage.CONFIRMED),
        ({"status": "confirmed", "starts_at": NOW - HOUR, "ends_at": NOW + HOUR}, EventStage.UNDER_WAY),
        ({"starts_at": DAY_BEGAN}, EventStage.UNDER_WAY),
        ({"starts_at": DAY_BEGAN - HOUR}, EventStage.HELD),
        ({"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR}, EventStage.HELD),
        ({"starts_at": NOW - 48 * HOUR, "ends_at": NOW + 48 * HOUR}, EventStage.UNDER_WAY),
        ({"status": "confirmed", "starts_at": NOW - 48 * HOUR, "ends_at": NOW - 24 * HOUR}, EventStage.HELD),
        ({"status": "cancelled", "starts_at": NOW - 48 * HOUR}, EventStage.CANCELLED),
        ({"status": "cancelled", "starts_at": NOW + HOUR}, EventStage.CANCELLED),
    ],
)
async def test_how_far_an_event_is_is_told_and_filtered_by(
    graph: Graph, said: dict[str, Any], stage: EventStage
) -> None:
    await graph.write(MAKE, said=said)

    told = await stages(graph, filter={"stage": {"eq": stage}})
    others = await stages(graph, filter={"stage": {"in": [one for one in EventStage if one is not stage]}})

    assert told == {"count": 1, "edges": [{"node": {"stage": stage.name}}]}
    assert others["count"] == 0


@pytest.mark.parametrize(
    "days,stage",
    [((1, 1), Stage.CONFIRMED), ((0, 0), Stage.UNDER_WAY), ((-2, 1), Stage.UNDER_WAY), ((-2, -1), Stage.DONE)],
)
async def test_in_a_plan_whole_days_count(graph: Graph, days: tuple[int, int], stage: Stage) -> None:
    starts_at, ends_at = (DAY_BEGAN + timedelta(days=day, hours=23) for day in days)
    await graph.write(MAKE, said={"status": "confirmed", "starts_at": starts_at, "ends_at": ends_at})
    today = DAY_BEGAN.date()

    page = await plan.page(
        graph, PUBLIC, span=Period(today - timedelta(days=9), today + timedelta(days=9)), today=today, first=1
    )

    assert [one.stage for _, one in page.entries] == [stage]
