"""Somebody who visits the pages in a real browser, and the ways in which they look at them."""

from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page

from api.network import OpenNetwork
from api.pages.words import words_in
from graph import sessions
from graph.accounts import Account
from graph.sessions import SignedInBy

__all__ = ["LOOKS", "PATIENCE_MS", "UNREACHED", "Look", "Visit", "sign_in", "visiting"]

PATIENCE_MS: Final = 120_000
"""A database that has just begun plans each statement first, and the machine may be busy."""


UNREACHED: Final = "The network cannot be reached at the moment. What you typed is still here."


@dataclass(frozen=True, slots=True)
class Look:
    """In which language somebody visits, whether scripts run, and how wide their window is in pixels."""

    language: str
    has_scripts: bool
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{'scripts' if self.has_scripts else 'no-scripts'}"


LOOKS: Final = (Look("en", True, 1280), Look("ar", False, 320), Look("en", False, 320), Look("ar", True, 1280))


@dataclass(frozen=True, slots=True)
class Visit:
    """A page in a context of its own, and what one does there by the words in the visitor's language."""

    page: Page
    look: Look
    problems: list[str] = field(default_factory=list)
    """What the browser complained of."""

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def said(self, english: str) -> str:
        """How the pages say this."""
        return words_in(self.look.language).gettext(english)

    async def press(self, english: str, *, within: str = "main") -> None:
        """Press the first button of this name, which sends a form, and wait for the page that answers."""
        async with self.page.expect_navigation():
            await self.page.locator(within).get_by_role("button", name=self.said(english), exact=True).first.click()

    async def press_here(self, english: str, *, within: str = "main") -> None:
        """Press the first button of this name, whose form a script sends without leaving the page."""
        if not self.look.has_scripts:
            await self.press(english, within=within)
            return
        await self.page.locator(within).get_by_role("button", name=self.said(english), exact=True).first.click()

    async def follow(self, english: str, *, within: str = "main") -> None:
        """Follow the first link of this name."""
        await self.page.locator(within).get_by_role("link", name=self.said(english), exact=True).first.click()

    async def enter(self) -> None:
        """Send the form in whose field one types, and wait for the page that answers."""
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def is_told(self, english: str) -> None:
        """Wait until the page tells this."""
        await self.page.get_by_role("status").filter(has_text=self.said(english)).first.wait_for()

    async def fits(self) -> None:
        """Nothing is wider than the window, and every control has a name."""
        assert await self.page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
        for control in await self.page.locator("main :is(input, select, textarea):not([type=hidden])").all():
            assert await control.evaluate("one => one.labels.length"), await control.evaluate("one => one.outerHTML")


async def visiting(browser: Browser, look: Look) -> Visit:
    """A visit that looks so; whoever asks for it closes its context."""
    context = await browser.new_context(
        java_script_enabled=look.has_scripts, locale=look.language, viewport={"width": look.width, "height": 800}
    )
    context.set_default_timeout(PATIENCE_MS)
    return Visit(await context.new_page(), look)


async def sign_in(context: BrowserContext, network: OpenNetwork, account: Account, address: str) -> None:
    """Let somebody in as they are after they have signed in by a link."""
    _, secret = await sessions.open_session(
        network.graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent="A browser"
    )
    await context.add_cookies([{"name": "knowwho_session", "value": secret, "url": address}])
