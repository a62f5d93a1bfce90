"""Clients' tokens: what a program shows to be let in, in which role and how far.

A token's secret is shown once, when it is made; here is its digest. With every request the graph is asked whether its
token is still good, so one that is revoked opens nothing any more, on any replica. What a token is good for never
changes, so it is recalled for a minute, and the question is asked along with what the request reads.

Administrators make tokens here that are nobody's; people make tokens of their own (graph.own_tokens), which are good
for as long as their account is open and has at least the token's role.
"""

import time
import uuid
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString, NewType, Self

from graph.changes import record
from graph.credentials import digest_of, fresh_secret
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.permissions import may_manage_tokens, refuse_unless
from graph.values import Cursor, Page, moment
from graph.viewer import Role, Scope, Viewer
from graph.wording import Wording

__all__ = [
    "LIFETIME",
    "LONGEST_NAME",
    "PREFIX",
    "SCOPES",
    "STILL_GOOD",
    "ExpiryPassed",
    "NoSuchToken",
    "NotAName",
    "Recalled",
    "RecalledTokens",
    "ScopeNotGranted",
    "Token",
    "TokenId",
    "TokenMadeBefore",
    "TokenNameTaken",
    "authenticated",
    "by_name",
    "create",
    "is_good",
    "name_of",
    "page",
    "reading_scopes",
    "revoke",
]

TokenId = NewType("TokenId", str)

PREFIX: Final = "kw_"
"""What every token starts with, so that people and scanners of sources know one when they see it."""

LIFETIME: Final = timedelta(days=90)
"""How long a token works if nothing else is asked for."""

MUTATION = "createToken"
USED_EVERY = timedelta(minutes=1)
LONGEST_NAME = 100
MOST_RECALLED = 1_000

SCOPES: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.PUBLIC: frozenset({Scope.READ_PUBLIC}),
    Role.MEMBER: frozenset({Scope.READ_PUBLIC, Scope.READ_MEMBERS, Scope.WRITE}),
    Role.ORGANISER: frozenset({Scope.READ_PUBLIC, Scope.READ_MEMBERS, Scope.READ_ORGANISERS, Scope.WRITE}),
    Role.ADMINISTRATOR: frozenset(Scope),
}
"""The scopes that each role has."""


@dataclass(frozen=True, slots=True)
class Token:
    """A client's token; used to the minute.

    ``held_by`` is the address of their account, told to administrators.
    """

    id: TokenId
    name: str
    role: Role
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    holder: str | None = None
    """The account that a token of somebody's own is good for."""
    held_by: str | None = None

    @property
    def viewer(self) -> Viewer:
        """Who asks when a client asks with this token: no person."""
        return Viewer(self.role, scopes=self.scopes, actor=f"token:{self.id}", holder=self.holder)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``token`` (properties)."""
        token = row["token"]
        created_at = moment(token["created_at"])
        assert created_at is not None  # noqa: S101 -- every token is written with its time
        return cls(
            TokenId(token["id"]),
            token["name"],
            Role(token["role"]),
            frozenset(map(Scope, token["scopes"])),
            created_at,
            token["created_by"],
            moment(token.get("expires_at")),
            moment(token.get("last_used_at")),
            moment(token.get("revoked_at")),
            token.get("holder") or None,
            token.get("held_by"),
        )


@dataclass(slots=True)
class Recalled:
    """Who a token was for within the last minute; ``is_good`` once the graph has said, in this request, that it is."""

    digest: str
    viewer: Viewer
    is_good: bool = False


class RecalledTokens:
    """The tokens that one process looked up within the last minute; one that is used is looked up every minute."""

    def __init__(self) -> None:
        self._looked_up: OrderedDict[str, tuple[Viewer, float]] = OrderedDict()

    def remember(self, secret: str, token: Token) -> None:
        """Recall a token that was looked up now."""
        digest = digest_of(secret)
        self._looked_up[digest] = (token.viewer, time.monotonic())
        self._looked_up.move_to_end(digest)
        if len(self._looked_up) > MOST_RECALLED:
            self._looked_up.popitem(last=False)

    def recall(self, secret: str) -> Recalled | None:
        """Who a token was for; None if it was not looked up within the last minute."""
        digest = digest_of(secret)
        viewer, at = self._looked_up.get(digest, (None, 0.0))
        if viewer is None or time.monotonic() - at >= USED_EVERY.total_seconds():
            return None
        return Recalled(digest, viewer)


class NotAName(GraphError):
    """A token needs a name by which people know it."""

    def __init__(self) -> None:
        super().__init__(
            Wording("A token needs a name of 1 to %(most)s characters in one line; give it one.", most=LONGEST_NAME)
        )


class TokenNameTaken(GraphError):
    """There is a token of this name that still works."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            Wording("There is a token '%(name)s' already; revoke it first, or choose another name.", name=name)
        )


class ScopeNotGranted(GraphError):
    """A token was to have scopes that its role, or whoever makes it, does not have."""

    def __init__(self, role: Role, scopes: Collection[Scope]) -> None:
        self.role = role
        self.scopes = frozenset(scopes)
        super().__init__(
            Wording(
                "A token for this role cannot have %(scopes)s here; choose among %(choices)s and what you may "
                "do yourself.",
                scopes=sorted(scopes),
                choices=sorted(SCOPES[role]),
            )
        )


class ExpiryPassed(GraphError):
    """A token was to run out before it is made."""

    def __init__(self) -> None:
        super().__init__(Wording("The token would have expired already; give it an expiry that is still to come."))


class NoSuchToken(GraphError):
    """There is no token of this id or name that could be revoked."""

    def __init__(self) -> None:
        super().__init__(Wording("There is no such token in use; look at the list of tokens for those that there are."))


class TokenMadeBefore(KeySpent):
    """The same key made this token already; its secret is not kept, so nobody is shown it again."""

    def __init__(self) -> None:
        super().__init__(Wording("its secret was shown then and is not kept"))


PAGE: LiteralString = """
MATCH (t:Token)
WHERE $after IS NULL OR t.name > $after[0] OR (t.name = $after[0] AND t.id > $after[1])
WITH t ORDER BY t.name, t.id LIMIT $limit
OPTIONAL MATCH (a:Account)-[:HOLDS]->(t)
RETURN [t.name, t.id] AS key, t {.*, held_by: a.email} AS token
ORDER BY t.name, t.id
"""

BY_NAME: LiteralString = """
MATCH (t:Token {holder: '', name: $name}) WHERE t.revoked_at IS NULL
RETURN t {.*} AS token
"""

# A name is free again when its token opens nothing any more.
FREE_NAME: LiteralString = """
MATCH (t:Token {holder: '', name: $name}) WHERE t.revoked_at IS NOT NULL OR t.expires_at <= $now
DETACH DELETE t
"""

# The constraint on holder and name makes two that are made at once wait for each other here.
CREATE: LiteralString = """
MERGE (t:Token {holder: '', name: $name})
ON CREATE SET t.id = $id, t.digest = $digest, t.role = $role, t.scopes = $scopes, t.created_at = $now,
              t.created_by = $created_by, t.expires_at = $expires_at
RETURN t {.*} AS token, t.id = $id AS is_new
"""

REVOKE: LiteralString = """
MATCH (t:Token {id: $id}) WHERE t.revoked_at IS NULL
SET t.revoked_at = $now
WITH t
OPTIONAL MATCH (a:Account)-[:HOLDS]->(t)
RETURN t {.*, held_by: a.email} AS token
"""

IS_NOBODYS_OR_HELD: LiteralString = """(t.holder = '' OR EXISTS {
    MATCH (a:Account)-[:HOLDS]->(t) WHERE a.closed_at IS NULL AND t.role IN CASE a.role
      WHEN 'administrator' THEN ['public', 'member', 'organiser', 'administrator']
      WHEN 'organiser' THEN ['public', 'member', 'organiser']
      ELSE ['public', 'member'] END
  })"""
"""Whether a token ``t`` is a client's, or of somebody's own whose account may as much today as the token."""

AUTHENTICATED: LiteralString = (
    """
MATCH (t:Token {digest: $digest})
WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $now)
  AND """
    + IS_NOBODYS_OR_HELD
    + """
CALL (t) {
  WITH t WHERE t.last_used_at IS NULL OR t.last_used_at <= $used_before
  SET t.last_used_at = $now
}
RETURN t {.*} AS token
"""
)

STILL_GOOD: LiteralString = (
    """EXISTS {
  MATCH (t:Token {digest: $token}) WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > datetime())
  AND """
    + IS_NOBODYS_OR_HELD
    + """
} AS token_is_good"""
)
"""To be told with what a statement returns: whether the token of the digest ``$token`` opens anything."""

IS_GOOD: LiteralString = "RETURN " + STILL_GOOD


def reading_scopes(role: Role) -> frozenset[Scope]:
    """What a token may if nothing else is asked for: read what its role reads."""
    return SCOPES[role] - {Scope.WRITE, Scope.ADMINISTER}


def name_of(text: str) -> str:
    """The name that a text gives a token.

    Raises:
        NotAName: it is empty, too long or not in one line.
    """
    name = text.strip()
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise NotAName
    return name


async def create(
    graph: Graph,
    viewer: Viewer,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope] | None = None,
    expires_at: datetime | None,
    idempotency_key: str | None = None,
    given: Mapping[str, Any] | None = None,
) -> tuple[Token, str]:
    """A new token, and its secret, which is given out here and never again.

    Without ``scopes`` it reads what its role reads; without an expiry it works until it is revoked. The name of a token
    that was revoked or has expired may be used again. ``given`` is what an idempotency key stands for, if that is less
    than what is passed here, such as without an expiry.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotAName: the name is empty, too long or not in one line.
        ScopeNotGranted: the role, or the viewer, does not have a scope.
        ExpiryPassed: the expiry is not in the future.
        TokenNameTaken: there is a token of this name that works.
        TokenMadeBefore: the key made this token already.
        KeyUnfit, KeyOfOther: the key cannot be used.
    """
    refuse_unless(may_manage_tokens(viewer), "make tokens", who="administrators")
    meant = given or {"name": name, "role": role, "scopes": scopes and sorted(scopes), "expires_at": expires_at}
    name = name_of(name)
    granted = reading_scopes(role) if scopes is None else frozenset(scopes)
    if beyond := granted - (SCOPES[role] & viewer.scopes):
        raise ScopeNotGranted(role, beyond)
    now = datetime.now(UTC)
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    secret = PREFIX + fresh_secret()
    id = uuid.uuid4().hex

    async def work(tx: Transaction) -> Token:
        if await made_before(tx, viewer, mutation=MUTATION, key=idempotency_key, given=meant) is not None:
            raise TokenMadeBefore
        await tx.run(FREE_NAME, name=name, now=now)
        (row,) = await tx.run(
            CREATE,
            name=name,
            id=id,
            digest=digest_of(secret),
            role=role,
            scopes=sorted(granted),
            now=now,
            created_by=viewer.actor,
            expires_at=expires_at and expires_at.astimezone(UTC),
        )
        if not row["is_new"]:
            raise TokenNameTaken(name)
        await keep(tx, viewer, mutation=MUTATION, key=idempotency_key, result=id)
        await record(
            tx,
            viewer,
            verb="token made",
            subject=f"token:{id}",
            after={"name": name, "role": role, "scopes": sorted(granted), "expires_at": expires_at},
        )
        return Token.from_row(row)

    return await graph.transact(work), secret


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Token]:
    """Tokens by name, people's own and those that work no more too, at most ``first`` of them.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_manage_tokens(viewer), "look at tokens", who="administrators")
    rows = await graph.read(PAGE, limit=first + 1, after=after and list(after.key))
    return Page.of(rows, first, Token.from_row)


async def by_name(graph: Graph, viewer: Viewer, *, name: str) -> Token:
    """The token of a name that is nobody's own and has not been revoked.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchToken: there is none.
    """
    refuse_unless(may_manage_tokens(viewer), "look at tokens", who="administrators")
    rows = await graph.read(BY_NAME, name=name.strip())
    if not rows:
        raise NoSuchToken
    return Token.from_row(rows[0])


async def revoke(graph: Graph, viewer: Viewer, *, id: TokenId) -> Token:
    """Make a token worthless, whosever it is, at once and on every replica.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchToken: there is no such token, or it was revoked before.
    """
    refuse_unless(may_manage_tokens(viewer), "revoke tokens", who="administrators")
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> Token:
        rows = await tx.run(REVOKE, id=id, now=now)
        if not rows:
            raise NoSuchToken
        token = Token.from_row(rows[0])
        # What somebody calls a token of their own is in their words.
        before = None if token.holder else {"name": token.name}
        await record(tx, viewer, verb="token revoked", subject=f"token:{id}", before=before)
        return token

    return await graph.transact(work)


async def authenticated(graph: Graph, *, secret: str, now: datetime | None = None) -> Token | None:
    """The token that a secret is; None if it is unknown, expired or revoked, after the same look-up.

    Asked of the leader where the graph is a cluster, so what was revoked on one replica is revoked on all.
    """
    at = now or datetime.now(UTC)
    rows = await graph.write_repeatably(AUTHENTICATED, digest=digest_of(secret), now=at, used_before=at - USED_EVERY)
    return Token.from_row(rows[0]) if rows else None


async def is_good(graph: Graph, recalled: Recalled) -> bool:
    """Whether a token still opens anything; asked of the leader, as :func:`authenticated` does."""
    (row,) = await graph.write_repeatably(IS_GOOD, token=recalled.digest)
    recalled.is_good = row["token_is_good"]
    return recalled.is_good
