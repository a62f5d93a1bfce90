"""Accounts: who may sign in, as whom, and in which role.

An address stands for one account, whoever writes it and however. A person of the roster has one open account at most;
nobody has to make it for them: who proves that the roster's address is theirs gets a member's account on the spot.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString, NewType, Self

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Transaction
from graph.permissions import may_manage_accounts, may_read_account, refuse_unless
from graph.values import Cursor, ExpertId, Page, moment
from graph.viewer import Role, Viewer
from graph.wording import Wording

__all__ = [
    "Account",
    "AccountId",
    "AddressTaken",
    "ExpertHasAccount",
    "LastAdministrator",
    "NoSuchAccount",
    "NotARole",
    "NotAnAddress",
    "admit",
    "by_email",
    "by_id",
    "close",
    "create",
    "for_address",
    "for_identity",
    "knows_address",
    "normal_address",
    "page",
    "set_role",
]

AccountId = NewType("AccountId", str)

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; ``expert`` is the person of the roster that they are, if they are one."""

    id: AccountId
    email: str
    name: str
    role: Role
    expert: ExpertId | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def viewer(self) -> Viewer:
        """Who asks when the holder of this account asks."""
        return Viewer(self.role, person=self.expert, actor=f"account:{self.id}")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``account`` (properties) and ``expert`` (``id`` and ``name``, or null)."""
        account, expert = row["account"], row["expert"]
        created_at = moment(account["created_at"])
        assert created_at is not None  # noqa: S101 -- every account is written with its time
        return cls(
            AccountId(account["id"]),
            account["email"],
            account["name"] or (expert["name"] if expert else ""),
            Role(account["role"]),
            ExpertId(expert["id"]) if expert else None,
            created_at,
            moment(account.get("closed_at")),
        )


class NotAnAddress(GraphError):
    """What was given cannot be an e-mail address."""

    def __init__(self) -> None:
        super().__init__(Wording("That is no e-mail address; give one such as name@example.org."))


class NotARole(GraphError):
    """The public has no account."""

    def __init__(self) -> None:
        super().__init__(Wording("An account cannot have the role public; choose member, organiser or administrator."))


class NoSuchAccount(GraphError):
    """There is no open account of this address or id."""

    def __init__(self) -> None:
        super().__init__(
            Wording("There is no such open account; look at the list of accounts for those that there are.")
        )


class AddressTaken(GraphError):
    """There is an open account of this address already."""

    def __init__(self) -> None:
        super().__init__(Wording("There is an account of that address already; change its role, or close it first."))


class ExpertHasAccount(GraphError):
    """The person has an open account already."""

    def __init__(self, expert: ExpertId) -> None:
        self.expert = expert
        super().__init__(
            Wording(
                "The expert '%(expert)s' has an open account already, of another address; close that one first.",
                expert=expert,
            )
        )


class LastAdministrator(GraphError):
    """Without this account nobody could administer the network."""

    def __init__(self) -> None:
        super().__init__(Wording("This is the last open administrator; make another account an administrator first."))


BY_ID: LiteralString = """
MATCH (a:Account {id: $id})
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
RETURN a {.*} AS account, e {.id, .name} AS expert
"""

BY_IDS: LiteralString = """
MATCH (a:Account) WHERE a.id IN $ids
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
RETURN a {.*} AS account, e {.id, .name} AS expert
"""

BY_EMAIL: LiteralString = """
MATCH (a:Account {email: $email})
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
RETURN a {.*} AS account, e {.id, .name} AS expert
"""

BY_IDENTITY: LiteralString = """
MATCH (a:Account)-[:SIGNS_IN_AS]->(:Identity {id: $identity})
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
RETURN a {.*} AS account, e {.id, .name} AS expert
"""

PAGE: LiteralString = """
MATCH (a:Account)
WHERE $after IS NULL OR a.email > $after[0]
WITH a ORDER BY a.email LIMIT $limit
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
RETURN [a.email, a.id] AS key, a {.*} AS account, e {.id, .name} AS expert
ORDER BY a.email
"""

FOUND: LiteralString = """
MATCH (a:Account)
OPTIONAL MATCH (a)-[:IS]->(e:Expert)
WITH a, e
WHERE ($after IS NULL OR a.email > $after[0])
  AND (a.email CONTAINS $matching OR toLower(a.name) CONTAINS $matching OR toLower(e.name) CONTAINS $matching)
RETURN [a.email, a.id] AS key, a {.*} AS account, e {.id, .name} AS expert
ORDER BY a.email LIMIT $limit
"""

# Two spellings: what Python folds, Neo4j may not ('ß'). Whoever signs in elsewhere can have written any address into
# their profile: it keeps nobody else from their own, and opens nothing again that was closed.
EXPERTS_AT: LiteralString = """
MATCH (e:Expert) WHERE toLower(trim(e.email)) IN $spellings
  AND NOT EXISTS {
    MATCH (e)<-[:IS]-(a:Account)
    WHERE NOT a.email IN $spellings AND (a.closed_at IS NULL
      OR EXISTS { (r:Record {kind: 'experts', entity: e.id}) WHERE 'email' IN r.decides })
  }
RETURN e.id AS id LIMIT 2
"""

# Written to before it is looked at, so that two transactions that concern one person wait for each other.
HOLD_EXPERT: LiteralString = """
MATCH (e:Expert {id: $expert})
SET e.id = e.id
RETURN e.id AS id
"""

OTHER_ACCOUNT_OF: LiteralString = """
MATCH (a:Account)-[:IS]->(:Expert {id: $expert})
WHERE a.closed_at IS NULL AND a.email <> $email
RETURN a.id AS id
"""

# The constraint on the address makes two who come at once wait for each other here; the second finds the first's.
ADMIT: LiteralString = """
MERGE (a:Account {email: $email})
ON CREATE SET a.id = $id, a.created_at = $now
RETURN a.id AS id, a.id = $id AS is_new, a.closed_at IS NOT NULL AS is_closed
"""

FILL: LiteralString = """
MATCH (a:Account {id: $id})
SET a.role = $role, a.name = $name, a.closed_at = null
WITH a
CALL (a) { MATCH (a)-[was:IS]->(:Expert) DELETE was }
CALL (a) { MATCH (e:Expert {id: $expert}) CREATE (a)-[:IS]->(e) }
"""

# Held in one order, so that two who demote each other wait for each other and neither is chosen to fail.
HOLD_ADMINISTRATORS: LiteralString = """
MATCH (a:Account) WHERE a.role = 'administrator' OR a.id = $id
WITH a ORDER BY a.id
SET a.id = a.id
"""

OTHER_ADMINISTRATORS: LiteralString = """
MATCH (a:Account {role: 'administrator'}) WHERE a.closed_at IS NULL AND a.id <> $id
RETURN count(a) AS others
"""

# Tokens of their own that are for more than the new role stay worthless, also if the role is given back.
SET_ROLE: LiteralString = """
MATCH (a:Account {id: $id})
SET a.role = $role
WITH a
MATCH (a)-[:HOLDS]->(t:Token) WHERE t.revoked_at IS NULL AND NOT t.role IN $roles
SET t.revoked_at = $now
"""

CLOSE: LiteralString = """
MATCH (a:Account {id: $id})
SET a.closed_at = $now
WITH a
CALL (a) { MATCH (a)<-[:OF]-(s:Session) DETACH DELETE s }
CALL (a) { MATCH (a)-[:SIGNS_IN_AS]->(i:Identity) DETACH DELETE i }
CALL (a) { MATCH (a)-[judged:JUDGED]->() DELETE judged }
CALL (a) { MATCH (a)-[:SAVED]->(saved:SavedSearch) DETACH DELETE saved }
CALL (a) { MATCH (a)-[:ASKED]->(asked:Question) DETACH DELETE asked }
CALL (a) { MATCH (a)-[offered:OFFERED]->() DELETE offered }
CALL (a) { MATCH (a)-[:HOLDS]->(t:Token) DETACH DELETE t }
"""

SUBJECTS_AT: LiteralString = """
MATCH (:Account {id: $id})-[:SIGNS_IN_AS]->(i:Identity {issuer: $issuer})
RETURN i.subject AS subject
"""

LINK: LiteralString = """
MATCH (a:Account {id: $id})
MERGE (i:Identity {id: $identity})
SET i.issuer = $issuer, i.subject = $subject
MERGE (a)-[:SIGNS_IN_AS]->(i)
"""


def normal_address(email: str) -> str:
    """An e-mail address as it is stored and compared: trimmed and casefolded.

    Raises:
        NotAnAddress: it cannot be one.
    """
    address = email.strip().casefold()
    local, _, domain = address.rpartition("@")
    fits = local and domain and len(address) <= LONGEST_ADDRESS and address.isprintable() and " " not in address
    if not fits:
        raise NotAnAddress
    return address


async def create(
    graph: Graph, viewer: Viewer, *, email: str, role: Role, name: str = "", expert: ExpertId | None = None
) -> Account:
    """Make an account, or open a closed one of this address again; it is then as given here.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotAnAddress: the address cannot be one.
        NotARole: the role is the public's.
        AddressTaken: there is an open account of this address.
        NoSuchExpert: the roster does not have this person.
        ExpertHasAccount: the person has an open account of another address.
    """
    refuse_unless(may_manage_accounts(viewer), "make accounts", who="administrators")

    async def work(tx: Transaction) -> Account:
        return await admit(tx, viewer, email=email, role=role, name=name, expert=expert)

    return await graph.transact(work)


async def admit(
    tx: Transaction, viewer: Viewer, *, email: str, role: Role, name: str = "", expert: ExpertId | None = None
) -> Account:
    """As :func:`create`, in a transaction that does more; whoever calls it has asked a rule of their own.

    To be called after everything but changes: the change log is written here.
    """
    address = normal_address(email)
    if role is Role.PUBLIC:
        raise NotARole
    if expert is not None:
        if not await tx.run(HOLD_EXPERT, expert=expert):
            raise NoSuchExpert(expert)
        if await tx.run(OTHER_ACCOUNT_OF, expert=expert, email=address):
            raise ExpertHasAccount(expert)
    (admitted,) = await tx.run(ADMIT, email=address, id=uuid.uuid4().hex, now=datetime.now(UTC))
    if not (admitted["is_new"] or admitted["is_closed"]):
        raise AddressTaken
    await tx.run(FILL, id=admitted["id"], role=role, name=name.strip(), expert=expert)
    await record(
        tx,
        viewer,
        verb="account reopened" if admitted["is_closed"] else "account made",
        subject=f"account:{admitted['id']}",
        fields=["email", "role", *(["name"] if name else []), *(["expert"] if expert else [])],
        after={"role": role},
    )
    return await _account(tx, admitted["id"])


async def by_id(graph: Graph, viewer: Viewer, *, id: AccountId) -> Account | None:
    """An account, open or closed.

    Raises:
        NotAllowed: the viewer is neither its holder nor an administrator.
    """
    refuse_unless(may_read_account(viewer, id), "look at this account", who="its holder and administrators")
    rows = await graph.read(BY_ID, id=id)
    return Account.from_row(rows[0]) if rows else None


async def by_ids(graph: Graph, viewer: Viewer, *, ids: Collection[AccountId]) -> Mapping[AccountId, Account]:
    """Those accounts, open or closed, that there are.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_manage_accounts(viewer), "look accounts up", who="administrators")
    found = map(Account.from_row, await graph.read(BY_IDS, ids=list(ids)) if ids else [])
    return {account.id: account for account in found}


async def by_email(graph: Graph, viewer: Viewer, *, email: str) -> Account:
    """The open account of an address.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotAnAddress: the address cannot be one.
        NoSuchAccount: no open account has it.
    """
    refuse_unless(may_manage_accounts(viewer), "look accounts up", who="administrators")
    rows = await graph.read(BY_EMAIL, email=normal_address(email))
    account = Account.from_row(rows[0]) if rows else None
    if account is None or account.closed_at:
        raise NoSuchAccount
    return account


async def page(
    graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None, matching: str = ""
) -> Page[Account]:
    """Accounts by address, closed ones too, at most ``first`` of them; those in whose address or name a text stands.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_manage_accounts(viewer), "look accounts up", who="administrators")
    limit, behind, sought = first + 1, after and list(after.key), matching.strip().lower()
    if sought:
        rows = await graph.read(FOUND, limit=limit, after=behind, matching=sought)
    else:
        rows = await graph.read(PAGE, limit=limit, after=behind)
    return Page.of(rows, first, Account.from_row)


async def set_role(graph: Graph, viewer: Viewer, *, id: AccountId, role: Role) -> Account:
    """Give an open account another role; it is in force with its holder's next request.

    Tokens of their own for a higher role are revoked.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotARole: the role is the public's.
        NoSuchAccount: there is no such open account.
        LastAdministrator: nobody else could administer the network.
    """
    refuse_unless(may_manage_accounts(viewer), "change roles", who="administrators")
    if role is Role.PUBLIC:
        raise NotARole

    async def work(tx: Transaction) -> Account:
        before = await _held_with_administrators(tx, id)
        if role is not Role.ADMINISTRATOR:
            await _ensure_another_administrator(tx, before)
        if role is before.role:
            return before
        roles = [one for one in Role if one.rank <= role.rank]
        await tx.run(SET_ROLE, id=id, role=role, roles=roles, now=datetime.now(UTC))
        await record(
            tx,
            viewer,
            verb="role set",
            subject=f"account:{id}",
            fields=["role"],
            before={"role": before.role},
            after={"role": role},
        )
        return await _account(tx, id)

    return await graph.transact(work)


async def close(graph: Graph, viewer: Viewer, *, id: AccountId) -> Account:
    """Close an account: its sessions end at once, its address and identities open nothing, and what it kept goes.

    That is its judgements, its saved searches, its holder's own tokens, its open questions and its offers to help.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchAccount: there is no such open account.
        LastAdministrator: nobody else could administer the network.
    """
    refuse_unless(may_manage_accounts(viewer), "close accounts", who="administrators")

    async def work(tx: Transaction) -> Account:
        before = await _held_with_administrators(tx, id)
        await _ensure_another_administrator(tx, before)
        await tx.run(CLOSE, id=id, now=datetime.now(UTC))
        await record(tx, viewer, verb="account closed", subject=f"account:{id}", before={"role": before.role})
        return await _account(tx, id)

    return await graph.transact(work)


async def knows_address(graph: Graph, *, email: str) -> bool:
    """Whether :func:`for_address` would give an account; makes none. For whoever writes to that address, never to tell.

    Raises:
        NotAnAddress: the address cannot be one.
    """
    address = normal_address(email)
    rows = await graph.read(BY_EMAIL, email=address)
    at = await graph.read(EXPERTS_AT, spellings=_spellings(email))  # also if not needed: both cases take the same time
    if rows:
        return Account.from_row(rows[0]).closed_at is None
    return len(at) == 1 and not await graph.read(OTHER_ACCOUNT_OF, expert=at[0]["id"], email=address)


async def for_address(graph: Graph, viewer: Viewer, *, email: str) -> Account | None:
    """The open account of an address that somebody has proved to be theirs.

    If there is none and exactly one person of the roster has this address, and no other open account, a member's
    account is made for them: a person claims their profile. None in every other case; a closed account stays closed.

    Raises:
        NotAnAddress: the address cannot be one.
    """

    async def work(tx: Transaction) -> Account | None:
        return await _for_address(tx, viewer, email=email)

    return await graph.transact(work)


async def for_identity(
    graph: Graph, viewer: Viewer, *, issuer: str, subject: str, email: str | None, email_verified: bool
) -> Account | None:
    """The open account of somebody whom an OpenID provider vouches for, by issuer and subject.

    Who comes for the first time is found by their address, if the provider has verified it, as in :func:`for_address`;
    from then on by their subject. An account that another subject of the same issuer signs in to is not given:
    providers give addresses to new people, subjects never (OpenID Connect Core 1.0, 5.7). None if no account is open.
    """
    identity = f"{issuer} {subject}"

    async def work(tx: Transaction) -> Account | None:
        if rows := await tx.run(BY_IDENTITY, identity=identity):
            known = Account.from_row(rows[0])
            return None if known.closed_at else known
        if not (email and email_verified):
            return None
        try:
            account = await _for_address(tx, viewer, email=email)
        except NotAnAddress:  # whatever the provider took for one
            return None
        if account is None or await tx.run(SUBJECTS_AT, id=account.id, issuer=issuer):
            return None
        await tx.run(LINK, id=account.id, identity=identity, issuer=issuer, subject=subject)
        await record(tx, viewer, verb="identity linked", subject=f"account:{account.id}", after={"issuer": issuer})
        return account

    return await graph.transact(work)


async def _for_address(tx: Transaction, viewer: Viewer, *, email: str) -> Account | None:
    address = normal_address(email)
    if rows := await tx.run(BY_EMAIL, email=address):
        account = Account.from_row(rows[0])
        return None if account.closed_at else account
    at = await tx.run(EXPERTS_AT, spellings=_spellings(email))
    if len(at) != 1 or not await tx.run(HOLD_EXPERT, expert=at[0]["id"]):
        return None
    if await tx.run(OTHER_ACCOUNT_OF, expert=at[0]["id"], email=address):
        return None
    (admitted,) = await tx.run(ADMIT, email=address, id=uuid.uuid4().hex, now=datetime.now(UTC))
    if admitted["is_new"]:
        await tx.run(FILL, id=admitted["id"], role=Role.MEMBER, name="", expert=at[0]["id"])
        await record(
            tx,
            viewer,
            verb="profile claimed",
            subject=f"account:{admitted['id']}",
            fields=["email", "role", "expert"],
            after={"role": Role.MEMBER},
        )
    return await _account(tx, admitted["id"])


async def _account(tx: Transaction, id: AccountId) -> Account:
    (row,) = await tx.run(BY_ID, id=id)
    return Account.from_row(row)


async def _held_with_administrators(tx: Transaction, id: AccountId) -> Account:
    """The account, read while nobody else can change it or the set of administrators."""
    await tx.run(HOLD_ADMINISTRATORS, id=id)
    rows = await tx.run(BY_ID, id=id)
    account = Account.from_row(rows[0]) if rows else None
    if account is None or account.closed_at:
        raise NoSuchAccount
    return account


async def _ensure_another_administrator(tx: Transaction, account: Account) -> None:
    (row,) = await tx.run(OTHER_ADMINISTRATORS, id=account.id)
    if account.role is Role.ADMINISTRATOR and not row["others"]:
        raise LastAdministrator


def _spellings(email: str) -> list[str]:
    return sorted({email.strip().casefold(), email.strip().lower()})
