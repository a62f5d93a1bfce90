"""How ``knowwho serve --workers`` ends: requests at work first, then all processes, whoever is told or killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from graph.engine import Address
from graph.engine.lifecycle import has_ended
from graph.graph import Graph, Transaction
from graph.settings import GraphSettings
from tests.api.cli.workers import WITHIN_S, serving_with_workers, until

CHANGE = {
    "query": 'mutation { createToken(input: {name: "in time", role: MEMBER}) { ... on TokenCreated { secret } } }'
}
COUNTER = "MERGE (n:ChangeCounter {id: 'changes'}) SET n.held = true"
WAITING = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS waiting"


@asynccontextmanager
async def holding_the_counter(graph: Graph) -> AsyncIterator[None]:
    """Let every other change wait until the end."""
    is_held, is_over = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await tx.run(COUNTER)
        is_held.set()
        await is_over.wait()

    held = asyncio.create_task(graph.transact(work))
    await is_held.wait()
    try:
        yield
    finally:
        is_over.set()
        await held


async def test_a_request_at_work_is_answered_before_the_server_ends(
    graph: Graph, engine_address: Address, graph_settings: GraphSettings
) -> None:
    async with Graph.connect(engine_address) as onlooker:
        with serving_with_workers(graph_settings) as server:
            workers = server.workers
            async with httpx.AsyncClient(headers={"Authorization": f"Bearer {server.key}"}, timeout=60) as client:
                async with holding_the_counter(graph):
                    asking = asyncio.create_task(client.post(f"{server.url}/graphql", json=CHANGE))
                    while (await onlooker.read(WAITING))[0]["waiting"] == 0:
                        assert not asking.done()
                    server.process.terminate()
                    while True:
                        try:
                            await client.get(f"{server.url}/healthz")
                        except httpx.ConnectError:
                            break
                        except httpx.TransportError:
                            continue  # a connection that was kept is closed
                answer = await asking
            ended = await asyncio.to_thread(server.process.wait, WITHIN_S)

        assert answer.json()["data"]["createToken"]["secret"]
        assert ended == 0
        assert all(map(has_ended, workers))
        assert not (graph_settings.run / "server.json").exists()


def test_workers_end_with_the_one_that_watches_over_them(
    engine_address: Address, graph_settings: GraphSettings
) -> None:
    with serving_with_workers(graph_settings) as server:
        workers = server.workers

        server.process.kill()

        assert len(workers) == 2
        until(lambda: all(map(has_ended, workers)), what="the workers end")
