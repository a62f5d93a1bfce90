"""Whether what is kept of a load tells of somebody: sooner one load too many than one too few.

Of a name all words must stand somewhere in one file, for lists part first names from family names.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

__all__ = ["tells_of"]

READ_AS_TEXT: Final = frozenset({"", ".csv", ".json", ".jsonld", ".markdown", ".md", ".part", ".tsv", ".ttl", ".txt"})
"""How files end that are looked through, if they are in UTF-8; any other is taken to tell of everybody."""
WORD: Final = re.compile(r"[^\W_]+")
ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


def tells_of(folder: Path, known_as: Iterable[str]) -> bool:
    """Whether a file in a folder, or its name, has all words of an id, a name or an address of somebody."""
    people = [words for one in known_as if (words := frozenset(WORD.findall(_plain(one))))]
    return any(_has_one_of(path, people) for path in folder.rglob("*") if path.is_file())


def _has_one_of(path: Path, people: Collection[frozenset[str]]) -> bool:
    if path.suffix.lower() not in READ_AS_TEXT:
        return True
    left = [set(words) for words in people]
    try:
        for text in _texts(path):
            there = frozenset(WORD.findall(text))
            for words in left:
                words.difference_update(
                    [word for word in words if word in there or (not word.isascii() and word in text)]
                )
            if not all(left):
                return True
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True
    return False


def _texts(path: Path) -> Iterator[str]:
    yield _plain(path.name)
    with path.open(encoding="utf-8") as file:
        yield from map(_plain, file)


def _plain(text: str) -> str:
    """Without what JSON and HTML write for letters, and whatever the case."""
    read = html.unescape(ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    return unicodedata.normalize("NFC", read).casefold()
