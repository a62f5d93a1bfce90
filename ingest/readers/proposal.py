"""Reads what the columns of a list may mean, instead of the list: what it finds is one note, the mapping file to write.

Like every reader it runs in a process of its own, for the list is as foreign as any file.
"""

from pathlib import Path

from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.sheets import proposed_mapping_yaml

__all__ = ["read"]


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001 -- every reader takes them
    """The mapping file that a list may have, in YAML.

    Raises:
        FileRefused: as :func:`ingest.readers.sheets.read`.
    """
    return Reading(notes=[proposed_mapping_yaml(path)])
