"""What wakes those who follow the network, in this server, whichever server it was that changed something."""

import asyncio
from typing import Final

import structlog

from graph import feed
from graph.errors import GraphError
from graph.graph import Graph
from graph.viewer import Role, Viewer

__all__ = ["LOOKED_EVERY_S", "Watch"]

log = structlog.get_logger(__name__)

LOOKED_EVERY_S: Final = 0.5

WATCHER = Viewer(Role.PUBLIC, scopes=frozenset(), actor="server")
"""Who looks whether there is anything new: nobody's sight is needed to count."""


class Watch:
    """Notices that the change log has grown: one read every half second for a whole server, while anybody waits."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._looking: asyncio.Task[None] | None = None
        self._is_lost = False

    async def grown(self, graph: Graph, *, beyond: int) -> None:
        """Return when the log has a change after this one."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = beyond
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(graph))
        try:
            await waiting
        finally:
            del self._waiting[waiting]

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self, graph: Graph) -> None:
        while self._waiting:
            await asyncio.sleep(LOOKED_EVERY_S)
            try:
                latest = await feed.latest(graph, WATCHER)
            except GraphError as error:
                # The database is back before long, and then nothing was missed.
                if not self._is_lost:
                    log.warning("changes_not_watched", exc_info=error)
                self._is_lost = True
                continue
            self._is_lost = False
            for waiting, beyond in self._waiting.items():
                if beyond < latest and not waiting.done():
                    waiting.set_result(None)
