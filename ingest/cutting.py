"""How a document's text becomes passages: cut at sentence borders, in pieces that a search can rank.

A passage has 60 to 180 words or, in scripts that do not part words by spaces, as many characters as about that many
words take. Paragraphs are kept whole where they can be, so that a change in one leaves the passages of others alone.
Each passage has the place where it begins, and the language that it is written in.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from graph.sentences import sentences as sentences_of
from ingest.found import FoundText
from ingest.languages import UNDETERMINED, language_of, sure_language_of
from ingest.texts import BETWEEN_HEADINGS

__all__ = ["LEAST", "MOST", "Piece", "main_language", "passages", "words"]

LEAST = 60
MOST = 180

# A Chinese or Japanese word has 1.8 characters in running text, a Thai, Lao, Khmer or Burmese one about 5. What is
# longer than 30 characters is no single word, whatever it is.
HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
HAN_PER_WORD, UNSPACED_PER_WORD, LONGEST_WORD = 1.8, 5.0, 30

ONE_HAN = re.compile(f"[{HAN}]")
ONE_UNSPACED = re.compile(f"[{UNSPACED}]")
# Places that part no text: a sentence goes on over the page, and slides are short.
PAGE = re.compile(r"(page|slide) \d+")
# Where a sentence that is too long may be cut.
TOKEN = re.compile(rf"[{HAN}]\s*|[{UNSPACED}]{{1,100}}\s*|[^{HAN}{UNSPACED}\s]{{1,{LONGEST_WORD}}}\s*|\s+")


def words(text: str) -> float:
    """How many words a text has, about."""
    rest, han = ONE_HAN.subn(" ", text)
    rest, unspaced = ONE_UNSPACED.subn(" ", rest)
    spaced = sum(
        1 + (len(word) - 1) // LONGEST_WORD for word in rest.split() if word.isalnum() or any(map(str.isalnum, word))
    )
    return spaced + han / HAN_PER_WORD + unspaced / UNSPACED_PER_WORD


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: its text, the page or heading where it begins (empty if there is none), and its language."""

    text: str
    place: str
    language: str


def passages(paragraphs: Sequence[FoundText], *, language: str | None) -> list[Piece]:
    """The passages of a document, in order; a short document is one passage.

    No text is lost: joined, the passages are the paragraphs, but for the white space between them. A passage is cut
    within a sentence only where the sentence alone is longer than a passage may be. It holds text under two of the
    highest headings only where one of the two has less than LEAST words. ``language`` is the document's where somebody
    has said it; else each passage's is told from its words, and a passage that does not tell has that of the document.
    """
    runs = [run for section in _sections(paragraphs) for run in _runs(section)]
    pieces = [piece for run in runs for piece in _pieces(run, language=language)]
    if language is None:
        sure = [replace(piece, language=sure_language_of(piece.text) or "") for piece in pieces]
        main = main_language(sure) or language_of("\n".join(piece.text for piece in pieces)) or UNDETERMINED
        pieces = [replace(piece, language=piece.language or main) for piece in sure]
    return pieces


def main_language(pieces: Sequence[Piece]) -> str:
    """The language that most words are written in; empty if no passage tells."""
    counted = Counter[str]()
    for piece in pieces:
        counted[piece.language] += max(1, round(words(piece.text)))
    del counted[""]
    return counted.most_common(1)[0][0] if counted else ""


def _sections(paragraphs: Sequence[FoundText]) -> list[list[FoundText]]:
    """Paragraphs under the same highest heading together; what is too short for a passage joins its neighbour."""
    sections: list[list[FoundText]] = []
    section: list[FoundText] = []
    length = 0.0
    for _, part in groupby(paragraphs, key=_highest_heading):
        for paragraph in part:
            section.append(paragraph)
            length += words(paragraph.text)
        if length >= LEAST:
            sections.append(section)
            section, length = [], 0.0
    return _with_rest(sections, section)


def _highest_heading(paragraph: FoundText) -> str:
    return "" if PAGE.fullmatch(paragraph.place) else paragraph.place.split(BETWEEN_HEADINGS, maxsplit=1)[0]


def _runs(paragraphs: Sequence[FoundText]) -> list[list[FoundText]]:
    """Paragraphs in groups of at least LEAST words; what is left at the end joins the last group."""
    runs: list[list[FoundText]] = []
    run: list[FoundText] = []
    length = 0.0
    for paragraph in paragraphs:
        run.append(paragraph)
        length += words(paragraph.text)
        if length >= LEAST:
            runs.append(run)
            run, length = [], 0.0
    return _with_rest(runs, run)


def _with_rest(groups: list[list[FoundText]], rest: list[FoundText]) -> list[list[FoundText]]:
    """Groups with what is left at the end in the last one."""
    if rest and groups:
        return [*groups[:-1], groups[-1] + rest]
    return [*groups, rest] if rest else groups


def _pieces(run: Sequence[FoundText], *, language: str | None) -> list[Piece]:
    """A group of paragraphs in few pieces, none longer than MOST, of about the same length."""
    filled = [paragraph for paragraph in run if paragraph.text.strip()]
    if sum(words(paragraph.text) for paragraph in filled) <= MOST:
        text = "\n\n".join(paragraph.text for paragraph in filled).strip()
        return [Piece(text, _place(filled), language or "")] if text else []
    cut_as = language or language_of("\n".join(paragraph.text for paragraph in filled)) or UNDETERMINED
    parts = [
        FoundText(text=part, place=paragraph.place)
        for number, paragraph in enumerate(filled)
        for sentence in _sentences(paragraph.text, language=cut_as, closing="" if number == len(filled) - 1 else "\n\n")
        for part in _within_limit(sentence)
    ]
    ends = list(accumulate(words(part.text) for part in parts))
    pieces: list[Piece] = []
    start, done = 0, 0.0
    while start < len(parts):
        # Even shares of what is left: the next piece ends with the sentence that comes nearest to its share.
        left = ends[-1] - done
        share = done + left / max(1, -(-left // MOST))
        end = start + 1
        while end < len(parts) and ends[end] - done <= MOST and ends[end] - share <= share - ends[end - 1]:
            end += 1
        text = "".join(part.text for part in parts[start:end]).strip()
        pieces.append(Piece(text, _place(parts[start:end]), language or ""))
        start, done = end, ends[end - 1]
    return [piece for piece in pieces if piece.text]


def _place(parts: Sequence[FoundText]) -> str:
    """Where a passage begins; a document's title stands nowhere, so what follows it tells."""
    return next((part.place for part in parts if part.place and part.text.strip()), "")


def _sentences(paragraph: str, *, language: str, closing: str) -> list[str]:
    """A paragraph's sentences with the space after each, the last one with ``closing``."""
    sentences = sentences_of(paragraph, language=language)
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
