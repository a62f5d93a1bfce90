"""A person's own page in a real browser, by keyboard, with and without scripts."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from graph import audiences, consents
from graph.accounts import Account
from graph.graph import Graph
from graph.values import Purpose
from graph.viewer import Audience, FieldGroup
from tests.door import Serve
from tests.graph.person import EXPERT, add_person
from tests.served import served

PEOPLE = "MATCH (e:Expert {id: 'ama-testperson'}) RETURN count(e) AS people"


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def address(serve: Serve, account: Account) -> AsyncIterator[str]:
    async with served(serve()) as at:
        yield at


async def signed_in(browser: Browser, address: str, account: Account, **options: object) -> BrowserContext:
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    await context.request.post(f"{address}/for-tests/sign-in", form={"account": account.id})
    return context


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
async def page(browser: Browser, address: str, account: Account, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    context = await signed_in(browser, address, account, java_script_enabled=request.param)
    opened = await context.new_page()
    await opened.goto(f"{address}/me")
    yield opened
    await context.close()


async def tab_to(page: Page, name: str, *, role: str = "button") -> None:
    """Go on by the Tab key until what has this name has the focus."""
    target = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the Tab key does not come to '{name}'")


async def test_audiences_are_chosen_by_keyboard_and_taken_back(page: Page, graph: Graph, account: Account) -> None:
    await page.get_by_label("How to reach you").focus()
    await page.keyboard.type("organisers")
    await tab_to(page, "Save")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")

    assert "It is in force now" in await page.get_by_role("status").inner_text()
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert found[FieldGroup.CONTACT].chosen is Audience.ORGANISERS

    await tab_to(page, "Take it back")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.get_by_role("status").wait_for()
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert found[FieldGroup.CONTACT].chosen is None
    assert found[FieldGroup.COUNTRY].chosen is Audience.ORGANISERS


async def test_consent_is_withdrawn_by_keyboard_and_the_history_tells(
    page: Page, graph: Graph, account: Account
) -> None:
    card = page.get_by_role("article", name="Being matched")
    await card.get_by_role("button", name="Withdraw").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")

    assert "you no longer agree" in await page.get_by_role("status").inner_text()
    history, _ = await consents.history_of(graph, account.viewer, expert=EXPERT)
    assert (history[0].purpose, history[0].given) == (Purpose.MATCHED, False)
    await card.get_by_text("All your decisions (2)").focus()
    await page.keyboard.press("Enter")
    assert await card.locator(".history li").count() == 2


async def test_everything_can_be_taken_away(page: Page) -> None:
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Take everything").press("Enter")

    download = await downloading.value
    assert download.suggested_filename == f"{EXPERT}.zip"
    content = await asyncio.to_thread(Path(await download.path()).read_bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert json.loads(file.read("person.json"))["person"]["id"] == EXPERT


async def test_a_person_erases_themselves_by_keyboard(page: Page, graph: Graph) -> None:
    await page.get_by_text("I want to be erased").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label(f"Type {EXPERT}").focus()
    await page.keyboard.type(EXPERT)
    await page.keyboard.press("Enter")

    await page.get_by_role("heading", name="You have been erased").wait_for()
    assert (await graph.read(PEOPLE))[0]["people"] == 0
    assert await page.get_by_role("link", name="Sign in").is_visible()


async def test_another_id_erases_nobody(page: Page, graph: Graph) -> None:
    await page.get_by_text("I want to be erased").click()
    await page.get_by_label(f"Type {EXPERT}").fill("salma-testperson")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")

    assert "nothing was erased" in await page.get_by_role("alert").inner_text()
    assert (await graph.read(PEOPLE))[0]["people"] == 1


async def test_other_sessions_are_ended(browser: Browser, page: Page, address: str, account: Account) -> None:
    other = await signed_in(browser, address, account)
    await page.reload()
    async with page.expect_navigation():
        await page.get_by_role("button", name="End all others").press("Enter")

    assert "All your other sessions have ended" in await page.get_by_role("status").inner_text()
    assert await page.locator(".sessions li").count() == 1
    gone = await other.new_page()
    await gone.goto(f"{address}/me")
    assert "/sign-in" in gone.url
    await other.close()


@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_is_wider_than_the_window_and_every_control_has_a_name(
    browser: Browser, address: str, account: Account, width: int
) -> None:
    context = await signed_in(browser, address, account, viewport={"width": width, "height": 900})
    page = await context.new_page()
    await page.goto(f"{address}/me")

    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = await page.evaluate(
        "[...document.querySelectorAll('main select, main input:not([type=hidden]), main button, main a')]"
        ".filter(one => !(one.labels?.length || one.textContent.trim() || one.ariaLabel)).map(one => one.outerHTML)"
    )
    assert nameless == []
    await context.close()
