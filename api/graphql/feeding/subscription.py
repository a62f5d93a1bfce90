"""The root of what can be followed, and what is told of a change."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Self

import strawberry
from graphql import GraphQLError
from strawberry import relay

from api.graphql.changes import Change
from api.graphql.context import Info
from api.graphql.feeding.following import FollowingContext, followed
from graph import feed

__all__ = ["NetworkChange", "Subscription"]

strawberry.enum(
    feed.Verb,
    name="NetworkChangeVerb",
    description="What was done: FOLLOWING is nothing, but a place to go on from; LOADED is by a load, which may have "
    "added, changed or removed things of a kind; OTHER is told to administrators alone.",
)
strawberry.enum(feed.Subject, name="NetworkChangeKind", description="What kind of thing something was done to.")

TYPES = {
    feed.Subject.EXPERT: "Expert",
    feed.Subject.TOPIC: "Topic",
    feed.Subject.EVENT: "Event",
    feed.Subject.SERIES: "Series",
    feed.Subject.ORGANISATION: "Organisation",
    feed.Subject.RESOURCE: "Resource",
    feed.Subject.PROJECT: "Project",
    feed.Subject.ACTIVITY: "Activity",
}
"""The type whose nodes are of a kind, for their global ids."""


@strawberry.type(description="One change of the network, as far as the viewer may see what it changed.")
class NetworkChange:
    """What is told of a change; administrators are told all of it."""

    cursor: str = strawberry.field(description="To go on after it; it tells nothing by itself.")
    at: datetime = strawberry.field(description="When it happened.")
    verb: feed.Verb = strawberry.field(description="What was done.")
    kind: feed.Subject | None = strawberry.field(description="To what kind of thing; null if to several or to none.")
    id: strawberry.ID | None = strawberry.field(description="To which one; null where it is not told, as of a load.")
    change: Change | None = strawberry.field(description="All that the log says of it; for administrators.")

    @classmethod
    def of(cls, told: feed.Told) -> Self:
        """A change as the graph tells it."""
        type_name = TYPES.get(told.subject) if told.subject is not None else None
        return cls(
            cursor=told.cursor,
            at=told.at,
            verb=told.verb,
            kind=told.subject,
            id=strawberry.ID(relay.to_base64(type_name, told.id)) if type_name and told.id else None,
            change=Change(value=told.change) if told.change is not None else None,
        )


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription(
        description="Changes of the network in order, each once, as far as the viewer may see what they changed. "
        "Without 'after', the first is FOLLOWING: it tells where this begins, so that nothing is missed later."
    )
    async def changes(
        self,
        info: Info,
        after: Annotated[
            str | None,
            strawberry.argument(
                description="The cursor of the last change that was taken; now, if left out. Administrators may give "
                "the number of a change, 0 for the whole log."
            ),
        ] = None,
    ) -> AsyncGenerator[NetworkChange, None]:
        if not isinstance(info.context, FollowingContext):
            message = "A subscription is followed by a stream; ask for one."
            raise GraphQLError(message, extensions={"code": "METHOD_NOT_ALLOWED"})
        async with aclosing(followed(info.context, after=after)) as told:
            async for one in told:
                yield NetworkChange.of(one)
