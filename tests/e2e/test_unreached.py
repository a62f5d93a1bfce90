"""A network that answers slowly, or not at all, in a real browser: nothing that was typed is lost, nothing moves, and
the page says in its language what is the matter and what to do.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Error, Page, Route, expect

from api.app import create_app
from api.network import OpenNetwork
from api.settings import GraphQLSettings
from graph import feedback, saved_searches
from graph.encoder import identity
from graph.engine import attach
from graph.graph import Graph
from graph.search import Search
from graph.settings import GraphSettings
from tests.door import MakeAccount
from tests.e2e.visiting import UNREACHED, Look, Visit, sign_in, visiting
from tests.patience import PLANNING_S
from tests.served import served

WITH_SCRIPTS: Final = (Look("en", True, 1280), Look("ar", True, 320))
WITHOUT: Final = (Look("en", False, 1280), Look("ar", True, 320))
PLACES: Final = """
["h1", "#q", ".ask button", ".narrowing", "footer"].map(one => {
  const box = document.querySelector(one).getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
})
"""
# Whether the end of the page can be scrolled from under what is over the end of the window; left where it was.
SCROLLED: Final = """
() => {
  const [at, footer] = [scrollY, document.querySelector("footer.bottom")];
  scrollTo({top: document.documentElement.scrollHeight, behavior: "instant"});
  const is = footer.getBoundingClientRect().bottom <= document.getElementById("lost").getBoundingClientRect().top;
  scrollTo({top: at, behavior: "instant"});
  return is;
}
"""
# What suggestions came for, and what stood in the field by then.
SWAPS: Final = """
window.swaps = [];
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const asked = new URL(detail.xhr.responseURL).searchParams.get("q");
  window.swaps.push([asked, document.getElementById("q").value]);
});
"""
# What is asked for is waited for so long.
SOON: Final = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = () => timeout(2000);
"""


class Server:
    """An application at one address, which can be ended and begun again."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._running = AsyncExitStack()
        self.address = ""

    async def begin(self) -> Self:
        """Serve, at the same address as before."""
        port = urlsplit(self.address).port or 0
        self.address = await self._running.enter_async_context(served(self._app, port=port))
        return self

    async def end(self) -> None:
        """Serve no more: whoever connects is refused."""
        await self._running.aclose()


@pytest.fixture
async def server(app: FastAPI) -> AsyncIterator[Server]:
    """A server of the sample network that is a test's own."""
    made = await Server(app).begin()
    yield made
    await made.end()


@pytest.fixture(params=WITH_SCRIPTS, ids=str)
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    made = await visiting(browser, request.param)
    yield made
    await made.page.context.close()


@pytest.fixture(params=WITHOUT, ids=str)
async def plain_visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    made = await visiting(browser, request.param)
    yield made
    await made.page.context.close()


async def is_said(visit: Visit) -> None:
    """The page says in its language that the network is not reached, at the end of the window, and moves nothing."""
    lost = visit.page.locator("#lost")
    await expect(lost).to_contain_text(visit.said(UNREACHED))
    await expect(lost).to_be_in_viewport()
    assert await visit.page.evaluate(SCROLLED)
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= visit.look.width


async def try_again(visit: Visit) -> None:
    await visit.page.locator("#lost").get_by_role("button", name=visit.said("Try again"), exact=True).click()


class Held:
    """Answers of one address that wait until they are let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        self.asked.set()
        await self.let_go.wait()
        with suppress(Error):  # the page waits for it no more
            await route.continue_()


async def test_suggestions_that_come_late_replace_nothing_and_move_nothing(visit: Visit, address: str) -> None:
    page, field = visit.page, visit.page.locator("#q")
    held = Held()
    await page.route(lambda url: parse_qs(urlsplit(url).query).get("q") == ["hot"], held)
    await page.goto(address)
    await page.evaluate(SWAPS)
    before = await page.evaluate(PLACES)

    await field.focus()
    await page.keyboard.insert_text("hot")
    await held.asked.wait()
    await page.keyboard.insert_text("e")
    held.let_go.set()
    await page.get_by_role("option").first.wait_for()

    assert await page.evaluate("swaps") == [["hote", "hote"]]
    assert await field.input_value() == "hote"
    assert await page.evaluate(PLACES) == before


async def test_a_question_is_asked_while_suggestions_are_waited_for(visit: Visit, address: str) -> None:
    page = visit.page
    held = Held()
    await page.route("**/suggestions?*", held)
    await page.goto(address)
    await page.locator("#q").press_sequentially("places of worship")
    await held.asked.wait()
    await visit.enter()

    assert await page.locator("#q").input_value() == "places of worship"
    assert await page.locator(".person").count() == 10
    held.let_go.set()


async def test_suggestions_that_never_come_are_said_and_asked_for_again(visit: Visit, address: str) -> None:
    page = visit.page
    held = Held()
    await page.route("**/suggestions?*", held)
    await page.goto(address)
    await page.evaluate("htmx.config.timeout = 200")
    await page.locator("#q").press_sequentially("hote")
    await is_said(visit)

    await page.unroute("**/suggestions?*")
    held.let_go.set()
    await page.evaluate("htmx.config.timeout = 0")
    await try_again(visit)
    await page.get_by_role("option").first.wait_for()
    await expect(page.locator("#lost")).to_be_empty()
    assert await page.locator("#q").input_value() == "hote"


async def test_a_server_that_is_gone_takes_nothing_that_was_typed(
    visit: Visit, server: Server, sample: OpenNetwork, sample_account: MakeAccount
) -> None:
    page, field = visit.page, visit.page.locator("#q")
    asker = await sample_account("unreached@example.org")
    await sign_in(page.context, sample, asker, server.address)

    # Suggestions.
    await page.goto(server.address)
    before = await page.evaluate(PLACES)
    await server.end()
    await field.press_sequentially("hote")
    await is_said(visit)
    assert await page.locator("#suggestions [role=option]").count() == 0
    assert await field.input_value() == "hote"
    assert await page.evaluate(PLACES) == before
    await server.begin()
    await try_again(visit)
    await page.get_by_role("option").first.wait_for()
    await expect(page.locator("#lost")).to_be_empty()

    # A form that changes something.
    await page.goto(f"{server.address}/?q=places+of+worship")
    await server.end()
    await page.locator(".saving input[name=title]").fill("Places")
    await page.keyboard.press("Enter")
    await is_said(visit)
    assert await page.locator(".saving input[name=title]").input_value() == "Places"
    await try_again(visit)
    await is_said(visit)
    await server.begin()
    async with page.expect_navigation():
        await try_again(visit)
    await page.locator('#keeping form[action="/searches/remove"]').wait_for()
    assert [one.title for one in await saved_searches.own(sample.graph, asker.viewer)] == ["Places"]


async def test_a_walk_along_the_picture_goes_on_when_the_server_is_back(browser: Browser, server: Server) -> None:
    visit = await visiting(browser, Look("ar", True, 1280))
    page = visit.page
    await page.goto(f"{server.address}/people/grace-nakimuli/neighbourhood")
    await expect(page.locator("#picture")).to_have_attribute("data-centre", "person:grace-nakimuli")
    heading = await page.locator("h1").inner_text()

    await server.end()
    await page.locator("#walked").get_by_role("link", name="Yakubu Danjibrin").first.click()
    await is_said(visit)
    assert await page.locator("h1").inner_text() == heading
    await server.begin()
    await try_again(visit)
    await expect(page.locator("h1")).to_contain_text("Yakubu Danjibrin")
    await expect(page.locator("#picture")).to_have_attribute("data-centre", "person:yakubu-danjibrin")
    await expect(page.locator("#lost")).to_be_empty()
    await page.context.close()


async def test_a_picture_that_breaks_off_moves_nothing_and_is_asked_for_again(browser: Browser, address: str) -> None:
    visit = await visiting(browser, Look("en", True, 1280))
    page, picture = visit.page, visit.page.locator("#picture")
    await page.add_init_script(SOON)
    await page.goto(f"{address}/people/grace-nakimuli/neighbourhood")
    await expect(picture).to_have_attribute("data-centre", "person:grace-nakimuli")
    drawn = "**" + str(await page.locator("#walked").get_attribute("data-picture")).replace("grace-nakimuli", "*")

    held = Held()
    await page.route(drawn, held)
    await page.locator("#walked").get_by_role("link", name="Yakubu Danjibrin").first.click()
    await is_said(visit)
    assert held.asked.is_set()
    await expect(page.locator("h1")).to_contain_text("Yakubu Danjibrin")
    before = await page.locator("#walked").bounding_box()
    await expect(picture).to_be_visible()
    held.let_go.set()
    await page.unroute(drawn)

    await page.route(drawn, lambda route: route.fulfill(content_type="application/json", body='{"nodes": ['))
    async with page.expect_response(drawn):
        await try_again(visit)
    await is_said(visit)
    await expect(picture).to_be_visible()
    await page.unroute(drawn)

    await try_again(visit)
    await expect(picture).to_have_attribute("data-centre", "person:yakubu-danjibrin")
    await expect(page.locator("#lost")).to_be_empty()
    assert await page.locator("#walked").bounding_box() == before
    assert not visit.problems
    await page.context.close()


@pytest.fixture
async def without_database(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[FastAPI]:
    """The sample network's application whose connection to the database is closed."""
    app = create_app(sample_settings)
    app.state.graphql = GraphQLSettings(query_timeout_s=PLANNING_S)
    with attach(sample_settings) as engine:
        async with Graph.connect(engine) as graph:
            pass
        search = Search(graph, sample.encoder, identity(sample_settings))
        app.state.network = replace(sample, graph=graph, search=search)
        yield app


async def tells_that_nothing_answers(page: Page, visit: Visit, address: str) -> None:
    """This is a whole page that says what is the matter."""
    assert await page.get_by_role("heading", level=1).inner_text() == visit.said("No answer")
    said = await page.get_by_role("alert").inner_text()
    assert said == visit.said("The network cannot answer at the moment; try again shortly.")
    assert await page.evaluate("document.documentElement.lang") == visit.look.language
    assert await page.locator("nav a[href='/people']").count() == 1, address
    await visit.fits()


async def test_a_database_that_is_gone_is_told_on_whole_pages_and_what_was_typed_is_sent_again(
    plain_visit: Visit, without_database: FastAPI, sample: OpenNetwork, sample_account: MakeAccount
) -> None:
    visit, page, app = plain_visit, plain_visit.page, without_database
    gone = app.state.network
    asker = await sample_account("no-database@example.org")
    async with served(app) as address:
        await sign_in(page.context, sample, asker, address)
        for path in ("/", "/?q=hotels", "/people/grace-nakimuli", "/topics", "/countries", "/events", "/me"):
            answer = await page.goto(f"{address}{path}")
            assert answer is not None
            assert answer.status == 503, path
            await tells_that_nothing_answers(page, visit, path)
            again = page.get_by_role("link", name=visit.said("Try again"))
            assert await again.get_attribute("href") == path

        app.state.network = sample
        async with page.expect_navigation():
            await again.click()
        assert page.url == f"{address}/me"
        await page.goto(f"{address}/?q=places+of+worship")
        await page.locator(".saving input[name=title]").fill('Places of "worship" & <b>more</b>')
        app.state.network = gone
        await visit.press("Save this search")
        await tells_that_nothing_answers(page, visit, "/searches")
        await visit.press("Send it again")
        await tells_that_nothing_answers(page, visit, "/searches")
        app.state.network = sample
        await visit.press("Send it again")
        await page.locator('#keeping form[action="/searches/remove"]').wait_for()
        kept = await saved_searches.own(sample.graph, asker.viewer)
        assert [one.title for one in kept] == ['Places of "worship" & <b>more</b>']


async def test_a_judgement_that_nobody_takes_goes_back_and_is_sent_again(
    visit: Visit, without_database: FastAPI, sample: OpenNetwork, sample_account: MakeAccount
) -> None:
    page, app, gone = visit.page, without_database, without_database.state.network
    asker = await sample_account("unjudged@example.org")
    app.state.network = sample
    server = await Server(app).begin()
    await sign_in(page.context, sample, asker, server.address)
    await page.goto(f"{server.address}/?q=places+of+worship")
    button = page.locator(".judgement").first.get_by_role("button").first
    said = page.locator(".judgement").first.get_by_role("status")

    async def goes_back() -> None:
        await is_said(visit)
        await expect(button).to_have_attribute("aria-pressed", "false")
        await expect(button).to_have_attribute("value", "useful")
        await expect(said).to_be_empty()

    await server.end()
    await button.click()
    await goes_back()
    app.state.network = gone
    await server.begin()
    async with page.expect_response(lambda answer: answer.status == 503):
        await try_again(visit)
    await goes_back()
    app.state.network = sample
    await try_again(visit)

    await expect(said).to_have_text(visit.said("What you said is kept."))
    await expect(button).to_have_attribute("aria-pressed", "true")
    await expect(button).to_be_focused()
    await expect(page.locator("#lost")).to_be_empty()
    own = await feedback.own(sample.graph, asker.viewer, first=10)
    assert [one.is_useful for _, one in own.entries] == [True]
    await server.end()


async def test_suggestions_without_a_database_are_said_to_be_out_of_reach(
    visit: Visit, without_database: FastAPI, sample: OpenNetwork
) -> None:
    app, gone = without_database, without_database.state.network
    app.state.network = sample
    async with served(app) as address:
        await visit.page.goto(address)
        app.state.network = gone
        await visit.page.locator("#q").press_sequentially("hote")
        await is_said(visit)
        app.state.network = sample
        await try_again(visit)
        await visit.page.get_by_role("option").first.wait_for()
