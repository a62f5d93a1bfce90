"""A row that a foreign file holds, together with the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.intake import Kind
from ingest.cells import visible
from ingest.found import Found
from ingest.report import Doubt, Refusal

__all__ = ["Spot", "Told", "texts"]

Spot = tuple[str, Kind, str]
"""What ``#key`` names: a file, a kind, and the key."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A row as one file tells it. Each is itself alone, even if another says the same."""

    file: str
    row: Found

    @property
    def spot(self) -> Spot:
        """By what its file names it."""
        return self.file, self.row.kind, self.row.key

    @property
    def folder(self) -> str:
        """The folder that the file lies in; empty for the network's own."""
        return self.file.rpartition("/")[0]

    @property
    def where(self) -> str:
        """File and place, for a sentence on another row."""
        return f"{visible(self.file, limit=300)}, {self.row.place}" if self.row.place else visible(self.file, limit=300)

    def text(self, column: str) -> str | None:
        """A cell that holds one text."""
        value = self.row.cells.get(column)
        return value.strip() or None if isinstance(value, str) else None

    def all(self, column: str) -> tuple[str, ...]:
        """A cell that holds a list of texts."""
        return tuple(texts(self.row.cells.get(column)))

    def doubt(self, column: str | None, value: str, *, reason: str, remedy: str) -> Doubt:
        """A doubt on this row."""
        return Doubt(visible(self.file, limit=300), self.row.place or None, column, visible(value), reason, remedy)

    def refusal(self, column: str | None, value: str, *, reason: str, remedy: str) -> Refusal:
        """A refusal of this row."""
        file = visible(self.file, limit=300)
        return Refusal(file, None, column, visible(value), reason, remedy, self.row.place or None)


def texts(value: str | Sequence[str] | Sequence[Sequence[str]] | None) -> Iterator[str]:
    """The texts of a list of texts; of one text, itself; of anything else nothing."""
    for one in [value] if isinstance(value, str) else value or ():
        if isinstance(one, str) and one.strip():
            yield one.strip()
