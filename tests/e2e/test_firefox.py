"""Debian's Firefox on the sample network: what is written for one browser works in the other.

Playwright drives a Firefox of its own, which no package has; Debian's is driven by Puppeteer over WebDriver BiDi.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from tests.npm import NODE, installed

HERE: Final = Path(__file__).parent / "firefox"
PROGRAM: Final = "visit.mjs"
NARROW: Final = 320
DARK_PAPER: Final = "rgb(20, 25, 24)"
ENDS_WITHIN_S: Final = 300
PAGES: Final = {
    "first": ("Who knows?", "en"),
    "search": ("Who knows?", "en"),
    "person": ("Grace Nakimuli", "en"),
    "neighbourhood": ("What Grace Nakimuli shares with others", "en"),
    "arabic": (None, "ar"),
    "signIn": (None, "ar"),
}


@pytest.fixture(scope="module")
def firefox() -> str:
    """Where it is."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        assert os.environ.get("CI") != "true", "CI has no Firefox: `make test` should have installed it"
        pytest.skip("no Firefox here (Debian: apt-get install firefox-esr)")
    return path


async def visited(address: str, firefox: str) -> dict[str, Any]:
    """What Firefox saw of each page."""
    folder = await asyncio.to_thread(installed, HERE, programs=[PROGRAM])
    program = await asyncio.create_subprocess_exec(
        NODE, folder / PROGRAM, address, firefox, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await asyncio.wait_for(program.communicate(), ENDS_WITHIN_S)
    assert program.returncode == 0, complained.decode()
    seen: dict[str, Any] = json.loads(said)
    return seen


async def test_pages_are_the_same_in_firefox(address: str, firefox: str) -> None:
    seen = await visited(address, firefox)

    for page, (title, language) in PAGES.items():
        assert title in {None, seen[page]["title"]}
        assert seen[page]["language"] == language
        assert seen[page]["direction"] == ("rtl" if language == "ar" else "ltr")
        assert seen[page]["paper"] == DARK_PAPER
        assert seen[page]["width"] <= NARROW, page
    assert any("Hotels" in one for one in seen["suggested"])
    assert seen["suggestionsAreHidden"]
    assert seen["people"] == 10
    assert seen["centre"] == "person:grace-nakimuli"
    assert seen["drawn"] > 2
    assert seen["complaints"] == []
