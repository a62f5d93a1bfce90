"""How a list is asked for in parts: how many, after which, and what is told of the part."""

from typing import Annotated, Any

import strawberry
from graphql import GraphQLError
from strawberry import relay

from graph.values import Cursor, Page

__all__ = ["MOST_AT_ONCE", "After", "First", "cursor_of", "first_of", "page_info"]

MOST_AT_ONCE = 100

First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on after.")]


def first_of(first: int, *, name: str = "first") -> int:
    """``first`` as asked, or another argument of that kind, if it can be.

    Raises:
        GraphQLError: it is not between 1 and 100.
    """
    if not 1 <= first <= MOST_AT_ONCE:
        message = f"{name} is {first}; ask for 1 to {MOST_AT_ONCE} at once."
        raise GraphQLError(message)
    return first


def cursor_of(after: str | None) -> Cursor | None:
    """The cursor to go on after, if there is one.

    Raises:
        NotACursor: the text was not written by a cursor.
    """
    return Cursor.parse(after) if after is not None else None


def page_info(page: Page[Any], *, after: str | None) -> relay.PageInfo:
    """Where a part of a list begins and ends, and whether more follow."""
    cursors = [str(cursor) for cursor, _ in page.entries]
    return relay.PageInfo(
        has_next_page=page.has_next,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
