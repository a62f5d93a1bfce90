"""Who may ask for the schema, and whose errors say what else it has."""

import httpx
import pytest
from graphql import get_introspection_query

from api.settings import Who
from graph.viewer import Role
from tests.api.graphql.http.conftest import GRAPHQL, MakeToken, ServeWith
from tests.door import Browse

INCLUDED = {
    Who.EVERYONE: set(Role),
    Who.MEMBERS: {Role.MEMBER, Role.ORGANISER, Role.ADMINISTRATOR},
    Who.ORGANISERS: {Role.ORGANISER, Role.ADMINISTRATOR},
    Who.ADMINISTRATORS: {Role.ADMINISTRATOR},
    Who.NOBODY: set[Role](),
}

SCHEMA_ASKED = [
    get_introspection_query(),
    '{ __type(name: "Expert") { name } }',
    "{ ...f } fragment f on Query { hidden: __schema { queryType { name } } }",
    "{ ... on Query { ... on Query { __schema { queryType { name } } } } }",
]
MISSPELT = "{ expertz { id } }"


async def ask(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers={"Accept": GRAPHQL, **headers})


@pytest.mark.parametrize("who", list(Who))
async def test_the_schema_is_told_to_whom_the_setting_names(
    serve_with: ServeWith, browse: Browse, make_token: MakeToken, who: Who
) -> None:
    client = await browse(serve_with(introspection=who))

    told = {role for role in Role if (await ask(client, SCHEMA_ASKED[0], **await make_token(role))).status_code == 200}

    assert told == INCLUDED[who]


@pytest.mark.parametrize("query", SCHEMA_ASKED)
async def test_it_is_not_told_however_it_is_asked_nor_because_somebody_else_was_told(
    serve_with: ServeWith, browse: Browse, make_token: MakeToken, query: str
) -> None:
    client = await browse(serve_with(introspection="members"))
    assert (await ask(client, query, **await make_token(Role.MEMBER))).status_code == 200

    answer = await ask(client, query)

    assert answer.status_code == 400
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert "data" not in answer.json()


async def test_names_and_what_is_only_written_about_it_are_answered(serve_with: ServeWith, browse: Browse) -> None:
    client = await browse(serve_with(introspection="nobody"))

    answer = await ask(client, '{ __typename topic(id: "__schema") { label } } # __type')

    assert answer.json()["data"] == {"__typename": "Query", "topic": None}


@pytest.mark.parametrize("who", list(Who))
async def test_suggestions_are_told_to_whom_the_setting_names(
    serve_with: ServeWith, browse: Browse, make_token: MakeToken, who: Who
) -> None:
    client = await browse(serve_with(suggestions=who))
    said = {role: (await ask(client, MISSPELT, **await make_token(role))).json()["errors"] for role in Role}

    helped = {role for role, (error,) in said.items() if "Did you mean" in error["message"]}

    assert helped == INCLUDED[who]
    for role, (error,) in said.items():
        assert error["message"].startswith("Cannot query field 'expertz' on type 'Query'."), role


@pytest.mark.parametrize(
    "body",
    [
        {"query": '{ country(id: "TN") { name(language: FF) } }'},
        {"query": "{ experts(frist: 1) { edges { cursor } } }"},
        {"query": "query ($f: ExpertFilterr) { experts(filter: $f) { edges { cursor } } }"},
        {
            "query": "query ($f: ExpertFilter) { experts(filter: $f) { edges { cursor } } }",
            "variables": {"f": {"contry": {}}},
        },
        {"query": "{ node(id: 1) { slug } }"},
    ],
)
async def test_no_kind_of_error_suggests_where_none_is_to(
    serve_with: ServeWith, browse: Browse, body: dict[str, object]
) -> None:
    everyone, nobody = [await browse(serve_with(suggestions=who)) for who in (Who.EVERYONE, Who.NOBODY)]

    helped, not_helped = [await one.post("/graphql", json=body) for one in (everyone, nobody)]

    assert "Did you mean" in helped.text
    assert "Did you mean" not in not_helped.text
