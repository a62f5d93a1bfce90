"""Tokens of one's own: what people make for programs of theirs, which then ask as a client of a role and as nobody.

Such a token is good for no more than its holder's account: with the account closed, its role lowered below the token's
or its person erased, it opens nothing from that moment on (graph.tokens.STILL_GOOD). It goes with the account and is in
its holder's export. What it is called is in its holder's words, so the change log does not have that.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString

from graph.changes import record
from graph.credentials import digest_of, fresh_secret
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.permissions import may_hold_tokens, refuse_unless
from graph.tokens import (
    PREFIX,
    SCOPES,
    ExpiryPassed,
    NoSuchToken,
    ScopeNotGranted,
    Token,
    TokenId,
    TokenNameTaken,
    name_of,
    reading_scopes,
)
from graph.viewer import Role, Scope, Viewer
from graph.wording import Wording

__all__ = ["LONGEST", "MOST", "LastsTooLong", "RoleAboveOwn", "TooManyTokens", "create", "own", "revoke"]

MOST: Final = 10
"""How many tokens of one account work at a time."""

LONGEST: Final = timedelta(days=366)
"""How long one works at most: a year and the rest of its last day."""

WHO: Final = "people who signed in"


class TooManyTokens(GraphError):
    """The account has as many tokens that work as one may have."""

    def __init__(self) -> None:
        super().__init__(Wording("You have %(most)s tokens that work already; revoke one to make another.", most=MOST))


class LastsTooLong(GraphError):
    """A token was to work for more than a year."""

    def __init__(self) -> None:
        super().__init__(Wording("A token of your own works for a year at most; choose an earlier end."))


class RoleAboveOwn(GraphError):
    """A token was to be for a role that its holder does not have."""

    def __init__(self, role: Role) -> None:
        self.role = role
        super().__init__(Wording("A token of your own cannot ask in a role above yours; choose another role."))


# The account is written to before it is looked at: of two tokens at once, or of one and the account's closing or its
# new role, the second sees the first. Those that work no more are told of in the change log.
HOLDER: LiteralString = """
MATCH (a:Account {id: $account})
SET a.id = a.id
WITH a WHERE a.closed_at IS NULL
CALL (a) {
  MATCH (a)-[:HOLDS]->(t:Token) WHERE t.revoked_at IS NOT NULL OR t.expires_at <= $now
  DETACH DELETE t
}
RETURN a.role AS role, COLLECT { MATCH (a)-[:HOLDS]->(t:Token) RETURN t.name } AS names
"""

CREATE: LiteralString = """
MATCH (a:Account {id: $account})
CREATE (a)-[:HOLDS]->(t:Token {holder: a.id, name: $name, id: $id, digest: $digest, role: $role, scopes: $scopes,
                               created_at: $now, created_by: $created_by, expires_at: $expires_at})
RETURN t {.*} AS token
"""

OWN: LiteralString = """
MATCH (:Account {id: $account})-[:HOLDS]->(t:Token)
RETURN t {.*} AS token
ORDER BY t.name
"""

REVOKE: LiteralString = """
MATCH (:Account {id: $account})-[:HOLDS]->(t:Token {id: $id}) WHERE t.revoked_at IS NULL
SET t.revoked_at = $now
RETURN t {.*} AS token
"""


async def create(
    graph: Graph,
    viewer: Viewer,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope] | None = None,
    expires_at: datetime,
) -> tuple[Token, str]:
    """A new token of the viewer's own, and its secret, which is given out here and never again.

    Without ``scopes`` it reads what its role reads. The viewer's tokens that work no more go.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
        NotAName: the name is empty, too long or not in one line.
        RoleAboveOwn: the role is above the viewer's.
        ScopeNotGranted: the role does not have a scope.
        ExpiryPassed, LastsTooLong: the expiry is not in the future, or more than a year in it.
        TokenNameTaken: the viewer has a token of this name that works.
        TooManyTokens: the viewer has as many as one may have.
    """
    refuse_unless(may_hold_tokens(viewer), "make tokens of your own", who=WHO)
    name = name_of(name)
    granted = reading_scopes(role) if scopes is None else frozenset(scopes)
    now = datetime.now(UTC)
    if expires_at <= now:
        raise ExpiryPassed
    if expires_at > now + LONGEST:
        raise LastsTooLong
    secret, id = PREFIX + fresh_secret(), uuid.uuid4().hex

    async def work(tx: Transaction) -> Token:
        rows = await tx.run(HOLDER, account=viewer.account, now=now)
        refuse_unless(bool(rows), "make tokens of your own", who=WHO)
        (holder,) = rows
        if role.rank > Role(holder["role"]).rank:
            raise RoleAboveOwn(role)
        if beyond := granted - (SCOPES[role] & viewer.scopes):
            raise ScopeNotGranted(role, beyond)
        if name in holder["names"]:
            raise TokenNameTaken(name)
        if len(holder["names"]) >= MOST:
            raise TooManyTokens
        (row,) = await tx.run(
            CREATE,
            account=viewer.account,
            name=name,
            id=id,
            digest=digest_of(secret),
            role=role,
            scopes=sorted(granted),
            now=now,
            created_by=viewer.actor,
            expires_at=expires_at.astimezone(UTC),
        )
        after = {"role": role, "scopes": sorted(granted), "expires_at": expires_at}
        await record(tx, viewer, verb="token made", subject=f"token:{id}", after=after)
        return Token.from_row(row)

    return await graph.transact(work), secret


async def own(graph: Graph, viewer: Viewer) -> list[Token]:
    """The viewer's own tokens by name, those that work no more too; none of who has no account."""
    if not viewer.account:
        return []
    return [Token.from_row(row) for row in await graph.read(OWN, account=viewer.account)]


async def revoke(graph: Graph, viewer: Viewer, *, id: TokenId) -> Token:
    """Make a token of the viewer's own worthless, at once and on every replica.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
        NoSuchToken: the viewer has no such token, or it was revoked before.
    """
    refuse_unless(may_hold_tokens(viewer), "revoke tokens of your own", who=WHO)

    async def work(tx: Transaction) -> Token:
        rows = await tx.run(REVOKE, account=viewer.account, id=id, now=datetime.now(UTC))
        if not rows:
            raise NoSuchToken
        await record(tx, viewer, verb="token revoked", subject=f"token:{id}")
        return Token.from_row(rows[0])

    return await graph.transact(work)
