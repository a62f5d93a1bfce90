"""For a gap, who and what is nearest to it: people, organisations and the briefing that would help, each with why.

People are suggested as a search finds them: by what they show to those who ask, with their consent to be matched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, LiteralString, Self

from graph.coverage.table import PLANNED_WITHIN_S, one_id
from graph.graph import Graph
from graph.values import By, CountryId, EventId, ExpertId, ExpertiseLevel, OrganisationId, TopicId
from graph.viewer import Viewer, found

__all__ = ["NearEvent", "NearExpert", "NearOrganisation", "Nearest", "Nearness", "nearest"]


class Nearness(StrEnum):
    """How a person, or an event, is near to a place."""

    LIVES_THERE = "lives_there"
    SPEAKS_IT = "speaks_it"
    """At a working level at least."""
    WORKED_THERE = "worked_there"
    LIVES_NEAR = "lives_near"
    """In a larger region that the place is in, short of the world."""
    SPEAKS_SOME = "speaks_some"
    """At a basic level."""
    HELD_BEFORE = "held_before"
    """It was on the topic, and could be held again."""
    PLANNED_THERE = "planned_there"
    """It is to be held there, or in the language."""


@dataclass(frozen=True, slots=True)
class NearExpert:
    """Somebody near to a gap: which topic they know and how deeply, and how they are near to the place.

    ``country`` is where they live or worked, None for a language.
    """

    expert: ExpertId
    topic: TopicId
    level: ExpertiseLevel
    nearness: Nearness
    country: CountryId | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From what the statement tells of a person."""
        return cls(
            ExpertId(row["expert"]),
            TopicId(row["topic"]),
            DEEPEST_FIRST[row["depth"]],
            Nearness(row["nearness"]),
            row["country"],
        )


@dataclass(frozen=True, slots=True)
class NearOrganisation:
    """An organisation near to a gap.

    It had a part in ``works`` events, resources, projects and activities on the topic, and ``experts`` of those whom
    the viewer finds to lead or practise it work there now; ``is_there`` is whether it sits in the place, or one of
    those works was for it or in the language.
    """

    organisation: OrganisationId
    works: int
    experts: int
    is_there: bool


@dataclass(frozen=True, slots=True)
class NearEvent:
    """A briefing or other event that would help: held before on the topic (which), or planned in the place."""

    event: EventId
    nearness: Nearness
    topic: TopicId | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is nearest to a gap.

    ``experts_near`` lead or practise the topic and are near to the place: they worked there, or live in the smallest
    larger region short of the world; or speak some of the language. ``experts_there`` are in the place, or speak the
    language, and know the topic at whatever level, or what is beside it in the scheme. ``events`` are those planned
    there, soonest first, then those held before, newest first.
    """

    by: By
    topic: TopicId
    place: str
    experts_near: tuple[NearExpert, ...]
    experts_there: tuple[NearExpert, ...]
    organisations: tuple[NearOrganisation, ...]
    events: tuple[NearEvent, ...]


DEEPEST_FIRST = (ExpertiseLevel.LEAD, ExpertiseLevel.PRACTITIONER, ExpertiseLevel.FAMILIAR)

# The countries of a place, and the ids of the regions around it, the smallest first. The world is around every place,
# so it makes nobody near.
OF_REGION: LiteralString = """
MATCH (place:Region {id: $place})
WITH COLLECT { MATCH (c:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(place) RETURN c.id } AS countries,
     COLLECT {
       MATCH p = (place)-[:WITHIN]->+(r:Region)
       WHERE EXISTS { (r)-[:WITHIN]->(:Region) }
       RETURN r.id ORDER BY length(p)
     } AS around
"""
OF_COUNTRY: LiteralString = """
MATCH (place:Country {id: $place})
WITH [place.id] AS countries,
     COLLECT {
       MATCH p = (place)-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
       WHERE EXISTS { (r)-[:WITHIN]->(:Region) }
       RETURN r.id ORDER BY length(p)
     } AS around
"""
OF_LANGUAGE: LiteralString = """
MATCH (place:Language {id: $place})
WITH [] AS countries, [] AS around
"""

# What is within the topic, and what is beside it: within the topic that is directly broader.
OF_TOPIC: LiteralString = """
MATCH (topic:Topic {id: $topic})
WITH countries, around, topic,
     COLLECT { MATCH (t:Topic)-[:BROADER]->*(topic) RETURN DISTINCT t.id } AS within
WITH countries, around, within, within + COLLECT {
       MATCH (topic)-[:BROADER]->(:Topic)<-[:BROADER]-*(t:Topic) WHERE NOT t.id IN within RETURN DISTINCT t.id
     } AS beside
"""

# Whom the viewer finds to lead in the topic or practise it, and to know it or what is beside it; each by what they know
# best of it.
STRONG: LiteralString = found("""
MATCH (e:Expert)-[x:EXPERT_IN]->(t:Topic)
WHERE FINDS(e) AND t.id IN within AND x.level IN ['lead', 'practitioner']
WITH e, min([CASE x.level WHEN 'lead' THEN 0 ELSE 1 END, t.id]) AS knows
""")
KNOWING: LiteralString = found("""
MATCH (e:Expert)-[x:EXPERT_IN]->(t:Topic)
WHERE FINDS(e) AND t.id IN beside
WITH e, min([
  CASE WHEN t.id IN within THEN 0 ELSE 1 END,
  CASE x.level WHEN 'lead' THEN 0 WHEN 'practitioner' THEN 1 ELSE 2 END,
  t.id
]) AS knows
""")

NEAR_PLACE: LiteralString = found("""
MATCH (e)-[r:BASED_IN|WORKED_IN]->(c:Country) WHERE FINDS(e.country)
WITH e, knows, type(r) = 'BASED_IN' AS lives, c, c.id IN countries AS is_there,
     COLLECT { MATCH (c)-[:IN_REGION]->(:Region)-[:WITHIN]->*(larger:Region) RETURN larger.id } AS larger
WITH e, knows, c, CASE
       WHEN lives AND is_there THEN -1
       WHEN is_there THEN 0
       WHEN lives THEN head([step IN range(1, size(around)) WHERE around[step - 1] IN larger])
     END AS steps
WHERE steps IS NOT NULL
WITH e, knows, min([steps, c.id]) AS nearest
WHERE nearest[0] >= 0
WITH e, knows, nearest ORDER BY nearest[0], knows[0], e.name, e.id LIMIT $first
RETURN {
  expert: e.id, depth: knows[0], topic: knows[1],
  nearness: CASE nearest[0] WHEN 0 THEN 'worked_there' ELSE 'lives_near' END, country: nearest[1]
}
""")
NEAR_LANGUAGE: LiteralString = found("""
MATCH (e)-[speaks:SPEAKS]->(:Language {id: $place}) WHERE FINDS(e.languages) AND speaks.level = 'basic'
WITH e, knows ORDER BY knows[0], e.name, e.id LIMIT $first
RETURN {expert: e.id, depth: knows[0], topic: knows[1], nearness: 'speaks_some', country: null}
""")

THERE_IN_PLACE: LiteralString = found("""
MATCH (e)-[:BASED_IN]->(c:Country) WHERE FINDS(e.country) AND c.id IN countries
WITH e, c, knows ORDER BY knows[0], knows[1], e.name, e.id LIMIT $first
RETURN {expert: e.id, depth: knows[1], topic: knows[2], nearness: 'lives_there', country: c.id}
""")
THERE_IN_LANGUAGE: LiteralString = found("""
MATCH (e)-[speaks:SPEAKS]->(:Language {id: $place}) WHERE FINDS(e.languages) AND speaks.level <> 'basic'
WITH e, knows ORDER BY knows[0], knows[1], e.name, e.id LIMIT $first
RETURN {expert: e.id, depth: knows[1], topic: knows[2], nearness: 'speaks_it', country: null}
""")

# Partners in what is on the topic, and where those work now who lead in it or practise it. Where an organisation sits
# is seen by whoever sees the organisation.
ORGANISATIONS: LiteralString = found("""
CALL (countries, within) {
  MATCH (o:Organisation)-[:PARTNER_IN]->(n:Event|Resource|Project|Activity)-[:COVERS]->(t:Topic)
  WHERE t.id IN within AND NOT coalesce(n.status, '') IN ['cancelled', 'idea']
  WITH DISTINCT o, n, countries
  RETURN o, 'work:' + n.id AS one, IS_THERE AS is_there
UNION ALL
  MATCH (o:Organisation)<-[job:AFFILIATED_WITH]-(e:Expert)-[x:EXPERT_IN]->(t:Topic)
  WHERE FINDS(e) AND FINDS(e.organisation) AND job.to IS NULL AND t.id IN within
    AND x.level IN ['lead', 'practitioner']
  RETURN DISTINCT o, 'expert:' + e.id AS one, false AS is_there
}
WITH o, count(DISTINCT CASE WHEN one STARTS WITH 'work:' THEN one END) AS works,
     count(DISTINCT CASE WHEN one STARTS WITH 'expert:' THEN one END) AS experts,
     any(there IN collect(is_there) WHERE there)
       OR EXISTS { MATCH (o)-[:BASED_IN]->(seat:Country) WHERE seat.id IN countries } AS is_there
WITH o, works, experts, is_there
ORDER BY is_there DESC, works + experts DESC, o.name, o.id LIMIT $first
RETURN {organisation: o.id, works: works, experts: experts, is_there: is_there}
""")
WORK_IN_PLACE: LiteralString = """
EXISTS { MATCH (n:Event|Resource|Project|Activity)-[:HELD_IN|FOR_COUNTRY]->(its:Country) WHERE its.id IN countries }"""
WORK_IN_LANGUAGE: LiteralString = """
EXISTS { (n)-[:IN_LANGUAGE]->(:Language {id: $place}) }"""

HELD_BEFORE: LiteralString = """
MATCH (v:Event)-[:COVERS]->(t:Topic)
WHERE t.id IN within AND coalesce(v.status, '') <> 'cancelled' AND date(v.starts_at) <= $today
WITH v, min(t.id) AS topic ORDER BY v.starts_at DESC, v.id LIMIT $first
RETURN {event: v.id, nearness: 'held_before', topic: topic}
"""
PLANNED_IN_PLACE: LiteralString = """
MATCH (v:Event)-[:HELD_IN]->(c:Country)
WHERE c.id IN countries AND coalesce(v.status, '') <> 'cancelled' AND date(v.starts_at) > $today
WITH v ORDER BY v.starts_at, v.id LIMIT $first
RETURN {event: v.id, nearness: 'planned_there', topic: PLANNED_TOPIC}
"""
PLANNED_IN_LANGUAGE: LiteralString = """
MATCH (v:Event)-[:IN_LANGUAGE]->(:Language {id: $place})
WHERE coalesce(v.status, '') <> 'cancelled' AND date(v.starts_at) > $today
WITH v ORDER BY v.starts_at, v.id LIMIT $first
RETURN {event: v.id, nearness: 'planned_there', topic: PLANNED_TOPIC}
"""
PLANNED_TOPIC: LiteralString = """
head(COLLECT { MATCH (v:Event)-[:COVERS]->(t:Topic) WHERE t.id IN within RETURN t.id ORDER BY t.id })"""


async def nearest(graph: Graph, viewer: Viewer, *, topic: str, by: By, place: str, first: int = 5) -> Nearest:
    """Who and what is nearest to a topic in a region, country or language, at most ``first`` of each kind.

    ``topic`` and ``place`` are ids, codes or names in any UN language.

    Raises:
        UnknownFilterValue: the network knows no such topic or place.
    """
    asked = await one_id(graph, viewer, kind="topic", name=topic)
    somewhere = await one_id(graph, viewer, kind=by.value, name=place)
    (row,) = await graph.read(
        _nearest(by),
        reach=int(viewer.reach),
        topic=asked,
        place=somewhere,
        first=first,
        today=datetime.now(UTC).date(),
        timeout_s=PLANNED_WITHIN_S,
    )
    return Nearest(
        by,
        TopicId(asked),
        somewhere,
        tuple(map(NearExpert.from_row, row["near"])),
        tuple(map(NearExpert.from_row, row["there"])),
        tuple(NearOrganisation(**one) for one in row["organisations"]),
        tuple(
            NearEvent(EventId(one["event"]), Nearness(one["nearness"]), one["topic"])
            for one in [*row["planned"], *row["held"]]
        ),
    )


def _nearest(by: By) -> LiteralString:
    place = {By.REGION: OF_REGION, By.COUNTRY: OF_COUNTRY, By.LANGUAGE: OF_LANGUAGE}[by]
    is_language = by is By.LANGUAGE
    near = STRONG + (NEAR_LANGUAGE if is_language else NEAR_PLACE)
    there = KNOWING + (THERE_IN_LANGUAGE if is_language else THERE_IN_PLACE)
    organisations = ORGANISATIONS.replace("IS_THERE", WORK_IN_LANGUAGE if is_language else WORK_IN_PLACE)
    planned = (PLANNED_IN_LANGUAGE if is_language else PLANNED_IN_PLACE).replace("PLANNED_TOPIC", PLANNED_TOPIC)
    return (
        place + OF_TOPIC + "RETURN COLLECT {" + near + "} AS near, COLLECT {" + there + "} AS there, "
        "COLLECT {" + organisations + "} AS organisations, "
        "COLLECT {" + planned + "} AS planned, COLLECT {" + HELD_BEFORE + "} AS held"
    )
