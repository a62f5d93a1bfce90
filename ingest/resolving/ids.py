"""Ids for what is new: readable, and the same again whatever the order of files and rows."""

import hashlib
import re
from collections import Counter
from collections.abc import Container, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from graph.spelling import latin

__all__ = [
    "IN_FILES",
    "Joined",
    "Wanted",
    "address_identifier",
    "digest",
    "file_identifier",
    "in_file",
    "new_ids",
    "slug_of",
]

Thing = TypeVar("Thing", bound=Hashable)

LONGEST = 80
LONGEST_IDENTIFIER = 300
SHORTEST_SUFFIX = 6
SEPARATING = re.compile(r"[\s#%;]")
IN_FILES = "file:"
"""How identifiers begin that no register gave: by what a file's earlier telling is known again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an id is to be made from: a name, and what is this thing's alone, to tell it from others of that name."""

    name: str
    own: str


def slug_of(text: str, *, otherwise: str) -> str:
    """A text as an id; ``otherwise`` where it has no letter that can be written in Latin."""
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`ʼ]", "", latin(text)).lower()).strip("-")
    if len(plain) > LONGEST:
        plain = plain[: LONGEST + 1].rpartition("-")[0] or plain[:LONGEST]
    return plain or otherwise


def digest(text: str) -> str:
    """A text's digest, as letters and digits that an id may have."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def new_ids(wanted: Mapping[Thing, Wanted], taken: Container[str], *, otherwise: str) -> dict[Thing, str]:
    """An id for each: its name's, unless that is taken or several want it; then all of them get a suffix of their own.

    The suffix is a digest of what is the thing's own, so that neither order nor chance has a part in it.
    """
    names = {thing: slug_of(one.name, otherwise=otherwise) for thing, one in wanted.items()}
    often = Counter(names.values())
    ids: dict[Thing, str] = {}
    given: set[str] = set()
    for thing in sorted(wanted, key=lambda thing: (wanted[thing].own, wanted[thing].name)):
        id, suffix, length = names[thing], digest(wanted[thing].own), SHORTEST_SUFFIX
        while id in taken or id in given or (id == names[thing] and often[id] > 1):
            if length > len(suffix):
                suffix += digest(suffix)
            id = f"{names[thing]}-{suffix[:length]}"
            length += 1
        ids[thing] = id
        given.add(id)
    return ids


def file_identifier(file: str, key: str) -> str:
    """The identifier by which what a file tells under a key is known again: the file is a register like others."""
    found = in_file(file) + SEPARATING.sub(_escaped, key)
    return found if len(found) <= LONGEST_IDENTIFIER else f"{IN_FILES}{digest(found)}"


def address_identifier(file: str, email: str) -> str:
    """The identifier by which whom a file gave an e-mail address is known again, whichever address is shown of them.

    No key has a # in an identifier, so that nothing else is written so.
    """
    found = in_file(file) + "#" + digest("\0".join((file, email.casefold())))
    return found if len(found) <= LONGEST_IDENTIFIER else f"{IN_FILES}#{digest(found)}"


def in_file(file: str) -> str:
    """What the identifiers of everything in a file begin with."""
    return f"{IN_FILES}{SEPARATING.sub(_escaped, file)}#"


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


class Joined:
    """Numbers from 0 on, of which some are found to be one (a disjoint-set forest)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, number: int) -> int:
        """The least number of all that are one with it."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Take down that two are one."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first
