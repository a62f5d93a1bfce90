"""What people are looked for by, instead of a question: that they are like a person, or fit an event."""

from dataclasses import dataclass
from typing import LiteralString

from graph.errors import NoSuchEvent, NoSuchExpert
from graph.graph import Graph
from graph.permissions import may_read_drafts
from graph.values import EventId, ExpertId
from graph.viewer import Viewer, found

__all__ = ["Likeness", "like_event", "like_expert"]

LONGEST = 3_000
"""In characters; the encoder reads the beginning of a long text."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The words of a person or an event, to be asked as a question is, and who is not meant."""

    text: str
    without: frozenset[ExpertId]


LIKE_EXPERT: LiteralString = found("""
MATCH (e:Expert {id: $expert})-[:EVIDENCED_BY]->(p:Passage) WHERE FINDS(p)
WITH p ORDER BY p.kind <> 'profile', p.occurred_on DESC, p.id
RETURN collect(DISTINCT CASE p.kind WHEN 'profile' THEN p.text ELSE p.title END) AS texts
""")

# Nothing is related to a draft (graph.drafts).
LIKE_EVENT: LiteralString = found("""
CALL () {
  MATCH (v:Event {id: $event})
  RETURN v, COLLECT { MATCH (v)-[:COVERS]->(t:Topic) RETURN t.id } AS topics
UNION ALL
  MATCH (v:Draft {id: $event}) WHERE $with_drafts
  RETURN v, v.topics AS topics
}
RETURN [v.title, v.description] + COLLECT {
         MATCH (t:Topic) WHERE t.id IN topics
         RETURN coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh) ORDER BY t.id
       } AS texts,
       COLLECT {
         MATCH (e:Expert)-[:SPOKE_AT]->(v) WHERE FINDS(e) AND FINDS(e.attendance)
         RETURN DISTINCT e.id
       } AS speakers
""")


async def like_expert(graph: Graph, viewer: Viewer, *, expert: ExpertId) -> Likeness:
    """What a person does and knows, and the titles of their talks and works, as the viewer may find them by it.

    Raises:
        NoSuchExpert: the viewer finds nobody of this id in a search.
    """
    (row,) = await graph.read(LIKE_EXPERT, expert=expert, reach=int(viewer.reach))
    if not row["texts"]:
        raise NoSuchExpert(expert)
    return Likeness(_joined(row["texts"]), frozenset({expert}))


async def like_event(graph: Graph, viewer: Viewer, *, event: EventId) -> Likeness:
    """What an event is about, or for who may see it a draft. Who is known to be on its programme is not meant.

    Raises:
        NoSuchEvent: there is none of this id.
    """
    rows = await graph.read(LIKE_EVENT, event=event, reach=int(viewer.reach), with_drafts=may_read_drafts(viewer))
    if not rows:
        raise NoSuchEvent(event)
    return Likeness(_joined(rows[0]["texts"]), frozenset(map(ExpertId, rows[0]["speakers"])))


def _joined(texts: list[str | None]) -> str:
    return ". ".join(text for text in texts if text)[:LONGEST]
