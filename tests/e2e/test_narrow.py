"""Tables on a telephone: whatever they hold, no word is broken, and the page is no wider than the window."""

from typing import Final

from playwright.async_api import Browser

from api.network import OpenNetwork
from graph import invitations
from graph.graph import Graph
from graph.speaking import Answer, answer_own
from graph.viewer import Role, Viewer
from tests.door import MakeAccount
from tests.e2e.looked_over import BROKEN
from tests.e2e.visiting import PATIENCE_MS, sign_in
from tests.graph.speaking.network import AMA, BRIEFING, DANA, KOFI, ORGANISER, add_people, listed, stepped
from tests.graph.speaking.written import address_people, invited

WIDTHS: Final = (320, 390)
TABLES: Final = (
    *("/organise/answers", "/organise/events/briefing/attendance", "/organise/coverage?by=language"),
    *("/administration/audit", "/administration/tokens", "/administration/people"),
    *("/administration/people/invitations", "/countries", "/people/ama", "/me/tokens"),
)
FIELDS_OUTSIDE: Final = """() => [...document.querySelectorAll("main :is(input:not([type=hidden]), button)")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .map(one => one.outerHTML.slice(0, 120)).slice(0, 3)"""


async def test_no_word_of_a_table_is_broken_on_a_telephone(
    browser: Browser, served_network: str, own_network: OpenNetwork, graph: Graph, make_account: MakeAccount
) -> None:
    await add_people(graph)
    await address_people(graph)
    await invited(graph, DANA)
    ama, kofi = await listed(graph, AMA, KOFI)
    for one in (ama, kofi):
        await stepped(graph, one.id, "invited")
    of_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await answer_own(graph, of_ama, event=BRIEFING, answer=Answer.DECLINE, reason="On that day I am away.")
    await invitations.invite(graph, ORGANISER, email="somebody.else@example.org", note="Do come.")
    account = await make_account("keeper.of.the.network@example.org", role=Role.ADMINISTRATOR)
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    await sign_in(context, own_network, account, served_network)
    page, wrong = await context.new_page(), list[str]()

    for at in TABLES:
        answered = await page.goto(served_network + at)
        assert answered is not None
        assert answered.ok, at
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            wrong += [f"{at} at {width}: {one}" for one in await page.evaluate(BROKEN)]
            if (wide := await page.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append(f"{at} at {width}: is {wide} wide")

            for field in await page.evaluate(FIELDS_OUTSIDE):
                wrong.append(f"{at} at {width}: nobody reaches {field}")

    await context.close()
    assert not wrong, "\n".join(wrong)
