"""Which cells of a table are gaps, and which of them matter most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graph.coverage.table import Cell, Coverage, Place
from graph.values import Topic

__all__ = ["Gap", "WhyGap", "gaps_in"]


class WhyGap(StrEnum):
    """Why a cell is a gap; the first that is true, worst first."""

    NOBODY = "nobody"
    """Nobody knows the topic there."""
    NOBODY_STRONG = "nobody_strong"
    """Nobody there leads in the topic or practises it."""
    NOTHING_RECENT = "nothing_recent"
    """Nothing that anybody there did on the topic is recent."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that is a gap; ``experts`` know the topic elsewhere."""

    topic: Topic
    place: Place
    cell: Cell
    why: WhyGap
    experts: int


WORST_FIRST = tuple(WhyGap)


def gaps_in(coverage: Coverage, *, recent_since: date | None = None) -> list[Gap]:
    """The gaps of a table, the most important first; with ``recent_since``, those too where all evidence is older.

    What matters most is where the programme works on the topic: the gaps with most events and activities there, held,
    done or planned; then the worst; then those whose topic most people know elsewhere; then by topic and place.
    """
    gaps = list(_gaps(coverage, recent_since))
    return sorted(
        gaps,
        key=lambda gap: (
            -(gap.cell.events + gap.cell.activities + gap.cell.planned),
            WORST_FIRST.index(gap.why),
            -gap.experts,
        ),
    )


def why_gap(cell: Cell, *, recent_since: date | None = None) -> WhyGap | None:
    """Why a cell is a gap; None if it is none."""
    if not cell.experts:
        return WhyGap.NOBODY
    if not cell.lead + cell.practitioner:
        return WhyGap.NOBODY_STRONG
    if recent_since is not None and (cell.newest is None or cell.newest < recent_since):
        return WhyGap.NOTHING_RECENT
    return None


def _gaps(coverage: Coverage, recent_since: date | None) -> Iterator[Gap]:
    for row in coverage.rows:
        for place, cell in zip(coverage.places, row.cells, strict=True):
            why = why_gap(cell, recent_since=recent_since)
            if why is not None:
                yield Gap(row.topic, place, cell, why, row.experts - cell.experts)
