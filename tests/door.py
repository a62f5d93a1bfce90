"""The application over the worker's own graph, for tests of who comes in; with a page, a form and a way in and out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.app import create_app
from api.door import CheckedForm, VisitorOf, begin_session, end_session
from api.embedding import Embedding
from api.network import OpenNetwork
from api.settings import ServerSettings
from graph import accounts
from graph.accounts import Account, AccountId
from graph.encoder import Encoder, QuestionEncoder, identity
from graph.graph import Graph
from graph.search import Search
from graph.sessions import SignedInBy
from graph.settings import GraphSettings
from graph.viewer import Role, Viewer

KEEPER = Viewer.at_the_command_line()
LOOPBACK = "http://localhost"

MakeAccount = Callable[..., Awaitable[Account]]
Serve = Callable[..., FastAPI]
Browse = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def own_network(graph: Graph, graph_settings: GraphSettings) -> AsyncIterator[OpenNetwork]:
    """The worker's graph as a network that is asked no questions, so that no encoder need be loaded."""
    async with QuestionEncoder(_no_encoder) as encoder:
        yield OpenNetwork(graph, Search(graph, encoder, identity(graph_settings)), encoder, Embedding(graph, encoder))


@pytest.fixture
def serve(own_network: OpenNetwork, graph_settings: GraphSettings) -> Serve:
    """Make an application over the worker's graph; two of them are two replicas."""

    def make(*, public_url: str | None = None, local_key: str | None = None) -> FastAPI:
        app = create_app(graph_settings, server=ServerSettings(public_url=public_url), local_key=local_key)
        app.state.network = own_network
        _add_ways(app)
        return app

    return make


@pytest.fixture
async def browse() -> AsyncIterator[Browse]:
    """Make a browser, with its own cookies, that is at an application."""
    async with AsyncExitStack() as open_:

        async def make(app: FastAPI, *, base_url: str = LOOPBACK, address: str = "127.0.0.1") -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))
            return await open_.enter_async_context(httpx.AsyncClient(transport=transport, base_url=base_url))

        yield make


@pytest.fixture
def make_account(graph: Graph) -> MakeAccount:
    """Make an account, of ama@example.org if nobody else is named."""

    async def make(email: str = "ama@example.org", *, role: Role = Role.MEMBER, expert: Any = None) -> Account:
        return await accounts.create(graph, KEEPER, email=email, role=role, expert=expert)

    return make


async def sign_in(browser: httpx.AsyncClient, account: Account) -> httpx.Response:
    """Sign somebody in on a browser; the answer, which sets the cookie."""
    response = await browser.post("/for-tests/sign-in", data={"account": account.id})
    assert response.status_code == 204
    return response


async def csrf_on(browser: httpx.AsyncClient) -> str:
    """What a form on this browser's page holds."""
    return (await browser.get("/for-tests/page")).text


async def role_of(browser: httpx.AsyncClient, **headers: str) -> str:
    """As what the browser or client is seen."""
    role: str = (await browser.get("/for-tests/visitor", headers=headers)).raise_for_status().json()["role"]
    return role


def _add_ways(app: FastAPI) -> None:
    @app.get("/for-tests/page")
    async def page(visitor: VisitorOf) -> HTMLResponse:
        return HTMLResponse(visitor.csrf)

    @app.get("/for-tests/visitor")
    async def visitor(visitor: VisitorOf) -> JSONResponse:
        viewer = visitor.viewer
        return JSONResponse({"role": viewer.role, "person": viewer.person, "actor": viewer.actor})

    @app.post("/for-tests/form")
    async def form(form: CheckedForm) -> JSONResponse:
        return JSONResponse({name: value for name, value in form.items() if name != "csrf"})

    @app.post("/for-tests/sign-in")
    async def sign_in(request: Request, account: Annotated[str, Form()]) -> Response:
        response = Response(status_code=204)
        graph = request.app.state.network.graph
        found = await accounts.by_id(graph, KEEPER, id=AccountId(account))
        assert found is not None
        await begin_session(request, response, found, how=SignedInBy.LINK)
        return response

    @app.post("/for-tests/sign-out")
    async def sign_out(request: Request) -> Response:
        response = Response(status_code=204)
        await end_session(request, response)
        return response


def _no_encoder() -> Encoder:
    raise LookupError("no test of the door asks a question")
