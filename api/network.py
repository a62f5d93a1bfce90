"""A network, opened: the graph attached and migrated, the encoder on its way, the search ready to be asked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.embedding import Embedding
from api.logs import write_logs
from graph.drafts import forget_discarded
from graph.encoder import QuestionEncoder, identity, load
from graph.engine import attach, verify
from graph.erasure import sweep
from graph.graph import Graph
from graph.schema import migrate
from graph.search import Search
from graph.settings import GraphSettings

__all__ = ["OpenNetwork", "open_graph", "open_network"]


@dataclass(frozen=True, slots=True)
class OpenNetwork:
    """What the outward face needs of a network."""

    graph: Graph
    search: Search
    encoder: QuestionEncoder
    embedding: Embedding


@asynccontextmanager
async def open_graph(settings: GraphSettings) -> AsyncIterator[Graph]:
    """The network's graph in this release's shape; the engine is started if none runs, and let go at the end."""
    if not logging.getLogger().handlers:
        write_logs(settings)  # or the driver's warnings would reach the person at the terminal
    engine = attach(settings)
    address = await asyncio.to_thread(engine.__enter__)
    try:
        if not address.managed:
            await asyncio.to_thread(verify, address)
        async with Graph.connect(address) as graph:
            await migrate(graph)
            await sweep(graph)  # if an erasure was stopped before it was done
            await forget_discarded(graph)
            yield graph
    finally:
        await asyncio.to_thread(engine.__exit__, None, None, None)


@asynccontextmanager
async def open_network(settings: GraphSettings) -> AsyncIterator[OpenNetwork]:
    """The network, ready to be asked; the encoder loads while the engine starts."""
    async with QuestionEncoder(lambda: load(settings)) as encoder, open_graph(settings) as graph:
        embedding = Embedding(graph, encoder)
        async with embedding.at_work():
            yield OpenNetwork(graph, Search(graph, encoder, identity(settings)), encoder, embedding)
