"""What an ingest did: how much of each kind was created, changed, left, removed and refused, and every refusal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from ingest.cells import visible

__all__ = ["Counts", "Doubt", "Note", "Progress", "Refusal", "RefusalOf", "Report", "Thing", "Things"]

NAMED_AT_MOST = 20
"""How many things of one kind a report names of those that were created, and of those that were changed."""


class Progress(Protocol):
    """Told how many of a kind are stored, of how many that are to be; of files, how many are read."""

    def __call__(self, kind: str, done: int, total: int) -> None:
        """So many are done now."""


class RefusalOf(StrEnum):
    """How much of a file was not taken in."""

    FILE = "file"
    ROW = "row"
    PART = "part"
    """A value, or something else of a file; the rest of where it stands may have come in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """That something was not taken in: where it stands, why, and what to do.

    ``row`` counts as a spreadsheet does, the header being row 1; it is None for a whole file. ``place`` says where in
    files that have no such rows ("sheet Personen, row 3"). ``column`` is None where no single column is at fault.
    ``value`` is safe to print. ``of`` says how much was not taken in.
    """

    file: str
    row: int | None
    column: str | None
    value: str
    reason: str
    remedy: str
    place: str | None = None
    of: RefusalOf = RefusalOf.ROW

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row is not None else None
        return f"{_place(self.file, self.place or row, self.column)}: {self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """That a value was left out because it may mean what it does not say: where it stands, why, and what to do."""

    file: str
    place: str | None
    column: str | None
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{_place(self.file, self.place, self.column)}: {self.reason}; {self.remedy}"


def _place(file: str, place: str | None, column: str | None) -> str:
    return ", ".join([file, *([place] if place else []), *([f"column {column}"] if column else [])])


@dataclass(frozen=True, slots=True)
class Note:
    """How something was read, or that it was left out without harm, such as an unknown column, in one sentence."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


@dataclass(slots=True)
class Counts:
    """How many of one kind were created, changed, left as they were, removed and refused."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has a name of its own: its id in the network, and what its file calls it."""

    id: str
    name: str


@dataclass(slots=True)
class Things:
    """Which things of one kind were created and changed, the first of them."""

    created: list[Thing] = field(default_factory=list)
    changed: list[Thing] = field(default_factory=list)

    def take(self, thing: Thing, *, is_new: bool) -> None:
        """Take one down, once, as long as there is room."""
        among = self.created if is_new else self.changed
        if len(among) < NAMED_AT_MOST and all(thing.id != one.id for one in (*self.created, *self.changed)):
            among.append(thing)


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did or, in a dry run, would do.

    ``kinds`` has the names of the files, and 'passages'; ``things``, by the same names, which they are.
    """

    folder: Path
    dry_run: bool
    kinds: Mapping[str, Counts]
    refusals: Sequence[Refusal] = field(default_factory=tuple)
    doubts: Sequence[Doubt] = field(default_factory=tuple)
    notes: Sequence[Note] = field(default_factory=tuple)
    things: Mapping[str, Things] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether everything in the folder went in."""
        return not self.refusals

    def is_news(self, told: "Self | None") -> bool:
        """Whether it says anything that the last report on the same folder did not: a change, a refusal, a doubt."""
        changes = any(counts.created or counts.changed or counts.removed for counts in self.kinds.values())
        return changes or told is None or (self.refusals, self.doubts) != (told.refusals, told.doubts)

    def to_json(self, *, indent: int | None = 2, **more: object) -> str:
        """The report for programs: an object with folder, dry_run, kinds, things, refusals, doubts, notes, ``more``."""
        return json.dumps(
            {
                "folder": visible(str(self.folder), limit=1000),
                "dry_run": self.dry_run,
                "kinds": {kind: asdict(counts) for kind, counts in self.kinds.items()},
                "things": {kind: asdict(things) for kind, things in self.things.items()},
                "refusals": [asdict(refusal) for refusal in self.refusals],
                "doubts": [asdict(doubt) for doubt in self.doubts],
                "notes": [asdict(note) for note in self.notes],
                **more,
            },
            ensure_ascii=False,
            indent=indent,
        )

    def to_text(self, *, most: int = 50) -> str:
        """The report for people: a line for each kind, then at most ``most`` refusals, doubts and notes each."""
        columns = [one.name for one in fields(Counts)]
        lines = [f"{'':13}" + "".join(f"{column:>11}" for column in columns)]
        lines += [
            f"{kind:13}" + "".join(f"{getattr(counts, column) or '-':>11}" for column in columns)
            for kind, counts in self.kinds.items()
        ]
        if self.refusals:
            lines += ["", "Refused:", *_first(self.refusals, most)]
        if self.doubts:
            lines += ["", "Doubtful, and left out:", *_first(_together(self.doubts), most)]
        if self.notes:
            lines += ["", "Notes:", *_first(self.notes, most)]
        if self.dry_run:
            lines += ["", "This was a dry run: nothing was written."]
        return "\n".join(lines)


def _together(doubts: Sequence[Doubt]) -> list[str]:
    """Doubts as sentences, the same doubt at several places of a file as one, as of each day of a series."""
    alike: dict[tuple[object, ...], list[Doubt]] = {}
    for doubt in doubts:
        alike.setdefault((doubt.file, doubt.column, doubt.value, doubt.reason, doubt.remedy), []).append(doubt)
    return [
        str(first) if not more else f"{first} (and at {len(more):,} more {'place' if len(more) == 1 else 'places'})"
        for first, *more in alike.values()
    ]


def _first(sentences: Sequence[object], most: int) -> list[str]:
    shown = [f"  {sentence}" for sentence in sentences[:most]]
    left = len(sentences) - len(shown)
    return [*shown, f"  … and {left:,} more, which --report FILE and --json tell"] if left else shown
