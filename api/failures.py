"""What a person is told when a command fails: what is theirs to mend, or where the details of our fault are."""

import structlog
from pydantic import ValidationError

from api.logs import log_file, write_logs
from api.settings import (
    DocumentsUnusable,
    GraphQLSettings,
    LimitSettings,
    MailSettings,
    NoPublicUrl,
    ProviderSettings,
    ServerSettings,
    SessionSettings,
)
from api.web import WebError
from graph.errors import GraphError
from graph.settings import GraphSettings

__all__ = ["sentence_for"]

SETTINGS = {
    one.__name__
    for one in (
        GraphQLSettings,
        GraphSettings,
        LimitSettings,
        MailSettings,
        ProviderSettings,
        ServerSettings,
        SessionSettings,
    )
}


def sentence_for(error: Exception) -> str:
    """One sentence; for a fault of ours it names the log that has the details."""
    if isinstance(error, GraphError | WebError | NoPublicUrl | DocumentsUnusable):
        return str(error)
    if isinstance(error, ValidationError) and error.title in SETTINGS:
        return _setting(error)
    settings = GraphSettings()
    try:
        write_logs(settings)
        structlog.get_logger(__name__).error("command_failed", exc_info=error)
    except OSError as unwritable:
        return f"an unexpected fault ({type(error).__name__}), and no log can be written: {unwritable.strerror}."
    return f"an unexpected fault ({type(error).__name__}); the details are in {log_file(settings)}."


def _setting(error: ValidationError) -> str:
    """Which setting cannot be used and why; not its value, which may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    return f"KNOWWHO_{name} cannot be used ({first['msg']}); docs/settings.md says what it takes."
