"""Whether two people look like one, and why: a pure comparison, which believes nothing and asks no database.

A likeness is a question for somebody who knows the two. It never rests on names that are merely similar: they have to
be very alike, or something else has to agree as well.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Self

from graph.intake.names import KnownPerson
from graph.spelling import Written, alikeness, initial, may_be_one, skeleton, writings

__all__ = ["Likeness", "Reason", "candidates", "likeness"]


class Reason(StrEnum):
    """Why two people look like one."""

    SAME_ORCID = "same ORCID"
    SAME_IDENTIFIER = "same identifier"
    SAME_EMAIL = "same e-mail address"
    SAME_LOCAL_PART = "same name before the @ of their e-mail addresses"
    SAME_NAME = "same name"
    SAME_NAME_IN_ANOTHER_SCRIPT = "same name in another script"
    NAMES_ALIKE = "names alike"
    SAME_ORGANISATION = "same organisation"
    SAME_COUNTRY = "same country"


@dataclass(frozen=True, slots=True)
class Likeness:
    """That two people look like one: their ids in order, how likely they are one (0 to 1), and why, best first."""

    first: str
    second: str
    score: float
    reasons: tuple[Reason, ...]


# How likely each reason alone makes it; independent reasons together leave the product of their doubts (noisy or).
WEIGHTS = {
    Reason.SAME_ORCID: 0.99,
    Reason.SAME_IDENTIFIER: 0.97,
    Reason.SAME_EMAIL: 0.9,
    Reason.SAME_NAME: 0.65,
    Reason.SAME_NAME_IN_ANOTHER_SCRIPT: 0.65,
    Reason.NAMES_ALIKE: 0.65,
    Reason.SAME_ORGANISATION: 0.3,
    Reason.SAME_LOCAL_PART: 0.3,
    Reason.SAME_COUNTRY: 0.1,
}
LIKELY = 0.55
# A name that many in the network have says less than half as much.
COMMON = 0.4
LEAST_ALIKE = 0.75

NAMES = frozenset({Reason.SAME_NAME, Reason.SAME_NAME_IN_ANOTHER_SCRIPT, Reason.NAMES_ALIKE})

# Addresses of offices: the same word before the @ says nothing.
OFFICES = frozenset(
    {"admin", "contact", "contacto", "direction", "enquiries", "events", "hello", "info", "kontakt", "mail", "office"}
    | {"post", "press", "presse", "secretariat", "security", "sekretariat", "support", "team", "training", "webmaster"}
)
SHORTEST_LOCAL_PART = 4

# An address that so many have whose names cannot be one person's is an office's: it says nothing of anybody.
STRANGERS = 3

# Within so many, every two are compared; in more, those whose names agree more closely.
LARGEST_BLOCK = 60
# Where even those are more, everybody with so many who come next by their names (the sorted neighbourhood of record
# linkage, Hernández and Stolfo 1995), so that what is asked of grows with the network and not with its square.
NEIGHBOURS = 10

# How identifiers begin that no register gave: where files tell of somebody. Another row may come to stand there.
IN_FILES = "file:"


@dataclass(frozen=True, slots=True)
class _Traits:
    """A person with what the comparison needs of them, made once."""

    person: KnownPerson
    written: tuple[Written, ...]
    email: str | None
    local_part: str | None
    identifiers: frozenset[str]

    @classmethod
    def of(cls, person: KnownPerson, *, offices: Collection[str] = ()) -> Self:
        names = (person.name, *person.other_names)
        email = _address(person)
        email = None if email in offices else email
        local = (
            email.partition("@")[0].partition("+")[0].replace(".", "").replace("_", "").replace("-", "")
            if email
            else ""
        )
        tells = len(local) >= SHORTEST_LOCAL_PART and local not in OFFICES
        written = dict.fromkeys(one for name in names for one in writings(name))
        identifiers = frozenset(one for one in person.identifiers if not one.startswith(IN_FILES))
        return cls(person, tuple(written), email, local if tells else None, identifiers)


def likeness(a: KnownPerson, b: KnownPerson) -> Likeness | None:
    """How much two people look like one, or None if they do not, or if their ORCIDs say that they are two."""
    return _compared(_Traits.of(a), _Traits.of(b), is_common=lambda _: False)


def candidates(people: Iterable[KnownPerson], *, among: Collection[str] | None = None) -> list[Likeness]:
    """Every two people who look like one, likeliest first, each pair once; ``among`` (ids): pairs with one of these.

    Only people who share an address, a number or the consonants of a name are compared, so the cost grows with the
    network and not with its square. A name whose words many people of the network have counts as common, and an address
    that several people with quite different names have as an office's.
    """
    people = sorted(people, key=lambda person: person.id)
    offices = _offices(people)
    traits = {person.id: _Traits.of(person, offices=offices) for person in people}
    is_common = _common(traits.values())
    found: dict[tuple[str, str], Likeness] = {}
    seen: set[tuple[str, str]] = set()
    for block in _blocks(traits.values()):
        for first, second in _pairs(block, traits):
            if (first, second) in seen or (among is not None and first not in among and second not in among):
                continue
            seen.add((first, second))
            alike = _compared(traits[first], traits[second], is_common=is_common)
            if alike is not None:
                found[first, second] = alike
    return sorted(found.values(), key=lambda one: (-one.score, one.first, one.second))


IsCommon = Callable[[Written], bool]


def _compared(a: _Traits, b: _Traits, *, is_common: IsCommon) -> Likeness | None:
    one, other = a.person, b.person
    weights: dict[Reason, float] = {}

    def agrees(reason: Reason, *, holds: bool) -> None:
        if holds:
            weights[reason] = WEIGHTS[reason]

    agrees(Reason.SAME_ORCID, holds=one.orcid is not None and one.orcid == other.orcid)
    agrees(Reason.SAME_IDENTIFIER, holds=not a.identifiers.isdisjoint(b.identifiers))
    agrees(Reason.SAME_EMAIL, holds=a.email is not None and a.email == b.email)
    if not weights and None not in {one.orcid, other.orcid}:
        return None
    weights.update(_names(a, b, is_common=is_common))
    if not weights:
        return None
    agrees(Reason.SAME_ORGANISATION, holds=not set(one.organisations).isdisjoint(other.organisations))
    agrees(
        Reason.SAME_LOCAL_PART,
        holds=Reason.SAME_EMAIL not in weights and a.local_part is not None and a.local_part == b.local_part,
    )
    agrees(Reason.SAME_COUNTRY, holds=one.country is not None and one.country == other.country)
    doubt = 1.0
    for weight in weights.values():
        doubt *= 1 - weight
    score = round(1 - doubt, 3)
    if score < LIKELY:
        return None
    first, second = sorted((one.id, other.id))
    return Likeness(first, second, score, tuple(sorted(weights, key=lambda reason: (-weights[reason], reason))))


def _names(a: _Traits, b: _Traits, *, is_common: IsCommon) -> dict[Reason, float]:
    """The reason that their names give, if any, with its weight."""
    best: tuple[float, Reason] | None = None
    for one in a.written:
        for other in b.written:
            alike = alikeness(one, other)
            if alike <= LEAST_ALIKE:
                continue
            if one.writing != other.writing:
                reason = Reason.SAME_NAME_IN_ANOTHER_SCRIPT
            else:
                reason = Reason.SAME_NAME if alike == 1.0 else Reason.NAMES_ALIKE
            weight = WEIGHTS[reason] * (alike - LEAST_ALIKE) / (1 - LEAST_ALIKE)
            if is_common(one):
                weight *= COMMON
            if best is None or weight > best[0]:
                best = weight, reason
    return {best[1]: best[0]} if best else {}


def _common(people: Collection[_Traits]) -> IsCommon:
    """Tells of a name whether each of its words is that of many people in the network."""
    many = max(10, min(len(people) // 200, LARGEST_BLOCK))
    counts = Counter(word for one in people for word in {skeleton(word) for name in one.written for word in name.words})
    return lambda name: all(counts[skeleton(word)] > many for word in name.words)


def _address(person: KnownPerson) -> str | None:
    return person.email.casefold() if person.email else None


def _offices(people: Iterable[KnownPerson]) -> Collection[str]:
    """The addresses that several strangers have; no more than the first few are compared with everybody."""
    strangers: dict[str, list[KnownPerson]] = defaultdict(list)
    for one in people:
        email = _address(one)
        if email is not None:
            found = strangers[email]
            if len(found) < STRANGERS and not any(_may_be_one(one, other) for other in found):
                found.append(one)
    return {email for email, found in strangers.items() if len(found) == STRANGERS}


def _may_be_one(one: KnownPerson, other: KnownPerson) -> bool:
    return any(
        may_be_one(name, another)
        for name in (one.name, *one.other_names)
        for another in (other.name, *other.other_names)
    )


def _pairs(block: Iterable[str], traits: Mapping[str, _Traits]) -> Iterator[tuple[str, str]]:
    """Every two of a block, in a large one of those whose names come near each other; ids in order."""
    ids = sorted(block)
    if len(ids) <= LARGEST_BLOCK:
        yield from combinations(ids, 2)
        return
    ids.sort(key=lambda id: (_sounding(traits[id]), id))
    for number, one in enumerate(ids):
        for other in ids[number + 1 : number + 1 + NEIGHBOURS]:
            yield min(one, other), max(one, other)


def _sounding(one: _Traits) -> Sequence[str]:
    """The consonants of a name, whatever the order of its words."""
    return sorted(skeleton(word) for name in one.written[:1] for word in name.words)


def _blocks(people: Collection[_Traits]) -> Iterator[Sequence[str]]:
    """Ids of people who may be the same: everybody who shares a number or an address, or how a name is written.

    Blocks may be of any size; :func:`_pairs` bounds what is compared within one.
    """
    by_key: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in people:
        for key in _keys(one):
            by_key[key].add(one.person.id)
    traits = {one.person.id: one for one in people}
    for key, ids in by_key.items():
        if len(ids) <= LARGEST_BLOCK or key[0] != "name":
            yield sorted(ids)
        else:
            yield from _closer([traits[id] for id in ids])


def _keys(one: _Traits) -> Iterator[tuple[str, ...]]:
    person = one.person
    if person.orcid is not None:
        yield "orcid", person.orcid
    if one.email is not None:
        yield "email", one.email
    for identifier in one.identifiers:
        yield "identifier", identifier
    yield from _name_keys(one)


def _name_keys(one: _Traits) -> Iterator[tuple[str, ...]]:
    """One word's consonants with another's first sound; a single word's by themselves."""
    for name in one.written:
        if len(name.words) == 1:
            yield "name", skeleton(name.words[0])
        for number, word in enumerate(name.words):
            for place, other in enumerate(name.words):
                if place != number and len(word) > 1:
                    yield "name", skeleton(word)[:4], initial(other)


def _closer(people: Iterable[_Traits]) -> Iterator[Sequence[str]]:
    """A block that is too large, cut into those who share all consonants, an organisation or a name before the @."""
    smaller: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in people:
        for name in one.written:
            smaller["whole", *sorted(skeleton(word) for word in name.words)].add(one.person.id)
        for organisation in one.person.organisations:
            smaller["organisation", organisation].add(one.person.id)
        if one.local_part is not None:
            smaller["local part", one.local_part].add(one.person.id)
    for (what, *_), ids in smaller.items():
        # So many with one whole name have a common one, which by itself says too little.
        if what != "whole" or len(ids) <= LARGEST_BLOCK:
            yield sorted(ids)
