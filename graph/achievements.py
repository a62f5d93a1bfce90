"""What a programme did in a year, counted in the graph whenever it is asked; nothing of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from graph.graph import Graph
from graph.viewer import Viewer, seen

__all__ = ["Achievements", "Count", "of_year"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were of a kind, and what became of them where that is told."""

    kind: str
    status: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Achievements:
    """A year's figures; of people, as far as the viewer sees them.

    ``members`` had joined by the end of the year, ``new_members`` within it; ``events`` took place, ``resources`` were
    published, ``activities`` began, each by kind; ``countries`` (ids) had a national activity that was done;
    ``partners`` had a part in any of it.
    """

    year: int
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
    def from_row(cls, row: Mapping[str, Any]) -> "Achievements":
        """From the row of the statement."""
        counts = {
            name: [Count(one["kind"], one.get("status"), one["count"]) for one in row[name]]
            for name in ("events", "resources", "activities")
        }
        return cls(**{**row, **counts})


# Whoever joined before anybody wrote down when has no date, and had joined.
OF_YEAR: LiteralString = seen("""
RETURN $year AS year,
       COUNT {
         MATCH (e:Expert)
         WHERE SEES(e.listing)
           AND (NOT coalesce(SEES(e.profile), false) OR e.joined IS NULL OR e.joined.year <= $year)
       } AS members,
       COUNT { MATCH (e:Expert) WHERE SEES(e.profile) AND e.joined.year = $year } AS new_members,
       COUNT {
         MATCH (e:Expert)
         WHERE EXISTS {
           MATCH (e)-[:SPOKE_AT]->(v:Event)
           WHERE SEES(e.attendance) AND v.starts_at.year = $year AND coalesce(v.status, '') <> 'cancelled'
         }
       } AS speakers,
       COUNT {
         MATCH (o:Organisation)
         WHERE EXISTS {
           MATCH (o)-[:PARTNER_IN]->(n)
           WHERE coalesce(n.starts_at, n.published_on, n.starts_on).year = $year
         }
       } AS partners,
       COLLECT {
         MATCH (v:Event) WHERE v.starts_at.year = $year AND coalesce(v.status, '') <> 'cancelled'
         WITH v.kind AS kind, count(*) AS count ORDER BY kind
         RETURN {kind: kind, count: count}
       } AS events,
       COLLECT {
         MATCH (r:Resource) WHERE r.published_on.year = $year
         WITH r.kind AS kind, count(*) AS count ORDER BY kind
         RETURN {kind: kind, count: count}
       } AS resources,
       COLLECT {
         MATCH (a:Activity) WHERE a.starts_on.year = $year
         WITH a.kind AS kind, a.status AS status, count(*) AS count ORDER BY kind, status
         RETURN {kind: kind, status: status, count: count}
       } AS activities,
       COUNT { MATCH (p:Project) WHERE p.starts_on.year = $year } AS projects,
       COLLECT {
         MATCH (c:Country)
         WHERE EXISTS {
           MATCH (c)<-[:FOR_COUNTRY]-(a:Activity)
           WHERE a.starts_on.year = $year AND a.kind = 'national' AND a.status = 'done'
         }
         RETURN c.id ORDER BY c.name_en, c.id
       } AS countries
""")


async def of_year(graph: Graph, viewer: Viewer, *, year: int) -> Achievements:
    """What the programme did in a year, as far as the viewer sees it."""
    return Achievements.from_row((await graph.read(OF_YEAR, **viewer.sight, year=year))[0])
