"""What the first page costs beside the search that it shows, and what a browser fetches for it; measured in one run.

Run it with ``python -m bench.first_page``. The sample network is loaded into a folder of its own. Each question is put
to the search alone and to the page, by turns and each in words of its own, since the encoder remembers questions; so a
busy machine slows both alike. Suggestions are timed in the same rounds. The page is asked for as a member sees it, who
sees most people; without a socket, as the application answers it. What a browser fetches is weighed in chromium, which
has nothing from before.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from playwright.async_api import BrowserContext, async_playwright
from rich.console import Console
from rich.table import Table

from api import web
from api.app import create_app
from api.door import Visitor, visitor_of
from api.door.limits import Limits
from api.network import OpenNetwork, open_network
from api.settings import LimitSettings
from graph.engine import attach
from graph.settings import GraphSettings
from graph.viewer import Role, Viewer
from ingest import load
from ingest.sample import SAMPLE
from tests.browser import ARGUMENTS
from tests.served import served

__all__ = ["TARGET_KB", "fetched", "main"]

QUESTIONS = Path(__file__).parents[1] / "tests" / "quality" / "questions.jsonl"
MEMBER = Viewer(Role.MEMBER)
ASKED = 60
WARM_UP = 10
TARGET_RATIO = 1.3
TARGET_KB = 100
OFTEN = "1000000 per 1 minute"
TYPED = ("ho", "hot", "gra", "tun", "فنا", "酒", "Петр", "secur", "ma", "al")


@dataclass
class _Taken:
    """Milliseconds of each round."""

    search: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    suggestions: list[float] = field(default_factory=list)


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
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    async with open_network(settings) as network:
        await load(network.graph, Viewer.at_the_command_line(), SAMPLE)
        await network.encoder.encoder()
        network.embedding.soon()
        await network.embedding.done()
        app = create_app(settings)
        app.state.network = network
        app.state.limits = Limits(LimitSettings(limit_search=OFTEN, limit_suggestion=OFTEN))
        visitor = Visitor(MEMBER, account=None, session=None, csrf="")
        app.dependency_overrides[visitor_of] = lambda: visitor
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            taken = await _timed(network, browser, questions)
        weights = await _weighed(app, chromium)
    _show(taken, weights)


async def _timed(network: OpenNetwork, browser: httpx.AsyncClient, questions: Sequence[str]) -> _Taken:
    taken = _Taken()
    for round_, question in enumerate(islice(cycle(questions), ASKED)):
        marks = [time.perf_counter()]
        await network.search.ask(MEMBER, f"{question} ({round_})")
        marks.append(time.perf_counter())
        for path, asked in (("/", {"q": f"{question} [{round_}]"}), ("/", {}), ("/suggestions", {"q": _typed(round_)})):
            (await browser.get(path, params=asked)).raise_for_status()
            marks.append(time.perf_counter())
        if round_ >= WARM_UP:
            lists = (taken.search, taken.page, taken.empty, taken.suggestions)
            for times, begun, ended in zip(lists, marks, marks[1:], strict=False):
                times.append((ended - begun) * 1e3)
    return taken


def _typed(round_: int) -> str:
    return TYPED[round_ % len(TYPED)]


async def fetched(context: BrowserContext, address: str) -> Mapping[str, int]:
    """The bytes that come over the wire, heads of answers included, for each address that a first visit asks for.

    Whoever gives the context has visited nothing in it.
    """
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    asked: dict[str, str] = {}
    weights: dict[str, int] = {}
    wire.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one["request"]["url"]}))
    wire.on(
        "Network.loadingFinished", lambda one: weights.update({asked[one["requestId"]]: int(one["encodedDataLength"])})
    )
    await wire.send("Network.enable")
    await page.goto(address, wait_until="networkidle")
    await page.close()
    return {url: size for url, size in weights.items() if not url.startswith("data:")}


async def _weighed(app: FastAPI, chromium: str) -> Mapping[str, int]:
    async with served(app) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        weights = await fetched(await browser.new_context(), address)
        await browser.close()
    return {urlsplit(url).path: size for url, size in weights.items()}


def _show(taken: _Taken, weights: Mapping[str, int]) -> None:
    console = Console(highlight=False)
    table = Table("", "p50 ms", "p95 ms", title="The first page of the sample network", title_justify="left")
    named: dict[str, Any] = {
        "the search alone": taken.search,
        "the page with its answer": taken.page,
        "the page before anything is asked": taken.empty,
        "suggestions": taken.suggestions,
    }
    for name, figures in named.items():
        table.add_row(name, f"{median(figures):.1f}", f"{quantiles(figures, n=20)[-1]:.1f}")
    console.print(table)
    ratio = median(taken.page) / median(taken.search)
    console.print(f"page / search, p50: {ratio:.2f}; the target is less than {TARGET_RATIO}")
    fetched = Table("", "bytes sent", title="What a browser fetches the first time", title_justify="left")
    for path, size in weights.items():
        fetched.add_row(path, f"{size:,}")
    console.print(fetched)
    total = sum(weights.values()) / 1e3
    console.print(f"together {total:.1f} kB; the target is less than {TARGET_KB}")


if __name__ == "__main__":
    main()
