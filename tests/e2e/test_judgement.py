"""Judging a match in a real browser, by keyboard, with and without scripts, on the sample network."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from api.network import OpenNetwork
from graph import feedback
from graph.accounts import Account
from tests.door import KEEPER, MakeAccount
from tests.e2e.visiting import sign_in

ASKED = "/?q=Who+has+trained+stewards+of+mosques%3F&language=fr"


@pytest.fixture
async def asker(sample_account: MakeAccount) -> Account:
    return await sample_account("judge@example.org")


async def signed_in(context: BrowserContext, network: OpenNetwork, account: Account, address: str) -> Page:
    await sign_in(context, network, account, address)
    return await context.new_page()


async def pressed(page: Page, nth: int = 0) -> dict[str, str | None]:
    buttons = page.locator(".person").nth(nth).locator(".judgement button")
    return {await button.inner_text(): await button.get_attribute("aria-pressed") for button in await buttons.all()}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_match_is_judged_by_keyboard_and_pressing_again_takes_it_back(
    sample: OpenNetwork, browser: Browser, asker: Account, address: str, *, scripts: bool
) -> None:
    context = await browser.new_context(java_script_enabled=scripts)
    page = await signed_in(context, sample, asker, address)
    await page.goto(f"{address}{ASKED}")
    second = page.locator(".person").nth(1)
    form = await second.locator(".judgement").get_attribute("id")
    assert await pressed(page, 1) == {"Useful": "false", "Not useful": "false"}
    assert "Your question is kept with what you say" in await second.locator(".judgement").inner_text()

    for label, told, kept in (
        ("Useful", {"Useful": "true", "Not useful": "false"}, [True]),
        ("Not useful", {"Useful": "false", "Not useful": "true"}, [False]),
        ("Not useful", {"Useful": "false", "Not useful": "false"}, []),
    ):
        await page.locator(f"#{form}").get_by_role("button", name=label, exact=True).focus()
        async with page.expect_navigation(url=f"{address}{ASKED}#{form}"):
            await page.keyboard.press("Enter")
        assert await pressed(page, 1) == told
        own = await feedback.own(sample.graph, asker.viewer, first=10)
        assert [one.is_useful for _, one in own.entries] == kept
        assert await pressed(page, 0) == {"Useful": "false", "Not useful": "false"}
    await context.close()


async def test_who_is_not_signed_in_is_asked_nothing(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{address}{ASKED}")

    await page.locator(".person").first.wait_for()
    assert await page.locator(".judgement").count() == 0
    await page.close()


async def test_nobody_is_asked_of_themselves(
    sample: OpenNetwork, browser: Browser, sample_account: MakeAccount, address: str
) -> None:
    (first, *_) = (await sample.search.ask(KEEPER, "Who has trained stewards of mosques?")).matches
    account = await sample_account("self@example.org", expert=first.expert.id)
    context = await browser.new_context()
    page = await signed_in(context, sample, account, address)
    await page.goto(f"{address}/?q=Who+has+trained+stewards+of+mosques%3F")

    judged = await page.locator(".person:has(.judgement)").count()
    asked = await page.locator(".person").count()
    own = await page.locator(f"#judged-{first.expert.id}").count()
    await context.close()
    assert (own, judged) == (0, asked - 1)


@pytest.mark.parametrize("width", [320, 1280])
async def test_the_buttons_are_in_the_window_again_and_no_wider_than_it(
    sample: OpenNetwork, browser: Browser, asker: Account, address: str, width: int
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark")
    page = await signed_in(context, sample, asker, address)
    await page.goto(f"{address}{ASKED}")
    await page.locator(".judgement button").first.click()
    await page.locator("[aria-pressed=true]").wait_for()

    box = await page.locator(".judgement").first.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900 - box["height"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()
