"""Two people who are one are made one, by somebody who knows them.

Whom the files tell of is told of as before; a Merge says who that is now, so a roster that is loaded next does not
bring the second one back (graph.intake.records). What is the person's own, such as an account, consents and evidence,
is moved, and each relation that was says from whom. A Merge keeps what the two had chosen, which makes them two again
(graph.people.undoing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.intake.known import Kind
from graph.intake.records import follow_merges, merged_people, settle
from graph.passages import hold_stamps, restamp
from graph.people.differences import Difference, differences, in_words
from graph.people.holding import TIMEOUT_S, hold
from graph.people.moving import move, put_passages_together
from graph.people.own import own_of, prefixed, put_own_together
from graph.people.own_words import take_down_own_words
from graph.people.sight import ensure_seen, groups_seen_of_all
from graph.permissions import may_merge_people, refuse_unless
from graph.speaking.joining import join
from graph.values import ExpertId
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = ["CannotMerge", "Merged", "merge"]


class CannotMerge(GraphError):
    """Two people cannot be made one, or not yet."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: how much moved to the person who is kept, and what is different of them now."""

    kept: ExpertId
    gone: ExpertId
    records: int
    passages: int
    accounts: int
    consents: int
    differences: tuple[Difference, ...]


# What releases without records stored, and no file has told since.
UNRECORDED: LiteralString = """
MATCH (e:Expert) WHERE e.id IN $people
  AND ((e.digest IS NOT NULL AND NOT EXISTS { (:Record {kind: 'experts', entity: e.id}) })
    OR EXISTS {
      MATCH (e)-[a:AFFILIATED_WITH]->()
      WHERE a.digest IS NOT NULL AND NOT EXISTS { MATCH (r:Record {kind: 'affiliations'}) WHERE r.entity = a.id }
    }
    OR EXISTS {
      MATCH (e)-[s:SPOKE_AT]->()
      WHERE s.digest IS NOT NULL AND NOT EXISTS { MATCH (r:Record {kind: 'speakers'}) WHERE r.entity = s.id }
    }
    OR EXISTS {
      MATCH (e)-[a:ATTENDED]->()
      WHERE a.digest IS NOT NULL AND NOT EXISTS { MATCH (r:Record {kind: 'attendance'}) WHERE r.entity = a.id }
    }
    OR EXISTS {
      MATCH (e)-[:AUTHORED]->(o:Resource)
      WHERE o.digest IS NOT NULL AND NOT EXISTS { MATCH (r:Record {kind: 'resources'}) WHERE r.entity = o.id }
    })
RETURN e.id AS id
"""

IS_APART: LiteralString = "MATCH (d:Distinct) RETURN d.one AS one, d.other AS other"

COUNT_RECORDS: LiteralString = "MATCH (r:Record {person: $person}) RETURN count(r) AS records"

NEXT_NUMBER: LiteralString = "MATCH (m:Merge) RETURN coalesce(max(m.number), 0) + 1 AS number"

WRITE_MERGE: LiteralString = """
CREATE (m:Merge {id: $gone, gone: $gone, kept: $kept, number: $number, at: $at, by: $by})
"""

KEEP_ON_MERGE: LiteralString = "MATCH (m:Merge {id: $gone}) SET m += $properties"

REMOVE_GONE: LiteralString = "MATCH (e:Expert {id: $gone}) DETACH DELETE e"


class _Rehearsed(Exception):
    """A merge that was done to see what it does; raised to take the transaction back."""

    def __init__(self, merged: Merged) -> None:
        self.merged = merged
        super().__init__()


async def merge(graph: Graph, viewer: Viewer, *, keep: ExpertId, gone: ExpertId, dry_run: bool = False) -> Merged:
    """Make two people one, in one transaction: all that is known of ``gone`` is known of ``keep`` from now on.

    Nothing becomes more visible: of each group of fields the narrower of the two audiences is in force, and what one of
    them withdrew their consent to stays withdrawn. What somebody wrote of themselves goes before what files say. A dry
    run tells what would be done, and does nothing. What is different is told as far as the viewer sees it of both.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchExpert: there is no person of one of these ids, or none whom the viewer sees.
        CannotMerge: they are the same or kept apart, both have an account, are related to each other, or one of them is
            somebody else already or known from before there were records.
    """
    refuse_unless(may_merge_people(viewer), "merge people", who="administrators")

    async def work(tx: Transaction) -> Merged:
        await hold_stamps(tx)
        merged = await _merge(tx, viewer, keep=keep, gone=gone)
        if dry_run:
            raise _Rehearsed(merged)
        await record(tx, viewer, verb="merged", subject=f"expert:{keep}", after={"with": gone})
        return merged

    try:
        return await graph.transact(work, timeout_s=TIMEOUT_S)
    except _Rehearsed as rehearsed:
        return rehearsed.merged


async def _merge(tx: Transaction, viewer: Viewer, *, keep: ExpertId, gone: ExpertId) -> Merged:
    await ensure_seen(tx, viewer, [keep, gone], merged=await merged_people(tx))
    people = await _held(tx, keep=keep, gone=gone)
    groups = await groups_seen_of_all(tx, viewer, [keep, gone])
    before = await in_words(tx, keep)
    at = datetime.now(UTC)
    words = {id: await take_down_own_words(tx, people[id], at=at) for id in (keep, gone)}
    (numbered,) = await tx.run(NEXT_NUMBER)
    await tx.run(WRITE_MERGE, gone=gone, kept=keep, number=numbered["number"], at=at, by=viewer.actor)
    (counted,) = await tx.run(COUNT_RECORDS, person=gone)
    touched = await follow_merges(tx, people=[gone])
    for kind, entities in touched.items():
        if kind is not Kind.EXPERTS:
            await settle(tx, kind, entities)
    copies = await put_passages_together(tx, keep=keep, gone=gone, at=at)
    moved = await move(tx, keep=keep, gone=gone)
    await join(tx, person=keep)
    await tx.run(REMOVE_GONE, gone=gone)
    own = {id: own_of(people[id]["properties"]) for id in (keep, gone)}
    both, consents = await put_own_together(tx, viewer, keep=keep, kept=own[keep], gone=own[gone], at=at)
    await settle(tx, Kind.EXPERTS, [keep])
    await restamp(tx, experts=[keep])
    remembered = {
        **prefixed("kept_", own[keep] | words[keep]),
        **prefixed("gone_", own[gone] | words[gone]),
        **prefixed("both_", both),
        "untold": [id for id in (keep, gone) if not people[id]["is_told"]],
        "reworded": [id for id in (keep, gone) if people[id]["is_told"] and words[id]],
        "consents": consents,
        "copies": copies,
    }
    await tx.run(KEEP_ON_MERGE, gone=gone, properties=remembered)
    return Merged(
        kept=keep,
        gone=gone,
        records=counted["records"],
        passages=moved["EVIDENCED_BY"],
        accounts=moved["IS"],
        consents=moved["GAVE"],
        differences=differences(before, await in_words(tx, keep), groups=groups),
    )


async def _held(tx: Transaction, *, keep: ExpertId, gone: ExpertId) -> Mapping[str, Row]:
    """The two people as they are, while nobody else can change them; only if they can be merged."""
    if keep == gone:
        raise CannotMerge(Wording("These two cannot be merged: they are the same id; name two people."))
    merged = await merged_people(tx)
    for id in (keep, gone):
        if id in merged:
            raise CannotMerge(
                Wording(
                    "These two cannot be merged: '%(id)s' was merged into '%(into)s' already; name '%(into)s' instead, "
                    "or undo that first.",
                    id=id,
                    into=merged[id],
                )
            )
    people = await hold(tx, [keep, gone])
    for id in (keep, gone):
        if id not in people:
            raise NoSuchExpert(id)
    if any({merged.get(one, one) for one in row.values()} == {keep, gone} for row in await tx.run(IS_APART)):
        raise CannotMerge(
            Wording("These two cannot be merged: somebody said that they are two; undo that first, if it is wrong.")
        )
    if people[keep]["has_account"] and people[gone]["has_account"]:
        raise CannotMerge(
            Wording("These two cannot be merged: both have an account; close one of the two accounts first.")
        )
    if types := people[keep]["between"]:
        raise CannotMerge(
            Wording(
                "These two cannot be merged: one is related to the other (%(types)s); remove that "
                "first, if it is wrong.",
                types=types,
            )
        )
    if unrecorded := await tx.run(UNRECORDED, people=[keep, gone]):
        raise CannotMerge(
            Wording(
                "These two cannot be merged: '%(id)s' was loaded by an earlier release, which kept no record of what "
                "files say; load the network's folder again first.",
                id=unrecorded[0]["id"],
            )
        )
    return people
