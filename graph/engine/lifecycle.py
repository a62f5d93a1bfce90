"""The life of the managed engine: attached to, started, stopped, looked at.

Whoever uses the engine holds a lease, a lock that the kernel takes back when its holder ends in any way. The supervisor
(``supervisor.py``) stops the engine when nobody holds the lease any more.
"""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from graph.engine import supervisor
from graph.engine.address import Address, external_address
from graph.engine.diagnosis import SPACE_FOR_DATA_MB, Reading, failure_of
from graph.engine.errors import NoSpace, PasswordUnreadable, StartTimedOut
from graph.engine.files import EngineFiles
from graph.engine.java import USER, engine_command, home_mark, java_environment, prepare_store
from graph.engine.locks import exclusive_lock, is_locked, shared_lock
from graph.engine.programs import require_installed
from graph.settings import GraphSettings

__all__ = ["attach"]

LINGER_S = 5.0
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0
TRAINING_STOP_TIMEOUT_S = 300.0
_ORPHAN_TIMEOUT_S = 20.0
_POLL_S = 0.05


@contextmanager
def attach(settings: GraphSettings, *, linger_s: float = LINGER_S) -> Iterator[Address]:
    """Where the graph is: the settings' own Neo4j, or the managed engine, started when it does not run yet.

    The managed engine stays as long as anybody is attached, and ``linger_s`` seconds longer (as said by who started
    it), unless ``start`` told it to stay. Blocks while the engine starts; call it from a thread in asynchronous code.

    Raises:
        EngineError: one of its subclasses, when there is no engine to attach to.
    """
    external = external_address(settings)
    if external is not None:
        yield external
        return
    files = EngineFiles.of(settings)
    files.make_folders()
    with shared_lock(files.lease):
        yield _running(files) or _launched(settings, files, linger_s=linger_s)


@contextmanager
def training_run(settings: GraphSettings, *, aot_output: Path) -> Iterator[Address]:
    """An engine that writes Java's start-up cache when it stops; it has stopped when the context ends."""
    files = EngineFiles.of(settings)
    files.make_folders()
    with shared_lock(files.lease):
        yield _launched(settings, files, linger_s=LINGER_S, aot_output=aot_output)
        _stopped(files, timeout_s=TRAINING_STOP_TIMEOUT_S)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the supervisor says of the engine it runs."""

    port: int
    supervisor: int
    java: int
    since: datetime

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"


def _told(files: EngineFiles) -> _Told | None:
    """What a living supervisor says, or None; a file that outlived its supervisor is not believed."""
    if not is_locked(files.alive):
        return None
    try:
        told = json.loads(files.address.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    return _Told(told["port"], told["supervisor"], told["java"], datetime.fromisoformat(told["since"]))


def _running(files: EngineFiles) -> Address | None:
    told = _told(files)
    if told is None:
        return None
    try:
        password = SecretStr(files.password.read_text(encoding="ascii"))
    except OSError as problem:
        raise PasswordUnreadable(
            f"The password file {files.password} cannot be read ({problem.strerror})",
            "run knowwho as the user who made the graph, or put the file back from a backup",
        ) from None
    return Address(uri=told.uri, user=USER, password=password, database=None, managed=True)


def _launched(
    settings: GraphSettings, files: EngineFiles, *, linger_s: float, aot_output: Path | None = None
) -> Address:
    """Start the engine, or wait for who is starting it; the caller holds the lease."""
    with exclusive_lock(files.starting):
        deadline = time.monotonic() + START_TIMEOUT_S
        # A supervisor whose starter was killed goes on starting; one that was told to stop is ending.
        while is_locked(files.alive):
            if address := _running(files):
                return address
            _wait(deadline, files)
        require_installed(settings)
        _end_orphan(files)
        files.keep.unlink(missing_ok=True)
        reading = Reading.begun(files)
        try:
            prepare_store(settings, files)
        except OSError as problem:
            raise _no_space(files, problem) from None
        _spawn(
            files,
            engine_command(settings, files, aot_output=aot_output),
            environment=java_environment(settings, files),
            linger_s=linger_s,
            stop_timeout_s=STOP_TIMEOUT_S if aot_output is None else TRAINING_STOP_TIMEOUT_S,
        )
        while not (address := _running(files)):
            if not is_locked(files.alive):
                raise failure_of(files, reading)
            _wait(deadline, files)
        return address


def _wait(deadline: float, files: EngineFiles) -> None:
    if time.monotonic() > deadline:
        raise StartTimedOut(START_TIMEOUT_S, files.neo4j_log)
    time.sleep(_POLL_S)


def _spawn(
    files: EngineFiles, command: list[str], *, environment: dict[str, str], linger_s: float, stop_timeout_s: float
) -> None:
    """Start the supervisor; it lives on by itself when this returns."""
    plan = supervisor.Plan(
        command=command,
        environment=environment,
        folder=str(files.graph),
        log=str(files.supervisor_log),
        lease=str(files.lease),
        alive=str(files.alive),
        address=str(files.address),
        keep=str(files.keep),
        linger_s=linger_s,
        stop_timeout_s=stop_timeout_s,
    )
    with files.supervisor_log.open("ab") as log:
        subprocess.run(
            [sys.executable, "-I", "-S", supervisor.__file__],
            input=json.dumps(plan).encode(),
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            check=True,
        )


def _stopped(files: EngineFiles, *, timeout_s: float) -> bool:
    """Tell the supervisor to stop and wait until it has; whether there was one."""
    if not is_locked(files.alive):
        return False
    deadline = time.monotonic() + timeout_s
    os.kill(int(files.alive.read_text(encoding="ascii")), signal.SIGTERM)
    while is_locked(files.alive) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return True


def _end_orphan(files: EngineFiles) -> None:
    """End an engine of this network whose supervisor was killed: its store is locked until it has ended."""
    import psutil

    mark = home_mark(files)
    orphans = [
        process
        for process in psutil.process_iter(["cmdline"])
        if mark in (process.info["cmdline"] or ()) and process.pid != os.getpid()
    ]
    for orphan in orphans:
        with suppress(psutil.NoSuchProcess):
            orphan.terminate()
    _, stubborn = psutil.wait_procs(orphans, timeout=_ORPHAN_TIMEOUT_S)
    for orphan in stubborn:
        with suppress(psutil.NoSuchProcess):
            orphan.kill()
    psutil.wait_procs(stubborn, timeout=_ORPHAN_TIMEOUT_S)


def _no_space(files: EngineFiles, problem: OSError) -> Exception:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace(files.home, SPACE_FOR_DATA_MB)
    return problem
