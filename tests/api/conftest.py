"""The application over the sample network, reached through HTTP without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.network import OpenNetwork
from graph.settings import GraphSettings

Query = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def client(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the application."""
    app = create_app(sample_settings)
    app.state.network = sample
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as connected:
        yield connected


@pytest.fixture
def query(client: httpx.AsyncClient) -> Query:
    """Send a GraphQL query; the whole answer."""

    async def send(document: str, **variables: object) -> dict[str, Any]:
        response = await client.post("/graphql", json={"query": document, "variables": variables})
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        return answer

    return send
