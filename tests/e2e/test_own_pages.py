"""The pages about somebody themselves, and a letter's answer page, on a telephone, with and without scripts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from api.speaking.words import words_of
from graph.accounts import Account
from graph.graph import Graph
from graph.speaking import State
from graph.values import ExpertId
from tests.door import MakeAccount, Serve
from tests.graph.speaking.network import AMA, DANA, add_people, on_list
from tests.graph.speaking.written import address_people, invited, taken
from tests.served import served

TELEPHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
SMALLEST = 44
"""How high and wide in pixels what a finger meets is at least (WCAG 2.2, 2.5.5)."""

TOO_SMALL = (
    "smallest => [...document.querySelectorAll('main form button, main summary')]"
    ".filter(one => one.checkVisibility())"
    ".map(one => [one.textContent.trim(), one.getBoundingClientRect()])"
    ".filter(([, box]) => box.height < smallest || box.width < smallest).map(([text]) => text)"
)
NAMELESS = (
    "[...document.querySelectorAll('main select, main input:not([type=hidden]), main textarea, main button, main a')]"
    ".filter(one => !(one.labels?.length || one.textContent.trim() || one.ariaLabel || "
    "one.getAttribute('aria-labelledby'))).map(one => one.outerHTML)"
)


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await add_people(graph)
    await address_people(graph)
    return graph


@pytest.fixture
async def ama(people: Graph, make_account: MakeAccount) -> Account:
    return await make_account("ama@people.example", expert=AMA)


@pytest.fixture
async def address(serve: Serve, people: Graph) -> AsyncIterator[str]:
    async with served(serve()) as at:
        yield at


async def signed_in(browser: Browser, address: str, account: Account, **options: object) -> BrowserContext:
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    await context.request.post(f"{address}/for-tests/sign-in", form={"account": account.id})
    return context


async def fits(page: Page, width: int) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("expert,language", [(AMA, "fr"), (DANA, "ar")])
async def test_a_letter_is_answered_on_a_telephone_in_two_taps(
    browser: Browser, address: str, people: Graph, expert: ExpertId, *, language: str, scripts: bool
) -> None:
    await invited(people, expert)
    context = await browser.new_context(**TELEPHONE, java_script_enabled=scripts)
    page = await context.new_page()

    await page.goto(f"{address}/answer/{(await taken(people)).secret}")
    assert await fits(page, 320)
    assert await page.evaluate(TOO_SMALL, SMALLEST) == []
    await page.get_by_role("button", name=words_of(language).name("accept")).tap()

    await page.get_by_role("status").wait_for()
    assert (await on_list(people))[0].state is State.ACCEPTED
    await context.close()


@pytest.mark.parametrize("locale,yes", [("en", "Yes, I will speak"), ("ar", "نعم، سأتحدث")])
async def test_an_own_invitation_is_answered_on_a_telephone(
    browser: Browser, address: str, people: Graph, ama: Account, *, locale: str, yes: str
) -> None:
    await invited(people)
    context = await signed_in(browser, address, ama, **TELEPHONE, locale=locale, java_script_enabled=False)
    page = await context.new_page()

    await page.goto(f"{address}/me/invitations")
    assert await fits(page, 320)
    assert await page.evaluate(TOO_SMALL, SMALLEST) == []
    await page.get_by_role("button", name=yes).tap()

    await page.get_by_role("status").wait_for()
    assert (await on_list(people))[0].state is State.ACCEPTED
    await context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_profile_is_changed_and_seen_as_others_see_it(
    browser: Browser, address: str, ama: Account, *, scripts: bool
) -> None:
    context = await signed_in(browser, address, ama, java_script_enabled=scripts, locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{address}/me/profile")
    await page.get_by_label("What you do, in a few words").fill("Guards gates")
    added = page.get_by_role("group", name="Your topics 2")
    await added.get_by_label("Topic").select_option("Gates")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save").press("Enter")

    assert "there twice" in await page.get_by_role("alert").last.inner_text()
    assert await page.get_by_label("What you do, in a few words").input_value() == "Guards gates"
    await page.get_by_role("group", name="Your topics 2").get_by_label("Topic").select_option("")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save").press("Enter")
    assert "It is in force now" in await page.get_by_role("status").inner_text()

    await page.goto(f"{address}/me?as=members")
    assert await page.get_by_role("heading", level=1).inner_text() == "Ama Owusu"
    assert await page.get_by_text("Guards gates").is_visible()
    async with page.expect_navigation():
        await page.get_by_role("link", name="as everybody").click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Nothing is seen"
    await context.close()


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_no_page_is_wider_than_the_window_and_every_control_has_a_name(
    browser: Browser, address: str, people: Graph, ama: Account, *, width: int, locale: str
) -> None:
    await invited(people)
    context = await signed_in(
        browser, address, ama, viewport={"width": width, "height": 900}, locale=locale, color_scheme="dark"
    )
    page = await context.new_page()

    for path in ("/me", "/me?as=organisers", "/me/profile", "/me/found", "/me/invitations", "/me/tokens"):
        await page.goto(f"{address}{path}")
        assert await fits(page, width), path
        assert await page.evaluate(NAMELESS) == [], path
    await context.close()
