"""What the files of a network still hold after an erasure, and that a kill in the middle leaves no half of one.

A copy of a network of its own for each test: what is in files depends on all that was ever written to them.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from graph import erasure
from graph.engine import attach, forget_indexes, install, status, stop
from graph.errors import GraphUnavailable
from graph.graph import Graph, Transaction
from graph.schema import migrate
from graph.settings import GraphSettings
from graph.viewer import Viewer
from tests.graph.person import EXPERT, add_person
from tests.sample_network import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

WITHIN_S = 300
# Words of the person's own texts, their id as it stands before a word's end, address, name and subject at a provider.
TRACES = (b"amatest", b'ama-testperson"', b"ama-testperson.md", b"ama@example.org", b"ama testperson", b"amasubject")
FILLERS = "MATCH (f:Filler) RETURN count(f) AS fillers"
BLOCKED = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS blocked"
LEFT = """
RETURN COUNT { (:Expert) } AS people, COUNT { (:Passage) } AS passages, COUNT { (:Account) } AS accounts,
       COUNT { (:Participant) } AS participants, COUNT { (:Tombstone) } AS tombstones, COUNT { (:Filler) } AS fillers,
       COUNT { (:Erasure) } AS unswept
"""
ERASED = {
    "people": 2, "passages": 3, "accounts": 0, "participants": 2, "tombstones": 2, "fillers": 0, "unswept": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
async def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network with the person in it, its engine stopped."""
    settings = GraphSettings(home=tmp_path_factory.mktemp("first") / "network", neo4j_uri=None)
    install(settings)
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            await migrate(graph)
            await add_person(graph)
    stop(settings)
    return settings.home


@pytest.fixture
def settings(first: Path, tmp_path: Path) -> GraphSettings:
    """The test's own copy of that network."""
    return GraphSettings(home=Path(shutil.copytree(first, tmp_path / "network")), neo4j_uri=None)


def files_with_traces(settings: GraphSettings) -> Mapping[str, list[bytes]]:
    """Every file under the network's folder that has a trace, in letters of either case, with the traces."""
    found = {}
    for file in sorted(settings.home.rglob("*")):
        content = file.read_bytes().lower() if file.is_file() else b""
        if traces := [trace for trace in TRACES if trace in content]:
            found[str(file.relative_to(settings.home))] = traces
    return found


async def left_in(settings: GraphSettings) -> Mapping[str, int]:
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            await erasure.sweep(graph)
            return (await graph.read(LEFT))[0]


async def test_once_swept_and_reindexed_no_file_holds_a_trace(settings: GraphSettings) -> None:
    assert {Path(name).name.split(".")[0] for name in files_with_traces(settings)} >= {"neostore"}
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            await erasure.erase(graph, Viewer.at_the_command_line(), expert=EXPERT)
            await erasure.sweep(graph)
    stop(settings)

    in_indexes = files_with_traces(settings)
    forget_indexes(settings)
    nowhere = files_with_traces(settings)

    assert all("/schema/index/" in name for name in in_indexes)
    assert nowhere == {}
    assert await left_in(settings) == ERASED
    assert files_with_traces(settings) == {}


async def test_a_command_killed_just_before_it_commits_erases_nothing_and_the_next_erases_everything(
    settings: GraphSettings,
) -> None:
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            before = (await graph.read(LEFT))[0]
            async with held_just_before_the_commit(graph):
                erasing = start_erasing(settings)
                await blocked(graph)
                erasing.kill()
                erasing.communicate()
            assert (await graph.read(LEFT))[0] == before

    assert erase(settings) == 0
    assert await left_in(settings) == ERASED


async def test_a_command_killed_while_it_sweeps_is_completed_by_whoever_opens_the_graph_next(
    settings: GraphSettings,
) -> None:
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            erasing = start_erasing(settings)
            deadline = time.monotonic() + WITHIN_S
            while not (await graph.read(FILLERS))[0]["fillers"]:
                assert time.monotonic() < deadline, "it never swept"
            erasing.kill()
            erasing.communicate()
            assert (await graph.read(LEFT))[0]["unswept"] == 1

    assert erase(settings) == 2  # nobody is there to be erased any more
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            assert (await graph.read(LEFT))[0] == ERASED


async def test_an_engine_killed_just_before_it_commits_erases_nothing_and_the_next_command_erases_everything(
    settings: GraphSettings,
) -> None:
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            before = (await graph.read(LEFT))[0]
            erasing = start_erasing(settings)
            with suppress(GraphUnavailable):  # the engine's end is also that of the transaction that holds it up
                async with held_just_before_the_commit(graph):
                    await blocked(graph)
                    engine = status(settings).pid
                    assert engine is not None
                    os.kill(engine, signal.SIGKILL)
                    _, told = await asyncio.to_thread(erasing.communicate, timeout=WITHIN_S)

    assert erasing.returncode == 2
    assert told.startswith("knowwho: Neo4j at bolt://127.0.0.1:")
    assert told.count("\n") == 1
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            assert (await graph.read(LEFT))[0] == before
    assert erase(settings) == 0
    assert await left_in(settings) == ERASED


@asynccontextmanager
async def held_just_before_the_commit(graph: Graph) -> AsyncIterator[None]:
    """Whoever erases gets as far as the change log, their last statement, and no further."""
    holds, let_go = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await tx.run("MATCH (n:ChangeCounter) SET n.last = n.last")
        holds.set()
        await let_go.wait()

    holding = asyncio.create_task(graph.transact(work))
    await holds.wait()
    try:
        yield
    finally:
        let_go.set()
        await holding


async def blocked(graph: Graph) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not (await graph.read(BLOCKED))[0]["blocked"]:
        assert time.monotonic() < deadline, "it never came to its last statement"


def start_erasing(settings: GraphSettings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "erase", EXPERT, "--yes"],
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def erase(settings: GraphSettings) -> int:
    erasing = start_erasing(settings)
    erasing.communicate(timeout=WITHIN_S)
    return erasing.returncode
