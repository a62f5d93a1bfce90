"""Four people, one of them for nobody, and events now, then and to come, to consider them for."""

from datetime import UTC, datetime, timedelta

from graph.alphabet import order_everything
from graph.audiences import set_of_person
from graph.graph import Graph, Row, Transaction
from graph.passages import restamp
from graph.speaking import Advanced, Candidacy, CandidacyId, Proposed, State, advance, page, shortlist
from graph.values import EventId, ExpertId
from graph.viewer import Audience, FieldGroup, Role, Viewer

__all__ = [
    "ADMINISTRATOR", "AMA", "AWAY", "BRIEFING", "CANCELLED", "DANA", "HELD", "HIDDEN", "KOFI", "NOW", "ORGANISER",
    "OTHER_ORGANISER", "SAME_TIME", "add_people", "hide", "line", "listed", "on_list", "stepped", "stored",
]  # fmt: skip

ADMINISTRATOR = Viewer.at_the_command_line()
ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
OTHER_ORGANISER = Viewer(Role.ORGANISER, actor="account:other")
AMA, DANA, KOFI, HIDDEN = (ExpertId(id) for id in ("ama", "dana", "kofi", "hidden"))
BRIEFING, SAME_TIME, HELD, CANCELLED = (EventId(id) for id in ("briefing", "same-time", "held", "cancelled"))
NOW = datetime.now(UTC).replace(microsecond=0)
AWAY = (NOW + timedelta(days=28)).date(), (NOW + timedelta(days=32)).date()

NETWORK = """
CREATE (world:Region {id: '001', name_en: 'World'}), (africa:Region {id: '002', name_en: 'Africa'}),
       (asia:Region {id: '142', name_en: 'Asia'}), (west:Region {id: '011', name_en: 'Western Africa'})
CREATE (west)-[:WITHIN]->(africa)-[:WITHIN]->(world), (asia)-[:WITHIN]->(world)
CREATE (gh:Country {id: 'GH', name_en: 'Ghana'})-[:IN_REGION]->(west),
       (jo:Country {id: 'JO', name_en: 'Jordan'})-[:IN_REGION]->(asia)
CREATE (fr:Language {id: 'fr', name_en: 'French'}), (ar:Language {id: 'ar', name_en: 'Arabic'})
CREATE (t:Topic {id: 'gates', label_en: 'Gates'})
CREATE (guild:Organisation {id: 'guild', name: 'Guild'}), (school:Organisation {id: 'school', name: 'School'})
CREATE (ama:Expert {id: 'ama', name: 'Ama Owusu', gender: 'woman'}), (dana:Expert {id: 'dana', name: 'Dana Haddad',
        gender: 'woman', away_from: [$away_from], away_until: [$away_until]}),
       (kofi:Expert {id: 'kofi', name: 'Kofi Mensah'}), (hidden:Expert {id: 'hidden', name: 'Nobody Known'})
CREATE (ama)-[:BASED_IN]->(gh), (kofi)-[:BASED_IN]->(gh), (dana)-[:BASED_IN]->(jo), (hidden)-[:BASED_IN]->(jo)
CREATE (ama)-[:SPEAKS {level: 'fluent'}]->(fr), (dana)-[:SPEAKS {level: 'native'}]->(ar),
       (dana)-[:SPEAKS {level: 'fluent'}]->(fr)
CREATE (ama)-[:EXPERT_IN {level: 'lead'}]->(t)
CREATE (ama)-[:AFFILIATED_WITH {id: 'a1'}]->(guild), (kofi)-[:AFFILIATED_WITH {id: 'a2'}]->(guild),
       (dana)-[:AFFILIATED_WITH {id: 'a3'}]->(school), (hidden)-[:AFFILIATED_WITH {id: 'a4'}]->(school)
CREATE (:Event {id: 'briefing', title: 'A briefing', kind: 'briefing', starts_at: $soon, ends_at: $soon_ends}),
       (same:Event {id: 'same-time', title: 'Another', kind: 'briefing', starts_at: $soon, ends_at: $soon_ends}),
       (held:Event {id: 'held', title: 'A workshop', kind: 'workshop', starts_at: $before, ends_at: $before}),
       (:Event {id: 'cancelled', title: 'Called off', kind: 'workshop', starts_at: $before, status: 'cancelled'})
CREATE (kofi)-[:SPOKE_AT {id: 's1'}]->(held), (kofi)-[:SPOKE_AT {id: 's2'}]->(same),
       (ama)-[:ATTENDED {id: 'x1'}]->(held)
CREATE (ama)-[:EVIDENCED_BY]->(:Passage {id: 'p-ama', text: 'Gates.', kind: 'biography', position: 0})
"""

STORED = """
MATCH (c:Candidacy)
RETURN c.expert AS expert, c.event AS event, c.state AS state, c.rank AS rank, c.note AS note,
       head(COLLECT { MATCH (e)-[:CONSIDERED_AS]->(c) RETURN e.id }) AS person,
       COLLECT { MATCH (c)-[:STEP]->(s) RETURN s.to ORDER BY s.number } AS steps
ORDER BY event, rank, expert
"""


async def add_people(graph: Graph) -> None:
    """Write them into an empty graph."""
    await graph.write(
        NETWORK,
        soon=NOW + timedelta(days=30),
        soon_ends=NOW + timedelta(days=30, hours=2),
        before=NOW - timedelta(days=10),
        away_from=AWAY[0],
        away_until=AWAY[1],
    )

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[AMA, DANA, KOFI, HIDDEN])

    await graph.transact(work)
    await order_everything(graph)
    await hide(graph, HIDDEN, FieldGroup.LISTING)


async def hide(graph: Graph, expert: ExpertId, *groups: FieldGroup) -> None:
    """Have somebody show these groups to nobody."""
    as_them = Viewer(Role.MEMBER, person=expert, actor=f"account:of-{expert}")
    await set_of_person(graph, as_them, expert=expert, chosen=dict.fromkeys(groups, Audience.NOBODY))


async def listed(graph: Graph, *experts: ExpertId, event: EventId = BRIEFING) -> list[Candidacy]:
    """Put people on a shortlist, in this order."""
    people = [Proposed(expert) for expert in experts]
    return list((await shortlist(graph, ORGANISER, event=event, people=people)).added)


async def on_list(graph: Graph, event: EventId = BRIEFING, viewer: Viewer = ORGANISER) -> list[Candidacy]:
    return [one for _, one in (await page(graph, viewer, event=event, first=100)).entries]


async def line(graph: Graph, event: EventId = BRIEFING, viewer: Viewer = ORGANISER) -> list[str]:
    """Who is considered, in order."""
    return [one.expert for one in await on_list(graph, event, viewer)]


async def stepped(graph: Graph, id: CandidacyId, *states: str, viewer: Viewer = ORGANISER) -> Advanced:
    """Have these become of somebody, one after the other."""
    for state in states:
        (version,) = await graph.read("MATCH (c:Candidacy {id: $id}) RETURN c.version AS version", id=id)
        made = await advance(graph, viewer, id=id, expected_version=version["version"], to=State(state))
    return made


async def stored(graph: Graph) -> list[Row]:
    return await graph.read(STORED)
