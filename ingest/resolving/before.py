"""Whom the same file told of before: the same name, or the same place with a name like it, where nothing contradicts.

A place is no certain sign: a row that is put in above moves all that follow. So whom something certain has found
already is not looked for by their place, and no two rows are taken for one that the file did not tell as one before.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from enum import Enum, auto

from graph.spelling import folded
from ingest.resolving.ids import Joined, file_identifier, in_file
from ingest.resolving.members import Contradiction, Member, contradiction
from ingest.resolving.told import Told

__all__ = ["join_told_before"]

FEW = 5
"""Among more who have one name, a name tells nobody."""


class _By(Enum):
    """By what a row is known again; what is surer comes first."""

    NAME_AND_PLACE = auto()
    NAME = auto()
    PLACE = auto()


def join_told_before(members: Sequence[Member], joined: Joined, *, nobodys: Collection[str]) -> list[Contradiction]:
    """Join rows that are nobody's yet with whom their file told of before; what contradicts that.

    ``nobodys`` are addresses that tell nobody apart.
    """
    before = _Before(members)
    for by in (_By.NAME_AND_PLACE, _By.NAME):
        _Round(members, joined, before, by=by, nobodys=nobodys).join()
    return _Round(members, joined, before, by=_By.PLACE, nobodys=nobodys).join()


class _Before:
    """Of everybody who is known: in which files, where there, and by which names."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._at: dict[str, set[int]] = defaultdict(set)
        self._named: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._names: dict[int, set[str]] = {}
        self._places: Counter[tuple[str, int]] = Counter()
        for number, member in enumerate(members):
            if member.told is not None:
                continue
            self._names[number] = {folded(name) for name in member.names}
            for identifier in member.in_files:
                file, _, key = identifier.partition("#")
                self._at[identifier].add(number)
                for name in self._names[number]:
                    self._named[f"{file}#", name].add(number)
                if not key.startswith("#"):
                    self._places[f"{file}#", number] += 1

    def told(self, member: Member, row: Told, *, by: _By) -> Collection[int]:
        """Who may be meant by a row."""
        if not member.names:
            return ()
        name = folded(member.names[0])
        if by is _By.NAME:
            return self._named.get((in_file(row.file), name), ())
        there = self._at.get(file_identifier(row.file, row.row.key), ())
        return there if by is _By.PLACE else {number for number in there if name in self._names[number]}

    def places(self, number: int, file: str) -> int:
        """In how many rows at most a file told of somebody."""
        return max(1, self._places[in_file(file), number])


class _Round:
    """All rows that are nobody's yet, at once, so that their order has no part in it."""

    def __init__(
        self, members: Sequence[Member], joined: Joined, before: _Before, *, by: _By, nobodys: Collection[str]
    ) -> None:
        self._members, self._joined, self._before = members, joined, before
        self._by, self._nobodys = by, nobodys
        self._known = {joined.root(number) for number, member in enumerate(members) if member.ids}
        self._groups: dict[int, list[Member]] = defaultdict(list)
        self._here: Counter[tuple[str, int]] = Counter()
        for number, member in enumerate(members):
            root = joined.root(number)
            self._groups[root].append(member)
            if member.told is not None and root in self._known:
                self._here[member.told.file, root] += 1
        self._contradictions: list[Contradiction] = []

    def join(self) -> list[Contradiction]:
        """Join whoever means one person who is known, and who is not meant by more rows than before."""
        meant: dict[int, set[int]] = defaultdict(set)
        asking: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, member in enumerate(self._members):
            root = self._joined.root(number)
            if member.told is None or root in self._known:
                continue
            for known in self._meant(number, member, member.told):
                meant[root].add(known)
                asking[member.told.file, known].append(root)
        for (file, known), roots in asking.items():
            if len(roots) > self._free(known, file):
                for root in roots:
                    meant[root].discard(known)
        together: dict[int, list[int]] = defaultdict(list)
        for root, found in meant.items():
            if len(found) == 1:
                together[min(found)].append(root)
        for known, roots in together.items():
            if self._contradiction(known, *roots) is None:
                for root in roots:
                    self._joined.join(known, root)
        return self._contradictions

    def _meant(self, number: int, member: Member, row: Told) -> Iterator[int]:
        told = self._before.told(member, row, by=self._by)
        free = [known for known in told if self._free(known, row.file) > 0]
        for known in free if len(free) <= FEW else ():
            if self._by is _By.PLACE and not member.may_be(self._members[known]):
                continue
            reason = self._contradiction(known, self._joined.root(number))
            if reason is None:
                yield known
            elif self._by is _By.PLACE:
                self._contradictions.append(Contradiction("place", row.row.key, (known, number), reason))

    def _free(self, known: int, file: str) -> int:
        """How many rows of a file may still mean somebody; by a place alone none, if one does for certain."""
        here = self._here[file, self._joined.root(known)]
        return self._before.places(known, file) - here if self._by is not _By.PLACE else int(here == 0)

    def _contradiction(self, known: int, *roots: int) -> str | None:
        groups = [self._groups[root] for root in (self._joined.root(known), *roots)]
        return contradiction(groups, "place", nobodys=self._nobodys)
