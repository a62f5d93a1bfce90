"""A real Redis or Valkey server, as Debian has it; a test that needs it skips, and says why, where there is none."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STARTS_WITHIN_S = 20


class StoreServer:
    """A server of its own on a free port of loopback, which can be killed, held and started again."""

    def __init__(self, program: str, folder: Path, password: str) -> None:
        self._program = program
        self._folder = folder
        self._password = password
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", ""]
        arguments += ["--requirepass", self._password]
        self._process = subprocess.Popen([self._program, *arguments], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline, "the store did not start"
                time.sleep(0.02)
            else:
                return

    def hold(self) -> None:
        """Let it accept connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def store_server(folder: Path, *, password: str) -> Iterator[StoreServer]:
    """A running server, ended afterwards."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        assert os.environ.get("CI") != "true", "CI has no redis-server: `make test` should have installed it"
        pytest.skip("no redis-server here (Debian: apt-get install redis-server)")
    server = StoreServer(program, folder, password)
    server.start()
    try:
        yield server
    finally:
        server.kill()
