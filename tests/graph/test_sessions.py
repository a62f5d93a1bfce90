"""Sessions: opened with a new secret, ended at once, and for a limited time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from graph import accounts, changes, sessions
from graph.accounts import Account, AccountId, NoSuchAccount
from graph.credentials import fresh_secret
from graph.engine import Address
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.sessions import LIMITS, NoSuchSession, Session, SessionId, SignedInBy
from graph.viewer import Role, Viewer

KEEPER = Viewer.at_the_command_line()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await accounts.create(graph, KEEPER, email="ama@example.org", role=Role.ORGANISER)


@pytest.fixture
def signed_in(graph: Graph, account: Account) -> Callable[..., Awaitable[tuple[Session, str]]]:
    async def sign_in(*, at: datetime = NOON, replaces: str | None = None) -> tuple[Session, str]:
        return await sessions.open_session(
            graph,
            account.viewer,
            account=account.id,
            how=SignedInBy.LINK,
            agent="Browser\x00 1",
            replaces=replaces,
            now=at,
        )

    return sign_in


SignIn = Callable[..., Awaitable[tuple[Session, str]]]


async def test_a_secret_opens_its_session_and_the_account(graph: Graph, account: Account, signed_in: SignIn) -> None:
    session, secret = await signed_in()

    assert await sessions.authenticated(graph, secret=secret, now=NOON) == (session, account)
    assert (session.how, session.agent, session.expires_at) == (
        SignedInBy.LINK,
        "Browser 1",
        NOON + LIMITS.absolute,
    )


async def test_an_unknown_secret_opens_nothing(graph: Graph, signed_in: SignIn) -> None:
    await signed_in()

    assert await sessions.authenticated(graph, secret=fresh_secret(), now=NOON) is None


async def test_no_string_in_the_graph_is_the_secret(graph: Graph, signed_in: SignIn) -> None:
    _, secret = await signed_in()

    everything = repr(await graph.read("MATCH (n) RETURN properties(n) AS properties"))
    assert "digest" in everything
    assert secret not in everything


async def test_an_idle_session_runs_out(graph: Graph, signed_in: SignIn) -> None:
    _, secret = await signed_in()

    assert await sessions.authenticated(graph, secret=secret, now=NOON + LIMITS.idle) is None


async def test_a_used_session_goes_on_until_its_absolute_limit(graph: Graph, signed_in: SignIn) -> None:
    _, secret = await signed_in()
    at = NOON

    while at + LIMITS.idle - SECOND < NOON + LIMITS.absolute:
        at += LIMITS.idle - SECOND
        assert await sessions.authenticated(graph, secret=secret, now=at) is not None

    assert await sessions.authenticated(graph, secret=secret, now=NOON + LIMITS.absolute) is None


async def test_that_it_was_seen_is_written_once_a_minute(graph: Graph, signed_in: SignIn) -> None:
    _, secret = await signed_in()
    seen = []

    for seconds in (59, 60, 119, 120):
        found = await sessions.authenticated(graph, secret=secret, now=NOON + seconds * SECOND)
        assert found is not None
        seen.append(found[0].seen_at)

    minute = timedelta(minutes=1)
    assert seen == [NOON, NOON + minute, NOON + minute, NOON + 2 * minute]


async def test_a_sign_in_ends_the_session_that_the_browser_came_with(graph: Graph, signed_in: SignIn) -> None:
    _, planted = await signed_in()

    _, secret = await signed_in(replaces=planted)

    assert secret != planted
    assert await sessions.authenticated(graph, secret=planted, now=NOON) is None
    assert await sessions.authenticated(graph, secret=secret, now=NOON) is not None


async def test_a_secret_that_a_browser_came_with_never_becomes_a_session(graph: Graph, signed_in: SignIn) -> None:
    planted = fresh_secret()

    await signed_in(replaces=planted)

    assert await sessions.authenticated(graph, secret=planted, now=NOON) is None


async def test_sessions_that_ran_out_are_removed_at_the_next_sign_in(graph: Graph, signed_in: SignIn) -> None:
    await signed_in()
    later = NOON + LIMITS.idle

    new, _ = await signed_in(at=later)

    assert await graph.read("MATCH (s:Session) RETURN s.id AS id") == [{"id": new.id}]


async def test_a_role_acts_at_once_and_so_does_closing(graph: Graph, account: Account, signed_in: SignIn) -> None:
    _, secret = await signed_in()
    await accounts.create(graph, KEEPER, email="kofi@example.org", role=Role.ADMINISTRATOR)

    await accounts.set_role(graph, KEEPER, id=account.id, role=Role.MEMBER)
    found = await sessions.authenticated(graph, secret=secret, now=NOON)
    await accounts.close(graph, KEEPER, id=account.id)

    assert found is not None
    assert found[1].role is Role.MEMBER
    assert await sessions.authenticated(graph, secret=secret, now=NOON) is None


async def test_a_closed_account_gets_no_session(graph: Graph, account: Account, signed_in: SignIn) -> None:
    await accounts.close(graph, KEEPER, id=account.id)

    with pytest.raises(NoSuchAccount):
        await signed_in()


async def test_an_ended_session_is_ended_on_every_replica(
    graph: Graph, account: Account, signed_in: SignIn, engine_address: Address
) -> None:
    session, secret = await signed_in()
    async with Graph.connect(engine_address) as replica:
        assert await sessions.authenticated(replica, secret=secret, now=NOON) is not None

        await sessions.end(graph, account.viewer, account=account.id, id=session.id)

        assert await sessions.authenticated(replica, secret=secret, now=NOON) is None


async def test_my_sessions_are_listed_last_used_first_without_those_that_ran_out(
    graph: Graph, account: Account, signed_in: SignIn
) -> None:
    old, _ = await signed_in()
    new, _ = await signed_in(at=NOON + LIMITS.idle - SECOND)

    both = await sessions.of_account(graph, account.viewer, account=account.id, now=NOON + LIMITS.idle - SECOND)
    left = await sessions.of_account(graph, account.viewer, account=account.id, now=NOON + LIMITS.idle)

    assert list(both) == [new, old]
    assert list(left) == [new]


async def test_all_other_sessions_are_ended(graph: Graph, account: Account, signed_in: SignIn) -> None:
    mine, secret = await signed_in()
    others = [(await signed_in())[1] for _ in range(2)]

    ended = await sessions.end_all(graph, account.viewer, account=account.id, but=mine.id)

    assert ended == 2
    assert await sessions.authenticated(graph, secret=secret, now=NOON) is not None
    assert [await sessions.authenticated(graph, secret=other, now=NOON) for other in others] == [None, None]


@pytest.mark.parametrize("id", ["unknown", "of somebody else"])
async def test_a_session_of_somebody_else_is_like_one_that_is_not_there(
    graph: Graph, account: Account, signed_in: SignIn, id: str
) -> None:
    session, secret = await signed_in()
    other = await accounts.create(graph, KEEPER, email="kofi@example.org", role=Role.MEMBER)
    wanted = session.id if id == "of somebody else" else SessionId(id)

    with pytest.raises(NoSuchSession, match=r"^There is no such session of yours; it may have ended already\.$"):
        await sessions.end(graph, other.viewer, account=other.id, id=wanted)

    assert await sessions.authenticated(graph, secret=secret, now=NOON) is not None


async def test_nobody_ends_or_sees_the_sessions_of_another_account(
    graph: Graph, account: Account, signed_in: SignIn
) -> None:
    session, _ = await signed_in()
    other = Viewer(Role.ORGANISER, actor="account:other")

    for attempt in (
        sessions.end(graph, other, account=account.id, id=session.id),
        sessions.end_all(graph, other, account=account.id),
        sessions.of_account(graph, other, account=account.id),
        sessions.of_account(graph, other, account=AccountId("unknown")),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_what_happens_to_sessions_is_written_down(graph: Graph, account: Account, signed_in: SignIn) -> None:
    session, _ = await signed_in()
    await signed_in()
    await sessions.end(graph, account.viewer, account=account.id, id=session.id)
    await sessions.end_all(graph, account.viewer, account=account.id)

    page = await changes.page(graph, KEEPER, first=10, subjects=[f"account:{account.id}"])
    assert [(change.verb, change.actor) for _, change in reversed(page.entries)] == [
        ("account made", "command line"),
        ("signed in", f"account:{account.id}"),
        ("signed in", f"account:{account.id}"),
        ("session ended", f"account:{account.id}"),
        ("sessions ended", f"account:{account.id}"),
    ]
