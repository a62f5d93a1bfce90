"""Readers of the files that networks really have, one module for each kind of file.

Each has ``read(path, *, options)``, which gives a :class:`ingest.found.Reading` or raises
:class:`ingest.files.FileRefused`. They run in a process of their own (ingest.apart), with little time and memory, and
this package imports none of the libraries that they need.
"""

from pydantic import BaseModel, ConfigDict

__all__ = ["Options"]


class Options(BaseModel):
    """What a reader is told beside the file: its path in the folder, and what ``{file}.mapping.yaml`` says, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    mapping: dict[str, object] | None = None
    default_country: str | None = None
    """Where telephone numbers without a country code are from (ISO 3166 alpha-2)."""
