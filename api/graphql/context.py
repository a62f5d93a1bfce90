"""What every resolver of a request can reach: the open network, who asks, and the request's own loaders."""

from dataclasses import dataclass

import strawberry
from strawberry.fastapi import BaseContext

from api.door import Visitor
from api.graphql.loaders import Loaders
from api.network import OpenNetwork
from graph.viewer import Viewer

__all__ = ["Context", "Info"]


@dataclass
class Context(BaseContext):
    """One request's context."""

    network: OpenNetwork
    visitor: Visitor
    load: Loaders

    @classmethod
    def of(cls, network: OpenNetwork, visitor: Visitor) -> "Context":
        """A fresh context for one request."""
        return cls(network, visitor, Loaders(network.graph, visitor.viewer))

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self.visitor.viewer

    def __post_init__(self) -> None:
        super().__init__()


Info = strawberry.Info[Context, None]
