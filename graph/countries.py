"""Countries (ISO 3166), the regions they lie in (UN M49) and the people who live there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.values import Country, CountryId, Cursor, Expert, Page, Region

__all__ = ["by_id", "experts_of", "page", "regions", "regions_of"]

BY_ID: LiteralString = "UNWIND $ids AS id MATCH (c:Country {id: id}) RETURN id, c {.*} AS country"

PAGE: LiteralString = """
MATCH (c:Country)
WHERE ($after IS NULL OR c.name_en > $after[0] OR (c.name_en = $after[0] AND c.id > $after[1]))
  AND (NOT $with_experts OR EXISTS { (c)<-[:BASED_IN]-(:Expert) })
RETURN [c.name_en, c.id] AS key, c {.*} AS country
ORDER BY c.name_en, c.id LIMIT $limit
"""

REGIONS_OF: LiteralString = """
UNWIND $ids AS id
MATCH path = (:Country {id: id})-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
RETURN id, r {.*} AS region
ORDER BY id, length(path)
"""

EXPERTS_OF: LiteralString = """
UNWIND $ids AS id
CALL (id) {
  MATCH (c:Country {id: id})<-[:BASED_IN]-(e:Expert)
  RETURN e, c ORDER BY e.name, e.id LIMIT $first
}
RETURN id, e {.*} AS expert, c {.*} AS country
ORDER BY id, e.name, e.id
"""


REGIONS: LiteralString = """
MATCH (r:Region) WHERE EXISTS { (r)<-[:WITHIN]-*(:Region)<-[:IN_REGION]-(:Country)<-[:BASED_IN]-(:Expert) }
RETURN r {.*} AS region ORDER BY r.name_en, r.id
"""


async def by_id(graph: Graph, *, ids: Sequence[CountryId]) -> Mapping[CountryId, Country]:
    """The countries with these ids, as far as they exist."""
    rows = await graph.read(BY_ID, ids=list(ids))
    return {row["id"]: Country.from_row(row["country"]) for row in rows}


async def page(graph: Graph, *, first: int, after: Cursor | None = None, with_experts: bool = False) -> Page[Country]:
    """Countries by English name, at most ``first``; only those where experts live if ``with_experts``."""
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key), with_experts=with_experts)
    return Page.of(rows, first, lambda row: Country.from_row(row["country"]))


async def regions(graph: Graph) -> list[Region]:
    """Regions where at least one expert lives, by English name."""
    return [Region.from_row(row["region"]) for row in await graph.read(REGIONS)]


async def regions_of(graph: Graph, *, ids: Sequence[CountryId]) -> Mapping[CountryId, list[Region]]:
    """The regions each country lies in, the smallest first."""
    found: dict[CountryId, list[Region]] = defaultdict(list)
    for row in await graph.read(REGIONS_OF, ids=list(ids)):
        found[row["id"]].append(Region.from_row(row["region"]))
    return found


async def experts_of(graph: Graph, *, ids: Sequence[CountryId], first: int) -> Mapping[CountryId, list[Expert]]:
    """People who live in each country, by name, at most ``first`` for each."""
    found: dict[CountryId, list[Expert]] = defaultdict(list)
    for row in await graph.read(EXPERTS_OF, ids=list(ids), first=first):
        found[row["id"]].append(Expert.from_row(row))
    return found
