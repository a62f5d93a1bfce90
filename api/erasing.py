"""Erasing a person wherever something is kept of them: in the graph, and in what was sent to be loaded."""

import asyncio

from api.loading import Loads
from graph import erasure
from graph.erasure import Erased
from graph.graph import Graph
from graph.values import ExpertId
from graph.viewer import Viewer

__all__ = ["erase"]


async def erase(graph: Graph, loads: Loads, viewer: Viewer, *, expert: ExpertId) -> Erased:
    """Erase a person as :func:`graph.erasure.erase` does, and remove the loads that tell of them.

    Raises:
        NotAllowed, NoSuchExpert: as there.
    """
    erased = await erasure.erase(graph, viewer, expert=expert)
    await asyncio.to_thread(loads.forget, erased.known_as)
    return erased
