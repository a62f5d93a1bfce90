"""The database dies under a server: clear errors at once while it is gone, and no restart of anything of ours after."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from graph.engine import install, status
from graph.engine.files import EngineFiles
from graph.engine.running import RunningEngine
from graph.settings import GraphSettings
from tests.api.cli.test_serve import serving

WITHIN_S = 120
TOLD_WITHIN_S = 4.0
"""Two seconds of trying, and what a busy machine adds."""

CHANGE = {"query": 'mutation { createToken(input: {name: "here", role: MEMBER}) { ... on TokenCreated { secret } } }'}
TOKENS = {"query": "{ tokens { edges { node { name } } } }"}
NETWORK = {"query": "{ network { title } }"}
VIEWER = {"query": "{ viewer { role } }"}
INSIDE = ("bolt", "7687", "Neo4j", "neo4j", "127.0.0.1", "engine", "Traceback", ".py")


@pytest.fixture
def own_network(tmp_path: Path) -> GraphSettings:
    settings = GraphSettings(home=tmp_path / "network", neo4j_uri=None)
    install(settings)
    return settings


@pytest.fixture
def server(own_network: GraphSettings) -> Iterator[str]:
    with serving(own_network, "--port", "0") as (address, _):
        yield address


@contextmanager
def gone_database(settings: GraphSettings) -> Iterator[None]:
    """Kill the database; it is started again by itself, but not before the end."""
    engine = RunningEngine.of(EngineFiles.of(settings))
    assert engine is not None
    os.kill(engine.supervisor_pid, signal.SIGSTOP)
    try:
        os.kill(engine.java_pid, signal.SIGKILL)
        yield
    finally:
        os.kill(engine.supervisor_pid, signal.SIGCONT)


def until_back(settings: GraphSettings, *, java_pid: int) -> None:
    """Return once the supervisor says that another Java answers."""
    deadline = time.monotonic() + WITHIN_S
    while (engine := RunningEngine.of(EngineFiles.of(settings))) is None or engine.java_pid == java_pid:
        assert time.monotonic() < deadline, "the database did not come back"
        time.sleep(0.05)


def test_a_database_that_dies_is_told_clearly_and_comes_back_by_itself(server: str, own_network: GraphSettings) -> None:
    key = json.loads((own_network.run / "server.json").read_text())["key"]
    with httpx.Client(base_url=server, headers={"Accept": "application/graphql-response+json"}, timeout=60) as client:
        made = client.post("/graphql", json=CHANGE, headers={"Authorization": f"Bearer {key}"}).json()
        token = {"Authorization": f"Bearer {made['data']['createToken']['secret']}"}
        assert client.post("/graphql", json=VIEWER, headers=token).json()["data"] == {"viewer": {"role": "MEMBER"}}
        before = status(own_network)
        assert before.pid is not None

        with gone_database(own_network):
            began = time.monotonic()
            refused = client.post("/graphql", json=VIEWER, headers=token)
            took_s = time.monotonic() - began
            of_the_public = client.post("/graphql", json=NETWORK)
            page = client.get("/", headers={"Accept": "text/html"})
            ready = client.get("/readyz")
            alive = client.get("/healthz")
        until_back(own_network, java_pid=before.pid)
        answered = client.post("/graphql", json=VIEWER, headers=token)
        kept = client.post("/graphql", json=TOKENS, headers={"Authorization": f"Bearer {key}"})
        ready_again = client.get("/readyz")

    assert took_s < TOLD_WITHIN_S
    assert refused.status_code == 503
    assert refused.json() == {
        "errors": [
            {
                "message": "The network cannot answer at the moment; try again shortly.",
                "extensions": {"code": "UNAVAILABLE", "requestId": refused.headers["x-request-id"]},
            }
        ]
    }
    assert (of_the_public.status_code, of_the_public.json()["data"]) == (200, {"network": None})
    assert of_the_public.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert page.headers["x-request-id"] in page.text
    told = refused.text + of_the_public.text + page.text
    assert not [word for word in INSIDE if word in told]
    assert (ready.status_code, ready.json()) == (503, {"status": "the graph does not answer"})
    assert alive.status_code == 200

    assert answered.json()["data"] == {"viewer": {"role": "MEMBER"}}
    assert [edge["node"]["name"] for edge in kept.json()["data"]["tokens"]["edges"]] == ["here"]
    assert ready_again.json()["status"] != ready.json()["status"]
    lines = [json.loads(line)["event"] for line in (own_network.logs / "knowwho.log").read_text().splitlines()]
    assert [line for line in lines if line.startswith("graph_")] == ["graph_lost", "graph_back"]
