"""In which order the blocks of a page are read: column by column, from top to bottom.

A gutter is a vertical strip that hardly any block crosses and that has text on both sides at the same height. What
crosses it (a title, a table) parts the columns into an upper and a lower half. A narrow column of short labels, each
at the height of a line beside it, is no column but the labels of these lines, such as the years in a curriculum vitae.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Block", "Line", "in_reading_order"]

# A gutter may be crossed by blocks with this share of the height of all.
CROSSED = 0.35
# Of one side, this share must have text beside it on the other.
BESIDE = 0.5
# Columns of prose have at least so many words in a line.
LABEL_WORDS = 4
LABELLED = 0.7
SAME_HEIGHT = 3.0
# Candidates for gutters lie so far apart, in points.
STEP = 2.0
MOST_NESTED = 6


@dataclass(slots=True)
class Line:
    """A line of text where it stands on its page, in points from the lower left corner.

    ``begins`` says that a paragraph begins here, whatever the text looks like.
    """

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    is_bold: bool
    begins: bool = False


@dataclass(slots=True)
class Block:
    """Lines one below the other."""

    lines: list[Line]

    @property
    def x0(self) -> float:
        """Its left edge."""
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        """Its right edge."""
        return max(line.x1 for line in self.lines)

    @property
    def y0(self) -> float:
        """Its lower edge."""
        return min(line.y0 for line in self.lines)

    @property
    def y1(self) -> float:
        """Its upper edge."""
        return max(line.y1 for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Parted:
    left: list[Block]
    right: list[Block]
    across: list[Block]


def in_reading_order(blocks: Sequence[Block], *, from_right: bool, nested: int = 0) -> list[Block]:
    """The blocks of a page as they are read; where script goes from right to left, so do the columns."""
    parted = _parted(blocks) if nested < MOST_NESTED else None
    if parted is None:
        return _by_rows(blocks)
    ordered: list[Block] = []
    sides = [parted.right, parted.left] if from_right else [parted.left, parted.right]
    for across in [*sorted(parted.across, key=lambda block: -block.y1), None]:
        above = [
            [block for block in side if across is None or (block.y0 + block.y1) > (across.y0 + across.y1)]
            for side in sides
        ]
        sides = [[block for block in side if block not in taken] for side, taken in zip(sides, above, strict=True)]
        if (labelled := _labelled(*above)) is not None:
            ordered.append(labelled)
        else:
            for side in above:
                ordered += in_reading_order(side, from_right=from_right, nested=nested + 1)
        ordered += [across] if across is not None else []
    return ordered


def _by_rows(blocks: Sequence[Block]) -> list[Block]:
    """From top to bottom, and what stands at the same height from left to right."""
    rows: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: -block.y1):
        if rows and rows[-1][0].y1 - block.y1 <= block.lines[0].size / 2:
            rows[-1].append(block)
        else:
            rows.append([block])
    return [block for row in rows for block in sorted(row, key=lambda block: block.x0)]


def _parted(blocks: Sequence[Block]) -> _Parted | None:
    """The blocks on both sides of the best gutter; None if there is none."""
    boxes = [(block.x0, block.x1, block.y0, block.y1, block) for block in blocks]
    total = sum(y1 - y0 for _, _, y0, y1, _ in boxes)
    best: tuple[float, float] | None = None
    found: _Parted | None = None
    for x in sorted({round((x1 + 1) / STEP) * STEP for _, x1, _, _, _ in boxes}):
        parted = _Parted([], [], [])
        crossed = 0.0
        heights = [0.0, 0.0]
        for x0, x1, y0, y1, block in boxes:
            if x1 <= x + STEP:
                parted.left.append(block)
                heights[0] += y1 - y0
            elif x0 >= x - STEP:
                parted.right.append(block)
                heights[1] += y1 - y0
            else:
                parted.across.append(block)
                crossed += y1 - y0
        worth = (-crossed, min(heights))
        if not (parted.left and parted.right) or crossed > CROSSED * total or (best is not None and worth <= best):
            continue
        if max(_beside(parted.left, parted.right), _beside(parted.right, parted.left)) >= BESIDE:
            best, found = worth, parted
    return found


def _beside(side: Sequence[Block], other: Sequence[Block]) -> float:
    """The share of one side's lines, by height, that have a line of the other side at their height."""
    others = sorted((line.y0, line.y1) for block in other for line in block.lines)
    merged: list[list[float]] = []
    for y0, y1 in others:
        if merged and y0 <= merged[-1][1] + 2 * (y1 - y0):
            merged[-1][1] = max(merged[-1][1], y1)
        else:
            merged.append([y0, y1])
    lines = [line for block in side for line in block.lines]
    beside = sum(
        line.y1 - line.y0 for line in lines if any(low <= (line.y0 + line.y1) / 2 <= high for low, high in merged)
    )
    return beside / sum(line.y1 - line.y0 for line in lines)


def _labelled(first: Sequence[Block], second: Sequence[Block]) -> Block | None:
    """Both sides as one block, if the lines of one are labels of lines of the other, else None."""
    for side, other in ((first, second), (second, first)):
        labels = [line for block in side for line in block.lines]
        lines = [line for block in other for line in block.lines]
        if not labels or not lines or len(labels) > len(lines):
            continue
        if sum(len(label.text.split()) for label in labels) >= LABEL_WORDS * len(labels):
            continue
        beside = [block for block in side if any(abs(block.lines[0].y0 - line.y0) <= SAME_HEIGHT for line in lines)]
        if len(beside) >= LABELLED * len(side):
            return Block(_with_labels(labels, lines))
    return None


def _with_labels(labels: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Lines in order, each with the label before it that stands at its height."""
    ordered: list[Line] = []
    waiting = sorted(labels, key=lambda label: -label.y0)
    for line in sorted(lines, key=lambda line: (-line.y0, line.x0)):
        told: list[str] = []
        while waiting and waiting[0].y0 >= line.y0 - SAME_HEIGHT:
            told.append(waiting.pop(0).text)
        text = " ".join([*told, line.text])
        ordered.append(Line(text, line.x0, line.x1, line.y0, line.y1, line.size, line.is_bold, bool(told)))
    return [*ordered, *waiting]
