"""``knowwho serve`` and its clients, as real processes on the sample network."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from graph.graph import Graph
from graph.settings import GraphSettings
from tests.sample_network import environment

READY_WITHIN_S = 120


@contextmanager
def serving(settings: GraphSettings, *arguments: str) -> Iterator[tuple[str, list[str]]]:
    """A server's address and what it said until it served; it is told to stop at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", *arguments],
        env=environment(settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line.strip())
            if line.startswith("Knowwho serves at "):
                break
        yield said[-1].split()[3], said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)
        process.stdout.close()


def command(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def server(sample_settings: GraphSettings) -> Iterator[str]:
    with serving(sample_settings, "--port", "0") as (address, _):
        deadline = time.monotonic() + READY_WITHIN_S
        while httpx.get(f"{address}/readyz").status_code != 200:
            assert time.monotonic() < deadline, "the server did not become ready"
        yield address


def test_it_listens_on_loopback_and_serves_pages_and_graphql(server: str) -> None:
    assert server.startswith("http://127.0.0.1:")

    page = httpx.get(server)
    answer = httpx.post(f"{server}/graphql", json={"query": "{ network { isFictional } }"})

    assert page.status_code == 200
    assert "This is a sample network" in page.text
    assert answer.json()["data"] == {"network": {"isFictional": True}}


def test_ask_is_its_client(server: str, sample_settings: GraphSettings) -> None:
    asked = command(sample_settings, "ask", "Who protects water supply?", "--first", "2", "--json")

    assert asked.returncode == 0, asked.stderr
    matches = json.loads(asked.stdout)
    assert len(matches["edges"]) == 2
    assert httpx.get(f"{server}/healthz").status_code == 200


def test_ask_is_let_in_by_the_key_that_only_this_user_reads(server: str, sample_settings: GraphSettings) -> None:
    said = json.loads((sample_settings.run / "server.json").read_text())
    query = {"query": "{ viewer { role } }"}

    with_key = httpx.post(f"{server}/graphql", json=query, headers={"Authorization": f"Bearer {said['key']}"})
    without = httpx.post(f"{server}/graphql", json=query)

    assert with_key.json()["data"] == {"viewer": {"role": "ADMINISTRATOR"}}
    assert without.json()["data"] == {"viewer": {"role": "PUBLIC"}}


def test_ask_prints_people_with_why_and_evidence(server: str, sample_settings: GraphSettings) -> None:
    asked = command(sample_settings, "ask", "Who has trained stewards of mosques?", "--first", "1")

    assert asked.returncode == 0, asked.stderr
    for part in ("1. ", "Why: knows", "Biography", "@example.", "fictional"):
        assert part in asked.stdout


def test_ask_makes_a_table_for_spreadsheet_programs(server: str, sample_settings: GraphSettings) -> None:
    asked = command(sample_settings, "ask", "Who has trained stewards of mosques?", "--first", "2", "--csv")

    rows = list(csv.DictReader(io.StringIO(asked.stdout)))
    assert len(rows) == 2
    assert "@" in rows[0]["email"]
    assert rows[0]["reasons"].startswith("knows ")
    assert all(rows[0][column] for column in ("id", "name", "headline", "country", "languages", "evidence"))


def test_ask_says_in_a_sentence_what_it_cannot_filter_by(server: str, sample_settings: GraphSettings) -> None:
    asked = command(sample_settings, "ask", "markets", "--country", "Tunesia")

    assert asked.returncode == 2
    assert asked.stderr == "knowwho: The network knows no country 'Tunesia'; did you mean Tunisia or Tunisie?\n"


def test_a_second_server_of_the_network_is_refused(server: str, sample_settings: GraphSettings) -> None:
    second = command(sample_settings, "serve", "--port", "0")

    assert second.returncode == 2
    assert second.stderr == (
        f"knowwho: This network is already served at {server}; stop that server first, or use it.\n"
    )


def test_beyond_loopback_it_does_not_listen_without_its_public_address(sample_settings: GraphSettings) -> None:
    refused = command(sample_settings, "serve", "--host", "192.0.2.1")

    assert refused.returncode == 2
    assert refused.stderr.startswith(
        "knowwho: Listening on 192.0.2.1 lets other machines in; set KNOWWHO_PUBLIC_URL to the address"
    )


def test_a_taken_port_is_said_and_the_next_free_one_is_used(
    engine_address: object, graph_settings: GraphSettings
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with serving(graph_settings, "--port", str(port)) as (address, said):
            bound = int(address.rpartition(":")[2])

            assert bound > port
            assert f"Port {port} is taken; using {bound}." in said


async def test_what_a_dead_server_left_behind_is_not_believed(graph: Graph, graph_settings: GraphSettings) -> None:
    left = graph_settings.run / "server.json"
    left.write_text(
        json.dumps({"url": "http://127.0.0.1:9", "key": "of a dead server", "pid": os.getpid(), "started": 1.0})
    )
    try:
        asked = command(graph_settings, "ask", "Who protects markets?")
    finally:
        left.unlink()

    assert asked.returncode == 0, asked.stderr
    assert "The network is still empty" in asked.stdout
