"""How often anybody may do what costs something; with a real store that servers share, and when it is lost."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from api.door.limits import Limited, Limits, RateLimited, spend, spend_sign_in
from api.settings import LimitSettings
from graph import tokens
from graph.settings import SecretExposed
from graph.viewer import Role
from tests.door import KEEPER, Browse, MakeAccount, Serve, sign_in
from tests.store_server import StoreServer, store_server

PASSWORD = "the-store-of-a-test"
VICTIM = "ama@example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreServer]:
    with store_server(tmp_path, password=PASSWORD) as server:
        yield server


def shared(store: StoreServer, **settings: Any) -> Limits:
    """The limits of one server of a network that has a store."""
    return Limits(
        LimitSettings(
            limits_store=f"valkey://127.0.0.1:{store.port}", limits_store_password=SecretStr(PASSWORD), **settings
        )
    )


def limited(app: FastAPI, **settings: Any) -> FastAPI:
    """An application with these limits, and ways to use them up."""
    app.state.limits = Limits(LimitSettings(**settings))

    @app.post("/for-tests/ask/{email}")
    async def ask(request: Request, email: str) -> None:
        await spend_sign_in(request, email=email)

    @app.post("/for-tests/step")
    async def step(request: Request) -> None:
        await spend_sign_in(request)

    @app.post("/for-tests/search")
    async def search(request: Request) -> None:
        await spend(request, Limited.SEARCH)

    return app


async def statuses(browser: httpx.AsyncClient, path: str, times: int, **headers: str) -> list[int]:
    return [(await browser.post(path, headers=headers)).status_code for _ in range(times)]


async def test_one_too_many_is_refused_until_the_window_is_over() -> None:
    limits = Limits(LimitSettings(limit_search="3 per 1 second"))
    what, limit = Limited.SEARCH, limits.of_viewer[Limited.SEARCH]
    began = time.monotonic()
    for _ in range(3):
        await limits.spend(what, limit, "somebody")

    with pytest.raises(RateLimited) as refusal:
        await limits.spend(what, limit, "somebody")

    assert refusal.value.retry_after_s == 1
    assert str(refusal.value) == "These were too many questions at once; try again in 1 second."
    await limits.spend(what, limit, "somebody else")
    while True:  # until the second is over
        try:
            await limits.spend(what, limit, "somebody")
            break
        except RateLimited:
            assert time.monotonic() - began < 5
    assert time.monotonic() - began >= 0.9


@pytest.mark.parametrize(
    "seconds,words", [(1, "in 1 second."), (119, "in 119 seconds."), (120, "in 2 minutes."), (121, "in 3 minutes.")]
)
def test_the_sentence_says_when(seconds: int, words: str) -> None:
    assert str(RateLimited(Limited.MUTATION, retry_after_s=seconds)).endswith(f"try again {words}")


async def test_people_see_a_page_and_programs_see_json(serve: Serve, browse: Browse) -> None:
    browser = await browse(limited(serve(), limit_search="1 per 1 hour"))
    await statuses(browser, "/for-tests/search", 1)

    page = await browser.post("/for-tests/search", headers={"Accept": "text/html,*/*"})
    answer = await browser.post("/for-tests/search")

    assert page.status_code == answer.status_code == 429
    assert page.headers["content-type"].startswith("text/html")
    assert "too many questions at once; try again in 60 minutes" in page.text
    assert answer.json() == {"error": "These were too many questions at once; try again in 60 minutes."}
    for response in (page, answer):
        assert 3500 < int(response.headers["retry-after"]) <= 3600
        assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_plain_graphql_is_limited_and_says_so_in_its_own_shape(serve: Serve, browse: Browse) -> None:
    browser = await browse(limited(serve(), limit_graphql="2 per 1 hour"))
    query = {"query": "{ __typename }"}
    for _ in range(2):
        assert (await browser.post("/graphql", json=query)).status_code == 200

    answer = await browser.post("/graphql", json=query)

    assert answer.status_code == 429
    (error,) = answer.json()["errors"]
    assert error["message"] == "These were too many GraphQL requests at once; try again in 60 minutes."
    assert error["extensions"] == {
        "code": "RATE_LIMITED",
        "retryAfterS": int(answer.headers["retry-after"]),
        "requestId": answer.headers["x-request-id"],
    }


async def test_addresses_are_counted_apart_and_an_ipv6_household_together(serve: Serve, browse: Browse) -> None:
    app = limited(serve(), limit_search="2 per 1 hour")
    at = {
        address: await browse(app, address=address)
        for address in ("203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    }

    seen = {address: await statuses(browser, "/for-tests/search", 2) for address, browser in at.items()}

    assert seen["203.0.113.1"] == seen["203.0.113.2"] == seen["2001:db8::1"] == [200, 200]
    assert seen["2001:db8::ffff:1"] == [429, 429]
    assert seen["2001:db8:0:1::1"] == [200, 200]


async def test_a_viewer_is_counted_by_account_or_token_wherever_they_are(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_search="2 per 1 hour")
    here, there, third = [await browse(app, address=f"203.0.113.{n}") for n in (1, 2, 3)]
    account = await make_account()
    for browser in (here, there):
        await sign_in(browser, account)
    _, token = await tokens.create(app.state.network.graph, KEEPER, name="a client", role=Role.MEMBER, expires_at=None)

    seen = [
        await statuses(here, "/for-tests/search", 2),
        await statuses(there, "/for-tests/search", 1),
        await statuses(third, "/for-tests/search", 3, Authorization=f"Bearer {token}"),
        await statuses(third, "/for-tests/search", 1),
    ]

    assert seen == [[200, 200], [429], [200, 200, 429], [200]]


async def test_an_attacker_who_hammers_an_address_locks_nobody_out(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_sign_in_letters="3 per 1 hour", limit_sign_in_strangers="9 per 1 hour")
    ask = f"/for-tests/ask/{VICTIM}"
    victims_laptop = await browse(app, address="198.51.100.1")
    await sign_in(victims_laptop, await make_account(VICTIM))

    one_attacker = await statuses(await browse(app, address="203.0.113.1"), ask, 50)
    victims_new_phone = await statuses(await browse(app, address="198.51.100.2"), ask, 1)
    many_attackers = [(await statuses(await browse(app, address=f"203.0.113.{n}"), ask, 3)) for n in range(2, 12)]
    a_stranger_afterwards = await statuses(await browse(app, address="198.51.100.3"), ask, 1)
    victim_on_the_laptop = await statuses(victims_laptop, ask, 2)

    assert one_attacker == [200] * 3 + [429] * 47
    assert victims_new_phone == [200]
    assert [status for one in many_attackers for status in one].count(200) == 9 - 4
    assert a_stranger_afterwards == [429]
    assert victim_on_the_laptop == [200, 200]


async def test_an_attacker_behind_the_victims_own_network_does_not_lock_them_out(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_sign_in="5 per 1 hour")
    victim, attacker = await browse(app), await browse(app)
    await sign_in(victim, await make_account(VICTIM))

    hammered = await statuses(attacker, "/for-tests/step", 9)

    assert hammered == [200] * 5 + [429] * 4
    assert await statuses(victim, "/for-tests/step", 1) == [200]
    assert await statuses(victim, f"/for-tests/ask/{VICTIM}", 1) == [200]


async def test_a_known_browser_is_known_for_its_own_address_alone(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_sign_in_letters="2 per 1 hour", limit_sign_in_strangers="2 per 1 hour")
    attacker = await browse(app, address="203.0.113.1")
    await sign_in(attacker, await make_account("salma@example.org"))
    await make_account(VICTIM)

    await statuses(await browse(app, address="203.0.113.2"), f"/for-tests/ask/{VICTIM}", 2)

    assert await statuses(attacker, f"/for-tests/ask/{VICTIM}", 1) == [429]


async def test_a_known_browser_is_limited_too(serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    app = limited(serve(), limit_sign_in_letters="2 per 1 hour")
    browser = await browse(app)
    await sign_in(browser, await make_account(VICTIM))

    assert await statuses(browser, f"/for-tests/ask/{VICTIM}", 3) == [200, 200, 429]


@pytest.mark.parametrize("cookie", ["{account}.guess", "{account}", "x.y", ".", "nobody.{secret}"])
async def test_a_made_up_cookie_makes_no_browser_known(
    serve: Serve, browse: Browse, make_account: MakeAccount, cookie: str
) -> None:
    app = limited(serve(), limit_sign_in_letters="1 per 1 hour", limit_sign_in_strangers="1 per 1 hour")
    account = await make_account(VICTIM)
    victim, attacker = await browse(app, address="198.51.100.1"), await browse(app, address="203.0.113.1")
    await sign_in(victim, account)
    secret = victim.cookies["knowwho_known"].partition(".")[2]
    attacker.cookies.set("knowwho_known", cookie.format(account=account.id, secret=secret))

    assert await statuses(attacker, f"/for-tests/ask/{VICTIM}", 2) == [200, 429]


async def test_asking_says_the_same_of_addresses_that_are_known_and_that_are_not(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_sign_in_letters="1 per 1 hour")
    await make_account(VICTIM)
    browser = await browse(app)
    answers: dict[str, list[Any]] = {}
    for email in (VICTIM, "nobody@example.org"):
        twice = [await browser.post(f"/for-tests/ask/{email}") for _ in range(2)]
        answers[email] = [(one.status_code, one.text, sorted(one.headers)) for one in twice]

    assert answers[VICTIM] == answers["nobody@example.org"]


async def test_an_account_remembers_its_newest_browsers_only(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = limited(serve(), limit_sign_in_strangers="1 per 1 hour")
    account = await make_account(VICTIM)
    browsers = [await browse(app, address=f"198.51.100.{n}") for n in range(11)]
    for browser in browsers:
        await sign_in(browser, account)
    await statuses(await browse(app, address="203.0.113.1"), f"/for-tests/ask/{VICTIM}", 1)

    seen = [(await statuses(browser, f"/for-tests/ask/{VICTIM}", 1))[0] for browser in browsers]

    assert seen == [429] + [200] * 10


async def test_servers_that_share_a_store_count_together(store: StoreServer) -> None:
    one, other = (shared(store, limit_search="4 per 1 hour") for _ in range(2))
    limit = one.of_viewer[Limited.SEARCH]
    for limits in (one, other, one, other):
        await limits.spend(Limited.SEARCH, limit, "somebody")

    for limits in (one, other):
        with pytest.raises(RateLimited) as refusal:
            await limits.spend(Limited.SEARCH, limit, "somebody")
        assert 3500 < refusal.value.retry_after_s <= 3600
    await one.spend(Limited.SEARCH, limit, "somebody else")
    for limits in (one, other):
        await limits.close()


async def test_the_store_speaks_by_its_redis_name_too(store: StoreServer) -> None:
    settings = LimitSettings(
        limits_store=f"redis://127.0.0.1:{store.port}/1",
        limits_store_password=SecretStr(PASSWORD),
        limit_search="1 per 1 hour",
    )
    limits = Limits(settings)
    with capture_logs() as lines:
        await limits.spend(Limited.SEARCH, limits.of_viewer[Limited.SEARCH], "somebody")

    assert lines == []
    await limits.close()


@pytest.mark.parametrize("lose", [StoreServer.kill, StoreServer.hold], ids=["dead", "does not answer"])
async def test_a_store_that_is_lost_leaves_everybody_limited_and_one_line(
    store: StoreServer, monkeypatch: pytest.MonkeyPatch, lose: Callable[[StoreServer], None]
) -> None:
    limits = shared(store, limit_search="3 per 1 hour")
    limit = limits.of_viewer[Limited.SEARCH]
    await limits.spend(Limited.SEARCH, limit, "somebody")
    lose(store)

    with capture_logs() as lines:
        began = time.monotonic()
        for _ in range(3):
            await limits.spend(Limited.SEARCH, limit, "somebody")
        with pytest.raises(RateLimited):
            await limits.spend(Limited.SEARCH, limit, "somebody")
        took = time.monotonic() - began
        store.kill()
        store.start()
        monkeypatch.setattr(limits, "_tried_again_at", 0.0)
        await limits.spend(Limited.SEARCH, limit, "somebody")

    assert [line["event"] for line in lines] == ["limits_store_lost", "limits_store_back"]
    assert took < 2  # it waits for a store that does not answer once, and not each time
    assert PASSWORD not in json.dumps(lines, default=str)
    await limits.close()


async def test_a_wrong_password_of_the_store_leaves_everybody_limited(store: StoreServer) -> None:
    limits = Limits(
        LimitSettings(
            limits_store=f"valkey://127.0.0.1:{store.port}",
            limits_store_password=SecretStr("another-password"),
            limit_search="1 per 1 hour",
        )
    )
    with capture_logs() as lines:
        await limits.spend(Limited.SEARCH, limits.of_viewer[Limited.SEARCH], "somebody")
        with pytest.raises(RateLimited):
            await limits.spend(Limited.SEARCH, limits.of_viewer[Limited.SEARCH], "somebody")

    assert [line["event"] for line in lines] == ["limits_store_lost"]
    await limits.close()


def test_the_stores_password_file_must_be_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o644)

    with pytest.raises(SecretExposed):
        Limits(LimitSettings(limits_store="valkey://127.0.0.1:1", limits_store_password_file=file))


@pytest.mark.parametrize(
    "settings",
    [
        {"limit_search": "often"},
        {"limits_store": "valkey://user:hush@127.0.0.1:6379"},
        {"limits_store": "memcached://127.0.0.1:1"},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        LimitSettings(**settings)  # type: ignore[arg-type]


async def test_the_schema_asked_without_a_server_is_not_limited() -> None:
    class Context:
        request = None

    class Info:
        context = Context()

    await spend(Info(), Limited.SEARCH)  # type: ignore[arg-type]
