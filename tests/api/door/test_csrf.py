"""What another site could make a browser send is refused, and does nothing."""

import httpx
import pytest

from graph import sessions, tokens
from graph.graph import Graph
from graph.viewer import Role
from tests.door import KEEPER, LOOPBACK, Browse, MakeAccount, Serve, csrf_on, sign_in

PUBLIC_URL = "https://experts.example.org"
OURS = {"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin"}
END_ALL = "mutation { endOtherSessions { __typename ... on SessionsEnded { ended } } }"


async def send(browser: httpx.AsyncClient, csrf: str | None, headers: dict[str, str] | None = None) -> httpx.Response:
    fields = {"said": "yes"} | ({} if csrf is None else {"csrf": csrf})
    return await browser.post("/for-tests/form", data=fields, headers=OURS if headers is None else headers)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, make_account: MakeAccount) -> httpx.AsyncClient:
    """A browser that somebody signed in on."""
    browser = await browse(serve())
    await sign_in(browser, await make_account())
    return browser


async def test_a_form_of_our_own_page_is_taken(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, await csrf_on(browser))

    assert answer.json() == {"said": "yes"}


async def test_a_form_of_our_own_page_that_sends_no_referrer_is_taken(browser: httpx.AsyncClient) -> None:
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

    answer = await send(browser, await csrf_on(browser), headers)

    assert answer.json() == {"said": "yes"}


async def test_a_form_of_somebody_who_has_not_signed_in_is_taken_too(serve: Serve, browse: Browse) -> None:
    browser = await browse(serve())

    answer = await send(browser, await csrf_on(browser))

    assert answer.json() == {"said": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.net", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example.net"},
        {"Origin": LOOPBACK, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "https://localhost"},
        {"Origin": "http://[::1"},
        {},
    ],
)
async def test_a_form_that_another_site_may_have_sent_is_refused_whatever_it_holds(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await send(browser, await csrf_on(browser), headers)

    assert answer.status_code == 403
    assert answer.json() == {
        "error": "This did not come from this network's own pages; open the page again and send it from there."
    }


@pytest.mark.parametrize("csrf", [None, "", "wrong", "é"])
async def test_a_form_without_the_right_token_is_refused(browser: httpx.AsyncClient, csrf: str | None) -> None:
    answer = await send(browser, csrf)

    assert answer.status_code == 403
    assert answer.json()["error"].startswith("This page was open for too long, or from before you signed in")


async def test_the_token_of_another_session_is_refused(
    serve: Serve, browse: Browse, make_account: MakeAccount, browser: httpx.AsyncClient
) -> None:
    attacker = await browse(serve())
    await sign_in(attacker, await make_account("attacker@example.org"))

    answer = await send(browser, await csrf_on(attacker))

    assert answer.status_code == 403


async def test_the_token_from_before_signing_in_is_refused(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    before = await csrf_on(browser)
    await sign_in(browser, await make_account())

    answer = await send(browser, before)

    assert answer.status_code == 403


async def test_a_form_without_a_browsers_cookie_is_refused(serve: Serve, browse: Browse) -> None:
    app = serve()
    csrf = await csrf_on(await browse(app))
    fresh = await browse(app)

    answer = await send(fresh, csrf)

    assert answer.status_code == 403


async def test_off_loopback_the_public_address_is_our_own(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve(public_url=PUBLIC_URL), base_url=PUBLIC_URL)
    await sign_in(browser, await make_account())
    csrf = await csrf_on(browser)

    ours = await send(browser, csrf, {"Origin": "https://EXPERTS.example.org:443"})
    theirs = await send(browser, csrf, {"Origin": "http://experts.example.org"})

    assert (ours.status_code, theirs.status_code) == (200, 403)


async def test_a_file_is_no_part_of_a_form(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        "/for-tests/form", data={"csrf": await csrf_on(browser)}, files={"said": b"yes"}, headers=OURS
    )

    assert answer.status_code == 400


async def test_a_person_is_told_in_a_sentence(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, "wrong", OURS | {"Accept": "text/html"})

    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert (
        '<p class="refusal" role="alert">This page was open for too long, or from before you signed in or out;'
        in answer.text
    )


async def test_who_signed_out_meanwhile_comes_back_to_the_page_that_they_sent_from(
    serve: Serve, browse: Browse
) -> None:
    browser = await browse(serve())
    sent_from = {"Referer": f"{LOOPBACK}/me?said=hello"}

    here = await send(browser, "wrong", OURS | {"Accept": "text/html"} | sent_from)
    elsewhere = await send(
        browser, "wrong", OURS | {"Accept": "text/html", "Referer": "https://evil.example.net//evil.example.net"}
    )

    assert '<a href="/sign-in?next=/me%3Fsaid%3Dhello">Sign in and come back</a>' in here.text
    assert '<a href="/me?said=hello">Open the page again</a>' in here.text
    assert "Open the page again" not in elsewhere.text
    odd = await send(browser, "wrong", OURS | {"Accept": "text/html", "Referer": "http://["})
    signing_in = await send(browser, "wrong", OURS | {"Accept": "text/html", "Referer": f"{LOOPBACK}/sign-in?next=/me"})
    assert odd.status_code == 403
    assert "Sign in and come back" not in signing_in.text
    assert '<a href="/sign-in?next=/me">Open the page again</a>' in signing_in.text


async def graphql(browser: httpx.AsyncClient, headers: dict[str, str], query: str = END_ALL) -> httpx.Response:
    return await browser.post("/graphql", json={"query": query}, headers=headers)


async def test_graphql_with_a_cookie_and_the_header_is_answered(browser: httpx.AsyncClient) -> None:
    answer = await graphql(browser, {"X-Knowwho": "1"})

    assert answer.json()["data"] == {"endOtherSessions": {"__typename": "SessionsEnded", "ended": 0}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Knowwho": "1", "Content-Type": "text/plain"},
        {"X-Knowwho": "1", "Content-Type": "application/x-www-form-urlencoded"},
        {"X-Knowwho": "1", "Content-Type": "application/graphql-response+json"},
        {"X-Knowwho": "1", "Origin": "https://evil.example.net"},
        {"X-Knowwho": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Knowwho": "1", "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_graphql_with_a_cookie_that_another_site_may_have_sent_is_refused_and_does_nothing(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount, headers: dict[str, str]
) -> None:
    account = await make_account()
    app = serve()
    browser, other = await browse(app), await browse(app)
    await sign_in(browser, account)
    await sign_in(other, account)

    answer = await graphql(browser, headers)

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["message"].startswith("A GraphQL request of somebody who is signed in needs")
    assert len(await sessions.of_account(graph, account.viewer, account=account.id)) == 2


async def test_graphql_with_a_token_needs_no_header(graph: Graph, serve: Serve, browse: Browse) -> None:
    _, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    client = await browse(serve())

    answer = await graphql(client, {"Authorization": f"Bearer {secret}"}, "{ viewer { role } }")

    assert answer.json()["data"] == {"viewer": {"role": "MEMBER"}}


async def test_graphql_of_the_public_needs_no_header(serve: Serve, browse: Browse) -> None:
    answer = await graphql(await browse(serve()), {}, "{ viewer { role } }")

    assert answer.json()["data"] == {"viewer": {"role": "PUBLIC"}}
