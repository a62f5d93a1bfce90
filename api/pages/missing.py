"""What is told to whoever asks for a page that is not there; or that they may not know of, which looks the same."""

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from api.door import visitor_of
from api.pages.rendering import render

__all__ = ["missing"]

NOT_FOUND = 404
NO_PAGE = (NOT_FOUND, 405)
"""What is there for a form to be sent to alone is no page either."""


async def missing(request: Request, error: Exception) -> Response:
    """The answer that there is no such page: one for people, JSON for programs; other errors are told as they are."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this class alone
    if error.status_code not in NO_PAGE or "text/html" not in request.headers.get("accept", ""):
        return await http_exception_handler(request, error)
    response = await render(
        request, "missing.html", await visitor_of(request), {}, status_code=error.status_code, page="/"
    )
    response.headers.update(error.headers or {})
    return response
