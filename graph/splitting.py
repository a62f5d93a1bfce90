"""A text in its sentences. Readers of files do it in little memory, so it needs no more than sentencex."""

import sentencex

__all__ = ["sentences"]


def sentences(text: str, *, language: str) -> list[str]:
    """A text's sentences with the space after each, so that joined they are the text; ``language`` is a BCP 47 tag."""
    found: list[str] = list(sentencex.segment(language.partition("-")[0], text))
    return found
