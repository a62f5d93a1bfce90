"""One client that follows the change log, from where it was, for as long as it may."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

import structlog
from fastapi import Request
from graphql import GraphQLError

from api.door import Refusal, Visitor, visitor_of
from api.door.limits import pay
from api.graphql.context import Context
from api.graphql.feeding.watch import Watch
from api.graphql.loaders import Loaders
from api.network import OpenNetwork
from graph import feed
from graph.errors import GraphUnavailable, QueryTimedOut
from graph.feed import Part, Told
from graph.viewer import Viewer

__all__ = ["FollowingContext", "followed"]

log = structlog.get_logger(__name__)

AT_ONCE: Final = 100
"""Changes of the log that are read at once, whatever is told of them: what a slow client costs."""

FRESH_S: Final = 5.0
"""How old a part may become while its client takes it; the rest is then read again, as its viewer sees it by then."""

CHECKED_EVERY_S: Final = 15.0
"""How often it is looked whether a client may still follow, while there is nothing to tell."""


class FollowingEnded(GraphQLError):
    """What let a client in opens nothing any more."""

    def __init__(self) -> None:
        super().__init__(
            "Your token or session has ended; sign in again, and go on after the last cursor.",
            extensions={"code": "UNAUTHENTICATED"},
        )


@dataclass
class FollowingContext(Context):
    """The context of one subscription; ``cursor`` is where to go on after the last change that it gave.

    ``last_event`` is the cursor of the last change that the client took, where its transport says so by itself.
    """

    last_event: str | None = None
    cursor: str | None = None

    @classmethod
    def following(cls, request: Request, visitor: Visitor, *, last_event: str | None = None) -> Self:
        """A fresh context for a subscription that came with a request."""
        network: OpenNetwork = request.app.state.network
        context = cls(network, visitor, Loaders(network.graph, visitor.viewer), last_event=last_event)
        context.request = request
        return context


async def followed(context: FollowingContext, *, after: str | None) -> AsyncGenerator[Told, None]:
    """Changes in order as the viewer may see them, each once, those to come too; first a place, if ``after`` is None.

    Raises:
        NotACursor: ``after`` is no cursor of the log.
        RateLimited: the viewer may be told no more in this window.
        FollowingEnded: the viewer's token or session opens nothing any more.
    """
    graph = context.network.graph
    begun = await feed.start(graph, context.viewer, after=context.last_event or after)
    if context.last_event is None and after is None:
        context.cursor = begun.cursor
        yield begun
    place = begun.sequence
    while True:
        part = await _read(context, after=place)
        if part.until > place:
            await pay(_request(context), max(1, len(part.told)))
        read_at = time.monotonic()
        for told in part.told:
            context.cursor = told.cursor
            yield told
            place = told.sequence
            if time.monotonic() - read_at > FRESH_S:
                break
        else:
            place = part.until
            if not part.is_full:
                await _wait(context, beyond=place)


async def _read(context: FollowingContext, *, after: int) -> Part:
    """The next part of the log; none of it while the database does not answer, which soon does again."""
    try:
        viewer = await _viewer_now(context)
        return await feed.changes(context.network.graph, viewer, after=after, first=AT_ONCE)
    except (GraphUnavailable, QueryTimedOut) as error:
        log.warning("changes_not_read", exc_info=error)
        return Part((), until=after, is_full=False)


async def _viewer_now(context: FollowingContext) -> Viewer:
    """Who asks, as they are now: a role may have been taken, a token revoked, a session ended."""
    try:
        visitor = await visitor_of(_request(context))
    except Refusal:
        raise FollowingEnded from None
    if context.visitor.session is not None and visitor.session is None:
        raise FollowingEnded
    return visitor.viewer


async def _wait(context: FollowingContext, *, beyond: int) -> None:
    watch: Watch = _request(context).app.state.streams.watch
    with suppress(TimeoutError):
        async with asyncio.timeout(CHECKED_EVERY_S):
            await watch.grown(context.network.graph, beyond=beyond)


def _request(context: FollowingContext) -> Request:
    assert isinstance(context.request, Request)  # noqa: S101 -- FollowingContext.following puts it there
    return context.request
