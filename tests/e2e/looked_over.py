"""What is looked for on any page, however one came there: axe's rules by day and by night, what is wider than the
window, cut off or broken within words, what shifts, what the browser complains of, and what is asked of another host.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.npm import installed

__all__ = ["DESK", "TELEPHONE", "WINDOWS", "Window", "contrast", "faults", "opened", "outside", "rules", "watched"]

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
VIOLATIONS: Final = """async only => (await axe.run(document, {resultTypes: ["violations"], ...only})).violations.map(
  one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`)"""
# What stands outside the window, unless it can be scrolled to within its own box, and what its own box cuts off.
OUTSIDE: Final = """() => {
  const is = (one, what) => what.test(getComputedStyle(one).overflowX);
  const scrolls = one =>
    one && one !== document.body && (is(one, /auto|scroll|hidden|clip/) || scrolls(one.parentElement));
  const name = one => one.outerHTML.slice(0, 160);
  const found = [];
  for (const one of document.body.querySelectorAll("*:not(.skip, .hidden, svg *, .picture *, option)")) {
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !one.checkVisibility()) continue;
    if ((box.left < -1 || box.right > innerWidth + 1) && !scrolls(one.parentElement))
      found.push(`stands outside: ${name(one)}`);
    if (!one.matches("input, select, svg, .picture") && is(one, /hidden|clip/) && one.scrollWidth > one.clientWidth + 1)
      found.push(`is cut: ${name(one)}`);
  }
  return found.slice(0, 3);
}"""

# Short words that are broken over two lines, and choices too narrow to be read; what is written without spaces breaks
# where it likes.
BROKEN: Final = r"""() => {
  const found = [], range = document.createRange();
  const spaced = /(?<!\S)(?!\S*[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])/u;
  const words = new RegExp(spaced.source + /[\p{L}\p{M}\p{N}'’().,:;!?«»]{2,14}(?!\S)/u.source, "gu");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.parentElement.checkVisibility() || text.parentElement.closest("option, textarea, .hidden, svg")) continue;
    if (text.parentElement.getBoundingClientRect().width <= 1) continue;  // for who listens alone
    for (const word of text.data.matchAll(words)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter(box => box.width);
      if (boxes.some(box => box.top > boxes[0].top + box.height / 2))
        found.push(`breaks ${word[0]}: ${text.parentElement.outerHTML.slice(0, 120)}`);
    }
  }
  for (const one of document.querySelectorAll("select"))
    if (one.checkVisibility() && one.getBoundingClientRect().width < 100)
      found.push(`is too narrow: ${one.outerHTML.slice(0, 120)}`);
  return found.slice(0, 3);
}"""


@dataclass(frozen=True, slots=True)
class Window:
    """How pages are looked at: in a language, so many pixels wide, by day or by night."""

    name: str
    language: str
    width: int
    scheme: Any

    @property
    def other_scheme(self) -> Any:
        return "light" if self.scheme == "dark" else "dark"

    @property
    def size(self) -> Any:
        """In pixels."""
        return {"width": self.width, "height": 800}


DESK: Final = Window("desk", "en", 1280, "light")
TELEPHONE: Final = Window("telephone", "ar", 320, "dark")
WINDOWS: Final = (DESK, TELEPHONE)


def rules() -> str:
    """Axe as a script, to be run in a page: the page's own policy lets none in from elsewhere."""
    folder = installed(Path(__file__).parent.parent / "accessibility", programs=())
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


async def opened(browser: Browser, window: Window) -> BrowserContext:
    """A context that looks so, whose pages measure themselves; whoever asks for it closes it."""
    context = await browser.new_context(
        viewport=window.size, color_scheme=window.scheme, locale=window.language, reduced_motion="reduce"
    )
    await context.add_init_script(MEASURES)
    return context


def watched(page: Page, address: str, wrong: list[str]) -> None:
    """Take down what the browser complains of on a page, and what the page asks of another host."""

    def complained(said: ConsoleMessage) -> None:
        if "Failed to load resource" not in said.text:  # that an address has nothing is not the page's fault
            wrong.append(f"{page.url}: {said.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "file:")):
            wrong.append(f"{page.url} asks {request.url}")

    page.on("console", complained)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", asked)


async def faults(page: Page, axe: str, window: Window, *, speaks: str | None = None) -> Sequence[str]:
    """What is wrong with the page as it is now; ``speaks`` is its language, if it has one of its own."""
    await page.evaluate(axe)
    found = list(await page.evaluate(VIOLATIONS, {}))
    found += await outside(page, window)
    if (shift := (await page.evaluate("measured"))["shift"]) > 0:
        found.append(f"shifts by {shift}")
    if (said := await page.evaluate("document.documentElement.lang")) != (speaks or window.language):
        found.append(f"is in '{said}'")
    return found


async def contrast(page: Page, window: Window) -> Sequence[str]:
    """What cannot be read by night, if the page is looked at by day, or the reverse; axe is there already."""
    await page.emulate_media(color_scheme=window.other_scheme)
    found = await page.evaluate(VIOLATIONS, {"runOnly": ["color-contrast"]})
    await page.emulate_media(color_scheme=window.scheme)
    return [f"{window.other_scheme}: {one}" for one in found]


async def outside(page: Page, window: Window) -> Sequence[str]:
    """What of the page is wider than the window, cut off, or broken within words."""
    found = [*await page.evaluate(OUTSIDE), *await page.evaluate(BROKEN)]
    if (width := await page.evaluate("document.documentElement.scrollWidth")) > window.width:
        found.append(f"is {width} pixels wide on a screen of {window.width}")
    return found
