"""The one object that talks to the Neo4j driver.

It routes reads to readers, retries what the driver holds to be transient, bounds every query in time and carries
bookmarks, so that whoever wrote something reads it back, on a cluster too. It knows nothing of experts or topics.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, Query, RoutingControl, unit_of_work
from neo4j.exceptions import ClientError, DatabaseError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from graph.errors import DatabaseFault, GraphCannotWrite, GraphUnavailable, QueryTimedOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.engine import Address

__all__ = ["Graph", "Row", "Transaction"]

Row = dict[str, Any]
T = TypeVar("T")

READ_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 60.0
POOL_SIZE = 50
# A caller that waits longer than this for a connection is told that the database is busy, rather than left hanging.
POOL_WAIT_S = 10.0
# What Neo4j says when a disk is full, by where it noticed.
CANNOT_WRITE = ("TransactionLogError", "TransactionCommitFailed")
CYPHER: LiteralString = "CYPHER 25\n"


class Transaction:
    """What a unit of work may do inside one transaction."""

    def __init__(self, tx: AsyncManagedTransaction) -> None:
        self._tx = tx

    async def run(self, cypher: LiteralString, **parameters: object) -> list[Row]:
        """Run one statement; its rows as dictionaries, in the statement's order."""
        result = await self._tx.run(CYPHER + cypher, parameters)
        return [dict(record) async for record in result]


class Graph:
    """A connected Neo4j; made by :meth:`connect`, shared by everything in a process."""

    def __init__(self, driver: AsyncDriver, *, uri: str, database: str | None) -> None:
        self._driver = driver
        self._uri = uri
        self._database = database

    @classmethod
    @asynccontextmanager
    async def connect(cls, address: "Address") -> AsyncIterator["Graph"]:
        """Open a driver on an address and close it at the end.

        Raises:
            GraphUnavailable: nothing answers there.
        """
        driver = AsyncGraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password.get_secret_value()),
            max_connection_pool_size=POOL_SIZE,
            connection_acquisition_timeout=POOL_WAIT_S,
            max_transaction_retry_time=15.0,
            user_agent="knowwho",
            # The database warns of labels that no node has yet; an empty network is no fault.
            notifications_min_severity="OFF",
        )
        async with driver:
            graph = cls(driver, uri=address.uri, database=address.database)
            with graph._plain_errors(timeout_s=READ_TIMEOUT_S):
                await driver.verify_connectivity()
            yield graph

    async def read(
        self, cypher: LiteralString, *, timeout_s: float = READ_TIMEOUT_S, **parameters: object
    ) -> list[Row]:
        """Rows of one reading statement, routed to a reader.

        Raises:
            QueryTimedOut: it took longer than ``timeout_s``; the database has cancelled it.
            GraphUnavailable: the database does not answer.
            DatabaseFault: the database failed within.
        """
        return await self._run(cypher, RoutingControl.READ, timeout_s, parameters)

    async def write(
        self, cypher: LiteralString, *, timeout_s: float = WRITE_TIMEOUT_S, **parameters: object
    ) -> list[Row]:
        """Rows of one writing statement, in a transaction of its own. Raises as :meth:`read` does."""
        return await self._run(cypher, RoutingControl.WRITE, timeout_s, parameters)

    async def transact(self, work: Callable[[Transaction], Awaitable[T]], *, timeout_s: float = WRITE_TIMEOUT_S) -> T:
        """Run several statements as one transaction: all of it happens or none.

        ``work`` may be called again after a transient error, so it must not do anything outside the transaction.
        Raises as :meth:`read` does.
        """

        @unit_of_work(timeout=timeout_s)
        async def run(tx: AsyncManagedTransaction) -> T:
            return await work(Transaction(tx))

        with self._plain_errors(timeout_s=timeout_s):
            async with self._driver.session(
                database=self._database, bookmark_manager=self._driver.execute_query_bookmark_manager
            ) as session:
                return await session.execute_write(run)

    async def define(self, statement: LiteralString, **parameters: object) -> None:
        """Run one schema statement (an index, a constraint), which Neo4j keeps apart from data."""
        await self._run(statement, RoutingControl.WRITE, WRITE_TIMEOUT_S, parameters)

    async def _run(
        self, cypher: LiteralString, routing: RoutingControl, timeout_s: float, parameters: dict[str, object]
    ) -> list[Row]:
        with self._plain_errors(timeout_s=timeout_s):
            result = await self._driver.execute_query(
                Query(CYPHER + cypher, timeout=timeout_s),
                parameters,
                routing_=routing,
                database_=self._database,
            )
        return [dict(record) for record in result.records]

    @contextmanager
    def _plain_errors(self, *, timeout_s: float) -> "Iterator[None]":
        try:
            yield
        except (ServiceUnavailable, SessionExpired) as error:
            raise GraphUnavailable(self._uri) from error
        except ClientError as error:
            if "TransactionTimedOut" in error.code:
                raise QueryTimedOut(timeout_s) from error
            raise
        except DriverError as error:
            raise GraphUnavailable(self._uri) from error
        except Neo4jError as error:
            if "DatabaseUnavailable" in error.code:
                raise GraphUnavailable(self._uri) from error
            if error.code.endswith(CANNOT_WRITE):
                raise GraphCannotWrite(self._uri) from error
            if isinstance(error, DatabaseError):
                raise DatabaseFault(error.code) from error
            raise
