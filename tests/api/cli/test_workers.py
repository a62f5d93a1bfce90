"""``knowwho serve --workers``: several processes, one port, one graph; who dies is replaced."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import uvloop
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.cli.serve import server_config
from graph.engine import Address
from graph.settings import GraphSettings
from tests.api.cli.workers import WITHIN_S, Served, serving_with_workers, until
from tests.sample_network import environment

VIEWER = {"query": "{ viewer { role } }"}


@pytest.fixture(scope="module")
def server(engine_address: Address, graph_settings: GraphSettings) -> Iterator[Served]:
    with serving_with_workers(graph_settings) as served:
        yield served


def role(server: Served) -> str:
    """What a connection of its own is answered."""
    answer = httpx.post(
        f"{server.url}/graphql", json=VIEWER, headers={"Authorization": f"Bearer {server.key}"}, timeout=WITHIN_S
    )
    told: str = answer.raise_for_status().json()["data"]["viewer"]["role"]
    return told


@contextmanager
def stopped(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def test_uvloop_and_httptools_serve() -> None:
    config = server_config(FastAPI, workers=1)

    config.load()

    assert config.get_loop_factory() is uvloop.new_event_loop
    assert config.http_protocol_class is HttpToolsProtocol


def test_it_says_where_it_serves_and_that_each_counts_for_itself(server: Served) -> None:
    assert server.said == [
        "Starting the engine and the encoder …",
        "Each of the 2 workers counts for itself how often something is done, so that up to 2 times as much is let "
        "through; KNOWWHO_LIMITS_STORE lets them count together.",
        f"Knowwho serves at {server.url}  (GraphQL: {server.url}/graphiql; stop: Ctrl-C)",
    ]


def test_each_worker_answers_on_the_one_port_with_the_one_key(server: Served) -> None:
    one, other = server.workers

    for asleep in (one, other):
        with stopped(asleep):
            assert role(server) == "ADMINISTRATOR"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has loaded")
def test_each_worker_has_loaded_them(server: Served) -> None:
    for worker in server.workers:
        loaded = " ".join(mapped.path for mapped in worker.memory_maps())
        assert "uvloop" in loaded
        assert "httptools" in loaded


def test_a_worker_that_is_killed_is_replaced_and_the_other_goes_on(server: Served) -> None:
    killed, other = server.workers

    killed.kill()

    assert role(server) == "ADMINISTRATOR"
    until(lambda: len(server.workers) == 2 and killed not in server.workers, what="a new worker")
    with stopped(other):
        assert role(server) == "ADMINISTRATOR"


def test_what_keeps_it_from_starting_is_one_sentence(tmp_path: Path) -> None:
    settings = GraphSettings(home=tmp_path, neo4j_uri=None)
    told = subprocess.run(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--workers", "2"],
        env=environment(settings) | {"KNOWWHO_DOCUMENTS": str(tmp_path / "nowhere.graphql")},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )

    assert told.returncode == 2
    assert told.stderr.startswith("knowwho: KNOWWHO_DOCUMENTS cannot be used: of ")
    assert told.stderr.count("\n") == 1
