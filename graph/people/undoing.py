"""A person who was made of two (graph.people.merging) is made two again, if that was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from graph.changes import record
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.intake.known import Kind
from graph.intake.records import follow_merges, settle, whoever
from graph.intake.sources import forget_silent_sources
from graph.passages import hold_stamps, restamp
from graph.people.holding import TIMEOUT_S, hold, set_properties
from graph.people.moving import move_back, part_passages
from graph.people.own import TOLD, part_own, unprefixed
from graph.people.own_words import CLAIMED, forget_own_words, told_by_files, with_profile
from graph.people.sight import groups_seen_of_all
from graph.permissions import may_merge_people, refuse_unless
from graph.speaking.joining import part
from graph.values import ExpertId
from graph.viewer import FieldGroup, Viewer
from graph.wording import Wording

__all__ = ["CannotUndo", "NoSuchMerge", "Undone", "undo"]


class NoSuchMerge(GraphError):
    """Nobody of this id was merged into anybody."""

    def __init__(self, gone: str) -> None:
        self.gone = gone
        super().__init__(
            Wording(
                "Nobody of the id '%(gone)s' was merged into anybody; look at what was decided for those who were.",
                gone=gone[:80],
            )
        )


class CannotUndo(GraphError):
    """One person cannot be made two again, or not yet."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a merge did; what was decided in between stays with the person who was kept.

    ``stays`` names it: groups of fields, and purposes of consent. ``documents`` is how many were loaded in between and
    are stored again when the network's folder is loaded next: which of the two such a text is on is told there.
    """

    kept: ExpertId
    gone: ExpertId
    stays: tuple[str, ...]
    documents: int


MERGES: LiteralString = """
MATCH (m:Merge)
RETURN m.gone AS gone, m.kept AS kept, m.number AS number, m {.*} AS properties
ORDER BY number
"""

FORGET_MERGE: LiteralString = "MATCH (m:Merge {id: $gone}) DELETE m"


async def undo(graph: Graph, viewer: Viewer, *, gone: ExpertId) -> Undone:
    """Make a person two again, in one transaction: each what the sources say of them now, with what was their own.

    What was decided since they were merged stays with the person who was kept.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchMerge: nobody of this id was merged into anybody whom the viewer sees.
        CannotUndo: another merge builds on this one, or no source tells of one of the two any more.
    """
    refuse_unless(may_merge_people(viewer), "undo merges", who="administrators")

    async def work(tx: Transaction) -> Undone:
        await hold_stamps(tx)
        undone = await _undo(tx, viewer, gone)
        await record(tx, viewer, verb="merge undone", subject=f"expert:{undone.kept}", after={"with": gone})
        return undone

    return await graph.transact(work, timeout_s=TIMEOUT_S)


async def _undo(tx: Transaction, viewer: Viewer, gone: ExpertId) -> Undone:
    merges = await tx.run(MERGES)
    merge = next((row for row in merges if row["gone"] == gone), None)
    if merge is None:
        raise NoSuchMerge(gone)
    kept, remembered = merge["kept"], merge["properties"]
    if FieldGroup.LISTING not in await groups_seen_of_all(tx, viewer, [whoever(merges)[gone]]):
        raise NoSuchMerge(gone)
    for row in merges:
        if row["number"] > merge["number"] and kept in {row["gone"], row["kept"]}:
            raise CannotUndo(
                Wording(
                    "This merge cannot be undone: '%(gone)s' was merged into '%(kept)s' after it; undo that first, "
                    "then this, and merge those two again.",
                    gone=row["gone"],
                    kept=row["kept"],
                )
            )
    whose = whoever([row for row in merges if row["gone"] != gone])
    people = [gone, *(id for id, now in whose.items() if now == gone)]
    held = await hold(tx, [kept])
    await tx.run(FORGET_MERGE, gone=gone)
    await _tell_apart(tx, remembered, kept=kept, gone=gone)
    await move_back(tx, kept=kept, gone=gone, people=people)
    await part(tx, people=[kept, gone])
    documents = await part_passages(tx, remembered, kept=kept, gone=gone, people=people)
    stays = await part_own(tx, remembered, kept=kept, gone=gone, now=held[kept]["properties"])
    await restamp(tx, experts=[kept, gone])
    return Undone(kept=ExpertId(kept), gone=gone, stays=tuple(dict.fromkeys(stays)), documents=documents)


async def _tell_apart(tx: Transaction, remembered: Mapping[str, Any], *, kept: str, gone: str) -> None:
    """Let each of two people be what the sources say of them now; both are there then."""
    told = await told_by_files(tx, [kept, gone])
    changed = await with_profile(tx, [kept, gone])
    # Of whom a file tells by now, that file has the word, as if they had never been merged. Who changed their profile
    # meanwhile stays on record with what they said.
    untold = [id for id in remembered["untold"] if id not in told | changed]
    reworded = [id for id in remembered["reworded"] if id not in changed]
    overtaken = [id for id in (*remembered["untold"], *reworded) if id not in {*untold, *changed}]
    await forget_own_words(tx, overtaken)
    touched = await follow_merges(tx, people=[kept, gone])
    await settle(tx, Kind.EXPERTS, [kept, gone])
    there = await hold(tx, [kept, gone])
    for id in (kept, gone):
        if id not in there:
            raise CannotUndo(
                Wording(
                    "This merge cannot be undone: no source tells of '%(id)s' any more; load a roster that does, or "
                    "leave the two merged.",
                    id=id,
                )
            )
    for kind, entities in touched.items():
        if kind is not Kind.EXPERTS:
            await settle(tx, kind, entities)
    await forget_own_words(tx, untold)
    await forget_silent_sources(tx)
    for id, prefix in ((kept, "kept_"), (gone, "gone_")):
        names = TOLD if id in untold else CLAIMED if id in reworded else ()
        words = unprefixed(prefix, remembered)
        await set_properties(tx, id, properties={name: words.get(name) for name in names})
