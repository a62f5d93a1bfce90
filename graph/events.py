"""Events: briefings, launches, workshops and trainings, what they covered and who spoke."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.values import Cursor, Event, EventId, Expert, Page, Slot, Speaker, Topic
from graph.viewer import Viewer, seen

__all__ = ["by_id", "page", "speakers_of", "topics_of"]

BY_ID: LiteralString = "UNWIND $ids AS id MATCH (v:Event {id: id}) RETURN id, v {.*} AS event"

# An event whose date is not known yet comes last: its key sorts before every ISO date.
PAGE: LiteralString = """
MATCH (v:Event)
WITH v, coalesce(toString(datetime({datetime: v.starts_at, timezone: 'Z'})), '') AS start
WHERE $after IS NULL OR start < $after[0] OR (start = $after[0] AND v.id > $after[1])
RETURN [start, v.id] AS key, v {.*} AS event
ORDER BY start DESC, v.id LIMIT $limit
"""

SPEAKERS_OF: LiteralString = seen("""
UNWIND $ids AS id
MATCH (:Event {id: id})<-[s:SPOKE_AT]-(e:Expert) WHERE SEES(e.attendance)
OPTIONAL MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country)
RETURN id, s {.*} AS spoke, PERSON(e) AS expert, c {.*} AS country
ORDER BY id, e.name, e.id
""")

TOPICS_OF: LiteralString = """
UNWIND $ids AS id
MATCH (:Event {id: id})-[:COVERS]->(t:Topic)
RETURN id, t {.*} AS topic
ORDER BY id, coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh), t.id
"""


async def by_id(graph: Graph, viewer: Viewer, *, ids: Sequence[EventId]) -> Mapping[EventId, Event]:
    """The events with these ids, as far as they exist."""
    rows = await graph.read(BY_ID, ids=list(ids))
    return {row["id"]: Event.from_row(row["event"]) for row in rows}


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Event]:
    """Events, newest first, at most ``first`` of them."""
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key))
    return Page.of(rows, first, lambda row: Event.from_row(row["event"]))


async def speakers_of(graph: Graph, viewer: Viewer, *, ids: Sequence[EventId]) -> Mapping[EventId, list[Speaker]]:
    """Who spoke at each event, by name, as far as the viewer may see that they did."""
    found: dict[EventId, list[Speaker]] = defaultdict(list)
    for row in await graph.read(SPEAKERS_OF, **viewer.sight, ids=list(ids)):
        spoke = row["spoke"]
        speaker = Speaker(Expert.from_row(row), spoke.get("role"), spoke.get("talk"), Slot.from_row(spoke))
        found[row["id"]].append(speaker)
    return found


async def topics_of(graph: Graph, viewer: Viewer, *, ids: Sequence[EventId]) -> Mapping[EventId, list[Topic]]:
    """What each event covered, by English label."""
    found: dict[EventId, list[Topic]] = defaultdict(list)
    for row in await graph.read(TOPICS_OF, ids=list(ids)):
        found[row["id"]].append(Topic.from_row(row["topic"]))
    return found
