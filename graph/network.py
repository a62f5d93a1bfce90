"""The network as a whole: what it says of itself, how much it holds, and whether its graph answers."""

from dataclasses import dataclass
from typing import LiteralString

from graph.graph import Graph
from graph.values import Network

__all__ = ["Holdings", "describe", "holdings", "ping"]

PING: LiteralString = "RETURN 1 AS one"

DESCRIBE: LiteralString = """
MATCH (n:Network {id: 'network'})
RETURN n.title AS title, n.description AS description, n.fictional AS fictional
"""

HOLDINGS: LiteralString = """
RETURN COUNT { (:Expert) } AS experts,
       COUNT { MATCH (c:Country) WHERE EXISTS { (c)<-[:BASED_IN]-(:Expert) } } AS countries,
       COUNT { (:Topic) } AS topics, COUNT { (:Event) } AS events,
       COUNT { MATCH (p:Passage) WHERE p.kind <> 'profile' } AS passages
"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much a network holds; countries are those where experts live."""

    experts: int
    countries: int
    topics: int
    events: int
    passages: int


async def ping(graph: Graph) -> None:
    """Return if the graph answers; raises as Graph.read does."""
    await graph.read(PING)


async def describe(graph: Graph) -> Network | None:
    """What the network says of itself; None if it says nothing."""
    rows = await graph.read(DESCRIBE)
    if not rows:
        return None
    return Network(rows[0]["title"] or "", rows[0]["description"] or "", bool(rows[0]["fictional"]))


async def holdings(graph: Graph) -> Holdings:
    """How much the network holds now."""
    return Holdings(**(await graph.read(HOLDINGS))[0])
