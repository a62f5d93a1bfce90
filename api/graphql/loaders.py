"""One query for many: what the fields of a level ask for is collected and asked of the graph once."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from strawberry.dataloader import DataLoader

from graph import countries, events, experts, topics
from graph.graph import Graph
from graph.viewer import Viewer

__all__ = ["Loaders"]

K = TypeVar("K")
V = TypeVar("V")


class Loaders:
    """The loaders of one request, for its viewer; each remembers what it loaded until the request ends."""

    def __init__(self, graph: Graph, viewer: Viewer) -> None:
        self._graph = graph
        self._viewer = viewer
        self.expert = self._one(experts.by_id)
        self.languages_of_expert = self._list(experts.languages_of)
        self.expertise_of_expert = self._list(experts.expertise_of)
        self.affiliations_of_expert = self._list(experts.affiliations_of)
        self.worked_in_of_expert = self._list(experts.worked_in_of)
        self.talks_of_expert = self._list(experts.talks_of)
        self.passages_of_expert = self._list(experts.passages_of)
        self.topic = self._one(topics.by_id)
        self.broader_of_topic = self._one(topics.broader_of)
        self.narrower_of_topic = self._list(topics.narrower_of)
        self.exact_matches_of_topic = self._list(topics.exact_matches_of)
        self.experts_of_topic = self._first_of(topics.experts_of)
        self.event = self._one(events.by_id)
        self.speakers_of_event = self._list(events.speakers_of)
        self.topics_of_event = self._list(events.topics_of)
        self.country = self._one(countries.by_id)
        self.regions_of_country = self._list(countries.regions_of)
        self.experts_of_country = self._first_of(countries.experts_of)

    def _one(self, ask: Callable[..., Awaitable[Mapping[K, V]]]) -> DataLoader[K, V | None]:
        async def load(keys: list[K]) -> list[V | None]:
            found = await ask(self._graph, self._viewer, ids=keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _list(self, ask: Callable[..., Awaitable[Mapping[K, list[V]]]]) -> DataLoader[K, list[V]]:
        async def load(keys: list[K]) -> list[list[V]]:
            found = await ask(self._graph, self._viewer, ids=keys)
            return [found.get(key, []) for key in keys]

        return DataLoader(load)

    def _first_of(self, ask: Callable[..., Awaitable[Mapping[K, list[V]]]]) -> DataLoader[tuple[K, int], list[V]]:
        """A loader whose keys carry how many are wanted; one query for each different number."""

        async def load(keys: list[tuple[K, int]]) -> list[list[V]]:
            found: dict[tuple[K, int], list[V]] = {}
            for first in {first for _, first in keys}:
                ids = [key for key, wanted in keys if wanted == first]
                for key, values in (await ask(self._graph, self._viewer, ids=ids, first=first)).items():
                    found[key, first] = values
            return [found.get(key, []) for key in keys]

        return DataLoader(load)
