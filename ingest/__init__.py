"""What comes in: a network's folder is read, checked and stored in the graph.

:func:`load` does all of it; :func:`read` stops before the database. docs/network-format.md describes the folder, and
:func:`data_package` describes it to programs.
"""

from ingest.errors import FolderUnreadable, IngestError, NotANetwork
from ingest.folder import files_of
from ingest.format import data_package
from ingest.loader import load
from ingest.mending import MendedRow, MendedUnfit, mend, mended_rows, rows_to_mend
from ingest.network import Network, read
from ingest.reading import Readings
from ingest.report import Counts, Doubt, Note, Progress, Refusal, Report

__all__ = [
    "Counts",
    "Doubt",
    "FolderUnreadable",
    "IngestError",
    "MendedRow",
    "MendedUnfit",
    "Network",
    "NotANetwork",
    "Note",
    "Progress",
    "Readings",
    "Refusal",
    "Report",
    "data_package",
    "files_of",
    "load",
    "mend",
    "mended_rows",
    "read",
    "rows_to_mend",
]
