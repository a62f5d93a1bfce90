"""A person and their neighbourhood in a real browser, on the sample network: walked with and without scripts."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.visiting import PATIENCE_MS

PICTURE = "document.getElementById('picture')._cyreg.cy"


async def test_one_walks_from_everybody_to_a_person_and_on_to_who_shares_something(page: Page, address: str) -> None:
    await page.goto(f"{address}/people?name=nakimuli")
    await page.get_by_role("link", name="Grace Nakimuli").press("Enter")
    await page.get_by_role("heading", level=1, name="Grace Nakimuli").wait_for()
    assert (
        await page.get_by_role("link", name="Religious sites", exact=True).get_attribute("href")
        == "/topics/religious-sites"
    )
    await page.get_by_role("link", name="What they share with others").press("Enter")
    await page.get_by_role("heading", level=1, name="What Grace Nakimuli shares with others").wait_for()
    await page.locator("#walked").get_by_role("link", name="Yakubu Danjibrin").first.press("Enter")

    await page.get_by_role("heading", level=1, name="What Yakubu Danjibrin shares with others").wait_for()
    assert page.url == f"{address}/people/yakubu-danjibrin/neighbourhood"
    await page.go_back()
    await page.get_by_role("heading", level=1, name="What Grace Nakimuli shares with others").wait_for()
    assert await page.title() == "What Grace Nakimuli shares with others · Knowwho"


@pytest.mark.parametrize("language, scheme, width", [("en", "light", 1280), ("ar", "dark", 1280), ("ar", "light", 320)])
async def test_the_picture_shows_the_list_in_the_pages_colours_and_is_walked_by_pointer(
    browser: Browser, address: str, language: str, scheme: str, width: int
) -> None:
    context = await browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 1000})  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    said: list[str] = []
    loaded: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("load", lambda _: loaded.append(page.url))
    await page.goto(f"{address}/people/grace-nakimuli/neighbourhood?lang={language}")
    picture = page.locator("#picture")
    await expect(picture).to_have_attribute("data-centre", "person:grace-nakimuli", timeout=PATIENCE_MS)

    labels = await page.evaluate(f"{PICTURE}.nodes().map((node) => node.data('label'))")
    listed = await page.locator("main").inner_text()
    assert [label for label in labels if label.removesuffix("…") not in listed] == []
    assert await picture.get_attribute("aria-hidden") == "true"
    token = await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--kind-person')")
    red, green, blue = (int(token.strip()[at : at + 2], 16) for at in (1, 3, 5))
    drawn = await page.evaluate(f"{PICTURE}.$('node.centre').style('background-color')")
    assert drawn == f"rgb({red},{green},{blue})"
    other = await page.evaluate(
        f"(() => {{ const node = {PICTURE}.nodes('.person').not('.centre')[0];"
        " return {id: node.id(), label: node.data('label'), ...node.renderedPosition()}; })()"
    )
    await picture.click(position={"x": other["x"], "y": other["y"]})

    await expect(page.locator("h1")).to_contain_text(other["label"], timeout=PATIENCE_MS)
    await expect(picture).to_have_attribute("data-centre", other["id"], timeout=PATIENCE_MS)
    assert await page.evaluate("document.activeElement.tagName") == "H1"
    assert len(loaded) == 1
    assert said == []
    await context.close()


@pytest.mark.parametrize("path", ["/people", "/people/grace-nakimuli", "/people/grace-nakimuli/neighbourhood"])
async def test_nothing_is_wider_than_a_telephone(browser: Browser, address: str, path: str) -> None:
    context = await browser.new_context(viewport={"width": 320, "height": 800}, locale="ar")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(f"{address}{path}")

    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    await context.close()
