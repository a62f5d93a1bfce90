"""How long a person waits for a page, as chromium measures it on loopback, and that nothing moves meanwhile."""

import pytest
from playwright.async_api import Browser

from bench.seen import PAGES, seen

LARGEST_WITHIN_MS = 1500


@pytest.mark.parametrize("page", PAGES)
async def test_the_largest_part_is_soon_there_and_nothing_moves(browser: Browser, address: str, page: str) -> None:
    visits = await seen(browser, address + PAGES[page])

    assert min(visit.largest_ms for visit in visits) < LARGEST_WITHIN_MS
    assert [visit.shift for visit in visits] == [0] * len(visits)
