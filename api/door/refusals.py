"""A request that is not let in."""

from collections.abc import Mapping

__all__ = ["Refusal"]


class Refusal(Exception):
    """The door stays shut; the sentence says why and what to do, and nothing of what is behind it."""

    def __init__(self, sentence: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.sentence = sentence
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(sentence)
