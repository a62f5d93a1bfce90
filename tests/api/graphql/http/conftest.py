"""The endpoint as a client meets it, with settings of a test's own."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.graphql.http import TrustedDocuments
from api.settings import GraphQLSettings
from graph import tokens
from graph.graph import Graph
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"

ServeWith = Callable[..., FastAPI]
MakeToken = Callable[[Role], Awaitable[dict[str, str]]]


@pytest.fixture
def serve_with(serve: Serve) -> ServeWith:
    """Make an application whose endpoint has these settings."""

    def make(**settings: Any) -> FastAPI:
        app = serve()
        app.state.graphql = GraphQLSettings(**settings)
        app.state.documents = TrustedDocuments.load(app.state.graphql.documents)
        return app

    return make


@pytest.fixture
async def client(serve: Serve, browse: Browse) -> httpx.AsyncClient:
    """Somebody of the public."""
    return await browse(serve())


@pytest.fixture
def make_token(graph: Graph) -> MakeToken:
    """Make a token of a role, as the header that shows it."""

    async def make(role: Role) -> dict[str, str]:
        _, secret = await tokens.create(graph, KEEPER, name=f"a {role}", role=role, expires_at=None)
        return {"Authorization": f"Bearer {secret}"}

    return make
