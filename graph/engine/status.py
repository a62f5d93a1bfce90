"""What the managed engine is doing, without starting it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import psutil

from graph.engine.files import EngineFiles
from graph.engine.lock import neo4j_version
from graph.engine.locks import is_locked
from graph.engine.running import RunningEngine
from graph.settings import GraphSettings

__all__ = ["EngineState", "EngineStatus", "logs", "status"]

_LOCK_TABLE = Path("/proc/locks")


class EngineState(StrEnum):
    """Whether the engine answers."""

    STOPPED = "stopped"
    CHANGING = "starting or stopping"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The managed engine at one moment; what is None is not known or does not apply.

    ``stays`` says that it was started to stay; ``clients`` counts the processes that use it.
    """

    state: EngineState
    home: Path
    version: str
    data_bytes: int
    uri: str | None = None
    pid: int | None = None
    since: datetime | None = None
    memory_bytes: int | None = None
    supervisor_memory_bytes: int | None = None
    stays: bool | None = None
    clients: int | None = None


def status(settings: GraphSettings) -> EngineStatus:
    """How the managed engine of the settings' home is; looks only, starts and stops nothing."""
    files = EngineFiles.of(settings)
    running = RunningEngine.of(files)
    if running is None:
        return EngineStatus(
            state=EngineState.CHANGING if is_locked(files.alive) else EngineState.STOPPED,
            home=files.home,
            version=neo4j_version(),
            data_bytes=_size(files.data),
        )
    return EngineStatus(
        state=EngineState.RUNNING,
        home=files.home,
        version=running.version,
        data_bytes=_size(files.data),
        uri=running.uri,
        pid=running.java_pid,
        since=running.since,
        memory_bytes=_memory(running.java_pid),
        supervisor_memory_bytes=_memory(running.supervisor_pid),
        stays=files.keep.exists(),
        clients=_clients(files),
    )


def logs(settings: GraphSettings) -> tuple[Path, ...]:
    """The logs that there are, the one to read first first."""
    files = EngineFiles.of(settings)
    return tuple(log for log in (files.neo4j_log, files.supervisor_log, files.debug_log) if log.exists())


def _size(folder: Path) -> int:
    """Bytes of all files under a folder that a running engine may be changing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def _memory(pid: int) -> int | None:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return None


def _clients(files: EngineFiles) -> int | None:
    """How many processes hold the lease, read from the kernel's table of locks, which only Linux shows (proc(5))."""
    try:
        rows = _LOCK_TABLE.read_text(encoding="ascii").splitlines()
        lease = str(files.lease.stat().st_ino)
    except OSError:
        return None
    holders = set()
    for row in rows:
        # "7: FLOCK ADVISORY READ 4711 fe:00:131 0 EOF"; one that waits has "->" after the number.
        _, kind, _, access, pid, place, *_ = row.split()
        if (kind, access) == ("FLOCK", "READ") and place.rpartition(":")[2] == lease:
            holders.add(pid)
    return len(holders)
