"""When a browser has shown the largest part of a page, and whether anything moved while it loaded; on loopback.

Run it with ``python -m bench.seen``. The sample network is loaded into a folder of its own and served on a socket;
chromium opens each page once, and then a few times more, each with nothing kept from before. What is told is what it
measures itself: Largest Contentful Paint and Cumulative Layout Shift (web.dev/articles/vitals).
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright
from rich.console import Console
from rich.table import Table

from api import web
from api.app import create_app
from api.network import open_network
from graph.engine import attach
from graph.settings import GraphSettings
from graph.viewer import Viewer
from ingest import load
from ingest.sample import SAMPLE
from tests.browser import ARGUMENTS
from tests.served import served

__all__ = ["PAGES", "Seen", "main", "seen"]

PAGES: Final[Mapping[str, str]] = {
    "the first page": "/",
    "a search": "/?q=Who+has+trained+stewards+of+mosques%3F",
    "a person": "/people/grace-nakimuli",
    "an event": "/events/briefing-religious-sites",
}
VISITS: Final = 3
MEASURED: Final = """
() => new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) shift += one.value;
  }).observe({type: "layout-shift", buffered: true});
  new PerformanceObserver(list => {
    const largest = list.getEntries().at(-1).startTime;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve({largest, shift})));
  }).observe({type: "largest-contentful-paint", buffered: true});
})
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds until the largest part of a page was painted, and its layout shift score."""

    largest_ms: float
    shift: float


async def seen(browser: Browser, address: str) -> list[Seen]:
    """What the browser measured at each visit of an address, after one that is not counted."""
    visits = [await _visit(browser, address) for _ in range(VISITS + 1)]
    return visits[1:]


async def _visit(browser: Browser, address: str) -> Seen:
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.goto(address)
        measured = await page.evaluate(MEASURED)
    finally:
        await context.close()
    return Seen(measured["largest"], measured["shift"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, help="keeps the network for the next time")
    arguments, _ = parser.parse_known_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium; put one on the path (Debian: apt-get install chromium).")
    with ExitStack() as held:
        home = arguments.home or Path(held.enter_context(tempfile.TemporaryDirectory()))
        settings = GraphSettings(home=home, neo4j_uri=None, encoder="default")
        web.install(settings)
        held.enter_context(attach(settings))
        asyncio.run(_measure(settings, chromium))


async def _measure(settings: GraphSettings, chromium: str) -> None:
    table = Table(
        "", *(f"LCP ms, {number + 1}" for number in range(VISITS)), "CLS", title="Pages as chromium sees them"
    )
    async with open_network(settings) as network, async_playwright() as playwright:
        await load(network.graph, Viewer.at_the_command_line(), SAMPLE)
        await network.encoder.encoder()
        network.embedding.soon()
        await network.embedding.done()
        app = create_app(settings)
        app.state.network = network
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        async with served(app) as address:
            for name, path in PAGES.items():
                visits = await seen(browser, address + path)
                table.add_row(
                    name, *(f"{one.largest_ms:.0f}" for one in visits), f"{max(one.shift for one in visits):g}"
                )
        await browser.close()
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
