"""Languages that people speak."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Language
from graph.viewer import Viewer, seen

__all__ = ["spoken"]

SPOKEN: LiteralString = seen("""
MATCH (l:Language)
WHERE EXISTS { MATCH (l)<-[:SPEAKS]-(e:Expert) WHERE SEES(e.languages) }
RETURN l {.*} AS language ORDER BY l.name_en, l.id
""")


async def spoken(graph: Graph, viewer: Viewer) -> list[Language]:
    """Languages that the viewer sees at least one expert speak, by English name."""
    return [Language.from_row(row["language"]) for row in await graph.read(SPOKEN, **viewer.sight)]
