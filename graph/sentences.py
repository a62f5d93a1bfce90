"""Sentences: where a text's own begin and end, their vectors as a passage keeps them, and which answers a question.

A passage keeps its sentences in two properties. ``sentences`` is a list of integers, the start and the end of each in
turn, in code points of the passage's text; empty where there is nothing to tell apart. ``sentence_vectors`` is one byte
array, a row a sentence and a signed byte a dimension: each row is its unit vector scaled so that the largest number is
127, and loses nothing that matters, since a cosine does not ask how long a vector is. With the default encoder that is
768 bytes a sentence, some 4 kB a passage of five, and 25 kB at most.
"""

import re
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import sentencex

__all__ = ["FloatMatrix", "FloatVector", "Span", "nearest", "packed", "sentences", "spans"]

LARGEST = 127
MOST = 32
"""Sentences of a passage that are told apart; the last one takes the rest. A passage has 180 words at most."""
SHORTEST = 8
"""In characters; what is shorter, a number or an initial, is part of what follows."""

# A full stop of Chinese ends a sentence before a number too, which sentencex takes for a decimal.
FULL_STOP = re.compile(r"(?<=[。！？])(?=\d)")

Span = tuple[int, int]
FloatMatrix = npt.NDArray[np.float32]
FloatVector = npt.NDArray[np.float32]


def sentences(text: str, *, language: str) -> list[str]:
    """A text's sentences with the space after each, so that joined they are the text; ``language`` is a BCP 47 tag."""
    found: list[str] = list(sentencex.segment(language.partition("-")[0], text))
    return found


def spans(text: str, *, language: str | None) -> list[Span]:
    """Where each sentence of a passage starts and ends, without the space around it; empty if there is only one."""
    parts = [part for whole in sentences(text, language=language or "") for part in FULL_STOP.split(whole)]
    found: list[Span] = []
    start: int | None = None
    for end, part in zip(accumulate(map(len, parts)), parts, strict=True):
        if not part.strip():
            continue
        first = end - len(part.lstrip()) if start is None else start
        last = end - len(part) + len(part.rstrip())
        if last - first < SHORTEST:
            start = first
            continue
        found.append((first, last))
        start = None
    if start is not None and found:
        found[-1] = (found[-1][0], len(text.rstrip()))
    if len(found) > MOST:
        found[MOST - 1 :] = [(found[MOST - 1][0], found[-1][1])]
    return found if len(found) > 1 else []


def packed(vectors: FloatMatrix) -> bytes:
    """Vectors, a row each, as a passage keeps them."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors / np.where(largest == 0, 1, largest) * LARGEST).astype(np.int8).tobytes()


def nearest(question: FloatVector, flat: Sequence[int], vectors: bytes) -> Span | None:
    """Of a passage's sentences, as it keeps them, the one that is nearest to a question's vector by cosine.

    None if there is nothing to tell apart, or another encoder wrote the vectors since the question was encoded.
    """
    ends = list(zip(flat[::2], flat[1::2], strict=True))
    if not ends or len(vectors) != len(ends) * len(question):
        return None
    rows = np.frombuffer(vectors, np.int8).reshape(len(ends), len(question)).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1)
    return ends[int(np.argmax(rows @ question / np.where(lengths == 0, 1, lengths)))]
