"""Server-sent events: what a client gets, in which order, where it goes on, and when its stream ends."""

import asyncio
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.door.limits import Limits
from api.graphql.feeding import following as feeding
from api.graphql.http import TrustedDocuments
from api.graphql.http.streams import events as streamed
from api.graphql.http.streams.streams import MOST_OF_VIEWER
from api.settings import GraphQLSettings, LimitSettings, Who
from graph import sessions, tokens
from graph.graph import Graph
from graph.viewer import Role
from tests.api.graphql.subscriptions.conftest import (
    EVENTS,
    FOLLOW,
    Change,
    Event,
    MakeToken,
    all_left,
    bearer,
    event_id,
    following,
    next_event,
    read,
)
from tests.door import KEEPER, MakeAccount, sign_in

WRITTEN = 60
PEOPLE = """
CREATE (:Expert {id: 'ama', audience_listing: 1, audience_profile: 1, audience_contact: 2, audience_country: 3,
                 audience_languages: 1}),
       (:Expert {id: 'salma', audience_listing: 3, audience_profile: 3, audience_contact: 3, audience_country: 3,
                 audience_languages: 3})
"""


async def test_the_first_event_is_a_place_and_changes_follow_in_order(
    client: httpx.AsyncClient, change: Change
) -> None:
    await change("event:before")
    async with following(client) as events:
        begun = await next_event(events)
        await change("event:one", "event:two", "event:three")
        got = [await next_event(events) for _ in range(3)]

    assert {**begun.change, "cursor": None} == {
        "cursor": None,
        "verb": "FOLLOWING",
        "kind": None,
        "id": None,
        "change": None,
    }
    assert [event_id(event.change) for event in got] == ["one", "two", "three"]
    assert [(event.change["verb"], event.change["kind"]) for event in got] == [("CHANGED", "EVENT")] * 3
    assert [event.id for event in (begun, *got)] == [event.change["cursor"] for event in (begun, *got)]


async def test_the_id_of_an_event_is_where_to_go_on_also_if_the_cursor_was_not_asked_for(
    client: httpx.AsyncClient, change: Change
) -> None:
    async with following(client, "subscription { changes { verb } }") as events:
        begun = await next_event(events)
        await change("event:one")
        one = await next_event(events)
    await change("event:two")

    async with following(client, **{"Last-Event-ID": begun.id or ""}) as events:
        again = [event_id((await next_event(events)).change) for _ in range(2)]
    async with following(client, after=begun.id, **{"Last-Event-ID": one.id or ""}) as events:
        further = event_id((await next_event(events)).change)

    assert again == ["one", "two"]
    assert further == "two"


async def test_who_comes_again_misses_nothing_and_gets_nothing_twice_while_others_write(
    client: httpx.AsyncClient, change: Change
) -> None:
    async with following(client) as events:
        cursor = (await next_event(events)).id
    writing = asyncio.gather(*(change(f"event:{number}") for number in range(WRITTEN)))
    got: list[str] = []
    while len(got) < WRITTEN:
        async with following(client, after=cursor) as events:
            for _ in range(min(7, WRITTEN - len(got))):
                event = await next_event(events)
                got.append(event_id(event.change))
                cursor = event.id
    await writing
    async with following(client, after=cursor) as events:
        await change("event:last")
        last = event_id((await next_event(events)).change)

    assert sorted(got, key=int) == [str(number) for number in range(WRITTEN)]
    assert last == "last"


async def test_administrators_are_told_all_from_the_first_change_on(
    client: httpx.AsyncClient, change: Change, make_token: MakeToken
) -> None:
    await change("account:1", "account:2", verb="signed in")
    shown = bearer(await make_token(Role.ADMINISTRATOR))
    query = "subscription ($after: String) { changes(after: $after) { verb change { sequence verb subject } } }"

    async with following(client, query, after="0", **shown) as events:
        got = [(await next_event(events)).change for _ in range(3)]

    assert [one["verb"] for one in got] == ["OTHER"] * 3
    assert [(one["change"]["sequence"], one["change"]["verb"]) for one in got] == [
        (1, "signed in"),
        (2, "signed in"),
        (3, "token made"),
    ]


async def test_what_happens_to_hidden_people_and_hidden_fields_is_not_told(
    client: httpx.AsyncClient, graph: Graph, change: Change, make_token: MakeToken
) -> None:
    await graph.write(PEOPLE)
    shown = bearer(await make_token(Role.MEMBER))

    async with following(client, **shown) as events:
        await next_event(events)
        await change("expert:salma", verb="profile changed", fields=("headline",))
        await change("expert:ama", verb="profile changed", fields=("email",))
        await change("account:1", verb="signed in")
        await change("expert:ama", verb="profile changed", fields=("headline", "email"))
        await change("event:last")
        got = [(await next_event(events)).change for _ in range(2)]

    assert [(one["kind"], b64decode(one["id"])) for one in got] == [
        ("EXPERT", b"Expert:ama"),
        ("EVENT", b"Event:last"),
    ]
    assert [one["change"] for one in got] == [None, None]


async def errors_in(events: Any) -> list[dict[str, Any]]:
    """The errors of a stream that tells nothing else and is then complete."""
    refused, complete = await next_event(events), await next_event(events)
    assert (refused.name, complete.name) == ("next", "complete")
    assert "data" not in refused.data
    errors: list[dict[str, Any]] = refused.data["errors"]
    return errors


@pytest.mark.parametrize(
    "query,code",
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a: changes { verb } b: changes { verb } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ __typename }", "METHOD_NOT_ALLOWED"),
        ("mutation { endOtherSessions { __typename } }", "METHOD_NOT_ALLOWED"),
        ("query A { __typename } subscription B { changes { verb } }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription A { changes { verb } } subscription B { changes { verb } }", "OPERATION_RESOLUTION_FAILURE"),
        ('subscription { changes(after: "of my own") { verb } }', "BAD_USER_INPUT"),
        ('subscription { changes(after: "0") { verb } }', "BAD_USER_INPUT"),
        ("subscription ($a: Int!) { changes { verb at @skip(if: $a) } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($a: Boolean!) { changes { verb at @skip(if: $a) } }", "BAD_USER_INPUT"),
        ("subscription { changes { " + "verb " * 600 + "} }", "QUERY_TOO_LONG"),
        (
            "subscription { changes { " + " ".join(f"v{n}: verb" for n in range(40)) + "} }",
            "QUERY_HAS_TOO_MANY_ALIASES",
        ),
    ],
)
async def test_what_cannot_be_followed_is_told_as_an_event_with_its_code(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    async with following(client, query) as events:
        (error, *_) = await errors_in(events)

    assert error["extensions"]["code"] == code
    assert error["extensions"]["requestId"]


@pytest.mark.parametrize(
    "accept",
    [
        "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
        "text/event-stream, */*",
    ],
)
async def test_who_takes_streams_too_is_answered_queries_as_ever(client: httpx.AsyncClient, accept: str) -> None:
    headers = {"Accept": accept}
    query = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    async with client.stream("POST", "/graphql", json={"query": FOLLOW}, headers=headers) as followed:
        begun = await next_event(read(followed))

    assert query.json()["data"] == {"__typename": "Query"}
    assert query.headers["content-type"].startswith("application/")
    assert begun.change["verb"] == "FOLLOWING"


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_who_takes_no_stream_is_told_how_to_follow(client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.post("/graphql", json={"query": FOLLOW}, headers={"Accept": accept})

    assert answer.status_code == 405
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_nothing_is_followed_by_an_address(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", params={"query": FOLLOW}, headers=EVENTS)

    assert answer.status_code == 406


@pytest.mark.parametrize(
    "headers,status",
    [
        ({}, 403),
        ({"X-Knowwho": "1", "Origin": "https://evil.example.net"}, 403),
        ({"X-Knowwho": "1"}, 200),
    ],
)
async def test_no_other_site_follows_with_a_members_cookie(
    client: httpx.AsyncClient, make_account: MakeAccount, headers: dict[str, str], status: int
) -> None:
    await sign_in(client, await make_account())

    async with client.stream("POST", "/graphql", json={"query": FOLLOW}, headers={**EVENTS, **headers}) as answer:
        assert answer.status_code == status


async def test_a_token_that_is_revoked_ends_its_stream_before_another_change_is_told(
    client: httpx.AsyncClient, graph: Graph, change: Change
) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="client", role=Role.MEMBER, expires_at=None)

    async with following(client, **bearer(secret)) as events:
        await next_event(events)
        await tokens.revoke(graph, KEEPER, id=token.id)
        await change("event:after")
        (error,) = await errors_in(events)

    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_session_that_is_ended_ends_its_stream(
    client: httpx.AsyncClient, graph: Graph, make_account: MakeAccount
) -> None:
    account = await make_account()
    await sign_in(client, account)

    async with following(client, **{"X-Knowwho": "1"}) as events:
        await next_event(events)
        await sessions.end_all(graph, KEEPER, account=account.id)
        (error,) = await errors_in(events)

    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_token_that_expires_ends_its_stream_though_nothing_happens(
    client: httpx.AsyncClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "CHECKED_EVERY_S", 0.05)
    token, secret = await tokens.create(graph, KEEPER, name="client", role=Role.MEMBER, expires_at=None)

    async with following(client, **bearer(secret)) as events:
        await next_event(events)
        await graph.write("MATCH (t:Token {id: $id}) SET t.expires_at = datetime()", id=token.id)
        (error,) = await errors_in(events)

    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_idle_stream_is_kept_by_comments(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    monkeypatch.setattr(streamed, "HEARTBEAT_EVERY_S", 0.05)

    async with following(client) as events:
        await next_event(events)
        idle = [await anext(events) for _ in range(3)]
        await change("event:one")
        one = await next_event(events)

    assert idle == [Event("", None, "")] * 3
    assert event_id(one.change) == "one"


async def test_one_viewer_has_so_many_streams_and_those_that_are_left_do_not_count(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    open_streams = [following(client) for _ in range(MOST_OF_VIEWER)]
    for stream in open_streams:
        await next_event(await stream.__aenter__())
    refused = await client.post("/graphql", json={"query": FOLLOW}, headers=EVENTS)
    for stream in open_streams:
        await stream.__aexit__(None, None, None)
    await all_left(app)
    async with following(client) as events:
        begun = await next_event(events)

    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert begun.change["verb"] == "FOLLOWING"


async def test_a_stream_is_a_request_and_its_changes_cost(
    app: FastAPI, client: httpx.AsyncClient, change: Change
) -> None:
    app.state.limits = Limits(LimitSettings(limit_graphql="2 per 1 hour", query_cost=10, limit_cost="10 per 1 hour"))

    async with following(client) as events:
        begun = await next_event(events)
    await change(*(f"event:{number}" for number in range(10)))
    async with following(client, after=begun.id) as events:
        (poor,) = await errors_in(events)
    refused = await client.post("/graphql", json={"query": FOLLOW}, headers=EVENTS)

    assert poor["extensions"]["code"] == "RATE_LIMITED"
    assert poor["extensions"]["retryAfterS"] > 3000
    assert (refused.status_code, refused.headers["retry-after"]) == (429, refused.headers["retry-after"])


async def test_who_may_ask_known_documents_alone_follows_by_them(
    app: FastAPI, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    known = "subscription { changes { verb } }"
    (tmp_path / "known.graphql").write_text(known)
    app.state.graphql = GraphQLSettings(documents=tmp_path, other_documents=Who.NOBODY)
    app.state.documents = TrustedDocuments.load(tmp_path)

    other = await client.post("/graphql", json={"query": FOLLOW}, headers=EVENTS)
    body = {"documentId": f"sha256:{sha256(known.encode()).hexdigest()}"}
    async with client.stream("POST", "/graphql", json=body, headers=EVENTS) as response:
        begun = await next_event(read(response))

    assert other.status_code == 403
    assert other.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
    assert begun.change == {"verb": "FOLLOWING"}


async def test_a_server_that_stops_ends_its_streams_so_that_clients_come_again(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async with following(client) as events:
        await next_event(events)
        app.state.streams.end()
        rest = [event async for event in events]

    assert [event for event in rest if event.name] == []
