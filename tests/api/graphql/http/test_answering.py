"""Who may keep an answer, who has it already, and who gets it compressed."""

import gzip
from collections.abc import Mapping

import httpx
import orjson
import pytest

from api.graphql.http.answering import SMALLEST_COMPRESSED
from graph.graph import Graph
from graph.viewer import Role
from tests.api.graphql.http.conftest import GRAPHQL, MakeToken, ServeWith
from tests.door import Browse, MakeAccount, Serve, sign_in

TYPENAME = {"query": "{ __typename }"}
TYPES = {"query": "{ __schema { types { name description } } }"}
OWN = "private, no-store"
VARY = "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie"


async def get(
    client: httpx.AsyncClient, headers: Mapping[str, str] | None = None, *, params: Mapping[str, str] | None = None
) -> httpx.Response:
    return await client.get("/graphql", params=TYPENAME if params is None else params, headers=headers)


async def test_what_the_public_is_answered_by_get_may_be_kept_a_moment(client: httpx.AsyncClient) -> None:
    answer = await get(client)

    assert answer.headers["cache-control"] == "public, max-age=30"
    assert answer.headers["vary"] == VARY


async def test_how_long_is_a_setting_and_none_is_none(serve_with: ServeWith, browse: Browse) -> None:
    long, none = [await get(await browse(serve_with(graphql_cache_s=seconds))) for seconds in (300, 0)]

    assert [one.headers["cache-control"] for one in (long, none)] == ["public, max-age=300", OWN]


async def test_what_may_be_kept_tells_nobody_what_another_may_still_spend(client: httpx.AsyncClient) -> None:
    kept, own = await get(client), await client.post("/graphql", json=TYPENAME)

    assert "extensions" not in kept.json()
    assert "cost" in own.json()["extensions"]


@pytest.mark.parametrize(
    "params,headers",
    [
        (TYPENAME, {"Cookie": "theme=dark"}),
        (TYPENAME, {"Cookie": "knowwho_session=ended"}),
        ({"query": "{ nothing }"}, {}),
        ({"query": '{ experts(after: "x") { edges { cursor } } }'}, {}),
        ({"query": "mutation { endOtherSessions { __typename } }"}, {}),
        ({}, {"Accept": "text/html"}),
        (TYPENAME, {"Authorization": "Bearer kw_unknown"}),
    ],
    ids=["any cookie", "an ended session", "invalid", "an error in a field", "a change", "not acceptable", "no token"],
)
async def test_everything_else_by_get_may_not_be_kept(
    client: httpx.AsyncClient, params: dict[str, str], headers: dict[str, str]
) -> None:
    answer = await get(client, headers, params=params)

    assert answer.headers["cache-control"] == OWN
    assert answer.headers["vary"] == VARY


async def test_nothing_by_post_may_be_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json=TYPENAME)

    assert answer.headers["cache-control"] == OWN
    assert "etag" not in answer.headers


@pytest.mark.parametrize("role", list(Role))
async def test_what_a_token_is_answered_may_not_be_kept(
    client: httpx.AsyncClient, make_token: MakeToken, role: Role
) -> None:
    assert (await get(client, await make_token(role))).headers["cache-control"] == OWN


async def test_what_a_member_is_answered_may_not_be_kept(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    answer = await get(browser, {"X-Knowwho": "1"})

    assert (answer.status_code, answer.headers["cache-control"]) == (200, OWN)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("form", ["{tag}", "*", '"other", {tag}', "{strong}"])
async def test_who_has_it_is_not_sent_it_again(client: httpx.AsyncClient, form: str) -> None:
    first = await get(client, {"Accept": GRAPHQL})
    tag = first.headers["etag"]

    again = await get(client, {"If-None-Match": form.format(tag=tag, strong=tag.removeprefix("W/"))})

    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers[name] for name in ("etag", "cache-control", "vary")} == {
        name: first.headers[name] for name in ("etag", "cache-control", "vary")
    }


async def test_who_has_something_else_is_sent_it(client: httpx.AsyncClient) -> None:
    tag = (await get(client)).headers["etag"]

    other = await get(client, {"If-None-Match": tag}, params={"query": "{ __typename more: __typename }"})

    assert other.status_code == 200
    assert other.headers["etag"] not in {tag, None}


async def test_the_tag_changes_with_what_is_told(client: httpx.AsyncClient, graph: Graph) -> None:
    topics = {"query": "{ topics(first: 1) { edges { node { label } } } }"}
    before = (await get(client, params=topics)).headers["etag"]
    await graph.write("CREATE (:Topic {id: 'markets', label_en: 'Markets'})")

    after = await get(client, {"If-None-Match": before}, params=topics)

    assert after.status_code == 200
    assert "Markets" in after.text


async def test_a_token_may_ask_whether_it_has_it(client: httpx.AsyncClient, make_token: MakeToken) -> None:
    token = await make_token(Role.MEMBER)
    tag = (await get(client, token)).headers["etag"]

    again = await get(client, token | {"If-None-Match": tag})

    assert (again.status_code, again.headers["cache-control"]) == (304, OWN)


async def raw(
    client: httpx.AsyncClient, params: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[httpx.Response, bytes]:
    """An answer and its body as it travelled."""
    request = client.build_request("GET", "/graphql", params=params, headers=headers)
    answer = await client.send(request, stream=True)
    content = b"".join([part async for part in answer.aiter_raw()])
    return answer, content


@pytest.mark.parametrize("with_token", [False, True])
async def test_a_large_answer_is_compressed_for_the_public_and_for_tokens(
    client: httpx.AsyncClient, make_token: MakeToken, with_token: bool
) -> None:
    token = await make_token(Role.MEMBER) if with_token else {}

    plain, whole = await raw(client, TYPES, token | {"Accept-Encoding": "identity"})
    packed, content = await raw(client, TYPES, token | {"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(content))
    assert len(content) < len(whole) / 3
    assert orjson.loads(gzip.decompress(content))["data"] == orjson.loads(whole)["data"]
    assert packed.headers["etag"] == plain.headers["etag"]


async def test_a_small_answer_is_not(client: httpx.AsyncClient) -> None:
    answer, content = await raw(client, TYPENAME, {"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert len(content) < SMALLEST_COMPRESSED


@pytest.mark.parametrize("signed_in", [True, False])
async def test_an_answer_to_a_cookie_is_not_whatever_the_cookie_is(
    serve: Serve, browse: Browse, make_account: MakeAccount, signed_in: bool
) -> None:
    browser = await browse(serve())
    if signed_in:
        await sign_in(browser, await make_account())
    else:
        browser.cookies.set("theme", "dark")

    answer, content = await raw(browser, TYPES, {"X-Knowwho": "1", "Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert len(content) > SMALLEST_COMPRESSED
