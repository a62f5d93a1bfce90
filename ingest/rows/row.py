"""What every row has: an id, a digest, and the things that it names."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from graph.intake import Kind, identity_of
from ingest.cells import Cell, Expertise, Unfit

__all__ = ["Reference", "Row", "cell_of", "in_order"]

# Raised when what is stored of a row changes although the row does not: every row is then stored again.
SHAPE = 1


class Reference(NamedTuple):
    """That a row's column names something of a kind."""

    column: str
    kind: Kind
    id: str


class Row(BaseModel):
    """One valid row. ``stands_for`` is the kind of its file, ``key`` the columns by which it is the same row again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stands_for: ClassVar[Kind]
    key: ClassVar[tuple[str, ...]] = ("id",)

    @cached_property
    def identity(self) -> str:
        """The id that the graph knows it by."""
        return identity_of([getattr(self, field) or "" for field in self.key])

    @cached_property
    def digest(self) -> str:
        """A digest of all that the row says, its references included: 32 hexadecimal digits."""
        return hashlib.sha256(f"{SHAPE}\n{self.model_dump_json()}".encode()).hexdigest()[:32]

    @classmethod
    @cache
    def referring(cls) -> dict[str, Kind]:
        """The fields that name something else, with the kind that they name."""
        cells = {name: cell_of(field) for name, field in cls.model_fields.items()}
        return {name: cell.refers_to for name, cell in cells.items() if cell.refers_to is not None}

    def references(self) -> Iterator[Reference]:
        """Everything that the row names, column by column."""
        for name, kind in self.referring().items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield Reference(name, kind, one.topic if isinstance(one, Expertise) else one)

    @abstractmethod
    def record(self) -> Mapping[str, Any]:
        """What the graph stores of the row, as graph.intake describes it."""


def cell_of(field: FieldInfo) -> Cell:
    """What the format's description says of a field's cells."""
    optional = [part for inner in get_args(field.annotation) for part in get_args(inner)]
    return next(found for found in (*field.metadata, *optional) if isinstance(found, Cell))


Ordered = TypeVar("Ordered", str, date, datetime)


def in_order(first: Ordered | None, last: Ordered | None, *, column: str) -> None:
    """Raise Unfit if something ends before it starts; what is not known is in order."""
    if first is not None and last is not None and last < first:
        raise Unfit(f"'{last}' is before the start, '{first}'", remedy="correct one of the two", column=column)
