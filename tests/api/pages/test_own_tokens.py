"""Tokens of one's own on their page: for who signed in, shown once, up to the own role, refused in one's language."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from graph import own_tokens, tokens
from graph.accounts import Account
from graph.graph import Graph
from graph.viewer import Role, Scope
from tests.door import KEEPER, Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.person import add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
SECRET = re.compile(r'<code class="secret" dir="ltr">(kw_[^<]+)</code>')


@pytest.fixture
async def ama(graph: Graph, make_account: MakeAccount) -> Account:
    return await make_account("ama@example.org", role=Role.ORGANISER)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, ama)
    opened.headers["Accept"] = "text/html"
    return opened


async def send(browser: httpx.AsyncClient, path: str = "", **fields: Any) -> httpx.Response:
    data = {"csrf": await csrf_on(browser), **fields}
    return await browser.post(f"/me/tokens{path}", data=data, headers=HERE)


async def test_a_token_is_made_shown_once_and_revoked(graph: Graph, browser: httpx.AsyncClient, ama: Account) -> None:
    made = await send(browser, name="<i>phone</i>", role="member", scope=["read:members", "write"], lasts="90")
    (secret,) = SECRET.findall(made.text)
    again = await browser.get("/me/tokens")
    (token,) = await own_tokens.own(graph, ama.viewer)
    client = await browser.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})
    revoked = await send(browser, "/revoke", token=token.id)
    after = await browser.get(revoked.headers["location"])
    refused = await browser.get("/for-tests/visitor", headers={"Authorization": f"Bearer {secret}"})

    assert client.json() == {"role": "member", "person": None, "actor": f"token:{token.id}"}
    assert token.scopes == {Scope.READ_MEMBERS, Scope.WRITE}
    assert token.expires_at is not None
    assert abs(token.expires_at - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=5)
    assert made.headers["cache-control"] == "no-store"
    assert secret not in again.text
    assert "<i>phone" not in again.text
    assert "Revoked. It opens nothing any more" in after.text
    assert refused.status_code == 401


@pytest.mark.parametrize(
    "fields,field",
    [
        ({"name": " "}, "name"),
        ({"name": "taken"}, "name"),
        ({"role": "administrator"}, "scope"),
        ({"role": "member", "scope": "read:organisers"}, "scope"),
        ({"scope": "administer"}, "scope"),
        ({"lasts": "never"}, "day"),
        ({"lasts": "day", "day": "2999-01-01"}, "day"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_in_the_pages_language(
    graph: Graph, browser: httpx.AsyncClient, ama: Account, fields: dict[str, str], field: str
) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    await own_tokens.create(graph, ama.viewer, name="taken", role=Role.MEMBER, expires_at=soon)
    browser.headers["Accept-Language"] = "ru"

    answer = await send(browser, **{"name": "phone", "role": "organiser", "lasts": "90"} | fields)

    assert answer.status_code == 422
    assert f'aria-invalid="true" autofocus="" aria-describedby="{field}-wrong"' in answer.text
    (said,) = re.findall(rf'id="{field}-wrong">\s*<p class="refusal" role="alert">([^<]+)</p>', answer.text)
    assert re.search("[а-я]{3}", html.unescape(said))
    assert f'name="name" value="{fields.get("name", "phone")}"' in answer.text
    assert len(await own_tokens.own(graph, ama.viewer)) == 1


async def test_no_role_and_no_scope_beyond_ones_own_is_offered(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/me/tokens")).text

    assert re.findall(r'<option value="(\w+)"[^>]*>', page.partition('name="role"')[2].partition("</select>")[0]) == [
        "public",
        "member",
        "organiser",
    ]
    assert 'value="administer"' not in page
    assert 'value="never"' not in page


async def test_who_is_not_signed_in_does_that_first_and_programs_make_none(
    graph: Graph, browser: httpx.AsyncClient, serve: Serve, browse: Browse
) -> None:
    made = await send(browser, name="phone", role="organiser", scope=["write", "read:members"], lasts="30")
    (secret,) = SECRET.findall(made.text)
    stranger = await browse(serve())

    page = await stranger.get("/me/tokens")
    form = await send(stranger, name="mine", role="member", lasts="30")
    program = await stranger.post("/me/tokens", data={"name": "x"}, headers={"Authorization": f"Bearer {secret}"})

    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/me/tokens")
    assert (form.status_code, form.headers["location"]) == (303, "/sign-in?next=/me/tokens")
    assert program.status_code in {303, 403}
    assert len((await tokens.page(graph, KEEPER, first=9)).entries) == 1


async def test_the_page_is_linked_for_people_and_for_who_stands_for_nobody(
    graph: Graph, serve: Serve, browse: Browse, browser: httpx.AsyncClient
) -> None:
    await graph.write("MATCH (a:Account) DETACH DELETE a")
    person = await browse(serve())
    await sign_in(person, await add_person(graph))

    assert 'href="/me/tokens"' in (await person.get("/me")).text
    assert '<a href="/me/tokens" aria-current="page">' in (await person.get("/me/tokens")).text


async def test_administrators_see_whose_a_token_is_and_revoke_it(
    graph: Graph, *, serve: Serve, browse: Browse, make_account: MakeAccount, browser: httpx.AsyncClient, ama: Account
) -> None:
    made = await send(browser, name="phone", role="member", lasts="30")
    keeper = await browse(serve())
    await sign_in(keeper, await make_account("keeper@example.org", role=Role.ADMINISTRATOR))

    page = await keeper.get("/administration/tokens")
    (token,) = await own_tokens.own(graph, ama.viewer)
    data = {"csrf": await csrf_on(keeper), "token": token.id}
    revoked = await keeper.post("/administration/tokens/revoke", data=data, headers=HERE)

    assert '<bdi dir="ltr">ama@example.org</bdi>' in page.text
    assert revoked.status_code == 303
    assert await tokens.authenticated(graph, secret=SECRET.findall(made.text)[0]) is None
