"""Countries (ISO 3166), as values; whatever else is asked of them is read by graph.reading."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Country, Cursor, Page
from graph.viewer import Viewer

__all__ = ["page"]

PAGE: LiteralString = """
MATCH (c:Country)
WHERE $after IS NULL OR c.name_en > $after[0] OR (c.name_en = $after[0] AND c.id > $after[1])
RETURN [c.name_en, c.id] AS key, c {.*} AS country
ORDER BY c.name_en, c.id LIMIT $limit
"""


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Country]:
    """Countries by English name, at most ``first``."""
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key))
    return Page.of(rows, first, lambda row: Country.from_row(row["country"]))
