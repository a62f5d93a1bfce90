"""Where people work, as values, for lists to choose from."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Organisation
from graph.viewer import Viewer, seen

__all__ = ["employers", "kinds"]

EMPLOYERS: LiteralString = seen("""
MATCH (o:Organisation)
WITH o, COUNT { MATCH (o)<-[job:AFFILIATED_WITH]-(e:Expert) WHERE job.to IS NULL AND SEES(e.organisation) } AS people
WHERE people > 0
WITH o ORDER BY people DESC, o.name, o.id LIMIT $limit
WITH o ORDER BY o.name, o.id
RETURN collect(o {.id, .name, .kind, .website}) AS organisations
""")

KINDS: LiteralString = seen("""
MATCH (e:Expert)-[job:AFFILIATED_WITH]->(o:Organisation)
WHERE job.to IS NULL AND SEES(e.organisation) AND o.kind IS NOT NULL
WITH DISTINCT o.kind AS kind ORDER BY kind
RETURN collect(kind) AS kinds
""")


async def employers(graph: Graph, viewer: Viewer, *, first: int) -> list[Organisation]:
    """Organisations where the viewer sees people work now, by name; of more, the ``first`` with most people."""
    rows = await graph.read(EMPLOYERS, **viewer.sight, limit=first)
    return [Organisation.from_row(row) for row in rows[0]["organisations"]]


async def kinds(graph: Graph, viewer: Viewer) -> list[str]:
    """The kinds of organisations where the viewer sees people work now."""
    found: list[str] = (await graph.read(KINDS, **viewer.sight))[0]["kinds"]
    return found
