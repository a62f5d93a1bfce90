"""Languages that people speak."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Language

__all__ = ["spoken"]

SPOKEN: LiteralString = """
MATCH (l:Language) WHERE EXISTS { (l)<-[:SPEAKS]-(:Expert) }
RETURN l {.*} AS language ORDER BY l.name_en, l.id
"""


async def spoken(graph: Graph) -> list[Language]:
    """Languages that at least one expert speaks, by English name."""
    return [Language.from_row(row["language"]) for row in await graph.read(SPOKEN)]
