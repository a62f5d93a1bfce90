"""Why the engine did not start, read from what it wrote while it tried."""

import re
from pathlib import Path

from graph.engine.errors import (
    DamagedDownload,
    EngineError,
    JavaFailed,
    ListenFailed,
    NoSpace,
    NotEnoughMemory,
    StoreLocked,
    StoreTooNew,
)
from graph.engine.files import EngineFiles
from graph.engine.lock import neo4j_version
from graph.engine.programs import damaged_jar
from graph.settings import GraphSettings
from graph.wording import Wording

__all__ = ["SPACE_FOR_DATA_MB", "StartWatch"]

SPACE_FOR_DATA_MB = 100
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
_NO_MEMORY = re.compile(r"insufficient memory|exceeds physical memory|OutOfMemoryError|Could not reserve enough space")
_LISTEN = re.compile(r"Address already in use|BindException|PortBindException|Cannot assign requested address")
_LOCKED = re.compile(r"FileLockException|StoreLockException|[Ll]ock file has been locked by another process")
_TOO_NEW = re.compile(
    r"unknown store version|StoreUpgrade|unsupported (store|kernel) version|newer version", re.IGNORECASE
)
# The time and level of a line, the names of the classes that threw.
_PREFIX = re.compile(r"^([-\d]+ [:.+\d]+ +[A-Z]+ +)?(# |Caused by: |Suppressed: )?([\w.$]+(Exception|Error): )*")
# Neo4j goes on after these: it serves without the graph, or gives up after minutes.
_HOPELESS = re.compile(rf"Failed to start DatabaseId|{_NO_SPACE.pattern}")
_DECISIVE = re.compile(r"Caused by|ERROR|Exception|Error:|error occurred", re.IGNORECASE)


class StartWatch:
    """Follows the logs from the moment it is made, so that an older failure is not taken for this start's."""

    def __init__(self, files: EngineFiles) -> None:
        self._files = files
        logs = (files.neo4j_log, files.debug_log, files.supervisor_log)
        self._begun = {log: log.stat().st_size if log.exists() else 0 for log in logs}
        self._seen = dict(self._begun)

    def is_hopeless(self) -> bool:
        """Whether Neo4j has said, since this was last asked, that it cannot open a database."""
        return any(_HOPELESS.search(self._news(log)) for log in self._seen)

    def _news(self, log: Path) -> str:
        """The whole lines that were written since the last time."""
        content = _content_from(log, self._seen[log])
        whole = content[: content.rfind(b"\n") + 1]
        self._seen[log] += len(whole)
        return whole.decode("utf-8", "replace")

    def failure(self, settings: GraphSettings) -> EngineError:
        """The error that says why the engine did not start."""
        if damaged := damaged_jar(settings):
            return DamagedDownload(damaged)
        news = {
            log: _content_from(log, begun).decode("utf-8", "replace").splitlines() for log, begun in self._begun.items()
        }
        for lines in news.values():
            for line in reversed(lines):
                if known := _known_failure(line, self._files):
                    return known
        for log, lines in news.items():
            decisive = [line for line in lines if _DECISIVE.search(line)]
            if decisive:
                return JavaFailed(_told(decisive[-1]), log)
        return JavaFailed(Wording("it wrote no reason"), self._files.supervisor_log)


def _content_from(log: Path, begun: int) -> bytes:
    """What a log holds from a place on; all of it when it was begun anew meanwhile."""
    try:
        with log.open("rb") as file:
            file.seek(begun if log.stat().st_size >= begun else 0)
            return file.read()
    except FileNotFoundError:
        return b""


def _known_failure(line: str, files: EngineFiles) -> EngineError | None:
    if _NO_SPACE.search(line):
        return NoSpace(files.home, SPACE_FOR_DATA_MB)
    if _NO_MEMORY.search(line):
        return NotEnoughMemory(_told(line))
    if _LOCKED.search(line):
        return StoreLocked(files.data)
    if _TOO_NEW.search(line):
        return StoreTooNew(files.data, _told(line), neo4j_version())
    if _LISTEN.search(line):
        return ListenFailed(_told(line), files.neo4j_log)
    return None


def _told(line: str) -> str:
    """The first sentence of a log line, without what only a program needs."""
    return _PREFIX.sub("", line.strip()).split(". ")[0][:300].rstrip(".")
