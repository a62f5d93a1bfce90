"""Invitations to join: whom the network asked in, and how they answer.

An invitation is for one address and travels there in a letter; only its digest is stored. Who invites never learns
whether the address is a member's already, which the member may keep to themselves: that is told on the invitation's own
page, which only the address's owner gets to. Ninety days after its end an invitation is deleted.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, LiteralString, NewType, Self

from graph.accounts import NotARole, normal_address
from graph.changes import record
from graph.credentials import digest_of, fresh_secret
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.permissions import may_invite, may_manage_accounts, may_read_invitations, refuse_unless
from graph.values import Cursor, Page, moment
from graph.viewer import Role, Viewer
from graph.wording import Wording

__all__ = [
    "INVITATION_LASTS",
    "KEPT_AFTER_ITS_END",
    "Invitation",
    "InvitationId",
    "InvitedBefore",
    "NoSuchInvitation",
    "State",
    "UnfitText",
    "fit_text",
    "invite",
    "page",
    "withdraw",
]

InvitationId = NewType("InvitationId", str)

MUTATION = "invite"
INVITATION_LASTS = timedelta(days=14)
KEPT_AFTER_ITS_END = timedelta(days=90)
LONGEST_NOTE = 1000
# Control characters, and those that make a text look like another (Unicode TR 36, "bidirectional text spoofing").
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class State(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


TEXTS: Final[Mapping[str, Wording]] = {
    "name": Wording("name"),
    "headline": Wording("headline"),
    "note": Wording("note"),
    "reason": Wording("reason"),
    "suggestion": Wording("suggestion"),
    "question": Wording("question"),
    "fault": Wording("fault"),
    "text": Wording("text"),
}
"""What people write, as it is called where it cannot be used."""


class NoSuchInvitation(GraphError):
    """There is no open invitation with this id."""

    def __init__(self) -> None:
        super().__init__(
            Wording("There is no open invitation with that id; look at the list of invitations for those there are.")
        )


class InvitedBefore(GraphError):
    """The same key invited them already, and the letter went out then."""

    def __init__(self, invitation: "Invitation") -> None:
        self.invitation = invitation
        super().__init__(Wording("With this key they were invited already; take a new key to invite them once more."))


class UnfitText(GraphError):
    """A text that somebody wrote cannot be used; ``field`` is one of ``TEXTS``, or the language of a letter."""

    def __init__(self, field: str, sentence: Wording) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Invitation:
    """That somebody was asked to join: at which address, in which role, with which words, by whom and until when."""

    id: InvitationId
    email: str
    role: Role
    note: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    state: State
    may_reopen: bool
    """Whether it also opens an account again that an administrator closed, as only an administrator's own does."""

    replaces: int = 0
    """How many open ones of the same address ended when it was made; told then alone."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``invitation`` (properties)."""
        invitation = row["invitation"]
        created_at, expires_at = moment(invitation["created_at"]), moment(invitation["expires_at"])
        assert created_at  # noqa: S101 -- every invitation is written with both times
        assert expires_at  # noqa: S101 -- the same
        return cls(
            InvitationId(invitation["id"]),
            invitation["email"],
            Role(invitation["role"]),
            invitation["note"],
            invitation["invited_by"],
            created_at,
            expires_at,
            _state(invitation, expires_at),
            bool(invitation.get("may_reopen")),
        )


SWEEP: LiteralString = "MATCH (i:Invitation) WHERE i.expires_at <= datetime() - $kept DELETE i"

REPLACE: LiteralString = """
MATCH (i:Invitation {email: $email})
WHERE i.role IN $roles AND i.accepted_at IS NULL AND i.declined_at IS NULL AND i.withdrawn_at IS NULL
SET i.withdrawn_at = datetime()
RETURN count(i) AS ended
"""

INVITE: LiteralString = """
CREATE (i:Invitation {id: $id, digest: $digest, email: $email, role: $role, note: $note, invited_by: $by,
                      may_reopen: $may_reopen, created_at: datetime(), expires_at: datetime() + $lasts})
RETURN i {.*} AS invitation
"""

BY_ID: LiteralString = "MATCH (i:Invitation {id: $id}) RETURN i {.*} AS invitation"

PAGE: LiteralString = """
MATCH (i:Invitation)
WHERE $after IS NULL OR i.created_at < datetime($after[0]) OR (i.created_at = datetime($after[0]) AND i.id > $after[1])
RETURN [toString(i.created_at), i.id] AS key, i {.*} AS invitation
ORDER BY i.created_at DESC, i.id LIMIT $limit
"""

# Written to before it is looked at: of two who answer or withdraw at once, the second waits and then sees the first.
HOLD_BY_ID: LiteralString = """
MATCH (i:Invitation {id: $id})
SET i.id = i.id
RETURN i {.*} AS invitation
"""

WITHDRAW: LiteralString = "MATCH (i:Invitation {id: $id}) SET i.withdrawn_at = datetime() RETURN i {.*} AS invitation"


async def invite(
    graph: Graph,
    viewer: Viewer,
    *,
    email: str,
    role: Role = Role.MEMBER,
    note: str = "",
    idempotency_key: str | None = None,
) -> tuple[Invitation, str]:
    """A new invitation and its secret, which goes into the letter and nowhere else; open ones of the address end.

    Raises:
        NotAllowed: the viewer may not invite, or not to this role.
        NotAnAddress: the address is none.
        NotARole: nobody is invited to be the public.
        UnfitText: the note is too long, or holds what no text needs.
        InvitedBefore: the key invited them already; the error has the invitation as it is now.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    if role is Role.PUBLIC:
        raise NotARole
    who = "organisers and administrators" if role is Role.MEMBER else "administrators"
    refuse_unless(may_invite(viewer, role=role), f"invite people to be {role}s", who=who)
    address = normal_address(email)
    said = fit_text("note", note, LONGEST_NOTE)
    secret, id = fresh_secret(), uuid.uuid4().hex
    replaced = [of for of in Role if may_invite(viewer, role=of)]
    given = {"email": address, "role": role, "note": said}

    async def work(tx: Transaction) -> Invitation:
        before = await made_before(tx, viewer, mutation=MUTATION, key=idempotency_key, given=given)
        if before is not None:
            raise await _invited_before(tx, before)
        await tx.run(SWEEP, kept=KEPT_AFTER_ITS_END)
        (open_before,) = await tx.run(REPLACE, email=address, roles=replaced)
        (row,) = await tx.run(
            INVITE,
            id=id,
            digest=digest_of(secret),
            email=address,
            role=role,
            note=said,
            by=viewer.actor,
            may_reopen=may_manage_accounts(viewer),
            lasts=INVITATION_LASTS,
        )
        await keep(tx, viewer, mutation=MUTATION, key=idempotency_key, result=id)
        await record(
            tx,
            viewer,
            verb="invited",
            subject=f"invitation:{id}",
            fields=["email", "role", *(["note"] if said else [])],
            after={"role": role},
        )
        return replace(Invitation.from_row(row), replaces=open_before["ended"])

    return await graph.transact(work), secret


async def page(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Invitation]:
    """Invitations, newest first, at most ``first`` of them.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NotACursor: ``after`` is a cursor of another list.
    """
    refuse_unless(may_read_invitations(viewer), "see who was invited", who="organisers and administrators")
    rows = await graph.read(PAGE, limit=first + 1, after=after and after.of_time)
    return Page.of(rows, first, Invitation.from_row)


async def withdraw(graph: Graph, viewer: Viewer, *, id: InvitationId) -> Invitation:
    """Take an open invitation back; its link opens nothing from now on.

    Raises:
        NotAllowed: the viewer could not have invited to this role.
        NoSuchInvitation: there is no open one with this id.
    """
    refuse_unless(may_invite(viewer), "withdraw invitations", who="organisers and administrators")

    async def work(tx: Transaction) -> Invitation:
        rows = await tx.run(HOLD_BY_ID, id=id)
        invitation = Invitation.from_row(rows[0]) if rows else None
        if invitation is None or invitation.state is not State.OPEN:
            raise NoSuchInvitation
        refuse_unless(may_invite(viewer, role=invitation.role), "withdraw this invitation", who="administrators")
        (row,) = await tx.run(WITHDRAW, id=id)
        await record(tx, viewer, verb="invitation withdrawn", subject=f"invitation:{id}")
        return Invitation.from_row(row)

    return await graph.transact(work)


async def _invited_before(tx: Transaction, id: str) -> InvitedBefore | KeySpent:
    rows = await tx.run(BY_ID, id=id)
    return (
        InvitedBefore(Invitation.from_row(rows[0])) if rows else KeySpent(Wording("that invitation is there no more"))
    )


def _state(invitation: Mapping[str, Any], expires_at: datetime) -> State:
    for state, at in (
        (State.ACCEPTED, "accepted_at"),
        (State.DECLINED, "declined_at"),
        (State.WITHDRAWN, "withdrawn_at"),
    ):
        if invitation.get(at):
            return state
    return State.OPEN if datetime.now(UTC) < expires_at else State.EXPIRED


def fit_text(field: str, text: str, limit: int) -> str:
    """A text as it is kept.

    Raises:
        UnfitText: it is longer than the limit, or holds what no text needs.
    """
    fit = text.strip()
    if HIDDEN.search(fit.replace("\r\n", "\n")):
        raise UnfitText(field, Wording("The %(field)s holds a hidden character; write it anew.", field=TEXTS[field]))
    if len(fit) > limit:
        said = Wording(
            "The %(field)s has %(length)s characters, more than %(most)s; shorten it.",
            field=TEXTS[field],
            length=len(fit),
            most=limit,
        )
        raise UnfitText(field, said)
    return fit.replace("\r\n", "\n")
