"""What tests in a real browser share: one chromium for a worker's whole run, and the sample network on a socket."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from filelock import AsyncFileLock
from playwright.async_api import Browser, Page, expect

from api import web
from api.app import create_app
from api.door.limits import Limits
from api.network import OpenNetwork
from api.settings import GraphQLSettings, LimitSettings
from graph import accounts
from graph.accounts import Account
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Role
from tests.browser import chromium
from tests.door import KEEPER, MakeAccount, Serve
from tests.e2e.looked_over import rules
from tests.e2e.visiting import LOOKS, PATIENCE_MS, Visit, visiting
from tests.mailbox import Mailbox, mail_settings
from tests.patience import PLANNING_S, patience_with_planning
from tests.served import served

expect.set_options(timeout=PATIENCE_MS)

OFTEN = "1000000 per 1 minute"
FORGET = """
MATCH (a:Account {id: $id})
OPTIONAL MATCH (a)<-[:OF]-(s:Session)
OPTIONAL MATCH (a)-[:SAVED]->(k:SavedSearch)
OPTIONAL MATCH (a)-[:ASKED]->(q:Question)
OPTIONAL MATCH (a)-[:HOLDS]->(t:Token)
DETACH DELETE a, s, k, q, t
"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A database that has just begun plans each statement first."""
    with patience_with_planning():
        yield


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser; each test opens a context of its own."""
    async with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def axe() -> str:
    """The rules by which pages are looked over, as a script."""
    return rules()


@pytest.fixture(scope="session")
def app(sample: OpenNetwork, sample_settings: GraphSettings) -> FastAPI:
    """The application over the sample network; it lets many tests ask in one minute."""
    web.install(sample_settings)
    made = create_app(sample_settings)
    made.state.network = sample
    made.state.graphql = GraphQLSettings(query_timeout_s=PLANNING_S)
    made.state.limits = Limits(LimitSettings(limit_search=OFTEN, limit_suggestion=OFTEN, limit_mutation=OFTEN))
    return made


@pytest.fixture(scope="session")
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where the sample network is served; nobody writes to it but accounts that are forgotten again."""
    async with served(app) as at:
        yield at


@pytest.fixture
async def served_network(serve: Serve, mailbox: Mailbox, graph_settings: GraphSettings) -> AsyncIterator[str]:
    """A network of the test's own on a socket, which sends letters."""
    web.install(graph_settings)
    app = serve()
    app.state.graphql = GraphQLSettings(query_timeout_s=PLANNING_S)
    app.state.mail = mail_settings(mailbox)
    async with served(app) as at:
        yield at
    await app.state.loads.close()
    shutil.rmtree(graph_settings.home / "loads", ignore_errors=True)


@pytest.fixture
async def sample_account(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[MakeAccount]:
    """Make an account of the sample network, which is forgotten again: others use the network too.

    Whose account another worker uses is waited for, since a person has one.
    """
    made: list[Account] = []
    held: list[AsyncFileLock] = []

    async def make(email: str, *, role: Role = Role.MEMBER, expert: str | None = None) -> Account:
        person = ExpertId(expert) if expert else None
        if person:
            held.append(AsyncFileLock(sample_settings.home.parent / f"account-of-{person}.lock"))
            await held[-1].acquire()
        made.append(await accounts.create(sample.graph, KEEPER, email=email, role=role, expert=person))
        return made[-1]

    yield make
    for account in made:
        await sample.graph.write(FORGET, id=account.id)
    for lock in held:
        await lock.release()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of somebody whom nobody knows, with and without scripts."""
    context = await browser.new_context(java_script_enabled=request.param)
    context.set_default_timeout(PATIENCE_MS)
    yield await context.new_page()
    await context.close()


@pytest.fixture(params=LOOKS, ids=str)
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """A visit in English and in Arabic, with and without scripts."""
    made = await visiting(browser, request.param)
    yield made
    await made.page.context.close()
