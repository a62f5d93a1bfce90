"""Countries (ISO 3166), the regions they lie in (UN M49) and the people who live there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.values import Country, CountryId, Cursor, Expert, Page, Region
from graph.viewer import Viewer, seen

__all__ = ["by_id", "experts_of", "page", "regions", "regions_of"]

BY_ID: LiteralString = "UNWIND $ids AS id MATCH (c:Country {id: id}) RETURN id, c {.*} AS country"

PAGE: LiteralString = seen("""
MATCH (c:Country)
WHERE ($after IS NULL OR c.name_en > $after[0] OR (c.name_en = $after[0] AND c.id > $after[1]))
  AND (NOT $with_experts OR EXISTS { MATCH (c)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country) })
RETURN [c.name_en, c.id] AS key, c {.*} AS country
ORDER BY c.name_en, c.id LIMIT $limit
""")

REGIONS_OF: LiteralString = """
UNWIND $ids AS id
MATCH path = (:Country {id: id})-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
RETURN id, r {.*} AS region
ORDER BY id, length(path)
"""

EXPERTS_OF: LiteralString = seen("""
UNWIND $ids AS id
CALL (id) {
  MATCH (c:Country {id: id})<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country)
  RETURN e, c ORDER BY e.name, e.id LIMIT $first
}
RETURN id, PERSON(e) AS expert, c {.*} AS country
ORDER BY id, e.name, e.id
""")


REGIONS: LiteralString = seen("""
MATCH (r:Region)
WHERE EXISTS {
  MATCH (r)<-[:WITHIN]-*(:Region)<-[:IN_REGION]-(:Country)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country)
}
RETURN r {.*} AS region ORDER BY r.name_en, r.id
""")


async def by_id(graph: Graph, viewer: Viewer, *, ids: Sequence[CountryId]) -> Mapping[CountryId, Country]:
    """The countries with these ids, as far as they exist."""
    rows = await graph.read(BY_ID, ids=list(ids))
    return {row["id"]: Country.from_row(row["country"]) for row in rows}


async def page(
    graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None, with_experts: bool = False
) -> Page[Country]:
    """Countries by English name, at most ``first``; with ``with_experts`` those where the viewer sees experts live."""
    rows = await graph.read(
        PAGE, **viewer.sight, limit=first + 1, after=after and list(after.key), with_experts=with_experts
    )
    return Page.of(rows, first, lambda row: Country.from_row(row["country"]))


async def regions(graph: Graph, viewer: Viewer) -> list[Region]:
    """Regions where the viewer sees at least one expert live, by English name."""
    return [Region.from_row(row["region"]) for row in await graph.read(REGIONS, **viewer.sight)]


async def regions_of(graph: Graph, viewer: Viewer, *, ids: Sequence[CountryId]) -> Mapping[CountryId, list[Region]]:
    """The regions each country lies in, the smallest first."""
    found: dict[CountryId, list[Region]] = defaultdict(list)
    for row in await graph.read(REGIONS_OF, ids=list(ids)):
        found[row["id"]].append(Region.from_row(row["region"]))
    return found


async def experts_of(
    graph: Graph, viewer: Viewer, *, ids: Sequence[CountryId], first: int
) -> Mapping[CountryId, list[Expert]]:
    """People who live in each country, by name, at most ``first`` for each."""
    found: dict[CountryId, list[Expert]] = defaultdict(list)
    for row in await graph.read(EXPERTS_OF, **viewer.sight, ids=list(ids), first=first):
        found[row["id"]].append(Expert.from_row(row))
    return found
