"""Whom the rows of a meeting tool's list mean: one person for certain, several perhaps, or nobody of the network.

Nothing is guessed: what is not certain is a doubt, with those whom it may mean. A row means only whom the viewer may
know of, and an address only whose address the viewer sees.
"""

import asyncio
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, LiteralString

from graph.fields import InvalidFields, Problem
from graph.graph import Graph, Row
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.candidacies import OF_EVENT, WHO, considered_of
from graph.spelling import alikeness, folded, name_words, skeleton, writings
from graph.values import EventId, ExpertId
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = ["MOST_ROWS", "Attendee", "Certainty", "Ground", "MatchedAttendee", "match_attendees"]

MOST_ROWS: Final = 2_000
MOST_DOUBTED = 10
"""How many people are told whom a row may mean."""
LONGEST_NAME = 300
ALIKE = 0.8


class Certainty(StrEnum):
    """How certain it is whom a row means."""

    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    NOBODY = "nobody"


class Ground(StrEnum):
    """By what a row means somebody, or why that is not certain."""

    ADDRESS = "address"
    """It is the address of one person."""
    NAME = "name"
    """One person bears the name."""
    SEVERAL = "several"
    """Several people bear the name, or have the address."""
    AT_ODDS = "at_odds"
    """The address is of one person, and another bears the name."""
    SIMILAR = "similar"
    """Nobody bears the name, and somebody a similar one."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """A row of a list: its number in the file, and a name, an address or both; ``minutes`` is how long they stayed."""

    row: int
    name: str = ""
    email: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class MatchedAttendee:
    """Whom a row means: one person if that is certain, else those whom it may mean, the likeliest first."""

    row: int
    certainty: Certainty
    ground: Ground | None
    people: tuple[ExpertId, ...]


EVERYBODY: LiteralString = seen("""
MATCH (e:Expert) WHERE SEES(e.listing)
RETURN PERSON(e) AS expert
ORDER BY e.name, e.id
""")


async def match_attendees(
    graph: Graph, viewer: Viewer, *, event: EventId, rows: Sequence[Attendee]
) -> tuple[MatchedAttendee, ...]:
    """Whom each of these rows means, in their order.

    An address is compared as it is but for the case of its letters, a name without case, accents and punctuation. Of
    those whom a row may mean, who is considered for the event comes first.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NoSuchEvent: there is none of this id.
        InvalidFields: these are too many, or a name is longer than any.
    """
    refuse_unless(may_read_candidacies(viewer), "look up who was at an event", who=WHO)
    _ensure_fit(rows)
    considered = considered_of(await graph.read(OF_EVENT, **viewer.sight, event=event), event)
    expected = {one.expert for one in considered.candidacies}
    people = _People(await graph.read(EVERYBODY, **viewer.sight))
    return await asyncio.to_thread(lambda: tuple(_matched(row, people, expected) for row in rows))


class _People:
    """Everybody whom the viewer sees, by their names and addresses as far as the viewer sees those."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.names: dict[ExpertId, list[str]] = {}
        self.by_address: dict[str, list[ExpertId]] = defaultdict(list)
        self.by_name: dict[str, list[ExpertId]] = defaultdict(list)
        for row in rows:
            told = row["expert"]
            id, profile, contact = ExpertId(told["id"]), told["profile"] or {}, told["contact"] or {}
            self.names[id] = [told["name"], *(profile.get("other_names") or ())]
            for name in {folded(one) for one in self.names[id]} - {""}:
                self.by_name[name].append(id)
            if contact.get("email"):
                self.by_address[_address(contact["email"])].append(id)

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[ExpertId]]:
        """People by the consonants of each word of their names."""
        found: dict[str, dict[ExpertId, None]] = defaultdict(dict)
        for id, names in self.names.items():
            for word in (word for name in names for word in name_words(name)):
                found[skeleton(word) or word][id] = None
        return {word: list(people) for word, people in found.items()}

    def similar(self, name: str) -> Mapping[ExpertId, float]:
        """Who bears a name that is alike, and how alike."""
        shares = {id: None for word in name_words(name) for id in self.by_word.get(skeleton(word) or word, ())}
        found = {
            id: max(
                (alikeness(one, other) for own in self.names[id] for one in writings(own) for other in writings(name)),
                default=0.0,
            )
            for id in shares
        }
        return {id: alike for id, alike in found.items() if alike >= ALIKE}


def _matched(row: Attendee, people: _People, expected: Container[ExpertId]) -> MatchedAttendee:
    named = list(dict.fromkeys(id for name in _spelled(row.name) for id in people.by_name.get(name, ())))
    addressed = people.by_address.get(_address(row.email), []) if row.email.strip() else []
    certainty, ground, found = _by_address(addressed, named) if addressed else _by_name(row.name, named, people)
    likeliest = sorted(found, key=lambda id: id not in expected)
    return MatchedAttendee(row.row, certainty, ground, tuple(likeliest[:MOST_DOUBTED]))


_Found = tuple[Certainty, Ground | None, Sequence[ExpertId]]


def _by_address(addressed: Sequence[ExpertId], named: Sequence[ExpertId]) -> _Found:
    both = [id for id in addressed if id in named]
    if len(both) == 1 or (len(addressed) == 1 and not named):
        return Certainty.CERTAIN, Ground.ADDRESS, both or addressed
    if named and not both:
        return Certainty.DOUBTFUL, Ground.AT_ODDS, [*addressed, *named]
    return Certainty.DOUBTFUL, Ground.SEVERAL, both or addressed


def _by_name(name: str, named: Sequence[ExpertId], people: _People) -> _Found:
    if named:
        is_one = len(named) == 1
        return (Certainty.CERTAIN, Ground.NAME, named) if is_one else (Certainty.DOUBTFUL, Ground.SEVERAL, named)
    similar = people.similar(name)
    if similar:
        return Certainty.DOUBTFUL, Ground.SIMILAR, sorted(similar, key=lambda id: -similar[id])
    return Certainty.NOBODY, None, ()


def _spelled(name: str) -> Sequence[str]:
    """The ways in which a name is compared: as it is, and "Owusu, Ama" as Ama Owusu too."""
    last, comma, first = name.partition(",")
    turned = folded(f"{first} {last}") if comma else ""
    return [one for one in dict.fromkeys((folded(name), turned)) if one]


def _address(email: str) -> str:
    return email.strip().casefold()


def _ensure_fit(rows: Sequence[Attendee]) -> None:
    if len(rows) > MOST_ROWS:
        wrong = Wording(
            "These are %(count)s people, more than %(most)s; look them up in parts.", count=len(rows), most=MOST_ROWS
        )
        raise InvalidFields([Problem(("attendees",), wrong)])
    for number, row in enumerate(rows):
        if max(len(row.name), len(row.email)) > LONGEST_NAME:
            wrong = Wording(
                "A name or address of row %(row)s has more than %(most)s letters; shorten it.",
                row=str(row.row),
                most=LONGEST_NAME,
            )
            raise InvalidFields([Problem(("attendees", number), wrong)])
