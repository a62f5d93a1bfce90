"""What comes in: a network's folder is read, checked and stored in the graph.

:func:`load` does all of it; :func:`read` stops before the database. docs/network-format.md describes the folder, and
:func:`data_package` describes it to programs.
"""

from ingest.errors import FolderUnreadable, IngestError, NotANetwork
from ingest.format import data_package
from ingest.loader import Progress, load
from ingest.network import Network, ensure_network, read
from ingest.report import Counts, Note, Refusal, Report

__all__ = [
    "Counts",
    "FolderUnreadable",
    "IngestError",
    "Network",
    "NotANetwork",
    "Note",
    "Progress",
    "Refusal",
    "Report",
    "data_package",
    "ensure_network",
    "load",
    "read",
]
