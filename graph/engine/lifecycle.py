"""The life of the managed engine: attached to, started, stopped.

Whoever uses the engine holds a lease, a lock that the kernel takes back when its holder ends in any way. The supervisor
(``supervisor.py``) stops the engine when nobody holds the lease any more.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from graph.engine import supervisor
from graph.engine.address import Address, external_address
from graph.engine.diagnosis import SPACE_FOR_DATA_MB, StartWatch
from graph.engine.errors import EngineError, EngineNotUsed, NoSpace, StartTimedOut
from graph.engine.files import EngineFiles
from graph.engine.java import engine_command, home_mark, java_environment, prepare_store
from graph.engine.lock import neo4j_version
from graph.engine.locks import exclusive_lock, is_locked, shared_lock
from graph.engine.programs import require_installed
from graph.engine.running import RunningEngine
from graph.settings import GraphSettings

__all__ = ["attach", "forget_indexes", "has_ended", "start", "stop", "training_run"]

LINGER_S = 5.0
START_TIMEOUT_S = 180.0
# After this Java is killed: a store whose disk is full hangs, and Neo4j recovers from a kill anyway.
STOP_TIMEOUT_S = 20.0
# The stop of the training run compiles and writes 180 MB.
TRAINING_STOP_TIMEOUT_S = 600.0
_ORPHAN_TIMEOUT_S = 20.0
_POLL_S = 0.05


@contextmanager
def attach(settings: GraphSettings, *, linger_s: float = LINGER_S) -> Iterator[Address]:
    """Where the graph is: the settings' own Neo4j, or the managed engine, started when it does not run yet.

    The managed engine stays as long as anybody is attached and a few seconds longer (``linger_s`` of the one who
    started it), unless :func:`start` told it to stay. Blocks while the engine starts: call it from a thread in
    asynchronous code. The settings' own Neo4j is not contacted; :func:`verify` does that.

    Raises:
        EngineError: one of its subclasses, when there is no engine to attach to.
    """
    if external := external_address(settings):
        yield external
        return
    files = EngineFiles.of(settings)
    with _disk_errors(files):
        files.make_folders()
    with shared_lock(files.lease):
        yield _address(settings, files, linger_s=linger_s)


def start(settings: GraphSettings) -> None:
    """Start the managed engine, if it does not run, and tell it to stay until :func:`stop`.

    Raises:
        EngineNotUsed: the settings name a Neo4j of the user's own.
        EngineError: as :func:`attach`.
    """
    if settings.neo4j_uri is not None:
        raise EngineNotUsed(settings.neo4j_uri)
    with attach(settings):
        EngineFiles.of(settings).keep.touch()


def stop(settings: GraphSettings) -> bool:
    """Stop the managed engine, whoever uses it; whether it ran."""
    files = EngineFiles.of(settings)
    if not files.run.exists():
        return False
    files.keep.unlink(missing_ok=True)
    ran = _end_supervisor(files, timeout_s=STOP_TIMEOUT_S + _ORPHAN_TIMEOUT_S)
    with exclusive_lock(files.starting):
        # Unless somebody has started it again meanwhile, what still runs is an orphan.
        return (not is_locked(files.alive) and _end_orphans(files)) or ran


def forget_indexes(settings: GraphSettings) -> None:
    """Stop the managed engine, whoever uses it, and delete its indexes: it makes them anew when it starts next.

    The pages and segments of an index keep for a while what was deleted from it; in new ones it never was. Stopped
    halfway, all indexes are there or none, and Neo4j makes those that it misses.

    Raises:
        EngineNotUsed: the settings name a Neo4j of the user's own.
    """
    if settings.neo4j_uri is not None:
        raise EngineNotUsed(settings.neo4j_uri)
    files = EngineFiles.of(settings)
    if not files.indexes.exists() and not files.forgotten_indexes.exists():
        return
    with exclusive_lock(files.starting):
        _end_supervisor(files, timeout_s=STOP_TIMEOUT_S + _ORPHAN_TIMEOUT_S)
        _end_orphans(files)
        with _disk_errors(files):
            if files.forgotten_indexes.exists():
                shutil.rmtree(files.forgotten_indexes)
            if files.indexes.exists():
                files.indexes.rename(files.forgotten_indexes)
                shutil.rmtree(files.forgotten_indexes)


@contextmanager
def training_run(settings: GraphSettings, *, aot_output: Path) -> Iterator[Address]:
    """An engine that writes Java's start-up cache when it stops; it has stopped when the context ends."""
    files = EngineFiles.of(settings)
    files.make_folders()
    with shared_lock(files.lease):
        yield _address(settings, files, linger_s=LINGER_S, aot_output=aot_output)
        _end_supervisor(files, timeout_s=TRAINING_STOP_TIMEOUT_S)


def _address(
    settings: GraphSettings, files: EngineFiles, *, linger_s: float, aot_output: Path | None = None
) -> Address:
    """The running engine's address; if none runs, one is started. The caller holds the lease."""
    running = _answering(files) or _launched(settings, files, linger_s=linger_s, aot_output=aot_output)
    return running.address(files)


def _answering(files: EngineFiles) -> RunningEngine | None:
    running = RunningEngine.of(files)
    return running if running is not None and running.answers() else None


def _launched(
    settings: GraphSettings, files: EngineFiles, *, linger_s: float, aot_output: Path | None
) -> RunningEngine:
    with exclusive_lock(files.starting):
        deadline = time.monotonic() + START_TIMEOUT_S
        # A supervisor whose starter was killed goes on starting; one that was told to stop, or lost Java, is ending.
        while is_locked(files.alive):
            if running := _answering(files):
                return running
            _wait(deadline, files)
        require_installed(settings)
        if shutil.disk_usage(files.home).free < SPACE_FOR_DATA_MB * 1_000_000:
            raise NoSpace(files.home, SPACE_FOR_DATA_MB)
        _end_orphans(files)
        # What a killed supervisor left behind would be believed as soon as the new one holds its lock.
        files.address.unlink(missing_ok=True)
        files.keep.unlink(missing_ok=True)
        watch = StartWatch(files)
        with _disk_errors(files):
            prepare_store(settings, files)
        _spawn_supervisor(
            files,
            engine_command(settings, files, aot_output=aot_output),
            environment=java_environment(settings, files),
            linger_s=linger_s,
            stop_timeout_s=STOP_TIMEOUT_S if aot_output is None else TRAINING_STOP_TIMEOUT_S,
        )
        running = None
        while running is None:
            _wait(deadline, files)
            if not is_locked(files.alive):
                raise watch.failure(settings)
            running = RunningEngine.of(files)
            if watch.is_hopeless():
                _end_supervisor(files, timeout_s=STOP_TIMEOUT_S + _ORPHAN_TIMEOUT_S)
                raise watch.failure(settings)
        return running


def _wait(deadline: float, files: EngineFiles) -> None:
    if time.monotonic() > deadline:
        raise StartTimedOut(START_TIMEOUT_S, files.neo4j_log)
    time.sleep(_POLL_S)


def _spawn_supervisor(
    files: EngineFiles, command: list[str], *, environment: dict[str, str], linger_s: float, stop_timeout_s: float
) -> None:
    """Start the supervisor; it lives on by itself, and holds its lock, when this returns."""
    plan = supervisor.Plan(
        version=neo4j_version(),
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
            cwd=files.run,
            start_new_session=True,
            check=True,
        )


def _end_supervisor(files: EngineFiles, *, timeout_s: float) -> bool:
    """Tell the supervisor to stop its engine and wait until it has; whether there was one."""
    deadline = time.monotonic() + timeout_s
    is_told = False
    while is_locked(files.alive) and time.monotonic() < deadline:
        # It writes its process id right after it has taken its lock: until then the file holds an older one, or none.
        told = files.alive.read_text(encoding="ascii")
        if not is_told and told and _is_supervisor(int(told)):
            os.kill(int(told), signal.SIGTERM)
            is_told = True
        time.sleep(_POLL_S)
    return is_told


def _is_supervisor(pid: int) -> bool:
    """Whether a process is a supervisor, of this installation of Knowwho or of another one with the same home."""
    program = Path(supervisor.__file__).parts[-3:]
    try:
        return any(Path(argument).parts[-3:] == program for argument in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def _end_orphans(files: EngineFiles) -> bool:
    """End an engine of this network whose supervisor was killed, for it locks the store; whether there was one."""
    mark = home_mark(files)
    orphans = [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())]
    for end in (psutil.Process.terminate, psutil.Process.kill):
        deadline = time.monotonic() + _ORPHAN_TIMEOUT_S
        left = [orphan for orphan in orphans if not has_ended(orphan)]
        for orphan in left:
            with suppress(psutil.NoSuchProcess):
                end(orphan)
        while not all(map(has_ended, left)) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
    return bool(orphans)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is no more; one whose parent never asks for its exit code (a container's first) is none."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@contextmanager
def _disk_errors(files: EngineFiles) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise EngineError.of_disk(problem, files.home, SPACE_FOR_DATA_MB) from None
