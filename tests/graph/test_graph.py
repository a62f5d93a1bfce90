"""What the driver's wrapper promises: plain errors, bounded time, all or nothing."""

import socket

import pytest
from pydantic import SecretStr

from graph.engine import Address
from graph.errors import GraphUnavailable, QueryTimedOut
from graph.graph import Graph, Transaction

ENDLESS = "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN sum(x * y) AS sum"


RUNNING = """
SHOW TRANSACTIONS YIELD currentQuery
WHERE currentQuery CONTAINS 'sum(x * y)' AND NOT currentQuery CONTAINS 'SHOW'
RETURN count(*) AS running
"""


async def test_a_query_that_takes_too_long_is_cancelled_in_the_database(graph: Graph) -> None:
    with pytest.raises(QueryTimedOut, match=r"took longer than 1 s"):
        await graph.read(ENDLESS, timeout_s=1)

    assert await graph.read(RUNNING) == [{"running": 0}]


async def test_a_transaction_happens_whole_or_not_at_all(graph: Graph) -> None:
    async def half(tx: Transaction) -> None:
        await tx.run("CREATE (:Topic {id: 'half'})")
        raise LookupError("something outside the database")

    with pytest.raises(LookupError):
        await graph.transact(half)

    assert await graph.read("MATCH (t:Topic {id: 'half'}) RETURN t.id AS id") == []


async def test_what_was_written_is_read_back(graph: Graph) -> None:
    await graph.write("CREATE (:Topic {id: $id})", id="there")

    assert await graph.read("MATCH (t:Topic) RETURN t.id AS id") == [{"id": "there"}]


async def test_an_address_where_nothing_answers_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    nowhere = Address(
        uri=f"bolt://127.0.0.1:{port}", user="neo4j", password=SecretStr("secret"), database=None, managed=False
    )

    with pytest.raises(GraphUnavailable) as told:
        async with Graph.connect(nowhere):
            pass

    assert str(told.value).startswith(f"Neo4j at bolt://127.0.0.1:{port} does not answer")
    assert "secret" not in str(told.value)
