"""Who may sit on a panel for an event, as far as an organiser sees them; and what the event is to be about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from graph.errors import NoSuchEvent
from graph.graph import Graph, Row
from graph.panels.rules import Panellist
from graph.permissions import may_read_drafts
from graph.search.scoring import BROADER_COUNTS, LEVEL
from graph.values import EventId, ExpertId, ExpertiseLevel, Gender, TopicId
from graph.viewer import Viewer, seen

__all__ = ["LATELY", "Plan", "panellists", "plan_of"]

LATELY = timedelta(days=365)
"""Talks since so long ago count as late ones, and those that are announced."""

PLAN: LiteralString = """
CALL () {
  MATCH (v:Event {id: $event})
  RETURN v, COLLECT { MATCH (v)-[:COVERS]->(t:Topic) RETURN t.id ORDER BY t.id } AS topics
UNION ALL
  MATCH (v:Draft {id: $event}) WHERE $with_drafts
  RETURN v, COLLECT { MATCH (t:Topic) WHERE t.id IN v.topics RETURN t.id ORDER BY t.id } AS topics
}
RETURN topics,
       date(v.starts_at) AS first, date(coalesce(v.ends_at, v.starts_at)) AS last
"""

PANELLISTS: LiteralString = seen("""
UNWIND $people AS id
MATCH (e:Expert {id: id}) WHERE SEES(e.listing)
RETURN e.id AS expert,
       COLLECT {
         MATCH (e)-[x:EXPERT_IN]->(t:Topic)-[:BROADER]->*(c:Topic) WHERE SEES(e.profile) AND c.id IN $topics
         RETURN [c.id, x.level, t.id]
       } AS knows,
       COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country) RETURN c.id } AS countries,
       COLLECT {
         MATCH (e)-[:BASED_IN]->(:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region) WHERE SEES(e.country)
         RETURN DISTINCT r.id
       } AS regions,
       COLLECT {
         MATCH (e)-[s:SPEAKS]->(l:Language) WHERE SEES(e.languages) AND s.level IN ['native', 'fluent']
         RETURN l.id
       } AS languages,
       COLLECT {
         MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation) WHERE SEES(e.organisation) AND a.to IS NULL
         RETURN DISTINCT o.id
       } AS organisations,
       CASE WHEN SEES(e.gender) THEN e.gender END AS gender,
       EXISTS { MATCH (e:Expert) WHERE SEES(e.attendance) } AS shows_talks,
       COLLECT {
         MATCH (e)-[:SPOKE_AT]->(v:Event)
         WHERE SEES(e.attendance) AND v.id <> $event AND coalesce(v.status, '') <> 'cancelled'
         WITH DISTINCT v
         RETURN coalesce(v.starts_at >= $since, false)
       } AS talks
""")


class Plan(NamedTuple):
    """What an event is to be about, and its first and last day, if it has any."""

    topics: tuple[TopicId, ...]
    days: tuple[date, date] | None


async def plan_of(graph: Graph, viewer: Viewer, *, event: EventId) -> Plan:
    """The plan of an event, or for who may see it of a draft.

    Raises:
        NoSuchEvent: there is none of this id.
    """
    rows = await graph.read(PLAN, event=event, with_drafts=may_read_drafts(viewer))
    if not rows:
        raise NoSuchEvent(event)
    (row,) = rows
    days = None if row["first"] is None else (row["first"].to_native(), row["last"].to_native())
    return Plan(tuple(map(TopicId, row["topics"])), days)


async def panellists(
    graph: Graph,
    viewer: Viewer,
    *,
    event: EventId,
    topics: Sequence[TopicId],
    people: Sequence[ExpertId],
    fits: Mapping[ExpertId, float],
    since: datetime,
) -> list[Panellist]:
    """These people, without those whom the viewer does not see at all.

    ``fits`` is how likely each fits the event, and talks since ``since`` are their late ones.
    """
    rows = await graph.read(
        PANELLISTS,
        event=event,
        topics=list(topics),
        people=list(people),
        since=since,
        **viewer.sight,
    )
    return [_panellist(row, fits) for row in rows]


def _panellist(row: Row, fits: Mapping[ExpertId, float]) -> Panellist:
    expert, talks, shows_talks = ExpertId(row["expert"]), row["talks"], row["shows_talks"]
    return Panellist(
        expert,
        fit=fits.get(expert, 0.0),
        covers=_covers(row["knows"]),
        countries=frozenset(row["countries"]),
        regions=frozenset(row["regions"]),
        languages=frozenset(row["languages"]),
        organisations=frozenset(row["organisations"]),
        gender=None if row["gender"] is None else Gender(row["gender"]),
        talks=sum(talks) if shows_talks else None,
        is_new=not talks if shows_talks else None,
    )


def _covers(knows: Sequence[Sequence[Any]]) -> Mapping[TopicId, float]:
    """How well somebody covers topics: by how deeply they know them, and a little less by what is within them."""
    covers: dict[TopicId, float] = {}
    for topic, level, known in knows:
        depth = LEVEL[ExpertiseLevel(level)] * (1.0 if known == topic else BROADER_COUNTS)
        covers[topic] = max(covers.get(topic, 0.0), depth)
    return covers
