"""Who comes with a request: sessions, tokens and the local key open the door; what is no good is told so."""

import json
import logging
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
import structlog

from graph import accounts, sessions, tokens
from graph.credentials import digest_of, fresh_secret
from graph.graph import Graph
from graph.sessions import LIMITS
from graph.tokens import SCOPES
from graph.viewer import Role
from tests.door import KEEPER, Browse, MakeAccount, Serve, csrf_on, role_of, sign_in
from tests.reading import note_statements

PUBLIC_URL = "https://experts.example.org"
SESSION = "knowwho_session"


def cookies_of(response: httpx.Response) -> dict[str, dict[str, str]]:
    """The cookies that an answer sets, with their attributes."""
    cookies = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        cookies.load(header)
    return {name: {key: str(value) for key, value in one.items() if value} for name, one in cookies.items()}


async def test_who_signed_in_asks_as_their_account(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    await graph.write("CREATE (:Expert {id: 'ama', name: 'Ama'})")
    account = await make_account(role=Role.ORGANISER, expert="ama")
    browser = await browse(serve())

    await sign_in(browser, account)

    assert (await browser.get("/for-tests/visitor")).json() == {
        "role": "organiser",
        "person": "ama",
        "actor": f"account:{account.id}",
    }


async def test_on_loopback_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())

    response = await sign_in(browser, await make_account())

    cookie = cookies_of(response)[SESSION]
    assert cookie == {
        "httponly": "True",
        "samesite": "lax",
        "path": "/",
        "max-age": str(int(LIMITS.absolute.total_seconds())),
    }


async def test_off_loopback_the_cookie_travels_by_https_to_this_host_alone(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve(public_url=PUBLIC_URL), base_url=PUBLIC_URL)

    response = await sign_in(browser, await make_account())

    cookies = cookies_of(response)
    assert all(name.startswith("__Host-") for name in cookies)
    assert cookies[f"__Host-{SESSION}"].keys() >= {"httponly", "secure"}
    assert cookies[f"__Host-{SESSION}"]["samesite"] == "lax"
    assert cookies[f"__Host-{SESSION}"]["path"] == "/"
    assert "domain" not in cookies[f"__Host-{SESSION}"]
    assert await role_of(browser) == "member"


async def test_off_loopback_a_cookie_that_another_host_could_have_set_is_not_looked_at(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = serve(public_url=PUBLIC_URL)
    browser = await browse(app, base_url=PUBLIC_URL)
    await sign_in(browser, await make_account())
    secret = browser.cookies[f"__Host-{SESSION}"]
    other = await browse(app, base_url=PUBLIC_URL)

    other.cookies.set(SESSION, secret)

    assert await role_of(other) == "public"


async def test_a_planted_session_does_not_become_the_victims(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = serve()
    attacker, victim = await browse(app), await browse(app)
    await sign_in(attacker, await make_account("attacker@example.org"))
    planted = attacker.cookies[SESSION]
    victim.cookies.set(SESSION, planted, domain="localhost.local")

    await sign_in(victim, await make_account(role=Role.ORGANISER))

    assert await role_of(victim) == "organiser"
    assert victim.cookies[SESSION] != planted
    assert await role_of(attacker) == "public"


async def test_a_planted_secret_without_a_session_does_not_become_one(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app = serve()
    victim, attacker = await browse(app), await browse(app)
    planted = fresh_secret()
    for browser in (victim, attacker):
        browser.cookies.set(SESSION, planted, domain="localhost.local")

    await sign_in(victim, await make_account())

    assert await role_of(victim) == "member"
    assert await role_of(attacker) == "public"


async def test_each_sign_in_is_a_new_session_and_the_old_one_of_the_browser_ends(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    account = await make_account()
    browser = await browse(serve())
    await sign_in(browser, account)
    first = browser.cookies[SESSION]

    await sign_in(browser, account)

    assert browser.cookies[SESSION] != first
    assert len(await sessions.of_account(graph, account.viewer, account=account.id)) == 1


async def test_signing_out_ends_the_session_and_takes_the_cookie(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    account = await make_account()
    browser = await browse(serve())
    await sign_in(browser, account)
    secret = browser.cookies[SESSION]

    response = await browser.post("/for-tests/sign-out")

    assert cookies_of(response)[SESSION]["max-age"] == "0"
    assert SESSION not in browser.cookies
    assert await sessions.authenticated(graph, secret=secret) is None


@pytest.mark.parametrize("ran_out", ["expires_at", "seen_at"])
async def test_a_session_that_ran_out_is_the_public(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount, ran_out: str
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())
    at = datetime.now(UTC)
    moved = {"expires_at": at, "seen_at": at - LIMITS.idle}[ran_out]

    await graph.write("MATCH (s:Session) SET s[$name] = $moved", name=ran_out, moved=moved)

    assert await role_of(browser) == "public"


async def test_the_limits_are_those_that_are_set(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWWHO_SESSION_IDLE_MINUTES", "10")
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    await graph.write("MATCH (s:Session) SET s.seen_at = $at", at=datetime.now(UTC) - timedelta(minutes=10))

    assert await role_of(browser) == "public"


async def test_what_is_ended_changed_or_closed_on_one_replica_is_so_on_the_other_at_once(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    account = await make_account(role=Role.ORGANISER)
    here, there = await browse(serve()), await browse(serve())
    await sign_in(here, account)
    there.cookies.set(SESSION, here.cookies[SESSION])
    seen = [await role_of(there)]

    await accounts.set_role(graph, KEEPER, id=account.id, role=Role.MEMBER)
    seen.append(await role_of(there))
    await here.post("/for-tests/sign-out")
    seen.append(await role_of(there))

    assert seen == ["organiser", "member", "public"]


async def test_a_closed_account_is_out_at_once(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    account = await make_account()
    browser = await browse(serve())
    await sign_in(browser, account)

    await accounts.close(graph, KEEPER, id=account.id)

    assert await role_of(browser) == "public"


async def test_a_client_asks_as_its_token(graph: Graph, serve: Serve, browse: Browse) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    client = await browse(serve())

    answer = await client.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})

    assert answer.json() == {"role": "member", "person": None, "actor": f"token:{token.id}"}
    assert "set-cookie" not in answer.headers


async def test_a_token_that_was_revoked_opens_nothing_on_the_other_replica_at_once(
    graph: Graph, serve: Serve, browse: Browse
) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    there = await browse(serve())
    assert await role_of(there, Authorization=f"Bearer {secret}") == "member"

    await tokens.revoke(graph, KEEPER, id=token.id)

    answer = await there.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


async def test_unknown_expired_and_revoked_tokens_are_refused_alike(graph: Graph, serve: Serve, browse: Browse) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    revoked, of_revoked = await tokens.create(graph, KEEPER, name="revoked", role=Role.MEMBER, expires_at=None)
    _, of_expired = await tokens.create(graph, KEEPER, name="expired", role=Role.MEMBER, expires_at=soon)
    await tokens.revoke(graph, KEEPER, id=revoked.id)
    await graph.write("MATCH (t:Token {name: 'expired'}) SET t.expires_at = $now", now=datetime.now(UTC))
    client = await browse(serve())

    answers = [
        await client.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})
        for secret in ("kw_" + fresh_secret(), of_revoked, of_expired)
    ]

    told = {
        (answer.status_code, answer.text, tuple(h for h in answer.headers.items() if h[0] != "x-request-id"))
        for answer in answers
    }
    assert len(told) == 1
    assert answers[0].status_code == 401
    assert answers[0].headers["www-authenticate"] == 'Bearer realm="knowwho", error="invalid_token"'
    assert answers[0].json() == {
        "error": "This token opens nothing here: it is unknown, has expired or was revoked; "
        "ask an administrator for one."
    }


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Basic YW1hOnNlY3JldA==", "Token kw_secret", "kw_secret", "", "Bearer é"]
)
async def test_whatever_else_is_shown_is_refused_even_with_a_session(
    serve: Serve, browse: Browse, make_account: MakeAccount, shown: str
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    answer = await browser.get("/for-tests/visitor", headers=[(b"authorization", shown.encode("latin-1"))])

    assert answer.status_code == 401


async def test_a_person_with_a_token_that_opens_nothing_is_told_on_a_page(serve: Serve, browse: Browse) -> None:
    client = await browse(serve())

    answer = await client.get("/", headers={"Authorization": "Bearer kw_unknown", "Accept": "text/html"})

    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    assert '<p class="refusal" role="alert">This token opens nothing here:' in answer.text


async def test_graphql_is_refused_in_its_own_shape(serve: Serve, browse: Browse) -> None:
    client = await browse(serve())

    answer = await client.post(
        "/graphql", json={"query": "{ viewer { role } }"}, headers={"Authorization": "Bearer kw_unknown"}
    )

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["message"].startswith("This token opens nothing here")


async def test_the_local_key_is_the_command_line_from_this_machine_alone(serve: Serve, browse: Browse) -> None:
    key = fresh_secret()
    app = serve(local_key=key)
    here, elsewhere = await browse(app), await browse(app, address="192.0.2.1")
    shown = {"Authorization": f"Bearer {key}"}

    let_in = await here.get("/for-tests/visitor", headers=shown)
    refused = await elsewhere.get("/for-tests/visitor", headers=shown)

    assert let_in.json() == {"role": "administrator", "person": None, "actor": "command line"}
    assert refused.status_code == 401


async def test_another_key_or_none_opens_nothing(serve: Serve, browse: Browse) -> None:
    shown = {"Authorization": f"Bearer {fresh_secret()}"}

    for app in (serve(local_key=fresh_secret()), serve(local_key=None)):
        client = await browse(app)
        assert (await client.get("/for-tests/visitor", headers=shown)).status_code == 401


async def test_no_secret_is_in_the_graph_or_the_logs(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    app = serve(local_key=(key := fresh_secret()))
    browser, client = await browse(app), await browse(app)
    browser_secret_cookie = await csrf_on(browser)
    browser_secret = browser.cookies["knowwho_browser"]
    await sign_in(browser, await make_account())
    _, token = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)

    with structlog.testing.capture_logs() as lines:
        for secret in (token, key, "kw_wrong"):
            await client.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})
        await browser.get("/for-tests/visitor")

    everything = repr(await graph.read("MATCH (n) RETURN properties(n) AS properties"))
    written = caplog.text + json.dumps(lines, default=str)
    secrets = [browser.cookies[SESSION], token, key, browser_secret, browser_secret_cookie]
    assert digest_of(token) in everything
    assert [secret for secret in secrets if secret in everything or secret in written] == []
    assert "ama@example.org" not in written


async def test_a_browser_gets_a_secret_with_its_first_page_and_keeps_it(serve: Serve, browse: Browse) -> None:
    browser = await browse(serve())

    first = await browser.get("/for-tests/page")
    second = await browser.get("/for-tests/page")

    assert cookies_of(first) == {"knowwho_browser": {"httponly": "True", "samesite": "lax", "path": "/"}}
    assert "set-cookie" not in second.headers
    assert first.text == second.text


async def test_what_is_no_page_gives_no_secret(serve: Serve, browse: Browse) -> None:
    browser = await browse(serve())

    answer = await browser.get("/for-tests/visitor")

    assert "set-cookie" not in answer.headers


async def test_the_secret_of_the_browser_goes_when_somebody_signs_in(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    await csrf_on(browser)

    await sign_in(browser, await make_account())

    assert SESSION in browser.cookies
    assert "knowwho_browser" not in browser.cookies


async def test_a_websocket_elsewhere_than_at_graphql_is_not_let_in(serve: Serve) -> None:
    app = serve()
    sent: list[str] = []
    scope = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/me",
        "raw_path": b"/me",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"origin", b"https://evil.example.net")],
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 80),
        "subprotocols": ["graphql-transport-ws"],
    }

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    await app(scope, receive, send)

    assert sent
    assert "websocket.accept" not in sent


ASKED = {
    "nouns": "{ experts(first: 1) { totalCount } }",
    "a node": '{ node(id: "RXhwZXJ0OmFtYQ==") { id } }',
    "something else": "{ viewer { role } }",
    "nothing of the graph": "{ __typename }",
    "what there is not": "{ nothing }",
    "no query": "",
    "a change": 'mutation { createToken(input: {name: "second", role: MEMBER}) { __typename } }',
    "a subscription": "subscription { changes { cursor } }",
}


@pytest.mark.parametrize("query", ASKED.values(), ids=ASKED)
async def test_graphql_recalls_a_token_and_yet_refuses_it_from_when_another_replica_revoked_it(
    graph: Graph, serve: Serve, browse: Browse, query: str
) -> None:
    token, secret = await tokens.create(
        graph, KEEPER, name="reports", role=Role.ADMINISTRATOR, scopes=SCOPES[Role.ADMINISTRATOR], expires_at=None
    )
    client = await browse(serve())
    headers = {"Authorization": f"Bearer {secret}", "Accept": "application/graphql-response+json, text/event-stream"}
    first = await client.post("/graphql", json={"query": ASKED["nouns"]}, headers=headers)
    assert first.json()["data"] == {"experts": {"totalCount": 0}}

    await tokens.revoke(graph, KEEPER, id=token.id)

    refused = await client.post("/graphql", json={"query": query}, headers=headers)
    unknown = await client.post(
        "/graphql", json={"query": query}, headers={**headers, "Authorization": f"Bearer kw_{fresh_secret()}"}
    )
    assert refused.status_code == unknown.status_code == 401
    assert [error["message"] for error in refused.json()["errors"]] == [
        error["message"] for error in unknown.json()["errors"]
    ]
    assert "data" not in refused.json()
    assert (await graph.read("MATCH (t:Token) RETURN count(t) AS tokens"))[0]["tokens"] == 1


@pytest.mark.parametrize("query", ["{ experts(first: 1) { totalCount } }", '{ node(id: "RXhwZXJ0OmFtYQ==") { id } }'])
async def test_whether_a_token_is_still_good_is_asked_along_with_what_is_read(
    graph: Graph, serve: Serve, browse: Browse, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    _, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    client = await browse(serve())
    headers = {"Authorization": f"Bearer {secret}"}
    await client.post("/graphql", json={"query": query}, headers=headers)
    sent: list[str] = []
    note_statements(monkeypatch, sent)

    await client.post("/graphql", json={"query": query}, headers=headers)

    assert len(sent) == 1
    assert tokens.STILL_GOOD in sent[0]
