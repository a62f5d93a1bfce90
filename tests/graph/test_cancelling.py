"""Nothing runs on in the database that nobody waits for: cancelled, out of time, or asked by a task beside."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from graph.engine import Address
from graph.errors import QueryTimedOut
from graph.graph import Graph, Transaction
from graph.patience import patience

ENDLESS = "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN sum(x * y) AS cancelling"
ENDLESS_WRITE = """
MERGE (t:Topic {id: 'abandoned'})
WITH t
UNWIND range(1, 1000000) AS x
UNWIND range(1, 1000000) AS y
WITH t, sum(x * y) AS cancelling
SET t.sum = cancelling
"""
RUNNING = """
SHOW TRANSACTIONS YIELD currentQuery
WHERE currentQuery CONTAINS 'cancelling' AND NOT currentQuery CONTAINS 'SHOW'
RETURN count(*) AS running
"""
WITHIN_S = 2.0


@pytest.fixture
async def onlooker(engine_address: Address) -> AsyncIterator[Graph]:
    """A driver of its own, with connections of its own."""
    async with Graph.connect(engine_address) as graph:
        yield graph


async def until_running(onlooker: Graph, *, count: int) -> float:
    """How long it took until so many statements of these tests ran."""
    began = time.monotonic()
    while (await onlooker.read(RUNNING))[0]["running"] != count:
        assert time.monotonic() - began < 30
    return time.monotonic() - began


async def test_a_cancelled_read_ends_in_the_database(graph: Graph, onlooker: Graph) -> None:
    reading = asyncio.create_task(graph.read(ENDLESS))
    await until_running(onlooker, count=1)

    reading.cancel()

    assert await until_running(onlooker, count=0) < WITHIN_S
    assert reading.cancelled()


@pytest.mark.parametrize("how", ["write", "transact"])
async def test_a_cancelled_change_ends_in_the_database_and_nothing_of_it_stays(
    graph: Graph, onlooker: Graph, how: str
) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run(ENDLESS_WRITE)

    changing = asyncio.create_task(graph.write(ENDLESS_WRITE) if how == "write" else graph.transact(work))
    await until_running(onlooker, count=1)

    changing.cancel()

    assert await until_running(onlooker, count=0) < WITHIN_S
    assert await onlooker.read("MATCH (t:Topic) RETURN t.id AS id") == []


async def test_what_is_asked_together_has_one_time(graph: Graph) -> None:
    answered = 0
    began = time.monotonic()

    with pytest.raises(QueryTimedOut, match=r"took longer than 1 s"):  # noqa: PT012 -- it counts
        async with patience(1):
            while True:
                await graph.read("RETURN 1 AS one")
                answered += 1

    assert 0.9 < time.monotonic() - began < 2
    assert answered > 1


async def test_who_is_out_of_time_leaves_nothing_behind(graph: Graph, onlooker: Graph) -> None:
    with pytest.raises(QueryTimedOut, match=r"took longer than 0.5 s"):
        async with patience(0.5):
            await graph.read(ENDLESS)

    assert await until_running(onlooker, count=0) < WITHIN_S


async def test_what_a_task_beside_asks_ends_as_well_and_it_asks_no_more(graph: Graph, onlooker: Graph) -> None:
    async def beside() -> None:
        try:
            await graph.read(ENDLESS)
        finally:
            with pytest.raises(QueryTimedOut):
                await graph.read("RETURN 1 AS one")

    async with patience(60):
        asking = asyncio.create_task(beside())
        await until_running(onlooker, count=1)

    assert await until_running(onlooker, count=0) < WITHIN_S
    assert asking.cancelled()


async def test_a_change_that_may_take_long_is_given_its_time(graph: Graph) -> None:
    async def work(tx: Transaction) -> str:
        await asyncio.sleep(0.6)
        (row,) = await tx.run("RETURN 'done' AS done")
        return str(row["done"])

    async with patience(0.3):
        assert await graph.transact(work, timeout_s=600) == "done"

    with pytest.raises(QueryTimedOut):
        async with patience(0.3):
            await graph.transact(work)


async def test_one_who_gives_up_does_not_stop_others(graph: Graph, onlooker: Graph) -> None:
    one, other = (asyncio.create_task(graph.read(ENDLESS, timeout_s=30)) for _ in range(2))
    await until_running(onlooker, count=2)

    one.cancel()
    await until_running(onlooker, count=1)

    assert not other.done()
    other.cancel()
    await until_running(onlooker, count=0)
