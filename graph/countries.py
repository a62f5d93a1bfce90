"""Countries (ISO 3166) and regions (UN M49) where people live, as values, for lists to choose from."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Country, Cursor, Page, Region
from graph.viewer import Viewer, seen

__all__ = ["page", "regions", "worked_in"]


PAGE: LiteralString = seen("""
MATCH (c:Country)
WHERE ($after IS NULL OR c.name_en > $after[0] OR (c.name_en = $after[0] AND c.id > $after[1]))
  AND (NOT $with_experts OR EXISTS { MATCH (c)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country) })
RETURN [c.name_en, c.id] AS key, c {.*} AS country
ORDER BY c.name_en, c.id LIMIT $limit
""")


REGIONS: LiteralString = seen("""
MATCH (r:Region)
WHERE EXISTS {
  MATCH (r)<-[:WITHIN]-*(:Region)<-[:IN_REGION]-(:Country)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country)
}
RETURN r {.*} AS region ORDER BY r.name_en, r.id
""")

WORKED_IN: LiteralString = seen("""
MATCH (c:Country)
WHERE EXISTS { MATCH (c)<-[:WORKED_IN]-(e:Expert) WHERE SEES(e.country) }
WITH c ORDER BY c.name_en, c.id
RETURN collect(c {.*}) AS countries
""")


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


async def worked_in(graph: Graph, viewer: Viewer) -> list[Country]:
    """Countries where the viewer sees that at least one expert worked, by English name."""
    rows = await graph.read(WORKED_IN, **viewer.sight)
    return [Country.from_row(row) for row in rows[0]["countries"]]
