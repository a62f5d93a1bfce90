"""The one object that talks to the Neo4j driver.

It routes reads to readers, retries what the driver holds to be transient, bounds every query in time, ends it in the
database when nobody waits for it any more, and carries bookmarks, so that whoever wrote something reads it back, on a
cluster too. It knows nothing of experts or topics.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import structlog
from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    AsyncSession,
    Query,
    unit_of_work,
)
from neo4j.exceptions import ClientError, DatabaseError, DriverError, Neo4jError

from graph.errors import DatabaseFault, GraphCannotWrite, GraphUnavailable, QueryTimedOut
from graph.patience import time_for_a_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.engine import Address

__all__ = ["Graph", "Row", "Transaction"]

log = structlog.get_logger(__name__)

Row = dict[str, Any]
T = TypeVar("T")

READ_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 60.0
POOL_SIZE = 50
# A caller that waits longer than this for a connection is told that the database is busy, rather than left hanging.
POOL_WAIT_S = 5.0
CONNECT_WAIT_S = 5.0
# Two changes in each other's way are tried again for so long; a database that is gone is told soon.
RETRY_S = 15.0
OUTAGE_S = 2.0
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 1.0
# What Neo4j says when a disk is full, by where it noticed.
CANNOT_WRITE = ("TransactionLogError", "TransactionCommitFailed")
OUT_OF_TIME = ("TransactionTimedOut", "LockClientStopped")
"""How Neo4j says that time was up: while a statement ran, and while it waited for what another one holds."""
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
        self._is_lost = False

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
            connection_timeout=CONNECT_WAIT_S,
            max_transaction_retry_time=0,  # _retried does
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

        Cancelled, it is cancelled in the database too.

        Raises:
            QueryTimedOut: it took longer than ``timeout_s``, or than :func:`patience` leaves; it is cancelled.
            GraphUnavailable: the database does not answer.
            DatabaseFault: the database failed within.
        """
        return await self._run(cypher, READ_ACCESS, timeout_s, parameters)

    async def write_repeatably(self, cypher: LiteralString, **parameters: object) -> list[Row]:
        """Rows of one writing statement that does no harm if it happens twice, as fast as a read, from the leader.

        Raises as :meth:`read` does.
        """
        return await self._run(cypher, WRITE_ACCESS, READ_TIMEOUT_S, parameters)

    async def write(
        self, cypher: LiteralString, *, timeout_s: float = WRITE_TIMEOUT_S, **parameters: object
    ) -> list[Row]:
        """Rows of one writing statement, or of one that makes an index or a constraint, in a transaction of its own.

        Raises as :meth:`read` does.
        """
        with time_for_a_statement(timeout_s) as left_s, self._plain_errors(timeout_s=left_s):
            result = await _retried(
                lambda: self._driver.execute_query(
                    Query(CYPHER + cypher, timeout=left_s), parameters, database_=self._database
                )
            )
        return [dict(record) for record in result.records]

    async def transact(self, work: Callable[[Transaction], Awaitable[T]], *, timeout_s: float = WRITE_TIMEOUT_S) -> T:
        """Run several statements as one transaction: all of it happens or none.

        ``work`` may be called again after a transient error, so it must not do anything outside the transaction.
        Raises as :meth:`read` does.
        """
        is_long = timeout_s > WRITE_TIMEOUT_S
        with time_for_a_statement(timeout_s, is_long=is_long) as left_s, self._plain_errors(timeout_s=left_s):

            @unit_of_work(timeout=left_s)
            async def run(tx: AsyncManagedTransaction) -> T:
                return await work(Transaction(tx))

            async def attempt() -> T:
                async with self._session(WRITE_ACCESS) as session:
                    return await session.execute_write(run)

            return await _retried(attempt)

    async def _run(
        self, cypher: LiteralString, access: str, timeout_s: float, parameters: dict[str, object]
    ) -> list[Row]:
        """Without a transaction of the driver's, whose commit would be another round trip."""
        with time_for_a_statement(timeout_s) as left_s, self._plain_errors(timeout_s=left_s):
            query = Query(CYPHER + cypher, timeout=left_s)

            async def attempt() -> list[Row]:
                async with self._session(access) as session:
                    result = await session.run(query, parameters)
                    return [dict(record) async for record in result]

            return await _retried(attempt)

    def _session(self, access: str) -> AsyncSession:
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            bookmark_manager=self._driver.execute_query_bookmark_manager,
        )

    @contextmanager
    def _plain_errors(self, *, timeout_s: float) -> "Iterator[None]":
        try:
            yield
        except ClientError as error:
            if any(code in error.code for code in OUT_OF_TIME):
                raise QueryTimedOut(timeout_s) from error
            raise
        except (DriverError, Neo4jError) as error:
            if _is_outage(error):
                self._note(is_lost=True)
                raise GraphUnavailable(self._uri) from error
            if isinstance(error, Neo4jError) and error.code.endswith(CANNOT_WRITE):
                raise GraphCannotWrite(self._uri) from error
            if isinstance(error, DatabaseError):
                raise DatabaseFault(error.code) from error
            raise
        else:
            self._note(is_lost=False)

    def _note(self, *, is_lost: bool) -> None:
        """Write down once that the database is gone, and once that it is back."""
        if is_lost and not self._is_lost:
            log.error("graph_lost")
        elif self._is_lost and not is_lost:
            log.warning("graph_back")
        self._is_lost = is_lost


def _is_outage(error: DriverError | Neo4jError) -> bool:
    return isinstance(error, DriverError) or "DatabaseUnavailable" in error.code


async def _retried(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try again what the driver holds to be transient: in a moment at first, and a database that is gone not for long.

    The driver's own way waits a second before it tries again, on a connection that broke with the database's last start
    too, and tries for as long whatever the reason.
    """
    began, delay_s = time.monotonic(), FIRST_DELAY_S
    while True:
        try:
            return await attempt()
        except (DriverError, Neo4jError) as error:
            ends_s = OUTAGE_S if _is_outage(error) else RETRY_S
            if not error.is_retryable() or time.monotonic() - began + delay_s > ends_s:
                raise
        # So that two in each other's way do not meet again.
        await asyncio.sleep(delay_s * random.uniform(0.8, 1.2))  # noqa: S311 -- no secret
        delay_s = min(2 * delay_s, LONGEST_DELAY_S)
