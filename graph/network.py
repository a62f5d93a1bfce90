"""The network as a whole: what it says of itself, how much it holds, and whether its graph answers."""

from dataclasses import dataclass
from typing import LiteralString

from graph.graph import Graph
from graph.values import Network
from graph.viewer import Viewer, seen

__all__ = ["Holdings", "describe", "holdings", "ping"]

PING: LiteralString = "RETURN 1 AS one"

DESCRIBE: LiteralString = """
MATCH (n:Network {id: 'network'})
RETURN n.title AS title, n.description AS description, n.fictional AS fictional
"""

HOLDINGS: LiteralString = seen("""
RETURN COUNT { MATCH (e:Expert) WHERE SEES(e.listing) } AS experts,
       COUNT {
         MATCH (c:Country)
         WHERE EXISTS { MATCH (c)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country) }
       } AS countries,
       COUNT { (:Topic) } AS topics, COUNT { (:Event) } AS events,
       COUNT { MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE p.kind <> 'profile' AND SEES(e, p) } AS passages
""")


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much a network holds, as far as the viewer sees; countries are those where experts live."""

    experts: int
    countries: int
    topics: int
    events: int
    passages: int


async def ping(graph: Graph) -> None:
    """Return if the graph answers; raises as Graph.read does."""
    await graph.read(PING)


async def describe(graph: Graph, viewer: Viewer) -> Network | None:
    """What the network says of itself; None if it says nothing."""
    rows = await graph.read(DESCRIBE)
    if not rows:
        return None
    return Network(rows[0]["title"] or "", rows[0]["description"] or "", bool(rows[0]["fictional"]))


async def holdings(graph: Graph, viewer: Viewer) -> Holdings:
    """How much the network holds now, of what the viewer may see."""
    return Holdings(**(await graph.read(HOLDINGS, **viewer.sight))[0])
