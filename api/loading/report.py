"""What ``knowwho ingest --json`` said of a load, in the order in which a person reads and mends it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["Count", "Problem", "RowToMend", "Things", "Told"]

ROW = re.compile(r"row (\d{1,7})")


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one kind was, or would be, created, changed, left, removed and refused."""

    kind: str
    created: int
    changed: int
    unchanged: int
    removed: int
    refused: int


@dataclass(frozen=True, slots=True)
class Things:
    """Which things of one kind were, or would be, created and changed: ids and names of the first of them."""

    kind: str
    created: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, kind: str, told: Mapping[str, Sequence[Mapping[str, str]]]) -> Self:
        """From the report's object for the kind."""
        return cls(kind, *([(one["id"], one["name"]) for one in told[name]] for name in ("created", "changed")))


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was refused or, if it is a doubt, a value left out: where it stands, and what to do.

    ``place`` is as the file counts, such as "row 3" or "sheet Personen, row 3"; empty for a file as a whole. ``of``
    says how much was refused: "file", "row" or "part".
    """

    file: str
    place: str
    column: str | None
    value: str
    reason: str
    remedy: str
    is_doubt: bool
    of: str

    @property
    def row(self) -> int | None:
        """The number of the row of a CSV file where it stands."""
        told = ROW.fullmatch(self.place)
        return int(told[1]) if told else None

    @classmethod
    def told_by(cls, told: Mapping[str, Any], *, is_doubt: bool) -> Self:
        """From a refusal or a doubt of the report."""
        place = told["place"] or ("" if is_doubt or told["row"] is None else f"row {told['row']}")
        return cls(
            *(told["file"], place, told["column"], told["value"], told["reason"], told["remedy"]),
            is_doubt=is_doubt,
            of="part" if is_doubt else told["of"],
        )


@dataclass(frozen=True, slots=True)
class RowToMend:
    """A row of a CSV file, what stands in it under which headers, and what is wrong with it."""

    file: str
    row: int
    header: tuple[str, ...]
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def columns(self) -> int:
        """How many cells there are to fill in: those of the header, and those beyond it."""
        return max(len(self.header), len(self.cells))

    def problems_of(self, column: int) -> list[Problem]:
        """What is wrong with a cell, by the header above it."""
        name = self.header[column].casefold() if column < len(self.header) else None
        return [one for one in self.problems if one.column is not None and one.column.casefold() == name]

    @property
    def elsewhere(self) -> list[Problem]:
        """What is wrong with the row, and no single cell's fault."""
        known = {name.casefold() for name in self.header}
        return [one for one in self.problems if one.column is None or one.column.casefold() not in known]


@dataclass(frozen=True, slots=True)
class Told:
    """The report of a load or of its preview; ``problems`` by file, in the order in which they were told."""

    kinds: Sequence[Count]
    problems: Mapping[str, Sequence[Problem]]
    notes: Sequence[tuple[str, str]]
    rows: Sequence[RowToMend]
    things: Sequence[Things]

    @property
    def stored(self) -> int:
        """How much is, or would be, created or changed."""
        return sum(count.created + count.changed for count in self.kinds)

    @property
    def removed(self) -> int:
        """How much is, or would be, removed."""
        return sum(count.removed for count in self.kinds)

    @property
    def refused_files(self) -> int:
        """How many files are refused as a whole."""
        return len({file for file, of_file in self.problems.items() for one in of_file if one.of == "file"})

    @property
    def is_unreadable(self) -> bool:
        """Whether files are refused as a whole, and nothing came of the others."""
        return self.refused_files > 0 and not any(one.created + one.changed + one.unchanged for one in self.kinds)

    @property
    def refused_rows(self) -> int:
        """How many rows are refused, each counted once whatever is wrong with it."""
        return len({(one.file, one.place) for one in self._refusals if one.of == "row"})

    @property
    def refused_parts(self) -> int:
        """How many values, or other parts of files, are refused while the rest may come in."""
        return sum(one.of == "part" for one in self._refusals)

    @property
    def _refusals(self) -> list[Problem]:
        return [one for of_file in self.problems.values() for one in of_file if not one.is_doubt]

    @property
    def refused(self) -> int:
        """How many refusals there are."""
        return len(self._refusals)

    @property
    def doubts(self) -> int:
        """How many values were left out because they may mean what they do not say."""
        return sum(one.is_doubt for of_file in self.problems.values() for one in of_file)

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Self:
        """From the JSON that the command printed."""
        problems: dict[str, list[Problem]] = defaultdict(list)
        for refusal in report["refusals"]:
            problems[refusal["file"]].append(Problem.told_by(refusal, is_doubt=False))
        for doubt in report["doubts"]:
            problems[doubt["file"]].append(Problem.told_by(doubt, is_doubt=True))
        of_rows: dict[tuple[str, int | None], list[Problem]] = defaultdict(list)
        for file, of_file in problems.items():
            for one in of_file:
                of_rows[file, one.row].append(one)
        return cls(
            [Count(kind, **counts) for kind, counts in report["kinds"].items()],
            dict(problems),
            [(note["file"], note["message"]) for note in report["notes"]],
            [
                RowToMend(
                    one["file"],
                    one["row"],
                    tuple(one["header"]),
                    tuple(one["cells"]),
                    tuple(of_rows[one["file"], one["row"]]),
                )
                for one in report.get("rows", ())
            ],
            [Things.of(kind, things) for kind, things in report["things"].items()],
        )
