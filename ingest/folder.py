"""The files of a network's folder, by what each of them is.

The network's own CSV files lie at the top, under their own names; documents below ``documents``. Every other file that
networks have (rosters, thesauri, calendars, exports) may lie anywhere but below ``documents``, and is told by the end
of its name or, JSON, by what is in it.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graph.intake import Kind, Trust
from ingest import description
from ingest.cells import closest, visible
from ingest.documents import FOLDER, LEGACY, SUFFIXES
from ingest.errors import FolderUnreadable, NotANetwork
from ingest.readers.json_kinds import kind_of_json
from ingest.report import Note
from ingest.rows import MODELS

__all__ = ["Files", "Foreign", "files_of"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file that a reader reads in a process of its own; ``name`` is its path in the folder."""

    path: Path
    name: str
    reader: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Files:
    """What is in a folder; ``documents`` has those in Markdown and plain text, which need no reader, by their paths."""

    folder: Path
    own: Mapping[Kind, Path]
    description: Path | None
    documents: Mapping[str, Path]
    foreign: tuple[Foreign, ...]
    notes: tuple[Note, ...]
    has_documents: bool
    is_whole: bool = False
    """Whether these are all of the folder's files, so that what is not among them is gone."""
    left: frozenset[str] = frozenset()
    """The files that were left alone."""

    @property
    def names(self) -> frozenset[str]:
        """The paths in the folder of everything that can be a source."""
        own = (path.name for path in self.own.values())
        return frozenset([*own, *self.documents, *(file.name for file in self.foreign)])


ROSTERS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})
THESAURI = frozenset({".ttl", ".rdf", ".owl", ".nt", ".jsonld", ".xml"})
CALENDARS = frozenset({".ics", ".ical"})
DOCUMENTS: Mapping[str, str] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".odt": "odt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
JSON: Mapping[str, tuple[str, Trust]] = {
    "pretalx": ("pretalx", Trust.PROGRAMME),
    "frab": ("pretalx", Trust.PROGRAMME),
    "orcid": ("registers", Trust.REGISTER),
    "openalex": ("registers", Trust.REGISTER),
    "jsonld": ("skos", Trust.ROSTER),
}


def files_of(path: Path, *, writing: Collection[Path] = ()) -> Files:
    """The files of a folder, or the one file; those that somebody is ``writing`` are left alone.

    Raises:
        FolderUnreadable: it is not there or may not be read.
        NotANetwork: nothing in it is anything that a network has.
    """
    folder = path if path.is_dir() else path.parent
    try:
        found = [path] if path.is_file() else sorted(_below(path))
        has_documents = path.is_dir() and (path / FOLDER).is_dir()
    except OSError as problem:
        raise FolderUnreadable(path, reason=problem.strerror or type(problem).__name__) from None
    left = {file for file in found if file in writing}
    files = _sorted(
        folder, [file for file in found if file not in left], has_documents=has_documents, is_alone=path.is_file()
    )
    if not (files.names or has_documents or left):
        raise NotANetwork(path)
    names = frozenset(_name(file, folder) for file in left)
    return replace(files, is_whole=path.is_dir(), left=names)


def _below(folder: Path) -> Iterator[Path]:
    """Every file below a folder; what starts with a dot or is left open by an office program is not looked at."""
    for path in folder.iterdir():
        if path.name.startswith((".", "~")):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path


def _sorted(folder: Path, paths: list[Path], *, has_documents: bool, is_alone: bool) -> Files:
    own: dict[Kind, Path] = {}
    described: Path | None = None
    documents: dict[str, Path] = {}
    foreign: list[Foreign] = []
    notes: list[Note] = []
    kinds = {f"{kind}.csv": kind for kind in MODELS}
    for path in paths:
        name = _name(path, folder)
        top, suffix = name.lower(), path.suffix.lower()
        if top in kinds:
            own[kinds[top]] = path
        elif top == description.FILE:
            described = path
        elif path.name.lower() in kinds:
            notes.append(Note(visible(name), "it was left out; a network's own files lie at the top of its folder"))
        elif suffix in SUFFIXES and (top.startswith(f"{FOLDER}/") or is_alone):
            documents[name] = path
        elif top.startswith(f"{FOLDER}/") or suffix in DOCUMENTS:
            if suffix in DOCUMENTS:
                foreign.append(Foreign(path, name, f"documents.{DOCUMENTS[suffix]}", Trust.OWN))
            else:
                advice = f"; save it as {LEGACY[suffix]}" if suffix in LEGACY else ""
                notes.append(Note(visible(name), f"it is no document that can be read and was left out{advice}"))
        elif (reader := _reader(path, suffix)) is not None:
            meant = closest(top, kinds) if suffix == ".csv" and "/" not in top else None
            if meant:
                notes.append(Note(visible(name), f"it was left out; did you mean {meant}?"))
            else:
                foreign.append(Foreign(path, name, *reader))
    has_documents = has_documents or bool(documents)
    return Files(folder, own, described, documents, tuple(foreign), tuple(notes), has_documents)


def _name(path: Path, folder: Path) -> str:
    return unicodedata.normalize("NFC", path.relative_to(folder).as_posix())


def _reader(path: Path, suffix: str) -> tuple[str, Trust] | None:
    if suffix in ROSTERS:
        return "sheets", Trust.ROSTER
    if suffix in THESAURI:
        return "skos", Trust.ROSTER
    if suffix in CALENDARS:
        return "calendar", Trust.PROGRAMME
    return JSON.get(kind_of_json(path) or "") if suffix == ".json" else None
