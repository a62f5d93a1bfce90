"""What viewers learn of themselves by GraphQL, and end of their own."""

from typing import Any

import httpx
import pytest

from graph import sessions, tokens
from graph.graph import Graph
from graph.viewer import Role, Scope
from tests.door import KEEPER, Browse, MakeAccount, Serve, role_of, sign_in

VIEWER = "{ viewer { role scopes account { email name role } expert { slug } sessions { isCurrent } } }"
SESSIONS = "{ viewer { sessions { id isCurrent signedInBy agent } } }"
END = """
mutation ($id: ID!) {
  endSession(input: {id: $id}) { __typename ... on SessionsEnded { ended } ... on Error { message } }
}
"""
END_OTHERS = """
mutation { endOtherSessions { __typename ... on SessionsEnded { ended } ... on NotAllowed { message who } } }
"""


async def ask(client: httpx.AsyncClient, query: str, *, token: str | None = None, **variables: object) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {"X-Knowwho": "test"}
    answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    told = answer.json()
    assert "errors" not in told, told
    return told["data"]


async def test_the_public_is_told_that_it_is_the_public(serve: Serve, browse: Browse) -> None:
    told = await ask(await browse(serve()), VIEWER)

    assert told["viewer"] == {
        "role": "PUBLIC",
        "scopes": ["READ_PUBLIC"],
        "account": None,
        "expert": None,
        "sessions": [],
    }


async def test_who_signed_in_is_told_who_they_are(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    await graph.write(
        "CREATE (:Expert {id: 'ama', name: 'Ama', audience_listing: 3, audience_profile: 3, audience_contact: 3})"
    )
    browser = await browse(serve())
    await sign_in(browser, await make_account(expert="ama"))

    told = await ask(browser, VIEWER)

    assert told["viewer"] == {
        "role": "MEMBER",
        "scopes": ["READ_MEMBERS", "READ_PUBLIC", "WRITE"],
        "account": {"email": "ama@example.org", "name": "Ama", "role": "MEMBER"},
        "expert": {"slug": "ama"},
        "sessions": [{"isCurrent": True}],
    }


async def test_a_client_is_told_its_token_s_role_and_scopes(graph: Graph, serve: Serve, browse: Browse) -> None:
    _, secret = await tokens.create(
        graph, KEEPER, name="reports", role=Role.ORGANISER, scopes={Scope.READ_MEMBERS}, expires_at=None
    )

    told = await ask(await browse(serve()), VIEWER, token=secret)

    assert told["viewer"] == {
        "role": "ORGANISER",
        "scopes": ["READ_MEMBERS"],
        "account": None,
        "expert": None,
        "sessions": [],
    }


async def test_my_sessions_are_listed_and_one_is_ended(serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    app, account = serve(), await make_account()
    mine, other = await browse(app), await browse(app)
    await sign_in(other, account)
    await sign_in(mine, account)
    listed = (await ask(mine, SESSIONS))["viewer"]["sessions"]
    (id,) = [one["id"] for one in listed if not one["isCurrent"]]

    told = await ask(mine, END, id=id)

    assert [(one["isCurrent"], one["signedInBy"]) for one in listed] == [(True, "LINK"), (False, "LINK")]
    assert told["endSession"] == {"__typename": "SessionsEnded", "ended": 1}
    assert (await role_of(mine), await role_of(other)) == ("member", "public")


async def test_all_my_other_sessions_are_ended(serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    app, account = serve(), await make_account()
    browsers = [await browse(app) for _ in range(3)]
    for browser in browsers:
        await sign_in(browser, account)

    told = await ask(browsers[1], END_OTHERS)

    assert told["endOtherSessions"] == {"__typename": "SessionsEnded", "ended": 2}
    assert [await role_of(browser) for browser in browsers] == ["public", "member", "public"]


async def test_a_session_of_somebody_else_is_like_one_that_is_not_there(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    app, ama = serve(), await make_account()
    mine, theirs = await browse(app), await browse(app)
    await sign_in(theirs, ama)
    await sign_in(mine, await make_account("salma@example.org", role=Role.ADMINISTRATOR))
    (session,) = await sessions.of_account(graph, ama.viewer, account=ama.id)

    told = [(await ask(mine, END, id=id))["endSession"] for id in (session.id, "unknown")]

    assert told[0] == told[1]
    assert told[0]["__typename"] == "NotFound"
    assert await role_of(theirs) == "member"


@pytest.mark.parametrize("mutation", [END_OTHERS, END])
async def test_who_did_not_sign_in_ends_nothing(serve: Serve, browse: Browse, mutation: str) -> None:
    told = await ask(await browse(serve()), mutation, **({"id": "unknown"} if mutation == END else {}))

    (payload,) = told.values()
    assert payload["__typename"] == "NotAllowed"
    assert payload["message"] == "You may not end sessions; people who signed in may."
