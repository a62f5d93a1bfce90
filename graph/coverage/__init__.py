"""Coverage: how many experts a topic has in a region, country or language, how strong and how recent.

It also tells which of these are gaps, and which people, organisations and briefings are nearest to one. What is
counted is asked of the graph each time, as far as the viewer sees it; nothing of it is stored.
"""

from graph.coverage.gaps import Gap, WhyGap, gaps_in
from graph.coverage.near import (
    Nearest,
    NearEvent,
    NearExpert,
    Nearness,
    NearOrganisation,
    nearest,
)
from graph.coverage.table import (
    MOST_CELLS,
    Cell,
    Coverage,
    CoverageTooLarge,
    DayToCome,
    NoPlaces,
    Row,
    WithinLanguages,
    coverage,
)
from graph.values import By

__all__ = [
    "MOST_CELLS",
    "By",
    "Cell",
    "Coverage",
    "CoverageTooLarge",
    "DayToCome",
    "Gap",
    "NearEvent",
    "NearExpert",
    "NearOrganisation",
    "Nearest",
    "Nearness",
    "NoPlaces",
    "Row",
    "WhyGap",
    "WithinLanguages",
    "coverage",
    "gaps_in",
    "nearest",
]
