"""Every page that links lead to, in a real browser: axe's rules, no layout that shifts or is too wide, nothing from
elsewhere, nothing that the browser complains of; in English on a desk by day, in Arabic on a telephone at night.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
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
from tests.e2e.visiting import sign_in
from tests.npm import installed

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

# What the browser measures while a page loads; buffered, since it begins before this runs.
MEASURES: Final = """
window.measured = {shift: 0, largest: 0};
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) measured.shift += one.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => {
  for (const one of list.getEntries()) measured.largest = one.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
"""
LINKS: Final = "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"
RULES: Final = """async only => (await axe.run(document, {resultTypes: ["violations"], ...only})).violations.map(
  one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`)"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    name: str
    language: str
    width: int
    scheme: Any

    @property
    def other_scheme(self) -> Any:
        return "light" if self.scheme == "dark" else "dark"


LOOKS: Final = (Look("desk", "en", 1280, "light"), Look("telephone", "ar", 320, "dark"))


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


@pytest.fixture(scope="module")
def axe() -> str:
    """The rules as a script, to be run in a page: the page's own policy lets none in from elsewhere."""
    folder = installed(Path(__file__).parent.parent / "accessibility", programs=())
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "role, look",
    [
        *((role, look) for role in (Role.PUBLIC, Role.ADMINISTRATOR) for look in LOOKS),
        *((Role.MEMBER, LOOKS[0]), (Role.ORGANISER, LOOKS[1])),
    ],
    ids=lambda one: one.name if isinstance(one, Look) else one.value,
)
async def test_every_page_can_be_used_by_everybody(  # noqa: PLR0917 -- each is a fixture
    sample: OpenNetwork,
    app: FastAPI,
    browser: Browser,
    address: str,
    sample_account: MakeAccount,
    axe: str,
    *,
    role: Role,
    look: Look,
) -> None:
    context = await browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme=look.scheme,
        locale=look.language,
        reduced_motion="reduce",
    )
    if role is not Role.PUBLIC:
        account = await sample_account("looker@example.org", role=role, expert="grace-nakimuli")
        await sign_in(context, sample, account, address)
    await context.add_init_script(MEASURES)
    crawl, wrong = Crawl(app, address), []
    if role in OWN:
        crawl = Crawl(app, address, waiting=list(OWN[role]), follows=False)
    if role is not Role.PUBLIC:
        crawl.waiting += await between(sample, account, await sample_account("other@example.org", expert=OTHER))
    page = await context.new_page()
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if is_complaint(said.text) else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else wrong.append(asked.url))

    try:
        while crawl.waiting:
            wrong += [f"{at}: {what}" async for at, what in faults(page, crawl, axe, look)]
    finally:
        await context.close()
    assert not wrong, "\n".join(wrong)
    assert len(crawl.seen) > 5 or not crawl.follows, sorted(crawl.seen)


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


async def faults(page: Page, crawl: Crawl, axe: str, look: Look) -> AsyncIterator[tuple[str, str]]:
    """What is wrong with the next page, and where it was."""
    at = crawl.waiting.pop(0)
    async with page.expect_response(lambda response: response.request.is_navigation_request()) as answered:
        await page.goto(crawl.address + at)
    if (await answered.value).status >= 500:
        yield at, f"answers {(await answered.value).status}"
        return
    for link in await page.eval_on_selector_all("a[href]:not([download])", LINKS):
        crawl.take(link)
    await page.evaluate(axe)
    for violation in await page.evaluate(RULES, {}):
        yield at, violation
    await page.emulate_media(color_scheme=look.other_scheme)
    for violation in await page.evaluate(RULES, {"runOnly": ["color-contrast"]}):
        yield at, f"{look.other_scheme}: {violation}"
    await page.emulate_media(color_scheme=look.scheme)
    if (width := await page.evaluate("document.documentElement.scrollWidth")) > look.width:
        yield at, f"is {width} pixels wide on a screen of {look.width}"
    if (shift := (await page.evaluate("measured"))["shift"]) > 0:
        yield at, f"shifts by {shift}"
    if (said := await page.evaluate("document.documentElement.lang")) != look.language:
        yield at, f"is in '{said}'"


def is_complaint(text: str) -> bool:
    """Whether what a browser says of a page is the page's fault; that an address has nothing is not."""
    return "Failed to load resource" not in text
