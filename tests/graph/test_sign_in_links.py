"""Links to sign in by: good once, a quarter of an hour, in one browser, and worth nothing to who reads the graph."""

import asyncio
from datetime import timedelta

import pytest

from graph import accounts, changes, sign_in_links
from graph.accounts import NotAnAddress
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.sign_in_links import LINK_LASTS, LinkGone, NobodyToSignIn, OtherBrowser
from graph.viewer import PUBLIC, Role, Viewer

KEEPER = Viewer.at_the_command_line()
AMA = "ama@example.org"
HERE, THERE = "the browser that asks", "another browser"


@pytest.fixture
async def members(graph: Graph) -> Graph:
    """Ama has an account; Salma is on the roster only; two people share an address."""
    await accounts.create(graph, KEEPER, email=AMA, role=Role.MEMBER)
    await graph.write("""
        CREATE (:Expert {id: 'salma', name: 'Salma', email: 'salma@example.org'}),
               (:Expert {id: 'one', name: 'One', email: 'shared@example.org'}),
               (:Expert {id: 'two', name: 'Two', email: 'shared@example.org'})
    """)
    return graph


async def ask(graph: Graph, email: str = AMA, browser: str = HERE) -> str:
    secret = await sign_in_links.create(graph, PUBLIC, email=email, browser=browser)
    assert secret is not None
    return secret


async def use(graph: Graph, secret: str, browser: str | None = HERE) -> str:
    return await sign_in_links.use(graph, PUBLIC, secret=secret, browser=browser)


async def links(graph: Graph) -> int:
    return int((await graph.read("MATCH (l:SignInLink) RETURN count(l) AS links"))[0]["links"])


async def age(graph: Graph, by: timedelta) -> None:
    """As if all links had been asked for earlier."""
    await graph.write(
        "MATCH (l:SignInLink) SET l.created_at = l.created_at - $by, l.expires_at = l.expires_at - $by", by=by
    )


async def test_a_link_is_good_once(members: Graph) -> None:
    secret = await ask(members)

    assert await use(members, secret) == AMA
    with pytest.raises(LinkGone):
        await use(members, secret)


async def test_of_ten_who_use_one_link_at_once_one_gets_in(members: Graph) -> None:
    secret = await ask(members)

    came = await asyncio.gather(*(use(members, secret) for _ in range(10)), return_exceptions=True)

    assert [one for one in came if not isinstance(one, LinkGone)] == [AMA]


async def test_looking_at_a_link_does_not_use_it_up(members: Graph) -> None:
    secret = await ask(members)

    for _ in range(3):
        seen = await sign_in_links.open_link(members, PUBLIC, secret=secret, browser=HERE)
        assert seen.email == AMA

    assert await use(members, secret) == AMA


@pytest.mark.parametrize("browser", [THERE, "", None])
async def test_another_browser_is_told_so_and_uses_nothing_up(members: Graph, browser: str | None) -> None:
    secret = await ask(members)

    with pytest.raises(OtherBrowser):
        await sign_in_links.open_link(members, PUBLIC, secret=secret, browser=browser)
    with pytest.raises(OtherBrowser):
        await use(members, secret, browser)

    assert await use(members, secret) == AMA


async def test_a_link_is_good_for_a_quarter_of_an_hour(members: Graph) -> None:
    secret = await ask(members)

    await age(members, LINK_LASTS - timedelta(seconds=30))
    assert (await sign_in_links.open_link(members, PUBLIC, secret=secret, browser=HERE)).email == AMA
    await age(members, timedelta(seconds=30))

    with pytest.raises(LinkGone):
        await sign_in_links.open_link(members, PUBLIC, secret=secret, browser=HERE)
    with pytest.raises(LinkGone):
        await use(members, secret)


async def test_a_new_link_ends_the_one_that_the_same_browser_asked_for(members: Graph) -> None:
    old = await ask(members)
    new = await ask(members)

    with pytest.raises(LinkGone):
        await use(members, old)
    assert await use(members, new) == AMA


async def test_asking_from_elsewhere_does_not_keep_the_owner_out(members: Graph) -> None:
    secret = await ask(members)

    for stranger in range(5):
        await ask(members, browser=f"stranger {stranger}")

    assert await use(members, secret) == AMA


async def test_using_a_link_ends_every_other_of_the_address(members: Graph) -> None:
    elsewhere = await ask(members, browser=THERE)
    other_person = await ask(members, "salma@example.org")
    await use(members, await ask(members))

    with pytest.raises(LinkGone):
        await use(members, elsewhere, THERE)
    assert await use(members, other_person) == "salma@example.org"


async def test_what_expired_is_swept_when_anybody_asks(members: Graph) -> None:
    await ask(members)
    await age(members, LINK_LASTS)

    assert await sign_in_links.create(members, PUBLIC, email="nobody@example.org", browser=HERE) is None

    assert await links(members) == 0


async def test_nothing_that_opens_a_door_is_stored(members: Graph) -> None:
    secret = await ask(members)

    stored = (await members.read("MATCH (l:SignInLink) RETURN l {.*} AS link"))[0]["link"]

    assert secret not in str(stored)
    assert HERE not in str(stored)


@pytest.mark.parametrize("email", ["nobody@example.org", "shared@example.org"])
async def test_who_could_not_sign_in_gets_no_link(members: Graph, email: str) -> None:
    assert await sign_in_links.create(members, PUBLIC, email=email, browser=HERE) is None
    assert await links(members) == 0


async def test_a_closed_account_gets_no_link(members: Graph) -> None:
    account = await accounts.by_email(members, KEEPER, email=AMA)
    await accounts.close(members, KEEPER, id=account.id)

    assert await sign_in_links.create(members, PUBLIC, email=AMA, browser=HERE) is None


async def test_an_address_is_the_same_however_it_is_written(members: Graph) -> None:
    assert await use(members, await ask(members, " AMA@Example.org ")) == AMA


async def test_what_is_no_address_is_refused(members: Graph) -> None:
    with pytest.raises(NotAnAddress):
        await sign_in_links.create(members, PUBLIC, email="ama", browser=HERE)


async def test_a_link_for_any_browser_is_an_administrators_to_make_and_written_down(members: Graph) -> None:
    secret = await sign_in_links.create(members, KEEPER, email=AMA, browser=None)
    account = await accounts.by_email(members, KEEPER, email=AMA)

    assert secret is not None
    assert await use(members, secret, THERE) == AMA
    newest = (await changes.page(members, KEEPER, first=1)).entries[0][1]
    assert (newest.verb, newest.subject, newest.actor) == ("sign-in link made", f"account:{account.id}", "command line")


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.ORGANISER, actor="account:o")])
async def test_nobody_else_makes_a_link_for_any_browser(members: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed, match="administrators may"):
        await sign_in_links.create(members, viewer, email=AMA, browser=None)

    assert await links(members) == 0


async def test_an_administrator_is_told_that_nobody_has_the_address(members: Graph) -> None:
    with pytest.raises(NobodyToSignIn, match="invite them first"):
        await sign_in_links.create(members, KEEPER, email="nobody@example.org", browser=None)
