"""The topics of the network's scheme, as values; whatever else is asked of them is read by graph.reading."""

from typing import LiteralString

from graph.graph import Graph
from graph.suggestions import named_so
from graph.values import Cursor, Page, Topic
from graph.viewer import Viewer

__all__ = ["named", "page"]


# What a topic is called where its English label is asked for, as graph.values.Names says it.
PAGE: LiteralString = """
MATCH (t:Topic)
WITH t, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh) AS label
WHERE $after IS NULL OR label > $after[0] OR (label = $after[0] AND t.id > $after[1])
RETURN [label, t.id] AS key, t {.*, embedding: null} AS topic
ORDER BY label, t.id LIMIT $limit
"""


NAMED: LiteralString = """
CALL db.index.fulltext.queryNodes('topic_labels', $names, {limit: $limit}) YIELD node AS t, score
WITH t, score ORDER BY score DESC, t.id
RETURN t {.*, embedding: null} AS topic
"""


async def named(graph: Graph, viewer: Viewer, *, text: str, first: int) -> list[Topic]:
    """Topics that have all the words of a text among their names, of the last one perhaps the beginning.

    A name is a label or another name in any of the six languages; accents and letters' case do not matter. At most
    ``first`` of them, those in front that have the last word as it stands.
    """
    names = named_so(text)
    rows = await graph.read(NAMED, names=names, limit=first) if names else []
    return [Topic.from_row(row["topic"]) for row in rows]


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Topic]:
    """Topics by English label (or the first there is, where there is none), at most ``first`` of them."""
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key))
    return Page.of(rows, first, lambda row: Topic.from_row(row["topic"]))
