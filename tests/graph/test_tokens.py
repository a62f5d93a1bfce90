"""Tokens: shown once, never more than their role, worthless the moment they are revoked or expire."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph import changes, tokens
from graph.credentials import fresh_secret
from graph.engine import Address
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.tokens import (
    PREFIX,
    SCOPES,
    ExpiryPassed,
    NoSuchToken,
    NotAName,
    RecalledTokens,
    ScopeNotGranted,
    Token,
    TokenNameTaken,
)
from graph.viewer import Audience, Role, Scope, Viewer

KEEPER = Viewer.at_the_command_line()
IN_A_YEAR = timedelta(days=365)

Make = Callable[..., Awaitable[tuple[Token, str]]]


@pytest.fixture
def made(graph: Graph) -> Make:
    async def make(
        name: str = "reports",
        *,
        role: Role = Role.MEMBER,
        scopes: set[Scope] | None = None,
        expires_at: datetime | None = None,
        viewer: Viewer = KEEPER,
    ) -> tuple[Token, str]:
        return await tokens.create(graph, viewer, name=name, role=role, scopes=scopes, expires_at=expires_at)

    return make


async def test_a_token_opens_with_its_role_and_no_person(graph: Graph, made: Make) -> None:
    token, secret = await made(role=Role.ORGANISER)

    found = await tokens.authenticated(graph, secret=secret)

    assert secret.startswith(PREFIX)
    assert found is not None
    assert found.viewer == Viewer(
        Role.ORGANISER,
        person=None,
        scopes=frozenset({Scope.READ_PUBLIC, Scope.READ_MEMBERS, Scope.READ_ORGANISERS}),
        actor=f"token:{token.id}",
    )


async def test_no_string_in_the_graph_is_the_token(graph: Graph, made: Make) -> None:
    _, secret = await made()

    everything = repr(await graph.read("MATCH (n) RETURN properties(n) AS properties"))
    assert "digest" in everything
    assert secret not in everything
    assert secret.removeprefix(PREFIX) not in everything


@pytest.mark.parametrize(
    "role, reach",
    [
        (Role.PUBLIC, Audience.EVERYONE),
        (Role.MEMBER, Audience.MEMBERS),
        (Role.ORGANISER, Audience.ORGANISERS),
        (Role.ADMINISTRATOR, Audience.ORGANISERS),
    ],
)
async def test_without_scopes_a_token_reads_what_its_role_reads_and_writes_nothing(
    made: Make, role: Role, reach: Audience
) -> None:
    token, _ = await made(role=role)

    assert token.viewer.reach is reach
    assert token.scopes.isdisjoint({Scope.WRITE, Scope.ADMINISTER})


@pytest.mark.parametrize(
    "role, scope",
    [
        (Role.PUBLIC, Scope.READ_MEMBERS),
        (Role.PUBLIC, Scope.WRITE),
        (Role.MEMBER, Scope.READ_ORGANISERS),
        (Role.MEMBER, Scope.ADMINISTER),
        (Role.ORGANISER, Scope.ADMINISTER),
    ],
)
async def test_a_scope_that_the_role_does_not_have_is_refused(
    graph: Graph, made: Make, role: Role, scope: Scope
) -> None:
    with pytest.raises(ScopeNotGranted, match=f"A token for this role cannot have {scope} here"):
        await made(role=role, scopes={Scope.READ_PUBLIC, scope})

    assert not (await tokens.page(graph, KEEPER, first=10)).entries


async def test_nobody_makes_a_token_that_may_more_than_they_may(graph: Graph, made: Make) -> None:
    _, secret = await made(role=Role.ADMINISTRATOR, scopes={Scope.READ_PUBLIC, Scope.ADMINISTER})
    client = await tokens.authenticated(graph, secret=secret)
    assert client is not None

    with pytest.raises(ScopeNotGranted):
        await made("wider", role=Role.ADMINISTRATOR, scopes={Scope.READ_MEMBERS}, viewer=client.viewer)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.MEMBER, Role.ORGANISER])
async def test_only_administrators_manage_tokens(graph: Graph, made: Make, role: Role) -> None:
    token, secret = await made()
    viewer = Viewer(role, actor="account:other")

    for attempt in (
        made("mine", viewer=viewer),
        tokens.page(graph, viewer, first=10),
        tokens.by_name(graph, viewer, name="reports"),
        tokens.revoke(graph, viewer, id=token.id),
    ):
        with pytest.raises(NotAllowed):
            await attempt

    assert await tokens.authenticated(graph, secret=secret) is not None


async def test_a_token_runs_out(graph: Graph, made: Make) -> None:
    expires_at = datetime.now(UTC) + IN_A_YEAR
    token, secret = await made(expires_at=expires_at)

    assert token.expires_at == expires_at
    assert await tokens.authenticated(graph, secret=secret, now=expires_at - timedelta(seconds=1)) is not None
    assert await tokens.authenticated(graph, secret=secret, now=expires_at) is None


async def test_a_token_without_expiry_does_not(graph: Graph, made: Make) -> None:
    _, secret = await made()

    assert await tokens.authenticated(graph, secret=secret, now=datetime.now(UTC) + 100 * IN_A_YEAR) is not None


async def test_a_token_that_would_have_expired_is_not_made(made: Make) -> None:
    with pytest.raises(ExpiryPassed):
        await made(expires_at=datetime.now(UTC))


async def test_a_revoked_token_is_worthless_on_every_replica_at_once(
    graph: Graph, made: Make, engine_address: Address
) -> None:
    token, secret = await made()
    async with Graph.connect(engine_address) as replica:
        assert await tokens.authenticated(replica, secret=secret) is not None

        revoked = await tokens.revoke(graph, KEEPER, id=token.id)

        assert await tokens.authenticated(replica, secret=secret) is None
    assert revoked.revoked_at is not None


async def test_a_token_is_revoked_once(graph: Graph, made: Make) -> None:
    token, _ = await made()
    await tokens.revoke(graph, KEEPER, id=token.id)

    with pytest.raises(NoSuchToken):
        await tokens.revoke(graph, KEEPER, id=token.id)
    with pytest.raises(NoSuchToken):
        await tokens.by_name(graph, KEEPER, name="reports")


async def test_an_unknown_token_opens_nothing(graph: Graph, made: Make) -> None:
    await made()

    assert await tokens.authenticated(graph, secret=PREFIX + fresh_secret()) is None


async def test_that_it_was_used_is_written_once_a_minute(graph: Graph, made: Make) -> None:
    token, secret = await made()
    start = datetime.now(UTC)
    used = []

    for seconds in (0, 59, 60):
        found = await tokens.authenticated(graph, secret=secret, now=start + timedelta(seconds=seconds))
        assert found is not None
        used.append(found.last_used_at)

    assert token.last_used_at is None
    assert used == [start, start, start + timedelta(minutes=1)]


async def test_a_name_stands_for_one_token_that_works(graph: Graph, made: Make) -> None:
    token, _ = await made()

    with pytest.raises(TokenNameTaken):
        await made(" reports ")

    assert await tokens.by_name(graph, KEEPER, name="reports") == token


async def test_the_name_of_a_revoked_token_may_be_used_again(graph: Graph, made: Make) -> None:
    token, old = await made()
    await tokens.revoke(graph, KEEPER, id=token.id)

    again, new = await made()

    assert again.id != token.id
    assert await tokens.authenticated(graph, secret=old) is None
    assert await tokens.authenticated(graph, secret=new) is not None


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
async def test_what_is_no_name_is_refused(made: Make, name: str) -> None:
    with pytest.raises(NotAName):
        await made(name)


async def test_tokens_come_page_by_page_by_name(graph: Graph, made: Make) -> None:
    for name in ("c", "a", "b"):
        await made(name)

    first = await tokens.page(graph, KEEPER, first=2)
    rest = await tokens.page(graph, KEEPER, first=2, after=first.entries[-1][0])

    assert [token.name for _, token in (*first.entries, *rest.entries)] == ["a", "b", "c"]
    assert (first.has_next, rest.has_next) == (True, False)


async def test_making_and_revoking_are_written_down(graph: Graph, made: Make) -> None:
    token, secret = await made()
    await tokens.revoke(graph, KEEPER, id=token.id)

    page = await changes.page(graph, KEEPER, first=10, subjects=[f"token:{token.id}"])
    assert [change.verb for _, change in reversed(page.entries)] == ["token made", "token revoked"]
    assert secret not in repr(page)


def test_the_scopes_of_each_role_are_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text(encoding="utf-8")

    documented = {
        Scope(scope): set(Role) if roles == "all" else set(map(Role, roles.split(", ")))
        for scope, roles in re.findall(r"^\| `([\w:]+)` \|.*\| ([\w, ]+) \|$", page, re.MULTILINE)
    }

    assert documented == {scope: {role for role in Role if scope in SCOPES[role]} for scope in Scope}


async def test_a_token_is_recalled_for_a_minute(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    recalled = RecalledTokens()
    now = 1_000.0
    monkeypatch.setattr("graph.tokens.time.monotonic", lambda: now)

    assert recalled.recall(secret) is None
    recalled.remember(secret, token)
    found = recalled.recall(secret)
    assert found is not None
    assert (found.viewer, found.is_good) == (token.viewer, False)
    assert recalled.recall(PREFIX + fresh_secret()) is None
    now += 60
    assert recalled.recall(secret) is None


async def test_a_recalled_token_is_good_until_it_is_revoked_or_expires(graph: Graph) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    soon = datetime.now(UTC) + timedelta(days=1)
    other, of_other = await tokens.create(graph, KEEPER, name="other", role=Role.MEMBER, expires_at=soon)
    both = RecalledTokens()
    both.remember(secret, token)
    both.remember(of_other, other)

    async def are_good() -> list[bool]:
        found = [both.recall(secret), both.recall(of_other)]
        return [await tokens.is_good(graph, one) for one in found if one is not None]

    assert await are_good() == [True, True]
    await tokens.revoke(graph, KEEPER, id=token.id)
    await graph.write("MATCH (t:Token {name: 'other'}) SET t.expires_at = datetime() - duration('PT1S')")
    assert await are_good() == [False, False]


async def test_only_the_tokens_that_were_looked_up_last_are_recalled(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    monkeypatch.setattr("graph.tokens.MOST_RECALLED", 2)
    recalled = RecalledTokens()

    for secret in ("kw_1", "kw_2", "kw_3"):
        recalled.remember(secret, token)

    assert [recalled.recall(secret) is not None for secret in ("kw_1", "kw_2", "kw_3")] == [False, True, True]
