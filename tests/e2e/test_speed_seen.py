"""How long a person waits for a page, as chromium measures it on loopback, and that nothing moves meanwhile."""

import pytest
from playwright.async_api import Browser

from bench.seen import PAGES, Seen, seen

LARGEST_WITHIN_MS = 1500
MOST_TIMES = 5


@pytest.mark.parametrize("page", PAGES)
async def test_the_largest_part_is_soon_there_and_nothing_moves(browser: Browser, address: str, page: str) -> None:
    """How long a visit takes is told by the clock of a machine that may do other things meanwhile, and does for seconds
    at a time: it is measured anew until one visit is within the bound, so a page is too slow only where none is. That
    something moves depends on no clock, and is a fault at any visit.
    """
    visits: list[Seen] = []
    for _ in range(MOST_TIMES):
        visits += await seen(browser, address + PAGES[page])
        if min(visit.largest_ms for visit in visits) < LARGEST_WITHIN_MS:
            break

    assert min(visit.largest_ms for visit in visits) < LARGEST_WITHIN_MS
    assert [visit.shift for visit in visits] == [0] * len(visits)
