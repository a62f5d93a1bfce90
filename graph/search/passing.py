"""Whom a filter lets through where nothing is asked: everybody of them, by name.

They are found as a search finds them, so that no question has anybody else among them.
"""

from typing import LiteralString

from graph.alphabet import sort_key_in
from graph.experts import by_id
from graph.filters import ExpertFilter, narrowed
from graph.graph import Graph
from graph.search.candidates import start_of
from graph.values import Cursor, Expert, ExpertId, Page
from graph.viewer import Viewer, found

__all__ = ["count", "page"]

PAGE: LiteralString = found("""
WITH DISTINCT e WHERE FINDS(e) PASSES(e)
WITH e.id AS id, $by + ' ' + coalesce(e[$by], e.sort_key, '') AS name
WHERE $after IS NULL OR name > $after[0] OR (name = $after[0] AND id > $after[1])
RETURN [name, id] AS key, id
ORDER BY name, id LIMIT $limit
""")

COUNT: LiteralString = found("""
WITH DISTINCT e WHERE FINDS(e) PASSES(e)
RETURN count(e) AS people
""")


async def page(
    graph: Graph,
    viewer: Viewer,
    *,
    only: ExpertFilter,
    first: int,
    after: Cursor | None = None,
    language: str = "en",
) -> Page[Expert]:
    """The people whom the viewer finds and the filter lets through, at most ``first``, by name as readers expect it.

    Raises:
        NotACursor: ``after`` is a cursor of another list, or of another language.
    """
    by = sort_key_in(language)
    rows = await graph.read(
        narrowed(start_of(only) + PAGE, only),
        **only.parameters(),
        reach=int(viewer.reach),
        limit=first + 1,
        by=by,
        after=after and after.in_order(by),
    )
    told = await by_id(graph, viewer, ids=[ExpertId(row["id"]) for row in rows[:first]])
    made = Page.of(rows, first, lambda row: told.get(row["id"]))
    # Who hid between the two reads is not there.
    return Page([(cursor, one) for cursor, one in made.entries if one is not None], made.has_next)


async def count(graph: Graph, viewer: Viewer, *, only: ExpertFilter) -> int:
    """How many people the viewer finds and the filter lets through."""
    rows = await graph.read(narrowed(start_of(only) + COUNT, only), **only.parameters(), reach=int(viewer.reach))
    return int(rows[0]["people"])
