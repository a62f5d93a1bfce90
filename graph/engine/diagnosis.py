"""Why the engine did not start, read from what it wrote while it tried."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from graph.engine.errors import EngineError, JavaFailed, ListenFailed, NoSpace, StoreLocked, StoreTooNew
from graph.engine.files import EngineFiles
from graph.engine.lock import neo4j_version

__all__ = ["Reading", "failure_of"]

SPACE_FOR_DATA_MB = 200
_NO_SPACE = re.compile(r"No space left on device|not enough space|Disk quota exceeded", re.IGNORECASE)
_LISTEN = re.compile(r"Address already in use|BindException|PortBindException|Cannot assign requested address")
_LOCKED = re.compile(r"FileLockException|StoreLockException|[Ll]ock file has been locked by another process")
_TOO_NEW = re.compile(r"[Uu]nknown store version|StoreUpgrade|unsupported (store|kernel) version|newer version", re.IGNORECASE)
_DECISIVE = re.compile(r"Caused by|ERROR|Exception|Error:|error occurred", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """How long each log was before a start, so that older failures are not taken for this one."""

    lengths: dict[Path, int]

    @classmethod
    def begun(cls, files: EngineFiles) -> Self:
        """The lengths now."""
        logs = (files.neo4j_log, files.supervisor_log, files.debug_log)
        return cls({log: log.stat().st_size if log.exists() else 0 for log in logs})

    def new_lines(self, log: Path) -> list[str]:
        """What was written since; the whole log when it was rotated meanwhile."""
        try:
            with log.open("rb") as file:
                begun = self.lengths[log]
                file.seek(begun if log.stat().st_size >= begun else 0)
                return file.read().decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []


def failure_of(files: EngineFiles, reading: Reading) -> EngineError:
    """The error that says why Java ended before the engine answered."""
    for log in reading.lengths:
        for line in reversed(reading.new_lines(log)):
            if _NO_SPACE.search(line):
                return NoSpace(files.home, SPACE_FOR_DATA_MB)
            if _LOCKED.search(line):
                return StoreLocked(files.data)
            if _TOO_NEW.search(line):
                return StoreTooNew(files.data, _told(line), neo4j_version())
            if _LISTEN.search(line):
                return ListenFailed(_told(line), files.neo4j_log)
    for log in reading.lengths:
        decisive = [line for line in reading.new_lines(log) if _DECISIVE.search(line)]
        if decisive:
            return JavaFailed(_told(decisive[-1]), log)
    return JavaFailed("it wrote no reason", files.supervisor_log)


def _told(line: str) -> str:
    """The part of a log line that a person needs, cut to a readable length."""
    return re.sub(r"^\S+ \S+ +(ERROR|WARN|INFO) +", "", line.strip())[:300]
