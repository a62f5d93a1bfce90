"""Signing in by a letter: one page for whoever asks, a link that only its browser uses and only once, and out again."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from api.door.provider import OpenIDProvider
from api.settings import MailSettings, ProviderSettings
from graph import accounts, sign_in_links
from graph.graph import Graph
from graph.sign_in_links import LINK_LASTS
from graph.viewer import PUBLIC
from tests.door import KEEPER, LOOPBACK, Browse, MakeAccount, Serve, role_of, sign_in
from tests.mailbox import Mailbox, link_in, mail_settings
from tests.served import served

AMA = "ama@example.org"
FROM_HERE = {"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}

Open = Callable[[], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def app(serve: Serve, mailbox: Mailbox) -> FastAPI:
    """A network that sends letters."""
    made = serve()
    made.state.mail = mail_settings(mailbox)
    return made


@pytest.fixture
def open_browser(app: FastAPI, browse: Browse) -> Open:
    """Open a browser of its own at the network, each at another place."""
    places = iter(range(1, 200))

    async def open_() -> httpx.AsyncClient:
        browser = await browse(app, address=f"192.0.2.{next(places)}")
        browser.headers.update(FROM_HERE)
        return browser

    return open_


@pytest.fixture
async def browser(open_browser: Open) -> httpx.AsyncClient:
    return await open_browser()


def csrf_in(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def send_form(browser: httpx.AsyncClient, path: str, page: str | None = None, **typed: str) -> httpx.Response:
    """Open a page and send its form."""
    return await browser.post(path, data={"csrf": csrf_in(await browser.get(page or path)), **typed})


async def ask(browser: httpx.AsyncClient, email: str = AMA, **typed: str) -> httpx.Response:
    return await send_form(browser, "/sign-in", email=email, **typed)


async def link(browser: httpx.AsyncClient, mailbox: Mailbox, email: str = AMA, **typed: str) -> str:
    """The path of the link in the letter that this browser asked for."""
    assert (await ask(browser, email, **typed)).status_code == 200
    address = link_in(await mailbox.letter())
    assert address.startswith(f"{LOOPBACK}/sign-in/link/")
    return address.removeprefix(LOOPBACK)


async def press(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    """Open a link and press its button."""
    page = await browser.get(link)
    next_path = re.search(r'name="next" value="([^"]*)"', page.text)
    assert next_path
    return await browser.post(urlsplit(link).path, data={"csrf": csrf_in(page), "next": html.unescape(next_path[1])})


async def test_who_presses_the_button_in_their_letter_is_signed_in(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()

    answer = await press(browser, await link(browser, mailbox))

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await role_of(browser) == "member"


async def test_opening_a_link_uses_nothing_up(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    path = await link(browser, mailbox)

    for _ in range(3):
        page = await browser.get(path)
        assert page.status_code == 200
        assert (await browser.head(path)).status_code == 405
    assert await role_of(browser) == "public"

    assert (await press(browser, path)).status_code == 303


async def test_a_link_signs_in_once(
    browser: httpx.AsyncClient, open_browser: Open, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    path = await link(browser, mailbox)
    page = await browser.get(path)
    cookies = httpx.Cookies(browser.cookies)
    assert (await browser.post(path, data={"csrf": csrf_in(page)})).status_code == 303

    again = await open_browser()
    again.cookies.update(cookies)
    refused = await again.post(path, data={"csrf": csrf_in(page)})

    assert refused.status_code == 410
    assert "This link has ended" in refused.text
    assert await role_of(again) == "public"


async def test_two_who_press_at_once_are_one_session(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    path = await link(browser, mailbox)
    csrf = csrf_in(await browser.get(path))

    answers = await asyncio.gather(*(browser.post(path, data={"csrf": csrf}) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [303, *[410] * 5]
    assert (await graph.read("MATCH (s:Session) RETURN count(s) AS sessions"))[0]["sessions"] == 1


async def test_a_link_that_is_too_old_says_so(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    path = await link(browser, mailbox)
    csrf = csrf_in(await browser.get(path))
    await graph.write("MATCH (l:SignInLink) SET l.expires_at = l.expires_at - $lasts", lasts=LINK_LASTS)

    for answer in (await browser.get(path), await browser.post(path, data={"csrf": csrf})):
        assert answer.status_code == 410
        assert "This link has ended" in answer.text
        assert "Ask for a new link" in answer.text


async def test_another_browser_is_told_where_the_link_works_and_it_still_does(
    browser: httpx.AsyncClient, open_browser: Open, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    path = await link(browser, mailbox)
    other = await open_browser()

    page = await other.get(path)
    pressed = await send_form(other, path, page="/sign-in")

    for answer in (page, pressed):
        assert answer.status_code == 403
        assert "This is another browser" in answer.text
        assert "has not been used up" in answer.text
        assert 'href="/sign-in"' in answer.text
        assert AMA not in answer.text
    assert await role_of(other) == "public"
    assert (await press(browser, path)).status_code == 303


async def test_a_newer_link_of_the_browser_replaces_the_older(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    old = await link(browser, mailbox)
    new = await link(browser, mailbox)

    assert (await browser.get(old)).status_code == 410
    assert (await press(browser, new)).status_code == 303


async def test_the_answer_is_the_same_for_who_is_known_and_who_is_not(
    open_browser: Open, mailbox: Mailbox, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    await graph.write("CREATE (:Expert {id: 'salma', name: 'Salma', email: 'salma@example.org'})")
    closed = await make_account("closed@example.org")
    await accounts.close(graph, KEEPER, id=closed.id)
    answers = {}

    for email in (AMA, "salma@example.org", "closed@example.org", "nobody@example.org"):
        answers[email] = await ask(await open_browser(), email)

    told = {
        (
            answer.status_code,
            re.sub(r'name="csrf" value="[^"]+"', "", answer.text),
            tuple(name for name in answer.headers if name != "set-cookie"),
            answer.headers["content-length"],
        )
        for answer in answers.values()
    }
    assert len(told) == 1
    assert not [email for email, answer in answers.items() if email in answer.text]
    assert {(await mailbox.letter())["To"] for _ in range(2)} == {AMA, "salma@example.org"}
    assert mailbox.is_empty


async def asked_until_answered(app: FastAPI, monkeypatch: pytest.MonkeyPatch, email: str) -> list[str]:
    """What the database is asked, in order, from the form's arrival until the last byte of the answer."""
    log: list[str] = []

    def logged(method: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def asked(self: Graph, first: object, *args: object, **named: object) -> object:
            log.append(first if isinstance(first, str) else "a transaction")
            return await method(self, first, *args, **named)

        return asked

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                log.append("answered")

        await app(scope, receive, sent)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(answering), base_url=LOOPBACK) as browser:
        browser.headers.update(FROM_HERE)
        csrf = csrf_in(await browser.get("/sign-in"))
        log.clear()
        with monkeypatch.context() as watched:
            for name in ("read", "write", "write_repeatably", "transact"):
                watched.setattr(Graph, name, logged(getattr(Graph, name)))
            await browser.post("/sign-in", data={"csrf": csrf, "email": email})
    return log[: log.index("answered")]


async def test_before_the_answer_nothing_depends_on_the_address(
    app: FastAPI, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_account()

    of_member = await asked_until_answered(app, monkeypatch, AMA)
    of_nobody = await asked_until_answered(app, monkeypatch, "nobody@example.org")

    assert of_member
    assert of_member == of_nobody


async def test_the_answer_does_not_wait_for_the_mail_server(
    app: FastAPI, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    mailbox.hangs = asyncio.Event()

    async with served(app) as address, httpx.AsyncClient(base_url=address) as browser:
        browser.headers.update(FROM_HERE | {"Origin": address})
        for _ in range(2):  # on the same connection: the one before holds up nothing
            assert (await ask(browser)).status_code == 200
        assert mailbox.is_empty
        mailbox.hangs.set()
        assert (await mailbox.letter())["To"] == AMA


@pytest.mark.parametrize("fault", ["dead", "refusing"])
async def test_a_letter_that_cannot_leave_is_told_to_nobody(
    app: FastAPI, browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, fault: str
) -> None:
    await make_account()
    usual = await ask(browser, "nobody@example.org")
    if fault == "dead":
        app.state.mail = mail_settings(mailbox).model_copy(update={"smtp_port": 9})
    mailbox.refuses = f"550 <{AMA}>: no such user"

    answer = await ask(browser)

    assert (answer.status_code, answer.text) == (usual.status_code, usual.text)
    assert mailbox.is_empty


@pytest.mark.parametrize("typed", ["", "ama", "ama@", "a b@example.org", "ama@example.org\r\nBcc: salma@example.org"])
async def test_what_is_no_address_is_said_at_the_field_and_kept(
    browser: httpx.AsyncClient, mailbox: Mailbox, typed: str
) -> None:
    answer = await ask(browser, typed, next="/?q=markets")

    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="email-refusal email-help"' in answer.text
    assert "That is no e-mail address" in answer.text
    assert 'name="next" value="/?q=markets"' in answer.text
    assert 'value="ama@' in answer.text or not typed.startswith("ama@")
    assert mailbox.is_empty


async def test_a_hostile_address_is_text(browser: httpx.AsyncClient) -> None:
    answer = await ask(browser, '"><script>alert(1)</script>')

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_foreign_page_asks_for_no_letter(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, headers: dict[str, str]
) -> None:
    await make_account()
    csrf = csrf_in(await browser.get("/sign-in"))

    answer = await browser.post("/sign-in", data={"csrf": csrf, "email": AMA}, headers=headers)

    assert answer.status_code == 403
    assert mailbox.is_empty


async def test_a_host_of_the_askers_choice_gets_into_no_letter(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    csrf = csrf_in(await browser.get("/sign-in"))

    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        await browser.post("/sign-in", data={"csrf": csrf, "email": AMA}, headers=headers)

    assert link_in(await mailbox.letter()).startswith(f"{LOOPBACK}/")
    assert mailbox.is_empty


async def test_letters_lead_to_the_address_that_is_set(
    serve: Serve, browse: Browse, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    public = "https://experts.example.org"
    app = serve(public_url=public)
    app.state.mail = mail_settings(mailbox)
    browser = await browse(app, base_url=public)
    browser.headers.update({"Origin": public, "Accept": "text/html"})

    await ask(browser)
    address = link_in(await mailbox.letter())
    answer = await press(browser, address.removeprefix(public))

    assert address.startswith(f"{public}/sign-in/link/")
    assert answer.status_code == 303
    assert await role_of(browser) == "member"


async def test_one_comes_back_to_where_one_was(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()

    answer = await press(browser, await link(browser, mailbox, next="/?q=église&country=TN"))

    assert httpx.URL(answer.headers["location"]) == httpx.URL("/?q=église&country=TN")


@pytest.mark.parametrize(
    "next_path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/%2Fevil.example", "javascript:alert(1)"],
)
async def test_no_other_site_is_gone_to(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, next_path: str
) -> None:
    await make_account()
    form = await browser.get("/sign-in", params={"next": next_path})
    path = await link(browser, mailbox, next=next_path)
    page = await browser.get(path, params={"next": next_path})

    answer = await browser.post(path, data={"csrf": csrf_in(page), "next": next_path})

    assert 'name="next" value="/"' in form.text
    assert 'name="next" value="/"' in page.text
    assert answer.headers["location"] == "/"


async def test_a_person_of_the_roster_signs_in_as_themselves(
    browser: httpx.AsyncClient, mailbox: Mailbox, graph: Graph
) -> None:
    await graph.write("CREATE (:Expert {id: 'salma', name: 'Salma', email: 'Salma@example.org'})")

    await press(browser, await link(browser, mailbox, "salma@example.org"))

    seen = (await browser.get("/for-tests/visitor")).json()
    assert (seen["role"], seen["person"]) == ("member", "salma")


async def test_an_account_closed_meanwhile_is_not_signed_in(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount, graph: Graph
) -> None:
    account = await make_account()
    path = await link(browser, mailbox)
    csrf = csrf_in(await browser.get(path))
    await accounts.close(graph, KEEPER, id=account.id)

    answer = await browser.post(path, data={"csrf": csrf})

    assert answer.status_code == 410
    assert await role_of(browser) == "public"


async def test_a_link_of_an_administrator_works_in_any_browser_once(
    open_browser: Open, make_account: MakeAccount, graph: Graph
) -> None:
    await make_account()
    secret = await sign_in_links.create(graph, KEEPER, email=AMA, browser=None)
    first, second = await open_browser(), await open_browser()

    assert (await press(first, f"/sign-in/link/{secret}")).status_code == 303
    assert (await second.get(f"/sign-in/link/{secret}")).status_code == 410


async def test_a_network_that_sends_no_letters_says_who_gives_links(
    app: FastAPI, browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    csrf = csrf_in(await browser.get("/sign-in"))
    app.state.mail = MailSettings()

    page = await browser.get("/sign-in")
    answer = await browser.post("/sign-in", data={"csrf": csrf, "email": AMA})

    assert 'name="email"' not in page.text
    assert (page.status_code, answer.status_code) == (200, 503)
    for one in (page, answer):
        assert "Ask somebody who administers it for a link" in one.text
    assert mailbox.is_empty


async def test_a_network_whose_provider_is_the_only_way_shows_no_form(
    app: FastAPI, browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    csrf = csrf_in(await browser.get("/sign-in"))
    app.state.mail = mail_settings(mailbox, sign_in_by_email=False)

    page = await browser.get("/sign-in")
    answer = await browser.post("/sign-in", data={"csrf": csrf, "email": AMA})

    assert 'name="email"' not in page.text
    assert answer.status_code == 503
    assert mailbox.is_empty


@pytest.fixture
def provider(app: FastAPI) -> OpenIDProvider:
    """A provider that the network's settings name; it is asked nothing here."""
    found = OpenIDProvider.of(
        ProviderSettings(oidc_issuer="https://login.example.org", oidc_client_id="network", oidc_name="the bureau")
    )
    assert found is not None
    app.state.provider = found
    return found


@pytest.mark.parametrize("by_email", [True, False])
async def test_a_provider_is_offered_by_its_name_with_the_way_back(
    app: FastAPI, browser: httpx.AsyncClient, provider: OpenIDProvider, mailbox: Mailbox, *, by_email: bool
) -> None:
    app.state.mail = mail_settings(mailbox, sign_in_by_email=by_email)

    page = await browser.get("/sign-in", params={"next": "/?q=markets&country=TN"})

    assert 'href="/sign-in/provider?next=/%3Fq%3Dmarkets%26country%3DTN">Sign in with the bureau</a>' in page.text
    assert ('name="email"' in page.text) is by_email


async def test_who_came_through_a_provider_is_shown_how_to_sign_out_there(
    browser: httpx.AsyncClient, provider: OpenIDProvider, make_account: MakeAccount, graph: Graph
) -> None:
    await sign_in(browser, await make_account())
    await graph.write("MATCH (s:Session) SET s.how = 'provider'")

    page = await send_form(browser, "/sign-out", page="/sign-in")

    assert page.status_code == 200
    assert 'href="/sign-out/provider">Sign out at the bureau</a>' in page.text
    assert AMA not in page.text
    assert await role_of(browser) == "public"


async def test_who_is_signed_in_is_told_so_and_gets_no_letter(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await sign_in(browser, await make_account())

    page = await browser.get("/sign-in?next=/me")
    answer = await browser.post("/sign-in", data={"csrf": csrf_in(page), "email": AMA, "next": "/me"})

    assert "You are signed in as" in page.text
    assert 'href="/me"' in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert mailbox.is_empty


async def test_signing_out_ends_the_session(
    browser: httpx.AsyncClient, make_account: MakeAccount, graph: Graph
) -> None:
    await sign_in(browser, await make_account())

    answer = await send_form(browser, "/sign-out", page="/sign-in")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await role_of(browser) == "public"
    assert not await graph.read("MATCH (s:Session) RETURN s")


async def test_a_foreign_page_signs_nobody_out(browser: httpx.AsyncClient, make_account: MakeAccount) -> None:
    await sign_in(browser, await make_account())

    answer = await browser.post("/sign-out", data={"csrf": "guessed"})

    assert answer.status_code == 403
    assert await role_of(browser) == "member"


async def test_a_client_with_a_token_asks_for_no_letter(
    serve: Serve, browse: Browse, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()
    app = serve(local_key="k" * 43)
    app.state.mail = mail_settings(mailbox)
    client = await browse(app)

    answer = await client.post("/sign-in", data={"email": AMA}, headers={"Authorization": f"Bearer {'k' * 43}"})

    assert answer.status_code == 503
    assert mailbox.is_empty


async def test_pages_with_secrets_are_kept_nowhere(
    browser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account()

    page = await browser.get(await link(browser, mailbox))

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] in {"no-referrer", "strict-origin"}


async def test_no_link_is_made_for_who_is_unknown(browser: httpx.AsyncClient, graph: Graph) -> None:
    await ask(browser, "nobody@example.org")

    assert not await graph.read("MATCH (l:SignInLink) RETURN l")


async def test_old_links_are_swept_when_somebody_asks(
    browser: httpx.AsyncClient, graph: Graph, make_account: MakeAccount
) -> None:
    await make_account()
    await sign_in_links.create(graph, PUBLIC, email=AMA, browser="elsewhere")
    await graph.write("MATCH (l:SignInLink) SET l.expires_at = l.expires_at - $lasts", lasts=LINK_LASTS + timedelta(1))

    await ask(browser, "nobody@example.org")

    assert not await graph.read("MATCH (l:SignInLink) RETURN l")
