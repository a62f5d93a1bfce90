"""Judging a match in a real browser, by keyboard, with and without scripts, on the sample network."""

import asyncio

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

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


async def kept(network: OpenNetwork, account: Account) -> list[bool]:
    return [one.is_useful for _, one in (await feedback.own(network.graph, account.viewer, first=10)).entries]


PRESSED: tuple[tuple[str, dict[str, str | None], list[bool], str], ...] = (
    ("Useful", {"Useful": "true", "Not useful": "false"}, [True], "What you said is kept."),
    ("Not useful", {"Useful": "false", "Not useful": "true"}, [False], "What you said is kept."),
    ("Not useful", {"Useful": "false", "Not useful": "false"}, [], "What you said is taken back."),
)
"""What is pressed, as what the buttons are shown then, what is kept, and what is said where scripts run."""


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
    assert "your question is kept with what you say" in await page.locator("#keeps").inner_text()

    await page.evaluate("window.isSame = true")
    for label, told, own, words in PRESSED:
        button = page.locator(f"#{form}").get_by_role("button", name=label, exact=True)
        await button.focus()
        if scripts:
            await page.keyboard.press("Enter")
            await expect(second.get_by_role("status")).to_have_text(words)
            await expect(button).to_be_focused()
        else:
            async with page.expect_navigation(url=f"{address}{ASKED}#{form}"):
                await page.keyboard.press("Enter")
        assert await pressed(page, 1) == told
        assert await kept(sample, asker) == own
        assert await pressed(page, 0) == {"Useful": "false", "Not useful": "false"}
    assert await page.evaluate("window.isSame === true") == scripts
    await context.close()


async def test_a_judgement_is_shown_before_it_is_answered_and_the_last_one_is_kept(
    sample: OpenNetwork, browser: Browser, asker: Account, address: str
) -> None:
    asked, let_go, sent = asyncio.Event(), asyncio.Event(), []

    async def hold(route: Route) -> None:
        sent.append(route.request.post_data or "")
        asked.set()
        await let_go.wait()
        await route.continue_()

    context = await browser.new_context()
    page = await signed_in(context, sample, asker, address)
    await page.route("**/judgement", hold)
    await page.goto(f"{address}{ASKED}")
    first = page.locator(".person").first
    useful, not_useful = (first.get_by_role("button", name=name, exact=True) for name in ("Useful", "Not useful"))

    await useful.click()
    await asked.wait()
    assert await pressed(page) == {"Useful": "true", "Not useful": "false"}
    assert await kept(sample, asker) == []
    await not_useful.click()
    await not_useful.click()
    await not_useful.click()
    assert await pressed(page) == {"Useful": "false", "Not useful": "true"}
    assert await first.get_by_role("status").inner_text() == ""
    async with page.expect_response(lambda answer: "mark=not-useful" in (answer.request.post_data or "")):
        let_go.set()

    await expect(first.get_by_role("status")).to_have_text("What you said is kept.")
    assert await kept(sample, asker) == [False]
    assert [one.rpartition("=")[2] for one in sent] == ["useful", "not-useful"]
    await page.reload()
    assert await pressed(page) == {"Useful": "false", "Not useful": "true"}
    await context.close()


async def test_a_judgement_that_is_refused_goes_back_and_says_why(
    sample: OpenNetwork, browser: Browser, asker: Account, address: str
) -> None:
    context = await browser.new_context()
    page = await signed_in(context, sample, asker, address)
    await page.goto(f"{address}{ASKED}")
    await context.clear_cookies()  # as after signing out in another window
    first = page.locator(".person").first
    useful = first.get_by_role("button", name="Useful", exact=True)
    await useful.click()

    why = first.get_by_role("status")
    await expect(why).to_contain_text("This page was open for too long, or from before you signed in")
    box = await why.bounding_box()
    assert box is not None
    assert box["width"] > 100
    assert await pressed(page) == {"Useful": "false", "Not useful": "false"}
    await expect(useful).to_be_focused()
    await expect(page.locator("#lost")).to_be_empty()
    assert await kept(sample, asker) == []
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
    window: ViewportSize = {"width": width, "height": 900}
    context = await browser.new_context(viewport=window, color_scheme="dark", java_script_enabled=False)
    page = await signed_in(context, sample, asker, address)
    await page.goto(f"{address}{ASKED}")
    await page.locator(".judgement button").first.click()
    await page.locator("[aria-pressed=true]").wait_for()

    box = await page.locator(".judgement").first.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900 - box["height"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()
