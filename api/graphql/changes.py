"""The change log, for administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import orjson
import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.types import First, first_of
from graph import changes
from graph.values import Cursor, Page

__all__ = ["ChangesQuery"]


@strawberry.type(description="One change of the network: who, when and what; values only where they are not personal.")
class Change:
    """Wraps a change of the log."""

    value: Private[changes.Change]

    @strawberry.field(description="Its number; the sequence has no gaps.")
    def sequence(self) -> int:
        return self.value.sequence

    @strawberry.field(description="When it happened.")
    def at(self) -> datetime:
        return self.value.at

    @strawberry.field(description="Who did it: an account, a token, the command line, or the public.")
    def actor(self) -> str:
        return self.value.actor

    @strawberry.field(description="What was done.")
    def verb(self) -> str:
        return self.value.verb

    @strawberry.field(description="To what, as kind and id.")
    def subject(self) -> str:
        return self.value.subject

    @strawberry.field(description="The names of the fields that changed.")
    def fields(self) -> list[str]:
        return list(self.value.fields)

    @strawberry.field(description="Values before, as JSON, of the fields that are not personal.")
    def before(self) -> str:
        return _json(self.value.before)

    @strawberry.field(description="Values after, as JSON, of the fields that are not personal.")
    def after(self) -> str:
        return _json(self.value.after)


@strawberry.type(description="A change with its place in the log.")
class ChangeEdge:
    """A change and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: Change = strawberry.field(description="The change.")


@strawberry.type(description="Part of the change log, newest first.")
class ChangeConnection:
    """Wraps a page of changes."""

    value: Private[Page[changes.Change]]
    is_continued: Private[bool]

    @strawberry.field(description="The changes.")
    def edges(self) -> list[ChangeEdge]:
        return [ChangeEdge(cursor=str(cursor), node=Change(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Whether older ones follow, and after which cursor.")
    def page_info(self) -> relay.PageInfo:
        cursors = [str(cursor) for cursor, _ in self.value.entries]
        return relay.PageInfo(
            has_next_page=self.value.has_next,
            has_previous_page=self.is_continued,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )


@strawberry.type
class ChangesQuery:
    """What administrators ask of the log."""

    @strawberry.field(description="The change log, newest first; for administrators.")
    async def changes(
        self,
        info: Info,
        first: First = 20,
        after: Annotated[str | None, strawberry.argument(description="The cursor to go on after.")] = None,
        subject: Annotated[
            str | None, strawberry.argument(description="Only changes of this subject, such as expert:ID.")
        ] = None,
    ) -> ChangeConnection:
        page = await changes.page(
            info.context.network.graph,
            info.context.viewer,
            first=first_of(first),
            after=Cursor.parse(after) if after is not None else None,
            subject=subject,
        )
        return ChangeConnection(value=page, is_continued=after is not None)


def _json(values: Mapping[str, object]) -> str:
    return orjson.dumps(values).decode()
