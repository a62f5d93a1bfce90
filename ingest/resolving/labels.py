"""What is called how: exact names, written with or without capitals and diacritics, and near misses."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from graph.people.spelling import folded

__all__ = ["Labels"]

NEAR = 88
SHORTEST = 4


class Labels:
    """Ids by what they are called."""

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        """``named`` are labels, each with its id."""
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, str] = {}
        self._sorted: list[str] | None = None
        for label, id in named:
            self.add(label, id)

    def add(self, label: str, id: str) -> None:
        """Take down that something is called so."""
        key = folded(label)
        if key:
            self._ids[key].add(id)
            self._written[key] = min(label, self._written.get(key, label))
            self._sorted = None

    def ids(self, label: str) -> list[str]:
        """Everything that is called so, in order."""
        return sorted(self._ids.get(folded(label), ()))

    def near(self, label: str) -> tuple[str, str] | None:
        """What is called nearly so, if anything: the label and the id."""
        key = folded(label)
        if self._sorted is None:
            self._sorted = sorted(self._ids)
        if len(key) < SHORTEST:
            return None
        found = process.extractOne(key, self._sorted, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR)
        return (self._written[found[0]], min(self._ids[found[0]])) if found else None
