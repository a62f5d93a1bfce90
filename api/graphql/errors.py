"""What a mutation answers when it did not happen: one type for each thing that a client can act on."""

import strawberry

from graph.errors import GraphError
from graph.permissions import NotAllowed as NotAllowedError

__all__ = ["Invalid", "NotAllowed", "NotFound", "as_error"]


@strawberry.interface(description="Why something was not done; nothing was changed.")
class Error:
    """What all errors have."""

    message: str = strawberry.field(description="What is wrong and what to do, in one sentence.")


@strawberry.type(description="The viewer may not do this.")
class NotAllowed(Error):
    """A rule of graph.permissions refused."""

    who: str = strawberry.field(description="Who may.")


@strawberry.type(description="There is no such thing, as far as the viewer may know.")
class NotFound(Error):
    """What was to be changed is not there, or must not be known to be."""


@strawberry.type(description="What was given cannot be used.")
class Invalid(Error):
    """A value of the input is wrong."""

    field: str | None = strawberry.field(default=None, description="The path of the field, such as input.email.")


def as_error(error: GraphError, *, field: str | None = None) -> NotAllowed | Invalid:
    """The type that tells of an error of the graph room."""
    if isinstance(error, NotAllowedError):
        return NotAllowed(message=str(error), who=error.who)
    return Invalid(message=str(error), field=field)
