"""What a person is told when a command fails: what is theirs to mend, or where the details of our fault are."""

import structlog

from api.logs import log_file, write_logs
from api.settings import NotLoopback
from api.web import WebError
from graph.errors import GraphError
from graph.settings import GraphSettings

__all__ = ["sentence_for"]


def sentence_for(error: Exception) -> str:
    """One sentence; for a fault of ours it names the log that has the details."""
    if isinstance(error, GraphError | WebError | NotLoopback):
        return str(error)
    settings = GraphSettings()
    try:
        write_logs(settings)
        structlog.get_logger(__name__).error("command_failed", exc_info=error)
    except OSError as unwritable:
        return f"an unexpected fault ({type(error).__name__}), and no log can be written: {unwritable.strerror}."
    return f"an unexpected fault ({type(error).__name__}); the details are in {log_file(settings)}."
