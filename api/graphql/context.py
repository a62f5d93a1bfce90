"""What every resolver of a request can reach: the open network, who asks, and the request's own loaders."""

from dataclasses import dataclass

import strawberry
from strawberry.fastapi import BaseContext

from api.door import Visitor
from api.graphql.languages import LanguageCode
from api.graphql.loaders import Loaders
from api.network import OpenNetwork
from graph.viewer import Viewer

__all__ = ["Context", "Info"]


@dataclass
class Context(BaseContext):
    """One request's context.

    ``language`` is the one that the viewer reads, for texts in several. ``completes_nouns`` has graphql-core tell what
    was read of nouns, value by value, instead of as it was read; the answers are the same. ``is_of_a_page`` is said of
    documents of our own pages, which what an operator lets clients ask does not concern.
    """

    network: OpenNetwork
    visitor: Visitor
    load: Loaders
    language: LanguageCode = LanguageCode.EN
    completes_nouns: bool = False
    is_of_a_page: bool = False

    @classmethod
    def of(cls, network: OpenNetwork, visitor: Visitor, *, language: LanguageCode = LanguageCode.EN) -> "Context":
        """A fresh context for one request."""
        return cls(network, visitor, Loaders(network.graph, visitor.viewer, visitor.recalled), language)

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self.visitor.viewer

    def __post_init__(self) -> None:
        super().__init__()


Info = strawberry.Info[Context, None]
