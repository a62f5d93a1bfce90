"""What a person is told when a command fails: what is theirs to mend, or where the details of our fault are."""

import structlog
from pydantic import ValidationError
from pydantic_core import ErrorDetails

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
from graph.wording import Wording

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
    return Wording(
        "%(setting)s cannot be used (%(why)s); docs/settings.md says what it takes.",
        setting=f"KNOWWHO_{name}",
        why=_why(first),
    )


def _why(problem: ErrorDetails) -> str:
    """The sentence of a validator, ours or pydantic's; of pydantic's, those that settings are mostly refused with."""
    about = problem.get("ctx", {})
    raised = about.get("error")
    own = raised.args[0] if isinstance(raised, ValueError) and raised.args else ""
    wordings = {
        "value_error": Wording("Value error, %(why)s", why=own),
        "int_parsing": Wording("Input should be a valid integer, unable to parse string as an integer"),
        "float_parsing": Wording("Input should be a valid number, unable to parse string as a number"),
        "bool_parsing": Wording("Input should be a valid boolean, unable to interpret input"),
        "greater_than": Wording("Input should be greater than %(least)s", least=str(about.get("gt"))),
        "greater_than_equal": Wording("Input should be greater than or equal to %(least)s", least=str(about.get("ge"))),
        "less_than": Wording("Input should be less than %(most)s", most=str(about.get("lt"))),
        "less_than_equal": Wording("Input should be less than or equal to %(most)s", most=str(about.get("le"))),
    }
    found = wordings.get(problem["type"])
    return found if found == problem["msg"] else problem["msg"]
