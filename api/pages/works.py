"""What works are called in the language of a page, where the page has their ids alone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import Request

from api.door import Visitor
from api.pages.reading import read

__all__ = ["works_called"]

AT_ONCE: Final = 100


async def works_called(
    request: Request, visitor: Visitor, ids: Iterable[str | None]
) -> Mapping[str, Mapping[str, Any]]:
    """By id, of those of these that are there, ``titleIn`` and ``titleLanguage``."""
    asked = sorted(set(filter(None, ids)))
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(asked), AT_ONCE):
        told = await read(request, visitor, "work_titles", ids=asked[start : start + AT_ONCE], first=AT_ONCE)
        found |= {edge["node"]["slug"]: edge["node"] for edge in told["resources"]["edges"]}
    return found
