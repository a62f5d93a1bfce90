"""What is told to whoever asks for a page that is not there; or that they may not know of, which looks the same."""

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from api.door import visitor_of
from api.pages.rendering import render

__all__ = ["missing"]

NOT_FOUND = 404


async def missing(request: Request, error: Exception) -> Response:
    """The answer 404: a page for people, JSON for programs; other errors of HTTP are told as they are."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this class alone
    if error.status_code != NOT_FOUND or "text/html" not in request.headers.get("accept", ""):
        return await http_exception_handler(request, error)
    return await render(request, "missing.html", await visitor_of(request), {}, status_code=NOT_FOUND)
