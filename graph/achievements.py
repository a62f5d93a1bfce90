"""What a programme did in a year or another span of days, counted in the graph whenever it is asked.

Nothing of it is stored. Each count is the length of a list that can be asked for with :func:`page`: the two ask the
same of the same nodes, in the viewer's sight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, LiteralString

from graph.alphabet import sort_key_in
from graph.graph import Graph
from graph.values import Cursor, Page, Period
from graph.viewer import Viewer, seen

__all__ = ["Achievements", "Count", "Counted", "Listed", "of_span", "page", "year"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were of a kind, and what became of them where that is told."""

    kind: str
    status: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Achievements:
    """The figures of a span; of people, as far as the viewer sees them.

    ``members`` had joined by the end of the span, ``new_members`` within it; ``events`` took place, ``resources`` were
    published (each counts once, in however many languages it is), ``activities`` began, each by kind; ``countries``
    (ids) had a national activity that was done; ``partners`` had a part in any of it. What was cancelled is nowhere.
    """

    span: Period
    members: int
    new_members: int
    speakers: int
    partners: int
    events: Sequence[Count]
    resources: Sequence[Count]
    activities: Sequence[Count]
    projects: int
    countries: Sequence[str]

    @classmethod
    def from_row(cls, span: Period, row: Mapping[str, Any]) -> "Achievements":
        """From the row of the statement."""
        counts = {
            name: [Count(one["kind"], one.get("status"), one["count"]) for one in row[name]]
            for name in ("events", "resources", "activities")
        }
        return cls(span, **{**row, **counts})


class Counted(StrEnum):
    """What is counted, and can be listed."""

    EVENTS = "events"
    RESOURCES = "resources"
    ACTIVITIES = "activities"
    PROJECTS = "projects"
    COUNTRIES = "countries"
    PARTNERS = "partners"
    MEMBERS = "members"
    NEW_MEMBERS = "new_members"
    SPEAKERS = "speakers"

    @property
    def noun(self) -> str:
        """The noun of what the list holds (graph.model)."""
        return NOUN_OF[self]


NOUN_OF: Mapping[Counted, str] = {
    Counted.EVENTS: "Event",
    Counted.RESOURCES: "Resource",
    Counted.ACTIVITIES: "Activity",
    Counted.PROJECTS: "Project",
    Counted.COUNTRIES: "Country",
    Counted.PARTNERS: "Organisation",
    Counted.MEMBERS: "Expert",
    Counted.NEW_MEMBERS: "Expert",
    Counted.SPEAKERS: "Expert",
}


BY_NAME = frozenset({"Country", "Expert", "Organisation"})
"""The nouns whose lists are by name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A node that was counted; graph.reading tells what is known of it."""

    noun: str
    id: str


# An event is of the day that it begins on where it is held. Whoever joined before anybody wrote down when has no date,
# and had joined.
OF_SPAN: LiteralString = seen("""
RETURN COUNT {
         MATCH (e:Expert)
         WHERE SEES(e.listing)
           AND (NOT coalesce(SEES(e.profile), false) OR e.joined IS NULL OR e.joined <= $until)
       } AS members,
       COUNT { MATCH (e:Expert) WHERE SEES(e.profile) AND e.joined >= $since AND e.joined <= $until } AS new_members,
       COUNT {
         MATCH (e:Expert)
         WHERE EXISTS {
           MATCH (e)-[:SPOKE_AT]->(v:Event)
           WHERE SEES(e.attendance) AND date(v.starts_at) >= $since AND date(v.starts_at) <= $until
             AND coalesce(v.status, '') <> 'cancelled'
         }
       } AS speakers,
       COUNT {
         MATCH (o:Organisation)
         WHERE EXISTS {
           MATCH (o)-[:PARTNER_IN]->(n)
           WHERE coalesce(n.status, '') <> 'cancelled' AND (NOT n:Activity OR n.status = 'done')
             AND date(coalesce(n.starts_at, n.published_on, n.starts_on)) >= $since
             AND date(coalesce(n.starts_at, n.published_on, n.starts_on)) <= $until
         }
       } AS partners,
       COLLECT {
         MATCH (v:Event)
         WHERE date(v.starts_at) >= $since AND date(v.starts_at) <= $until AND coalesce(v.status, '') <> 'cancelled'
         WITH v.kind AS kind, count(*) AS count ORDER BY kind
         RETURN {kind: kind, count: count}
       } AS events,
       COLLECT {
         MATCH (r:Resource) WHERE r.published_on >= $since AND r.published_on <= $until
         WITH r.kind AS kind, count(*) AS count ORDER BY kind
         RETURN {kind: kind, count: count}
       } AS resources,
       COLLECT {
         MATCH (a:Activity)
         WHERE a.starts_on >= $since AND a.starts_on <= $until AND coalesce(a.status, '') <> 'cancelled'
         WITH a.kind AS kind, a.status AS status, count(*) AS count ORDER BY kind, status
         RETURN {kind: kind, status: status, count: count}
       } AS activities,
       COUNT { MATCH (p:Project) WHERE p.starts_on >= $since AND p.starts_on <= $until } AS projects,
       COLLECT {
         MATCH (c:Country)
         WHERE EXISTS {
           MATCH (c)<-[:FOR_COUNTRY]-(a:Activity)
           WHERE a.starts_on >= $since AND a.starts_on <= $until AND a.kind = 'national' AND a.status = 'done'
         }
         RETURN c.id ORDER BY c.name_en, c.id
       } AS countries
""")

# What is behind each count: its nodes with the word that they are ordered by, and of these a part.
PART: LiteralString = """
WHERE $after IS NULL OR word > $after[0] OR (word = $after[0] AND id > $after[1])
WITH id, word ORDER BY word, id LIMIT $size
RETURN collect({key: [word, id], id: id}) AS found
"""

EVENTS: LiteralString = (
    """
MATCH (v:Event)
WHERE date(v.starts_at) >= $since AND date(v.starts_at) <= $until AND coalesce(v.status, '') <> 'cancelled'
  AND ($kind IS NULL OR v.kind = $kind)
WITH v.id AS id, toString(date(v.starts_at)) AS word
"""
    + PART
)

RESOURCES: LiteralString = (
    """
MATCH (r:Resource)
WHERE r.published_on >= $since AND r.published_on <= $until AND ($kind IS NULL OR r.kind = $kind)
WITH r.id AS id, toString(r.published_on) AS word
"""
    + PART
)

ACTIVITIES: LiteralString = (
    """
MATCH (a:Activity)
WHERE a.starts_on >= $since AND a.starts_on <= $until AND coalesce(a.status, '') <> 'cancelled'
  AND ($kind IS NULL OR a.kind = $kind) AND ($status IS NULL OR a.status = $status)
WITH a.id AS id, toString(a.starts_on) AS word
"""
    + PART
)

PROJECTS: LiteralString = (
    """
MATCH (p:Project)
WHERE p.starts_on >= $since AND p.starts_on <= $until
WITH p.id AS id, toString(p.starts_on) AS word
"""
    + PART
)

COUNTRIES: LiteralString = (
    """
MATCH (c:Country)
WHERE EXISTS {
  MATCH (c)<-[:FOR_COUNTRY]-(a:Activity)
  WHERE a.starts_on >= $since AND a.starts_on <= $until AND a.kind = 'national' AND a.status = 'done'
}
WITH c.id AS id, $by + ' ' + coalesce(c[$by], c.sort_key, '') AS word
"""
    + PART
)

PARTNERS: LiteralString = (
    """
MATCH (o:Organisation)
WHERE EXISTS {
  MATCH (o)-[:PARTNER_IN]->(n)
  WHERE coalesce(n.status, '') <> 'cancelled' AND (NOT n:Activity OR n.status = 'done')
    AND date(coalesce(n.starts_at, n.published_on, n.starts_on)) >= $since
    AND date(coalesce(n.starts_at, n.published_on, n.starts_on)) <= $until
}
WITH o.id AS id, $by + ' ' + coalesce(o[$by], o.sort_key, '') AS word
"""
    + PART
)

MEMBERS: LiteralString = (
    seen("""
MATCH (e:Expert)
WHERE SEES(e.listing)
  AND (NOT coalesce(SEES(e.profile), false) OR e.joined IS NULL OR e.joined <= $until)
WITH e.id AS id, $by + ' ' + coalesce(e[$by], e.sort_key, '') AS word
""")
    + PART
)

NEW_MEMBERS: LiteralString = (
    seen("""
MATCH (e:Expert)
WHERE SEES(e.profile) AND e.joined >= $since AND e.joined <= $until
WITH e.id AS id, $by + ' ' + coalesce(e[$by], e.sort_key, '') AS word
""")
    + PART
)

SPEAKERS: LiteralString = (
    seen("""
MATCH (e:Expert)-[:SPOKE_AT]->(v:Event)
WHERE SEES(e.attendance) AND date(v.starts_at) >= $since AND date(v.starts_at) <= $until
  AND coalesce(v.status, '') <> 'cancelled'
WITH DISTINCT e.id AS id, $by + ' ' + coalesce(e[$by], e.sort_key, '') AS word
""")
    + PART
)


def year(number: int) -> Period:
    """A year as a span of days."""
    return Period(date(number, 1, 1), date(number, 12, 31))


async def of_span(graph: Graph, viewer: Viewer, *, span: Period) -> Achievements:
    """What the programme did in these days, as far as the viewer sees it; the cost grows with what is counted."""
    (row,) = await graph.read(OF_SPAN, **viewer.sight, since=span.first, until=span.last)
    return Achievements.from_row(span, row)


async def page(
    graph: Graph,
    viewer: Viewer,
    *,
    of: Counted,
    span: Period,
    first: int,
    after: Cursor | None = None,
    kind: str | None = None,
    status: str | None = None,
    language: str = "en",
) -> Page[Listed]:
    """The list behind a count: what happened by day, what has a name by name, as readers of the language expect it.

    ``kind`` and ``status`` are as in :class:`Count`, for lists of what has them. However short the page, the database
    looks at all that is counted.

    Raises:
        NotACursor: ``after`` is a cursor of another list by name, or of another language.
    """
    by = sort_key_in(language)
    statements: Mapping[Counted, LiteralString] = {
        Counted.EVENTS: EVENTS,
        Counted.RESOURCES: RESOURCES,
        Counted.ACTIVITIES: ACTIVITIES,
        Counted.PROJECTS: PROJECTS,
        Counted.COUNTRIES: COUNTRIES,
        Counted.PARTNERS: PARTNERS,
        Counted.MEMBERS: MEMBERS,
        Counted.NEW_MEMBERS: NEW_MEMBERS,
        Counted.SPEAKERS: SPEAKERS,
    }
    (row,) = await graph.read(
        statements[of],
        **viewer.sight,
        since=span.first,
        until=span.last,
        kind=kind,
        status=status,
        by=by,
        after=after and (after.in_order(by) if of.noun in BY_NAME else list(after.key)),
        size=first + 1,
    )
    return Page.of(row["found"], first, lambda one: Listed(of.noun, one["id"]))
