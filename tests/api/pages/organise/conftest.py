"""An organiser's browser over the worker's own graph, with four people and some events."""

from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest

from api.settings import GraphQLSettings
from graph.graph import Graph
from graph.viewer import Role
from tests.door import Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.speaking.network import add_people
from tests.graph.speaking.written import address_people
from tests.patience import patience_with_planning

Send = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """These pages ask much at once, which a database that has just begun plans first."""
    with patience_with_planning():
        yield


@pytest.fixture
async def people(graph: Graph) -> None:
    await add_people(graph)
    await address_people(graph)


@pytest.fixture
async def browser(people: None, serve: Serve, browse: Browse, make_account: MakeAccount) -> httpx.AsyncClient:
    app = serve()
    app.state.graphql = GraphQLSettings(query_timeout_s=240)
    opened = await browse(app)
    opened.headers["Accept"] = "text/html"
    await sign_in(opened, await make_account("organiser@example.org", role=Role.ORGANISER))
    return opened


@pytest.fixture
def send(browser: httpx.AsyncClient) -> Send:
    """Send a form of one of our own pages."""

    async def sent(path: str, **fields: str | list[str]) -> httpx.Response:
        data = {"csrf": await csrf_on(browser), **fields}
        return await browser.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    return sent
