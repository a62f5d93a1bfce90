"""Somebody as one place tells of them, and why several of these cannot be one person."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graph.spelling import may_be_one, share_a_word
from ingest.resolving.told import Told

__all__ = ["Contradiction", "Member", "are_strangers", "contradiction", "first_with_all"]

Item = TypeVar("Item")

FEW = 5
"""With so many are all others compared: comparing everybody with everybody would cost the square."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as one place tells of them: a row of a file, or all that the network knows under an id."""

    told: Told | None
    ids: frozenset[str]
    names: tuple[str, ...]
    emails: frozenset[str]
    orcids: frozenset[str]
    identifiers: frozenset[str]
    in_files: frozenset[str] = frozenset()
    """By what files' later tellings are known again: their places and addresses there (ingest.resolving.ids)."""

    @property
    def called(self) -> str:
        """Who it is, for a sentence."""
        if self.told is None:
            return f"'{min(self.ids)}'"
        return (
            f"'{self.names[0]}' ({self.told.where})" if self.names else f"somebody without a name ({self.told.where})"
        )

    def may_be(self, other: "Member") -> bool:
        """Whether their names may be one person's."""
        return any(may_be_one(a, b) for a in self.names for b in other.names)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """That something says that members (their numbers) are one, and something else that they are not."""

    column: str
    value: str
    members: tuple[int, ...]
    reason: str


def contradiction(groups: Sequence[Sequence[Member]], column: str, *, nobodys: Collection[str] = ()) -> str | None:
    """Why these groups cannot all be one person, if they cannot; ``nobodys`` are addresses that tell nobody apart."""
    if len({id for group in groups for one in group for id in one.ids}) > 1:
        return "has another id"
    # Whoever has one id is one person, even if somebody mistyped the ORCID.
    if column != "id" and _any_disjoint([{value for one in group for value in one.orcids} for group in groups]):
        return "has another ORCID"
    if column == "place":
        emails = [{value for one in group for value in one.emails if value not in nobodys} for group in groups]
        if _any_disjoint(emails):
            return "has another e-mail address"
    if column == "email":
        named = dict.fromkeys(frozenset(name for one in group for name in one.names) for group in groups)
        if any(not _share_words(one, other) for one, other in first_with_all([found for found in named if found])):
            return "has quite another name"
    return None


def are_strangers(one: Member, other: Member) -> bool:
    """Whether both have names, and these cannot be one person's."""
    return bool(one.names) and bool(other.names) and not one.may_be(other)


def first_with_all(items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The first few, each with every item after it."""
    for number, one in enumerate(items[:FEW]):
        for other in items[number + 1 :]:
            yield one, other


def _any_disjoint(values: Sequence[Collection[str]]) -> bool:
    different = list(dict.fromkeys(frozenset(found) for found in values if found))
    return any(one.isdisjoint(other) for one, other in first_with_all(different))


def _share_words(names: Collection[str], others: Collection[str]) -> bool:
    return any(share_a_word(a, b) for a in names for b in others)
