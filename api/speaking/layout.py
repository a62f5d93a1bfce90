"""How a plain-text letter is laid out in any script: on one line, beside text that runs the other way, wrapped."""

import re
import unicodedata
from typing import Final

from api.catalogues import is_right_to_left

__all__ = ["cut", "inline", "one_line", "quoted", "wrapped"]

WIDTH: Final = 76
"""Columns of a line; a Chinese character takes two."""

# What breaks a line, controls something, makes a text look like another (Unicode TR 36) or cannot be written.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
ISOLATED: Final = "\u2068%s\u2069"

WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
CLOSING = "。、，：；？！）》」』”’…"
OPENING = "（《「『“‘"
# Where a line may end without a space: beside a Chinese character, but not so that punctuation is torn from its text.
BREAK = re.compile(
    f"(?<=[{WIDE}])(?<![{OPENING}])(?!$)(?![{CLOSING}])|(?<=.)(?<![{OPENING}])(?=[{WIDE}])(?![{CLOSING}])"
)


def one_line(text: str) -> str:
    """A text on one line, without what breaks lines or turns the direction of what follows."""
    return " ".join(UNFIT.sub(" ", text).split())


def inline(text: str, language: str) -> str:
    """A text on one line to put among words of a language; isolated (Unicode UAX 9) if it runs the other way."""
    line = one_line(text)
    # In a text from right to left, numbers and what joins them change places as well.
    others = {"L", "EN"} if is_right_to_left(language) else {"R", "AL", "AN"}
    return ISOLATED % line if any(unicodedata.bidirectional(one) in others for one in line) else line


def cut(text: str, length: int) -> str:
    """At most so many characters of a text; that there were more is said by an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def wrapped(text: str, *, first: str = "", rest: str = "") -> str:
    """One paragraph in lines, begun as said; what has no place to break, such as a link, stays on its line."""
    lines, line, has_words = [], first, False
    for space, piece in _pieces(text):
        if has_words and _columns(line + space + piece) > WIDTH:
            lines.append(line)
            line = rest + piece
        else:
            line += space + piece if has_words else piece
        has_words = True
    return "\n".join([*lines, line.rstrip()])


def quoted(text: str) -> str:
    """Somebody's own words, line by line, marked as mail marks what is quoted."""
    return "\n".join(wrapped(one_line(line), first="> ", rest="> ") for line in text.strip().splitlines())


def _pieces(text: str) -> list[tuple[str, str]]:
    """What stays together, each with the space before it."""
    return [
        (" " if number == 0 else "", piece)
        for word in text.split(" ")
        for number, piece in enumerate(BREAK.split(word))
        if piece
    ]


def _columns(text: str) -> int:
    return sum(_column(one) for one in text)


def _column(one: str) -> int:
    if unicodedata.category(one) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(one) in {"W", "F"} else 1
