"""Where a list goes on, as the address of a page says it."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.exceptions import HTTPException

from graph.values import Cursor, NotACursor, Page

__all__ = ["after_of", "next_of"]


def after_of(request: Request) -> Cursor | None:
    """The place in a list behind which a page begins; None for its beginning.

    Raises:
        HTTPException: 404, for what is no place.
    """
    try:
        return Cursor.parse(text) if (text := request.query_params.get("after")) else None
    except NotACursor:
        raise HTTPException(404) from None


def next_of(request: Request, page: Page[Any]) -> str | None:
    """The address of what follows on a page; None if nothing does."""
    if not page.has_next:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {"after", "said"}]
    return f"{request.url.path}?{urlencode([*kept, ('after', str(page.entries[-1][0]))])}"
