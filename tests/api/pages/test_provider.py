"""Signing in through a certified OpenID provider: in, out, and everything that must not work."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from structlog.testing import capture_logs
from structlog.typing import EventDict

from api.door.provider import OpenIDProvider
from api.settings import ProviderSettings
from graph.graph import Graph
from graph.viewer import Role
from tests.door import LOOPBACK, Browse, MakeAccount, Serve, role_of, sign_in
from tests.provider.certified import CertifiedProvider, certified_provider, signing_key

SECRET = "a secret: with / and + of the client's own"
Events = Sequence[EventDict]
SESSIONS = "MATCH (s:Session)-[:OF]->(a:Account) RETURN s.how AS how, a.email AS email"


@pytest.fixture(scope="module")
async def certified() -> AsyncIterator[CertifiedProvider]:
    async with certified_provider(back_to=LOOPBACK, secret=SECRET) as running:
        yield running


@pytest.fixture
def app(serve: Serve, certified: CertifiedProvider) -> FastAPI:
    return at(serve(), certified)


@pytest.fixture
async def browser(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    return await browse(app)


@pytest.fixture
def log() -> Iterator[Events]:
    """What is logged, as events."""
    with capture_logs() as events:
        yield events


def at(app: FastAPI, certified: CertifiedProvider, **changed: Any) -> FastAPI:
    """The application, with this provider."""
    settings: dict[str, Any] = {
        "oidc_issuer": certified.issuer,
        "oidc_client_id": "knowwho",
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_name": "the Ministry",
    }
    app.state.provider = OpenIDProvider(ProviderSettings(**{**settings, **changed}))
    return app


async def leave(browser: httpx.AsyncClient, *, next_path: str = "/") -> str:
    """Where the network sends a browser to sign in."""
    response = await browser.get("/sign-in/provider", params={"next": next_path})
    assert response.status_code == 303
    return response.headers["location"]


async def answer_of(
    browser: httpx.AsyncClient, certified: CertifiedProvider, *, login: str = "ama", next_path: str = "/"
) -> str:
    """Where the provider sends a browser back to whose user has signed in there."""
    return await certified.signed_in(await leave(browser, next_path=next_path), login=login)


def changed(address: str, **parts: str | None) -> str:
    """An address with other values in its query; None leaves a name out."""
    query = {**dict(parse_qsl(urlsplit(address).query)), **parts}
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{address.partition('?')[0]}?{urlencode(kept)}"


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


async def sessions(graph: Graph) -> list[dict[str, Any]]:
    return await graph.read(SESSIONS)


async def test_a_member_signs_in_and_comes_to_where_they_wanted(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account(role=Role.ORGANISER)

    response = await browser.get(await answer_of(browser, certified, next_path="/?q=markets"))

    assert (response.status_code, response.headers["location"]) == (303, "/?q=markets")
    assert await role_of(browser) == "organiser"
    assert await sessions(graph) == [{"how": "provider", "email": "ama@example.org"}]


async def test_a_public_client_signs_people_in_as_well(serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    await make_account()

    async with certified_provider(back_to=LOOPBACK, secret=None) as certified:
        browser = await browse(at(serve(), certified, oidc_client_secret=None))
        await browser.get(await answer_of(browser, certified))

    assert await role_of(browser) == "member"


async def test_the_one_replica_takes_back_whom_the_other_sent(
    app: FastAPI, serve: Serve, browse: Browse, certified: CertifiedProvider, make_account: MakeAccount
) -> None:
    await make_account()
    browser = await browse(app)
    back = await answer_of(browser, certified)

    other = await browse(at(serve(), certified))
    other.cookies.update(browser.cookies)
    await other.get(back)

    assert await role_of(other) == "member"


@pytest.mark.parametrize("login", ["ama", "nameless", "odd"])
async def test_who_is_not_a_member_is_told_how_to_become_one(
    browser: httpx.AsyncClient, certified: CertifiedProvider, graph: Graph, *, login: str
) -> None:
    page = await browser.get(await answer_of(browser, certified, login=login))

    assert page.status_code == 403
    assert "<h1>You are not a member yet</h1>" in page.text
    assert "if not, ask somebody who organises the network for one" in page.text
    assert await sessions(graph) == []


async def test_an_address_that_the_provider_has_not_verified_opens_nobodys_account_and_does_not_tell_that_it_is_known(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    unknown = await browser.get(await answer_of(browser, certified, login="salma"))
    await make_account("salma@example.org")

    known = await browser.get(await answer_of(browser, certified, login="salma"))

    assert without_id(known) == without_id(unknown)
    assert known.status_code == 403
    assert await sessions(graph) == []


def without_id(page: httpx.Response) -> str:
    """A page's text but for what differs on every page."""
    return re.sub(r"<code>\w+</code>", "", page.text)


async def test_the_same_answer_twice_signs_in_once(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    back = await answer_of(browser, certified)
    cookies = dict(browser.cookies)

    first = await browser.get(back)
    browser.cookies.clear()
    browser.cookies.update(cookies)
    second = await browser.get(back)

    assert (first.status_code, second.status_code) == (303, 400)
    assert len(await sessions(graph)) == 1


async def test_the_same_answer_many_times_at_once_signs_in_once(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    back = await answer_of(browser, certified)

    answers = await asyncio.gather(*(browser.get(back) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [303, 400, 400, 400, 400]
    assert len(await sessions(graph)) == 1


async def test_an_answer_to_another_browser_is_refused(
    app: FastAPI, browse: Browse, certified: CertifiedProvider, make_account: MakeAccount
) -> None:
    await make_account()
    attackers, victims = await browse(app), await browse(app)
    await leave(victims)

    refusal = await victims.get(await answer_of(attackers, certified))

    assert refusal.status_code == 400
    assert "This sign-in was not begun in this browser" in refusal.text
    assert await role_of(victims) == "public"


async def test_an_answer_to_a_browser_without_cookies_is_refused(
    app: FastAPI, browse: Browse, certified: CertifiedProvider, make_account: MakeAccount
) -> None:
    await make_account()
    back = await answer_of(await browse(app), certified)

    refusal = await (await browse(app)).get(back)

    assert refusal.status_code == 400


async def test_a_code_that_was_used_is_refused(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, log: Events
) -> None:
    await make_account()
    used = await answer_of(browser, certified)
    cookies = dict(browser.cookies)
    await browser.get(used)
    browser.cookies.clear()
    browser.cookies.update(cookies)

    refusal = await browser.get(changed(used, state=state_of(await leave(browser))))

    assert refusal.status_code == 400
    assert reasons(log) == ["invalid_grant"]


async def test_a_code_of_another_sign_in_is_refused(
    app: FastAPI, browse: Browse, certified: CertifiedProvider, make_account: MakeAccount, log: Events
) -> None:
    """Injecting a stolen code (RFC 9700, 4.5): it does not fit the verifier of this browser's sign-in."""
    await make_account()
    stolen = await answer_of(await browse(app), certified)
    attackers = await browse(app)

    refusal = await attackers.get(changed(stolen, state=state_of(await leave(attackers))))

    assert refusal.status_code == 400
    assert reasons(log) == ["invalid_grant"]


def reasons(log: Events) -> list[str]:
    """Why people were not signed in, as the log has it."""
    return [entry["reason"] for entry in log if entry["event"] == "sign_in_failed"]


async def test_who_gives_up_at_the_provider_is_told_that_they_can_try_again(
    browser: httpx.AsyncClient, certified: CertifiedProvider, log: Events
) -> None:
    page = await browser.get(await certified.given_up(await leave(browser)))

    assert page.status_code == 403
    assert '<a href="/sign-in">' in page.text
    assert reasons(log) == ["access_denied"]


async def test_no_word_of_the_providers_error_is_on_the_page_or_in_the_log(
    browser: httpx.AsyncClient, certified: CertifiedProvider, log: Events
) -> None:
    back = changed(
        await certified.given_up(await leave(browser)), error="<b>hostile", error_description="<script>hostile</script>"
    )

    page = await browser.get(back)

    assert page.status_code == 403
    assert "hostile" not in page.text
    assert "hostile" not in str(log)


@pytest.mark.parametrize("issuer", ["https://another.example.org", None])
async def test_an_answer_that_does_not_name_the_provider_is_refused(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, *, issuer: str | None
) -> None:
    await make_account()

    page = await browser.get(changed(await answer_of(browser, certified), iss=issuer))

    assert page.status_code == 400
    assert "another sign-in service" in page.text


async def test_an_answer_that_says_something_twice_is_refused(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount
) -> None:
    await make_account()

    page = await browser.get(f"{await answer_of(browser, certified)}&code=another")

    assert page.status_code == 400


async def test_new_keys_of_a_restarted_provider_are_learned(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    await make_account()

    async with certified_provider(back_to=LOOPBACK, secret=SECRET) as certified:
        app = at(serve(), certified)
        before = await browse(app)
        await before.get(await answer_of(before, certified))
        await certified.restart(keys=[signing_key()])
        after = await browse(app)
        await after.get(await answer_of(after, certified))

    assert [await role_of(before), await role_of(after)] == ["member", "member"]


async def test_a_token_of_keys_that_were_changed_while_somebody_was_away_signs_them_in(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    await make_account()

    async with certified_provider(back_to=LOOPBACK, secret=SECRET) as certified:
        browser = await browse(at(serve(), certified))
        address = await leave(browser)
        await certified.restart(keys=[signing_key()])
        await browser.get(await certified.signed_in(address, login="ama"))

    assert await role_of(browser) == "member"


async def test_a_provider_that_is_down_is_said_before_and_after(serve: Serve, browse: Browse, log: Events) -> None:
    async with certified_provider(back_to=LOOPBACK, secret=SECRET) as certified:
        known = await browse(at(serve(), certified))
        back = await answer_of(known, certified)
        unknown = await browse(at(serve(), certified))
        await certified.stop()

        pages = [await known.get(back), await unknown.get("/sign-in/provider")]

    assert [page.status_code for page in pages] == [502, 502]
    assert all("The sign-in service does not answer; try again in a few minutes." in page.text for page in pages)
    assert reasons(log) == ["token: ConnectError", "discovery: ConnectError"]


async def test_a_wrong_client_secret_is_an_administrators_matter(
    serve: Serve, browse: Browse, certified: CertifiedProvider, log: Events
) -> None:
    browser = await browse(at(serve(), certified, oidc_client_secret=SecretStr("not the secret")))

    page = await browser.get(await answer_of(browser, certified))

    assert page.status_code == 502
    assert "tell the people who run this network" in page.text
    assert reasons(log) == ["token: 401 invalid_client"]


@pytest.mark.parametrize(
    "hostile",
    ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "/\t/evil.example.org", "javascript:x"],
)
async def test_nobody_is_led_to_another_site(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, *, hostile: str
) -> None:
    await make_account()

    response = await browser.get(await answer_of(browser, certified, next_path=hostile))

    assert response.headers["location"] == "/"


async def test_signing_in_ends_the_session_that_was_there_and_gives_a_new_secret(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    await sign_in(browser, await make_account("salma@example.org"))
    before = browser.cookies["knowwho_session"]

    await browser.get(await answer_of(browser, certified))

    assert browser.cookies["knowwho_session"] != before
    assert await sessions(graph) == [{"how": "provider", "email": "ama@example.org"}]


async def test_what_is_logged_of_a_sign_in_is_neither_secret_nor_personal(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, log: Events
) -> None:
    await make_account()
    back = await answer_of(browser, certified)
    await browser.get(changed(back, iss="https://another.example.org"))
    await browser.get(await answer_of(browser, certified, login="salma"))

    said = str(log)

    assert len(reasons(log)) == 2
    query = parse_qs(urlsplit(back).query)
    assert not [word for word in ("example.org", query["code"][0], query["state"][0]) if word in said]


async def test_the_page_of_a_failure_names_its_request_and_is_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/sign-in/provider/callback?state=made-up&code=made-up")

    assert page.status_code == 400
    assert f"<code>{page.headers['x-request-id']}</code>" in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_a_network_without_a_provider_says_so(serve: Serve, browse: Browse) -> None:
    browser = await browse(serve())

    pages = [await browser.get(f"/sign-{way}/provider") for way in ("in", "out")]

    assert [page.status_code for page in pages] == [404, 404]
    assert all("This network has no sign-in service" in page.text for page in pages)


async def test_signing_out_there_ends_the_providers_session_and_leads_back(
    browser: httpx.AsyncClient, certified: CertifiedProvider
) -> None:
    async with certified.browser() as at_the_provider:
        await certified.sign_in(at_the_provider, await leave(browser), login="ama")

        address = (await browser.get("/sign-out/provider")).headers["location"]
        back = await certified.sign_out(at_the_provider, address)

        assert back == f"{LOOPBACK}/"
        assert "Enter any login" in (await certified.page(at_the_provider, await leave(browser))).text


async def test_no_id_token_and_no_claim_is_kept(
    browser: httpx.AsyncClient, certified: CertifiedProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    await browser.get(await answer_of(browser, certified))

    rows = await graph.read("MATCH (n) WHERE n:Session OR n:SignInAttempt OR n:Identity RETURN keys(n) AS names")

    assert {name for row in rows for name in row["names"]} == {
        *("agent", "created_at", "digest", "expires_at", "how", "id", "seen_at"),
        *("issuer", "subject"),
    }
