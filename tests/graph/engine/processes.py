"""Other processes that use an engine, and the patience to wait for what they do."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from neo4j import GraphDatabase

from graph.engine import Address, EngineState, status
from graph.engine.files import EngineFiles
from graph.engine.java import home_mark
from graph.settings import GraphSettings

__all__ = ["Client", "engine_processes", "row_numbers", "until", "until_stopped"]

PATIENCE_S = 60.0
CLONE = Path(__file__).parents[3]
ROW_NUMBERS = "MATCH (row:Row) RETURN row.number AS number"


class Client:
    """``client.py`` as a process of its own."""

    def __init__(self, what: str, settings: GraphSettings) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("client.py")), what, str(settings.home)],
            env=os.environ | {"PYTHONPATH": str(CLONE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next_line(self) -> str:
        """What it says next; waits for it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> list[str]:
        """End it as kill -9 does; what it had said and nobody read."""
        self.process.kill()
        said, _ = self.process.communicate()
        return said.splitlines()

    def finish(self) -> list[str]:
        """Wait for its own end; what it had said and nobody read."""
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        return said.splitlines()


def until(condition: Callable[[], bool], *, what: str) -> None:
    """Wait for something that another process is about to do."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S:.0f} s in vain: {what}"
        time.sleep(0.02)


def until_stopped(settings: GraphSettings) -> None:
    """Wait until the supervisor has ended."""
    until(lambda: status(settings).state is EngineState.STOPPED, what="the engine has stopped")


def engine_processes(settings: GraphSettings) -> list[psutil.Process]:
    """Every Java that has the network's data open."""
    mark = home_mark(EngineFiles.of(settings))
    return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())]


def row_numbers(address: Address) -> set[int]:
    """The numbers of the rows that ``client.py write`` wrote."""
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password.get_secret_value())) as driver:
        records, _, _ = driver.execute_query(ROW_NUMBERS)
        return {record["number"] for record in records}
