"""A question that nobody fits is left open, helped with and closed, in a real browser on the sample network: with and
without scripts, in English on a desk and in Arabic on a telephone.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from api import web
from api.app import create_app
from api.network import OpenNetwork
from graph import accounts, questions, sessions
from graph.accounts import Account
from graph.sessions import SignedInBy
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Role
from tests.browser import chromium
from tests.door import KEEPER
from tests.served import served

FORGET = """
MATCH (a:Account) WHERE a.id IN $ids
OPTIONAL MATCH (a)<-[:OF]-(s:Session)
OPTIONAL MATCH (a)-[:ASKED]->(q:Question)
DETACH DELETE a, s, q
"""


@pytest.fixture(scope="module")
async def address(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[str]:
    web.install(sample_settings)
    app = create_app(sample_settings)
    app.state.network = sample
    async with served(app) as at:
        yield at


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def people(sample: OpenNetwork) -> AsyncIterator[tuple[Account, Account]]:
    """Somebody who asks and somebody who helps, who are forgotten again: others use the sample network too."""
    made = (
        await accounts.create(sample.graph, KEEPER, email="asks@example.org", role=Role.MEMBER),
        await accounts.create(
            sample.graph, KEEPER, email="helps@example.org", role=Role.MEMBER, expert=ExpertId("grace-nakimuli")
        ),
    )
    yield made
    await sample.graph.write(FORGET, ids=[one.id for one in made])


@pytest.mark.parametrize(
    "scripts, language, width", [(True, "en", 1280), (False, "ar", 320)], ids=["scripts", "no-scripts"]
)
async def test_a_question_is_left_open_helped_with_and_closed(
    sample: OpenNetwork,
    browser: Browser,
    address: str,
    people: tuple[Account, Account],
    *,
    scripts: bool,
    language: str,
    width: int,
) -> None:
    pages: list[Page] = []
    for account in people:
        context = await browser.new_context(
            java_script_enabled=scripts, locale=language, viewport={"width": width, "height": 800}
        )
        _, secret = await sessions.open_session(
            sample.graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent="A browser"
        )
        await context.add_cookies([{"name": "knowwho_session", "value": secret, "url": address}])
        pages.append(await context.new_page())
    asking, helping = pages

    await asking.goto(f"{address}/?q=Who+protects+hotels%3F&country=FJ")
    await asking.locator('main a[href^="/questions/new"]').first.click()
    await asking.locator("#find").fill("stadi" if language == "en" else "الملا")
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
    assert await helping.evaluate("document.documentElement.scrollWidth") <= width

    await asking.goto(question)
    assert "Grace Nakimuli" in await asking.locator('section[aria-labelledby="offers"]').inner_text()
    await asking.locator('form:has(input[value="answered"]) button').click()
    await asking.locator(".said button").click()
    await asking.wait_for_url(f"{question}?done=opened")
    assert await asking.evaluate("document.documentElement.scrollWidth") <= width
    (one,) = await questions.own(sample.graph, people[0].viewer)
    assert (one.is_open, one.offers, {topic.id for topic in one.topics} >= {"hotels", "stadiums"}) == (True, 1, True)
    for page in pages:
        await page.context.close()
