"""What the network says of itself, and who sees what of its people where neither they nor an administrator chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from graph.graph import Graph, Row, Transaction
from graph.passages import hold_stamps
from graph.permissions import may_load, refuse_unless
from graph.values import Network
from graph.viewer import DEFAULT_AUDIENCES, Audience, FieldGroup, Viewer

__all__ = ["KnownNetwork", "NetworkRecord", "known_network", "store_network"]


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """A network's description, and who is to see what of its people as long as there are none."""

    description: Network
    audiences: Mapping[FieldGroup, Audience] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownNetwork:
    """What the graph holds of the network itself: no description before anything was said of it."""

    description: Network | None
    audiences: Mapping[FieldGroup, Audience]
    """Those that were set; each other group is as DEFAULT_AUDIENCES says."""
    has_people: bool

    def takes(self, network: NetworkRecord) -> bool:
        """Whether the audiences that a description brings are taken: only before there are people or any were set."""
        return bool(network.audiences) and not self.audiences and not self.has_people

    def leaves(self, network: NetworkRecord) -> Mapping[FieldGroup, Audience]:
        """The audiences that a description brings and that are not taken, where others stand."""
        stands = {**DEFAULT_AUDIENCES, **(network.audiences if self.takes(network) else self.audiences)}
        return {group: audience for group, audience in network.audiences.items() if stands[group] != audience}


KNOWN: LiteralString = """
OPTIONAL MATCH (n:Network {id: 'network'})
RETURN n {.*} AS network, EXISTS { (:Expert) } AS has_people
"""

STORE: LiteralString = """
MERGE (n:Network {id: 'network'})
SET n.title = $title, n.description = $description, n.fictional = $fictional, n += $audiences
"""


async def known_network(graph: Graph, viewer: Viewer) -> KnownNetwork:
    """What the graph holds of the network itself.

    Raises:
        NotAllowed: the viewer may not load a network.
    """
    refuse_unless(may_load(viewer), "load a network", who="administrators")
    (row,) = await graph.read(KNOWN)
    return _known(row)


async def store_network(tx: Transaction, network: NetworkRecord) -> Mapping[FieldGroup, Audience]:
    """Create or change the network's description, which graph.network.describe reads; the audiences that were taken.

    They are taken while there is nobody yet whom they could show; later it is administrators who set them.
    """
    await hold_stamps(tx)
    (row,) = await tx.run(KNOWN)
    taken = network.audiences if _known(row).takes(network) else {}
    description = network.description
    await tx.run(
        STORE,
        title=description.title,
        description=description.description,
        fictional=description.is_fictional,
        audiences={f"audience_{group}": int(of) for group, of in taken.items()},
    )
    return taken


def _known(row: Row) -> KnownNetwork:
    node = row["network"] or {}
    audiences = {group: node.get(f"audience_{group}") for group in FieldGroup}
    described = Network(str(node.get("title") or ""), str(node.get("description") or ""), bool(node.get("fictional")))
    return KnownNetwork(
        described if node else None,
        {group: Audience(of) for group, of in audiences.items() if isinstance(of, int)},
        row["has_people"],
    )
