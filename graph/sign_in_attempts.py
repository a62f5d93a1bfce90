"""Sign-ins under way at an OpenID provider: what must be remembered between leaving for it and coming back.

They are in the graph, so whichever replica the person comes back to can go on. An attempt belongs to the browser that
began it, is used once and lives for ten minutes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString, Self

from graph.credentials import digest_of
from graph.graph import Graph, Row, Transaction
from graph.viewer import Viewer

__all__ = ["LIFETIME", "SignInAttempt", "begin", "take"]

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What the provider's answer is checked against (``nonce``, ``verifier``), and where the person wanted to go."""

    nonce: str
    verifier: str
    next_path: str

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``attempt`` (properties)."""
        attempt = row["attempt"]
        return cls(attempt["nonce"], attempt["verifier"], attempt["next_path"])


# What nobody came back from goes, a bounded number at a time.
BEGIN: LiteralString = """
CREATE (:SignInAttempt {digest: $digest, nonce: $nonce, verifier: $verifier, browser: $browser, next_path: $next_path,
                        created_at: $now, expires_at: $expires_at})
WITH 1 AS begun
CALL () { MATCH (a:SignInAttempt) WHERE a.expires_at <= $now WITH a LIMIT 1000 DELETE a }
RETURN begun
"""

# Written to before it is looked at: of two that take it at once, one waits and then finds nothing.
HOLD: LiteralString = """
MATCH (a:SignInAttempt {digest: $digest})
SET a.digest = a.digest
"""

TAKE: LiteralString = """
MATCH (a:SignInAttempt {digest: $digest, browser: $browser})
WITH a, a {.nonce, .verifier, .next_path} AS attempt, a.expires_at > $now AS is_in_time
DELETE a
RETURN attempt, is_in_time
"""


async def begin(
    graph: Graph, viewer: Viewer, *, state: str, nonce: str, verifier: str, browser: str, next_path: str
) -> None:
    """Remember an attempt under its ``state``, for the browser that holds the secret ``browser``."""
    now = datetime.now(UTC)
    await graph.write(
        BEGIN,
        digest=digest_of(state),
        nonce=nonce,
        verifier=verifier,
        browser=digest_of(browser),
        next_path=next_path,
        now=now,
        expires_at=now + LIFETIME,
    )


async def take(graph: Graph, viewer: Viewer, *, state: str, browser: str) -> SignInAttempt | None:
    """The attempt of this ``state``, once; None if there is none, it is over, or another browser began it.

    One that belongs to another browser stays: who came by somebody else's ``state`` cannot spoil their sign-in.
    """

    async def work(tx: Transaction) -> list[Row]:
        await tx.run(HOLD, digest=digest_of(state))
        return await tx.run(TAKE, digest=digest_of(state), browser=digest_of(browser), now=datetime.now(UTC))

    rows = await graph.transact(work)
    return SignInAttempt.from_row(rows[0]) if rows and rows[0]["is_in_time"] else None
