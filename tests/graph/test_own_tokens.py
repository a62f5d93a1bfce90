"""Tokens of one's own: never more than their holder, worthless with the holder's account or role, and told to whom."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from graph import accounts, changes, erasure, export, own_tokens, tokens
from graph.accounts import Account
from graph.credentials import digest_of
from graph.graph import Graph
from graph.intake import remove_experts
from graph.own_tokens import MOST, LastsTooLong, RoleAboveOwn, TooManyTokens
from graph.permissions import NotAllowed
from graph.tokens import (
    ExpiryPassed,
    NoSuchToken,
    NotAName,
    RecalledTokens,
    ScopeNotGranted,
    Token,
    TokenId,
    TokenNameTaken,
)
from graph.viewer import PUBLIC, Role, Scope, Viewer
from tests.graph.person import EXPERT, add_person

KEEPER = Viewer.at_the_command_line()
NAMES = "MATCH (t:Token) WHERE t.holder <> '' RETURN t.name AS name ORDER BY name"


@pytest.fixture
async def ama(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def other(graph: Graph) -> Account:
    return await accounts.create(graph, KEEPER, email="org@example.org", role=Role.ORGANISER)


async def make(
    graph: Graph,
    holder: Account,
    name: str = "phone",
    *,
    role: Role | None = None,
    scopes: set[Scope] | None = None,
    lasts: timedelta = timedelta(days=90),
) -> tuple[Token, str]:
    return await own_tokens.create(
        graph, holder.viewer, name=name, role=role or holder.role, scopes=scopes, expires_at=datetime.now(UTC) + lasts
    )


async def names(graph: Graph) -> list[str]:
    return [row["name"] for row in await graph.read(NAMES)]


async def opens(graph: Graph, secret: str) -> bool:
    """Whether a token opens something, both when it is looked up and when it was within the last minute."""
    looked_up = await tokens.authenticated(graph, secret=secret)
    recalled = RecalledTokens()
    for _, token in (await tokens.page(graph, KEEPER, first=20)).entries:
        recalled.remember(secret, token)
    known = recalled.recall(secret)
    still = await tokens.is_good(graph, known) if known else False
    assert still is (looked_up is not None)
    return still


async def test_it_asks_as_a_client_of_its_role_and_as_no_person(graph: Graph, ama: Account) -> None:
    token, secret = await make(graph, ama, " My  phone ")

    found = await tokens.authenticated(graph, secret=secret)

    assert found is not None
    assert found.viewer == Viewer(
        Role.MEMBER,
        person=None,
        scopes=frozenset({Scope.READ_PUBLIC, Scope.READ_MEMBERS}),
        actor=f"token:{token.id}",
        holder=ama.id,
    )
    assert found.viewer.counted_as == ama.viewer.counted_as  # ten tokens ask no more often than one person
    assert (token.name, token.holder, token.created_by) == ("My  phone", ama.id, f"account:{ama.id}")


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.ADMINISTRATOR])
async def test_it_is_for_no_role_above_its_holders(graph: Graph, ama: Account, role: Role) -> None:
    with pytest.raises(RoleAboveOwn, match="cannot ask in a role above yours"):
        await make(graph, ama, role=role)

    assert await names(graph) == []


async def test_an_administrators_own_makes_no_token_that_would_outlive_it(graph: Graph) -> None:
    keeper = await accounts.create(graph, KEEPER, email="keeper@example.org", role=Role.ADMINISTRATOR)
    scopes = {Scope.READ_ORGANISERS, Scope.WRITE, Scope.ADMINISTER}
    _, secret = await make(graph, keeper, role=Role.ADMINISTRATOR, scopes=scopes)
    found = await tokens.authenticated(graph, secret=secret)

    assert found is not None
    with pytest.raises(NotAllowed):
        await tokens.create(graph, found.viewer, name="for ever", role=Role.ADMINISTRATOR, expires_at=None)


async def test_the_role_that_counts_is_the_accounts_now(graph: Graph, other: Account) -> None:
    await accounts.set_role(graph, KEEPER, id=other.id, role=Role.MEMBER)

    with pytest.raises(RoleAboveOwn):
        await make(graph, other)


@pytest.mark.parametrize("scope", [Scope.READ_ORGANISERS, Scope.ADMINISTER])
async def test_it_has_no_scope_that_its_role_has_not(graph: Graph, other: Account, scope: Scope) -> None:
    with pytest.raises(ScopeNotGranted):
        await make(graph, other, role=Role.MEMBER, scopes={Scope.READ_MEMBERS, scope})

    token, _ = await make(graph, other, role=Role.MEMBER, scopes={Scope.READ_MEMBERS, Scope.WRITE})
    assert token.scopes == {Scope.READ_MEMBERS, Scope.WRITE}


async def test_it_works_for_a_year_at_most(graph: Graph, ama: Account) -> None:
    with pytest.raises(LastsTooLong):
        await make(graph, ama, lasts=timedelta(days=366, minutes=1))
    with pytest.raises(ExpiryPassed):
        await make(graph, ama, lasts=timedelta())
    token, secret = await make(graph, ama, lasts=timedelta(days=366))
    assert token.expires_at is not None
    assert await tokens.authenticated(graph, secret=secret, now=token.expires_at) is None


async def test_names_are_told_apart_among_the_holders_own(graph: Graph, ama: Account, other: Account) -> None:
    await tokens.create(graph, KEEPER, name="phone", role=Role.MEMBER, expires_at=None)
    mine, _ = await make(graph, ama)
    await make(graph, other)

    with pytest.raises(TokenNameTaken):
        await make(graph, ama, " phone")
    with pytest.raises(NotAName):
        await make(graph, ama, "\n")
    await own_tokens.revoke(graph, ama.viewer, id=mine.id)
    again, _ = await make(graph, ama)

    assert [one.id for one in await own_tokens.own(graph, ama.viewer)] == [again.id]


async def test_ten_work_at_a_time_also_when_they_are_made_at_once(graph: Graph, ama: Account) -> None:
    made = await asyncio.gather(*(make(graph, ama, f"t{number}") for number in range(MOST + 2)), return_exceptions=True)

    assert [type(one) for one in made if isinstance(one, BaseException)] == [TooManyTokens] * 2
    assert len(await names(graph)) == MOST
    (first, *_) = await own_tokens.own(graph, ama.viewer)
    await own_tokens.revoke(graph, ama.viewer, id=first.id)
    await make(graph, ama, "one more")
    assert len(await names(graph)) == MOST


Ends = Callable[[Graph, Account], Awaitable[object]]
ENDS: dict[str, Ends] = {
    "closed": lambda graph, one: accounts.close(graph, KEEPER, id=one.id),
    "lowered": lambda graph, one: accounts.set_role(graph, KEEPER, id=one.id, role=Role.MEMBER),
    "erased": lambda graph, _: erasure.erase(graph, KEEPER, expert=EXPERT),
    # As nobody of ours does it: what is asked with each request holds by itself.
    "closed by hand": lambda graph, one: graph.write(
        "MATCH (a:Account {id: $id}) SET a.closed_at = datetime()", id=one.id
    ),
    "lowered by hand": lambda graph, one: graph.write("MATCH (a:Account {id: $id}) SET a.role = 'member'", id=one.id),
    "gone by hand": lambda graph, one: graph.write("MATCH (a:Account {id: $id}) DETACH DELETE a", id=one.id),
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
async def test_it_opens_nothing_once_its_holder_may_less(graph: Graph, ama: Account, ends: Ends) -> None:
    await accounts.set_role(graph, KEEPER, id=ama.id, role=Role.ORGANISER)
    organiser = await accounts.by_email(graph, KEEPER, email=ama.email)
    _, secret = await make(graph, organiser)
    assert await opens(graph, secret)

    await ends(graph, ama)

    assert not await opens(graph, secret)


async def test_one_for_a_role_that_was_taken_stays_worthless_when_it_is_given_back(
    graph: Graph, other: Account
) -> None:
    _, high = await make(graph, other, "high")
    _, low = await make(graph, other, "low", role=Role.MEMBER)

    await accounts.set_role(graph, KEEPER, id=other.id, role=Role.MEMBER)
    await accounts.set_role(graph, KEEPER, id=other.id, role=Role.ORGANISER)

    assert (await opens(graph, high), await opens(graph, low)) == (False, True)


async def test_they_go_with_the_account(graph: Graph, ama: Account, other: Account) -> None:
    await make(graph, ama)
    await make(graph, other, "another")

    await accounts.close(graph, KEEPER, id=ama.id)

    assert await names(graph) == ["another"]
    with pytest.raises(NotAllowed):
        await make(graph, ama)


async def test_they_go_with_a_member_whom_no_source_tells_of_any_more(graph: Graph, ama: Account) -> None:
    await make(graph, ama)

    await graph.transact(lambda tx: remove_experts(tx, [EXPERT]))

    assert await names(graph) == []


async def test_nobody_else_has_to_do_with_them(graph: Graph, ama: Account, other: Account) -> None:
    token, secret = await make(graph, ama)
    client = await tokens.authenticated(graph, secret=secret)
    assert client is not None

    assert await own_tokens.own(graph, other.viewer) == []
    assert await own_tokens.own(graph, client.viewer) == []
    with pytest.raises(NoSuchToken):
        await own_tokens.revoke(graph, other.viewer, id=token.id)
    for viewer in (PUBLIC, client.viewer, KEEPER):
        with pytest.raises(NotAllowed):
            await own_tokens.create(graph, viewer, name="x", role=Role.PUBLIC, expires_at=datetime.now(UTC))
        with pytest.raises(NotAllowed):
            await own_tokens.revoke(graph, viewer, id=token.id)
    assert await opens(graph, secret)


async def test_administrators_see_whose_they_are_and_revoke_them(graph: Graph, ama: Account, other: Account) -> None:
    client, _ = await tokens.create(graph, KEEPER, name="phone", role=Role.MEMBER, expires_at=None)
    mine, secret = await make(graph, ama)
    await make(graph, other)

    pages = [await tokens.page(graph, KEEPER, first=1)]
    while pages[-1].has_next:
        pages.append(await tokens.page(graph, KEEPER, first=1, after=pages[-1].entries[-1][0]))
    shown = [token for page in pages for _, token in page.entries if token.name == "phone"]
    by_name = await tokens.by_name(graph, KEEPER, name="phone")
    revoked = await tokens.revoke(graph, KEEPER, id=mine.id)

    assert sorted(map(str, (one.held_by for one in shown))) == ["None", "ama@example.org", "org@example.org"]
    assert by_name.id == client.id
    assert revoked.held_by == "ama@example.org"
    assert not await opens(graph, secret)
    with pytest.raises(NoSuchToken):
        await own_tokens.revoke(graph, ama.viewer, id=mine.id)


async def test_the_change_log_has_them_without_what_they_are_called(graph: Graph, ama: Account) -> None:
    one, _ = await make(graph, ama, "Phone of Ama")
    await own_tokens.revoke(graph, ama.viewer, id=one.id)
    two, _ = await make(graph, ama, "Phone of Ama")
    await tokens.revoke(graph, KEEPER, id=two.id)

    told = [change for _, change in (await changes.page(graph, KEEPER, first=4)).entries]

    assert [(change.verb, change.subject) for change in told] == [
        ("token revoked", f"token:{two.id}"),
        ("token made", f"token:{two.id}"),
        ("token revoked", f"token:{one.id}"),
        ("token made", f"token:{one.id}"),
    ]
    assert "Phone" not in json.dumps([[change.before, change.after] for change in told], default=str)
    assert told[1].after["role"] == "member"


async def test_they_are_in_their_holders_export_without_the_digest(graph: Graph, ama: Account, other: Account) -> None:
    token, secret = await make(graph, ama)
    await make(graph, other, "of others")
    await tokens.revoke(graph, KEEPER, id=token.id)

    about = await export.about(graph, ama.viewer, expert=EXPERT)

    told = json.dumps(about)
    assert '"phone"' in told
    assert digest_of(secret) not in told
    assert "of others" not in told
    assert ("token revoked", f"token:{token.id}") in {(one["verb"], one["subject"]) for one in about["changes"]}


async def test_an_erased_persons_go_with_what_they_did(graph: Graph, ama: Account) -> None:
    token, _ = await make(graph, ama, "Phone of Ama", scopes={Scope.READ_MEMBERS, Scope.WRITE})

    await erasure.erase(graph, ama.viewer, expert=EXPERT)

    everything = json.dumps(await graph.read("MATCH (n) RETURN properties(n) AS properties"), default=str)
    assert await names(graph) == []
    assert token.id not in everything
    assert TokenId(ama.id) not in everything
