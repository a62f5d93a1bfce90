"""The table: topics by regions, countries or languages, with what the viewer sees in each cell.

A person is in a cell if the viewer sees both what the person knows and where they live, or what they speak.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, LiteralString

from graph.errors import GraphError
from graph.filters import UnknownFilterValue, ids_of
from graph.graph import Graph
from graph.values import UN_LANGUAGES, By, Country, Language, Region, Topic, day
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "MOST_CELLS",
    "PLANNED_WITHIN_S",
    "Cell",
    "Coverage",
    "CoverageTooLarge",
    "DayToCome",
    "NoPlaces",
    "Row",
    "WithinLanguages",
    "coverage",
    "one_id",
]

MOST_CELLS = 2_500
"""Of one table: eight topics by all countries of the world are fewer."""

MOST_MEANT = 5
"""Of those that share a name, how many are named where one is asked for."""

PLANNED_WITHIN_S = 30.0
"""A database that has just started plans so long a statement for longer than it answers it."""

Place = Region | Country | Language


class CoverageTooLarge(GraphError):
    """A table of more cells than anybody reads."""

    def __init__(self, *, topics: int, places: int) -> None:
        super().__init__(
            Wording(
                "%(topics)s topics by %(places)s places are more than %(most)s cells; ask within a "
                "smaller region, or for one topic.",
                topics=topics,
                places=places,
                most=MOST_CELLS,
            )
        )


class DayToCome(GraphError):
    """A table was asked for as it will be."""

    def __init__(self, asked: date) -> None:
        super().__init__(
            Wording("%(asked)s is yet to come; ask for the table as it was on a day up to today.", asked=asked)
        )


class NoPlaces(GraphError):
    """A region that has no regions in it, or countries without a region to look within."""

    def __init__(self, by: By, within: str | None) -> None:
        if within is None:
            said = Wording("Say within which region the countries are to be; 'World' has them all.")
        elif by is By.REGION:
            said = Wording("'%(within)s' has no regions within it; ask by country.", within=within)
        else:
            said = Wording("'%(within)s' has no countries within it; name another region.", within=within)
        super().__init__(said)


class WithinLanguages(GraphError):
    """Languages were asked for within a region."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Languages are not within regions; leave the region out, or ask by region or country.")
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """What there is of a topic in a place, on the table's day and as far as the viewer sees it.

    ``lead``, ``practitioner`` and ``familiar`` are how many people know the topic or a narrower one, each at the
    deepest level of theirs; ``newest`` is when the last of them spoke, published or had other evidence on it;
    ``events`` were held and ``activities`` done there on the topic, ``planned`` are those to come; ``change`` is how
    many more people there are now.
    """

    place: str
    lead: int = 0
    practitioner: int = 0
    familiar: int = 0
    newest: date | None = None
    events: int = 0
    activities: int = 0
    planned: int = 0
    change: int = 0

    @property
    def experts(self) -> int:
        """How many people, at whatever level."""
        return self.lead + self.practitioner + self.familiar


@dataclass(frozen=True, slots=True)
class Row:
    """A topic's cells, in the order of the table's places; ``experts`` know it anywhere."""

    topic: Topic
    experts: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A table as it was on a day: topics by English label, places by English name."""

    by: By
    as_of: date
    places: tuple[Place, ...]
    rows: tuple[Row, ...]


TOPICS: LiteralString = """
MATCH (t:Topic)
WHERE CASE WHEN $topic IS NULL
  THEN t.deprecated IS NULL AND NOT EXISTS { (t)-[:BROADER]->(:Topic) }
  ELSE (t.deprecated IS NULL AND EXISTS { (t)-[:BROADER]->(:Topic {id: $topic}) })
    OR (t.id = $topic AND NOT EXISTS { (t)<-[:BROADER]-(narrower:Topic) WHERE narrower.deprecated IS NULL })
  END
WITH t ORDER BY coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh), t.id
RETURN collect(t {.*}) AS topics
"""

REGIONS: LiteralString = """
MATCH (r:Region)-[:WITHIN]->(larger:Region)
WHERE CASE WHEN $within IS NULL THEN NOT EXISTS { (larger)-[:WITHIN]->(:Region) } ELSE larger.id = $within END
WITH r ORDER BY r.name_en, r.id
RETURN collect(r {.*}) AS places
"""

COUNTRIES: LiteralString = """
MATCH (c:Country)
WHERE EXISTS { (c)-[:IN_REGION]->(:Region)-[:WITHIN]->*(:Region {id: $within}) }
WITH c ORDER BY c.name_en, c.id
RETURN collect(c {.*}) AS places
"""

LANGUAGES: LiteralString = """
MATCH (l:Language)
WHERE l.id IN $languages OR EXISTS { (l)<-[:IN_LANGUAGE]-(:Event|Resource) }
WITH l ORDER BY l.name_en, l.id
RETURN collect(l {.*}) AS places
"""

# Who knows a topic or a narrower one, how deeply on the day and now (0 lead to 2 familiar), and the newest evidence of
# it that the viewer sees. Whoever joined, or knew it, before anybody wrote down since when did so always.
TABLE: LiteralString = seen("""
MATCH (row:Topic) WHERE row.id IN $topics
CALL (row) {
  MATCH (t:Topic)-[:BROADER]->*(row)
  RETURN collect(DISTINCT t) AS within
}
CALL (within) {
  CALL (within) {
    UNWIND within AS t
    MATCH (e:Expert)-[x:EXPERT_IN]->(t)
    WHERE SEES(e.profile) AND coalesce(x.since, 0) <= $today.year AND (e.joined IS NULL OR e.joined <= $today)
    WITH e, CASE x.level WHEN 'lead' THEN 0 WHEN 'practitioner' THEN 1 ELSE 2 END AS depth,
         coalesce(x.since, 0) <= $as_of.year AND (e.joined IS NULL OR e.joined <= $as_of) AS was_so
    RETURN e, depth AS now, CASE WHEN was_so THEN depth END AS then, null AS newest
  UNION ALL
    UNWIND within AS t
    MATCH (e:Expert)-[:SPOKE_AT]->(v:Event)-[:COVERS]->(t)
    WHERE SEES(e.attendance) AND coalesce(v.status, '') <> 'cancelled' AND date(v.starts_at) <= $as_of
    RETURN e, null AS now, null AS then, date(v.starts_at) AS newest
  UNION ALL
    UNWIND within AS t
    MATCH (e:Expert)-[:AUTHORED]->(work:Resource)-[:COVERS]->(t)
    WHERE SEES(e.profile) AND work.published_on <= $as_of
    RETURN e, null AS now, null AS then, work.published_on AS newest
  UNION ALL
    UNWIND within AS t
    MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(n)-[:COVERS]->(t)
    WHERE SEES(e, p) AND coalesce(n.status, '') <> 'cancelled' AND p.occurred_on <= $as_of
    RETURN e, null AS now, null AS then, p.occurred_on AS newest
  }
  WITH e, min(now) AS now, min(then) AS then, max(newest) AS newest
  WHERE now IS NOT NULL
  RETURN collect({person: e, now: now, then: then, newest: newest}) AS known
}
WITH row, known, COLLECT {
  UNWIND known AS one
  WITH one, one.person AS e
  PEOPLE_THERE AND place.id IN $places
  WITH DISTINCT place, one
  WITH place.id AS place,
       sum(CASE one.then WHEN 0 THEN 1 ELSE 0 END) AS lead,
       sum(CASE one.then WHEN 1 THEN 1 ELSE 0 END) AS practitioner,
       sum(CASE one.then WHEN 2 THEN 1 ELSE 0 END) AS familiar,
       max(CASE WHEN one.then IS NOT NULL THEN one.newest END) AS newest,
       sum(CASE WHEN one.then IS NULL THEN 1 ELSE 0 END) AS change
  RETURN {
    place: place, lead: lead, practitioner: practitioner, familiar: familiar, newest: newest, change: change
  }
} AS people, COLLECT {
  UNWIND within AS t
  MATCH (n:Event|Activity)-[:COVERS]->(t)
  WHERE coalesce(n.status, '') <> 'cancelled'
  WITH DISTINCT n, date(coalesce(n.starts_at, n.starts_on)) AS day,
       n:Activity AND coalesce(n.status, '') IN ['idea', 'projected', 'confirmed'] AS is_ahead
  WITH n, day <= $as_of AND NOT is_ahead AS is_done, day > $as_of OR is_ahead AS is_planned
  THINGS_THERE AND place.id IN $places
  WITH DISTINCT place, n, is_done, is_planned
  WITH place.id AS place,
       sum(CASE WHEN n:Event AND is_done THEN 1 ELSE 0 END) AS events,
       sum(CASE WHEN n:Activity AND is_done THEN 1 ELSE 0 END) AS activities,
       sum(CASE WHEN is_planned THEN 1 ELSE 0 END) AS planned
  RETURN {place: place, events: events, activities: activities, planned: planned}
} AS things
RETURN collect({
  topic: row.id, experts: size([one IN known WHERE one.then IS NOT NULL]), people: people, things: things
}) AS rows
""")

# That a person e, or an event or activity n, is in a place.
PEOPLE_IN_REGION: LiteralString = seen("""
    MATCH (e)-[:BASED_IN]->(:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(place:Region) WHERE SEES(e.country)""")
PEOPLE_IN_COUNTRY: LiteralString = seen("MATCH (e)-[:BASED_IN]->(place:Country) WHERE SEES(e.country)")
PEOPLE_SPEAKING: LiteralString = seen(
    "MATCH (e)-[speaks:SPEAKS]->(place:Language) WHERE SEES(e.languages) AND speaks.level <> 'basic'"
)
THINGS_IN_REGION: LiteralString = """
  MATCH (n:Event|Activity)-[:HELD_IN|FOR_COUNTRY]->(:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(place:Region)
  WHERE true"""
THINGS_IN_COUNTRY: LiteralString = "MATCH (n:Event|Activity)-[:HELD_IN|FOR_COUNTRY]->(place:Country) WHERE true"
THINGS_IN_LANGUAGE: LiteralString = "MATCH (n:Event)-[:IN_LANGUAGE]->(place:Language) WHERE true"


async def coverage(
    graph: Graph,
    viewer: Viewer,
    *,
    by: By = By.REGION,
    topic: str | None = None,
    within: str | None = None,
    as_of: date | None = None,
) -> Coverage:
    """Topics by places, as the viewer sees them, today or as they were at the end of an earlier day.

    The topics are those that nothing is broader than, or those directly narrower than ``topic``, or it alone if there
    are none. The regions are the parts of ``within``, or of the world; the countries those in it; the languages those
    of the United Nations, and those that an event or resource is in. ``topic`` and ``within`` are ids, codes or
    names in any UN language.

    Raises:
        UnknownFilterValue: the network knows no such topic or region.
        NoPlaces, WithinLanguages, DayToCome, CoverageTooLarge: there is no such table.
    """
    today = datetime.now(UTC).date()
    if as_of is not None and as_of > today:
        raise DayToCome(as_of)
    if by is By.LANGUAGE and within is not None:
        raise WithinLanguages
    if by is By.COUNTRY and within is None:
        raise NoPlaces(by, None)
    places = await _places(graph, viewer, by=by, within=within)
    if within is not None and not places:
        raise NoPlaces(by, within)
    asked = None if topic is None else await one_id(graph, viewer, kind="topic", name=topic)
    topics = [Topic.from_row(row) for row in (await graph.read(TOPICS, topic=asked))[0]["topics"]]
    if len(topics) * len(places) > MOST_CELLS:
        raise CoverageTooLarge(topics=len(topics), places=len(places))
    (found,) = await graph.read(
        _table(by),
        **viewer.sight,
        topics=[one.id for one in topics],
        places=[one.id for one in places],
        as_of=as_of or today,
        today=today,
        timeout_s=PLANNED_WITHIN_S,
    )
    told = {row["topic"]: row for row in found["rows"]}
    rows = [_row(one, told[one.id], places) for one in topics if one.id in told]
    return Coverage(by, as_of or today, tuple(places), tuple(rows))


async def one_id(graph: Graph, viewer: Viewer, *, kind: str, name: str) -> str:
    """The id that a name of one topic, region, country or language stands for.

    Raises:
        UnknownFilterValue: there is none of that name.
    """
    ids = (await ids_of(graph, viewer, noun=kind.title(), names=[name]))[name]
    if len(ids) != 1:  # several share the name, or it is a region's, where a country is asked for
        raise UnknownFilterValue(kind=kind, value=name, nearest=ids if len(ids) <= MOST_MEANT else ())
    return ids[0]


async def _places(graph: Graph, viewer: Viewer, *, by: By, within: str | None) -> Sequence[Place]:
    region = None if within is None else await one_id(graph, viewer, kind="region", name=within)
    match by:
        case By.REGION:
            return [Region.from_row(row) for row in (await graph.read(REGIONS, within=region))[0]["places"]]
        case By.COUNTRY:
            return [Country.from_row(row) for row in (await graph.read(COUNTRIES, within=region))[0]["places"]]
        case By.LANGUAGE:
            return [
                Language.from_row(row) for row in (await graph.read(LANGUAGES, languages=UN_LANGUAGES))[0]["places"]
            ]


def _table(by: By) -> LiteralString:
    match by:
        case By.REGION:
            people, things = PEOPLE_IN_REGION, THINGS_IN_REGION
        case By.COUNTRY:
            people, things = PEOPLE_IN_COUNTRY, THINGS_IN_COUNTRY
        case By.LANGUAGE:
            people, things = PEOPLE_SPEAKING, THINGS_IN_LANGUAGE
    return TABLE.replace("PEOPLE_THERE", people).replace("THINGS_THERE", things)


def _row(topic: Topic, told: Mapping[str, Any], places: Sequence[Place]) -> Row:
    figures: dict[str, dict[str, Any]] = {place.id: {} for place in places}
    for one in [*told["people"], *told["things"]]:
        figures[one["place"]].update(one)
    cells = [Cell(**{"place": id, **of, "newest": day(of.get("newest"))}) for id, of in figures.items()]
    return Row(topic, told["experts"], tuple(cells))
