"""Joining: everything at once or nothing, once, with the profile that is one's own; and declining."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from graph import accounts, changes, consents, invitations, joining, sessions
from graph.consents import How, Purpose
from graph.graph import Graph, Transaction
from graph.intake import remove_experts
from graph.invitations import State, UnfitText
from graph.joining import AccountClosed, AlreadyMember, Answer, InvitationGone
from graph.passages import restamp
from graph.values import ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer

KEEPER = Viewer.at_the_command_line()
ORGANISER = Viewer(Role.ORGANISER, actor="account:o")
KOFI = "kofi@example.org"
YES = Answer("Kofi", "Trains stewards", {}, dict.fromkeys(Purpose, True))


async def invited(graph: Graph, email: str = KOFI, role: Role = Role.MEMBER) -> str:
    _, secret = await invitations.invite(graph, KEEPER, email=email, role=role)
    return secret


async def join(graph: Graph, secret: str, answer: Answer = YES) -> accounts.Account:
    return await joining.accept(graph, PUBLIC, secret=secret, answer=answer)


async def expert(graph: Graph, id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (await graph.read("MATCH (e:Expert {id: $id}) RETURN e {.*} AS e", id=id))[0]["e"]
    return found


async def state(graph: Graph) -> State:
    return (await invitations.page(graph, KEEPER, first=1)).entries[0][1].state


async def nodes(graph: Graph) -> list[str]:
    """What somebody who joins brings; each label as often as it is there."""
    rows = await graph.read("MATCH (n:Account|Expert|Consent|Passage) RETURN labels(n)[0] AS label ORDER BY label")
    return [row["label"] for row in rows]


async def on_the_roster(graph: Graph, email: str = "Kofi@Example.org", id: str = "kofi-b") -> ExpertId:
    await graph.write(
        "CREATE (:Expert {id: $id, name: 'Kofi B', headline: 'Steward', email: $email, digest: 'd'})",
        id=id,
        email=email,
    )

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[id])

    await graph.transact(work)
    return ExpertId(id)


async def test_who_joins_has_an_account_and_a_profile_with_their_address(graph: Graph) -> None:
    account = await join(graph, await invited(graph, role=Role.ORGANISER))

    made = await expert(graph, "kofi")
    assert (account.email, account.role, account.expert, account.name) == (KOFI, Role.ORGANISER, "kofi", "Kofi")
    assert (made["name"], made["headline"], made["email"]) == ("Kofi", "Trains stewards", KOFI)
    assert await accounts.for_address(graph, PUBLIC, email=KOFI) == account
    assert await state(graph) is State.ACCEPTED


async def test_no_folder_that_is_loaded_later_takes_them_for_its_own(graph: Graph) -> None:
    await join(graph, await invited(graph))

    assert "digest" not in await expert(graph, "kofi")


async def test_consents_are_kept_as_given_on_the_invitation(graph: Graph) -> None:
    answer = replace(YES, consents={Purpose.LISTED: True, Purpose.CONTACTED: True})

    account = await join(graph, await invited(graph), answer)

    history, _ = await consents.history_of(graph, account.viewer, expert=ExpertId("kofi"))
    assert {one.purpose: one.given for one in history} == {
        Purpose.LISTED: True,
        Purpose.MATCHED: False,
        Purpose.CONTACTED: True,
        Purpose.RECORDED: False,
    }
    assert {(one.how, one.by) for one in history} == {(How.INVITATION, f"account:{account.id}")}
    assert set((await expert(graph, "kofi"))["withdrawn"]) == {"matched", "recorded"}


async def test_audiences_are_in_force_at_once(graph: Graph) -> None:
    chosen: dict[FieldGroup, Audience | None] = {
        FieldGroup.LISTING: Audience.EVERYONE,
        FieldGroup.CONTACT: Audience.NOBODY,
        FieldGroup.COUNTRY: None,
    }

    await join(graph, await invited(graph), replace(YES, chosen=chosen))

    made = await expert(graph, "kofi")
    assert (made["chosen_listing"], made["chosen_contact"], made.get("chosen_country")) == (0, 3, None)
    assert (made["audience_listing"], made["audience_contact"], made["audience_country"]) == (0, 3, 1)


async def test_who_does_not_agree_to_be_listed_is_seen_by_nobody_else(graph: Graph) -> None:
    answer = replace(YES, chosen={FieldGroup.LISTING: Audience.EVERYONE}, consents={Purpose.MATCHED: True})

    account = await join(graph, await invited(graph), answer)

    made = await expert(graph, "kofi")
    assert account.expert == "kofi"
    assert {name: value for name, value in made.items() if name.startswith("audience_")} == {
        f"audience_{group}": int(Audience.NOBODY) for group in FieldGroup
    }
    assert not await graph.read("MATCH (p:Passage) WHERE p.found_by IS NOT NULL RETURN p")


async def test_each_step_is_in_the_change_log_and_nothing_personal_is(graph: Graph) -> None:
    account = await join(graph, await invited(graph), replace(YES, chosen={FieldGroup.CONTACT: Audience.NOBODY}))

    log = [change for _, change in (await changes.page(graph, KEEPER, first=20)).entries][::-1]
    assert [change.verb for change in log] == [
        "invited",
        "account made",
        "audiences chosen",
        *["consent given"] * 4,
        "invitation accepted",
    ]
    assert log[-1].actor == f"account:{account.id}"
    assert log[-1].after == {"account": account.id, "profile": "made"}
    assert not [change for change in log if KOFI in str(change) or "Trains" in str(change) or "Kofi" in str(change)]


async def test_an_invitation_is_accepted_once(graph: Graph) -> None:
    secret = await invited(graph)
    await join(graph, secret)

    with pytest.raises(InvitationGone):
        await join(graph, secret)

    assert await nodes(graph) == ["Account", *["Consent"] * 4, "Expert", "Passage"]


async def test_of_five_who_accept_one_invitation_at_once_one_joins(graph: Graph) -> None:
    secret = await invited(graph)

    came = await asyncio.gather(*(join(graph, secret) for _ in range(5)), return_exceptions=True)

    assert [type(one) for one in came if not isinstance(one, InvitationGone)] == [accounts.Account]
    assert await nodes(graph) == ["Account", *["Consent"] * 4, "Expert", "Passage"]


async def test_people_of_one_name_who_join_at_once_get_an_id_each(graph: Graph) -> None:
    secrets = [await invited(graph, f"k{number}@example.org") for number in range(4)]

    joined = await asyncio.gather(*(join(graph, secret) for secret in secrets))

    assert sorted(str(one.expert) for one in joined) == ["kofi", "kofi-2", "kofi-3", "kofi-4"]


@pytest.mark.parametrize(
    "name,id",
    [
        ("Ama-Éloïse  O’Neil", "ama-eloise-oneil"),
        ("سلمى", "member-"),
        ("萨尔玛", "member-"),
        ("x" * 300, "x" * 80),
    ],
)
async def test_an_id_is_made_from_any_name(graph: Graph, name: str, id: str) -> None:
    account = await join(graph, await invited(graph), replace(YES, name=name))

    assert account.expert is not None
    assert account.expert.startswith(id)
    assert account.name == " ".join(name.split())


async def test_a_person_of_the_roster_claims_their_profile(graph: Graph) -> None:
    claimed = await on_the_roster(graph)
    secret = await invited(graph)

    shown = await joining.open_invitation(graph, PUBLIC, secret=secret)
    account = await join(graph, secret, Answer(shown.name, "Trains stewards", {}, {Purpose.LISTED: True}))

    assert (shown.claims, shown.name, shown.headline) == (claimed, "Kofi B", "Steward")
    assert account.expert == claimed
    profile = await expert(graph, claimed)
    assert (profile["name"], profile["headline"], profile["digest"]) == ("Kofi B", "Trains stewards", "d")
    assert await nodes(graph) == ["Account", *["Consent"] * 4, "Expert", "Passage"]


async def test_a_profile_that_may_be_anybodys_is_claimed_by_nobody(graph: Graph) -> None:
    await on_the_roster(graph, id="one")
    await on_the_roster(graph, id="two")
    secret = await invited(graph)

    shown = await joining.open_invitation(graph, PUBLIC, secret=secret)
    account = await join(graph, secret)

    assert (shown.claims, shown.name) == (None, "")
    assert account.expert == "kofi"


async def test_a_profile_that_somebody_holds_is_not_claimed(graph: Graph) -> None:
    held = await on_the_roster(graph)
    await accounts.create(graph, KEEPER, email="other@example.org", role=Role.MEMBER, expert=held)
    secret = await invited(graph)

    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).claims is None
    assert (await join(graph, secret)).expert == "kofi"


@pytest.mark.parametrize("role, stays", [(Role.MEMBER, False), (Role.ORGANISER, True), (Role.ADMINISTRATOR, True)])
async def test_whom_the_roster_loses_is_no_member_any_more_but_keeps_an_office(
    graph: Graph, role: Role, stays: bool
) -> None:
    claimed = await on_the_roster(graph)
    account = await join(graph, await invited(graph, role=role))
    _, secret = await sessions.open_session(
        graph, account.viewer, account=account.id, how=sessions.SignedInBy.LINK, agent="", limits=sessions.LIMITS
    )

    await graph.transact(lambda tx: remove_experts(tx, [claimed]))

    left = await accounts.for_address(graph, PUBLIC, email=KOFI)
    signed_in = await sessions.authenticated(graph, secret=secret, limits=sessions.LIMITS)
    assert (left is not None, signed_in is not None) == (stays, stays)
    assert left is None or (left.id, left.expert) == (account.id, None)


async def test_a_member_is_told_that_they_are_one_and_nothing_changes(graph: Graph) -> None:
    await accounts.create(graph, KEEPER, email=KOFI, role=Role.MEMBER)
    secret = await invited(graph, role=Role.ADMINISTRATOR)

    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).is_member
    with pytest.raises(AlreadyMember):
        await join(graph, secret)

    assert await nodes(graph) == ["Account"]
    assert await state(graph) is State.OPEN


async def test_an_organisers_invitation_does_not_open_what_an_administrator_closed(graph: Graph) -> None:
    old = await accounts.create(graph, KEEPER, email=KOFI, role=Role.MEMBER)
    await accounts.close(graph, KEEPER, id=old.id)
    _, secret = await invitations.invite(graph, ORGANISER, email=KOFI)

    with pytest.raises(AccountClosed):
        await join(graph, secret)

    assert await state(graph) is State.OPEN


async def test_whose_account_was_closed_may_be_invited_again(graph: Graph) -> None:
    old = await accounts.create(graph, KEEPER, email=KOFI, role=Role.MEMBER)
    await accounts.close(graph, KEEPER, id=old.id)

    account = await join(graph, await invited(graph))

    assert (account.id, account.expert, account.closed_at) == (old.id, "kofi", None)


@pytest.mark.parametrize(
    "field,answer",
    [
        ("name", replace(YES, name="  ")),
        ("name", replace(YES, name="x" * 301)),
        ("name", replace(YES, name="Kofi \u202egnihtyna")),
        ("headline", replace(YES, headline="x" * 301)),
        ("headline", replace(YES, headline="\x00")),
    ],
)
async def test_a_text_that_cannot_be_used_changes_nothing(graph: Graph, field: str, answer: Answer) -> None:
    secret = await invited(graph)

    with pytest.raises(UnfitText) as refusal:
        await join(graph, secret, answer)

    assert refusal.value.field == field
    assert await nodes(graph) == []
    assert await state(graph) is State.OPEN


async def test_a_name_keeps_the_marks_that_its_script_needs(graph: Graph) -> None:
    persian = "می\u200cخواهم"

    account = await join(graph, await invited(graph), replace(YES, name=persian))

    assert account.name == persian


async def test_what_fails_halfway_leaves_nothing(graph: Graph) -> None:
    """The last step is made impossible: a change of the number that comes next is there already."""
    secret = await invited(graph)
    await graph.write("MATCH (n:ChangeCounter) CREATE (:Change {sequence: n.last + 6})")

    with pytest.raises(Exception, match="sequence"):
        await join(graph, secret)

    assert await nodes(graph) == []
    assert await state(graph) is State.OPEN


async def test_who_declines_leaves_no_trace_but_the_answer(graph: Graph) -> None:
    secret = await invited(graph)

    await joining.decline(graph, PUBLIC, secret=secret)

    assert await state(graph) is State.DECLINED
    assert await nodes(graph) == []
    for answering in (join(graph, secret), joining.decline(graph, PUBLIC, secret=secret)):
        with pytest.raises(InvitationGone):
            await answering


async def test_a_withdrawn_invitation_cannot_be_answered(graph: Graph) -> None:
    made, secret = await invitations.invite(graph, ORGANISER, email=KOFI)
    await invitations.withdraw(graph, ORGANISER, id=made.id)

    with pytest.raises(InvitationGone):
        await join(graph, secret)
    with pytest.raises(InvitationGone):
        await joining.decline(graph, PUBLIC, secret=secret)

    assert await nodes(graph) == []


async def test_an_expired_invitation_cannot_be_answered(graph: Graph) -> None:
    secret = await invited(graph)
    await graph.write("MATCH (i:Invitation) SET i.expires_at = datetime()")

    with pytest.raises(InvitationGone):
        await join(graph, secret)

    assert await nodes(graph) == []


async def test_a_secret_of_nothing_opens_nothing(graph: Graph) -> None:
    with pytest.raises(InvitationGone):
        await joining.open_invitation(graph, PUBLIC, secret="none")
