"""What can go wrong when a report is set, one class for each thing that a person can do something about."""

from pathlib import Path

from graph.errors import GraphError
from graph.wording import Wording

__all__ = ["CannotSet", "NoFonts", "ReportError"]


class ReportError(GraphError):
    """The report cannot be made."""


class NoFonts(ReportError):
    """The fonts are not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            Wording(
                "The fonts of PDF reports are not in %(folder)s: run `knowwho setup`, or write --docx instead.",
                folder=str(folder),
            )
        )


class CannotSet(ReportError):
    """The typesetter refused the report."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            Wording(
                "The PDF cannot be set (%(reason)s); write --docx instead, and report this as a bug.", reason=reason
            )
        )
