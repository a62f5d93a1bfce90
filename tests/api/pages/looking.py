"""Pages over the sample network, and over a small one that a test fills, looked at by whoever the test says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from api.door import Visitor, visitor_of
from api.settings import GraphQLSettings
from graph.viewer import Role, Viewer
from tests.patience import PLANNING_S, patience_with_planning

__all__ = ["MEMBER", "Look", "looking"]

MEMBER = Viewer(Role.MEMBER)

Look = Callable[..., Awaitable[httpx.Response]]


@asynccontextmanager
async def looking(app: FastAPI) -> AsyncIterator[Look]:
    """Get an address as a viewer, a member if nobody is named; with time for statements that the database never saw."""
    app.state.graphql = GraphQLSettings(query_timeout_s=PLANNING_S)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        browser.headers["Accept"] = "text/html"

        async def look(address: str, viewer: Viewer = MEMBER) -> httpx.Response:
            visitor = Visitor(viewer, account=None, session=None, csrf="")
            app.dependency_overrides[visitor_of] = lambda: visitor
            return await browser.get(address)

        with patience_with_planning():
            yield look
