"""Which two people may be one, and what was said about it: a question is asked until somebody has answered it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Transaction
from graph.intake.names import KnownPerson, known_names
from graph.intake.records import merged_people, whoever
from graph.passages import hold_stamps
from graph.people.likeness import Likeness
from graph.people.likeness import candidates as alike
from graph.people.sight import as_seen, ensure_seen, groups_seen, sees_everybody
from graph.permissions import may_merge_people, refuse_unless
from graph.values import ExpertId
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "Candidate",
    "CannotKeepApart",
    "Decision",
    "NotKeptApart",
    "candidates",
    "decisions",
    "forget_apart",
    "keep_apart",
]


class CannotKeepApart(GraphError):
    """Of two ids it cannot be said that they are two people."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


class NotKeptApart(GraphError):
    """Nobody said of these two that they are two."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Nobody said that these two are two; look at what was decided for those of whom that was said.")
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two people who may be one, with how likely that is and why."""

    first: KnownPerson
    second: KnownPerson
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody said of two ids: that ``second`` is ``first``, or that they are two; who said so and when."""

    is_one: bool
    first: ExpertId
    second: ExpertId
    by: str
    at: datetime


EXISTING: LiteralString = "MATCH (e:Expert) WHERE e.id IN $people RETURN collect(e.id) AS people"

APART: LiteralString = "MATCH (d:Distinct) RETURN d.id AS id, d.one AS one, d.other AS other"

KEEP_APART: LiteralString = "CREATE (:Distinct {id: $one + ' ' + $other, one: $one, other: $other, at: $at, by: $by})"

FORGET_APART: LiteralString = "MATCH (d:Distinct) WHERE d.id IN $ids DELETE d"

DECISIONS: LiteralString = """
MATCH (m:Merge)
RETURN true AS is_one, m.kept AS first, m.gone AS second, m.by AS by, m.at AS at
UNION ALL
MATCH (d:Distinct)
RETURN false AS is_one, d.one AS first, d.other AS second, d.by AS by, d.at AS at
"""


async def candidates(graph: Graph, viewer: Viewer) -> Sequence[Candidate]:
    """Every two people who may be one and of whom nobody has said whether they are, likeliest first.

    Whom the viewer does not see is left out, and nothing is compared that they do not see.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_merge_people(viewer), "see which people may be one", who="administrators")
    known = await known_names(graph, viewer)
    people = {person.id: person for person in known.people}
    if not sees_everybody(viewer):
        groups = await groups_seen(graph, viewer)
        people = {id: as_seen(person, groups[id]) for id, person in people.items() if id in groups}
    # Everybody is compared with all who are like them, which takes seconds in a large network.
    return [
        Candidate(people[found.first], people[found.second], found)
        for found in await asyncio.to_thread(alike, people.values())
        if frozenset((found.first, found.second)) not in known.distinct
    ]


async def keep_apart(graph: Graph, viewer: Viewer, *, one: ExpertId, other: ExpertId) -> None:
    """Remember that two people are two, however alike they look; said once more, it changes nothing.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchExpert: there is no person of one of these ids, or none whom the viewer sees.
        CannotKeepApart: they are the same, or one of them is somebody else now.
    """
    refuse_unless(may_merge_people(viewer), "say that people are two", who="administrators")

    async def work(tx: Transaction) -> None:
        await hold_stamps(tx)
        merged = await merged_people(tx)
        await ensure_seen(tx, viewer, [one, other], merged=merged)
        if one == other:
            raise CannotKeepApart(Wording("These two cannot be kept apart: they are the same id; name two people."))
        for id in (one, other):
            if id in merged:
                raise CannotKeepApart(
                    Wording(
                        "These two cannot be kept apart: '%(id)s' was merged into '%(into)s'; undo that first.",
                        id=id,
                        into=merged[id],
                    )
                )
        (existing,) = await tx.run(EXISTING, people=[one, other])
        for id in (one, other):
            if id not in existing["people"]:
                raise NoSuchExpert(id)
        if await _said_of(tx, one, other, merged=merged):
            return
        first, second = sorted((one, other))
        await tx.run(KEEP_APART, one=first, other=second, at=datetime.now(UTC), by=viewer.actor)
        # One change each: of the other the export of the one tells nothing.
        for id in (first, second):
            await record(tx, viewer, verb="kept apart", subject=f"expert:{id}")

    await graph.transact(work)


async def forget_apart(graph: Graph, viewer: Viewer, *, one: ExpertId, other: ExpertId) -> None:
    """Forget that two people are two.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchExpert: the viewer does not see one of them.
        NotKeptApart: nobody said so.
    """
    refuse_unless(may_merge_people(viewer), "forget that people are two", who="administrators")

    async def work(tx: Transaction) -> None:
        await hold_stamps(tx)
        merged = await merged_people(tx)
        await ensure_seen(tx, viewer, [one, other], merged=merged)
        said = await _said_of(tx, one, other, merged=merged)
        if not said:
            raise NotKeptApart
        await tx.run(FORGET_APART, ids=said)
        for id in sorted((one, other)):
            await record(tx, viewer, verb="kept apart no more", subject=f"expert:{id}")

    await graph.transact(work)


async def decisions(graph: Graph, viewer: Viewer) -> Sequence[Decision]:
    """Every merge, and every two people who are kept apart, newest first; the ids as they were named.

    What was said of somebody whom the viewer does not see is left out.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_merge_people(viewer), "see who was merged", who="administrators")
    found = [
        Decision(row["is_one"], ExpertId(row["first"]), ExpertId(row["second"]), row["by"], row["at"].to_native())
        for row in await graph.read(DECISIONS)
    ]
    if not sees_everybody(viewer):
        groups = await groups_seen(graph, viewer)
        now = whoever([{"gone": one.second, "kept": one.first} for one in found if one.is_one])
        found = [one for one in found if {now.get(id, id) for id in (one.first, one.second)} <= groups.keys()]
    return sorted(found, key=lambda one: one.at, reverse=True)


async def _said_of(tx: Transaction, one: str, other: str, *, merged: Mapping[str, str]) -> list[str]:
    """The ids of what was said of these two, or of people who are one of them now."""
    pair = {merged.get(id, id) for id in (one, other)}
    return [
        row["id"]
        for row in await tx.run(APART)
        if {merged.get(row[name], row[name]) for name in ("one", "other")} == pair
    ]
