"""Lines of Arabic or Hebrew, which a PDF draws from left to right, in the order in which they are read.

This undoes Unicode's bidirectional algorithm (UAX 9) for one line: what is drawn goes from right to left, but Latin
words and numbers within it from left to right, and brackets are mirrored.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["RIGHT_LETTER", "Drawn", "has_right_to_left", "in_reading_order"]

RIGHT = {"R", "AL"}
# Hebrew, Arabic, Syriac, Thaana, N'Ko and what lies between them, and the shapes that their letters are drawn in.
RIGHT_LETTER = re.compile("[\u05d0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
NUMBERS = {"EN", "AN"}
FROM_LEFT = {"L", *NUMBERS}
OPENING, CLOSING = "([{«<", ")]}»>"
MIRRORED = str.maketrans(OPENING + CLOSING, CLOSING + OPENING)
# A gap wider than this part of a letter's height parts words.
GAP = 0.15


@dataclass(slots=True)
class Drawn:
    """A letter (or ligature) as it is drawn, from ``x0`` to ``x1``."""

    text: str
    x0: float
    x1: float
    size: float


def has_right_to_left(text: str) -> bool:
    """Whether any letter is one of a script that goes from right to left."""
    return RIGHT_LETTER.search(text) is not None


def in_reading_order(letters: Sequence[Drawn], *, from_right: bool) -> str:
    """The text of one line in the order in which it is read.

    ``from_right`` says that its page is written from right to left; else most letters of the line decide.
    """
    cells = _with_marks(letters)
    drawn = _with_spaces(sorted(cells, key=lambda cell: cell.x0))
    right = sum(1 for cell in drawn if _class(cell) in RIGHT)
    left = sum(1 for cell in drawn if _class(cell) == "L")
    return " ".join("".join(_from_right(drawn) if from_right or right >= left else _from_left(drawn)).split())


def _class(cell: str) -> str:
    return next((found for letter in cell if (found := unicodedata.bidirectional(letter)) != "NSM"), "NSM")


def _with_marks(letters: Sequence[Drawn]) -> list[Drawn]:
    """Letters with the marks above and below them, which are drawn within their width."""
    bases = [letter for letter in letters if _class(letter.text) != "NSM" and letter.text.strip()]
    cells = {id(base): Drawn(base.text, base.x0, base.x1, base.size) for base in bases}
    for mark in letters:
        if _class(mark.text) == "NSM" and bases:
            middle = (mark.x0 + mark.x1) / 2
            nearest = min(bases, key=lambda base: abs((base.x0 + base.x1) / 2 - middle))
            cells[id(nearest)].text += mark.text
    return list(cells.values())


def _with_spaces(cells: Sequence[Drawn]) -> list[str]:
    """What is drawn from left to right, with a space where there is a gap."""
    line: list[str] = []
    for number, cell in enumerate(cells):
        if number and cell.x0 - cells[number - 1].x1 > GAP * cell.size:
            line.append(" ")
        line.append(cell.text)
    return line


def _from_right(drawn: Sequence[str]) -> list[str]:
    """A line that is read from the right: Latin words and numbers in it are turned back."""
    line = drawn[::-1]
    read: list[str] = []
    outer: list[int] = []
    start = 0
    while start < len(line):
        end = _end_of_run(line, start)
        if end == start:
            outer.append(len(read))
            read.append(line[start])
            start += 1
        else:
            read += line[start:end][::-1]
            start = end
    brackets = [read[place] for place in outer if read[place] in OPENING + CLOSING]
    if brackets and brackets[0] in CLOSING:
        for place in outer:
            read[place] = read[place].translate(MIRRORED)
    return read


def _end_of_run(line: Sequence[str], start: int) -> int:
    """Where the Latin words or numbers that begin here end; here if there are none."""
    end = start
    for place in range(start, len(line)):
        if _class(line[place]) in FROM_LEFT:
            if end == start == place or _belongs(line, end - 1, place):
                end = place + 1
            else:
                break
        elif _class(line[place]) in RIGHT or place == start:
            break
    return end


def _belongs(line: Sequence[str], before: int, after: int) -> bool:
    """Whether two Latin letters or digits are parts of one run: what stands between them decides."""
    between = line[before + 1 : after]
    has_word = "L" in (_class(line[before]), _class(line[after]))
    is_both_words = _class(line[before]) == _class(line[after]) == "L"
    return (
        not between
        or is_both_words
        or (has_word and not "".join(between).strip())
        or (len(between) == 1 and _class(between[0]) == "CS")
    )


def _from_left(drawn: Sequence[str]) -> list[str]:
    """A line that is read from the left: the Arabic or Hebrew words in it are turned."""
    read: list[str] = []
    start = 0
    while start < len(drawn):
        end = start
        for place in range(start, len(drawn)):
            if _class(drawn[place]) in RIGHT:
                end = place + 1
            elif _class(drawn[place]) == "L" or place == start:
                break
        read += _from_right(drawn[start:end]) if end > start else [drawn[start]]
        start = max(end, start + 1)
    return read
