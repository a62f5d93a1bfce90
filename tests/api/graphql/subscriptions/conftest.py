"""A real server on a socket, over the worker's own graph, and what a client of its streams does."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from graph import tokens
from graph.changes import record
from graph.graph import Graph, Transaction
from graph.viewer import Role
from tests.door import KEEPER, Serve
from tests.served import served

FOLLOW = "subscription ($after: String) { changes(after: $after) { cursor verb kind id change { sequence } } }"
EVENTS = {"Accept": "text/event-stream"}

MakeToken = Callable[[Role], Awaitable[str]]
Change = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Event:
    """One server-sent event, or a comment, whose name is then empty."""

    name: str
    id: str | None
    data: Any

    @property
    def change(self) -> dict[str, Any]:
        """What a ``next`` tells of a change."""
        assert self.name == "next"
        change: dict[str, Any] = self.data["data"]["changes"]
        return change


@pytest.fixture
async def app(serve: Serve) -> AsyncIterator[FastAPI]:
    """An application whose streams end with the test."""
    made = serve()
    yield made
    await made.state.streams.close()


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where the application is served."""
    async with served(app) as at:
        yield at
        app.state.streams.end()


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that waits as long as a stream goes on."""
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as connected:
        yield connected


@pytest.fixture
def make_token(graph: Graph) -> MakeToken:
    """Make a token of a role, with all that the role may."""

    async def make(role: Role) -> str:
        scopes = tokens.SCOPES[role]
        _, secret = await tokens.create(graph, KEEPER, name=f"a {role}", role=role, scopes=scopes, expires_at=None)
        return secret

    return make


@pytest.fixture
def change(graph: Graph) -> Change:
    """Write changes, of events that everybody sees if nothing else is said."""

    async def write(*subjects: str, verb: str = "event changed", fields: tuple[str, ...] = ("title",)) -> None:
        for subject in subjects:

            async def work(tx: Transaction, subject: str = subject) -> None:
                await record(tx, KEEPER, verb=verb, subject=subject, fields=fields)

            await graph.transact(work)

    return write


async def all_left(app: FastAPI) -> None:
    """Return when no stream is open any more."""
    async with asyncio.timeout(30):
        while len(app.state.streams):  # noqa: ASYNC110 -- the server has no event for that it does nothing
            await asyncio.sleep(0)


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def following(
    client: httpx.AsyncClient, query: str = FOLLOW, *, after: str | None = None, **headers: str
) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of a subscription."""
    body = {"query": query, "variables": {"after": after}}
    async with client.stream("POST", "/graphql", json=body, headers={**EVENTS, **headers}) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        events = read(response)
        yield events
        await events.aclose()  # type: ignore[attr-defined]


async def read(response: httpx.Response) -> AsyncIterator[Event]:
    """Events as they come, and comments, as the standard has them (HTML Living Standard, 9.2.6)."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line.startswith(":"):
            yield Event("", None, line[1:])
        elif line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            data = fields.get("data", "")
            yield Event(fields.get("event", "message"), fields.get("id"), json.loads(data) if data else None)
            fields = {}


async def next_event(events: AsyncIterator[Event]) -> Event:
    """The next event that is no comment."""
    while True:
        event = await anext(events)
        if event.name:
            return event


def event_id(change: dict[str, Any]) -> str:
    """The slug of the event that a change is of."""
    return b64decode(change["id"]).decode().removeprefix("Event:")
