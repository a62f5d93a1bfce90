"""Websockets: what a real client gets, what the protocol closes, who may follow, and what it costs."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from api.door.bodies import LARGEST_QUERY
from api.door.limits import Limits
from api.graphql.http import TrustedDocuments
from api.graphql.http.streams import sockets
from api.graphql.http.streams.sockets import MOST_SUBSCRIPTIONS
from api.graphql.http.streams.streams import MOST_OF_VIEWER
from api.settings import GraphQLSettings, LimitSettings, Who
from graph import accounts, sessions, tokens
from graph.graph import Graph
from graph.sessions import SignedInBy
from graph.viewer import Role
from tests.api.graphql.subscriptions.conftest import FOLLOW, Change, MakeToken, all_left, bearer, event_id
from tests.door import KEEPER, MakeAccount

PROTOCOL = Subprotocol("graphql-transport-ws")
INIT = {"type": "connection_init"}


def subscribe(id: str = "1", query: str = FOLLOW, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "subscribe", "payload": {"query": query, **more}}


@pytest.fixture
def url(address: str) -> str:
    return address.replace("http://", "ws://") + "/graphql"


@pytest.fixture
async def socket(url: str) -> AsyncIterator[ClientConnection]:
    """A connection of somebody of the public, on which nothing was said."""
    async with connect(url, subprotocols=[PROTOCOL]) as connected:
        yield connected


async def tell(socket: ClientConnection, *messages: Any) -> None:
    for message in messages:
        await socket.send(message if isinstance(message, str | bytes) else json.dumps(message))


async def hear(socket: ClientConnection) -> Any:
    return json.loads(await socket.recv())


async def closed_with(socket: ClientConnection) -> int:
    """The code with which a connection is closed; what was said before is skipped."""
    with suppress(ConnectionClosed):
        while True:
            await socket.recv()
    assert socket.close_code is not None
    return socket.close_code


async def begun(socket: ClientConnection, *, after: str | None = None, **payload: str) -> dict[str, Any]:
    """Who has followed under the id 1 and heard where that begins: the first change."""
    await tell(socket, {**INIT, "payload": payload}, subscribe(variables={"after": after}))
    assert await hear(socket) == {"type": "connection_ack"}
    return change_in(await hear(socket))


def change_in(message: Any, id: str = "1") -> dict[str, Any]:
    assert (message["id"], message["type"]) == (id, "next"), message
    change: dict[str, Any] = message["payload"]["data"]["changes"]
    return change


def codes_in(message: Any) -> list[str]:
    assert message["type"] == "error", message
    return [error["extensions"]["code"] for error in message["payload"]]


async def test_a_client_that_others_wrote_goes_on_where_it_was(url: str, change: Change, make_token: MakeToken) -> None:
    async def follow(after: str | None, *, until: int) -> list[dict[str, Any]]:
        transport = WebsocketsTransport(url, init_payload={"authorization": f"Bearer {token}"})
        got: list[dict[str, Any]] = []
        async with Client(transport=transport) as session:
            async for result in session.subscribe(GraphQLRequest(FOLLOW, variable_values={"after": after})):
                got.append(result["changes"])
                if len(got) == 1 and after is None:
                    await change("event:one", "event:two")
                if len(got) == until:
                    return got
        raise AssertionError("the stream ended")

    token = await make_token(Role.ADMINISTRATOR)
    (place, one, two) = await follow(None, until=3)
    await change("event:three")
    (again, three) = await follow(one["cursor"], until=2)

    assert place["verb"] == "FOLLOWING"
    assert [event_id(got) for got in (one, two, again, three)] == ["one", "two", "two", "three"]
    assert [got["change"]["sequence"] for got in (one, two, again, three)] == [2, 3, 3, 4]


@pytest.mark.parametrize(
    "messages,code",
    [
        (["{"], 4400),
        (["null"], 4400),
        (["[]"], 4400),
        (["{}"], 4400),
        (['{"type": 5}'], 4400),
        (["[" * 5000 + "]" * 5000], 4400),
        ([b"\x00\xff"], 4400),
        ([{"type": "start"}], 4400),
        ([{**INIT, "payload": "x"}], 4400),
        ([{**INIT, "payload": {"authorization": 5}}], 4400),
        ([INIT, INIT], 4429),
        ([subscribe()], 4401),
        ([INIT, subscribe(), subscribe()], 4409),
        ([INIT, {"type": "subscribe", "payload": {"query": FOLLOW}}], 4400),
        ([INIT, subscribe(id="")], 4400),
        ([INIT, subscribe(id="x" * 201)], 4400),
        ([INIT, {"id": "1", "type": "subscribe"}], 4400),
        ([INIT, {"id": "1", "type": "subscribe", "payload": {"query": 5}}], 4400),
        ([INIT, subscribe(variables=[1])], 4400),
        ([INIT, {"type": "complete"}], 4400),
        ([INIT, subscribe(query="x" * LARGEST_QUERY)], 1009),
        ([{**INIT, "payload": {"authorization": "Bearer of my own"}}], 4403),
        ([{**INIT, "payload": {"authorization": "Basic YTpi"}}], 4403),
        ([{**INIT, "payload": {"authorization": "Bearer \u20ac\r\nCookie: a=b"}}], 4403),
    ],
)
async def test_what_is_not_of_the_protocol_closes_the_connection(
    socket: ClientConnection, messages: list[Any], code: int
) -> None:
    await tell(socket, *messages)

    assert await closed_with(socket) == code


@pytest.mark.parametrize("protocols", [[], ["graphql-ws"]])
async def test_another_protocol_is_not_spoken(url: str, protocols: list[str]) -> None:
    async with connect(url, subprotocols=[Subprotocol(name) for name in protocols] or None) as socket:
        assert await closed_with(socket) == 4406


async def test_who_says_nothing_is_not_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_WITHIN_S", 0.05)

    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        assert await closed_with(socket) == 4408


async def test_a_ping_is_answered_before_and_after_the_beginning(socket: ClientConnection) -> None:
    await tell(socket, {"type": "ping", "payload": {"at": 1}}, INIT, {"type": "pong"}, {"type": "ping"})

    assert [await hear(socket) for _ in range(3)] == [{"type": "pong"}, {"type": "connection_ack"}, {"type": "pong"}]


async def test_a_subscription_that_its_client_completes_is_over_and_its_id_free(
    socket: ClientConnection, change: Change
) -> None:
    await begun(socket)
    await tell(socket, {"id": "1", "type": "complete"}, {"id": "never", "type": "complete"}, subscribe("2"))
    assert change_in(await hear(socket), "2")["verb"] == "FOLLOWING"
    await change("event:one")
    only_two = await hear(socket)
    await tell(socket, subscribe("1"))

    assert event_id(change_in(only_two, "2")) == "one"
    assert change_in(await hear(socket))["verb"] == "FOLLOWING"


@pytest.mark.parametrize(
    "query,code",
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ __schema { types { name } } }", "METHOD_NOT_ALLOWED"),
        ("mutation { endOtherSessions { __typename } }", "METHOD_NOT_ALLOWED"),
        ('subscription { changes(after: "of my own") { verb } }', "BAD_USER_INPUT"),
        ("subscription { changes { " + "verb " * 600 + "} }", "QUERY_TOO_LONG"),
    ],
)
async def test_what_cannot_be_followed_is_an_error_of_its_own_and_no_more(
    socket: ClientConnection, query: str, code: str
) -> None:
    await tell(socket, INIT, subscribe("bad", query))
    await hear(socket)
    refused = await hear(socket)
    await tell(socket, subscribe("bad"))

    assert (refused["id"], codes_in(refused)) == ("bad", [code])
    assert refused["payload"][0]["extensions"]["requestId"]
    assert change_in(await hear(socket), "bad")["verb"] == "FOLLOWING"


async def test_a_token_is_shown_by_the_handshake_or_by_the_first_message(
    url: str, change: Change, make_token: MakeToken
) -> None:
    token = await make_token(Role.ADMINISTRATOR)

    async with connect(url, subprotocols=[PROTOCOL], additional_headers=bearer(token)) as socket:
        await begun(socket)
        await change("account:1", verb="signed in")
        by_header = change_in(await hear(socket))
    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        await begun(socket, Authorization=f"Bearer {token}")
        await change("account:1", verb="signed in")
        by_message = change_in(await hear(socket))

    assert [one["change"]["sequence"] for one in (by_header, by_message)] == [2, 3]


async def test_a_token_that_opens_nothing_gets_no_connection(url: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, subprotocols=[PROTOCOL], additional_headers=bearer("of my own"))

    assert refused.value.response.status_code == 401
    assert "www-authenticate" in refused.value.response.headers


async def test_a_foreign_host_name_gets_no_connection(url: str) -> None:
    at = urlsplit(url)
    with pytest.raises(InvalidStatus) as refused:
        await connect(url.replace("127.0.0.1", "evil.example.net"), host=at.hostname, port=at.port)

    assert refused.value.response.status_code == 400


@pytest.fixture
async def cookie(graph: Graph, make_account: MakeAccount) -> str:
    """The cookie of a member's session."""
    account = await make_account()
    _, secret = await sessions.open_session(
        graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent="a browser"
    )
    return f"knowwho_session={secret}"


@pytest.mark.parametrize("origin", [None, "https://evil.example.net", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_site_gets_no_connection_with_a_members_cookie(
    url: str, cookie: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            url,
            subprotocols=[PROTOCOL],
            additional_headers={"Cookie": cookie, **({"Origin": origin} if origin else {})},
        )

    assert refused.value.response.status_code == 403


async def test_our_own_page_follows_with_a_members_cookie_until_the_session_ends(
    url: str, address: str, graph: Graph, cookie: str, change: Change
) -> None:
    headers = {"Cookie": cookie, "Origin": address}
    account = await accounts.by_email(graph, KEEPER, email="ama@example.org")

    async with connect(url, subprotocols=[PROTOCOL], additional_headers=headers) as socket:
        await begun(socket)
        await change("event:one")
        one = change_in(await hear(socket))
        await sessions.end_all(graph, KEEPER, account=account.id)
        code = await closed_with(socket)

    assert event_id(one) == "one"
    assert code == 4403


async def test_a_token_that_is_revoked_closes_its_connection_before_another_change_is_told(
    url: str, graph: Graph, change: Change
) -> None:
    token, secret = await tokens.create(graph, KEEPER, name="client", role=Role.MEMBER, expires_at=None)

    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        await begun(socket, authorization=f"Bearer {secret}")
        await tokens.revoke(graph, KEEPER, id=token.id)
        await change("event:after")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_one_connection_follows_so_many(socket: ClientConnection) -> None:
    await tell(socket, INIT, *(subscribe(str(number)) for number in range(MOST_SUBSCRIPTIONS + 1)))
    await hear(socket)
    heard = [await hear(socket) for _ in range(MOST_SUBSCRIPTIONS + 1)]
    refused = [message for message in heard if message["type"] == "error"]
    await tell(socket, {"id": "0", "type": "complete"}, subscribe("again"))

    assert [(message["id"], codes_in(message)) for message in refused] == [(str(MOST_SUBSCRIPTIONS), ["RATE_LIMITED"])]
    assert change_in(await hear(socket), "again")["verb"] == "FOLLOWING"


async def test_one_viewer_has_so_many_connections(app: FastAPI, url: str) -> None:
    async with AsyncExitStack() as open_:
        for _ in range(MOST_OF_VIEWER):
            socket = await open_.enter_async_context(connect(url, subprotocols=[PROTOCOL]))
            await tell(socket, INIT)
            await hear(socket)
        async with connect(url, subprotocols=[PROTOCOL]) as one_too_many:
            await tell(one_too_many, INIT)
            code = await closed_with(one_too_many)
    await all_left(app)

    assert code == 1013


async def test_connections_and_subscriptions_are_requests(app: FastAPI, url: str) -> None:
    app.state.limits = Limits(LimitSettings(limit_graphql="2 per 1 hour"))

    async with connect(url, subprotocols=[PROTOCOL]) as socket:
        await begun(socket)
        await tell(socket, subscribe("2"))
        refused = await hear(socket)
        with pytest.raises(InvalidStatus) as closed:
            await connect(url, subprotocols=[PROTOCOL])

    assert codes_in(refused) == ["RATE_LIMITED"]
    assert refused["payload"][0]["extensions"]["retryAfterS"] > 3000
    assert closed.value.response.status_code == 429
    assert int(closed.value.response.headers["retry-after"]) > 3000


async def test_who_may_ask_known_documents_alone_follows_by_them(
    app: FastAPI, socket: ClientConnection, tmp_path: Path
) -> None:
    (tmp_path / "known.graphql").write_text(FOLLOW)
    app.state.graphql = GraphQLSettings(documents=tmp_path, other_documents=Who.NOBODY)
    app.state.documents = TrustedDocuments.load(tmp_path)
    (hash_,) = app.state.documents.texts

    await tell(socket, INIT, subscribe("other", "subscription { changes { at } }"))
    await hear(socket)
    other = await hear(socket)
    await tell(socket, {"id": "1", "type": "subscribe", "payload": {"documentId": f"sha256:{hash_}"}})

    assert codes_in(other) == ["DOCUMENT_NOT_TRUSTED"]
    assert change_in(await hear(socket))["verb"] == "FOLLOWING"


async def test_nothing_of_a_fault_goes_out(socket: ClientConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise ValueError("something of the inside")

    monkeypatch.setattr("graph.feed.start", fails)
    await tell(socket, INIT, subscribe())
    await hear(socket)
    refused = await hear(socket)

    assert codes_in(refused) == ["INTERNAL"]
    assert "inside" not in json.dumps(refused)
