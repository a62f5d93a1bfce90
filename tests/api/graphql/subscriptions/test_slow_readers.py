"""A client that takes nothing holds a few changes in the server, not the log; what it takes later is all of it."""

import json
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from graph import feed, tokens
from graph.changes import record
from graph.feed import Part
from graph.graph import Graph, Transaction
from graph.viewer import Role, Viewer
from tests.api.graphql.subscriptions.conftest import Event, bearer, following, next_event
from tests.door import KEEPER

CHANGES = 400
LARGE = "x" * 100_000
QUERY = "subscription ($after: String) { changes(after: $after) { change { sequence after } } }"

Reads = Counter[str]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """How many changes were read of the log, by whom."""
    counted: Reads = Counter()
    changes = feed.changes

    async def counts(graph: Graph, viewer: Viewer, *, after: int, first: int) -> Part:
        part = await changes(graph, viewer, after=after, first=first)
        counted[viewer.actor] += part.until - after
        return part

    monkeypatch.setattr(feed, "changes", counts)
    return counted


@pytest.fixture
async def log(graph: Graph) -> None:
    """A log of some 40 MB, four times what fits on the way."""

    async def work(tx: Transaction) -> None:
        for number in range(CHANGES):
            await record(tx, KEEPER, verb="exported", subject=f"expert:{number}", after={"text": LARGE})

    await graph.transact(work)


async def administrator(graph: Graph, name: str) -> tuple[str, dict[str, str]]:
    """An administrator's token: by what reads are counted, and the header that shows it."""
    scopes = tokens.SCOPES[Role.ADMINISTRATOR]
    token, secret = await tokens.create(
        graph, KEEPER, name=name, role=Role.ADMINISTRATOR, scopes=scopes, expires_at=None
    )
    return token.viewer.actor, bearer(secret)


async def all_of(events: AsyncIterator[Event]) -> list[int]:
    """The numbers of the whole log, as they come."""
    return [(await next_event(events)).change["change"]["sequence"] for _ in range(CHANGES)]


async def test_a_stream_that_nobody_reads_is_told_no_more_than_fits_on_the_way_and_later_all(
    client: httpx.AsyncClient, graph: Graph, log: None, reads: Reads
) -> None:
    slow, shown = await administrator(graph, "slow")
    _, shown_by_other = await administrator(graph, "fast")

    async with following(client, QUERY, after="0", **shown) as waiting:
        async with following(client, QUERY, after="0", **shown_by_other) as events:
            fast = await all_of(events)
        read_meanwhile = reads[slow]
        taken = await all_of(waiting)

    assert fast == taken == list(range(1, CHANGES + 1))
    assert read_meanwhile <= CHANGES / 2


async def test_a_websocket_that_nobody_reads_is_told_no_more_than_fits_on_the_way(
    address: str, client: httpx.AsyncClient, graph: Graph, log: None, reads: Reads
) -> None:
    slow, shown = await administrator(graph, "slow")
    _, shown_by_other = await administrator(graph, "fast")
    url = address.replace("http", "ws") + "/graphql"
    protocol = Subprotocol("graphql-transport-ws")

    async with connect(url, subprotocols=[protocol], additional_headers=shown, compression=None, max_queue=1) as unread:
        payload = {"query": QUERY, "variables": {"after": "0"}}
        await unread.send(json.dumps({"type": "connection_init"}))
        await unread.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        async with following(client, QUERY, after="0", **shown_by_other) as events:
            fast = await all_of(events)
        read_meanwhile = reads[slow]

    assert fast == list(range(1, CHANGES + 1))
    assert 0 < read_meanwhile <= CHANGES / 2
