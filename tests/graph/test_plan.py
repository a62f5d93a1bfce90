"""Plans: how far things are, and what they have not got yet, in a small graph and in the sample network."""

from datetime import UTC, date, datetime

import pytest

from api.network import OpenNetwork
from graph import achievements, plan
from graph.graph import Graph
from graph.plan import Lack, Planned, Stage
from graph.values import Cursor
from graph.viewer import PUBLIC, Role, Scope, Viewer

TODAY = date(2027, 6, 15)
NEXT_YEAR = achievements.year(2027)

ADD = """
CREATE (t:Topic {id: 'hotels'}), (c:Country {id: 'TN'}), (o:Organisation {id: 'unoct', name: 'UNOCT'})
CREATE (o)-[:PARTNER_IN]->(a:Activity:Whole {id: 'whole', title: 'W', kind: 'national', status: 'projected',
  starts_on: date('2027-09-01'), ends_on: date('2027-09-02')})
CREATE (a)-[:COVERS]->(t), (a)-[:FOR_COUNTRY]->(c)
CREATE (:Activity {id: 'idea', title: 'I', kind: 'national', status: 'projected'})
CREATE (:Activity {id: 'global', title: 'G', kind: 'global', status: 'projected', starts_on: date('2027-10-01')})
CREATE (:Activity {id: 'begun', title: 'B', kind: 'outreach', status: 'projected', starts_on: date('2027-06-01'),
  ends_on: date('2027-06-15')})
CREATE (:Activity {id: 'over', title: 'O', kind: 'outreach', status: 'projected', starts_on: date('2027-05-01')})
CREATE (:Activity {id: 'done', title: 'D', kind: 'national', status: 'done', starts_on: date('2027-04-01')})
CREATE (:Activity {id: 'done-some-day', title: 'S', kind: 'national', status: 'done'})
CREATE (:Activity {id: 'later', title: 'L', kind: 'national', status: 'projected', starts_on: date('2028-01-01')})
CREATE (:Activity {id: 'thought', title: 'T', kind: 'global', status: 'idea', starts_on: date('2027-10-02')})
CREATE (:Activity {id: 'sure', title: 'S', kind: 'global', status: 'confirmed', starts_on: date('2027-10-03')})
CREATE (:Activity {id: 'off', title: 'C', kind: 'global', status: 'cancelled', starts_on: date('2027-10-04')})
CREATE (:Activity {id: 'off-some-day', title: 'C', kind: 'global', status: 'cancelled'})
CREATE (:Event {id: 'online', title: 'E', kind: 'briefing', format: 'online', status: 'confirmed',
  starts_at: $starts_at})
CREATE (:Event {id: 'undated', title: 'U', kind: 'briefing', format: 'in-person'})
CREATE (:Event {id: 'called-off', title: 'C', kind: 'briefing', status: 'cancelled', starts_at: $starts_at})
CREATE (e:Expert {id: 'shown', name: 'Shown', audience_attendance: 0})-[:SPOKE_AT]->
  (v:Event {id: 'with-speaker', title: 'V', kind: 'briefing', format: 'online', starts_at: $starts_at})
CREATE (:Expert {id: 'hidden', name: 'Hidden', audience_attendance: 3})-[:SPOKE_AT]->
  (:Event {id: 'with-hidden-speaker', title: 'H', kind: 'briefing', format: 'online', starts_at: $starts_at})
CREATE (:Project {id: 'running', title: 'R', starts_on: date('2025-01-01')})
CREATE (:Project {id: 'ended', title: 'E', starts_on: date('2025-01-01'), ends_on: date('2026-12-31')})
CREATE (:Resource {id: 'out', title: 'O', kind: 'module', published_on: date('2027-01-01')})
CREATE (:Resource {id: 'to-come', title: 'T', kind: 'roadmap', published_on: date('2027-12-01')})
CREATE (:Resource {id: 'undated', title: 'N', kind: 'module'})
"""

FOUND = {
    "Activity:whole": (Stage.PLANNED, ()),
    "Activity:idea": (Stage.IDEA, (Lack.DATE, Lack.PARTNER, Lack.COUNTRY, Lack.TOPIC)),
    "Activity:global": (Stage.PLANNED, (Lack.PARTNER, Lack.TOPIC)),
    "Activity:begun": (Stage.UNDER_WAY, (Lack.PARTNER, Lack.TOPIC)),
    "Activity:over": (Stage.PLANNED, (Lack.PARTNER, Lack.TOPIC, Lack.OUTCOME)),
    "Activity:done": (Stage.DONE, ()),
    "Activity:thought": (Stage.IDEA, (Lack.PARTNER, Lack.TOPIC)),
    "Activity:sure": (Stage.CONFIRMED, (Lack.PARTNER, Lack.TOPIC)),
    "Event:online": (Stage.CONFIRMED, (Lack.SPEAKER, Lack.PARTNER, Lack.TOPIC)),
    "Event:undated": (Stage.IDEA, (Lack.DATE, Lack.SPEAKER, Lack.PARTNER, Lack.COUNTRY, Lack.TOPIC)),
    "Event:with-speaker": (Stage.PLANNED, (Lack.PARTNER, Lack.TOPIC)),
    "Event:with-hidden-speaker": (Stage.PLANNED, (Lack.SPEAKER, Lack.PARTNER, Lack.TOPIC)),
    "Project:running": (Stage.UNDER_WAY, (Lack.PARTNER, Lack.TOPIC)),
    "Resource:out": (Stage.DONE, ()),
    "Resource:to-come": (Stage.PLANNED, (Lack.PARTNER, Lack.COUNTRY, Lack.TOPIC)),
}


WITHOUT = ("online", "undated", "with-hidden-speaker")


@pytest.fixture
async def planning(graph: Graph) -> Graph:
    await graph.write(ADD, starts_at=datetime(2027, 11, 3, 14, tzinfo=UTC))
    return graph


async def test_each_thing_has_its_stage_and_what_it_lacks(planning: Graph) -> None:
    page = await plan.page(planning, PUBLIC, span=NEXT_YEAR, today=TODAY, first=100)

    found = {f"{one.noun}:{one.id}": (one.stage, one.lacks) for _, one in page.entries}
    assert found == FOUND


ON_AGENDA = """
MATCH (v:Event {id: 'online'}), (h:Event {id: 'with-hidden-speaker'}), (e:Expert {id: $expert})
CREATE (e)-[:GIVES {number: 0}]->(:AgendaItem {id: 'one', number: 0, title: 'A talk'})-[:ON_AGENDA]->(v)
CREATE (e)-[:GIVES {number: 0}]->(:AgendaItem {id: 'two', number: 0, title: 'A talk'})-[:ON_AGENDA]->(h)
"""
CONSIDERED = """
MATCH (e:Expert {id: $expert})
SET e.audience_listing = 0
CREATE (e)-[:CONSIDERED_AS]->(:Candidacy {id: 'c', expert: e.id, event: 'online', state: $state})
"""
LISTING = "MATCH (e:Expert {id: $expert}) SET e.audience_listing = $audience"
ORGANISER, MEMBER = Viewer(Role.ORGANISER), Viewer(Role.MEMBER)


async def without_speaker(graph: Graph, viewer: Viewer) -> set[str]:
    page = await plan.page(graph, viewer, span=NEXT_YEAR, today=TODAY, first=100, noun="Event")
    return {one.id for _, one in page.entries if Lack.SPEAKER in one.lacks}


@pytest.mark.parametrize("expert,lacking", [("shown", {"undated"}), ("hidden", set(WITHOUT))])
async def test_whoever_is_on_the_agenda_speaks_as_far_as_the_viewer_sees(
    planning: Graph, expert: str, lacking: set[str]
) -> None:
    assert await without_speaker(planning, PUBLIC) == set(WITHOUT)

    await planning.write(ON_AGENDA, expert=expert)

    assert await without_speaker(planning, PUBLIC) == lacking


@pytest.mark.parametrize("state,is_enough", [("invited", False), ("accepted", True), ("confirmed", True)])
async def test_whoever_said_yes_speaks_for_those_who_may_know_it(
    planning: Graph, state: str, *, is_enough: bool
) -> None:
    await planning.write(CONSIDERED, expert="hidden", state=state)

    assert ("online" not in await without_speaker(planning, ORGANISER)) is is_enough
    client = Viewer(Role.ORGANISER, scopes=frozenset({Scope.READ_MEMBERS}))
    for viewer in (MEMBER, PUBLIC, client):
        assert "online" in await without_speaker(planning, viewer)
    await planning.write(LISTING, expert="hidden", audience=3)
    assert "online" in await without_speaker(planning, ORGANISER)


async def test_a_plan_is_in_the_order_of_days_and_what_has_none_is_last(planning: Graph) -> None:
    whole = await plan.page(planning, PUBLIC, span=NEXT_YEAR, today=TODAY, first=100)

    days = [one.starts_on for _, one in whole.entries]
    assert days == [*sorted(day for day in days if day), None, None]


async def test_a_plan_goes_on_after_a_cursor(planning: Graph) -> None:
    whole = await plan.page(planning, PUBLIC, span=NEXT_YEAR, today=TODAY, first=100)

    in_parts: list[tuple[Cursor, Planned]] = []
    after = None
    while True:
        page = await plan.page(planning, PUBLIC, span=NEXT_YEAR, today=TODAY, first=4, after=after)
        in_parts += page.entries
        if not page.has_next:
            break
        after = page.entries[-1][0]

    assert in_parts == list(whole.entries)


async def test_next_years_plan_of_the_sample_is_what_the_programme_projected(sample: OpenNetwork) -> None:
    page = await plan.page(
        sample.graph,
        PUBLIC,
        span=achievements.year(2023),
        today=date(2022, 12, 31),
        first=20,
        noun="Activity",
        statuses=["projected"],
    )

    found = {one.id: (one.stage, one.lacks) for _, one in page.entries}
    assert found == {
        "projected-current-countries": (Stage.PLANNED, ()),
        "projected-regional-partnerships": (Stage.PLANNED, ()),
        "projected-energy-guide": (Stage.PLANNED, ()),
        "projected-society-partnerships": (Stage.PLANNED, ()),
        "projected-behavioural-training": (Stage.PLANNED, ()),
        "projected-new-countries": (Stage.PLANNED, (Lack.COUNTRY,)),
        "projected-e-learning": (Stage.PLANNED, ()),
        "projected-network-meetings": (Stage.PLANNED, ()),
    }
