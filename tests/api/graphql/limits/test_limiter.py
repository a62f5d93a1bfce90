"""What a GraphQL document may not do to the server, each tried over HTTP, and what it may."""

import time
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from api.door.limits import Limits
from api.graphql.limits import MOST_BRACKETS, MOST_BYTES, MOST_DEFINITIONS, MOST_LETTERS, MOST_LINES, MOST_VALUES
from api.graphql.schema import schema
from api.settings import LimitSettings
from graph import tokens
from tests.door import KEEPER, Browse, Serve

QUICK_S = 2.0
"""A refusal costs milliseconds; a walk that doubles with each fragment would not end."""

SETTINGS = LimitSettings.model_construct()
DEPTH, ALIASES, FIELDS, ROOTS = (
    SETTINGS.query_depth,
    SETTINGS.query_aliases,
    SETTINGS.query_fields,
    SETTINGS.query_root_fields,
)


@pytest.fixture
async def client(serve: Serve, browse: Browse) -> httpx.AsyncClient:
    return await browse(serve())


async def ask(client: httpx.AsyncClient, document: str, *, operation: str | None = None, **variables: Any) -> Any:
    body = {"query": document, "variables": variables, "operationName": operation}
    return (await client.post("/graphql", json=body)).json()


async def refused(client: httpx.AsyncClient, document: str, **more: Any) -> tuple[str, str]:
    """The sentence and the code of the only error."""
    (error,) = (await ask(client, document, **more))["errors"]
    return error["message"], error["extensions"]["code"]


def chain(fragments: int, *, spreads: int = 1, end: str = "{ __typename }") -> str:
    """Fragments that each spread the next one."""
    links = [f"fragment f{n} on Query {{ {f'...f{n + 1} ' * spreads} }}" for n in range(fragments - 1)]
    return "{ ...f0 } " + " ".join([*links, f"fragment f{fragments - 1} on Query {end}"])


def nested(levels: int) -> str:
    """A query of so many levels of objects."""
    broader = levels - 1
    return '{ topic(id: "x") { ' + "broader { " * broader + "label" + " }" * broader + " } }"


@pytest.mark.parametrize("fragments,spreads", [(20, 2), (MOST_DEFINITIONS - 1, 2), (30, 8)])
async def test_fragments_that_double_each_other_are_counted_not_walked(
    client: httpx.AsyncClient, fragments: int, spreads: int
) -> None:
    began = time.perf_counter()

    said, code = await refused(client, chain(fragments, spreads=spreads))

    assert said.startswith("The query asks for ")
    assert said.endswith(f" fields, its fragments written out, more than {FIELDS}; ask in several requests.")
    assert code == "QUERY_TOO_LONG"
    assert time.perf_counter() - began < QUICK_S


@pytest.mark.parametrize(
    "end,said",
    [
        ("{ ...f0 }", "Cannot spread fragment 'f0' within itself via"),
        ("{ ...nowhere }", "Unknown fragment 'nowhere'."),
        ("{ ...f39 }", "Cannot spread fragment 'f39' within itself."),
    ],
)
async def test_fragments_that_have_no_end_are_named_at_once(client: httpx.AsyncClient, end: str, said: str) -> None:
    began = time.perf_counter()

    answer = await ask(client, chain(40, spreads=2, end=end))

    assert answer["errors"][0]["message"].startswith(said)
    assert time.perf_counter() - began < QUICK_S


async def test_definitions_are_limited(client: httpx.AsyncClient) -> None:
    assert "errors" not in await ask(client, chain(MOST_DEFINITIONS - 1))
    assert await refused(client, chain(MOST_DEFINITIONS)) == (
        "The query has 51 operations and fragments, more than 50; ask in several requests.",
        "QUERY_TOO_LONG",
    )


async def test_depth_is_limited(client: httpx.AsyncClient) -> None:
    assert "errors" not in await ask(client, nested(DEPTH))
    assert await refused(client, nested(DEPTH + 1)) == (
        "The query is 13 levels deep, more than 12; ask for fewer levels.",
        "QUERY_TOO_DEEP",
    )


async def test_aliases_are_limited_across_fragments(client: httpx.AsyncClient) -> None:
    def aliases(count: int) -> str:
        return "{ " + " ".join(f"a{n}: title" for n in range(count)) + " }"

    assert "errors" not in await ask(client, "{ network " + aliases(ALIASES) + " }")
    said = "The query gives 31 fields another name, more than 30; ask in several requests."
    assert await refused(client, "{ network " + aliases(ALIASES + 1) + " }") == (said, "QUERY_HAS_TOO_MANY_ALIASES")
    twice = "{ network { ...f ...f } } fragment f on Network " + aliases(ALIASES // 2 + 1)
    assert await refused(client, twice) == (said.replace("31", "32"), "QUERY_HAS_TOO_MANY_ALIASES")


async def test_root_fields_are_limited_across_fragments(client: httpx.AsyncClient) -> None:
    assert "errors" not in await ask(client, "{ " + "__typename " * ROOTS + "}")
    document = "{ __typename ...f } fragment f on Query { " + "__typename " * ROOTS + "}"
    assert await refused(client, document) == (
        "The query has 21 fields at its root, more than 20; ask in several requests.",
        "QUERY_HAS_TOO_MANY_ROOT_FIELDS",
    )


async def test_only_the_operation_that_is_asked_for_is_looked_at_for_depth(client: httpx.AsyncClient) -> None:
    document = "query shallow { __typename } query deep " + nested(DEPTH + 1)

    assert "errors" not in await ask(client, document, operation="shallow")
    assert (await refused(client, document, operation="deep"))[1] == "QUERY_TOO_DEEP"


async def test_fields_are_limited_though_they_are_all_the_same(client: httpx.AsyncClient) -> None:
    def leaves(count: int) -> str:
        return (
            "{ network { " + " ".join(["...f"] * (count // 10)) + " } } fragment f on Network { " + "title " * 10 + "}"
        )

    assert "errors" not in await ask(client, leaves(FIELDS - 10))
    assert await refused(client, leaves(FIELDS)) == (
        "The query asks for 501 fields, its fragments written out, more than 500; ask in several requests.",
        "QUERY_TOO_LONG",
    )


@pytest.mark.parametrize(
    "document,said",
    [
        ("{ __typename " + "@skip(if: false) " * 2000 + "}", "has more than 2,000 tokens; ask in several requests"),
        ("#\n" * 2001 + "{ __typename }", "has more than 2,000 tokens; ask in several requests"),
        ("{ __typename " + "\n" * MOST_LINES + "}", "has more than 2,000 lines; leave out the empty ones"),
        ("{ __typename " + " " * MOST_BYTES + "}", "has more than 100,000 bytes; ask in several requests"),
        ("# " + "字" * (MOST_BYTES // 3) + "\n{ a }", "has more than 100,000 bytes; ask in several requests"),
        (
            "{ topics(filter: {named: [" + '"a" ' * MOST_VALUES + "]}) { __typename } }",
            "gives more than 250 values; give fewer at once",
        ),
    ],
)
async def test_length_is_limited_whatever_it_is_made_of(client: httpx.AsyncClient, document: str, said: str) -> None:
    assert await refused(client, document) == (f"The query {said}.", "QUERY_TOO_LONG")


async def test_strings_are_limited_and_may_be_longer_in_variables(client: httpx.AsyncClient) -> None:
    text = "x" * MOST_LETTERS

    assert await refused(client, f'{{ topic(id: "{text}") {{ label }} }}') == (
        "The strings in the query have more than 10,000 letters; give long texts as variables.",
        "QUERY_TOO_LONG",
    )
    assert "errors" not in await ask(client, "query($id: ID!) { topic(id: $id) { label } }", id=text)


async def test_variables_are_limited_before_they_are_coerced(client: httpx.AsyncClient) -> None:
    document = "query($f: ExpertFilter) { experts(filter: $f) { __typename } }"

    said, code = await refused(client, document, f={"country": {"named": [1] * 10_000}})

    assert (said, code) == ("The query gives more than 250 values; give fewer at once.", "QUERY_TOO_LONG")


@pytest.mark.parametrize(
    "document",
    ["{a" * 10_000 + "}" * 10_000, "{ topic(id: " + "[" * 40_000, "{" + "...{" * 10_000, "{ a(b: " + "{c:" * 10_000],
)
async def test_nesting_brings_no_parser_down(client: httpx.AsyncClient, document: str) -> None:
    said, code = await refused(client, document)

    assert "tokens" in said or "brackets" in said
    assert code in {"QUERY_TOO_LONG", "QUERY_TOO_DEEP"}


@pytest.mark.parametrize(
    "document",
    ["{a" * 300 + "}" * 300, "{ topic(id: " + "[" * 300 + "]" * 300 + ") }", "{" + "...{" * 300 + "a" + "}" * 301],
)
async def test_brackets_are_limited_before_the_parser_that_calls_itself_for_each(
    client: httpx.AsyncClient, document: str
) -> None:
    said, code = await refused(client, document)

    assert said.endswith(f" more than {MOST_BRACKETS} deep; ask for fewer levels.")
    assert code == "QUERY_TOO_DEEP"


async def test_fields_of_one_name_are_compared_within_bounds(client: httpx.AsyncClient) -> None:
    began = time.perf_counter()

    said, code = await refused(
        client, "{ network { " + "title: description " * 20 + "title @skip(if: true) " * 200 + "} }"
    )

    assert code in {"QUERY_TOO_LONG", "QUERY_HAS_TOO_MANY_ALIASES"}
    assert said.startswith("The query asks for too many fields under the same name")
    assert time.perf_counter() - began < QUICK_S


async def test_the_first_errors_are_told_and_not_all(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ network { " + " ".join(f"unknown{n}" for n in range(400)) + " } }")

    assert [error["message"][:20] for error in answer["errors"][:3]] == ["Cannot query field '"] * 3
    assert answer["errors"][3]["message"].startswith("Too many validation errors")
    assert len(answer["errors"]) == 4


async def test_introspection_answers_the_explorer_and_does_not_go_in_circles(client: httpx.AsyncClient) -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"

    assert "errors" not in await ask(client, get_introspection_query(descriptions=True, input_value_deprecation=True))
    assert (await ask(client, circle))["errors"][0]["message"] == "Maximum introspection depth exceeded"


async def test_what_costs_too_much_is_refused_and_told(client: httpx.AsyncClient) -> None:
    experts = "experts(first: $n) { edges { node { talks { edges { node { title } } } } } }"
    document = f"query($n: Int!) {{ topics(first: $n) {{ edges {{ node {{ {experts} }} }} }} }}"

    small = await ask(client, document, n=2)
    large = await ask(client, document, n=100)

    assert small["extensions"]["cost"]["asked"] == 1 + 2 * (1 + 1 + 2 * (1 + 1 + 20))
    assert [error["message"] for error in large["errors"]] == [
        "The query may cost 220,201, more than 20,000; ask for smaller pages or in several requests."
    ]
    assert large["errors"][0]["extensions"] | {"requestId": ""} == {
        "code": "QUERY_TOO_COSTLY",
        "asked": 220_201,
        "allowed": 20_000,
        "requestId": "",
    }
    assert large.get("data") is None


async def test_every_answer_says_what_was_asked_what_is_allowed_and_what_is_left(client: httpx.AsyncClient) -> None:
    query = "{ experts(first: 20) { edges { node { name } } } }"

    first = await ask(client, query)
    second = await ask(client, query)
    refusal = await ask(client, "{ experts(first: 20) { edges { node { country { name } } } } nothing }")
    broken = await ask(client, "{ experts(")

    assert first["extensions"]["cost"] == {"asked": 21, "allowed": 20_000, "left": 2_000_000 - 21}
    assert second["extensions"]["cost"] == {"asked": 21, "allowed": 20_000, "left": 2_000_000 - 42}
    for answer in (refusal, broken):
        assert answer["extensions"]["cost"] == {"asked": None, "allowed": 20_000, "left": 2_000_000 - 42}


async def test_who_has_spent_all_waits_and_what_is_refused_takes_nothing(serve: Serve, browse: Browse) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(query_cost=50, limit_cost="50 per 1 hour"))
    client = await browse(app)
    other = await browse(app, address="192.0.2.7")
    query = "query($n: Int!) { experts(first: $n) { edges { node { name } } } }"

    spent = await ask(client, query, n=29)
    refusal = await ask(client, query, n=29)
    smaller = await ask(client, query, n=19)
    others = await ask(other, query, n=29)

    assert spent["extensions"]["cost"]["left"] == 20
    (error,) = refusal["errors"]
    assert error["message"] == "These were too many costly queries at once; try again in 60 minutes."
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert refusal["extensions"]["cost"] == {"asked": 30, "allowed": 50, "left": 20}
    assert smaller["extensions"]["cost"]["left"] == 0
    assert others["extensions"]["cost"]["left"] == 20


@pytest.mark.parametrize(
    "setting,document,code",
    [
        ({"query_cost": 20}, "{ experts { edges { node { name } } } }", "QUERY_TOO_COSTLY"),
        ({"query_depth": 2}, "{ experts { edges { node { name } } } }", "QUERY_TOO_DEEP"),
        ({"query_aliases": 0}, "{ a: __typename }", "QUERY_HAS_TOO_MANY_ALIASES"),
        ({"query_root_fields": 1}, "{ __typename network { title } }", "QUERY_HAS_TOO_MANY_ROOT_FIELDS"),
        ({"query_fields": 2}, "{ network { title description } }", "QUERY_TOO_LONG"),
        ({"query_tokens": 100}, "{ network { " + "title " * 96 + "} }", "QUERY_TOO_LONG"),
    ],
)
async def test_each_setting_is_the_limit_also_of_what_was_asked_before(
    serve: Serve, browse: Browse, setting: dict[str, Any], document: str, code: str
) -> None:
    app = serve()
    client = await browse(app)
    before = await ask(client, document)

    app.state.limits = Limits(LimitSettings(**setting))

    assert "errors" not in before
    assert (await refused(client, document))[1] == code


async def test_an_operation_that_is_not_there_is_told_and_none_that_is_refused_runs(client: httpx.AsyncClient) -> None:
    document = "query deep " + nested(DEPTH + 1)

    assert (await refused(client, document, operation="deep"))[1] == "QUERY_TOO_DEEP"
    assert (await refused(client, document, operation="other"))[1] == "QUERY_TOO_DEEP"


async def test_asked_without_a_server_the_schema_keeps_to_the_defaults() -> None:
    sound = await schema.execute("{ __typename }")
    deep = await schema.execute(nested(DEPTH + 1))

    assert sound.extensions == {"cost": {"asked": 0, "allowed": 20_000, "left": 20_000}}
    assert deep.errors is not None
    assert deep.errors[0].extensions == {"code": "QUERY_TOO_DEEP", "asked": 13, "allowed": 12}


async def test_a_stream_answers_what_is_refused_instead_of_ending() -> None:
    for document in (nested(DEPTH + 1), "{ broken", "{ unknown }"):
        stream = await schema.stream(document)

        (answer,) = [answer async for answer in stream]

        assert len(answer.errors) == 1  # type: ignore[union-attr, arg-type]


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
    refusal = await create("three", "four")

    assert refusal["data"] == {name: {"__typename": "RateLimited"} for name in ("three", "four")}
    made = await tokens.page(app.state.network.graph, KEEPER, first=10)
    assert {token.name for _, token in made.entries} == {"one", "two"}
