"""The first page in a real browser, on the sample network: asked, filtered, narrow, right to left, without scripts."""

import pytest
from playwright.async_api import Browser, Page

from api.network import OpenNetwork
from bench.first_page import TARGET_KB, fetched
from tests.door import MakeAccount
from tests.e2e.visiting import PATIENCE_MS, sign_in


async def test_a_member_asks_by_keyboard_and_reads_who_fits_and_why(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("Your question").fill("Who has trained stewards of mosques?")
    await page.keyboard.press("Enter")

    people = page.locator(".person")
    await people.first.wait_for()
    assert await people.count() == 10
    assert await people.first.get_by_role("heading").inner_text()
    assert await people.first.locator("figure").count() >= 1
    assert "places of worship" in await people.first.locator(".reasons").inner_text()


async def test_the_page_says_that_the_sample_is_fictional(page: Page, address: str) -> None:
    await page.goto(address)

    assert await page.get_by_role("note").inner_text() == (
        "This is a sample network: all that it tells of people, organisations and events is fictional."
    )


async def test_a_filter_narrows_and_stays_in_the_address(page: Page, address: str) -> None:
    await page.goto(f"{address}/?q=places+of+worship&country=TN")

    countries = await page.locator(".facts span:first-child").all_inner_texts()
    assert set(countries) == {"Tunisia"}
    assert await page.get_by_label("live in the country").input_value() == "TN"


async def test_a_filter_of_the_others_is_set_and_taken_away_again_from_the_keyboard(page: Page, address: str) -> None:
    await page.goto(f"{address}/?q=places+of+worship")
    await page.get_by_text("More filters").press("Enter")
    await page.get_by_label("worked in the country").select_option("DE")
    await page.get_by_role("button", name="Ask").press("Enter")

    chip = page.get_by_role("link", name="Remove filter worked in Germany")
    await chip.wait_for()
    assert await page.get_by_label("worked in the country").input_value() == "DE"
    await chip.press("Enter")
    await page.wait_for_url(lambda url: "worked_in" not in url)
    assert await chip.count() == 0
    assert await page.get_by_label("Your question").input_value() == "places of worship"
    assert not await page.get_by_label("worked in the country").is_visible()


async def test_with_scripts_the_address_has_no_field_that_was_left_empty(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(address)
    await page.get_by_role("button", name="Ask").click()
    await page.get_by_text("The question has no words").wait_for()
    assert page.url == f"{address}/?q="

    await page.get_by_label("live in the country").select_option("TN")
    await page.get_by_role("button", name="Ask").click()

    await page.get_by_text("This is everybody of whom that is true.").wait_for()
    assert page.url == f"{address}/?country=TN"
    await page.close()


async def test_nobody_fits_is_said(page: Page, address: str) -> None:
    await page.goto(f"{address}/?q=sourdough+bread")

    assert await page.get_by_role("heading", name="Nobody fits").is_visible()


async def test_an_unknown_filter_is_said_and_the_question_is_kept(page: Page, address: str) -> None:
    answer = await page.goto(f"{address}/?q=markets&country=Tunesia")

    assert answer is not None
    assert answer.status == 422
    assert "did you mean Tunisia" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("Your question").input_value() == "markets"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
async def test_what_people_type_is_text(page: Page, address: str, hostile: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))

    await page.goto(address)
    await page.get_by_label("Your question").fill(hostile)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")

    assert await page.get_by_label("Your question").input_value() == hostile
    assert await page.locator("main img, main script").count() == 0
    assert asked == []


@pytest.mark.parametrize("width", [320, 768, 2560])
async def test_nothing_is_wider_than_the_window_and_evidence_reads_in_its_own_direction(
    browser: Browser, address: str, width: int
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark")
    page = await context.new_page()
    await page.goto(f"{address}/?q=من درّب متطوعين في المساجد؟&language=ar&active_since=2022-01-01")

    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    arabic = page.locator("blockquote[lang=ar]")
    assert await arabic.first.get_attribute("dir") == "rtl"
    await context.close()


async def test_no_request_leaves_this_server_and_the_console_is_quiet(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    elsewhere: list[str] = []
    said: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith((address, "data:")) else elsewhere.append(request.url)
    )
    page.on("console", lambda message: said.append(message.text))

    for path, shown in (("/", "h1"), ("/?q=hotels", ".person"), ("/graphiql", ".graphiql-query-editor .view-lines")):
        await page.goto(f"{address}{path}")
        await page.locator(shown).first.wait_for()

    assert elsewhere == []
    assert said == []
    await context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("is_member", [False, True], ids=["signed out", "member"])
async def test_a_first_visit_comes_in_few_bytes_and_from_this_server_alone(
    browser: Browser,
    address: str,
    sample: OpenNetwork,
    sample_account: MakeAccount,
    *,
    is_member: bool,
    language: str,
) -> None:
    context = await browser.new_context(locale=language)
    if is_member:
        await sign_in(context, sample, await sample_account("first-visit@example.org"), address)

    weights = await fetched(context, f"{address}/")

    await context.close()
    assert {url.partition("?")[0].removeprefix(address) for url in weights} >= {"/", "/assets/web/pico.min.css"}
    assert [url for url in weights if not url.startswith(f"{address}/")] == []
    assert min(weights.values()) > 0
    assert sum(weights.values()) < TARGET_KB * 1000, weights


async def test_the_explorer_answers_a_query_from_the_keyboard(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{address}/graphiql")
    await page.locator(".graphiql-query-editor .view-lines").wait_for()
    await page.locator(".graphiql-query-editor .view-lines").click()
    await page.keyboard.press("Control+Enter")

    await page.locator(".result-window").get_by_text("matchExperts").first.wait_for()
    assert await page.locator("#fictional").is_visible()
    await context.close()


async def test_what_is_printed_from_a_dark_screen_is_dark_on_white(page: Page, address: str) -> None:
    await page.goto(address)
    ink = "getComputedStyle(document.querySelector('h1')).color"
    on_light = await page.evaluate(ink)
    await page.emulate_media(color_scheme="dark")
    on_dark = await page.evaluate(ink)

    await page.emulate_media(media="print", color_scheme="dark")

    assert on_dark != on_light
    assert await page.evaluate(ink) == on_light


async def test_what_is_folded_away_is_printed_and_what_is_for_the_screen_is_not(page: Page, address: str) -> None:
    await page.goto(f"{address}/people/grace-nakimuli")
    folded = page.locator("details:not([open]) .passage").first
    assert not await folded.is_visible()

    await page.emulate_media(media="print")

    assert await folded.is_visible()
    assert await folded.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    await page.goto(address)
    assert not await page.locator("form details .filters").is_visible()
