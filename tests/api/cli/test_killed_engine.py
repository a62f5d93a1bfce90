"""The engine killed while a network comes in: a sentence, nothing lost, and running it again completes it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.engine import EngineState, attach, install, status
from graph.graph import Graph
from graph.settings import GraphSettings
from ingest.sample import SAMPLE
from tests.sample_network import environment

WITHIN_S = 120
EXPERTS = "MATCH (e:Expert) RETURN count(e) AS experts"


@pytest.fixture
def own_network(tmp_path: Path) -> GraphSettings:
    settings = GraphSettings(home=tmp_path / "network", neo4j_uri=None)
    install(settings)
    return settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample's tables without its documents, which would only take longer to encode."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns("documents")))


def ingesting(folder: Path, settings: GraphSettings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "ingest", str(folder), "--json"],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def experts_in(settings: GraphSettings) -> int:
    with attach(settings) as address:
        async with Graph.connect(address) as graph:
            return int((await graph.read(EXPERTS))[0]["experts"])


@pytest.mark.slow
async def test_killing_the_engine_loses_nothing_and_the_next_run_completes_it(
    folder: Path, own_network: GraphSettings
) -> None:
    first = ingesting(folder, own_network)
    deadline = time.monotonic() + WITHIN_S
    while status(own_network).state != EngineState.RUNNING or await experts_in(own_network) == 0:
        assert time.monotonic() < deadline, "no expert came in"
    acknowledged = await experts_in(own_network)
    engine = status(own_network).pid
    assert engine is not None
    os.kill(engine, signal.SIGKILL)
    _, told = first.communicate(timeout=WITHIN_S)

    assert first.returncode == 2
    (sentence,) = [line for line in told.splitlines() if not line.startswith('{"kind"')]
    assert sentence.startswith("knowwho: Neo4j at bolt://127.0.0.1:")
    assert await experts_in(own_network) >= acknowledged

    second = ingesting(folder, own_network)
    report, _ = second.communicate(timeout=5 * WITHIN_S)
    assert second.returncode == 0
    counts = json.loads(report)["kinds"]["experts"]
    assert (counts["created"] + counts["unchanged"], counts["refused"]) == (150, 0)
    assert await experts_in(own_network) == 150
