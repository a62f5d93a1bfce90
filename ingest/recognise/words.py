"""How words are compared, and what is raised where a value probably means something that it does not say."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import TypeVar

from rapidfuzz import fuzz, process

from ingest.cells import Unfit, line, visible

__all__ = ["Doubtful", "doubt", "near", "plain", "remembered", "text_line"]

# How alike a near miss is (rapidfuzz's normalised Indel similarity, 0 to 100): one or two letters of a country's name.
ALIKE = 82
SHORTEST_NEAR = 4
LONGEST = 300
MOST_REMEMBERED = 20_000

Recognised = TypeVar("Recognised")

# A hair's breadth that nobody sees and that programs leave behind: soft hyphen, zero-width space, word joiner, BOM.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
DIGITS = {ord(character): str(value) for value in range(10) for character in (chr(0x660 + value), chr(0x6F0 + value))}
APART = re.compile(r"[\W_]+")


class Doubtful(Unfit):
    """A value is not certain: it may mean ``meant``, which must not be taken before somebody says so."""

    def __init__(self, reason: str, *, meant: str, remedy: str, value: str | None = None) -> None:
        self.meant = meant
        super().__init__(reason, remedy=remedy, value=value)


def text_line(text: object) -> str:
    """Text on one line, in composed form, without the marks that nobody sees, and with European digits.

    Raises:
        Unfit: it is not text, it is too long, or it holds a hidden character that no text needs.
    """
    whole = text.translate(INVISIBLE).translate(DIGITS) if isinstance(text, str) else text
    return line(LONGEST)(whole)


def remembered(recognised: Callable[[str], Recognised]) -> Callable[[str], Recognised]:
    """The same function, which looks at a text only once: a list says "Tunisia" a thousand times."""

    @lru_cache(maxsize=MOST_REMEMBERED)
    def outcome(text: str) -> Recognised | Unfit:
        try:
            return recognised(text)
        except Unfit as problem:
            return problem

    @wraps(recognised)
    def again(text: str) -> Recognised:
        if len(text) > LONGEST:
            return recognised(text)
        found = outcome(text)
        if isinstance(found, Unfit):
            raise found.with_traceback(None)
        return found

    return again


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """The same word for all its spellings: without case, accents, vowel marks and punctuation."""
    apart = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).casefold()
    bare = "".join(one for one in apart if not unicodedata.combining(one) and one != "\u0640")
    return APART.sub(" ", bare.translate(DIGITS)).strip()


def near(text: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """The one name that a misspelt word is near to, with what the name stands for; both are plain words."""
    if len(text) < SHORTEST_NEAR:
        return None
    found = process.extract(text, names.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)
    if not found:
        return None
    best = found[0][1]
    meant = {names[name] for name, score, _ in found if score == best}
    return (found[0][0], names[found[0][0]]) if len(meant) == 1 else None


def doubt(text: str, *, meant: str, name: str, reason: str) -> Doubtful:
    """What is raised for a value that probably means ``name``, which is written ``meant``."""
    return Doubtful(f"'{visible(text)}' {reason}", meant=meant, remedy=f"write {meant} if you mean {name}", value=text)
