"""One statement for many: nodes that the fields of a level ask for are collected and read at once."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from strawberry.dataloader import DataLoader

from graph import reading
from graph.graph import Graph
from graph.tokens import Recalled
from graph.viewer import Viewer

__all__ = ["Loaders", "NodeLoader"]

NodeLoader = DataLoader[str, Mapping[str, Any] | None]


class Loaders:
    """The loaders of one request, for its viewer; each remembers what it loaded until the request ends."""

    def __init__(self, graph: Graph, viewer: Viewer, token: Recalled | None = None) -> None:
        self._graph = graph
        self._viewer = viewer
        self._token = token
        self._of_place: dict[Hashable, NodeLoader] = {}

    def node(self, noun: str, place: Hashable, wanted: Callable[[str], reading.Statement]) -> NodeLoader:
        """The loader of a noun's nodes for one place of the document, where ``wanted`` reads what is selected."""
        loader = self._of_place.get((noun, place))
        if loader is None:
            statement = wanted(noun)

            async def load(ids: list[str]) -> list[Mapping[str, Any] | None]:
                found = await reading.nodes(self._graph, self._viewer, wanted=statement, ids=ids, token=self._token)
                return [found.get(id) for id in ids]

            loader = self._of_place[noun, place] = DataLoader(load)
        return loader
