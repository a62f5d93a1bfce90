"""What the network says of itself: one node, kept so that every page can say whether the network is fictional."""

from typing import LiteralString

from graph.graph import Transaction
from graph.values import Network

__all__ = ["store_network"]

STORE: LiteralString = """
MERGE (n:Network {id: 'network'})
SET n.title = $title, n.description = $description, n.fictional = $fictional
"""


async def store_network(tx: Transaction, network: Network) -> None:
    """Create or change the network's description; graph.network.describe reads it."""
    await tx.run(STORE, title=network.title, description=network.description, fictional=network.is_fictional)
