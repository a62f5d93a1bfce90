"""How the endpoint answers what clients send: statuses by media type, GET, refusals, what other sites may not ask."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from api.door.limits import Limits
from api.settings import LimitSettings
from graph.errors import GraphUnavailable, QueryTimedOut
from graph.graph import Graph
from graph.viewer import Role
from tests.api.graphql.http.conftest import GRAPHQL, JSON, MakeToken
from tests.door import Browse, MakeAccount, Serve, sign_in

TYPENAME = "{ __typename }"
END_ALL = "mutation { endOtherSessions { __typename } }"
VIEWER = "{ viewer { role } }"

WELL_FORMED: list[tuple[dict[str, Any], str]] = [
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ topic(id: 1.5) { id } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query ($id: ID!) { topic(id: $id) { id } }"}, "BAD_USER_INPUT"),
    ({"query": "query ($id: ID!) { topic(id: $id) { id } }", "variables": {"id": None}}, "BAD_USER_INPUT"),
    ({"query": "query A { __typename }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
    ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_RESOLUTION_FAILURE"),
    ({"documentId": f"sha256:{'0' * 64}"}, "PERSISTED_QUERY_NOT_SUPPORTED"),
]

MALFORMED: list[tuple[bytes, str]] = [
    (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', "batch"),
    (b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "deep JSON"),
    (b'{"query": "{ __typename ', "half JSON"),
    (b'{"query": "\xff\xfe"}', "not UTF-8"),
    (b'{"query": "\\ud800"}', "half a letter"),
    (b"null", "null"),
    (b"5", "number"),
    (b"", "empty"),
    (b"{}", "no query"),
    (b'{"query": 5}', "no text"),
    (b'{"query": null}', "null query"),
    (b'{"query": "{ __typename }", "variables": "x"}', "no variables"),
    (b'{"query": "{ __typename }", "variables": [1]}', "a list of them"),
    (b'{"query": "{ __typename }", "operationName": 5}', "no name"),
    (b'{"query": "{ __typename }", "extensions": 5}', "no extensions"),
    (b'{"documentId": 5}', "no id"),
    (b'{"documentId": "of my own"}', "another id"),
    (b'{"extensions": {"persistedQuery": 5}}', "no hash"),
]


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """The first error of an answer, which carries the answer's own id."""
    error: dict[str, Any] = answer.json()["errors"][0]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return error


async def ask(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


@pytest.mark.parametrize("media", [GRAPHQL, JSON])
async def test_an_answer_comes_in_the_media_type_that_was_asked_for(client: httpx.AsyncClient, media: str) -> None:
    answer = await ask(client, TYPENAME, Accept=media)

    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")
    assert answer.json()["data"] == {"__typename": "Query"}
    assert next(iter(answer.json())) == "data"


async def test_who_takes_no_media_type_of_ours_is_told(client: httpx.AsyncClient) -> None:
    answer = await ask(client, TYPENAME, Accept="text/html")

    assert (answer.status_code, answer.headers["content-type"]) == (406, f"{JSON}; charset=utf-8")
    assert error_of(answer)["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("body,code", WELL_FORMED)
async def test_what_a_well_formed_request_comes_to_is_200_in_json_and_400_in_the_newer_type(
    client: httpx.AsyncClient, body: dict[str, Any], code: str
) -> None:
    answers = [await client.post("/graphql", json=body, headers={"Accept": media}) for media in (JSON, GRAPHQL)]

    assert [answer.status_code for answer in answers] == [200, 400]
    for answer in answers:
        assert "data" not in answer.json()
        assert error_of(answer)["extensions"]["code"] == code
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("media", [GRAPHQL, JSON])
@pytest.mark.parametrize("body", [one for one, _ in MALFORMED], ids=[name for _, name in MALFORMED])
async def test_a_body_that_is_no_single_operation_is_the_clients_fault(
    client: httpx.AsyncClient, body: bytes, media: str
) -> None:
    answer = await client.post("/graphql", content=body, headers={"Content-Type": JSON, "Accept": media})

    assert answer.status_code == 400
    assert error_of(answer)["extensions"]["code"] == "BAD_REQUEST"
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", ""],
)
async def test_what_a_foreign_form_could_send_is_no_query(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"Content-Type": content_type}
    )

    assert answer.status_code == 415
    assert error_of(answer)["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


async def test_a_query_is_answered_by_get_with_its_variables(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/graphql",
        params={
            "query": "query A($n: String!) { __type(name: $n) { name } } query B { __typename }",
            "operationName": "A",
            "variables": '{"n": "Expert"}',
            "extensions": '{"some": "thing"}',
        },
    )

    assert (answer.status_code, answer.json()["data"]) == (200, {"__type": {"name": "Expert"}})


async def test_an_empty_parameter_is_as_if_it_were_not_there(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/graphql?query={TYPENAME}&operationName=&variables=&extensions=")

    assert answer.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "address",
    [
        "/graphql",
        "/graphql?operationName=A",
        "/graphql?query={__typename}&query={__typename}",
        "/graphql?query={__typename}&variables={",
        "/graphql?query={__typename}&variables=5",
        "/graphql?query={__typename}&extensions=[]",
    ],
)
async def test_an_address_that_is_no_single_query_is_the_clients_fault(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)

    assert answer.status_code == 400
    assert error_of(answer)["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("query,name", [(END_ALL, ""), (f"query Q {TYPENAME} mutation M {END_ALL[9:]}", "M")])
@pytest.mark.parametrize("media", [GRAPHQL, JSON])
async def test_nothing_is_changed_by_get(
    serve: Serve, browse: Browse, make_account: MakeAccount, *, query: str, name: str, media: str
) -> None:
    app, account = serve(), await make_account()
    browser, other = await browse(app), await browse(app)
    for one in (browser, other):
        await sign_in(one, account)

    answer = await browser.get(
        "/graphql", params={"query": query, "operationName": name}, headers={"Accept": media, "X-Knowwho": "1"}
    )

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert error_of(answer)["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert (await other.get("/for-tests/visitor")).json()["role"] == "member"


async def test_a_change_beside_a_query_in_an_address_needs_to_be_named_and_then_is_refused(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/graphql", params={"query": f"query Q {TYPENAME} mutation M {END_ALL[9:]}"})

    assert error_of(answer)["extensions"]["code"] == "OPERATION_RESOLUTION_FAILURE"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "same-origin"},
        {"X-Knowwho": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Knowwho": "1", "Sec-Fetch-Site": "same-site"},
        {"X-Knowwho": "1", "Origin": "https://evil.example.net"},
        {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example.net"},
    ],
)
async def test_a_members_query_by_get_that_a_picture_or_a_script_could_ask_is_refused(
    serve: Serve, browse: Browse, make_account: MakeAccount, headers: dict[str, str]
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    answer = await browser.get("/graphql", params={"query": VIEWER}, headers=headers)

    assert answer.status_code == 403
    assert error_of(answer)["extensions"]["code"] == "NOT_ALLOWED"
    assert "data" not in answer.json()
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("headers", [{"X-Knowwho": "1"}, {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}])
async def test_a_members_own_query_by_get_is_answered(
    serve: Serve, browse: Browse, make_account: MakeAccount, headers: dict[str, str]
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    answer = await browser.get("/graphql", params={"query": VIEWER}, headers=headers)

    assert answer.json()["data"] == {"viewer": {"role": "MEMBER"}}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_token_asks_either_way_and_a_bad_one_is_nobody(
    client: httpx.AsyncClient, make_token: MakeToken, method: str
) -> None:
    async def send(headers: dict[str, str]) -> httpx.Response:
        body = {"params": {"query": VIEWER}} if method == "GET" else {"json": {"query": VIEWER}}
        return await client.request(method, "/graphql", headers=headers, **body)  # type: ignore[arg-type]

    good, bad = await send(await make_token(Role.ORGANISER)), await send({"Authorization": "Bearer kw_nothing"})

    assert good.json()["data"] == {"viewer": {"role": "ORGANISER"}}
    assert bad.status_code == 401
    assert error_of(bad)["extensions"]["code"] == "UNAUTHENTICATED"
    assert bad.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("media", [GRAPHQL, JSON])
async def test_too_many_requests_are_429_and_say_when_again(serve: Serve, browse: Browse, media: str) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(limit_graphql="1 per 1 hour"))
    client = await browse(app)

    answers = [await ask(client, END_ALL, Accept=media) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    told = error_of(answers[1])["extensions"]
    assert told["code"] == "RATE_LIMITED"
    assert answers[1].headers["retry-after"] == str(told["retryAfterS"])


async def test_a_field_that_is_limited_says_when_again_too(serve: Serve, browse: Browse) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(limit_search="1 per 1 hour"))
    client = await browse(app)
    search = '{ matchExperts(question: "") { nobody } }'
    await ask(client, search)

    answer = await ask(client, search, Accept=GRAPHQL)

    told = error_of(answer)["extensions"]
    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert (told["code"], answer.headers["retry-after"]) == ("RATE_LIMITED", str(told["retryAfterS"]))


@pytest.mark.parametrize(
    "fault,code",
    [
        (lambda: RuntimeError("the secret is 12345"), "INTERNAL"),
        (lambda: KeyError("12345"), "INTERNAL"),
        (lambda: GraphUnavailable("bolt://10.12345"), "UNAVAILABLE"),
        (lambda: QueryTimedOut(10.0), "TIMED_OUT"),
    ],
)
async def test_a_fault_in_a_field_has_a_code_and_nothing_of_the_inside(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], Exception], code: str
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise fault()

    monkeypatch.setattr("graph.reading.page", broken)

    answer = await ask(client, "{ topics { edges { cursor } } }", Accept=GRAPHQL)

    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert error_of(answer)["extensions"]["code"] == code
    assert error_of(answer)["path"] == ["topics"]
    assert "12345" not in answer.text


@pytest.mark.parametrize(
    "fault,status,code",
    [
        (lambda: RuntimeError("the secret is 12345"), 500, "INTERNAL"),
        (lambda: GraphUnavailable("bolt://10.12345"), 503, "UNAVAILABLE"),
        (lambda: QueryTimedOut(10.0), 504, "TIMED_OUT"),
    ],
)
@pytest.mark.parametrize("media", [GRAPHQL, JSON])
@pytest.mark.parametrize("where", ["graph.tokens.authenticated", "strawberry.Schema.execute"])
async def test_a_fault_before_anything_is_asked_is_an_answer_too(
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fault: Callable[[], Exception],
    status: int,
    code: str,
    media: str,
    where: str,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise fault()

    monkeypatch.setattr(where, broken)
    headers = {"Authorization": "Bearer kw_any"} if where.startswith("graph.") else {}

    with capture_logs() as lines:
        answer = await ask(client, TYPENAME, Accept=media, **headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, f"{media}; charset=utf-8")
    assert error_of(answer)["extensions"]["code"] == code
    assert "12345" not in answer.text
    assert ("graphql_request_failed" in {line["event"] for line in lines}) is (status == 500)


async def test_a_fault_in_an_extension_is_not_shown(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 12345")

    monkeypatch.setattr("api.graphql.limits.limiter.pay", broken)

    answer = await ask(client, TYPENAME, Accept=GRAPHQL)

    assert answer.status_code == 500
    assert error_of(answer)["extensions"]["code"] == "INTERNAL"
    assert "12345" not in answer.text


async def test_what_comes_after_an_answer_is_done(
    serve: Serve, browse: Browse, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await browse(serve(local_key="the-key-of-this-machine"))
    swept = []

    async def sweep(_: Graph) -> None:
        swept.append(True)

    monkeypatch.setattr("graph.erasure.sweep", sweep)
    await graph.write(
        "CREATE (:Expert {id: 'ama', name: 'Ama', audience_listing: 1, audience_profile: 1, audience_contact: 1})"
    )
    erase = 'mutation { erasePerson(input: {expert: "ama", confirmation: "ama"}) { __typename } }'

    answer = await ask(client, erase, Authorization="Bearer the-key-of-this-machine")

    assert answer.json()["data"] == {"erasePerson": {"__typename": "PersonErased"}}
    assert swept == [True]
