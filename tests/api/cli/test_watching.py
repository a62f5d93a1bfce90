"""``knowwho ingest --watch``, as a real process: what changes goes in within seconds, and nothing half written."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from graph.encoder import install
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from tests.ingest.conftest import SMALL, write_files
from tests.sample_network import environment


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write_files(tmp_path / "network", SMALL)


@pytest.fixture
def told(graph: Graph, graph_settings: GraphSettings, engine_address: Address, network: Path) -> Iterator[IO[str]]:
    """What the command says, each report a line of JSON."""
    install(graph_settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "ingest", str(network), "--watch", "--json"],
        env=environment(graph_settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    process.stdout.close()


@pytest.mark.slow
def test_a_changed_file_goes_in_and_one_that_is_being_written_waits(network: Path, told: IO[str]) -> None:
    first = json.loads(told.readline())
    series = network / "series.csv"

    series.write_text("id,name,description\nexpert-briefings,Renamed,\n", encoding="utf-8")
    changed = json.loads(told.readline())
    with (network / "experts.csv").open("a", encoding="utf-8") as file:
        file.write("ama,Ama,,,GH,en:flu")
        file.flush()
        series.write_text("id,name,description\nexpert-briefings,Again,\n", encoding="utf-8")
        meanwhile = json.loads(told.readline())
        file.write("ent,,,\n")
    completed = json.loads(told.readline())

    assert first["kinds"]["experts"]["created"] == 2
    assert changed["kinds"]["series"]["changed"] == 1
    assert meanwhile["kinds"]["series"]["changed"] == 1
    assert meanwhile["refusals"] == []
    assert completed["kinds"]["experts"]["created"] == 1


@pytest.mark.slow
def test_whoever_stops_it_is_told_that_nothing_is_lost(
    graph: Graph, graph_settings: GraphSettings, engine_address: Address, network: Path
) -> None:
    install(graph_settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "ingest", str(network), "--watch", "--json"],
        env=environment(graph_settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()  # the first report: all is in, and it watches

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert said.splitlines()[-1] == "knowwho: stopped; what was written stays, and the same command goes on from there."
