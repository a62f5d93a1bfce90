"""Where what happens is written down: one line of JSON each, in a file that is rotated; and no values of variables.

Who runs a command sees sentences, not logs. A server that has no terminal, as in a container, writes the lines to
standard error too.
"""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from graph.settings import GraphSettings

__all__ = ["log_file", "write_logs"]

LARGEST = 5_000_000
KEPT = 3


def log_file(settings: GraphSettings) -> Path:
    """The file that this network's commands and server write to."""
    return settings.logs / "knowwho.log"


def write_logs(settings: GraphSettings, *, is_server: bool = False) -> None:
    """From now on, write what this process logs, our own lines and those of libraries.

    Raises:
        OSError: the file cannot be written.
    """
    file = log_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    for handler in handlers:
        handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
