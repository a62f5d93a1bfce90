"""What a mutation answers when it did not happen: one type for each thing that a client can act on."""

import re
from collections.abc import Iterable
from typing import Self

import strawberry

from graph.errors import GraphError
from graph.fields import InvalidFields, Problem
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError

__all__ = [
    "Conflict",
    "Error",
    "Invalid",
    "InvalidField",
    "NotAllowed",
    "NotFound",
    "RateLimited",
    "as_error",
    "invalid",
]


@strawberry.interface(description="Why something was not done; nothing was changed.")
class Error:
    """What all errors have."""

    message: str = strawberry.field(description="What is wrong and what to do, in one sentence or a few.")


@strawberry.type(description="The viewer may not do this.")
class NotAllowed(Error):
    """A rule of graph.permissions refused."""

    who: str = strawberry.field(description="Who may.")


@strawberry.type(description="There is no such thing, as far as the viewer may know.")
class NotFound(Error):
    """What was to be changed is not there, or must not be known to be."""


@strawberry.type(description="What is wrong with one field of the input.")
class InvalidField:
    """A path and a sentence."""

    path: list[str] = strawberry.field(
        description="The way to the field, such as input, topics, 0, since; of a list the place counts from 0."
    )
    message: str = strawberry.field(description="What is wrong and what to do, in one sentence.")


@strawberry.type(description="What was given cannot be used.")
class Invalid(Error):
    """Values of the input are wrong."""

    field: str | None = strawberry.field(
        default=None, description="The path of the first field that is wrong, such as input.email."
    )
    fields: list[InvalidField] = strawberry.field(
        default_factory=list, description="All fields that are wrong; empty where it is none of them."
    )


@strawberry.type(description="It was changed by somebody else since the viewer saw it.")
class Conflict(Error):
    """The version that was expected is not the present one."""

    version: int = strawberry.field(description="The version that it has now.")

    @classmethod
    def of(cls, error: OtherVersion) -> Self:
        """The type that tells of it."""
        return cls(message=str(error), version=error.version)


@strawberry.type(description="The viewer made too many changes at once; none of this request was made.")
class RateLimited(Error):
    """More than the limit of changes."""

    retry_after_s: int = strawberry.field(description="In how many seconds to try again.")


def invalid(message: str, *, field: str | None = None) -> Invalid:
    """What is wrong with one field, whose path has dots; or with none in particular."""
    return Invalid(message=message, field=field, fields=_fields([(field.split("."), message)] if field else ()))


def as_error(error: GraphError, *, field: str | None = None) -> NotAllowed | Invalid:
    """The type that tells of an error of the graph room."""
    if isinstance(error, NotAllowedError):
        return NotAllowed(message=str(error), who=error.who)
    if isinstance(error, InvalidFields):
        paths = [(_path(problem), problem.message) for problem in error.problems]
        return Invalid(message=str(error), field=".".join(paths[0][0]), fields=_fields(paths))
    return invalid(str(error), field=field)


def _fields(paths: Iterable[tuple[list[str], str]]) -> list[InvalidField]:
    return [InvalidField(path=path, message=message) for path, message in paths]


def _path(problem: Problem) -> list[str]:
    """The path as the schema has it: ``other_names`` of the graph is ``otherNames``."""
    return ["input", *(re.sub(r"_([a-z])", lambda found: found[1].upper(), str(part)) for part in problem.path)]
