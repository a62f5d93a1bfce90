"""How far events have come in finding their speakers: how many people stand where, for many events at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import LiteralString

from graph.graph import Graph
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.candidacies import WHO
from graph.speaking.states import State
from graph.values import EventId
from graph.viewer import Viewer, seen

__all__ = ["standings"]

STANDINGS: LiteralString = seen("""
UNWIND $events AS event
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: event}) WHERE SEES(e.listing)
WITH event,
  COLLECT { MATCH (c)-[:STEP]->(s:Step)
            WHERE s.undone IS NULL AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
            RETURN s.to ORDER BY s.number DESC } AS states
WHERE head(states) <> 'withdrawn' OR 'invited' IN states
RETURN event, head(states) AS state
""")


async def standings(
    graph: Graph, viewer: Viewer, *, events: Sequence[EventId]
) -> Mapping[EventId, Mapping[State, int]]:
    """How many people stand where, for each of these events and drafts for which anybody is considered and seen.

    Whoever was taken off the list before anybody asked them stands nowhere.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    refuse_unless(may_read_candidacies(viewer), "see who is considered as a speaker", who=WHO)
    counted: dict[EventId, Counter[State]] = {}
    for row in await graph.read(STANDINGS, **viewer.sight, events=list(dict.fromkeys(events))):
        counted.setdefault(EventId(row["event"]), Counter())[State(row["state"])] += 1
    return counted
