"""How much a request may bring: announced or not, whole or in chunks."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request

from api.door import bodies
from api.door.bodies import LARGEST_FORM, LARGEST_QUERY
from api.door.guard import guard
from api.settings import ServerSettings
from tests.door import Browse, Serve
from tests.served import served

CHUNK = b"x" * 10_000


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that tells how many bytes it was given."""
    app = FastAPI()

    @app.post("/form")
    @app.post("/graphql")
    async def length(request: Request) -> int:
        return len(await request.body())

    guard(app, ServerSettings())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as connected:
        yield connected


async def chunks(bytes_: int) -> AsyncIterator[bytes]:
    for _ in range(bytes_ // len(CHUNK)):
        yield CHUNK


@pytest.mark.parametrize("path,largest", [("/form", LARGEST_FORM), ("/graphql", LARGEST_QUERY)])
async def test_the_largest_body_arrives_whole_and_one_byte_more_is_refused(
    client: httpx.AsyncClient, path: str, largest: int
) -> None:
    fits = await client.post(path, content=b"x" * largest)
    refused = await client.post(path, content=b"x" * (largest + 1))

    assert (fits.status_code, fits.json()) == (200, largest)
    assert (refused.status_code, refused.text) == (413, f"The request has more than {largest:,} bytes; send less.")


async def test_a_streamed_body_is_counted_though_it_announces_no_length(client: httpx.AsyncClient) -> None:
    fits = await client.post("/form", content=chunks(LARGEST_FORM))
    refused = await client.post("/form", content=chunks(LARGEST_FORM + len(CHUNK)))

    assert (fits.status_code, fits.json()) == (200, LARGEST_FORM)
    assert refused.status_code == 413


async def test_a_length_that_lies_is_not_believed(client: httpx.AsyncClient) -> None:
    refused = await client.post("/form", content=chunks(LARGEST_FORM * 2), headers={"Content-Length": "5"})

    assert refused.status_code == 413


async def test_a_length_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.post("/form", content=b"x", headers={"Content-Length": "many"})

    assert refused.status_code == 413


async def test_a_body_that_takes_for_ever_is_given_up(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_S", 0.05)

    async def never() -> AsyncIterator[bytes]:
        yield CHUNK
        await asyncio.Event().wait()

    answer = await client.post("/form", content=never())

    assert answer.status_code == 408


async def test_a_body_that_announces_too_much_is_not_waited_for(client: httpx.AsyncClient) -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield CHUNK

    async with asyncio.timeout(bodies.SLOWEST_S / 2):
        answer = await client.post("/form", content=never(), headers={"Content-Length": str(LARGEST_FORM + 1)})

    assert answer.status_code == 413


async def test_who_is_still_sending_when_it_is_refused_sees_why() -> None:
    app = FastAPI()
    guard(app, ServerSettings())

    async with served(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as sender:
        answers = [await sender.post("/graphql", content=b"x" * 5_000_000) for _ in range(20)]

    assert {answer.status_code for answer in answers} == {413}


async def test_who_asks_before_sending_is_told_at_once_and_sends_nothing(client: httpx.AsyncClient) -> None:
    asked_on = False

    async def never() -> AsyncIterator[bytes]:
        nonlocal asked_on
        asked_on = True
        yield CHUNK

    headers = {"Content-Length": str(LARGEST_FORM + 1), "Expect": "100-continue"}
    answer = await client.post("/form", content=never(), headers=headers)

    assert (answer.status_code, asked_on) == (413, False)


async def test_what_a_guard_refuses_is_a_page_where_a_browser_asks(serve: Serve, browse: Browse) -> None:
    client = await browse(serve())
    asked = {"Accept": "text/html", "Accept-Language": "fr"}

    too_large = await client.post("/graphql", content=b"x" * (LARGEST_QUERY + 1), headers=asked)
    foreign = await client.get("/", headers={**asked, "Host": "[attacker.example"})
    program = await client.get("/", headers={"Host": "attacker.example"})

    assert (too_large.status_code, foreign.status_code, program.status_code) == (413, 400, 400)
    assert '<html lang="fr"' in too_large.text
    assert '<html lang="fr"' in foreign.text
    assert too_large.headers["connection"] == "close"
    assert program.headers["content-type"].startswith("text/plain")
