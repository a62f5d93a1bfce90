"""How well a ranking finds the people who fit: nDCG, reciprocal rank and recall at ten.

The measures are those of the information retrieval field with binary relevance: Järvelin and Kekäläinen, "Cumulated
gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002; Voorhees, TREC-8 QA track, 1999.
"""

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

__all__ = ["DEPTH", "Figures", "figures", "interval", "mean_figures"]

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """The three measures, each from 0 (worst) to 1 (best)."""

    ndcg: float
    reciprocal_rank: float
    recall: float


def figures(ranking: Sequence[str], fits: Collection[str]) -> Figures:
    """The measures of one ranking against who fits, of whom there is at least one; only the first ten places count."""
    places = [place for place, one in enumerate(ranking[:DEPTH], start=1) if one in fits]
    gain = math.fsum(1 / math.log2(place + 1) for place in places)
    best = math.fsum(1 / math.log2(place + 1) for place in range(1, min(len(fits), DEPTH) + 1))
    return Figures(
        ndcg=gain / best,
        reciprocal_rank=1 / places[0] if places else 0.0,
        recall=len(places) / len(fits),
    )


def mean_figures(all_of_them: Sequence[Figures]) -> Figures:
    """The mean of each measure over several questions."""
    return Figures(
        fmean(one.ndcg for one in all_of_them),
        fmean(one.reciprocal_rank for one in all_of_them),
        fmean(one.recall for one in all_of_them),
    )


def interval(values: Sequence[float], *, draws: int = 10_000) -> tuple[float, float]:
    """Between what the means lie of 95% of samples as large, drawn with repetition; the same for the same values.

    Efron, "Bootstrap Methods: Another Look at the Jackknife", The Annals of Statistics 7(1), 1979.
    """
    chance = random.Random(0)  # noqa: S311 -- no secret
    means = [fmean(chance.choices(values, k=len(values))) for _ in range(draws)]
    cuts = quantiles(means, n=40)
    return cuts[0], cuts[-1]
