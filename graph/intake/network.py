"""What the network says of itself, and who sees what of its people where neither they nor an administrator chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from graph.graph import Graph, Transaction
from graph.passages import EVERYBODY, restamp
from graph.values import Network
from graph.viewer import Audience, FieldGroup, Viewer

__all__ = ["NetworkRecord", "known_network", "store_network"]


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """A network's description, and the audiences that are in force until an administrator chooses others."""

    description: Network
    audiences: Mapping[FieldGroup, Audience] = field(default_factory=dict)


KNOWN: LiteralString = "MATCH (n:Network {id: 'network'}) RETURN n {.*} AS network"

STORE: LiteralString = """
MERGE (n:Network {id: 'network'})
SET n.title = $title, n.description = $description, n.fictional = $fictional, n += $audiences
"""


async def known_network(graph: Graph, viewer: Viewer) -> NetworkRecord | None:
    """What the graph holds of the network itself; None if nothing."""
    rows = await graph.read(KNOWN)
    return _record(rows[0]["network"]) if rows else None


async def store_network(tx: Transaction, network: NetworkRecord) -> None:
    """Create or change the network's description, which graph.network.describe reads.

    Audiences are taken where the network has none yet; then everybody is restamped.
    """
    rows = await tx.run(KNOWN)
    chosen = _record(rows[0]["network"]).audiences if rows else {}
    new = {f"audience_{group}": int(of) for group, of in network.audiences.items() if group not in chosen}
    description = network.description
    await tx.run(
        STORE,
        title=description.title,
        description=description.description,
        fictional=description.is_fictional,
        audiences=new,
    )
    if new:
        (everybody,) = await tx.run(EVERYBODY)
        await restamp(tx, experts=everybody["experts"])


def _record(node: Mapping[str, object]) -> NetworkRecord:
    audiences = {group: node.get(f"audience_{group}") for group in FieldGroup}
    return NetworkRecord(
        Network(str(node.get("title") or ""), str(node.get("description") or ""), bool(node.get("fictional"))),
        {group: Audience(of) for group, of in audiences.items() if isinstance(of, int)},
    )
