"""The first visit of a page is no slower than the next: what pages ask of the database is planned before anybody asks.

Neo4j plans a statement when it is first asked, and its Java compiles itself meanwhile: seconds, which the first visitor
of each page would wait.
"""

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlencode

import httpx
import structlog
from fastapi import FastAPI

__all__ = ["look", "warmed"]

log = structlog.get_logger(__name__)

FIRST: Final = (
    f"/?{urlencode({'q': 'Who has trained volunteers at places of worship?'})}",
    "/",
    "/suggestions?q=trai",
    "/organise",
    "/events",
    "/events?view=month",
)
"""Looked at first, in this order; the others are where their links lead."""

LINK: Final = re.compile(r'href="(/(?:[a-z]+(?:/[^"?#./]+)*)?(?:[?][^"#]*)?)["#]')
NOT_LOOKED_AT: Final = ("/administration", "/answer", "/demo", "/graphiql", "/join", "/me", "/questions", "/sign-")
"""Pages for which one signs in as somebody."""

NAMED: Final = re.compile(r"(people|topics|countries|events|series|resources|candidacies)/[^/]+")
"""Where one thing's own name or id stands in an address."""

MOST_PAGES: Final = 50
TRIES: Final = 3
"""A page that takes longer than people wait is asked for again: what was planned until then stays planned."""

OURS: Final = "http://localhost"


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Look at the pages while the network begins to serve, if KNOWWHO_WARM_UP does not say otherwise."""
    if not app.state.settings.warm_up:
        yield
        return
    looking = asyncio.create_task(look(app))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])


async def look(app: FastAPI) -> None:
    """Look at most kinds of pages once, one after another, and forget what they say.

    It is looked at as this machine's command line does, or as the public where the server knows none.
    """
    key = app.state.local_key
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    began = time.monotonic()
    with structlog.contextvars.bound_contextvars(warming=True), suppress(httpx.HTTPError):
        async with httpx.AsyncClient(transport=transport, base_url=OURS, headers=headers) as browser:
            pages, kinds = list(FIRST), {_kind(page) for page in FIRST}
            for page in pages:  # which grows meanwhile
                for link in map(html.unescape, LINK.findall(await _text(browser, page))):
                    if _kind(link) not in kinds and not link.startswith(NOT_LOOKED_AT) and len(pages) < MOST_PAGES:
                        kinds.add(_kind(link))
                        pages.append(link)
        log.info("pages_looked_at", pages=len(pages), seconds=round(time.monotonic() - began, 1))


async def _text(browser: httpx.AsyncClient, path: str) -> str:
    for _ in range(TRIES):
        response = await browser.get(path)
        if response.status_code != httpx.codes.GATEWAY_TIMEOUT:
            return response.text
    return ""


def _kind(path: str) -> str:
    """The same for the pages of all people, of all topics and so on."""
    return NAMED.sub(r"\1/*", path.partition("?")[0])
