"""The files of a network's folder, read with care: plain files inside the folder, UTF-8, no endless lines."""

from collections.abc import Iterator
from pathlib import Path

from ingest.cells import visible
from ingest.report import Refusal

__all__ = ["FileRefused", "lines_of"]

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
        return Refusal(file, None, self.column, visible(self.value), self.reason, self.remedy)


def lines_of(path: Path, *, folder: Path) -> Iterator[str]:
    """The lines of a file of a network's folder as text, one at a time.

    Raises:
        FileRefused: it is no plain file, lies outside the folder, cannot be opened, is not UTF-8, or a line is
            longer than any text.
    """
    number = 0
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise FileRefused("it is a link out of the network's folder", remedy="copy the file into the folder")
        if not path.is_file():
            raise FileRefused("it is not a file", remedy="put a file there, or nothing")
        with path.open("rb") as file:
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(raw) > LONGEST_LINE:
                    raise FileRefused(
                        f"line {number} is longer than {LONGEST_LINE:,} bytes",
                        remedy="check that it is the right file and that its quotes are closed",
                    )
                yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise FileRefused(
            f"line {number} is not UTF-8 text", remedy="save the file in UTF-8 (in Excel: 'CSV UTF-8')"
        ) from None
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None
