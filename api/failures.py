"""What a person is told when a command fails: what is theirs to mend, or where the details of our fault are."""

import logging
from logging.handlers import RotatingFileHandler

from api.settings import NotLoopback
from api.web import WebError
from graph.errors import GraphError
from graph.settings import GraphSettings

__all__ = ["sentence_for"]


def sentence_for(error: Exception) -> str:
    """One sentence; for a fault of ours it names the log that has the details."""
    if isinstance(error, GraphError | WebError | NotLoopback):
        return str(error)
    log = GraphSettings().logs / "knowwho.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        faults = logging.getLogger("knowwho.faults")
        faults.propagate = False
        faults.addHandler(handler)
        faults.error("command failed", exc_info=error)
    except OSError as unwritable:
        return f"an unexpected fault ({type(error).__name__}), and {log} cannot be written: {unwritable.strerror}."
    return f"an unexpected fault ({type(error).__name__}); the details are in {log}."
