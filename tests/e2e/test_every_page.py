"""Every page that links lead to, in a real browser: axe's rules, no layout that shifts or is too wide, nothing from
elsewhere, nothing that the browser complains of; in English on a desk by day, in Arabic on a telephone at night.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from playwright.async_api import Browser, Page

from api.network import OpenNetwork
from graph import own_tokens, questions
from graph.accounts import Account
from graph.values import TopicId
from graph.viewer import Role
from tests.door import MakeAccount
from tests.e2e.looked_over import WINDOWS, Window, contrast, faults, opened, watched
from tests.e2e.visiting import sign_in

FILES: Final = (".csv", ".docx", ".ics", ".json", ".pdf", ".vcf")
NO_PAGES: Final = ("/graphiql", "/sign-out", "/static", "/assets", "/graphql")
STARTS: Final = ("/", "/?q=Who+has+trained+stewards+of+mosques%3F", "/?q=zzz&country=FJ", "/nowhere", "/achievements")

# What looks otherwise to members and to organisers than to the public and to administrators.
OWN: Final = {
    Role.MEMBER: (
        *("/", STARTS[1], "/people/yakubu-danjibrin", "/topics/hotels", "/questions", "/questions/new"),
        *("/me", "/me/profile", "/me/found", "/me/invitations", "/me/tokens"),
    ),
    Role.ORGANISER: (
        *("/", "/people/yakubu-danjibrin", "/questions", "/questions/new", "/me", "/me/tokens"),
        *("/organise", "/organise/coverage", "/administration"),
    ),
}

# Who leaves a question open beside the looker, and what both write.
OTHER: Final = "yakubu-danjibrin"
LONG: Final = "Who has protected hotels near stadiums? The plans are at https://www.example.org/" + "plans/" * 20
ARABIC: Final = "من لديه خبرة في حماية الفنادق؟"

LOOKS: Final = 3
GATEWAY_TIMEOUT: Final = 504
LINKS: Final = "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"


@dataclass
class Crawl:
    """What is found on the way: one address for each route and role."""

    app: FastAPI
    address: str
    routes: list[str] = field(init=False)
    waiting: list[str] = field(default_factory=lambda: list(STARTS))
    follows: bool = True
    seen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routes = sorted(
            {route.path or "" for route in iter_route_contexts(self.app.routes)}, key=lambda one: "{" in one
        )

    def take(self, link: str) -> None:
        """Note where a link leads, if links are followed and no other address of the same route is known."""
        if not self.follows:
            return
        parts = urlsplit(link)
        if (
            f"{parts.scheme}://{parts.netloc}" != self.address
            or parts.path.startswith(NO_PAGES)
            or parts.path.endswith(FILES)
        ):
            return
        route = self.route_of(parts.path)
        if route not in self.seen:
            self.seen[route] = parts.path
            self.waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def route_of(self, path: str) -> str:
        return next((route for route in self.routes if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", route), path)), path)


@pytest.mark.slow
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.name)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
async def test_every_page_can_be_used_by_everybody(  # noqa: PLR0917 -- each is a fixture
    sample: OpenNetwork,
    app: FastAPI,
    browser: Browser,
    address: str,
    sample_account: MakeAccount,
    axe: str,
    *,
    role: Role,
    window: Window,
) -> None:
    context = await opened(browser, window)
    if role is not Role.PUBLIC:
        account = await sample_account("looker@example.org", role=role, expert="grace-nakimuli")
        await sign_in(context, sample, account, address)
    wrong: list[str] = []
    crawl = Crawl(app, address)
    if role in OWN:
        crawl = Crawl(app, address, waiting=list(OWN[role]), follows=False)
    if role is not Role.PUBLIC:
        crawl.waiting += await between(sample, account, await sample_account("other@example.org", expert=OTHER))
    page = await context.new_page()
    watched(page, address, wrong)

    try:
        while crawl.waiting:
            at = crawl.waiting.pop(0)
            wrong += [f"{at}: {what}" for what in await looked_at(page, crawl.address + at, axe, window)]
            for link in await page.eval_on_selector_all("a[href]:not([download])", LINKS):
                crawl.take(link)
            wrong += [f"{at}: {what}" for what in await contrast(page, window)]
    finally:
        await context.close()
    assert not wrong, "\n".join(wrong)
    assert len(crawl.seen) > 5 or not crawl.follows, sorted(crawl.seen)


async def looked_at(page: Page, address: str, axe: str, window: Window) -> Sequence[str]:
    """What is wrong with the page of an address.

    It is opened again where something moved, or the database had no time: on a busy machine the browser may show a page
    before all of it has come, now here and now there. What is the page's own doing is so each time.
    """
    found: Sequence[str] = ()
    for _ in range(LOOKS):
        answer = await page.goto(address)
        assert answer is not None
        found = await faults(page, axe, window)
        if answer.status >= 500:
            found = [f"answers {answer.status}", *found]
        if answer.status != GATEWAY_TIMEOUT and not any(one.startswith("shifts ") for one in found):
            break
    return found


async def between(network: OpenNetwork, looker: Account, other: Account) -> list[str]:
    """Let both leave a question open and offer help with the looker's, who has a token too; the questions' addresses.

    All of it is forgotten with the accounts.
    """
    graph, topics = network.graph, [TopicId("hotels"), TopicId("religious-sites")]
    own = await questions.ask(graph, looker.viewer, text=LONG, language="en", topics=topics)
    others = await questions.ask(graph, other.viewer, text=ARABIC, language="ar", topics=topics)
    await questions.offer(graph, other.viewer, id=own, note=LONG)
    ends = datetime.now(UTC) + timedelta(days=90)
    await own_tokens.create(graph, looker.viewer, name="newsletter", role=Role.MEMBER, expires_at=ends)
    return [f"/questions/{own}", f"/questions/{others}"]
