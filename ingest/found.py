"""What a reader found in a foreign file, in the words of the network's own files, before anything is believed.

A reader runs in a process of its own (ingest.apart) and knows neither the graph nor the other files, so what it finds
names things as the file does. A cell holds what the same column of ``{kind}.csv`` takes, or instead of an id:

- ``#key``: what the same file gives under that key (:attr:`Found.key`), such as the code of a speaker;
- ``~name``: whatever topic, organisation, person, series or resource is called so, here or in the graph.

ingest.resolving turns both into ids. Lists are lists, never text with semicolons, and what a cell of a CSV file joins
by colons is a list of its parts: ``["~Religious sites", "lead", "2011"]``, ``["fr", "fluent"]``.
"""

from pydantic import BaseModel, ConfigDict, Field

from graph.intake import Kind

__all__ = ["CellValue", "Doubted", "Found", "FoundDocument", "FoundText", "NotTaken", "Reading"]

CellValue = str | list[str] | list[list[str]]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Found(_Frozen):
    """A row that a foreign file holds.

    ``key`` names it within the file, for ``#key``; ``place`` says where it stands, for somebody who opens the file:
    "sheet Personen, row 3". What has no ``id`` cell gets one when it is resolved.
    """

    kind: Kind
    key: str
    cells: dict[str, CellValue]
    place: str


class FoundText(_Frozen):
    """A paragraph of a document. ``place`` is its page or heading ("page 4"), empty where there is neither."""

    text: str
    place: str = ""


class FoundDocument(_Frozen):
    """A text that is evidence on somebody.

    ``key`` names it within the file, empty if it is the whole file. ``cells`` has what front matter may say (owner,
    kind, language, title, date, event, resource), as far as the file does; without a language each passage's is told
    from its words, and without an owner the folder or the file's name tells.
    """

    key: str
    cells: dict[str, CellValue]
    paragraphs: list[FoundText]
    place: str = ""


class NotTaken(_Frozen):
    """That something of the file was not taken in: where (a row, a sheet, a page), why, and what to do."""

    place: str
    column: str | None
    value: str
    reason: str
    remedy: str


class Doubted(_Frozen):
    """That a value may mean what it does not say: it was left out, and ``remedy`` tells how to make it certain."""

    place: str
    column: str | None
    value: str
    reason: str
    remedy: str


class Reading(_Frozen):
    """Everything that a reader made of one file. ``notes`` are sentences on how it was read, or what was left out."""

    rows: list[Found] = Field(default_factory=list)
    documents: list[FoundDocument] = Field(default_factory=list)
    refused: list[NotTaken] = Field(default_factory=list)
    doubts: list[Doubted] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
