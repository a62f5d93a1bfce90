"""The small process that owns Java: it starts Neo4j, says where it listens, and stops it when nobody uses it any more.

While somebody uses it, Java that died is started again in the same place. The supervisor is run by its path with the
standard library alone (``python -I -S supervisor.py``, its plan as JSON on standard input), so that it starts in
milliseconds and stays small. It knows nothing of Neo4j's data, settings or passwords.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

__all__ = ["Plan", "answers_bolt"]

_TICK_S = 0.2
_LOG_LIMIT = 1_000_000
# How long to wait with starting Java again that died soon after its last start; the first time it is started at once.
_FIRST_RESTART_S = 1.0
_LATEST_RESTART_S = 30.0
# Who stayed up for so long has not died of how it was started.
_STEADY_S = 60.0
_PR_SET_PDEATHSIG = 1
# The Bolt handshake: magic, then four proposals of a version; 5.0 and three times none.
_BOLT_HELLO = bytes.fromhex("6060b017" + "00000005" + "00000000" * 3)


class Plan(TypedDict):
    """What the supervisor is told by the process that starts it."""

    version: str
    command: list[str]
    environment: dict[str, str]
    folder: str
    log: str
    lease: str
    alive: str
    address: str
    keep: str
    linger_s: float
    stop_timeout_s: float


def main() -> None:
    """Take over from the process that starts the engine, and stay until Java has ended."""
    plan: Plan = json.load(sys.stdin)
    os.umask(0o077)
    alive = os.open(plan["alive"], os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(alive, fcntl.LOCK_EX)
    # The starter waits for this process, so the child inherits the lock before anybody can look for it, belongs to
    # nobody, and leaves no zombie when it ends.
    if os.fork():
        os._exit(0)
    os.ftruncate(alive, 0)
    os.pwrite(alive, str(os.getpid()).encode(), 0)
    supervisor = _Supervisor(plan)
    try:
        supervisor.run()
    finally:
        supervisor.forget_address()


class _Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.address = Path(plan["address"])
        self.keep = Path(plan["keep"])
        self.stop_wanted = False
        self.was_ready = False
        self.idle_since: float | None = None
        self.output: int | None = None
        self.lease = os.open(plan["lease"], os.O_RDWR | os.O_CREAT, 0o600)
        self.log = _BoundedLog(Path(plan["log"]))
        self.reservation = _reserved_port()
        self.port: int = self.reservation.getsockname()[1]

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._want_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if sys.platform != "linux":
            self.reservation.close()
        restart_s = 0.0
        while True:
            java = self._started_java()
            ready_at = self._attended(java)
            self.forget_address()
            if java.poll() is None:
                self._stop(java)
                self._copy_rest()
                return
            self._copy_rest()
            self.was_ready |= ready_at is not None
            # Whoever started an engine that never answered is told why, and starts the next one.
            if not self.was_ready:
                return
            if ready_at is not None and time.monotonic() - ready_at >= _STEADY_S:
                restart_s = 0.0
            self._say(f"Java ended with {java.returncode}; it is started again in {restart_s:g} s if somebody uses it.")
            if not self._is_wanted_for(restart_s):
                return
            restart_s = min(max(2 * restart_s, _FIRST_RESTART_S), _LATEST_RESTART_S)

    def _attended(self, java: subprocess.Popen[bytes]) -> float | None:
        """Stay with Java until it has ended, or is to stop; when it was ready, if it was."""
        ready_at = None
        while java.poll() is None and not self._should_stop():
            self._copy_output(_TICK_S)
            if ready_at is None and answers_bolt(self.port):
                self._tell_address(java)
                ready_at = time.monotonic()
        return ready_at

    def _is_wanted_for(self, seconds: float) -> bool:
        """Whether the engine is used, or to stay, for so long; if not so, the lease is held by this process."""
        ends_at = time.monotonic() + seconds
        while not self.stop_wanted:
            if self._take_lease():
                if not self.keep.exists():
                    return False
                fcntl.flock(self.lease, fcntl.LOCK_UN)
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                return True
            time.sleep(min(left_s, _TICK_S))
        return False

    def forget_address(self) -> None:
        self.address.unlink(missing_ok=True)

    def _want_stop(self, *_: Any) -> None:
        self.stop_wanted = True

    def _started_java(self) -> subprocess.Popen[bytes]:
        listen = f"127.0.0.1:{self.port}"
        arguments = ["-c", f"server.bolt.listen_address={listen}", "-c", f"server.bolt.advertised_address={listen}"]
        self.output, printed = os.pipe()
        java = subprocess.Popen(
            [*self.plan["command"], *arguments],
            env=self.plan["environment"],
            cwd=self.plan["folder"],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            preexec_fn=_death_with_parent(),  # noqa: PLW1509  this process has one thread
        )
        os.close(printed)
        return java

    def _should_stop(self) -> bool:
        """Whether a stop was asked for, or nobody holds the lease any more; then the lease is held by this process."""
        if self.stop_wanted:
            return True
        if not self._take_lease():
            self.idle_since = None
            return False
        # As long as this process holds the lease nobody can begin to use the engine or mark it to be kept.
        now = time.monotonic()
        if self.keep.exists():
            self.idle_since = None
        elif self.idle_since is None:
            self.idle_since = now
        if self.idle_since is not None and now - self.idle_since >= self.plan["linger_s"]:
            # Not given back: who comes now waits for the end of this process, then starts a new engine.
            return True
        fcntl.flock(self.lease, fcntl.LOCK_UN)
        return False

    def _take_lease(self) -> bool:
        try:
            fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _tell_address(self, java: subprocess.Popen[bytes]) -> None:
        told = {
            "version": self.plan["version"],
            "port": self.port,
            "supervisor": os.getpid(),
            "java": java.pid,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        draft = self.address.with_suffix(".part")
        draft.write_text(json.dumps(told), encoding="ascii")
        draft.replace(self.address)

    def _stop(self, java: subprocess.Popen[bytes]) -> None:
        java.terminate()
        deadline = time.monotonic() + self.plan["stop_timeout_s"]
        while java.poll() is None:
            self._copy_output(0.02)
            if time.monotonic() > deadline:
                java.kill()
                java.wait()

    def _copy_output(self, wait_s: float) -> None:
        """Copy what Java prints to the log, for this long."""
        deadline = time.monotonic() + wait_s
        while True:
            left_s = max(0.0, deadline - time.monotonic())
            if not select.select([] if self.output is None else [self.output], [], [], left_s)[0]:
                return
            self._copy_chunk()
            if left_s == 0:
                return

    def _copy_rest(self) -> None:
        """Copy what Java, which has ended, had printed."""
        while self.output is not None and select.select([self.output], [], [], 0)[0]:
            self._copy_chunk()
        if self.output is not None:
            os.close(self.output)
            self.output = None

    def _say(self, sentence: str) -> None:
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        self.log.write(f"{now} supervisor: {sentence}\n".encode())

    def _copy_chunk(self) -> None:
        if self.output is None:
            return
        if chunk := os.read(self.output, 65536):
            self.log.write(chunk)
        else:
            os.close(self.output)
            self.output = None


class _BoundedLog:
    """A log file that keeps its newest one to two million bytes, in two files."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.length = file.stat().st_size if file.exists() else 0

    def write(self, output: bytes) -> None:
        # A full disk must not end the engine for the sake of a log.
        with contextlib.suppress(OSError):
            if self.length > _LOG_LIMIT:
                self.file.replace(self.file.with_name(self.file.name + ".1"))
                self.length = 0
            with self.file.open("ab") as log:
                log.write(output)
            self.length += len(output)


def _reserved_port() -> socket.socket:
    """A bound, not listening socket: Linux gives its port to nobody but to a listener that asks for it by number.

    It is held as long as the supervisor lives, so that the port is still there when Java is started again.
    """
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder


def answers_bolt(port: int) -> bool:
    """Whether a Neo4j on this machine takes connections: it answers the handshake within a second."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(_BOLT_HELLO)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _death_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes Java so that it gets SIGTERM when this process ends; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def die_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent


if __name__ == "__main__":
    main()
