"""Topics: the network's scheme of concepts, each with its broader and narrower ones and the people who know it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.values import Cursor, Expert, Page, Topic, TopicId
from graph.viewer import Viewer, seen

__all__ = ["broader_of", "by_id", "exact_matches_of", "experts_of", "narrower_of", "page"]

BY_ID: LiteralString = "UNWIND $ids AS id MATCH (t:Topic {id: id}) RETURN id, t {.*} AS topic"

# What a topic is called where its English label is asked for, as graph.values.Names says it.
PAGE: LiteralString = """
MATCH (t:Topic)
WITH t, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh) AS label
WHERE $after IS NULL OR label > $after[0] OR (label = $after[0] AND t.id > $after[1])
RETURN [label, t.id] AS key, t {.*} AS topic
ORDER BY label, t.id LIMIT $limit
"""

BROADER_OF: LiteralString = """
UNWIND $ids AS id
MATCH (:Topic {id: id})-[:BROADER]->(t:Topic)
RETURN id, t {.*} AS topic
"""

NARROWER_OF: LiteralString = """
UNWIND $ids AS id
MATCH (:Topic {id: id})<-[:BROADER]-(t:Topic)
RETURN id, t {.*} AS topic
ORDER BY id, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh), t.id
"""

# Whichever of the two names the other: that they match is true of both.
EXACT_MATCHES_OF: LiteralString = """
UNWIND $ids AS id
MATCH (:Topic {id: id})-[:EXACT_MATCH]-(t:Topic)
WITH DISTINCT id, t
RETURN id, t {.*} AS topic
ORDER BY id, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh), t.id
"""

EXPERTS_OF: LiteralString = seen("""
UNWIND $ids AS id
CALL (id) {
  MATCH (:Topic {id: id})<-[:BROADER]-*(:Topic)<-[x:EXPERT_IN]-(e:Expert) WHERE SEES(e.profile)
  WITH e, min(CASE x.level WHEN 'lead' THEN 0 WHEN 'practitioner' THEN 1 ELSE 2 END) AS depth
  ORDER BY depth, e.name, e.id LIMIT $first
  OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country)
  RETURN e, c, depth
}
RETURN id, PERSON(e) AS expert, c {.*} AS country
ORDER BY id, depth, e.name, e.id
""")


async def by_id(graph: Graph, viewer: Viewer, *, ids: Sequence[TopicId]) -> Mapping[TopicId, Topic]:
    """The topics with these ids, as far as they exist."""
    rows = await graph.read(BY_ID, ids=list(ids))
    return {row["id"]: Topic.from_row(row["topic"]) for row in rows}


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Topic]:
    """Topics by English label (or the first there is, where there is none), at most ``first`` of them."""
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key))
    return Page.of(rows, first, lambda row: Topic.from_row(row["topic"]))


async def broader_of(graph: Graph, viewer: Viewer, *, ids: Sequence[TopicId]) -> Mapping[TopicId, Topic]:
    """The next broader topic of each, where there is one."""
    rows = await graph.read(BROADER_OF, ids=list(ids))
    return {row["id"]: Topic.from_row(row["topic"]) for row in rows}


async def narrower_of(graph: Graph, viewer: Viewer, *, ids: Sequence[TopicId]) -> Mapping[TopicId, list[Topic]]:
    """The next narrower topics of each, by English label."""
    found: dict[TopicId, list[Topic]] = defaultdict(list)
    for row in await graph.read(NARROWER_OF, ids=list(ids)):
        found[row["id"]].append(Topic.from_row(row["topic"]))
    return found


async def exact_matches_of(graph: Graph, viewer: Viewer, *, ids: Sequence[TopicId]) -> Mapping[TopicId, list[Topic]]:
    """The topics of other schemes that are the same as each (skos:exactMatch), by English label."""
    found: dict[TopicId, list[Topic]] = defaultdict(list)
    for row in await graph.read(EXACT_MATCHES_OF, ids=list(ids)):
        found[row["id"]].append(Topic.from_row(row["topic"]))
    return found


async def experts_of(
    graph: Graph, viewer: Viewer, *, ids: Sequence[TopicId], first: int
) -> Mapping[TopicId, list[Expert]]:
    """People who know each topic or a narrower one, deepest first, at most ``first`` for each."""
    found: dict[TopicId, list[Expert]] = defaultdict(list)
    for row in await graph.read(EXPERTS_OF, **viewer.sight, ids=list(ids), first=first):
        found[row["id"]].append(Expert.from_row(row))
    return found
