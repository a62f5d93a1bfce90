"""What is called how: exact names, written with or without capitals and diacritics, and near misses."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from graph.spelling import folded

__all__ = ["Labels"]

NEAR = 88
SHORTEST = 4


class Labels:
    """Ids by what they are called."""

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        """``named`` are labels, each with its id."""
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, str] = {}
        self._near: dict[str, tuple[str, str] | None] = {}
        self._in_order: dict[str, str] = {}
        for label, id in named:
            self.add(label, id)

    def add(self, label: str, id: str) -> None:
        """Take down that something is called so."""
        key = folded(label)
        if key:
            self._ids[key].add(id)
            self._written[key] = min(label, self._written.get(key, label))
            self._near, self._in_order = {}, {}

    def ids(self, label: str) -> list[str]:
        """Everything that is called so, in order."""
        return sorted(self._ids.get(folded(label), ()))

    def near(self, label: str) -> tuple[str, str] | None:
        """What is called nearly so, its words in whatever order, if anything: the label and the id."""
        key = folded(label)
        if key not in self._near:
            self._near[key] = self._nearest(key) if len(key) >= SHORTEST else None
        return self._near[key]

    def _nearest(self, key: str) -> tuple[str, str] | None:
        if not self._in_order:
            self._in_order = {_in_order(one): one for one in sorted(self._ids)}
        found = process.extractOne(_in_order(key), self._in_order.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
        if found is None:
            return None
        likely = self._in_order[found[0]]
        return self._written[likely], min(self._ids[likely])


def _in_order(key: str) -> str:
    """The words of a label in order, so that two labels with the same words are the same."""
    return " ".join(sorted(key.split()))
