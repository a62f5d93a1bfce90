"""Whether a Neo4j can be used: it answers, lets us in, and is new enough."""

import re
from dataclasses import dataclass

from graph.engine.address import Address
from graph.engine.errors import (
    DatabaseNotFound,
    EngineError,
    PasswordExpired,
    PasswordUnreadable,
    ServerUnreachable,
    VersionTooOld,
    WrongCredentials,
)
from graph.wording import Wording

__all__ = ["ServerVersion", "verify"]

OLDEST = (2026, 2)
CONNECT_TIMEOUT_S = 10.0
# Aura always runs the newest Neo4j and calls it this, for the sake of programs that expect three numbers.
AURA = "5.27-aura"
COMPONENTS = """
CALL dbms.components() YIELD name, versions, edition
WHERE name = 'Neo4j Kernel'
RETURN versions[0] AS version, edition
"""


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """The Neo4j at an address."""

    version: str
    edition: str


def verify(address: Address) -> ServerVersion:
    """The version of the Neo4j at an address that is fit for use.

    Raises:
        ServerUnreachable: nothing answers there, or no Neo4j does.
        WrongCredentials: it refuses the user or the password.
        PasswordUnreadable: so does the managed engine.
        PasswordExpired: it lets the user in only to change the password.
        DatabaseNotFound: it has no database of the name that was asked for.
        VersionTooOld: it cannot filter inside a vector index, which 2026.02 brought.
    """
    # Most commands attach to the engine and never come here: they should not wait for this import.
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        with GraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password.get_secret_value()),
            connection_timeout=CONNECT_TIMEOUT_S,
            connection_acquisition_timeout=2 * CONNECT_TIMEOUT_S,
            max_transaction_retry_time=0,
        ) as driver:
            row = driver.execute_query(COMPONENTS, database_=address.database).records[0]
    except (DriverError, Neo4jError, ValueError, OSError) as problem:
        raise _plain(problem, address) from None
    found = ServerVersion(row["version"], row["edition"])
    if not _is_new_enough(found.version):
        raise VersionTooOld(address.uri, found.version, f"{OLDEST[0]}.{OLDEST[1]:02}")
    return found


def _is_new_enough(version: str) -> bool:
    if version == AURA:
        return True
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= OLDEST


def _plain(problem: Exception, address: Address) -> EngineError:
    from neo4j.exceptions import AuthError, ClientError

    if isinstance(problem, AuthError):
        if address.managed:
            return PasswordUnreadable(
                Wording(
                    "The managed engine refuses the password kept beside its data: put that file back from a backup."
                )
            )
        return WrongCredentials(address.uri, address.user)
    if isinstance(problem, ClientError):
        code = problem.code or ""
        if code.endswith("CredentialsExpired"):
            return PasswordExpired(address.uri, address.user)
        if code.endswith("DatabaseNotFound") and address.database is not None:
            return DatabaseNotFound(address.uri, address.database)
    return ServerUnreachable(address.uri, _reason(problem))


def _reason(problem: Exception) -> str:
    """The innermost cause, in the words of whoever noticed it."""
    while cause := (problem.__cause__ or problem.__context__):
        if not isinstance(cause, Exception):
            break
        problem = cause
    return (str(problem).splitlines() or [type(problem).__name__])[0]
