import subprocess
import sys

import pytest

from graph.engine import attach
from graph.engine.errors import NotEnoughMemory, StoreLocked, StoreTooNew
from graph.engine.files import EngineFiles
from graph.settings import GraphSettings
from tests.graph.engine.processes import engine_processes, until_stopped

LOCK_AND_WAIT = """
import fcntl, sys
with open(sys.argv[1], "r+") as store:
    fcntl.lockf(store, fcntl.LOCK_EX)
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_store_that_another_process_has_open_is_told(network: GraphSettings) -> None:
    data = EngineFiles.of(network).data
    command = [sys.executable, "-c", LOCK_AND_WAIT, str(data / "databases" / "store_lock")]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(StoreLocked) as refusal, attach(network):
            pass

    assert str(refusal.value) == (
        f"Another process has the data in {data} open: stop that Neo4j, or point KNOWWHO_HOME to other data."
    )


def test_store_of_a_newer_neo4j_is_told_at_once_and_leaves_no_engine(network: GraphSettings) -> None:
    # Every entry of a transaction log begins with the version of the Neo4j that wrote it: 32 is 2026.08, and a newer
    # one writes a higher number. No newer one exists yet that could write it for us.
    checkpoints = EngineFiles.of(network).data / "transactions" / "neo4j" / "checkpoint.0"
    entries = checkpoints.read_bytes()
    assert entries.count(b"\x20\x09") >= 1
    checkpoints.write_bytes(entries.replace(b"\x20\x09", b"\x28\x09"))

    with (
        pytest.raises(StoreTooNew, match=r"was written by a Neo4j newer than 2026\.08\.1 .*upgrade knowwho"),
        attach(network),
    ):
        pass

    until_stopped(network)
    assert engine_processes(network) == []


def test_heap_that_the_machine_does_not_have_is_told(network: GraphSettings) -> None:
    too_much = GraphSettings(home=network.home, neo4j_uri=None, engine_heap_mb=900_000_000)

    with pytest.raises(NotEnoughMemory, match="lower KNOWWHO_ENGINE_HEAP_MB"), attach(too_much):
        pass
