"""Vectors written in the background: a person who becomes findable again is found soon, without a command."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from graph.encoder import QuestionEncoder
from graph.graph import Graph
from graph.vectors import check_encoder, embed_waiting

__all__ = ["Embedding"]

log = structlog.get_logger(__name__)


class Embedding:
    """Writes what waits for a vector whenever it is told that something may wait."""

    def __init__(self, graph: Graph, encoder: QuestionEncoder) -> None:
        self._graph = graph
        self._encoder = encoder
        self._wanted = asyncio.Event()
        self._done = asyncio.Event()

    def soon(self) -> None:
        """To be called after a change that may have left something without a vector; returns at once."""
        self._done.clear()
        self._wanted.set()

    async def done(self) -> None:
        """Return once everything that was waiting when it was told is written, or could not be."""
        await self._done.wait()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Write in the background until the end; what another process left waiting is written first."""
        self.soon()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                encoder = await self._encoder.encoder()
                # Only 'knowwho embed' lets one encoder take over from another.
                await check_encoder(self._graph, encoder.identity)
                await embed_waiting(self._graph, encoder)
            except Exception as error:  # noqa: BLE001 -- what waits is still there for the next time
                log.warning("embedding_failed", reason=type(error).__name__)
            if not self._wanted.is_set():
                self._done.set()
