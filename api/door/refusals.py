"""A request that is not let in."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

__all__ = ["Answered", "Refusal", "as_text"]


class Refusal(Exception):
    """The door stays shut; the sentence says why and what to do, and nothing of what is behind it."""

    def __init__(self, sentence: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.sentence = sentence
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(sentence)


Answered = Callable[[Request, Refusal], Response]
"""Makes the answer to a request that no page has seen yet; it must ask nothing of the graph."""


def as_text(_: Request, refusal: Refusal) -> Response:
    """The answer for programs."""
    return PlainTextResponse(refusal.sentence, status_code=refusal.status, headers=refusal.headers)
