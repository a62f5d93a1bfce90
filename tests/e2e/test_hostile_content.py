"""What people write into the network, on its pages at 320 pixels: it runs nothing, stands within the window, and turns
nothing around that stands beside it.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString

from playwright.async_api import Browser, Page

from api.network import OpenNetwork
from graph import invitations, own_tokens, questions
from graph.accounts import Account
from graph.event_changes import create
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.people import profiles
from graph.speaking import Proposed, State, Wanted, shortlist
from graph.values import TopicId
from graph.viewer import Role
from tests.door import MakeAccount
from tests.e2e.looked_over import TELEPHONE, Window, opened, outside, watched
from tests.e2e.visiting import PATIENCE_MS, sign_in
from tests.graph.speaking.network import AMA, DANA, KOFI, ORGANISER, add_people
from tests.graph.speaking.written import address_people, lettered, taken

WINDOWS: Final = (TELEPHONE, replace(TELEPHONE, name="narrow", language="en"))
MARKUP: Final = "<script>ran = 1</script><img src=x onerror='ran = 1'>"
# Each ends in what nothing else has, by which it is told from what stands beside it.
END: Final = "∎"
HOSTILE: Final = f"{MARKUP} {'W' * 100}{'م' * 100} 🦄\u200b\u200d\u200f {{{{7*7}}}}{END}"
# What repositories refuse, but an older network may have kept.
OVERRIDDEN: LiteralString = """
MATCH (t:Topic {id: 'gates'}), (o:Organisation {id: 'guild'}), (ama:Expert {id: 'ama'}), (held:Event {id: 'held'})
SET t.label_en = $text, o.name = $text, held.title = $text
CREATE (ama)-[:EVIDENCED_BY]->(:Passage {id: 'p-hostile', text: $text, title: $text, kind: 'talk', position: 1}),
       (ama)-[:SPOKE_AT {id: 's9', role: $text, talk: $text}]->(held),
       (ama)-[:AUTHORED]->(r:Resource {id: 'guide', title: $text, kind: 'guide', description: $text})-[:COVERS]->(t),
       (held)-[:PART_OF]->(:Series {id: 'gatherings', name: $text, description: $text}),
       (:Network {id: 'network', title: $text, description: $text, fictional: false})
WITH 1 AS one
MATCH (n:Expert|Event|Question|Candidacy|Token)
SET n.name = CASE WHEN n.name ENDS WITH $end THEN $text ELSE n.name END,
    n.title = CASE WHEN n.title ENDS WITH $end THEN $text ELSE n.title END,
    n.place = CASE WHEN n.place ENDS WITH $end THEN $text ELSE n.place END,
    n.description = CASE WHEN n.description ENDS WITH $end THEN $text ELSE n.description END,
    n.headline = CASE WHEN n.headline ENDS WITH $end THEN $text ELSE n.headline END,
    n.text = CASE WHEN n.text ENDS WITH $end THEN $text ELSE n.text END,
    n.note = CASE WHEN n.note ENDS WITH $end THEN $text ELSE n.note END
"""
PAGES: Final = (
    *("/", "/people", "/people/ama", "/people/ama/neighbourhood", "/topics", "/topics/gates"),
    *("/countries/GH", "/events", "/events/held", "/events/{event}", "/series", "/series/gatherings"),
    *("/resources", "/resources/guide", "/questions", "/questions/{own}", "/questions/{other}"),
    *("/me", "/me?as=members", "/me/profile", "/me/found", "/me/invitations"),
    *("/organise", "/organise/coverage", "/organise/answers", "/organise/events/{event}"),
    *("/organise/events/{event}?who=ama", "/organise/events/{event}/edit", "/organise/events/{event}/panel"),
    *("/organise/events/held/attendance", "/organise/candidacies/{asked}/invited", "/answer/{secret}"),
    *("/administration/people", "/administration/people/invitations", "/administration/sources"),
    *("/administration/people/duplicates", "/administration/tokens", "/administration/audit", "/join/{open}"),
)
# Whatever turns what follows it must be alone in what is isolated from its surroundings.
TURNED: Final = """end => {
  const isolated = one => {
    const style = getComputedStyle(one);
    return !/^(inline|contents)$/.test(style.display) || /isolate|plaintext/.test(style.unicodeBidi);
  };
  const around = node => { let one = node.parentElement; while (!isolated(one)) one = one.parentElement; return one; };
  const texts = new Map(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const one = around(node);
    if (one.checkVisibility()) texts.set(one, (texts.get(one) ?? "") + node.data);
  }
  const override = "\u202e", turning = new RegExp(`${override}[^${end}]*(?:[${end}…]|[.]{3})`, "g"), found = [];
  for (const [one, text] of texts) {
    const after = text.includes(override) && text.slice(text.indexOf(override)).replace(turning, "").trim();
    if (after) found.push(`turns "${after.slice(0, 40)}" in ${one.outerHTML.slice(0, 100)}`);
  }
  return found.slice(0, 4);
}"""


async def test_what_people_write_runs_nothing_breaks_nothing_and_turns_nothing(
    browser: Browser, served_network: str, own_network: OpenNetwork, graph: Graph, make_account: MakeAccount
) -> None:
    await add_people(graph)
    await address_people(graph)
    account = await make_account("keeper@example.org", role=Role.ADMINISTRATOR, expert=AMA)
    made = await written(graph, account, make_account)
    made["own"] = await questions.ask(graph, account.viewer, text=HOSTILE, language="en", topics=[TopicId("gates")])
    await graph.write(OVERRIDDEN, text=f"\u202e{HOSTILE}", end=END)
    await stamped(graph)
    wrong: list[str] = []

    async def visit(window: Window) -> None:
        context = await opened(browser, window)
        context.set_default_timeout(PATIENCE_MS)
        await sign_in(context, own_network, account, served_network)
        page = await context.new_page()
        watched(page, served_network, wrong)
        for at in PAGES:
            answer = await page.goto(served_network + at.format(**made))
            assert answer is not None
            found = [] if answer.ok else [f"answers {answer.status}"]
            wrong.extend(f"{window.name} {at}: {what}" for what in [*found, *await seen(page, window)])
        await context.close()

    await asyncio.gather(*map(visit, WINDOWS))
    assert not wrong, "\n".join(wrong)


async def seen(page: Page, window: Window) -> list[str]:
    """What what people wrote does to the page."""
    found = [*await outside(page, window), *await page.evaluate(TURNED, END)]
    if await page.evaluate("'ran' in window"):
        found.append("runs")
    if await page.locator("main :is(img, script)").count():
        found.append("has markup of theirs")
    return found


async def written(graph: Graph, keeper: Account, make_account: MakeAccount) -> dict[str, str]:
    """Have people write it wherever they can; what addresses are made of."""
    named: profiles.ProfileChanges = {"name": HOSTILE, "headline": HOSTILE}
    for expert in (AMA, KOFI):
        await profiles.update(graph, keeper.viewer, expert=expert, expected_version=0, changes=named)
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    given = {"title": HOSTILE, "kind": "briefing", "place": HOSTILE, "description": HOSTILE, "topics": ["gates"]}
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "time_zone": "UTC"}
    event = (await create(graph, ORGANISER, given={**given, **times}, idempotency_key=None)).event  # type: ignore[typeddict-item]
    people = [Proposed(expert, HOSTILE) for expert in (AMA, DANA, KOFI)]
    first, asked, _ = (await shortlist(graph, ORGANISER, event=event, people=people)).added
    await lettered(graph, first.id, State.INVITED, Wanted(HOSTILE, "en"))
    made = {"event": str(event), "asked": str(asked.id), "secret": str((await taken(graph)).secret)}
    _, made["open"] = await invitations.invite(graph, ORGANISER, email="open@example.org", note=HOSTILE)
    dana = (await make_account("dana@example.org", expert=DANA)).viewer
    made["other"] = await questions.ask(graph, dana, text=HOSTILE, language="ar", topics=[TopicId("gates")])
    await own_tokens.create(graph, dana, name=f"<b>{'W' * 60}{END}", role=Role.MEMBER, expires_at=starts)
    return made


async def stamped(graph: Graph) -> None:
    """Put in force what was written past the repositories."""

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[AMA, DANA, KOFI])

    await graph.transact(work)
