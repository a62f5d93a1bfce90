"""A question that nobody fits is left open, helped with and closed, in a real browser on the sample network: with and
without scripts, in English on a desk and in Arabic on a telephone.
"""

import pytest
from playwright.async_api import Browser, Page

from api.network import OpenNetwork
from graph import questions
from tests.door import MakeAccount
from tests.e2e.visiting import Look, sign_in, visiting


@pytest.mark.parametrize("look", [Look("en", True, 1280), Look("ar", False, 320)], ids=str)
async def test_a_question_is_left_open_helped_with_and_closed(
    sample: OpenNetwork, browser: Browser, address: str, sample_account: MakeAccount, look: Look
) -> None:
    asker = await sample_account("asks@example.org")
    helper = await sample_account("helps@example.org", expert="grace-nakimuli")
    pages: list[Page] = []
    for account in (asker, helper):
        visit = await visiting(browser, look)
        await sign_in(visit.page.context, sample, account, address)
        pages.append(visit.page)
    asking, helping = pages

    await asking.goto(f"{address}/?q=Who+protects+hotels%3F&country=FJ")
    await asking.locator('main a[href^="/questions/new"]').first.click()
    await asking.locator("#find").fill("stadi" if look.language == "en" else "الملا")
    await asking.locator("#find").press("Enter")
    await asking.locator('input[name="topic"][value="stadiums"]').check()
    hotels = await asking.locator('input[name="topic"][value="hotels"]').is_checked()
    await asking.locator('button[value="ask"]').click()
    await asking.locator(".said").wait_for()

    assert hotels
    assert await asking.locator("blockquote").inner_text() == "Who protects hotels?"
    question = asking.url.partition("?")[0]

    await helping.goto(f"{address}/topics/stadiums")
    await helping.locator('section[aria-labelledby="questions"] li > a').first.click()
    await helping.wait_for_url(question)
    await helping.locator("#note").fill("I do")
    await helping.locator('form[action$="/help"] button').click()
    await helping.locator(".said").wait_for()
    assert await helping.evaluate("document.documentElement.scrollWidth") <= look.width

    await asking.goto(question)
    assert "Grace Nakimuli" in await asking.locator('section[aria-labelledby="offers"]').inner_text()
    await asking.locator('form:has(input[value="answered"]) button').click()
    await asking.locator(".said button").click()
    await asking.wait_for_url(f"{question}?done=opened")
    assert await asking.evaluate("document.documentElement.scrollWidth") <= look.width
    (one,) = await questions.own(sample.graph, asker.viewer)
    assert (one.is_open, one.offers, {topic.id for topic in one.topics} >= {"hotels", "stadiums"}) == (True, 1, True)
    for page in pages:
        await page.context.close()
