"""What is told to whoever asked too often: when they may again."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.door import visitor_of
from api.door.limits import RateLimited
from api.pages.rendering import render

__all__ = ["too_often"]


async def too_often(request: Request, error: Exception) -> Response:
    """The answer 429: a page for people, JSON for programs; GraphQL tells its own."""
    assert isinstance(error, RateLimited)  # noqa: S101 -- registered for this class alone
    response: Response
    if "text/html" in request.headers.get("accept", ""):
        visitor = await visitor_of(request)
        response = await render(request, "limited.html", visitor, {"sentence": str(error)}, status_code=429)
    else:
        response = JSONResponse({"error": str(error)}, status_code=429)
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response
