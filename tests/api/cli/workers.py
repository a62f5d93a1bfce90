"""``knowwho serve --workers 2`` as processes of their own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from graph.engine.lifecycle import has_ended
from graph.settings import GraphSettings
from tests.sample_network import environment

WITHIN_S = 240


@dataclass(frozen=True)
class Served:
    """A server of two workers, by the process that watches over them."""

    url: str
    said: list[str]
    key: str
    process: subprocess.Popen[str]

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if not has_ended(child) and "spawn_main" in " ".join(child.cmdline())]


@contextmanager
def serving_with_workers(settings: GraphSettings) -> Iterator[Served]:
    """A server that serves, and is told to stop at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--workers", "2"],
        env=environment(settings) | {"PYTHONUNBUFFERED": "1", "KNOWWHO_QUERY_TIMEOUT_S": "30"},
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
        key = json.loads((settings.run / "server.json").read_text())["key"]
        yield Served(said[-1].split()[3], said, key, process)
    finally:
        process.terminate()
        process.wait(timeout=WITHIN_S)
        process.stdout.close()


def until(condition: Callable[[], bool], *, what: str) -> None:
    """Wait for something that another process is about to do."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)
