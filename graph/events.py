"""Events where people spoke, as values, for lists to choose from."""

from typing import LiteralString

from graph.graph import Graph
from graph.values import Event
from graph.viewer import Viewer, seen

__all__ = ["with_speakers"]

WITH_SPEAKERS: LiteralString = seen("""
MATCH (v:Event)
WHERE EXISTS { MATCH (v)<-[:SPOKE_AT]-(e:Expert) WHERE SEES(e.attendance) }
WITH v ORDER BY v.starts_at IS NULL, v.starts_at DESC, v.id LIMIT $limit
RETURN collect(v {.*}) AS events
""")


async def with_speakers(graph: Graph, viewer: Viewer, *, first: int) -> list[Event]:
    """Events where the viewer sees that people spoke, newest first, at most ``first``."""
    rows = await graph.read(WITH_SPEAKERS, **viewer.sight, limit=first)
    return [Event.from_row(row) for row in rows[0]["events"]]
