"""How an invited person answers: what they are shown, and what comes of a yes or a no, each in one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from graph import audiences
from graph.accounts import Account, AddressTaken, admit
from graph.alphabet import sort_keys
from graph.changes import record
from graph.consents import How, Purpose, record_consent
from graph.credentials import digest_of
from graph.errors import GraphError
from graph.graph import Graph, Row, Transaction
from graph.invitations import Invitation, State, UnfitText, fit_text
from graph.passages import hold_stamps, restamp
from graph.slugs import slugs
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role, Viewer
from graph.wording import Wording

__all__ = [
    "AccountClosed",
    "AlreadyMember",
    "Answer",
    "InvitationGone",
    "OpenInvitation",
    "accept",
    "decline",
    "open_invitation",
]

LONGEST_NAME = 300  # as in experts.csv
LONGEST_HEADLINE = 300


class InvitationGone(GraphError):
    """The link opens no invitation, or none any more; which of the two is not told."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "This invitation has been answered, withdrawn or replaced, or is too old; ask whoever "
                "invited you for a new one."
            )
        )


class AlreadyMember(GraphError):
    """The owner of the address has an account."""

    def __init__(self) -> None:
        super().__init__(Wording("You are a member already; sign in with this address."))


class AccountClosed(GraphError):
    """An administrator closed the account of the address, and no administrator invited its owner again."""

    def __init__(self) -> None:
        super().__init__(
            Wording("The account of this address was closed; ask an administrator of the network to invite you.")
        )


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the invited person is shown; ``name`` and ``headline`` are those of the profile that is theirs to claim."""

    invitation: Invitation
    is_member: bool
    claims: ExpertId | None
    name: str
    headline: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How somebody joins. A group of fields without an audience is left to the network; no consent is no."""

    name: str
    headline: str
    chosen: Mapping[FieldGroup, Audience | None]
    consents: Mapping[Purpose, bool]


# Written to before it is looked at: of two answers at once, the second waits and then sees the first.
HOLD_BY_DIGEST: LiteralString = """
MATCH (i:Invitation {digest: $digest})
SET i.digest = i.digest
"""

BY_DIGEST: LiteralString = """
MATCH (i:Invitation {digest: $digest})
RETURN i {.*} AS invitation
"""

# Whose profile an address is, as graph.accounts.for_address has it: exactly one person's, and no other account's.
WHOSE: LiteralString = """
OPTIONAL MATCH (a:Account {email: $email}) WHERE a.closed_at IS NULL
CALL () {
  MATCH (e:Expert) WHERE toLower(trim(e.email)) = $email
    AND NOT EXISTS {
      MATCH (e)<-[:IS]-(o:Account)
      WHERE o.email <> $email AND (o.closed_at IS NULL
        OR EXISTS { (r:Record {kind: 'experts', entity: e.id}) WHERE 'email' IN r.decides })
    }
  WITH e LIMIT 2
  RETURN collect(e) AS experts
}
WITH a IS NOT NULL AS is_member, EXISTS { (c:Account {email: $email}) WHERE c.closed_at IS NOT NULL } AS is_closed,
     CASE WHEN size(experts) = 1 THEN experts[0] END AS e
RETURN is_member, is_closed, e.id AS expert, e.name AS name, e.headline AS headline
"""

DECLINE: LiteralString = "MATCH (i:Invitation {id: $id}) SET i.declined_at = datetime()"

ACCEPT: LiteralString = "MATCH (i:Invitation {id: $id}) SET i.accepted_at = datetime()"

# A profile that came from no roster has no digest, so no folder that is loaded later removes it.
MAKE_PROFILE: LiteralString = """
MERGE (e:Expert {id: $expert})
ON CREATE SET e.email = $email, e.joined = date(), e.made_by = $id
WITH e, coalesce(e.made_by = $id, false) AS is_made
REMOVE e.made_by
RETURN is_made
"""

FILL_PROFILE: LiteralString = """
MATCH (e:Expert {id: $expert})
SET e.name = $name, e += $sort_keys, e.headline = $headline, e.version = coalesce(e.version, 0) + 1
"""


async def open_invitation(graph: Graph, viewer: Viewer, *, secret: str) -> OpenInvitation:
    """The invitation that has this secret, as its holder is shown it; it is not used up.

    Raises:
        InvitationGone: there is none, or it is no longer open.
    """
    invitation = _open(await graph.read(BY_DIGEST, digest=digest_of(secret)))
    (whose,) = await graph.read(WHOSE, email=invitation.email)
    return OpenInvitation(invitation, whose["is_member"], whose["expert"], whose["name"] or "", whose["headline"] or "")


async def accept(graph: Graph, viewer: Viewer, *, secret: str, answer: Answer) -> Account:
    """Let the holder of an invitation in: their account, their profile, their audiences and consents, at once.

    If exactly one person of the roster has the address, they claim their profile; otherwise one is made.
    Who does not consent to be listed has a profile that they alone see.

    Raises:
        InvitationGone: there is no such invitation, or it is no longer open.
        AlreadyMember: the address has an account.
        AccountClosed: its account was closed, and the invitation is not an administrator's.
        UnfitText: the name is empty, or a text is too long or holds what no text needs.
    """
    name = fit_text("name", _line(answer.name), LONGEST_NAME)
    headline = fit_text("headline", _line(answer.headline), LONGEST_HEADLINE)
    if not name:
        raise UnfitText("name", Wording("The name is empty; write the name that you go by."))
    digest, made_id = digest_of(secret), uuid.uuid4().hex

    async def work(tx: Transaction) -> Account:
        await tx.run(HOLD_BY_DIGEST, digest=digest)
        invitation = _open(await tx.run(BY_DIGEST, digest=digest))
        await hold_stamps(tx)
        (whose,) = await tx.run(WHOSE, email=invitation.email)
        if whose["is_member"]:
            raise AlreadyMember
        if whose["is_closed"] and not invitation.may_reopen:
            raise AccountClosed
        expert = ExpertId(whose["expert"] or await _new_profile(tx, name, email=invitation.email, id=made_id))
        await tx.run(FILL_PROFILE, expert=expert, name=name, sort_keys=sort_keys(name), headline=headline or None)
        await tx.run(ACCEPT, id=invitation.id)
        await restamp(tx, experts=[expert])
        joining = Viewer(invitation.role, person=expert, actor=f"invitation:{invitation.id}")
        try:
            account = await admit(tx, joining, email=invitation.email, role=invitation.role, expert=expert)
        except AddressTaken:
            raise AlreadyMember from None
        joined = account.viewer
        await audiences.choose(tx, joined, expert=expert, chosen=answer.chosen)
        for purpose in Purpose:
            given = answer.consents.get(purpose, False)
            await record_consent(tx, joined, expert=expert, purpose=purpose, given=given, how=How.INVITATION)
        await record(
            tx,
            joined,
            verb="invitation accepted",
            subject=f"invitation:{invitation.id}",
            fields=["name", "headline"],
            after={"account": account.id, "profile": "claimed" if whose["expert"] else "made"},
        )
        return account

    return await graph.transact(work)


async def decline(graph: Graph, viewer: Viewer, *, secret: str) -> None:
    """Let the holder of an invitation say no; its link opens nothing from now on.

    Raises:
        InvitationGone: there is no such invitation, or it is no longer open.
    """
    digest = digest_of(secret)

    async def work(tx: Transaction) -> None:
        await tx.run(HOLD_BY_DIGEST, digest=digest)
        invitation = _open(await tx.run(BY_DIGEST, digest=digest))
        await tx.run(DECLINE, id=invitation.id)
        holder = Viewer(Role.PUBLIC, actor=f"invitation:{invitation.id}")
        await record(tx, holder, verb="invitation declined", subject=f"invitation:{invitation.id}")

    await graph.transact(work)


async def _new_profile(tx: Transaction, name: str, *, email: str, id: str) -> ExpertId:
    """A profile with the first free id; who comes at the same moment with the same name gets the next one."""
    for expert in slugs(name, otherwise=f"member-{id[:8]}"):
        (row,) = await tx.run(MAKE_PROFILE, expert=expert, email=email, id=id)
        if row["is_made"]:
            return ExpertId(expert)
    raise AssertionError  # there is always a next one


def _open(rows: list[Row]) -> Invitation:
    invitation = Invitation.from_row(rows[0]) if rows else None
    if invitation is None or invitation.state is not State.OPEN:
        raise InvitationGone
    return invitation


def _line(text: str) -> str:
    return " ".join(text.split())
