"""Events in a real browser, on the sample network: found, read, a month, narrow, right to left, without scripts."""

import re

import pytest
from playwright.async_api import Browser

BRIEFING = "Protecting religious sites while keeping their doors open"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_an_event_is_found_and_read_and_its_time_is_told_by_the_readers_clock(
    browser: Browser, address: str, *, scripts: bool
) -> None:
    context = await browser.new_context(java_script_enabled=scripts, locale="en-GB", timezone_id="Asia/Tokyo")
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    await page.goto(f"{address}/events")
    await page.get_by_role("searchbox").fill("religious sites")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.get_by_role("link", name=BRIEFING).click()

    await page.get_by_role("heading", name=BRIEFING, level=1).wait_for()
    await page.wait_for_load_state()
    assert "Thursday, 2 June 2022, 12:00–14:00 (UTC)" in await page.locator("dl.told-rows").inner_text()
    by_clock = page.locator(".your-time")
    assert await by_clock.is_visible() is scripts
    if scripts:
        assert re.search(r"2 June 2022.*21:00.*23:00", await by_clock.inner_text())
    speakers = page.locator("section[aria-labelledby=speakers]")
    assert await speakers.get_by_role("link", name="Grace Nakimuli").get_attribute("href") == "/people/grace-nakimuli"
    assert said == []
    await context.close()


async def test_the_readers_clock_says_nothing_where_it_shows_the_same(browser: Browser, address: str) -> None:
    context = await browser.new_context(timezone_id="Atlantic/Reykjavik")
    page = await context.new_page()

    await page.goto(f"{address}/events/briefing-religious-sites")
    await page.wait_for_load_state()

    assert await page.locator(".your-time").count() == 1
    assert not await page.locator(".your-time").is_visible()
    await context.close()


@pytest.mark.parametrize("language, weekday", [("en", "Thursday"), ("ar", "الخميس")])
async def test_a_month_is_a_table_and_on_a_telephone_the_days_with_events(
    browser: Browser, address: str, language: str, weekday: str
) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()

    await page.goto(f"{address}/events?view=month&month=2022-06&lang={language}")
    assert await page.locator(".month thead th").count() == 7
    monday, tuesday = [await page.locator(".month thead th").nth(place).bounding_box() for place in (0, 1)]
    assert monday is not None
    assert tuesday is not None
    assert (monday["x"] > tuesday["x"]) is (language == "ar")
    await page.set_viewport_size({"width": 320, "height": 800})

    days = [text for text in await page.locator(".month td:visible").all_inner_texts() if text.strip()]
    assert len(days) == 2
    assert weekday in days[0]
    assert BRIEFING in days[0]
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.locator("a[rel=next]").click()
    await page.wait_for_url("**month=2022-07*")
    await context.close()


@pytest.mark.parametrize("path", ["/events", "/events/briefing-religious-sites", "/series/expert-briefing-series"])
@pytest.mark.parametrize("width", [320, 2560])
async def test_nothing_is_wider_than_the_window(browser: Browser, address: str, path: str, width: int) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark")
    page = await context.new_page()

    await page.goto(f"{address}{path}?lang=ar")

    assert await page.locator("html[dir=rtl]").count() == 1
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()
