"""The panel builder in a real browser: whoever changes a seat stays at it, in English and Arabic, with and without
scripts.
"""

from typing import Any, Final

from api.network import OpenNetwork
from graph.viewer import Role
from tests.door import MakeAccount
from tests.e2e.looked_over import BROKEN
from tests.e2e.visiting import Visit, sign_in

PANEL: Final = "/organise/events/briefing-religious-sites/panel?seats=4&speaks=fr&speaks_least=1"
WHERE: Final = """() => {
  const {top, bottom} = document.activeElement.getBoundingClientRect();
  return {id: document.activeElement.id, isSeen: top >= 0 && bottom <= innerHeight, scrolled: scrollY > 0};
}"""


async def test_whoever_changes_a_seat_stays_at_it(
    visit: Visit, address: str, sample: OpenNetwork, sample_account: MakeAccount
) -> None:
    page = visit.page
    account = await sample_account("panels@example.org", role=Role.ORGANISER, expert="grace-nakimuli")
    await sign_in(page.context, sample, account, address)
    await page.goto(address + PANEL)
    seat = page.locator(".seats > li").nth(2)

    async def is_at(id: str | None) -> None:
        where: Any = await page.evaluate(WHERE)
        assert where == {"id": id, "isSeen": True, "scrolled": True}

    locked = await seat.locator("h3").get_attribute("id")
    await seat.get_by_role("link", name=visit.said("Lock"), exact=True).click()
    await page.wait_for_url("**#seat-*")
    await is_at(locked)
    await visit.follow("Unlock")
    await page.get_by_role("link", name=visit.said("Unlock"), exact=True).wait_for(state="detached")
    await is_at(locked)
    instead = seat.locator(".chips a").first
    name = await instead.inner_text()
    await instead.click()
    await page.locator("h3").get_by_text(name).wait_for()
    assert await page.locator("h3:focus").get_by_text(name).count() == 1
    await is_at(await page.evaluate("document.activeElement.id"))
    await visit.follow("Undo")
    await page.wait_for_url("**#result")
    await is_at("result")
    await page.locator("[name=newcomers]").fill("1")
    await visit.press("Find the panel")
    await is_at("result")

    assert await page.evaluate(BROKEN) == []
    await visit.fits()
    assert visit.problems == []
