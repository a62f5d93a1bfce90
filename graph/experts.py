"""Experts by id, as values; whatever else is asked of them is read by graph.reading."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.values import Expert, ExpertId
from graph.viewer import Viewer, seen

__all__ = ["by_id"]


BY_ID: LiteralString = seen("""
UNWIND $ids AS id
MATCH (e:Expert {id: id}) WHERE SEES(e.listing)
OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country)
RETURN id, PERSON(e) AS expert, c {.*} AS country
""")


async def by_id(graph: Graph, viewer: Viewer, *, ids: Sequence[ExpertId]) -> Mapping[ExpertId, Expert]:
    """The experts with these ids, as far as the viewer may know of them."""
    rows = await graph.read(BY_ID, **viewer.sight, ids=list(ids))
    return {row["id"]: Expert.from_row(row) for row in rows}
