"""The rows of a network's CSV files: one model for each file, its fields the file's columns.

A field without a default is a column that every file must have and every row must fill. What a row refers to is
checked elsewhere, when all files have been read. ``record`` gives what the graph stores.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from graph.intake import (
    ActivityRecord,
    AffiliationRecord,
    AttendanceRecord,
    EventRecord,
    ExpertiseRecord,
    ExpertRecord,
    Kind,
    OrganisationRecord,
    ProjectRecord,
    ResourceRecord,
    SeriesRecord,
    SpeakerRecord,
    SpokenLanguageRecord,
    TopicRecord,
)
from graph.values import UN_LANGUAGES
from ingest.cells import (
    Cell,
    CountryCode,
    Day,
    Email,
    Expertise,
    Id,
    Label,
    LanguageTag,
    Moment,
    PartialDate,
    Prose,
    Spoken,
    Title,
    Unfit,
    Url,
    all_different,
    expertise,
    listed,
    one_of,
    slug,
    spoken,
)

__all__ = [
    "MODELS",
    "Activity",
    "Affiliation",
    "Attendance",
    "Event",
    "Expert",
    "Organisation",
    "Project",
    "Reference",
    "Resource",
    "Row",
    "Series",
    "Speaker",
    "Topic",
]

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
        return {
            name: cell.refers_to
            for name, field in cls.model_fields.items()
            for cell in field.metadata
            if isinstance(cell, Cell) and cell.refers_to is not None
        }

    def references(self) -> Iterator[Reference]:
        """Everything that the row names, column by column."""
        for name, kind in self.referring().items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield Reference(name, kind, one.topic if isinstance(one, Expertise) else one)


def identity_of(key: list[str]) -> str:
    """The id of a row: its own, or a digest of the columns that make it the same row again."""
    return key[0] if len(key) == 1 else hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


OrganisationId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.ORGANISATIONS)]
TopicId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.TOPICS)]
SeriesId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.SERIES)]
ProjectId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.PROJECTS)]
ExpertId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.EXPERTS)]
EventId = Annotated[str, BeforeValidator(slug), Cell("string", refers_to=Kind.EVENTS)]
