"""How a document's text becomes passages: cut at sentence borders, in pieces that a search can rank.

A passage has 60 to 180 words or, in scripts that do not part words by spaces, as many characters as about that many
words take. Paragraphs are kept whole where they can be, so that a change in one leaves the passages of others alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

import sentencex

__all__ = ["LEAST", "MOST", "passages", "words"]

LEAST = 60
MOST = 180

# A Chinese or Japanese word has 1.8 characters in running text, a Thai, Lao, Khmer or Burmese one about 5. What is
# longer than 30 characters is no single word, whatever it is.
HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
HAN_PER_WORD, UNSPACED_PER_WORD, LONGEST_WORD = 1.8, 5.0, 30

ONE_HAN = re.compile(f"[{HAN}]")
ONE_UNSPACED = re.compile(f"[{UNSPACED}]")
# Where a sentence that is too long may be cut.
TOKEN = re.compile(rf"[{HAN}]\s*|[{UNSPACED}]{{1,100}}\s*|[^{HAN}{UNSPACED}\s]{{1,{LONGEST_WORD}}}\s*|\s+")


def words(text: str) -> float:
    """How many words a text has, about."""
    rest, han = ONE_HAN.subn(" ", text)
    rest, unspaced = ONE_UNSPACED.subn(" ", rest)
    spaced = sum(1 + (len(word) - 1) // LONGEST_WORD for word in rest.split() if any(map(str.isalnum, word)))
    return spaced + han / HAN_PER_WORD + unspaced / UNSPACED_PER_WORD


def passages(paragraphs: Sequence[str], *, language: str) -> list[str]:
    """The passages of a document, in order; a short document is one passage.

    No text is lost: joined, the passages are the paragraphs, but for the white space between them. A passage is cut
    within a sentence only where the sentence alone is longer than a passage may be.
    """
    return [piece for run in _runs(paragraphs) for piece in _pieces(run, language=language)]


def _runs(paragraphs: Sequence[str]) -> list[list[str]]:
    """Paragraphs in groups of at least LEAST words; what is left at the end joins the last group."""
    runs: list[list[str]] = []
    run: list[str] = []
    length = 0.0
    for paragraph in paragraphs:
        run.append(paragraph)
        length += words(paragraph)
        if length >= LEAST:
            runs.append(run)
            run, length = [], 0.0
    if run and runs:
        runs[-1] += run
    elif run:
        runs.append(run)
    return runs


def _pieces(run: Sequence[str], *, language: str) -> list[str]:
    """A group of paragraphs in few pieces, none longer than MOST, of about the same length."""
    sentences = [
        part
        for number, paragraph in enumerate(run)
        for sentence in _sentences(paragraph, language=language, closing="" if number == len(run) - 1 else "\n\n")
        for part in _within_limit(sentence)
    ]
    ends = list(accumulate(map(words, sentences)))
    pieces: list[str] = []
    start, done = 0, 0.0
    while start < len(sentences):
        # Even shares of what is left: the next piece ends with the sentence that comes nearest to its share.
        left = ends[-1] - done
        share = done + left / max(1, -(-left // MOST))
        end = start + 1
        while end < len(sentences) and ends[end] - done <= MOST and ends[end] - share <= share - ends[end - 1]:
            end += 1
        pieces.append("".join(sentences[start:end]).strip())
        start, done = end, ends[end - 1]
    return [piece for piece in pieces if piece]


def _sentences(paragraph: str, *, language: str, closing: str) -> list[str]:
    """A paragraph's sentences with the space after each, the last one with ``closing``."""
    sentences: list[str] = list(sentencex.segment(language.split("-", maxsplit=1)[0], paragraph))
    return [*sentences[:-1], *(sentence + closing for sentence in sentences[-1:])]


def _within_limit(sentence: str) -> Iterator[str]:
    """A sentence; if it is longer than a passage may be, in parts of at most LEAST words."""
    if words(sentence) <= MOST:
        yield sentence
        return
    part, length = "", 0.0
    for token in TOKEN.findall(sentence):
        longer = length + words(token)
        if part and longer > LEAST:
            yield part
            part, longer = "", words(token)
        part, length = part + token, longer
    yield part
