"""An administrator on a browser, over the worker's own graph."""

import shutil
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from graph.accounts import Account
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.door import Browse, MakeAccount, Serve, sign_in


@pytest.fixture
async def keeper(make_account: MakeAccount) -> Account:
    return await make_account("keeper@example.org", role=Role.ADMINISTRATOR)


@pytest.fixture
async def app(serve: Serve, graph_settings: GraphSettings) -> AsyncIterator[FastAPI]:
    made = serve()
    yield made
    await made.state.loads.close()
    shutil.rmtree(graph_settings.home / "loads", ignore_errors=True)


@pytest.fixture
async def browser(app: FastAPI, browse: Browse, keeper: Account) -> httpx.AsyncClient:
    opened = await browse(app)
    await sign_in(opened, keeper)
    opened.headers["Accept"] = "text/html"
    return opened
