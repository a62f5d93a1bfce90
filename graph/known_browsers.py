"""The browsers that an account's owner has signed in on before, so that strangers cannot slow them down.

An account keeps the digests of the newest few; they go with the account.
"""

from typing import LiteralString

from graph.accounts import AccountId
from graph.graph import Graph

__all__ = ["owner", "remember"]

MOST = 10

REMEMBER: LiteralString = """
MATCH (a:Account {id: $account}) WHERE a.closed_at IS NULL
SET a.known_browsers = ([$digest] + [old IN coalesce(a.known_browsers, []) WHERE old <> $digest])[..$most]
"""

OWNER: LiteralString = """
MATCH (a:Account {id: $account})
WHERE a.closed_at IS NULL AND $digest IN coalesce(a.known_browsers, [])
RETURN a.email AS email
"""


async def remember(graph: Graph, *, account: AccountId, digest: str) -> None:
    """From now on, the browser whose secret has this digest is one of the account's; the oldest of eleven is not."""
    await graph.write(REMEMBER, account=account, digest=digest, most=MOST)


async def owner(graph: Graph, *, account: AccountId, digest: str) -> str | None:
    """The e-mail address of an open account, if the browser whose secret has this digest is one of the account's."""
    rows = await graph.read(OWNER, account=account, digest=digest)
    return rows[0]["email"] if rows else None
