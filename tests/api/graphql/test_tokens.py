"""Tokens by GraphQL: administrators make, list and revoke them; nobody else, and never more than they may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from graph import tokens
from graph.graph import Graph
from graph.viewer import Role, Scope
from tests.door import KEEPER, Browse, MakeAccount, Serve, sign_in

CREATE = """
mutation ($input: CreateTokenInput!) {
  createToken(input: $input) {
    __typename
    ... on TokenCreated { secret token { id name role scopes expiresAt } }
    ... on NotAllowed { message who }
    ... on Invalid { message field }
  }
}
"""
REVOKE = """
mutation ($id: ID!) {
  revokeToken(input: {id: $id}) {
    __typename ... on TokenRevoked { token { name revokedAt } } ... on Error { message }
  }
}
"""
LIST = """
query ($first: Int, $after: String) {
  tokens(first: $first, after: $after) {
    edges { cursor node { name role scopes createdBy lastUsedAt revokedAt } } pageInfo { hasNextPage endCursor }
  }
}
"""


async def ask(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers={"X-Knowwho": "test"})
    return answer.json()


@pytest.fixture
async def keeper(serve: Serve, browse: Browse, make_account: MakeAccount) -> httpx.AsyncClient:
    """A browser that an administrator signed in on."""
    browser = await browse(serve())
    await sign_in(browser, await make_account("keeper@example.org", role=Role.ADMINISTRATOR))
    return browser


async def create(client: httpx.AsyncClient, **given: object) -> Any:
    told = await ask(client, CREATE, input={"name": "reports", "role": "MEMBER"} | given)
    return told["data"]["createToken"]


async def test_a_token_is_made_for_90_days_and_opens(graph: Graph, keeper: httpx.AsyncClient) -> None:
    made = await create(keeper)

    found = await tokens.authenticated(graph, secret=made["secret"])
    assert found is not None
    assert found.scopes == {Scope.READ_PUBLIC, Scope.READ_MEMBERS}
    assert found.expires_at is not None
    assert abs(found.expires_at - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=5)


async def test_a_token_has_the_scopes_and_the_expiry_that_are_asked_for(keeper: httpx.AsyncClient) -> None:
    scoped = await create(keeper, scopes=["WRITE"], expiresAt="2100-01-01T00:00:00+02:00")
    endless = await create(keeper, name="endless", neverExpires=True)

    assert (scoped["token"]["scopes"], scoped["token"]["expiresAt"]) == (["WRITE"], "2099-12-31T22:00:00+00:00")
    assert endless["token"]["expiresAt"] is None


@pytest.mark.parametrize(
    "given, field",
    [
        ({"scopes": ["ADMINISTER"]}, "input.scopes"),
        ({"name": " "}, "input.name"),
        ({"name": "taken"}, "input.name"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "input.expiresAt"),
        ({"expiresAt": "2100-01-01T00:00:00Z", "neverExpires": True}, "input.expiresAt"),
    ],
)
async def test_what_cannot_be_used_is_named(
    graph: Graph, keeper: httpx.AsyncClient, given: dict[str, object], field: str
) -> None:
    await tokens.create(graph, KEEPER, name="taken", role=Role.MEMBER, expires_at=None)

    told = await create(keeper, **given)

    assert (told["__typename"], told["field"]) == ("Invalid", field)
    assert [token.name for _, token in (await tokens.page(graph, KEEPER, first=10)).entries] == ["taken"]


async def test_tokens_are_listed_without_their_secrets(graph: Graph, keeper: httpx.AsyncClient) -> None:
    for name in ("b", "a"):
        await create(keeper, name=name)

    first = (await ask(keeper, LIST, first=1))["data"]["tokens"]
    rest = (await ask(keeper, LIST, first=1, after=first["pageInfo"]["endCursor"]))["data"]["tokens"]

    assert [edge["node"]["name"] for edge in (*first["edges"], *rest["edges"])] == ["a", "b"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert first["edges"][0]["node"]["createdBy"].startswith("account:")


async def test_a_token_is_revoked(graph: Graph, keeper: httpx.AsyncClient) -> None:
    made = await create(keeper)

    told = await ask(keeper, REVOKE, id=made["token"]["id"])

    assert told["data"]["revokeToken"]["__typename"] == "TokenRevoked"
    assert told["data"]["revokeToken"]["token"]["revokedAt"]
    assert await tokens.authenticated(graph, secret=made["secret"]) is None


async def test_a_token_that_is_not_there_is_not_found(keeper: httpx.AsyncClient) -> None:
    told = await ask(keeper, REVOKE, id="unknown")

    assert told["data"]["revokeToken"]["__typename"] == "NotFound"


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.ORGANISER])
async def test_nobody_but_administrators_manages_tokens(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount, role: Role | None
) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)
    browser = await browse(serve())
    if role:
        await sign_in(browser, await make_account(role=role))

    made = await create(browser, name="mine")
    revoked = [(await ask(browser, REVOKE, id=id))["data"]["revokeToken"] for id in (token.id, "unknown")]
    listed = await ask(browser, LIST)

    assert (made["__typename"], made["who"]) == ("NotAllowed", "administrators")
    assert revoked == [{"__typename": "NotAllowed", "message": "You may not revoke tokens; administrators may."}] * 2
    assert listed["errors"][0]["message"] == "You may not look at tokens; administrators may."
    assert await tokens.authenticated(graph, secret=secret) is not None
    assert len((await tokens.page(graph, KEEPER, first=10)).entries) == 1
