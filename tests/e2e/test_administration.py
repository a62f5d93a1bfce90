"""An administrator in a real browser, from a roster with faults to its people: English with scripts, Arabic without."""

import shutil
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import Browser, FilePayload, Page

from api.pages.words import words_in
from api.settings import GraphQLSettings
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.browser import chromium
from tests.door import MakeAccount, Serve
from tests.patience import patience_with_planning
from tests.served import served

ROSTER = """name,email,country
Salma Benrabah,salma@roster.example,TN
Kofi Adjei,not an address,GH
,ama@roster.example,GH
"""
PEOPLE = "MATCH (e:Expert) RETURN e.name AS name ORDER BY name"
WHO_ASKS = {"query": "{ viewer { role } }"}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A database that has just begun plans each statement first."""
    with patience_with_planning():
        yield


@pytest.fixture
async def address(serve: Serve, graph_settings: GraphSettings) -> AsyncIterator[str]:
    app = serve()
    app.state.graphql = GraphQLSettings(query_timeout_s=240)
    async with served(app) as at:
        yield at
    await app.state.loads.close()
    shutil.rmtree(graph_settings.home / "loads", ignore_errors=True)


@pytest.fixture(params=[("en", True, 1280), ("ar", False, 320)], ids=["english-scripts", "arabic-no-scripts"])
async def page(
    browser: Browser, address: str, make_account: MakeAccount, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """A page of an administrator who signed in, on a desk or on a telephone."""
    language, scripts, width = request.param
    keeper = await make_account("keeper@example.org", role=Role.ADMINISTRATOR)
    context = await browser.new_context(
        java_script_enabled=scripts, locale=language, viewport={"width": width, "height": 800}
    )
    await context.request.post(f"{address}/for-tests/sign-in", form={"account": keeper.id})
    page = await context.new_page()
    page.set_default_timeout(180_000)
    yield page
    await context.close()


class Administrator:
    """What an administrator does on the pages, by the words that stand there in their language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self._words = words_in(language)

    def said(self, english: str) -> str:
        return self._words.gettext(english)

    async def press(self, english: str) -> None:
        await self.page.locator("main").get_by_role("button", name=self.said(english), exact=True).click()

    async def goes_to(self, english: str) -> None:
        await self.page.locator("main").get_by_role("link", name=self.said(english), exact=True).first.click()

    async def fits(self) -> None:
        """Nothing is wider than the window, and every control has a name."""
        assert await self.page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
        for control in await self.page.locator("main :is(input, select, textarea):not([type=hidden])").all():
            assert await control.evaluate("one => one.labels.length"), await control.evaluate("one => one.outerHTML")


async def test_a_roster_with_faults_becomes_people_and_a_program_is_let_in_and_out(
    page: Page, address: str, graph: Graph, request: pytest.FixtureRequest
) -> None:
    administrator = Administrator(page, "ar" if "arabic" in request.node.name else "en")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))

    # The roster is sent, and looked at.
    await page.goto(f"{address}/administration")
    await administrator.goes_to("Load a network")
    await page.locator("#files").set_input_files(
        FilePayload(name="Members.csv", mimeType="text/csv", buffer=ROSTER.encode())
    )
    await administrator.press("Look at what they would change")
    await page.locator("#rows").wait_for()
    await administrator.fits()
    assert await page.locator(".rows fieldset").count() == 2
    wrong = page.locator("#cell-0-1")
    assert (await wrong.input_value(), await wrong.get_attribute("aria-invalid")) == ("not an address", "true")
    assert "write one such as name@example.org" in await page.locator("#cell-0-1-wrong").inner_text()
    assert "it has no name" in await page.locator(".rows fieldset").nth(1).inner_text()
    assert await graph.read(PEOPLE) == []

    # Both rows are mended on the page, and it is loaded.
    await wrong.fill("kofi@roster.example")
    await page.locator("#cell-1-0").fill("Ama Owusu")
    await administrator.press("Try again")
    await page.locator("#rows").wait_for(state="detached")
    await administrator.press("Load")
    await page.get_by_role("heading", name=administrator.said("Loaded"), exact=True).wait_for()
    await administrator.fits()
    assert [row["name"] for row in await graph.read(PEOPLE)] == ["Ama Owusu", "Kofi Adjei", "Salma Benrabah"]
    await page.goto(f"{address}/people")
    await page.get_by_role("link", name="Kofi Adjei").first.click()
    await page.get_by_role("heading", name="Kofi Adjei").wait_for()

    # A program is let in by a token, and let in no more.
    await page.goto(f"{address}/administration/tokens")
    await page.locator("#name").fill("newsletter")
    await page.locator("#role").select_option("organiser")
    await administrator.press("Make it")
    secret = await page.locator(".secret").inner_text()
    await administrator.fits()
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=240) as program:
        program.headers["Authorization"] = f"Bearer {secret}"
        assert (await program.post("/graphql", json=WHO_ASKS)).json()["data"]["viewer"]["role"] == "ORGANISER"
        await page.locator("td summary").click()
        await administrator.press("Revoke it for good")
        await page.get_by_role("status").wait_for()
        assert (await program.post("/graphql", json=WHO_ASKS)).status_code == 401
    assert secret not in await page.content()
    assert problems == []
