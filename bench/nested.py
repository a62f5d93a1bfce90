"""What nested queries cost, beside the peer's (@neo4j/graphql 7) and the raw Cypher, on the same graph in one run.

Run it with ``python -m bench.nested``; ``--only raw,peer`` leaves out a way to ask, ``--people 1000`` asks a
smaller network, ``--home FOLDER`` keeps it there for the next time. Asked is (a) one expert with everything, (b) twenty
experts with topics, country, organisations and five events each, (c) a hundred experts with topics and what they are
under, organisations, and events and what they cover, (d) a filtered page with its total count. Before anything is
measured, all ways must answer the same.

One client asks each way by turns, so that a busy machine slows all alike; sixteen clients ask one way at a time, in
short blocks by turns. Ours is the server as ``knowwho serve`` starts it, asked with a member's token; the peer's is one
process of Node.js; raw Cypher goes through the driver that our server uses, and ends with rows in Python.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any, LiteralString

import orjson
import uvloop
from neo4j import AsyncDriver, AsyncGraphDatabase, Query, RoutingControl
from rich.console import Console
from rich.table import Table

from bench.peer import network, servers
from bench.peer.answers import fields_in, from_graphql, from_rows
from bench.peer.client import Client, canned
from bench.peer.raw import STATEMENTS
from graph import tokens
from graph.encoder import identity
from graph.engine import Address, attach, stop
from graph.graph import CYPHER, Graph
from graph.schema import migrate
from graph.settings import GraphSettings
from graph.viewer import Role, Viewer
from ingest import load
from ingest.sample import SAMPLE

__all__ = ["main"]

WAYS = ("ours", "peer", "raw")
QUESTIONS = {"a": "one expert, everything", "b": "20 experts", "c": "100 experts, three levels", "d": "a filtered page"}
PEER = Path(__file__).parent / "peer"
OPERATOR = Viewer.at_the_command_line()
PEOPLE = (0, 10_000)
CLIENTS = (1, 16)
ROUNDS = 100
ASKED_BY_EACH = 6
ASKED_FOR = 50
SETTING_UP_S = 300.0
TARGET = "the target is that ours / peer is below 1 at p50"

# The vectors of the passages would take many minutes to write, and no question here needs them.
NOTHING_WAITS: tuple[LiteralString, ...] = (
    "MERGE (w:Encoder {id: 'encoder'}) SET w.description = 'none', w.revision = $revision",
    "MATCH (p:Passage) WHERE p.found_by IS NOT NULL SET p.encoder = $revision, p.sentences = []",
    "MATCH (t:Topic) SET t.encoder = $revision, t.encoded_digest = t.digest",
)

EVERYBODY: LiteralString = "MATCH (e:Expert) WITH e.id AS id ORDER BY id RETURN collect(id) AS experts"

# The four countries that most experts live in, and the topic that most of them know best.
A_FILTER: LiteralString = """
MATCH (c:Country)<-[:BASED_IN]-(:Expert)
WITH c, count(*) AS people ORDER BY people DESC, c.id LIMIT 4
WITH collect(c) AS countries
UNWIND countries AS c
MATCH (c)<-[:BASED_IN]-(:Expert)-[:EXPERT_IN {level: 'lead'}]->(t:Topic)
WITH countries, t.id AS topic, count(*) AS people ORDER BY people DESC, topic LIMIT 1
RETURN [c IN countries | c.id] AS countries, topic
"""

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""One question, with its variables; the answer as it came."""


@dataclass
class _Way:
    """One way to ask; connections are made when they are needed, for servers close those that rest."""

    connect: Callable[[], AbstractAsyncContextManager[Ask]]
    taken_ms: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    async def time(self, ask: Ask, question: str, given: Mapping[str, Any], *, clients: int) -> None:
        begun = time.perf_counter()
        await ask(question, given)
        self.taken_ms.setdefault((question, clients), []).append((time.perf_counter() - begun) * 1e3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=lambda names: names.split(","), default=list(WAYS))
    parser.add_argument("--questions", default="abcd")
    parser.add_argument("--people", type=lambda sizes: [int(size) for size in sizes.split(",")], default=list(PEOPLE))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    with ExitStack() as held:
        home = arguments.home or Path(held.enter_context(tempfile.TemporaryDirectory()))
        for people in arguments.people:
            name = f"the sample network and {people:,} experts more" if people else "the sample network"
            with _loaded(home / str(people), people) as (settings, address):
                uvloop.run(_measured(name, settings, address, arguments))


@contextmanager
def _loaded(home: Path, people: int) -> Iterator[tuple[GraphSettings, Address]]:
    """The sample network, with so many people more, in a managed engine."""
    settings = GraphSettings(home=home, neo4j_uri=None)
    loaded = home / "loaded"
    with attach(settings) as address:
        if not loaded.exists():
            uvloop.run(_load(settings, address, people))
            loaded.touch()
        yield settings, address
    stop(settings)


async def _load(settings: GraphSettings, address: Address, people: int) -> None:
    async with Graph.connect(address) as graph:
        await migrate(graph)
        report = await load(graph, OPERATOR, SAMPLE)
        assert report.is_complete, report.to_text()
        await network.add(graph, people=people)
        for statement in NOTHING_WAITS:
            await graph.write(statement, timeout_s=SETTING_UP_S, revision=identity(settings).revision)


async def _measured(name: str, settings: GraphSettings, address: Address, arguments: argparse.Namespace) -> None:
    console = Console(highlight=False, width=120)
    async with AsyncExitStack() as held:
        graph = await held.enter_async_context(Graph.connect(address))
        ways = {way: await _way(way, settings, address, graph, held) for way in arguments.only}
        variables = await _variables(graph)
        answers = {}
        for question in arguments.questions:
            answers[question] = await _compared(ways, question, variables[question])
            await _by_turns(ways, question, variables[question], rounds=arguments.rounds)
            await _together(ways, question, variables[question], clients=CLIENTS[-1], blocks=1)
        for way in ways.values():
            way.taken_ms.clear()
        for question in arguments.questions:
            await _by_turns(ways, question, variables[question], rounds=arguments.rounds)
            await _together(
                ways, question, variables[question], clients=CLIENTS[-1], blocks=max(arguments.rounds // 20, 1)
            )
        console.print(_table(name, ways, answers, arguments.questions))
        largest = max((answer for answer in answers.values() if answer), key=len, default=b"")
        console.print(f"client alone, {len(largest):,} bytes: p50 {await _client_ms(largest):.2f} ms; {TARGET}\n")


async def _way(name: str, settings: GraphSettings, address: Address, graph: Graph, held: AsyncExitStack) -> _Way:
    if name == "raw":
        auth = (address.user, address.password.get_secret_value())
        driver = AsyncGraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF")
        return _Way(partial(_by_driver, await held.enter_async_context(driver)))
    if name == "peer":
        return _Way(partial(_over_http, held.enter_context(servers.peers(address)), {}, _documents("theirs")))
    _, token = await tokens.create(
        graph, OPERATOR, name=f"bench {time.time()}", role=Role.MEMBER, expires_at=datetime.now(UTC) + timedelta(1)
    )
    url = held.enter_context(servers.ours(settings))
    return _Way(partial(_over_http, url, {"Authorization": f"Bearer {token}"}, _documents("ours")))


def _documents(folder: str) -> Mapping[str, str]:
    return {question: (PEER / folder / f"{question}.graphql").read_text(encoding="utf-8") for question in QUESTIONS}


@asynccontextmanager
async def _over_http(url: str, headers: Mapping[str, str], documents: Mapping[str, str]) -> AsyncIterator[Ask]:
    async with Client.to(url, headers=headers) as client:

        async def ask(question: str, given: Mapping[str, Any]) -> bytes:
            return await client.ask(orjson.dumps({"query": documents[question], "variables": given}))

        yield ask


@asynccontextmanager
async def _by_driver(driver: AsyncDriver) -> AsyncIterator[Ask]:
    queries = {question: Query(CYPHER + statement) for question, statement in STATEMENTS.items()}

    async def ask(question: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        result = await driver.execute_query(queries[question], dict(given), routing_=RoutingControl.READ)
        return [dict(record) for record in result.records]

    yield ask


async def _variables(graph: Graph) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What each question is asked with, by turns."""
    experts = (await graph.read(EVERYBODY, timeout_s=SETTING_UP_S))[0]["experts"]
    (given,) = await graph.read(A_FILTER, timeout_s=SETTING_UP_S)
    some = random.Random(1).sample(experts, ASKED_FOR)
    return {"a": [{"id": id} for id in some], "b": [{}], "c": [{}], "d": [given]}


async def _compared(ways: Mapping[str, _Way], question: str, variables: Sequence[Mapping[str, Any]]) -> bytes:
    """One answer over HTTP, once all ways have been seen to answer the same."""
    told = b""
    async with AsyncExitStack() as held:
        asks = {name: await held.enter_async_context(way.connect()) for name, way in ways.items()}
        for given in variables:
            said = {}
            for name, ask in asks.items():
                answer = await ask(question, given)
                said[name] = from_rows(answer) if name == "raw" else from_graphql(answer)
                told = told if name == "raw" else told or answer
            first, *others = said.items()
            for other in others:
                assert first[1] == other[1], f"({question}) {given}: {first[0]} and {other[0]} say other things"
    return told


async def _by_turns(
    ways: Mapping[str, _Way], question: str, variables: Sequence[Mapping[str, Any]], *, rounds: int
) -> None:
    """One client: each way once in each round."""
    async with AsyncExitStack() as held:
        asks = [(way, await held.enter_async_context(way.connect())) for way in ways.values()]
        for number in range(rounds):
            for way, ask in asks:
                await way.time(ask, question, variables[number % len(variables)], clients=1)


async def _together(
    ways: Mapping[str, _Way], question: str, variables: Sequence[Mapping[str, Any]], *, clients: int, blocks: int
) -> None:
    """Many clients: each way for a block of questions, which they share, by turns."""
    for _ in range(blocks):
        for way in ways.values():
            async with AsyncExitStack() as held:
                asks = [await held.enter_async_context(way.connect()) for _ in range(clients)]
                waiting = iter(range(clients * ASKED_BY_EACH))

                async def work(ask: Ask, way: _Way = way, waiting: Iterator[int] = waiting) -> None:
                    for number in waiting:
                        await way.time(ask, question, variables[number % len(variables)], clients=clients)

                await asyncio.gather(*map(work, asks))


async def _client_ms(answer: bytes) -> float:
    """Milliseconds that the client takes by itself for an answer of this size, with a server that only sends it."""
    taken = []
    async with canned(answer) as url, Client.to(url, headers={}) as client:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            await client.ask(b"{}")
            taken.append((time.perf_counter() - begun) * 1e3)
    return median(taken)


def _table(name: str, ways: Mapping[str, _Way], answers: Mapping[str, bytes], questions: str) -> Table:
    pairs = [
        (one, other) for one, other in (("ours", "peer"), ("ours", "raw"), ("peer", "raw")) if {one, other} <= set(ways)
    ]
    table = Table("", "clients", "fields", title=f"Nested queries of {name}: p50 / p95, ms", title_justify="left")
    for way in ways:
        table.add_column(way, justify="right")
    for one, other in pairs:
        table.add_column(f"{one} / {other}", justify="right")
    for question in questions:
        for clients in CLIENTS:
            taken = {way: asked.taken_ms[question, clients] for way, asked in ways.items()}
            table.add_row(
                f"({question}) {QUESTIONS[question]}",
                str(clients),
                f"{fields_in(answers[question]):,}" if answers[question] else "",
                *(f"{median(ms):.1f} / {quantiles(ms, n=20)[-1]:.1f}" for ms in taken.values()),
                *(f"{median(taken[one]) / median(taken[other]):.2f}" for one, other in pairs),
            )
    return table


if __name__ == "__main__":
    main()
