"""The change log, for administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import orjson
import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from graph import changes
from graph.values import Page

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
    after: Private[str | None]

    @strawberry.field(description="The changes.")
    def edges(self) -> list[ChangeEdge]:
        return [ChangeEdge(cursor=str(cursor), node=Change(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type
class ChangesQuery:
    """What administrators ask of the log."""

    @strawberry.field(description="The change log, newest first; for administrators.")
    async def changes(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        subject: Annotated[
            str | None, strawberry.argument(description="Only changes of this subject, such as expert:ID.")
        ] = None,
    ) -> ChangeConnection:
        page = await changes.page(
            info.context.network.graph,
            info.context.viewer,
            first=first_of(first),
            after=cursor_of(after),
            subjects=None if subject is None else [subject],
        )
        return ChangeConnection(value=page, after=after)


def _json(values: Mapping[str, object]) -> str:
    return orjson.dumps(values).decode()
