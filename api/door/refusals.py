"""A request that is not let in: what it is told, whichever way it came."""

from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

__all__ = ["Refusal", "refused"]


class Refusal(Exception):
    """The door stays shut; the sentence says why and what to do, and nothing of what is behind it."""

    def __init__(self, sentence: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.sentence = sentence
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(sentence)


async def refused(request: Request, refusal: Exception) -> Response:
    """The answer to a request that was refused: for GraphQL's clients in GraphQL's shape, for people as text."""
    assert isinstance(refusal, Refusal)  # noqa: S101 -- registered for this class alone
    headers = {**refusal.headers, "Cache-Control": "no-store"}
    if request.url.path.startswith("/graphql"):
        return JSONResponse({"errors": [{"message": refusal.sentence}]}, status_code=refusal.status, headers=headers)
    if "text/html" in request.headers.get("accept", ""):
        return PlainTextResponse(refusal.sentence, status_code=refusal.status, headers=headers)
    return JSONResponse({"error": refusal.sentence}, status_code=refusal.status, headers=headers)
