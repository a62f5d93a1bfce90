"""Tokens on their page: made with what was chosen, shown once, refused beside the field, and revoked."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from graph import tokens
from graph.graph import Graph
from graph.tokens import Token, authenticated
from graph.viewer import Role, Scope
from tests.api.pages.administration.sending import send, text_of
from tests.door import KEEPER


async def only(graph: Graph) -> Token:
    ((_, token),) = (await tokens.page(graph, KEEPER, first=9)).entries
    return token


async def test_a_token_is_shown_once_and_opens_what_was_chosen(graph: Graph, browser: httpx.AsyncClient) -> None:
    answer = await send(
        browser, "/tokens", name="<i>news</i>", role="organiser", scope=["read:members", "write"], lasts="30"
    )

    secret = re.search(r'<code class="secret" dir="ltr">(kw_[^<]+)</code>', answer.text)
    assert secret is not None
    token = await authenticated(graph, secret=secret[1])
    assert token is not None
    assert (token.name, token.role, token.scopes) == (
        "<i>news</i>", Role.ORGANISER, frozenset({Scope.READ_MEMBERS, Scope.WRITE}),
    )  # fmt: skip
    assert token.expires_at is not None
    assert abs(token.expires_at - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=5)
    assert answer.headers["cache-control"] == "no-store"
    again = await browser.get("/administration/tokens")
    assert secret[1] not in again.text
    assert "<i>news" not in again.text
    assert token.created_by.startswith("account:")


@pytest.mark.parametrize(
    "fields,ends",
    [
        ({"lasts": "never"}, None),
        ({"lasts": "day", "day": "2090-12-31"}, datetime(2091, 1, 1, tzinfo=UTC)),
        ({"lasts": "90", "day": "2090-12-31"}, datetime(2091, 1, 1, tzinfo=UTC)),
        ({"lasts": "never", "day": "2090-12-31"}, datetime(2091, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_token_ends_when_it_was_said_and_reads_what_its_role_reads(
    graph: Graph, browser: httpx.AsyncClient, fields: dict[str, str], ends: datetime | None
) -> None:
    await send(browser, "/tokens", name="news", role="member", **fields)

    token = await only(graph)
    assert (token.expires_at, token.scopes) == (ends, frozenset({Scope.READ_PUBLIC, Scope.READ_MEMBERS}))


@pytest.mark.parametrize(
    "fields,field",
    [
        ({"name": " "}, "name"),
        ({"name": "taken"}, "name"),
        ({"scope": "administer"}, "scope"),
        ({"scope": "all"}, "scope"),
        ({"role": "king"}, "scope"),
        ({"lasts": "day", "day": "2001-01-01"}, "day"),
        ({"lasts": "day", "day": "soon"}, "day"),
        ({"lasts": "day", "day": "9999-12-31"}, "day"),
        ({"lasts": "ever"}, "day"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    graph: Graph, browser: httpx.AsyncClient, fields: dict[str, str], field: str
) -> None:
    await tokens.create(graph, KEEPER, name="taken", role=Role.MEMBER, expires_at=None)

    answer = await send(browser, "/tokens", **{"name": "news", "role": "member", "lasts": "90"} | fields)

    assert answer.status_code == 422
    assert f'aria-invalid="true" autofocus="" aria-describedby="{field}-wrong"' in answer.text
    assert re.search(rf'id="{field}-wrong"><p class="refusal" role="alert">[^<]+\.</p>', answer.text.replace("\n", ""))
    assert f'name="name" value="{fields.get("name", "news")}"' in answer.text
    assert (await only(graph)).name == "taken"


async def test_what_a_role_may_not_is_said_in_the_words_of_the_form(browser: httpx.AsyncClient) -> None:
    answer = await send(
        browser, "/tokens", name="news", role="member", scope=["administer", "read:organisers"], lasts="90"
    )

    shown = text_of(answer)
    assert "A token in the role “member” cannot have: read what organisers see, administer." in shown
    assert "read:organisers" not in shown


async def test_a_revoked_token_opens_nothing(graph: Graph, browser: httpx.AsyncClient) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="news", role=Role.MEMBER, expires_at=None)

    answer = await send(browser, "/tokens/revoke", token=token.id)
    page = await browser.get(answer.headers["location"])

    assert await authenticated(graph, secret=secret) is None
    assert "Revoked. It opens nothing any more" in page.text
    assert "Revoke it for good" not in page.text
    assert (await send(browser, "/tokens/revoke", token=token.id)).status_code == 422


async def test_tokens_come_page_by_page(graph: Graph, browser: httpx.AsyncClient) -> None:
    for number in range(51):
        await tokens.create(graph, KEEPER, name=f"client {number:02}", role=Role.MEMBER, expires_at=None)

    first = await browser.get("/administration/tokens")
    more = re.search(r'href="([^"]+after=[^"]+)"', first.text)
    assert more is not None
    rest = await browser.get(more[1])

    assert ("client 49" in text_of(first), "client 50" in text_of(first), "client 50" in text_of(rest)) == (
        True, False, True,
    )  # fmt: skip
    assert (await browser.get("/administration/tokens?after=nothing")).status_code == 404
