"""Two servers on one graph, each a process of its own: it does not matter which one is followed, and one may go."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from graph import tokens
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.api.graphql.subscriptions.conftest import Change, bearer, event_id, following, next_event
from tests.door import KEEPER
from tests.sample_network import environment

PROTOCOL = Subprotocol("graphql-transport-ws")
ENDS_WITHIN_S = 200  # it waits for the encoder that it is still loading
INIT = '{"type": "connection_init"}'
SUBSCRIBE = '{"type": "subscribe", "id": "1", "payload": {"query": "subscription { changes { verb } }"}}'


class Other:
    """A server as ``knowwho serve`` starts it."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address


@pytest.fixture
async def other(engine_address: Address, graph: Graph, graph_settings: GraphSettings) -> AsyncIterator[Other]:
    """Another server on the worker's graph, which is told to stop at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.cli", "serve", "--port", "0"),
        env=environment(graph_settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        said = ""
        while not said.startswith("Knowwho serves at "):
            said = (await process.stdout.readline()).decode()
            assert said, "the server did not start"
        yield Other(process, said.split()[3])
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), ENDS_WITHIN_S)


async def test_it_does_not_matter_which_server_one_follows(
    client: httpx.AsyncClient, graph: Graph, change: Change, other: Other
) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="client", role=Role.MEMBER, expires_at=None)
    async with httpx.AsyncClient(base_url=other.address, timeout=60, trust_env=False) as there:
        async with following(there, **bearer(secret)) as at_the_other, following(client, **bearer(secret)) as here:
            begun = await next_event(at_the_other)
            await next_event(here)
            await change("event:one", "event:two")
            by_both = [[event_id((await next_event(e)).change) for _ in range(2)] for e in (at_the_other, here)]
        async with following(client, after=begun.id, **bearer(secret)) as here:
            one = await next_event(here)
        async with following(there, after=one.id, **bearer(secret)) as at_the_other:
            two = await next_event(at_the_other)
            await tokens.revoke(graph, KEEPER, id=token.id)
            ended, complete = await next_event(at_the_other), await next_event(at_the_other)

    assert by_both == [["one", "two"]] * 2
    assert [event_id(event.change) for event in (one, two)] == ["one", "two"]
    assert ended.data["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert complete.name == "complete"


async def test_a_server_that_is_told_to_stop_lets_go_of_whoever_follows_and_they_go_on_at_another(
    client: httpx.AsyncClient, change: Change, other: Other
) -> None:
    async with (
        httpx.AsyncClient(base_url=other.address, timeout=60, trust_env=False) as there,
        connect(other.address.replace("http", "ws") + "/graphql", subprotocols=[PROTOCOL]) as socket,
        following(there) as events,
    ):
        begun = await next_event(events)
        for message in (INIT, SUBSCRIBE):
            await socket.send(message)
            await socket.recv()
        other.process.send_signal(signal.SIGTERM)
        rest = [event async for event in events if event.name]
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        await change("event:meanwhile")
    async with following(client, after=begun.id) as here:
        meanwhile = await next_event(here)
    await asyncio.wait_for(other.process.wait(), ENDS_WITHIN_S)

    assert rest == []
    assert socket.close_code == 1012
    assert event_id(meanwhile.change) == "meanwhile"
