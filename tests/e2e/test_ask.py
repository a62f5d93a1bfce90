"""What the first page does more, in a real browser on the sample network: suggestions by keyboard and by input method,
a search that is kept and had back, with and without scripts, in English on a desk and in Arabic on a telephone.
"""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from api import web
from api.app import create_app
from api.network import OpenNetwork
from graph import accounts, saved_searches, sessions
from graph.accounts import Account
from graph.sessions import SignedInBy
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.browser import chromium
from tests.door import KEEPER
from tests.served import served

FORGET = """
MATCH (a:Account {id: $id})
OPTIONAL MATCH (a)<-[:OF]-(s:Session)
OPTIONAL MATCH (a)-[:SAVED]->(k:SavedSearch)
DETACH DELETE a, s, k
"""


@pytest.fixture(scope="module")
async def address(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[str]:
    web.install(sample_settings)
    app = create_app(sample_settings)
    app.state.network = sample
    async with served(app) as at:
        yield at


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def asker(sample: OpenNetwork) -> AsyncIterator[Account]:
    """Somebody who asks, who is forgotten again: others use the sample network too."""
    account = await accounts.create(sample.graph, KEEPER, email="asker@example.org", role=Role.MEMBER)
    yield account
    await sample.graph.write(FORGET, id=account.id)


async def signed_in(context: BrowserContext, network: OpenNetwork, account: Account, address: str) -> Page:
    _, secret = await sessions.open_session(
        network.graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent="A browser"
    )
    await context.add_cookies([{"name": "knowwho_session", "value": secret, "url": address}])
    return await context.new_page()


@pytest.mark.parametrize("language, typed, begun", [("en", "hote", "Hotels"), ("ar", "فنا", "الفنادق")])
async def test_suggestions_are_chosen_by_keyboard(
    browser: Browser, address: str, language: str, typed: str, begun: str
) -> None:
    context = await browser.new_context(locale=language, viewport={"width": 320, "height": 700})
    page = await context.new_page()
    await page.goto(address)
    field, options = page.locator("#q"), page.get_by_role("option")
    await field.press_sequentially(typed)
    await options.first.wait_for()

    assert await page.get_by_role("combobox", expanded=True).get_attribute("id") == "q"
    assert begun in await options.first.inner_text()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.keyboard.press("Escape")
    assert await options.first.is_hidden()
    assert await field.get_attribute("aria-expanded") == "false"
    assert await field.input_value() == typed

    await field.press("Backspace")
    await options.first.wait_for()
    await page.keyboard.press("ArrowDown")
    assert await field.get_attribute("aria-activedescendant") == await options.first.get_attribute("id")
    await page.keyboard.press("ArrowUp")
    assert await field.get_attribute("aria-activedescendant") is None
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/topics/hotels")
    await context.close()


async def test_enter_asks_while_no_suggestion_is_chosen(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.goto(address)
    await page.locator("#q").press_sequentially("hotel")
    await page.get_by_role("option").first.wait_for()
    await page.keyboard.press("Enter")

    await page.wait_for_url(f"{address}/?q=hotel&**")
    await page.close()


async def test_nothing_is_suggested_for_what_is_still_being_composed(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/suggestions" in one.url else None)
    await page.goto(address)
    await page.locator("#q").focus()
    keyboard = await context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "jiu'dian", "selectionStart": 8, "selectionEnd": 8})
    async with page.expect_request("**/suggestions?*"):
        await keyboard.send("Input.insertText", {"text": "酒店"})
    await page.get_by_role("option").first.wait_for()

    assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["酒店"]]
    await context.close()


@pytest.mark.parametrize(
    "scripts, language, width", [(True, "en", 1280), (False, "ar", 320)], ids=["scripts", "no-scripts"]
)
async def test_a_search_is_kept_taken_along_and_had_back(
    sample: OpenNetwork, browser: Browser, asker: Account, address: str, *, scripts: bool, language: str, width: int
) -> None:
    context = await browser.new_context(
        java_script_enabled=scripts, locale=language, viewport={"width": width, "height": 800}
    )
    page = await signed_in(context, sample, asker, address)
    await page.goto(f"{address}/?q=places+of+worship&country=SN")
    async with page.expect_download() as download:
        await page.locator('a[href^="/search.vcf"]').click()
    await page.locator(".saving input[name=title]").fill("Senegal")
    await page.locator(".saving button").click()
    await page.locator('#keeping form[action="/searches/remove"]').wait_for()
    copies = await page.locator("#copy").is_visible()

    assert (await download.value).suggested_filename == "people.vcf"
    assert copies is scripts
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.goto(address)
    await page.locator(".saved a").click()
    await page.wait_for_url(f"{address}/?q=places+of+worship&country=SN")
    await page.goto(address)
    await page.locator(".saved button").press("Enter")
    await page.locator(".said button").wait_for()
    assert await saved_searches.own(sample.graph, asker.viewer) == []
    await page.locator(".said button").press("Enter")
    await page.wait_for_url(f"{address}/#saved")
    assert [one.title for one in await saved_searches.own(sample.graph, asker.viewer)] == ["Senegal"]
    await context.close()
