"""What a GraphQL document may not do to the server, each tried, and what it may."""

import time
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from api.door.limits import Limits
from api.graphql.guards import MOST_ALIASES, MOST_DEPTH, MOST_FIELDS, MOST_FRAGMENTS, MOST_TOKENS
from api.settings import LimitSettings
from graph import tokens
from tests.door import KEEPER, Browse, Serve

QUICK_S = 2.0
"""A refusal costs milliseconds; a walk that doubles with each fragment would not end."""


@pytest.fixture
async def client(serve: Serve, browse: Browse) -> httpx.AsyncClient:
    return await browse(serve())


async def messages(client: httpx.AsyncClient, document: str, **variables: Any) -> list[str]:
    answer = await client.post("/graphql", json={"query": document, "variables": variables})
    assert answer.status_code == 200
    return [error["message"] for error in answer.json().get("errors", [])]


def chain(fragments: int, *, spreads: int = 1, end: str = "{ __typename }") -> str:
    """Fragments that each spread the next one."""
    links = [f"fragment f{n} on Query {{ {f'...f{n + 1} ' * spreads} }}" for n in range(fragments - 1)]
    return "{ ...f0 } " + " ".join([*links, f"fragment f{fragments - 1} on Query {end}"])


def nested(levels: int) -> str:
    """A query of so many levels of objects."""
    broader = levels - 1
    return '{ topic(id: "x") { ' + "broader { " * broader + "label" + " }" * broader + " } }"


@pytest.mark.parametrize("fragments,spreads", [(20, 2), (MOST_FRAGMENTS, 2), (30, 8)])
async def test_fragments_that_double_each_other_are_counted_not_walked(
    client: httpx.AsyncClient, fragments: int, spreads: int
) -> None:
    began = time.perf_counter()

    said = await messages(client, chain(fragments, spreads=spreads))

    assert said == [f"The document asks for more than {MOST_FIELDS} fields; ask in several requests."]
    assert time.perf_counter() - began < QUICK_S


@pytest.mark.parametrize("end", ["{ ...f0 }", "{ ...nowhere }", "{ ...f39 }"])
async def test_fragments_that_have_no_end_are_refused_at_once(client: httpx.AsyncClient, end: str) -> None:
    began = time.perf_counter()

    said = await messages(client, chain(40, spreads=2, end=end))

    assert said == ["A fragment is missing or spreads itself; write its fields out."]
    assert time.perf_counter() - began < QUICK_S


async def test_a_chain_of_fragments_may_be_long_but_not_for_ever(client: httpx.AsyncClient) -> None:
    assert await messages(client, chain(MOST_FRAGMENTS)) == []
    assert await messages(client, chain(MOST_FRAGMENTS + 1)) == [
        f"The document has more than {MOST_FRAGMENTS} fragments; ask in several requests."
    ]


async def test_depth_is_limited(client: httpx.AsyncClient) -> None:
    assert await messages(client, nested(MOST_DEPTH)) == []
    assert await messages(client, nested(MOST_DEPTH + 1)) == [
        f"'anonymous' exceeds maximum operation depth of {MOST_DEPTH}"
    ]


async def test_aliases_are_limited_across_fragments(client: httpx.AsyncClient) -> None:
    def aliases(count: int) -> str:
        return "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }"

    assert await messages(client, aliases(MOST_ALIASES)) == []
    assert await messages(client, aliases(MOST_ALIASES + 1)) == [
        f"{MOST_ALIASES + 1} aliases found. Allowed: {MOST_ALIASES}"
    ]
    twice = "{ ...f ...f } fragment f on Query " + aliases(MOST_ALIASES // 2 + 1)
    assert await messages(client, twice) == [f"{MOST_ALIASES + 2} aliases found. Allowed: {MOST_ALIASES}"]


async def test_fields_are_limited_though_they_are_all_the_same(client: httpx.AsyncClient) -> None:
    assert await messages(client, "{ " + "__typename " * MOST_FIELDS + "}") == []
    assert await messages(client, "{ " + "__typename " * (MOST_FIELDS + 1) + "}") == [
        f"The document asks for more than {MOST_FIELDS} fields; ask in several requests."
    ]


async def test_tokens_are_limited_as_with_directives_without_number(client: httpx.AsyncClient) -> None:
    (said,) = await messages(client, "{ __typename " + "@skip(if: false) " * MOST_TOKENS + "}")

    assert said == f"Syntax Error: Document contains more than {MOST_TOKENS} tokens. Parsing aborted."


@pytest.mark.parametrize("document", ["{a" * 900 + "}" * 900, "{ topic(id: " + "[" * 1900 + "]" * 90 + ") }"])
async def test_nesting_does_not_bring_the_parser_down(client: httpx.AsyncClient, document: str) -> None:
    (said,) = await messages(client, document)

    assert said.startswith("Syntax Error: Document is nested too deeply")


async def test_introspection_answers_the_explorer_and_does_not_go_in_circles(client: httpx.AsyncClient) -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"

    assert await messages(client, get_introspection_query(descriptions=True, input_value_deprecation=True)) == []
    assert await messages(client, circle) == ["Maximum introspection depth exceeded"]


@pytest.mark.parametrize(
    "body",
    [
        b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"query": "{ __typename ',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        b"null",
        b"5",
        b"",
        b'{"query": 5}',
        b'{"query": null}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "variables": [1]}',
        b'{"query": "{ __typename }", "operationName": 5}',
        b'{"query": "{ __typename }", "extensions": 5}',
    ],
    ids=[
        *("batch", "deep JSON", "half JSON", "not UTF-8", "half a letter", "null", "number", "empty"),
        *("no text", "no query", "no variables", "a list of them", "no name", "no extensions"),
    ],
)
async def test_a_body_that_is_no_single_operation_is_the_clients_fault(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/graphql", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400


async def test_a_query_is_not_asked_by_address_where_logs_and_links_would_keep_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", params={"query": "{ __typename }"})

    assert answer.status_code in {400, 404, 405}
    assert "Query" not in answer.text


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_foreign_form_could_send_is_no_query(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"Content-Type": content_type}
    )

    assert answer.status_code in {400, 415}


async def test_every_root_field_of_a_mutation_is_a_change_and_too_many_change_nothing(
    serve: Serve, browse: Browse
) -> None:
    app = serve(local_key="the-key-of-this-machine")
    app.state.limits = Limits(LimitSettings(limit_mutation="3 per 1 hour"))
    client = await browse(app)

    async def create(*names: str) -> dict[str, Any]:
        fields = [f'{name}: createToken(input: {{name: "{name}", role: MEMBER}}) {{ __typename }}' for name in names]
        body = {"query": "mutation { ...f } fragment f on Mutation { " + " ".join(fields) + " }"}
        headers = {"Authorization": "Bearer the-key-of-this-machine"}
        answer: dict[str, Any] = (await client.post("/graphql", json=body, headers=headers)).json()
        return answer

    assert "errors" not in await create("one", "two")
    refused = await create("three", "four")

    (error,) = refused["errors"]
    assert error["message"] == "These were too many changes at once; try again in 60 minutes."
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert 3500 < error["extensions"]["retryAfterS"] <= 3600
    made = await tokens.page(app.state.network.graph, KEEPER, first=10)
    assert {token.name for _, token in made.entries} == {"one", "two"}
