"""Topics and countries in a real browser, on the sample network: by keyboard, without scripts, right to left."""

from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.visiting import PATIENCE_MS


@pytest.fixture(params=[("en", True), ("ar", False)], ids=["english", "arabic-without-scripts"])
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    language, with_scripts = request.param
    context = await browser.new_context(
        locale=language, java_script_enabled=with_scripts, viewport={"width": 320, "height": 800}
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    await context.close()


async def test_somebody_opens_the_scheme_by_keyboard_and_comes_to_a_topic(page: Page, address: str) -> None:
    await page.goto(f"{address}/topics")
    branch = page.locator("#topic-religious-sites")
    await branch.locator("summary").press("Enter")
    narrower = branch.locator("#topic-worship-stewards > a")
    await narrower.press("Enter")

    await page.wait_for_url("**/topics/worship-stewards")
    assert await page.locator("section[aria-labelledby=people] li").count() == 9
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_a_link_to_a_topic_in_the_scheme_shows_it(page: Page, address: str) -> None:
    await page.goto(f"{address}/topics#topic-worship-stewards")

    assert await page.locator("#topic-worship-stewards > a").is_visible()


async def test_the_map_is_for_the_eye_and_the_table_for_everybody(page: Page, address: str) -> None:
    await page.goto(f"{address}/countries")
    tunisia = page.locator("tbody th a[href='/countries/TN']")

    fills = [
        await page.locator(f"figure a[href='/countries/{code}'] path").evaluate("path => getComputedStyle(path).fill")
        for code in ("CN", "TN", "RU")
    ]
    assert len(set(fills)) == 3
    assert await page.locator("figure a:not([tabindex='-1'])").count() == 0
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await tunisia.press("Enter")
    await page.wait_for_url("**/countries/TN")
    assert await page.locator("section[aria-labelledby=people] li a[href^='/people/']").count() == 2


async def test_a_country_is_found_on_the_map(page: Page, address: str) -> None:
    await page.goto(f"{address}/countries?show=activities")
    # A click in the middle of Algeria's shape.
    await page.locator("figure a[href='/countries/DZ'] path").click()

    await page.wait_for_url("**/countries/DZ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_name_of_a_country_stays_while_its_figures_are_scrolled_to(
    page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 360, "height": 800})
    await page.goto(f"{address}/countries")
    name = page.locator(".countries tbody th").first
    await name.scroll_into_view_if_needed()
    before = await name.bounding_box()

    scrolled = await page.locator("#table").evaluate(
        "one => { one.scrollLeft = getComputedStyle(one).direction === 'rtl' ? -9999 : 9999; return one.scrollLeft; }"
    )

    assert abs(scrolled) > 100
    after = await name.bounding_box()
    assert before
    assert after
    assert abs(after["x"] - before["x"]) <= 1
    assert after["width"] <= 0.45 * 360
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert await name.evaluate("one => getComputedStyle(one).backgroundColor") == await page.evaluate(paper)
