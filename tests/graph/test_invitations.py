"""Invitations: who may invite whom, what they learn of it, and how an invitation ends."""

from datetime import timedelta

import pytest

from graph import accounts, changes, invitations, joining
from graph.accounts import NotAnAddress, NotARole
from graph.graph import Graph
from graph.invitations import INVITATION_LASTS, InvitationId, NoSuchInvitation, State, UnfitText
from graph.joining import InvitationGone
from graph.permissions import NotAllowed
from graph.values import Cursor, NotACursor
from graph.viewer import PUBLIC, Role, Scope, Viewer

KEEPER = Viewer.at_the_command_line()
ORGANISER = Viewer(Role.ORGANISER, actor="account:o")
MEMBER = Viewer(Role.MEMBER, actor="account:m")
READER = Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.READ_ORGANISERS}), actor="token:t")
KOFI = "kofi@example.org"


async def states(graph: Graph, viewer: Viewer = KEEPER) -> list[State]:
    return [one.state for _, one in (await invitations.page(graph, viewer, first=20)).entries]


async def age(graph: Graph, by: timedelta) -> None:
    """As if every invitation had been written earlier."""
    await graph.write(
        "MATCH (i:Invitation) SET i.created_at = i.created_at - $by, i.expires_at = i.expires_at - $by", by=by
    )


async def test_an_invitation_says_who_invited_whom_as_what_until_when(graph: Graph) -> None:
    made, secret = await invitations.invite(
        graph, ORGANISER, email=" Kofi@Example.org", note="  Do come.\r\nWe need you. "
    )

    assert (made.email, made.role, made.note) == (KOFI, Role.MEMBER, "Do come.\nWe need you.")
    assert (made.invited_by, made.state) == ("account:o", State.OPEN)
    assert made.expires_at - made.created_at == INVITATION_LASTS
    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).invitation == made


async def test_the_change_log_has_neither_address_nor_note(graph: Graph) -> None:
    made, secret = await invitations.invite(graph, ORGANISER, email=KOFI, note="Do come.")

    (_, change), *_ = (await changes.page(graph, KEEPER, first=5)).entries

    assert (change.verb, change.subject, change.actor) == ("invited", f"invitation:{made.id}", "account:o")
    assert (list(change.fields), change.after) == (["email", "role", "note"], {"role": "member"})
    assert not {KOFI, "Do come.", secret} & set(str(change).split("'"))


async def test_the_secret_is_not_stored(graph: Graph) -> None:
    _, secret = await invitations.invite(graph, ORGANISER, email=KOFI)

    assert secret not in str(await graph.read("MATCH (n) RETURN n {.*} AS node"))


@pytest.mark.parametrize(
    "viewer,role",
    [
        (PUBLIC, Role.MEMBER),
        (MEMBER, Role.MEMBER),
        (READER, Role.MEMBER),
        (ORGANISER, Role.ORGANISER),
        (ORGANISER, Role.ADMINISTRATOR),
    ],
)
async def test_who_may_not_invite_invites_nobody(graph: Graph, viewer: Viewer, role: Role) -> None:
    with pytest.raises(NotAllowed):
        await invitations.invite(graph, viewer, email=KOFI, role=role)

    assert await states(graph) == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ORGANISER, Role.ADMINISTRATOR])
async def test_administrators_invite_to_every_role(graph: Graph, role: Role) -> None:
    made, _ = await invitations.invite(graph, KEEPER, email=KOFI, role=role)

    assert made.role is role


async def test_nobody_is_invited_to_be_the_public(graph: Graph) -> None:
    with pytest.raises(NotARole):
        await invitations.invite(graph, KEEPER, email=KOFI, role=Role.PUBLIC)


async def test_what_is_no_address_is_refused(graph: Graph) -> None:
    with pytest.raises(NotAnAddress):
        await invitations.invite(graph, KEEPER, email="kofi@example.org\nBcc: ama@example.org")


@pytest.mark.parametrize("note", ["x" * 1001, "\u202egnihtyna", "\x1b[2J"])
async def test_a_note_that_cannot_be_used_is_refused(graph: Graph, note: str) -> None:
    with pytest.raises(UnfitText) as refusal:
        await invitations.invite(graph, KEEPER, email=KOFI, note=note)

    assert refusal.value.field == "note"
    assert await states(graph) == []


async def test_whoever_invites_does_not_learn_that_the_address_is_a_members(graph: Graph) -> None:
    await accounts.create(graph, KEEPER, email=KOFI, role=Role.MEMBER)

    of_member, _ = await invitations.invite(graph, ORGANISER, email=KOFI)
    of_stranger, _ = await invitations.invite(graph, ORGANISER, email="salma@example.org")

    assert (of_member.state, of_member.role) == (of_stranger.state, of_stranger.role)
    assert await states(graph, ORGANISER) == [State.OPEN, State.OPEN]


@pytest.mark.parametrize("viewer", [PUBLIC, MEMBER])
async def test_who_was_invited_is_for_those_who_invite(graph: Graph, viewer: Viewer) -> None:
    await invitations.invite(graph, KEEPER, email=KOFI)

    with pytest.raises(NotAllowed):
        await invitations.page(graph, viewer, first=10)


async def test_invitations_come_newest_first_a_page_at_a_time(graph: Graph) -> None:
    made = [(await invitations.invite(graph, KEEPER, email=f"p{n}@example.org"))[0].email for n in range(5)]

    first = await invitations.page(graph, ORGANISER, first=3)
    rest = await invitations.page(graph, ORGANISER, first=3, after=first.entries[-1][0])

    assert [one.email for _, one in [*first.entries, *rest.entries]] == made[::-1]
    assert (first.has_next, rest.has_next) == (True, False)


async def test_a_cursor_of_another_list_is_refused(graph: Graph) -> None:
    with pytest.raises(NotACursor):
        await invitations.page(graph, KEEPER, first=3, after=Cursor(("Ama", "ama")))


async def test_a_new_invitation_ends_the_one_before(graph: Graph) -> None:
    _, old = await invitations.invite(graph, ORGANISER, email=KOFI)
    _, new = await invitations.invite(graph, ORGANISER, email=KOFI)

    with pytest.raises(InvitationGone):
        await joining.open_invitation(graph, PUBLIC, secret=old)
    assert (await joining.open_invitation(graph, PUBLIC, secret=new)).invitation.state is State.OPEN
    assert await states(graph) == [State.OPEN, State.WITHDRAWN]


async def test_an_organiser_does_not_end_what_an_administrator_offered(graph: Graph) -> None:
    _, secret = await invitations.invite(graph, KEEPER, email=KOFI, role=Role.ORGANISER)

    made, _ = await invitations.invite(graph, ORGANISER, email=KOFI)

    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).invitation.role is Role.ORGANISER
    assert made.state is State.OPEN


async def test_a_withdrawn_invitation_opens_nothing(graph: Graph) -> None:
    made, secret = await invitations.invite(graph, ORGANISER, email=KOFI)

    withdrawn = await invitations.withdraw(graph, ORGANISER, id=made.id)

    assert withdrawn.state is State.WITHDRAWN
    with pytest.raises(InvitationGone):
        await joining.open_invitation(graph, PUBLIC, secret=secret)


async def test_what_is_not_open_cannot_be_withdrawn(graph: Graph) -> None:
    made, _ = await invitations.invite(graph, ORGANISER, email=KOFI)
    await invitations.withdraw(graph, ORGANISER, id=made.id)

    for id in (made.id, InvitationId("none")):
        with pytest.raises(NoSuchInvitation):
            await invitations.withdraw(graph, ORGANISER, id=id)


@pytest.mark.parametrize("viewer", [PUBLIC, MEMBER, READER])
async def test_who_may_not_invite_withdraws_nothing(graph: Graph, viewer: Viewer) -> None:
    made, _ = await invitations.invite(graph, KEEPER, email=KOFI)

    with pytest.raises(NotAllowed):
        await invitations.withdraw(graph, viewer, id=made.id)

    assert await states(graph) == [State.OPEN]


async def test_an_organiser_withdraws_no_invitation_that_only_administrators_make(graph: Graph) -> None:
    made, _ = await invitations.invite(graph, KEEPER, email=KOFI, role=Role.ADMINISTRATOR)

    with pytest.raises(NotAllowed, match="administrators may"):
        await invitations.withdraw(graph, ORGANISER, id=made.id)

    assert await states(graph) == [State.OPEN]


async def test_an_invitation_expires_after_a_fortnight(graph: Graph) -> None:
    made, secret = await invitations.invite(graph, ORGANISER, email=KOFI)

    await age(graph, INVITATION_LASTS - timedelta(minutes=1))
    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).invitation.id == made.id
    await age(graph, timedelta(minutes=1))

    with pytest.raises(InvitationGone):
        await joining.open_invitation(graph, PUBLIC, secret=secret)
    assert await states(graph) == [State.EXPIRED]
    with pytest.raises(NoSuchInvitation):
        await invitations.withdraw(graph, ORGANISER, id=made.id)


async def test_ninety_days_after_its_end_an_invitation_is_deleted(graph: Graph) -> None:
    await invitations.invite(graph, ORGANISER, email=KOFI)
    await age(graph, INVITATION_LASTS + timedelta(days=90))

    await invitations.invite(graph, ORGANISER, email="salma@example.org")

    assert await states(graph) == [State.OPEN]
    assert not await graph.read("MATCH (i:Invitation {email: $email}) RETURN i", email=KOFI)
