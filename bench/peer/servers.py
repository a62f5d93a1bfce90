"""The servers that are compared, each a process of its own: ours as ``knowwho serve`` starts it, and the peer's."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from graph.engine import Address
from graph.settings import GraphSettings
from tests.npm import NODE, installed

__all__ = ["ours", "peers"]

FOLDER = Path(__file__).parent
SAYS_WHERE = "http://127.0.0.1:"
READY_WITHIN_S = 600.0
# A benchmark asks more in a minute than any viewer may.
UNLIMITED = {"KNOWWHO_LIMIT_GRAPHQL": "1000000 per 1 minute", "KNOWWHO_LIMIT_COST": "100000000000 per 1 minute"}


@contextmanager
def ours(settings: GraphSettings) -> Iterator[str]:
    """The address of our server, ready to be asked."""
    home = {"KNOWWHO_HOME": str(settings.home), "KNOWWHO_CACHE": str(settings.cache)}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    with _serving(command, environment=_environment() | home | UNLIMITED) as url:
        until = time.monotonic() + READY_WITHIN_S
        while httpx.get(f"{url}/readyz", timeout=READY_WITHIN_S).status_code != httpx.codes.OK:
            assert time.monotonic() < until, "Our server does not become ready."
            time.sleep(0.2)
        yield url


@contextmanager
def peers(address: Address) -> Iterator[str]:
    """The address of the peer's server, ready to be asked; its packages are installed into the cache before."""
    folder = installed(FOLDER, programs=["server.mjs", "schema.graphql"])
    graph = {
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password.get_secret_value(),
        "NODE_ENV": "production",
    }
    with _serving([str(NODE), str(folder / "server.mjs")], environment=_environment() | graph) as url:
        yield url


@contextmanager
def _serving(command: list[str], *, environment: Mapping[str, str]) -> Iterator[str]:
    with (
        tempfile.TemporaryFile(mode="w+") as log,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            yield _said(process.stdout, log)
        finally:
            process.terminate()


def _said(lines: IO[str], log: IO[str]) -> str:
    for line in lines:
        if SAYS_WHERE in line:
            return SAYS_WHERE + line.split(SAYS_WHERE, 1)[1].split()[0]
    log.seek(0)
    raise AssertionError(f"The server ended before it served:\n{log.read()}")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KNOWWHO_")}
