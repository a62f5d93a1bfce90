"""The files of a network's folder, read with care: plain files inside the folder, no endless lines."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import AnyStr

from ingest.cells import visible
from ingest.report import Refusal, RefusalOf

__all__ = ["FileRefused", "ensure_plain", "lines_of", "separator_of"]

LONGEST_LINE = 1_000_000


class FileRefused(Exception):
    """A file as a whole cannot be taken in; caught where it becomes a refusal in the report."""

    def __init__(self, reason: str, *, remedy: str, value: str = "", column: str | None = None) -> None:
        self.reason = reason
        self.remedy = remedy
        self.value = value
        self.column = column
        super().__init__(f"{reason}; {remedy}")

    def refusal(self, file: str) -> Refusal:
        """The refusal to report for that file."""
        return Refusal(file, None, self.column, visible(self.value), self.reason, self.remedy, of=RefusalOf.FILE)


class _LineTooLong(Exception):
    """A line is longer than any text."""


def ensure_plain(path: Path, *, folder: Path, largest: int | None = None) -> None:
    """Return if the path is a plain file inside a network's folder, and no larger than ``largest`` bytes.

    Raises:
        FileRefused: it is something else, a link out of the folder, too large, or cannot be looked at.
    """
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise FileRefused("it is a link out of the network's folder", remedy="copy the file into the folder")
        if not path.is_file():
            raise FileRefused("it is not a file", remedy="put a file there, or nothing")
        size = path.stat().st_size
    except OSError as problem:
        raise _unreadable(problem) from None
    except (RuntimeError, ValueError):  # a link to itself; a NUL byte in the name
        raise FileRefused("it is not a file", remedy="put a file there, or nothing") from None
    if largest is not None and size > largest:
        raise FileRefused(
            f"it has {size / 1e6:,.0f} MB, more than {largest / 1e6:g}", remedy="split it into smaller files"
        )


def lines_of(path: Path, *, folder: Path, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file of a network's folder as text, one at a time, in an encoding that Python knows.

    Raises:
        FileRefused: it is no plain file, lies outside the folder, cannot be opened, is not text in that encoding, or
            a line is longer than any text.
    """
    ensure_plain(path, folder=folder)
    number = 0
    try:
        for line in _lines(path, encoding):
            number += 1
            yield line
    except _LineTooLong:
        raise FileRefused(
            f"line {number + 1} is longer than {LONGEST_LINE:,} bytes",
            remedy="check that it is the right file and that its quotes are closed",
        ) from None
    except UnicodeDecodeError:
        raise FileRefused(
            f"line {number + 1} is not {encoding.upper()} text",
            remedy="save the file in UTF-8 (in Excel: 'CSV UTF-8')",
        ) from None
    except OSError as problem:
        raise _unreadable(problem) from None


def separator_of(header: str) -> str:
    """What parts the columns in the first line of a table: a comma, a semicolon or a tab, whichever gives the most."""

    def columns(mark: str) -> int:
        try:
            return len(next(csv.reader([header], delimiter=mark), []))
        except csv.Error:  # whoever reads the table says why
            return 0

    return max(",;\t", key=columns)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    if encoding == "utf-16":
        # A line end is two bytes here, which may as well stand where two characters meet.
        with path.open(encoding=encoding, newline="\n") as text:
            while line := _short(text.readline(LONGEST_LINE + 1)):
                yield line
        return
    with path.open("rb") as file:
        first = _short(file.readline(LONGEST_LINE + 1))
        yield first.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        while raw := _short(file.readline(LONGEST_LINE + 1)):
            yield raw.decode(encoding)


def _short(line: AnyStr) -> AnyStr:
    if len(line) > LONGEST_LINE:
        raise _LineTooLong
    return line


def _unreadable(problem: OSError) -> FileRefused:
    return FileRefused(f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions")
