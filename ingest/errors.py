"""What stops an ingest as a whole: one class each, one sentence each. A bad row stops nothing; it is in the report."""

from pathlib import Path

__all__ = ["FolderUnreadable", "IngestError", "NotANetwork"]


class IngestError(Exception):
    """Base of every error of the ingest room; its text is one sentence with the remedy."""


class FolderUnreadable(IngestError):
    """The network's folder is not there, is not a folder, or may not be read."""

    def __init__(self, folder: Path, *, why: str) -> None:
        self.folder = folder
        self.why = why
        super().__init__(f"{folder} cannot be read ({why}); give the folder that holds the network's CSV files.")


class NotANetwork(IngestError):
    """The folder holds none of the files that a network is made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} holds no file of a network, such as experts.csv, topics.csv or a folder documents; "
            "docs/network-format.md describes them all."
        )
