"""Things that files tell of: which row is which, and what is to be told of that."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.report import Doubt, Refusal
from ingest.resolving.ids import Joined
from ingest.resolving.labels import Labels
from ingest.resolving.told import Told

__all__ = ["Things", "grouped", "nameless"]


@dataclass(slots=True)
class Things:
    """Which thing each row is, and what such things are called."""

    ids: dict[Told, str] = field(default_factory=dict)
    given: dict[Told, list[str]] = field(default_factory=dict)
    """Identifiers to keep with what a row says, so that the same file's next telling is recognised."""
    left_out: set[Told] = field(default_factory=set)
    refusals: dict[Told, Refusal] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    labels: Labels = field(default_factory=Labels)


def grouped(rows: Sequence[Told], short: Mapping[tuple[str, str], str]) -> list[tuple[Sequence[Told], frozenset[str]]]:
    """Rows that an id, an identifier or a file's key says are one, together, each group with its identifiers.

    ``short`` has long identifiers by folder and short one (ingest.resolving.people.aliases).
    """
    joined = Joined(len(rows))
    first: dict[tuple[str, ...], int] = {}
    identifiers = [[short.get((told.folder, one), one) for one in told.all("identifiers")] for told in rows]
    for number, told in enumerate(rows):
        says: list[tuple[str, ...]] = [("identifier", one) for one in identifiers[number]]
        if (id := told.text("id")) is not None:
            says.append(("id", id))
        if told.row.key:
            says.append(("key", *told.spot))
        for one in says:
            joined.join(first.setdefault(one, number), number)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(rows)):
        groups[joined.root(number)].append(number)
    return [
        ([rows[number] for number in numbers], frozenset(one for number in numbers for one in identifiers[number]))
        for numbers in groups.values()
    ]


def nameless(told: Told, column: str, noun: str) -> Refusal:
    """The refusal of a row that says neither which thing it is nor what it is called."""
    return told.refusal(
        column,
        "",
        reason=f"the {noun} has neither an id nor a name that is known",
        remedy=f"write its {column}",
    )
