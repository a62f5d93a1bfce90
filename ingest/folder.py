"""The files of a network's folder, by what each of them is.

The network's own CSV files lie at the top, under their own names; documents below ``documents``. Every other file that
networks have (rosters, thesauri, calendars, exports) may lie anywhere but below ``documents``, and is told by the end
of its name or, JSON, by what is in it.
"""

import os
import stat
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import OSA

from graph.intake import Kind, Trust
from ingest import description
from ingest.cells import visible
from ingest.documents import FOLDER, LEGACY, SUFFIXES
from ingest.errors import FolderUnreadable, NotANetwork
from ingest.files import FileRefused
from ingest.readers.json_kinds import JsonKind, NotTold, kind_of_json
from ingest.report import Note
from ingest.rows import MODELS

__all__ = ["Below", "Files", "Foreign", "below", "files_of"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file that a reader reads in a process of its own; ``name`` is its path in the folder."""

    path: Path
    name: str
    reader: str
    trust: Trust
    problem: FileRefused | None = None
    """Why it is refused before any reader sees it."""


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
    """The files that were left alone: those that somebody writes, and JSON of no system that is known."""
    unread: frozenset[str] = frozenset()
    """The folders below it that could not be read, and the links that were not followed."""

    @property
    def names(self) -> frozenset[str]:
        """The paths in the folder of everything that can be a source."""
        own = (path.name for path in self.own.values())
        return frozenset([*own, *self.documents, *(file.name for file in self.foreign)])

    def missing(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of these paths where no file is, nor may be because nobody looked there."""
        there, unread = self.names | self.left, tuple(f"{folder}/" for folder in self.unread)
        return frozenset(path for path in paths if path not in there and not path.startswith(unread))


@dataclass(frozen=True, slots=True)
class Below:
    """What lies below a folder: its files, and the folders that could not be read, each with the reason."""

    files: tuple[Path, ...]
    unread: Mapping[Path, str]
    linked: Mapping[Path, FileRefused]
    """The links that are not followed, each with the reason."""


READERS: Mapping[str, tuple[str, Trust]] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"), ("sheets", Trust.ROSTER)),
    **dict.fromkeys((".ttl", ".rdf", ".owl", ".nt", ".jsonld", ".xml"), ("skos", Trust.ROSTER)),
    **dict.fromkeys((".ics", ".ical"), ("calendar", Trust.PROGRAMME)),
}
DOCUMENTS: Mapping[str, str] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".odt": "odt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
JSON: Mapping[JsonKind, tuple[str, Trust]] = {
    JsonKind.PRETALX: ("pretalx", Trust.PROGRAMME),
    JsonKind.FRAB: ("pretalx", Trust.PROGRAMME),
    JsonKind.ORCID: ("registers", Trust.REGISTER),
    JsonKind.OPENALEX: ("registers", Trust.REGISTER),
    JsonKind.JSONLD: ("skos", Trust.ROSTER),
}
OTHER_JSON = ("other_json", Trust.PROGRAMME)
"""For JSON whose start does not tell what it is, so that nothing else must give way to it."""
NO_READER = ("", Trust.OWN)
"""For what is refused before any reader sees it."""

TWO_SPELLINGS = FileRefused(
    "two files have this name, one with composed letters and one with decomposed ones (é as one character or as two)",
    remedy="put what both say into one of them, and delete the other",
)


def files_of(path: Path, *, writing: Collection[Path] = ()) -> Files:
    """The files of a folder, or the one file; those that somebody is ``writing`` are left alone.

    Raises:
        FolderUnreadable: it is not there or may not be read.
        NotANetwork: nothing in it is anything that a network has.
    """
    try:
        if path.is_file():
            path = path.parent.resolve() / path.name
            return _with_something(path, _sorted(_network_of(path), [path], has_documents=False, is_alone=True))
        found = below(path)
        has_documents = (path / FOLDER).is_dir()
    except OSError as problem:
        raise FolderUnreadable(path, why=problem.strerror or type(problem).__name__) from None
    # Whoever watches knows files by where they are, whatever the folder was called by.
    where, written = path.resolve(), {file.parent.resolve() / file.name for file in writing}
    left = {file for file in found.files if where / file.relative_to(path) in written}
    files = _sorted(
        path, sorted(file for file in found.files if file not in left), has_documents=has_documents, is_alone=False
    )
    if not left and not found.linked:
        _with_something(path, files)
    linked = {
        _name(link, path): Foreign(link, _name(link, path), *NO_READER, why) for link, why in found.linked.items()
    }
    unread = {_name(folder, path): reason for folder, reason in sorted(found.unread.items())}
    notes = [Note(visible(name), f"it cannot be read ({fault}) and was left out") for name, fault in unread.items()]
    return replace(
        files,
        foreign=(*files.foreign, *(linked[name] for name in sorted(linked))),
        is_whole=True,
        left=files.left | {_name(file, path) for file in left},
        unread=frozenset([*unread, *linked]),
        notes=(*files.notes, *notes),
    )


def _with_something(path: Path, files: Files) -> Files:
    """The same files.

    Raises:
        NotANetwork: there are none but those whose name is a slip.
    """
    if files.has_documents or files.own or any(file.problem is None for file in files.foreign):
        return files
    raise NotANetwork(path)


def below(folder: Path) -> Below:
    """Every file below a folder; what starts with a dot or is left open by an office program is not looked at.

    Links to folders are not followed: they may lead anywhere, and back here.

    Raises:
        OSError: the folder itself cannot be read.
    """
    files: list[Path] = []
    unread: dict[Path, str] = {}
    linked: dict[Path, FileRefused] = {}
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "~")):
                        continue
                    if entry.is_symlink() and (why := _not_followed(here / entry.name)) is not None:
                        linked[here / entry.name] = why
                        continue
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (waiting if is_folder else files).append(here / entry.name)
        except OSError as problem:
            if here == folder:
                raise
            # It may be somebody else's, or be gone since it was seen; what it held is not.
            unread[here] = problem.strerror or type(problem).__name__
    return Below(tuple(files), unread, linked)


def _not_followed(link: Path) -> FileRefused | None:
    """Why a link is not followed that leads to a folder, or did once: a share may be away for a while."""
    try:
        is_folder = stat.S_ISDIR(link.stat().st_mode)
    except (OSError, RuntimeError):  # what it leads to is not there, may not be looked at, or is the link itself
        return FileRefused(
            "it is a link that leads nowhere, and what came from there before stays",
            remedy="put the file or folder itself in its place, or delete the link",
        )
    if not is_folder:
        return None
    return FileRefused(
        "it is a link to a folder, which is not followed, and what came from there before stays",
        remedy="put the folder itself in its place (a share can be mounted there), or delete the link",
    )


def _network_of(file: Path) -> Path:
    """The folder of the network that a file lies in, as far as the folders above it tell; else the file's own."""
    own = [*(f"{kind}.csv" for kind in MODELS), description.FILE]
    is_document = file.suffix.lower() in {*SUFFIXES, *DOCUMENTS}
    for folder in file.parents:
        # Many people keep all that they have in a folder "Documents".
        if folder.name == FOLDER and is_document:
            return folder.parent
        if any((folder / name).is_file() for name in own):
            return folder
    return file.parent


def _sorted(folder: Path, paths: list[Path], *, has_documents: bool, is_alone: bool) -> Files:
    once: dict[str, Path] = {}
    documents: dict[str, Path] = {}
    foreign: list[Foreign] = []
    notes: list[Note] = []
    left: set[str] = set()
    kinds = {f"{kind}.csv": kind for kind in MODELS}
    spellings: dict[str, list[Path]] = {}
    for path in paths:
        spellings.setdefault(_name(path, folder), []).append(path)
    for name, (path, *others) in spellings.items():
        top, suffix = name.lower(), path.suffix.lower()
        if others and suffix in {*SUFFIXES, *DOCUMENTS, *READERS, ".json"}:
            foreign.append(Foreign(path, name, *NO_READER, TWO_SPELLINGS))
        elif top in once:
            foreign.append(Foreign(path, name, *NO_READER, _twin_of(once[top])))
        elif top in kinds or top == description.FILE:
            once[top] = path
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
        elif isinstance(told := _told(path, name, suffix, folder=folder), Foreign):
            foreign.append(told)
        elif told is not None:
            left.add(name)
            notes.append(told)
    has_documents = has_documents or bool(documents)
    own = {kind: once[top] for top, kind in kinds.items() if top in once}
    described = once.get(description.FILE)
    return Files(folder, own, described, documents, tuple(foreign), tuple(notes), has_documents, left=frozenset(left))


def _twin_of(other: Path) -> FileRefused:
    return FileRefused(
        f"{visible(other.name)} beside it has the same name but for capitals",
        remedy=f"put {'the rows of both' if other.suffix.lower() == '.csv' else 'what both say'} into one of them, "
        "and delete the other",
    )


def _name(path: Path, folder: Path) -> str:
    return unicodedata.normalize("NFC", path.relative_to(folder).as_posix())


def _told(path: Path, name: str, suffix: str, *, folder: Path) -> Foreign | Note | None:
    """A file that is neither the network's own nor a document, for its reader; why it is left alone; or nothing."""
    if suffix in READERS:
        problem = _slip_of(path.stem.lower()) if suffix == ".csv" and "/" not in name else None
        return Foreign(path, name, *READERS[suffix], problem)
    if suffix != ".json":
        return None
    try:
        kind = kind_of_json(path, folder=folder)
    except NotTold:
        return Foreign(path, name, *OTHER_JSON)
    if kind is None:
        return Note(visible(name), "it was left out; its JSON is of no system that is known")
    return Foreign(path, name, *JSON[kind])


def _slip_of(stem: str) -> FileRefused | None:
    """Why a CSV file is refused whose name lacks a letter of one of the network's own, has one more or two swapped.

    Another letter makes another word, such as exports or organizations, and is a roster.
    """
    for kind in MODELS:
        is_slip = len(stem) != len(kind) or sorted(stem) == sorted(kind)
        if is_slip and OSA.distance(stem, kind, score_cutoff=1) == 1:
            return FileRefused(
                f"it is not certain whether {kind}.csv is meant",
                remedy="rename it so, or as no file of the network's own",
            )
    return None
