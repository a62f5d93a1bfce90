"""A request that nobody waits for any more ends in the database at once; one that takes too long is told so and ends.

What makes a request slow here is real: a change that waits for another one's lock.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from graph import tokens
from graph.engine import Address
from graph.graph import Graph, Transaction
from graph.viewer import Role, Scope
from tests.api.graphql.http.conftest import GRAPHQL, ServeWith
from tests.door import KEEPER
from tests.served import served

WITHIN_S = 2.0
CREATE = """
mutation {
  createToken(input: {name: "abandoned", role: MEMBER}) { ... on TokenCreated { secret } ... on Error { message } }
}
"""
CHANGE = {"query": CREATE}
COUNTER = "MERGE (n:ChangeCounter {id: 'changes'}) SET n.held = true"
TOKENS = "MATCH (n:Token) SET n.held = true"
WAITING = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS waiting"


@pytest.fixture
async def onlooker(engine_address: Address) -> AsyncIterator[Graph]:
    """A driver of its own, with connections of its own."""
    async with Graph.connect(engine_address) as graph:
        yield graph


@pytest.fixture
async def keeper(graph: Graph) -> dict[str, str]:
    """The header of a token that may do all that an administrator may."""
    _, secret = await tokens.create(
        graph, KEEPER, name="keeper", role=Role.ADMINISTRATOR, scopes=frozenset(Scope), expires_at=None
    )
    return {"Authorization": f"Bearer {secret}"}


@asynccontextmanager
async def holding(graph: Graph, cypher: Any) -> AsyncIterator[None]:
    """Hold what a statement writes, so that others who want to write it wait."""
    is_held, is_over = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await tx.run(cypher)
        is_held.set()
        await is_over.wait()

    held = asyncio.create_task(graph.transact(work))
    await is_held.wait()
    try:
        yield
    finally:
        is_over.set()
        await held


async def until_waiting(onlooker: Graph, asking: asyncio.Task[httpx.Response]) -> None:
    """Return once a request waits for a lock."""
    while (await onlooker.read(WAITING))[0]["waiting"] == 0:
        assert not asking.done(), asking.result().text


async def until_none_waits(onlooker: Graph) -> float:
    """How long it took until no transaction waited for a lock."""
    began = time.monotonic()
    while (await onlooker.read(WAITING))[0]["waiting"] > 0:
        assert time.monotonic() - began < 30
    return time.monotonic() - began


async def names_of_tokens(graph: Graph) -> set[str]:
    return {token.name for _, token in (await tokens.page(graph, KEEPER, first=10)).entries}


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_who_hangs_up_ends_what_the_database_does_for_them(
    graph: Graph, onlooker: Graph, serve_with: ServeWith, keeper: dict[str, str], method: str
) -> None:
    # Who asks by GET waits already for it to be noted that their token was used.
    held = COUNTER if method == "POST" else TOKENS
    asked: dict[str, Any] = {"json": CHANGE} if method == "POST" else {"params": {"query": "{ viewer { role } }"}}

    async with (
        served(serve_with(query_timeout_s=60)) as url,
        httpx.AsyncClient(headers=keeper, timeout=60) as client,
        holding(onlooker, held),
    ):
        asking = asyncio.create_task(client.request(method, f"{url}/graphql", **asked))
        await until_waiting(onlooker, asking)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking

        assert await until_none_waits(onlooker) < WITHIN_S

    assert await names_of_tokens(graph) == {"keeper"}


async def test_a_request_that_takes_too_long_is_told_so_and_ends(
    graph: Graph, onlooker: Graph, serve_with: ServeWith, keeper: dict[str, str]
) -> None:

    async with (
        served(serve_with(query_timeout_s=1)) as url,
        httpx.AsyncClient(headers=keeper | {"Accept": GRAPHQL}, timeout=60) as client,
        holding(onlooker, COUNTER),
    ):
        began = time.monotonic()
        answer = await client.post(f"{url}/graphql", json=CHANGE)
        took_s = time.monotonic() - began

        assert await until_none_waits(onlooker) < WITHIN_S

    assert (answer.status_code, "data" in answer.json()) == (504, False)
    (error,) = answer.json()["errors"]
    assert error["message"] == "The graph took longer than 1 s to answer; ask for less, or try again."
    assert error["extensions"] == {"code": "TIMED_OUT", "requestId": answer.headers["x-request-id"]}
    assert 0.9 < took_s < 1 + WITHIN_S
    assert await names_of_tokens(graph) == {"keeper"}


async def test_who_waits_is_answered_once_the_other_change_is_made(
    graph: Graph, onlooker: Graph, serve_with: ServeWith, keeper: dict[str, str]
) -> None:

    async with served(serve_with(query_timeout_s=60)) as url, httpx.AsyncClient(headers=keeper, timeout=60) as client:
        async with holding(onlooker, COUNTER):
            asking = asyncio.create_task(client.post(f"{url}/graphql", json=CHANGE))
            await until_waiting(onlooker, asking)

        assert (await asking).json()["data"]["createToken"]["secret"]

    assert await names_of_tokens(graph) == {"keeper", "abandoned"}
