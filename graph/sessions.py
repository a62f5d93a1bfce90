"""Sessions: that somebody signed in, on which browser, and until when.

A session's secret is known to its browser alone; here is its digest. What an account may do is not kept in a session:
it is read from the account with every request, on whichever replica, so a change of role and a closing act at once.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString, NewType, Self

from graph.accounts import Account, AccountId, NoSuchAccount
from graph.changes import record
from graph.credentials import digest_of, fresh_secret
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.permissions import may_end_sessions, may_read_account, refuse_unless
from graph.values import moment
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "LIMITS",
    "Limits",
    "NoSuchSession",
    "Session",
    "SessionId",
    "SignedInBy",
    "authenticated",
    "end",
    "end_all",
    "of_account",
    "open_session",
]

SessionId = NewType("SessionId", str)

SEEN_EVERY = timedelta(minutes=1)
LONGEST_AGENT = 200


class SignedInBy(StrEnum):
    """How somebody signed in."""

    LINK = "link"
    PROVIDER = "provider"
    DEMO = "demo"
    COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: since it was last used, and at all."""

    idle: timedelta
    absolute: timedelta


LIMITS = Limits(idle=timedelta(hours=12), absolute=timedelta(days=7))
"""What is in force where nothing else is set."""


@dataclass(frozen=True, slots=True)
class Session:
    """That somebody is signed in on a browser, which called itself ``agent``; seen to the minute."""

    id: SessionId
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    how: SignedInBy
    agent: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``session`` (properties)."""
        session = row["session"]
        created_at, seen_at, expires_at = (moment(session[name]) for name in ("created_at", "seen_at", "expires_at"))
        assert created_at and seen_at and expires_at  # noqa: S101, PT018 -- every session is written with its times
        return cls(
            SessionId(session["id"]), created_at, seen_at, expires_at, SignedInBy(session["how"]), session["agent"]
        )


class NoSuchSession(GraphError):
    """There is no such session among those that the viewer may end."""

    def __init__(self) -> None:
        super().__init__(Wording("There is no such session of yours; it may have ended already."))


SWEEP: LiteralString = """
MATCH (s:Session) WHERE s.expires_at <= $now OR s.seen_at <= $idle_since
DETACH DELETE s
"""

REPLACE: LiteralString = """
MATCH (s:Session {digest: $digest})
DETACH DELETE s
"""

OPEN: LiteralString = """
MATCH (a:Account {id: $account}) WHERE a.closed_at IS NULL
CREATE (s:Session {id: $id, digest: $digest, created_at: $now, seen_at: $now, expires_at: $expires_at, how: $how,
                   agent: $agent})-[:OF]->(a)
RETURN s {.*} AS session
"""

AUTHENTICATED: LiteralString = """
MATCH (s:Session {digest: $digest})-[:OF]->(a:Account)
WHERE s.expires_at > $now AND s.seen_at > $idle_since AND a.closed_at IS NULL
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
CALL (s) {
  WITH s WHERE s.seen_at <= $seen_before
  SET s.seen_at = $now
}
RETURN s {.*} AS session, a {.*} AS account, e {.id, .name} AS expert
"""

OF_ACCOUNT: LiteralString = """
MATCH (s:Session)-[:OF]->(:Account {id: $account})
WHERE s.expires_at > $now AND s.seen_at > $idle_since
RETURN s {.*} AS session
ORDER BY s.seen_at DESC, s.id
"""

END: LiteralString = """
MATCH (s:Session {id: $id})-[:OF]->(:Account {id: $account})
DETACH DELETE s
RETURN count(*) AS ended
"""

END_ALL: LiteralString = """
MATCH (s:Session)-[:OF]->(:Account {id: $account}) WHERE $but IS NULL OR s.id <> $but
DETACH DELETE s
RETURN count(*) AS ended
"""


async def open_session(
    graph: Graph,
    viewer: Viewer,
    *,
    account: AccountId,
    how: SignedInBy,
    agent: str,
    limits: Limits = LIMITS,
    replaces: str | None = None,
    now: datetime | None = None,
) -> tuple[Session, str]:
    """A new session of an account, and its secret, which is given out here and never again.

    The session whose secret ``replaces`` is, of whichever account, ends: a browser that signs in gets a new secret, so
    one that somebody planted there is worth nothing (OWASP Session Management Cheat Sheet, session fixation). Sessions
    that ran out are removed.

    Raises:
        NoSuchAccount: there is no such open account.
    """
    secret = fresh_secret()
    at = now or datetime.now(UTC)
    id = uuid.uuid4().hex

    async def work(tx: Transaction) -> Session:
        await tx.run(SWEEP, now=at, idle_since=at - limits.idle)
        if replaces:
            await tx.run(REPLACE, digest=digest_of(replaces))
        rows = await tx.run(
            OPEN,
            account=account,
            id=id,
            digest=digest_of(secret),
            now=at,
            expires_at=at + limits.absolute,
            how=how,
            agent="".join(filter(str.isprintable, agent))[:LONGEST_AGENT],
        )
        if not rows:
            raise NoSuchAccount
        await record(tx, viewer, verb="signed in", subject=f"account:{account}", after={"how": how})
        return Session.from_row(rows[0])

    return await graph.transact(work), secret


async def authenticated(
    graph: Graph, *, secret: str, limits: Limits = LIMITS, now: datetime | None = None
) -> tuple[Session, Account] | None:
    """The session that a secret opens, with its account as it is now; None if it is unknown, ran out or was ended.

    Asked of the leader where the graph is a cluster, so what was ended on one replica is ended on all.
    """
    at = now or datetime.now(UTC)
    rows = await graph.write_repeatably(
        AUTHENTICATED,
        digest=digest_of(secret),
        now=at,
        idle_since=at - limits.idle,
        seen_before=at - SEEN_EVERY,
    )
    return (Session.from_row(rows[0]), Account.from_row(rows[0])) if rows else None


async def of_account(
    graph: Graph, viewer: Viewer, *, account: AccountId, limits: Limits = LIMITS, now: datetime | None = None
) -> Sequence[Session]:
    """The sessions of an account that have not run out, last used first.

    Raises:
        NotAllowed: the viewer is neither the account's holder nor an administrator.
    """
    refuse_unless(may_read_account(viewer, account), "look at these sessions", who="their holder and administrators")
    at = now or datetime.now(UTC)
    rows = await graph.read(OF_ACCOUNT, account=account, now=at, idle_since=at - limits.idle)
    return [Session.from_row(row) for row in rows]


async def end(graph: Graph, viewer: Viewer, *, account: AccountId, id: SessionId) -> None:
    """End one session of an account, at once and on every replica.

    Raises:
        NotAllowed: the viewer is neither the account's holder nor an administrator.
        NoSuchSession: the account has no such session.
    """
    refuse_unless(may_end_sessions(viewer, account), "end this session", who="its holder and administrators")

    async def work(tx: Transaction) -> None:
        (row,) = await tx.run(END, account=account, id=id)
        if not row["ended"]:
            raise NoSuchSession
        await record(tx, viewer, verb="session ended", subject=f"account:{account}")

    await graph.transact(work)


async def end_all(graph: Graph, viewer: Viewer, *, account: AccountId, but: SessionId | None = None) -> int:
    """End all sessions of an account, or all but one; how many they were.

    Raises:
        NotAllowed: the viewer is neither the account's holder nor an administrator.
    """
    refuse_unless(may_end_sessions(viewer, account), "end these sessions", who="their holder and administrators")

    async def work(tx: Transaction) -> int:
        (row,) = await tx.run(END_ALL, account=account, but=but)
        if row["ended"]:
            await record(tx, viewer, verb="sessions ended", subject=f"account:{account}", after={"count": row["ended"]})
        return int(row["ended"])

    return await graph.transact(work)
