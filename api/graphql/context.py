"""What every resolver of a request can reach: the open network, and the request's own loaders."""

from dataclasses import dataclass

import strawberry
from strawberry.fastapi import BaseContext

from api.graphql.loaders import Loaders
from api.network import OpenNetwork

__all__ = ["Context", "Info"]


@dataclass
class Context(BaseContext):
    """One request's context."""

    network: OpenNetwork
    load: Loaders

    @classmethod
    def of(cls, network: OpenNetwork) -> "Context":
        """A fresh context for one request."""
        return cls(network, Loaders(network.graph))

    def __post_init__(self) -> None:
        super().__init__()


Info = strawberry.Info[Context, None]
