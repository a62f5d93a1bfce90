"""Forms of the administration, as its pages send them."""

import html
import re
from typing import Any

import httpx

from tests.door import LOOPBACK, csrf_on

HERE = {"Sec-Fetch-Site": "same-origin", "Referer": f"{LOOPBACK}/administration/load"}


async def send(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    """Send a form of this browser's own page."""
    data = {"csrf": await csrf_on(browser), **fields}
    return await browser.post(f"/administration{path}", data=data, headers=HERE)


async def send_files(
    browser: httpx.AsyncClient, path: str, files: list[tuple[str, tuple[str, bytes]]], **fields: str
) -> httpx.Response:
    """Send a form with files."""
    data = {"csrf": await csrf_on(browser), **fields}
    return await browser.post(f"/administration{path}", data=data, files=files, headers=HERE)


def text_of(page: httpx.Response) -> str:
    """What is read on a page, its white space as one blank each."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main.partition(">")[2])).split())
