"""What is read for a client is told it while it is fresh, and read again, as it is seen then, where it is not."""

from contextlib import aclosing

import pytest
from fastapi import FastAPI, Request

from api.door import Visitor
from api.graphql.feeding import FollowingContext, following
from graph import feed
from graph.graph import Graph
from graph.viewer import PUBLIC
from tests.api.graphql.subscriptions.conftest import Change


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """How long what was read counts as fresh."""
    monkeypatch.setattr(following, "FRESH_S", seconds)


@pytest.mark.parametrize("seconds,told_then", [(60.0, "ama"), (0.0, "last")])
async def test_who_was_hidden_while_a_client_took_its_time_is_told_no_more(
    app: FastAPI, graph: Graph, change: Change, fresh: None, told_then: str
) -> None:
    await graph.write("CREATE (:Expert {id: 'ama', audience_listing: 0, audience_profile: 0})")
    begun = await feed.start(graph, PUBLIC, after=None)
    await change("expert:ama", "expert:ama", verb="profile changed", fields=("headline",))
    await change("event:last")
    scope = {"type": "http", "app": app, "headers": [], "client": ("127.0.0.1", 50_000), "server": ("localhost", 80)}
    request = Request({**scope, "method": "POST", "scheme": "http", "path": "/graphql", "query_string": b""})
    context = FollowingContext.following(request, Visitor(PUBLIC, account=None, session=None, csrf=""))

    async with aclosing(following.followed(context, after=begun.cursor)) as told:
        first = await anext(told)
        await graph.write("MATCH (e:Expert {id: 'ama'}) SET e.audience_listing = 3, e.audience_profile = 3")
        then = await anext(told)

    assert (first.id, then.id) == ("ama", told_then)
