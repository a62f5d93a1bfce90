"""An organiser in a real browser, from an idea to who came: in English and in Arabic, with and without scripts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from api.settings import GraphQLSettings
from graph.graph import Graph
from graph.speaking import own_invitations
from graph.viewer import Role, Viewer
from tests.door import MakeAccount, Serve
from tests.e2e.visiting import Visit
from tests.graph.speaking.network import AMA, add_people
from tests.graph.speaking.written import address_people
from tests.mailbox import Mailbox, link_in, mail_settings
from tests.served import served

STARTS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
THE_DAY_COMES = """
MATCH (v:Event) WHERE v.title = $title
SET v.starts_at = datetime() - duration('PT3H'), v.ends_at = datetime() - duration('PT1H')
"""
TITLE = "Who stands at the gate"
IN_SIGHT = """said => {
  const box = said.getBoundingClientRect(), one = document.activeElement, strip = said.closest(".strip");
  const isFree = one === document.body || strip.contains(one) || one.getBoundingClientRect().bottom > box.bottom;
  return scrollY > 0 && box.top >= 0 && box.bottom <= innerHeight && isFree;
}"""
"""Whether the page is scrolled, what it says is in the window, and what has the focus is not under it."""


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


async def test_an_event_from_its_idea_to_who_came(  # noqa: PLR0915 -- one story
    visit: Visit, address: str, graph: Graph, mailbox: Mailbox
) -> None:
    page = visit.page
    await page.goto(f"{address}/organise")
    await page.locator("input[type=email]").fill("organiser@example.org")
    await visit.enter()
    await page.goto(link_in(await mailbox.letter()))
    await page.locator("main button").click()

    # An idea.
    await visit.follow("New event")
    await page.locator("#title").fill(TITLE)
    await page.locator("#kind").select_option("briefing")
    await page.locator("#starts_at").fill(STARTS.strftime("%Y-%m-%dT10:00"))
    await page.get_by_role("checkbox", name="Gates").check()
    await page.locator("#url").fill("ftp://example.org/x")
    await visit.press("Save as a draft")
    wrong = page.locator(".wrong-fields:focus")
    await expect(wrong).to_be_in_viewport()
    await wrong.get_by_role("link").click()
    await expect(page.locator("#url")).to_be_in_viewport()
    await page.locator("#url").fill("")
    visit.problems.clear()  # the browser complains of the 422
    await visit.press("Save as a draft")
    await visit.is_told("The draft is saved. Only organisers know of it.")
    await page.goto(f"{address}/organise")
    idea = page.locator("section[aria-labelledby=column-idea]")
    assert await idea.get_by_role("link").all_inner_texts() == [TITLE]

    # Its shortlist, and its publication.
    await idea.get_by_role("link").click()
    await visit.press("Publish")
    await visit.is_told("The event is published. People can be invited now.")
    event = page.url.split("?")[0]
    for name in ("Owusu", "Haddad"):
        await page.locator("#who").fill(name)
        await visit.enter()
        await visit.press_here("Add")
        await visit.is_told("Added to the shortlist.")
    await page.goto(event)
    await page.locator(".candidate:first-child").get_by_text(visit.said("Note"), exact=True).click()
    await page.locator(".candidate:first-child textarea").fill("She knows the gate.")
    await page.set_viewport_size({"width": visit.look.width, "height": 400})
    await visit.press_here("Up", within=".candidate:last-child")
    await visit.is_told("Moved.")
    await page.locator(".candidate:first-child h3 a").get_by_text("Dana Haddad").wait_for()
    assert await page.locator("#told .said").evaluate(IN_SIGHT)
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert await page.locator("#told .said").evaluate("said => said.getBoundingClientRect().top >= 0")
    await page.set_viewport_size({"width": visit.look.width, "height": 800})
    if visit.look.has_scripts:
        assert await page.evaluate("document.activeElement.closest('.candidate').id") == await page.locator(
            ".candidate"
        ).first.get_attribute("id")
        assert await page.locator(".candidate:last-child textarea").input_value() == "She knows the gate."
    await visit.press_here("Undo")
    await page.locator(".candidate:first-child h3 a").get_by_text("Ama Owusu").wait_for()
    assert await page.locator(".candidate h3 a").all_inner_texts() == ["Ama Owusu", "Dana Haddad"]

    # A letter, read before it leaves, and a yes.
    await visit.follow("Invite", within=".candidate:first-child")
    await page.locator("#answer_by").fill((STARTS - timedelta(days=9)).date().isoformat())
    await page.locator("#words").fill("We need you at the gate.")
    await visit.press("Show the letter again")
    await page.locator(".letter-preview").filter(has_text="We need you at the gate.").wait_for()
    await visit.press("Send the letter")
    await visit.is_told("Taken down, and the letter is on its way.")
    await page.goto(f"{address}/organise")
    assert await page.locator("section[aria-labelledby=column-inviting] h3").all_inner_texts() == [TITLE]

    await page.goto(event)
    card = page.locator(".candidate").first
    await card.get_by_text(visit.said("They answered in another way")).click()
    await visit.press_here("They said yes", within=".candidate:first-child")
    await visit.is_told("Taken down: they said yes.")
    await visit.press_here("Undo")
    await visit.is_told("Taken back. Both steps stay on record.")
    await card.get_by_text(visit.said("They answered in another way")).click()
    await visit.press_here("They said yes", within=".candidate:first-child")
    await visit.is_told("Taken down: they said yes.")
    await visit.follow("Confirm", within=".candidate:first-child")
    await visit.press("Take it down without a letter")
    await visit.is_told("Taken down, without a letter.")
    await page.goto(f"{address}/organise")
    assert await page.locator("section[aria-labelledby=column-confirmed] h3").all_inner_texts() == [TITLE]

    # The day comes.
    await graph.write(THE_DAY_COMES, title=TITLE)
    await page.goto(f"{event}/attendance")
    await page.locator(f"input[name='was {AMA}'][value=spoke]").check()
    await page.locator(f"#talk-{AMA}").fill("Gates and guards")
    await visit.press("Take it down")
    await visit.is_told("Taken down who was there.")
    await visit.press("Undo")
    await visit.is_told("Who was there is as it was taken down before.")
    await page.locator(f"input[name='was {AMA}'][value=spoke]").check()
    await visit.press("Take it down")
    await visit.is_told("Taken down who was there.")
    assert await page.locator(f"input[name='was {AMA}'][value=spoke]").is_checked()
    await page.goto(f"{address}/organise")
    held = page.locator("section[aria-labelledby=column-held] h3")
    assert TITLE in await held.all_inner_texts()

    (own,) = await own_invitations(graph, Viewer(Role.MEMBER, person=AMA, actor="account:of-ama"))
    assert own.state == "spoke"
    assert visit.problems == []
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
