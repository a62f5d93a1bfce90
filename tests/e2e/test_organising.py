"""An organiser in a real browser, from an idea to who came: in English with scripts, and in Arabic without."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page

from api.pages.words import words_in
from api.settings import GraphQLSettings
from graph.graph import Graph
from graph.speaking import own_invitations
from graph.viewer import Role, Viewer
from tests.browser import chromium
from tests.door import MakeAccount, Serve
from tests.graph.speaking.network import AMA, add_people
from tests.graph.speaking.written import address_people
from tests.mailbox import Mailbox, link_in, mail_settings
from tests.patience import patience_with_planning
from tests.served import served

STARTS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
THE_DAY_COMES = """
MATCH (v:Event) WHERE v.title = $title
SET v.starts_at = datetime() - duration('PT3H'), v.ends_at = datetime() - duration('PT1H')
"""
TITLE = "Who stands at the gate"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A database that has just begun plans each statement first."""
    with patience_with_planning():
        yield


@pytest.fixture
async def address(serve: Serve, mailbox: Mailbox, graph: Graph, make_account: MakeAccount) -> AsyncIterator[str]:
    """A network on a socket, which sends letters, with somebody who organises."""
    await add_people(graph)
    await address_people(graph)
    await make_account("organiser@example.org", role=Role.ORGANISER)
    app = serve()
    app.state.graphql = GraphQLSettings(query_timeout_s=240)
    app.state.mail = mail_settings(mailbox)
    async with served(app) as at:
        yield at


@pytest.fixture(params=[("en", True), ("ar", False)], ids=["english-scripts", "arabic-no-scripts"])
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    language, scripts = request.param
    context = await browser.new_context(java_script_enabled=scripts, locale=language)
    page = await context.new_page()
    page.set_default_timeout(120_000)
    yield page
    await context.close()


class Organiser:
    """What an organiser does on the pages, by the words that stand there in their language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self._words = words_in(language)

    def said(self, english: str) -> str:
        return self._words.gettext(english)

    async def press(self, english: str, *, within: str = "main") -> None:
        await self.page.locator(within).get_by_role("button", name=self.said(english), exact=True).first.click()

    async def follow(self, english: str, *, within: str = "main") -> None:
        await self.page.locator(within).get_by_role("link", name=self.said(english), exact=True).first.click()

    async def is_told(self, english: str) -> None:
        await self.page.get_by_role("status").filter(has_text=self.said(english)).first.wait_for()


async def test_an_event_from_its_idea_to_who_came(  # noqa: PLR0915 -- one story
    page: Page, address: str, graph: Graph, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    organiser = Organiser(page, "ar" if "arabic" in request.node.name else "en")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(f"{address}/organise")
    await page.locator("input[type=email]").fill("organiser@example.org")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.goto(link_in(await mailbox.letter()))
    await page.locator("main button").click()

    # An idea.
    await organiser.follow("New event")
    await page.locator("#title").fill(TITLE)
    await page.locator("#kind").select_option("briefing")
    await page.locator("#starts_at").fill(STARTS.strftime("%Y-%m-%dT10:00"))
    await page.get_by_role("checkbox", name="Gates").check()
    await organiser.press("Save as a draft")
    await organiser.is_told("The draft is saved. Only organisers know of it.")
    await page.goto(f"{address}/organise")
    idea = page.locator("section[aria-labelledby=column-idea]")
    assert await idea.get_by_role("link").all_inner_texts() == [TITLE]

    # Its shortlist, and its publication.
    await idea.get_by_role("link").click()
    await organiser.press("Publish")
    await organiser.is_told("The event is published. People can be invited now.")
    event = page.url.split("?")[0]
    for name in ("Owusu", "Haddad"):
        await page.locator("#who").fill(name)
        await page.keyboard.press("Enter")
        await organiser.press("Add")
        await organiser.is_told("Added to the shortlist.")
    await page.goto(event)
    assert await page.locator(".candidate h3 a").all_inner_texts() == ["Ama Owusu", "Dana Haddad"]

    # A letter, read before it leaves, and a yes.
    await organiser.follow("Invite", within=".candidate:first-child")
    await page.locator("#answer_by").fill((STARTS - timedelta(days=9)).date().isoformat())
    await page.locator("#words").fill("We need you at the gate.")
    await organiser.press("Show the letter again")
    await page.locator(".letter-preview").filter(has_text="We need you at the gate.").wait_for()
    await organiser.press("Send the letter")
    await organiser.is_told("Taken down, and the letter is on its way.")
    await page.goto(f"{address}/organise")
    assert await page.locator("section[aria-labelledby=column-inviting] h3").all_inner_texts() == [TITLE]

    await page.goto(event)
    card = page.locator(".candidate").first
    await card.get_by_text(organiser.said("They answered in another way")).click()
    await organiser.press("They said yes", within=".candidate:first-child")
    await organiser.is_told("Taken down: they said yes.")
    await organiser.follow("Confirm", within=".candidate:first-child")
    await organiser.press("Take it down without a letter")
    await organiser.is_told("Taken down, without a letter.")
    await page.goto(f"{address}/organise")
    assert await page.locator("section[aria-labelledby=column-confirmed] h3").all_inner_texts() == [TITLE]

    # The day comes.
    await graph.write(THE_DAY_COMES, title=TITLE)
    await page.goto(f"{event}/attendance")
    await page.locator(f"input[name='was {AMA}'][value=spoke]").check()
    await page.locator(f"#talk-{AMA}").fill("Gates and guards")
    await organiser.press("Take it down")
    await organiser.is_told("Taken down who was there.")
    assert await page.locator(f"input[name='was {AMA}'][value=spoke]").is_checked()
    await page.goto(f"{address}/organise")
    held = page.locator("section[aria-labelledby=column-held] h3")
    assert TITLE in await held.all_inner_texts()

    (own,) = await own_invitations(graph, Viewer(Role.MEMBER, person=AMA, actor="account:of-ama"))
    assert own.state == "spoke"
    assert problems == []
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
