"""A member who asks, in a real browser on the sample network: from a question to whom they write to, and a search that
is kept, taken along and had back, in English and in Arabic, with and without scripts; and suggestions, by keyboard and
by input method.
"""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser

from api.network import OpenNetwork
from graph import saved_searches
from tests.door import MakeAccount
from tests.e2e.visiting import Visit, sign_in

QUESTIONS: Final = {"en": "Who has trained stewards of places of worship?", "ar": "من درّب متطوعين في دور العبادة؟"}


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

    await page.wait_for_url(f"{address}/?q=hotel")
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


async def test_a_member_asks_reads_why_narrows_finds_whom_to_write_to_and_keeps_the_search(
    visit: Visit, sample: OpenNetwork, sample_account: MakeAccount, address: str
) -> None:
    page, question = visit.page, QUESTIONS[visit.look.language]
    asker = await sample_account("asker@example.org")
    await sign_in(page.context, sample, asker, address)

    # A question, and why these people.
    await page.goto(address)
    await page.get_by_label(visit.said("Your question")).fill(question)
    await visit.enter()
    people = page.locator(".person")
    assert await people.count() == 10
    assert await people.first.locator("figure blockquote").first.inner_text()
    await visit.fits()

    # Only those of one country.
    await page.get_by_label(visit.said("live in the country")).select_option("TN")
    await page.locator("#q").focus()
    await visit.enter()
    named = await people.get_by_role("heading").all_inner_texts()
    assert 0 < len(named) < 10
    assert await people.locator(".facts a[href='/countries/TN']").count() == len(named)
    asked = page.url

    # One of them, and how to reach them.
    async with page.expect_navigation():
        await people.first.get_by_role("heading").get_by_role("link").click()
    assert await page.get_by_role("heading", level=1).inner_text() == named[0]
    reach = page.get_by_role("region", name=visit.said("How to reach them"))
    address_of_theirs = await reach.locator("a[href^='mailto:']").inner_text()
    assert "@" in address_of_theirs
    await visit.fits()

    # The search is kept, and taken along.
    async with page.expect_navigation():
        await page.go_back()
    assert page.url == asked
    await page.locator(".saving input[name=title]").fill("Tunisia")
    await visit.press("Save this search")
    await page.locator('#keeping form[action="/searches/remove"]').wait_for()
    assert await page.locator("#copy").is_visible() is visit.look.has_scripts
    for called, name in (("As a table (CSV)", "people.csv"), ("As contacts (vCard)", "people.vcf")):
        async with page.expect_download() as downloading:
            await visit.follow(called)
        download = await downloading.value
        assert download.suggested_filename == name
        content = await asyncio.to_thread(Path(await download.path()).read_text, "utf-8")
        assert address_of_theirs in content.replace("\r\n ", "")

    assert visit.problems == []

    # It is had back, removed, and had back again.
    await page.goto(address)
    async with page.expect_navigation():
        await visit.follow("Tunisia", within=".saved")
    assert await people.get_by_role("heading").all_inner_texts() == named
    await page.goto(address)
    await visit.press("Remove", within=".saved")
    assert await saved_searches.own(sample.graph, asker.viewer) == []
    await visit.press("Undo", within=".said")
    assert [one.title for one in await saved_searches.own(sample.graph, asker.viewer)] == ["Tunisia"]
