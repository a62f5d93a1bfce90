"""Files that a browser sends, in a folder of their own: no name leads out of it, and no archive fills the disk.

A ZIP is unpacked within bounds of number, size and ratio, without links; what it holds is told to readers, who have
limits of their own (docs/ingest/hostile.md).
"""

import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from graph.errors import GraphError
from graph.wording import Wording

__all__ = ["NOTHING_TO_READ", "READ", "UnfitUpload", "Upload", "is_read", "put_in_place", "take_in"]

MOST_IN_ARCHIVE: Final = 5_000
LARGEST_DIRECTORY: Final = MOST_IN_ARCHIVE * 600
"""Bytes of an archive's list of what it holds."""
UNPACKED_TIMES: Final = 5
"""To how many times what may be sent an archive may unpack."""
MOST_RATIO: Final = 200
SMALL: Final = 1_000_000
"""A file of so few bytes may be packed as tightly as it likes: a folder has many empty columns."""
DEEPEST: Final = 12
LONGEST_NAME: Final = 180
COPIED_AT_ONCE: Final = 1 << 20

READ: Final = frozenset(
    {
        *(".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".ics", ".ical", ".json", ".jsonld"),
        *(".ttl", ".rdf", ".owl", ".nt", ".xml", ".pdf", ".docx", ".pptx", ".odt"),
        *(".html", ".htm", ".xhtml", ".md", ".markdown", ".txt"),
    }
)
"""How files end that are read at all; the others are left alone."""
NOTHING_TO_READ: Final = Wording(
    "None of these files is of a kind that is read. Send lists in CSV, Excel or OpenDocument, calendars (ICS), texts "
    "in Word, PDF or Markdown, thesauri (SKOS) or exports of conference systems (JSON)."
)
DOCUMENTS: Final = "documents"
"""The folder in which a network keeps texts; elsewhere no reader takes them for evidence (ingest.folder)."""
TEXTS: Final = frozenset({".md", ".txt", ".markdown"})

END: Final = b"PK\x05\x06"
END_64: Final = b"PK\x06\x07"
END_LENGTH: Final = 22
LONGEST_COMMENT: Final = 65_535
ENCRYPTED: Final = 0x1
METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error)
HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class UnfitUpload(GraphError):
    """What was sent cannot be taken in; the sentence says why and what to do."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


class Sent(Protocol):
    """A file of a form."""

    @property
    def filename(self) -> str | None:
        """What the browser calls it."""

    @property
    def file(self) -> IO[bytes]:
        """What is in it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: its name as it can be believed, and what is in it."""

    name: str
    file: IO[bytes]

    @classmethod
    def of(cls, sent: Sent) -> "Upload | None":
        """What a form's field holds; None where no file was chosen.

        Raises:
            UnfitUpload: its name is none.
        """
        if not sent.filename:
            return None
        return cls(_safe(re.split(r"[/\\]", sent.filename)[-1]), sent.file)


def take_in(uploads: Sequence[Upload], folder: Path, *, largest: int) -> None:
    """Put files into an empty folder; a ZIP of a network's folder as what it holds.

    ``largest`` is how many bytes may be sent at once; archives may unpack to some times as much.

    Raises:
        UnfitUpload: there are none, two have one name, or an archive cannot be unpacked.
    """
    if not uploads:
        raise UnfitUpload(Wording("Nothing was taken in: no file was chosen; choose one or several."))
    room = largest * UNPACKED_TIMES
    for upload in uploads:
        if upload.name.lower().endswith(".zip"):
            room -= _unpack(upload, folder, room=room)
        else:
            _copy(upload, folder / _place(upload.name))


def is_read(name: str) -> bool:
    """Whether a file is of a kind that is read."""
    return PurePosixPath(name).suffix.lower() in READ


def put_in_place(upload: Upload, path: Path) -> None:
    """Put a file that was sent in the place of the one of a load."""
    part = path.with_name(f".{path.name}.sent")
    with part.open("wb") as file:
        shutil.copyfileobj(upload.file, file, COPIED_AT_ONCE)
    part.replace(path)


def _copy(upload: Upload, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(other.name.casefold() == path.name.casefold() for other in path.parent.iterdir()):
        raise UnfitUpload(
            Wording(
                "Nothing was taken in: two files are called '%(name)s'; give one of them another name.",
                name=upload.name,
            )
        )
    with path.open("xb") as file:
        shutil.copyfileobj(upload.file, file, COPIED_AT_ONCE)


def _place(name: str) -> str:
    return f"{DOCUMENTS}/{name}" if PurePosixPath(name).suffix.lower() in TEXTS else name


def _safe(name: str) -> str:
    """A name that means a file in its own folder and nothing else, on every system.

    Raises:
        UnfitUpload: nothing is left of it.
    """
    shown = unicodedata.normalize("NFC", HIDDEN.sub("", name))
    bare = re.sub(r'[<>:"|?*]', "_", shown).strip().lstrip(".~ ").rstrip(". ")
    stem, suffix = PurePosixPath(bare).stem, PurePosixPath(bare).suffix
    while len(f"{stem}{suffix}".encode()) > LONGEST_NAME and stem:
        stem = stem[:-1]
    if not stem or len(suffix.encode()) > LONGEST_NAME // 2:
        raise UnfitUpload(
            Wording("Nothing was taken in: a file has no name that can be used; give it one of letters and digits.")
        )
    return f"{stem}{suffix}"


def _unpack(upload: Upload, folder: Path, *, room: int) -> int:
    """Unpack an archive into a folder; how many bytes that took."""
    _ensure_few(upload)
    try:
        with zipfile.ZipFile(upload.file) as archive:
            members = list(_members(archive, upload.name))
            total = sum(member.file_size for member, _ in members)
            if total > room:
                raise _unfit(
                    upload.name,
                    Wording("it unpacks to more than %(most)s MB; load its folder in parts", most=room // 1_000_000),
                )
            if not members:
                raise _unfit(upload.name, Wording("there is no file in it; pack the network's folder"))
            top = _common_top([path for _, path in members])
            for member, path in members:
                with archive.open(member) as packed:
                    _write(packed, folder.joinpath(*path.parts[top:]), most=member.file_size, name=upload.name)
            return total
    except (*DAMAGED, FileExistsError, NotADirectoryError):
        raise _unfit(upload.name, Wording("it is damaged, or no ZIP that can be read; pack the folder anew")) from None


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files of an archive with the places that they are to have, without those that are hidden."""
    places: set[str] = set()
    members = archive.infolist()
    if len(members) > MOST_IN_ARCHIVE:
        raise _too_many(name)
    for member in members:
        parts = [part for part in re.split(r"[/\\]", member.filename) if part not in {"", "."}]
        if ".." in parts or member.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", member.filename):
            raise _unfit(name, Wording("a path in it leads out of it; pack the network's folder anew"))
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise _unfit(name, Wording("there is a link in it; put the file itself in its place"))
        if member.is_dir() or not parts or any(part.startswith((".", "~", "__MACOSX")) for part in parts):
            continue
        if kind not in {0, stat.S_IFREG}:
            raise _unfit(name, Wording("there is something in it that is no file; pack the network's folder anew"))
        if member.flag_bits & ENCRYPTED:
            raise _unfit(name, Wording("it is locked by a password; pack it without one"))
        if member.compress_type not in METHODS:
            raise _unfit(
                name, Wording("it is packed in a way that is not known; pack it anew, without further choices")
            )
        if member.file_size > SMALL and member.file_size > MOST_RATIO * max(1, member.compress_size):
            raise _unfit(
                name,
                Wording("a file in it unpacks to more than %(most)s times its size; send it unpacked", most=MOST_RATIO),
            )
        if len(parts) > DEEPEST:
            raise _unfit(
                name, Wording("it has folders within more than %(most)s folders; pack them flat", most=DEEPEST)
            )
        place = PurePosixPath(*map(_safe, parts))
        if str(place).casefold() in places:
            raise _unfit(name, Wording("two files in it have one name; give one of them another name"))
        places.add(str(place).casefold())
        yield member, place


def _common_top(paths: Sequence[PurePosixPath]) -> int:
    """How many folders stand around all files of an archive, as where a folder was packed and not what is in it."""
    top = 0
    while all(len(path.parts) > top + 1 for path in paths) and len({path.parts[top] for path in paths}) == 1:
        if paths[0].parts[top] == DOCUMENTS:
            break
        top += 1
    return top


def _write(packed: IO[bytes], path: Path, *, most: int, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    left = most
    with path.open("xb") as file:
        while chunk := packed.read(min(COPIED_AT_ONCE, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise _unfit(name, Wording("a file in it is larger than it says; pack the folder anew"))
            file.write(chunk)


def _ensure_few(upload: Upload) -> None:
    """Look at how long an archive's list of files is before all of it is read into memory.

    The list's length is said at the archive's end (APPNOTE.TXT, 4.3.16); what needs ZIP64 for it is larger than any.
    """
    file = upload.file
    size = file.seek(0, 2)
    start = max(0, size - END_LENGTH - LONGEST_COMMENT - len(END_64) - 16)
    file.seek(start)
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_LENGTH:
        raise _unfit(upload.name, Wording("it is damaged, or no ZIP that can be read; pack the folder anew"))
    entries, directory = struct.unpack("<10xHI", tail[at : at + 16])
    if entries > MOST_IN_ARCHIVE or directory > LARGEST_DIRECTORY or tail[max(0, at - 20) : at].startswith(END_64):
        raise _too_many(upload.name)


def _too_many(name: str) -> UnfitUpload:
    return _unfit(name, Wording("it holds more than %(most)s files; load its folder in parts", most=MOST_IN_ARCHIVE))


def _unfit(name: str, why: Wording) -> UnfitUpload:
    return UnfitUpload(
        Wording("Nothing was taken in: '%(name)s' cannot be unpacked, because %(why)s.", name=name, why=why)
    )
