"""What many documents say alike is counted once, so that nobody is found for having said the same thing often.

A paragraph that documents of five different owners share (a disclaimer, an address, a footer) is boilerplate and
dropped from all of them; so is a passage that nearly the same stands in so many. Of passages that say nearly the same
of the same person the first one stays, by document and position; of different people each keeps theirs. Alike are two
passages whose sets of three consecutive words (in Chinese, of three characters) have a Jaccard similarity of at least
.85 (Broder, "On the resemblance and containment of documents", 1997). Candidates come from MinHash and
locality-sensitive hashing, so that the cost grows in proportion to the passages, and are then compared exactly.
Nothing depends on chance or on the order in which files are read.
"""

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from datasketch import MinHash, MinHashLSH

from graph.passages import passage_id
from ingest.cutting import HAN, UNSPACED, words
from ingest.documents import FOLDER, Document
from ingest.report import Note
from ingest.tables import Table

__all__ = ["ALIKE", "BOILERPLATE_OWNERS", "count_once"]

ALIKE = 0.85
BOILERPLATE_OWNERS = 5
# A shorter paragraph ("Work experience", "English: fluent") is as many people's by nature.
LEAST_BOILERPLATE = 8

PERMUTATIONS = 64
SEED = 1
# Nine bands of seven: two passages that are just alike are proposed 97 times in a hundred, nearly equal ones always.
BANDS = (9, 7)
# Where so many different passages lie near together, a template is at work. Further ones are compared with these but
# not kept for others to be compared with, or the cost would grow with the square of their number.
MOST_NEAR = 50
# Of the passages that the index proposes, so many, the likeliest, are compared exactly.
MOST_COMPARED = 4
# An estimate from 64 permutations is off by .09 twice in a hundred times.
LEAST_ESTIMATE = ALIKE - 0.1

TOKEN = re.compile(rf"[{HAN}{UNSPACED}]|[^\W{HAN}{UNSPACED}]+")

Owners = tuple[str, ...]


def count_once(tables: Sequence[Table]) -> list[Note]:
    """Leave out of the documents of one load what is counted elsewhere in them; notes say how much that is."""
    told = {
        id: (entry.row, table)
        for table in tables
        for id, entry in table.entries.items()
        if isinstance(entry.row, Document)
    }
    documents = [told[id][0] for id in sorted(told)]
    shared = _boilerplate_paragraphs(documents)
    kept = [_without(document, shared) for document in documents]
    groups = _groups(kept)
    left_out = defaultdict[str, list[str]](list)
    for group in groups:
        for owner, document_id, text in group.uncounted():
            left_out[document_id].append(passage_id(owner=owner, document=document_id, text=text))
    for before, document in zip(documents, kept, strict=True):
        if document is not before or document.id in left_out:
            table = told[document.id][1]
            counted = document.counted(paragraphs=document.paragraphs, left_out=sorted(left_out[document.id]))
            table.entries[document.id] = replace(table.entries[document.id], row=counted)
    return _notes(
        shared=len(shared) + sum(group.is_boilerplate for group in groups),
        repeated=sum(len(group.uncounted()) for group in groups if not group.is_boilerplate),
    )


def _notes(*, shared: int, repeated: int) -> list[Note]:
    notes: list[Note] = []
    if shared:
        people = f"documents of {BOILERPLATE_OWNERS} or more people"
        if shared == 1:
            notes.append(Note(FOLDER, f"1 text that {people} share, such as a footer, was left out"))
        else:
            notes.append(Note(FOLDER, f"{shared:,} texts that {people} share, such as a footer, were left out"))
    if repeated:
        like = "nearly the same as an earlier one of the same person"
        if repeated == 1:
            notes.append(Note(FOLDER, f"1 passage {like} was left out"))
        else:
            notes.append(Note(FOLDER, f"{repeated:,} passages {like} were left out"))
    return notes


def _boilerplate_paragraphs(documents: Iterable[Document]) -> frozenset[bytes]:
    """The digests of paragraphs that documents of enough different owners have."""
    owners = defaultdict[bytes, set[Owners]](set)
    found: set[bytes] = set()
    for document in documents:
        whose = tuple(sorted(document.owner))
        for paragraph in document.paragraphs:
            digest = _digest(paragraph.text)
            of = owners[digest]
            if len(of) < BOILERPLATE_OWNERS:
                of.add(whose)
                if len(of) == BOILERPLATE_OWNERS and words(paragraph.text) >= LEAST_BOILERPLATE:
                    found.add(digest)
    return frozenset(found)


def _without(document: Document, shared: frozenset[bytes]) -> Document:
    """The document without these paragraphs; itself if it has none of them."""
    if not shared:
        return document
    kept = [paragraph for paragraph in document.paragraphs if _digest(paragraph.text) not in shared]
    same = len(kept) == len(document.paragraphs)
    return document if same else document.counted(paragraphs=kept, left_out=())


def _digest(text: str) -> bytes:
    return hashlib.blake2b(" ".join(text.casefold().split()).encode(), digest_size=16).digest()


@dataclass(slots=True)
class _Group:
    """Passages that say nearly the same, in order: for each its owner, its document and its text."""

    members: list[tuple[str, str, str]] = field(default_factory=list)
    owners: set[Owners] = field(default_factory=set)

    @property
    def is_boilerplate(self) -> bool:
        """Whether it says nothing of anybody."""
        return len(self.owners) >= BOILERPLATE_OWNERS

    def uncounted(self) -> list[tuple[str, str, str]]:
        """All of boilerplate; else those that are not the first of their owner."""
        if self.is_boilerplate:
            return self.members
        seen: set[str] = set()
        repeated: list[tuple[str, str, str]] = []
        for member in self.members:
            if member[0] in seen:
                repeated.append(member)
            seen.add(member[0])
        return repeated


def _groups(documents: Iterable[Document]) -> Collection[_Group]:
    """All passages in groups of what is alike, the first of each being what the others are compared with."""
    index = _Index()
    groups: dict[int, _Group] = defaultdict(_Group)
    number_of: dict[bytes, int] = {}
    for document in documents:
        owners = tuple(sorted(document.owner))
        for piece in document.passages:
            tokens = TOKEN.findall(piece.text.casefold())
            key = hashlib.blake2b(" ".join(tokens).encode(), digest_size=16).digest()
            number = number_of.get(key)
            if number is None:
                number = number_of[key] = index.placed(tokens)
            group = groups[number]
            group.owners.add(owners)
            group.members.extend((owner, document.id, piece.text) for owner in document.owner)
    return groups.values()


class _Index:
    """The first passage of each group, found again by what is like it."""

    def __init__(self) -> None:
        self._lsh = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
        self._first: list[tuple[list[str], MinHash]] = []
        self._empty = MinHash(num_perm=PERMUTATIONS, seed=SEED)

    def placed(self, tokens: list[str]) -> int:
        """The number of the group that these words belong to, a new one if nothing is alike."""
        shingles = _shingles(tokens)
        sketch = MinHash(
            num_perm=PERMUTATIONS,
            hashfunc=zlib.crc32,
            permutations=self._empty.permutations,
            scheme=self._empty.scheme,
        )
        sketch.update_batch([shingle.encode() for shingle in shingles])
        proposed = sorted(self._lsh.query(sketch))
        for number in self._likeliest(sketch, proposed):
            if _similarity(shingles, _shingles(self._first[number][0])) >= ALIKE:
                return number
        number = len(self._first)
        self._first.append((tokens, sketch))
        if len(proposed) < MOST_NEAR:
            self._lsh.insert(number, sketch, check_duplication=False)
        return number

    def _likeliest(self, sketch: MinHash, proposed: Sequence[int]) -> list[int]:
        """Of these groups the few that are worth an exact comparison, the likeliest first."""
        if not proposed:
            return []
        sketches = np.array([self._first[number][1].hashvalues for number in proposed])
        estimates = (sketches == sketch.hashvalues).mean(axis=1)
        order = np.argsort(-estimates, kind="stable")[:MOST_COMPARED]
        return [proposed[place] for place in order if estimates[place] >= LEAST_ESTIMATE]


def _shingles(tokens: list[str]) -> set[str]:
    """Every three words in a row; all words if there are fewer."""
    if len(tokens) <= 3:
        return {" ".join(tokens)}
    return {f"{one} {two} {three}" for one, two, three in zip(tokens, tokens[1:], tokens[2:], strict=False)}


def _similarity(one: set[str], other: set[str]) -> float:
    """Jaccard's: how much two sets share, from 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
