"""Where what happens is written down: one line of JSON each, in a file that is rotated; nothing of people in it.

A line names what happened and where in the code, never the data that it happened with: of exceptions the types and the
places, since their messages quote what they choked on (pydantic its input, Neo4j the value that was not unique); of
libraries' lines the place alone, since nobody knows what they put into them. Who runs a command sees sentences, not
logs. A server that has no terminal, as in a container, writes the lines to standard error too.
"""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from neo4j.exceptions import Neo4jError
from structlog.typing import EventDict, WrappedLogger

from graph.engine import EngineError
from graph.errors import GraphCannotWrite, GraphUnavailable, QueryTimedOut
from graph.settings import GraphSettings

__all__ = ["log_file", "write_logs"]

LARGEST = 5_000_000
KEPT = 3

ROOMS = ("api", "graph", "ingest")
MOST_PLACES = 40
# Their texts hold addresses of servers, files of ours and durations.
TELLING = (EngineError, GraphCannotWrite, GraphUnavailable, QueryTimedOut)
# Whose lines are constant texts, with what varies as arguments.
CONSTANT_TEXTS = ("uvicorn.error",)


def log_file(settings: GraphSettings) -> Path:
    """The file that this network's commands and server write to."""
    return settings.logs / "knowwho.log"


def write_logs(settings: GraphSettings, *, is_server: bool = False) -> None:
    """From now on, write what this process logs, our own lines and those of libraries.

    Raises:
        OSError: the file cannot be written.
    """
    file = log_file(settings)
    for folder in (settings.home, file.parent):  # parents that are made on the way would be open to all
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handlers: list[logging.Handler] = [
        RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    ]
    if is_server and not sys.stderr.isatty():
        handlers.append(logging.StreamHandler())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_without_text, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    for handler in handlers:
        handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)
    # Or a line that cannot be written would be printed with all its arguments.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _without_text(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """A library's line without what it says, which could be anything; where it says it tells what it is about."""
    record: logging.LogRecord = line["_record"]
    line["event"] = record.msg if record.name in CONSTANT_TEXTS and isinstance(record.msg, str) else "library"
    line["at"] = _place(record.pathname, record.lineno, record.funcName)
    return line


def _without_messages(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """A line with its exceptions as types and places."""
    line.pop("stack_info", None)
    problem = line.pop("exc_info", None)
    if isinstance(problem, tuple):
        problem = problem[1]
    if problem is True:
        problem = sys.exc_info()[1]
    if isinstance(problem, BaseException):
        line["exception"] = [_told(one) for one in _chain(problem)]
    return line


def _chain(problem: BaseException) -> list[BaseException]:
    """An exception and those that led to it, the newest first; of a group, its members as well."""
    found: list[BaseException] = []
    waiting = [problem]
    while waiting:
        one = waiting.pop()
        if any(one is other for other in found):
            continue
        found.append(one)
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [before] if before else []
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else []
    return found


def _told(problem: BaseException) -> dict[str, Any]:
    kind = type(problem)
    frames = traceback.extract_tb(problem.__traceback__, limit=-MOST_PLACES)
    told: dict[str, Any] = {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": [_place(frame.filename, frame.lineno, frame.name) for frame in frames],
    }
    if isinstance(problem, TELLING):
        told["says"] = str(problem)
    elif isinstance(problem, Neo4jError):
        told["says"] = problem.code
    elif isinstance(problem, OSError) and problem.errno is not None:
        told["says"] = f"errno {problem.errno}"
    return told


def _place(file: str, line: int | None, function: str | None) -> str:
    """A place in the code, from the room or the package on."""
    parts = Path(file).parts
    for folder in ("site-packages", *ROOMS):
        if folder in parts:
            from_here = len(parts) - parts[::-1].index(folder) - (folder != "site-packages")
            return f"{'/'.join(parts[from_here:])}:{line} {function}"
    return f"{parts[-1] if parts else '?'}:{line} {function}"
