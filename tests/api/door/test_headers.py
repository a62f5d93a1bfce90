"""What every answer tells the browser, on every route that the application has; and what a real browser makes of it."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from playwright.async_api import Page

from api import web
from api.door.headers import SECURITY_HEADERS
from api.web import GRAPHIQL_POLICY
from graph import sign_in_links
from graph.credentials import fresh_secret
from graph.settings import GraphSettings
from graph.viewer import PUBLIC
from tests.browser import chromium
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.served import served

POLICY = "Content-Security-Policy"
ELSEWHERE = "Referrer-Policy"
SAID_NO = ("no-store", "no-cache", "private, no-store")
SECRET = re.compile(r"/sign-in/(link|provider)|/sign-out/provider|/join")


def requests_of(app: FastAPI) -> list[tuple[str, str]]:
    """A request for every route and method of an application, and some for none."""
    found = [("GET", "/nowhere"), ("GET", "/static/nowhere.css"), ("POST", "/"), ("TRACE", "/"), ("GET", "/graphql")]
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"\{[^}]*\}", "x", route.path or "/")
        if route.methods is None:
            found.append(("GET", f"{path}/knowwho.css"))
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


async def answers(browser: httpx.AsyncClient, app: FastAPI) -> dict[str, httpx.Response]:
    return {f"{method} {path}": await browser.request(method, path) for method, path in requests_of(app)}


@pytest.fixture
def explorer(graph_settings: GraphSettings) -> None:
    """The explorer's files, as set-up makes them."""
    web.install(graph_settings)


@pytest.mark.usefixtures("explorer")
async def test_every_answer_of_every_route_carries_every_header(serve: Serve, browse: Browse) -> None:
    app = serve()

    found = await answers(await browse(app), app)

    assert {"GET /", "POST /graphql", "GET /healthz", "GET /static/knowwho.css", "GET /graphiql"} <= found.keys()
    for asked, response in found.items():
        wanted = SECURITY_HEADERS | {POLICY: GRAPHIQL_POLICY if asked == "GET /graphiql" else SECURITY_HEADERS[POLICY]}
        if SECRET.search(asked):
            wanted |= {ELSEWHERE: "no-referrer"}
        got = {name: response.headers.get(name) for name in wanted}
        if response.headers.get(ELSEWHERE) == "no-referrer":
            wanted |= {ELSEWHERE: "no-referrer"}
        assert got == wanted, asked
        assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"]), asked
        assert "strict-transport-security" not in response.headers, asked
        assert "server" not in response.headers, asked


async def test_nothing_but_the_same_files_for_everybody_may_be_kept(serve: Serve, browse: Browse) -> None:
    app = serve()

    found = await answers(await browse(app), app)

    kept = {asked for asked, response in found.items() if response.headers.get("cache-control") not in SAID_NO}
    assert {asked for asked in kept if not asked.startswith(("GET /static/", "GET /assets/"))} == set()


async def test_a_public_https_address_is_never_left_for_http(serve: Serve, browse: Browse) -> None:
    address = "https://experts.example.org"
    browser = await browse(serve(public_url=address), base_url=address)

    for path in ("/healthz", "/nowhere", "/static/knowwho.css"):
        assert (await browser.get(path)).headers["strict-transport-security"] == "max-age=31536000"


async def test_a_refusal_carries_them_too(serve: Serve, browse: Browse) -> None:
    browser = await browse(serve())

    foreign = await browser.get("/", headers={"Host": "attacker.example"})
    large = await browser.post("/sign-in", content=b"x" * 200_000)

    for response, status in ((foreign, 400), (large, 413)):
        assert response.status_code == status
        assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_no_policy_lets_inline_scripts_run_and_only_the_explorer_has_inline_styles() -> None:
    for policy in (SECURITY_HEADERS[POLICY], GRAPHIQL_POLICY):
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == "'self'"
        assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
        assert "unsafe-eval" not in policy
        assert "*" not in policy
        assert "http" not in policy
    assert "unsafe-inline" not in SECURITY_HEADERS[POLICY]


@pytest.fixture(scope="module")
async def page() -> AsyncIterator[Page]:
    async with chromium() as browser:
        yield await browser.new_page()


@pytest.mark.usefixtures("explorer")
async def test_a_browser_finds_nothing_on_our_pages_that_their_policy_forbids(
    serve: Serve, make_account: MakeAccount, browse: Browse, page: Page
) -> None:
    app = serve()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    account = await make_account()
    signed_in = await browse(app)
    await sign_in(signed_in, account)
    seen = []

    async with served(app) as address:
        for cookies in ({}, {"knowwho_session": signed_in.cookies["knowwho_session"]}):
            await page.context.add_cookies(
                [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
            )
            for method, path in requests_of(app):
                if (
                    method == "GET"
                    and not path.startswith(("/nowhere", "/static", "/assets", "/graphql"))
                    and "." not in path
                ):
                    await page.goto(address + path, wait_until="load")
                    seen.append(path)

    assert {"/", "/graphiql", "/sign-in", "/sign-in/link/x", "/join/x"} <= set(seen)
    assert [line for line in said if "Failed to load resource" not in line] == []


async def test_a_form_on_a_page_whose_address_is_secret_can_be_sent(
    serve: Serve, make_account: MakeAccount, page: Page
) -> None:
    app = serve()
    account = await make_account()
    browser = fresh_secret()
    secret = await sign_in_links.create(app.state.network.graph, PUBLIC, email=account.email, browser=browser)

    async with served(app) as address:
        await page.context.clear_cookies()
        await page.context.add_cookies([{"name": "knowwho_browser", "value": browser, "url": address}])
        await page.goto(f"{address}/sign-in/link/{secret}")
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{address}/")

    assert {cookie["name"] for cookie in await page.context.cookies()} >= {"knowwho_session", "knowwho_known"}
