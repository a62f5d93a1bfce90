"""Accounts: one for an address, one for a person, always an administrator, and a profile claimed once."""

import asyncio
from typing import Any

import pytest

from graph import accounts, changes, sessions
from graph.accounts import (
    AccountId,
    AddressTaken,
    ExpertHasAccount,
    LastAdministrator,
    NoSuchAccount,
    NotAnAddress,
    NotARole,
    normal_address,
)
from graph.errors import NoSuchExpert
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.sessions import SignedInBy
from graph.values import ExpertId
from graph.viewer import PUBLIC, Role, Viewer

KEEPER = Viewer.at_the_command_line()
AMA = ExpertId("ama")
ISSUER = "https://login.example.org"


@pytest.fixture
async def roster(graph: Graph) -> Graph:
    await graph.write("""
        CREATE (:Expert {id: 'ama', name: 'Ama', email: 'Ama@Example.org '}),
               (:Expert {id: 'salma', name: 'Salma', email: 'salma@example.org'}),
               (:Expert {id: 'one', name: 'One', email: 'shared@example.org'}),
               (:Expert {id: 'two', name: 'Two', email: 'shared@example.org'})
    """)
    return graph


async def verbs(graph: Graph) -> list[str]:
    page = await changes.page(graph, KEEPER, first=100)
    return [change.verb for _, change in reversed(page.entries)]


@pytest.mark.parametrize("given", ["ama@example.org", " AMA@Example.ORG\n", "Ama@example.org"])
def test_an_address_is_one_however_it_is_written(given: str) -> None:
    assert normal_address(given) == "ama@example.org"


@pytest.mark.parametrize(
    "given", ["", "ama", "@example.org", "ama@", "a b@example.org", "ama@example.org\nbcc: x", f"{'a' * 250}@b.org"]
)
def test_what_cannot_be_an_address_is_refused(given: str) -> None:
    with pytest.raises(NotAnAddress):
        normal_address(given)


async def test_an_account_is_made_once_for_an_address(roster: Graph) -> None:
    made = await accounts.create(roster, KEEPER, email="Kofi@Example.org", role=Role.ORGANISER, name=" Kofi ")

    with pytest.raises(AddressTaken):
        await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER)

    assert (made.email, made.role, made.name, made.expert, made.closed_at) == (
        "kofi@example.org",
        Role.ORGANISER,
        "Kofi",
        None,
        None,
    )
    assert await accounts.by_email(roster, KEEPER, email="KOFI@example.org") == made
    assert await verbs(roster) == ["account made"]


async def test_an_account_of_a_person_has_their_name_and_asks_as_them(roster: Graph) -> None:
    made = await accounts.create(roster, KEEPER, email="ama@example.net", role=Role.MEMBER, expert=AMA)

    assert (made.expert, made.name) == (AMA, "Ama")
    assert made.viewer == Viewer(Role.MEMBER, person=AMA, actor=f"account:{made.id}")


async def test_a_person_has_one_open_account(roster: Graph) -> None:
    await accounts.create(roster, KEEPER, email="ama@example.net", role=Role.MEMBER, expert=AMA)

    with pytest.raises(ExpertHasAccount):
        await accounts.create(roster, KEEPER, email="ama@example.com", role=Role.MEMBER, expert=AMA)

    assert await accounts.for_address(roster, PUBLIC, email="ama@example.org") is None
    assert not await accounts.knows_address(roster, email="ama@example.org")


async def test_an_account_for_nobody_on_the_roster_is_refused_and_not_made(roster: Graph) -> None:
    with pytest.raises(NoSuchExpert):
        await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER, expert=ExpertId("kofi"))

    assert not (await accounts.page(roster, KEEPER, first=10)).entries


async def test_the_public_has_no_account(roster: Graph) -> None:
    with pytest.raises(NotARole):
        await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.PUBLIC)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.MEMBER, Role.ORGANISER])
async def test_only_administrators_manage_accounts(roster: Graph, role: Role) -> None:
    made = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.ADMINISTRATOR)
    viewer = Viewer(role, actor="account:other")
    before = await verbs(roster)

    for attempt in (
        accounts.create(roster, viewer, email="x@example.org", role=Role.ADMINISTRATOR),
        accounts.set_role(roster, viewer, id=made.id, role=Role.MEMBER),
        accounts.close(roster, viewer, id=made.id),
        accounts.page(roster, viewer, first=10),
        accounts.by_email(roster, viewer, email="kofi@example.org"),
        accounts.by_id(roster, viewer, id=made.id),
        accounts.by_ids(roster, viewer, ids=[made.id]),
    ):
        with pytest.raises(NotAllowed):
            await attempt

    assert [account for _, account in (await accounts.page(roster, KEEPER, first=10)).entries] == [made]
    assert await verbs(roster) == before


async def test_its_holder_looks_at_an_account(roster: Graph) -> None:
    made = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER)

    assert await accounts.by_id(roster, made.viewer, id=made.id) == made
    assert await accounts.by_ids(roster, KEEPER, ids=[made.id, AccountId("nobody")]) == {made.id: made}


async def test_accounts_come_page_by_page_by_address(roster: Graph) -> None:
    for name in ("c", "a", "b"):
        await accounts.create(roster, KEEPER, email=f"{name}@example.org", role=Role.MEMBER)

    first = await accounts.page(roster, KEEPER, first=2)
    rest = await accounts.page(roster, KEEPER, first=2, after=first.entries[-1][0])

    assert [account.email for _, account in (*first.entries, *rest.entries)] == [
        "a@example.org",
        "b@example.org",
        "c@example.org",
    ]
    assert (first.has_next, rest.has_next) == (True, False)


async def test_a_role_is_set_and_written_down(roster: Graph) -> None:
    made = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER)

    changed = await accounts.set_role(roster, KEEPER, id=made.id, role=Role.ORGANISER)

    assert changed.role is Role.ORGANISER
    (newest,) = [change for _, change in (await changes.page(roster, KEEPER, first=1)).entries]
    assert (newest.verb, newest.subject, newest.before, newest.after) == (
        "role set",
        f"account:{made.id}",
        {"role": "member"},
        {"role": "organiser"},
    )


async def test_the_last_administrator_stays_one(roster: Graph) -> None:
    last = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.ADMINISTRATOR)
    closed = await accounts.create(roster, KEEPER, email="gone@example.org", role=Role.ADMINISTRATOR)
    await accounts.close(roster, KEEPER, id=closed.id)

    with pytest.raises(LastAdministrator, match="make another account an administrator first"):
        await accounts.set_role(roster, KEEPER, id=last.id, role=Role.MEMBER)
    with pytest.raises(LastAdministrator):
        await accounts.close(roster, KEEPER, id=last.id)

    assert await accounts.by_id(roster, KEEPER, id=last.id) == last


async def test_two_administrators_who_demote_each_other_leave_one(roster: Graph) -> None:
    pair = [
        await accounts.create(roster, KEEPER, email=f"{name}@example.org", role=Role.ADMINISTRATOR) for name in "ab"
    ]

    outcomes = await asyncio.gather(
        *(accounts.set_role(roster, KEEPER, id=one.id, role=Role.MEMBER) for one in pair), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Account", "LastAdministrator"]


async def test_a_closed_account_has_no_sessions_and_opens_nothing(roster: Graph) -> None:
    account = await accounts.for_address(roster, PUBLIC, email="ama@example.org")
    assert account is not None
    _, secret = await sessions.open_session(
        roster, account.viewer, account=account.id, how=SignedInBy.LINK, agent="browser"
    )

    await accounts.close(roster, KEEPER, id=account.id)

    assert await sessions.authenticated(roster, secret=secret) is None
    assert await roster.read("MATCH (s:Session) RETURN s.id AS id") == []
    assert await accounts.for_address(roster, PUBLIC, email="ama@example.org") is None
    assert not await accounts.knows_address(roster, email="ama@example.org")
    with pytest.raises(NoSuchAccount):
        await accounts.by_email(roster, KEEPER, email="ama@example.org")
    with pytest.raises(NoSuchAccount):
        await accounts.close(roster, KEEPER, id=account.id)


async def test_a_closed_account_is_opened_again_as_given(roster: Graph) -> None:
    account = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.ORGANISER, expert=AMA)
    await accounts.close(roster, KEEPER, id=account.id)

    again = await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER)

    assert (again.id, again.role, again.expert, again.closed_at) == (account.id, Role.MEMBER, None, None)
    assert await verbs(roster) == ["account made", "account closed", "account reopened"]


async def test_who_has_a_persons_address_claims_their_profile(roster: Graph) -> None:
    assert await accounts.knows_address(roster, email="AMA@example.org")

    claimed = await accounts.for_address(roster, PUBLIC, email=" ama@EXAMPLE.org")
    again = await accounts.for_address(roster, PUBLIC, email="ama@example.org")

    assert claimed is not None
    assert (claimed.email, claimed.role, claimed.expert) == ("ama@example.org", Role.MEMBER, AMA)
    assert again == claimed
    assert await verbs(roster) == ["profile claimed"]


async def test_the_address_is_not_in_the_change_log(roster: Graph) -> None:
    await accounts.for_address(roster, PUBLIC, email="ama@example.org")
    await accounts.create(roster, KEEPER, email="kofi@example.org", role=Role.MEMBER, name="Kofi")

    told = repr(await changes.page(roster, KEEPER, first=10)).casefold()
    assert "example.org" not in told
    assert "kofi" not in told


async def test_asking_whether_an_address_is_known_makes_nothing(roster: Graph) -> None:
    await accounts.knows_address(roster, email="ama@example.org")

    assert await verbs(roster) == []
    assert not (await accounts.page(roster, KEEPER, first=10)).entries


@pytest.mark.parametrize("email", ["stranger@example.org", "shared@example.org"])
async def test_an_address_of_nobody_or_of_two_claims_nothing(roster: Graph, email: str) -> None:
    assert await accounts.for_address(roster, PUBLIC, email=email) is None
    assert not await accounts.knows_address(roster, email=email)
    assert await verbs(roster) == []


async def test_two_who_claim_at_once_make_one_account(roster: Graph) -> None:
    claimed = await asyncio.gather(*(accounts.for_address(roster, PUBLIC, email="ama@example.org") for _ in range(8)))

    assert len({account.id if account else None for account in claimed}) == 1
    assert await roster.read("MATCH (a:Account)-[:IS]->(e:Expert) RETURN e.id AS id") == [{"id": "ama"}]
    assert await verbs(roster) == ["profile claimed"]


async def test_claiming_and_being_given_accounts_at_once_leaves_one(roster: Graph) -> None:
    outcomes = await asyncio.gather(
        accounts.for_address(roster, PUBLIC, email="ama@example.org"),
        *(accounts.create(roster, KEEPER, email=f"ama{n}@example.net", role=Role.MEMBER, expert=AMA) for n in range(8)),
        return_exceptions=True,
    )

    assert await roster.read("MATCH (a:Account)-[:IS]->(:Expert {id: 'ama'}) RETURN count(a) AS n") == [{"n": 1}]
    assert len([outcome for outcome in outcomes if isinstance(outcome, accounts.Account)]) == 1


async def for_identity(graph: Graph, **changed: Any) -> AccountId | None:
    given: dict[str, Any] = {
        "issuer": ISSUER,
        "subject": "s1",
        "email": "ama@example.org",
        "email_verified": True,
    } | changed
    account = await accounts.for_identity(graph, PUBLIC, **given)
    return account.id if account else None


async def test_an_identity_is_known_by_its_subject_once_its_address_was_verified(roster: Graph) -> None:
    first = await for_identity(roster)
    moved = await for_identity(roster, email="other@example.org", email_verified=False)

    assert first is not None
    assert moved == first
    assert await verbs(roster) == ["profile claimed", "identity linked"]


@pytest.mark.parametrize("changed", [{"email_verified": False}, {"email": None}, {"email": "ama"}])
async def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    roster: Graph, changed: dict[str, Any]
) -> None:
    assert await for_identity(roster, **changed) is None
    assert await verbs(roster) == []


async def test_an_address_given_to_somebody_new_does_not_give_the_account_with_it(roster: Graph) -> None:
    await for_identity(roster)

    assert await for_identity(roster, subject="s2") is None


async def test_another_provider_may_vouch_for_the_same_account(roster: Graph) -> None:
    first = await for_identity(roster)

    assert await for_identity(roster, issuer="https://elsewhere.example.org") == first


async def test_an_identity_of_a_closed_account_opens_nothing(roster: Graph) -> None:
    first = await for_identity(roster)
    assert first is not None

    await accounts.close(roster, KEEPER, id=first)

    assert await for_identity(roster) is None


async def test_accounts_are_found_by_what_stands_in_their_address_or_name(roster: Graph) -> None:
    await accounts.create(roster, KEEPER, email="a@gates.example", role=Role.MEMBER, name="Zoë")
    await accounts.create(roster, KEEPER, email="b@example.org", role=Role.MEMBER, name="Kofi of the GATES")
    await accounts.create(roster, KEEPER, email="c@example.org", role=Role.MEMBER)

    first = await accounts.page(roster, KEEPER, first=1, matching=" Gates ")
    rest = await accounts.page(roster, KEEPER, first=1, matching="gates", after=first.entries[-1][0])

    assert [one.email for _, one in (*first.entries, *rest.entries)] == ["a@gates.example", "b@example.org"]
    assert (first.has_next, rest.has_next) == (True, False)
    assert [one.name for _, one in (await accounts.page(roster, KEEPER, first=9, matching="ZOË")).entries] == ["Zoë"]
