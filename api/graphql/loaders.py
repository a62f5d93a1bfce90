"""One statement for many: nodes that the fields of a level ask for are collected and read at once."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

from strawberry.dataloader import DataLoader

from graph import drafts, reading, speaking
from graph.drafts import Draft
from graph.graph import Graph
from graph.speaking import CandidacyId, Conflict, Correspondence, History
from graph.tokens import Recalled
from graph.values import EventId, ExpertId
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
        self._conflicts: dict[tuple[EventId, date], DataLoader[ExpertId, tuple[Conflict, ...]]] = {}
        self.history = DataLoader[ExpertId, History | None](self._histories)
        self.draft = DataLoader[EventId, Draft | None](self._drafts)
        self.correspondence = DataLoader[CandidacyId, Correspondence](self._correspondences)

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

    def conflicts(self, event: EventId, *, asked_since: date) -> DataLoader[ExpertId, tuple[Conflict, ...]]:
        """The loader of what speaks against asking people to an event."""
        loader = self._conflicts.get((event, asked_since))
        if loader is None:

            async def load(experts: list[ExpertId]) -> list[tuple[Conflict, ...]]:
                found = await speaking.conflicts(
                    self._graph, self._viewer, event=event, experts=experts, asked_since=asked_since
                )
                return [found.get(expert, ()) for expert in experts]

            loader = self._conflicts[event, asked_since] = DataLoader(load)
        return loader

    async def _histories(self, experts: list[ExpertId]) -> list[History | None]:
        found = await speaking.histories(self._graph, self._viewer, experts=experts)
        return [found.get(expert) for expert in experts]

    async def _drafts(self, ids: list[EventId]) -> list[Draft | None]:
        found = await drafts.by_ids(self._graph, self._viewer, ids=ids)
        return [found.get(id) for id in ids]

    async def _correspondences(self, candidacies: list[CandidacyId]) -> list[Correspondence]:
        found = await speaking.correspondence(self._graph, self._viewer, candidacies=candidacies)
        return [found.get(candidacy, Correspondence((), ())) for candidacy in candidacies]
