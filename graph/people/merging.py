"""Two people who are one: made one by somebody who knows them, and two again if that was wrong.

Whom the files tell of is told of as before; a Merge says who that is now, so a roster that is loaded next does not
bring the second one back (graph.intake.records). What is the person's own, such as an account, consents and evidence,
is moved, and each relation that was says from whom. A Merge keeps what the two had chosen, which makes them two again.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from graph.changes import record
from graph.consents import How
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.intake.known import Kind
from graph.intake.records import (
    Sourced,
    Trust,
    follow_merges,
    identity_of,
    merged_people,
    settle,
    store_records,
    whoever,
)
from graph.intake.sources import forget_silent_sources
from graph.passages import hold_stamps, passage_id, restamp
from graph.permissions import may_merge_people, refuse_unless
from graph.values import ExpertId
from graph.viewer import DEFAULT_AUDIENCES, Audience, FieldGroup, Viewer

__all__ = ["CannotMerge", "CannotUndo", "Difference", "Merged", "NoSuchMerge", "Undone", "merge", "undo"]

TIMEOUT_S = 600.0
OWN_WORD = "own word"
"""The source of what somebody wrote of themselves when they joined."""

# What the records of a person settle; whatever else a person has is their own.
TOLD = ("name", "headline", "other_names", "email", "phone", "website", "orcid", "identifiers", "joined", "digest")
TOLD_RELATIONS = ("BASED_IN", "EXPERT_IN", "SAID_OF", "SPEAKS", "WORKED_IN")


class CannotMerge(GraphError):
    """Two people cannot be made one, or not yet."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"These two cannot be merged: {reason}; {remedy}.")


class NoSuchMerge(GraphError):
    """Nobody of this id was merged into anybody."""

    def __init__(self, gone: str) -> None:
        self.gone = gone
        super().__init__(
            f"Nobody of the id '{gone[:80]}' was merged into anybody; 'knowwho people decisions' lists who was."
        )


class CannotUndo(GraphError):
    """One person cannot be made two again, or not yet."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"This merge cannot be undone: {reason}; {remedy}.")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a merge changes of the person who is kept: a field, what it said and what it says."""

    field: str
    before: str
    after: str


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


# Written to before it is looked at, so that two who decide about one person wait for each other.
HOLD: LiteralString = """
MATCH (e:Expert) WHERE e.id IN $people
SET e.id = e.id
WITH e ORDER BY e.id
RETURN e.id AS id, e {.*} AS properties,
       EXISTS { (:Record {kind: 'experts', entity: e.id}) } AS is_told,
       EXISTS { (e)<-[:IS]-(a:Account) WHERE a.closed_at IS NULL } AS has_account,
       COLLECT { MATCH (e)-[r]-(other:Expert) WHERE other.id IN $people RETURN DISTINCT type(r) } AS between
"""

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

# As a folder's row tells it, for somebody of whom no file tells.
OWN_WORDS: LiteralString = """
MATCH (e:Expert {id: $expert})
RETURN e {.id, .name, .headline, .email, .phone, .website, .orcid, .joined,
          other_names: coalesce(e.other_names, []), identifiers: coalesce(e.identifiers, [])} AS said,
       COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) RETURN c.id } AS countries,
       COLLECT { MATCH (e)-[:WORKED_IN]->(c:Country) RETURN c.id ORDER BY c.id } AS worked_in,
       COLLECT { MATCH (e)-[s:SPEAKS]->(l) RETURN {language: l.id, level: s.level} ORDER BY l.id } AS languages,
       COLLECT {
         MATCH (e)-[x:EXPERT_IN]->(t:Topic) RETURN {topic: t.id, level: x.level, since: x.since} ORDER BY t.id
       } AS topics
"""

TOLD_NOW: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(s:Source)
WHERE r.subject IN $people AND s.id <> $own_word
RETURN DISTINCT r.subject AS person
"""

FORGET_OWN_WORDS: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(:Source {id: $source})
WHERE r.subject IN $people
DETACH DELETE r
"""

COUNT_RECORDS: LiteralString = "MATCH (r:Record {person: $person}) RETURN count(r) AS records"

NEXT_NUMBER: LiteralString = "MATCH (m:Merge) RETURN coalesce(max(m.number), 0) + 1 AS number"

WRITE_MERGE: LiteralString = """
CREATE (m:Merge {id: $gone, gone: $gone, kept: $kept, number: $number, at: $at, by: $by})
"""

KEEP_ON_MERGE: LiteralString = "MATCH (m:Merge {id: $gone}) SET m += $properties"

MERGES: LiteralString = """
MATCH (m:Merge)
RETURN m.gone AS gone, m.kept AS kept, m.number AS number, m {.*} AS properties
ORDER BY number
"""

FORGET_MERGE: LiteralString = "MATCH (m:Merge {id: $gone}) DELETE m"

PASSAGES: LiteralString = """
MATCH (e:Expert)-[r:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
WHERE e.id IN $people
RETURN e.id AS owner, p.id AS passage, p.text AS text, d.id AS document, d.read_at > $since AS is_new,
       r.came_from AS came_from
"""

REMOVE_PASSAGES: LiteralString = "MATCH (p:Passage) WHERE p.id IN $passages DETACH DELETE p"

# A profile is written anew by graph.passages.restamp.
REMOVE_PROFILE: LiteralString = "MATCH (p:Passage {id: 'profile:' + $expert}) DETACH DELETE p"

COPY_PASSAGES: LiteralString = """
UNWIND $copies AS copy
MATCH (p:Passage {id: copy.passage})-[:PART_OF]->(d:Document)
MATCH (e:Expert {id: $expert})
MERGE (own:Passage {id: copy.id})
SET own += p {.text, .position, .title, .kind, .language, .source, .place, .occurred_on, .encoder}
MERGE (e)-[r:EVIDENCED_BY]->(own)
SET r.came_from = CASE WHEN copy.came_from <> '' THEN copy.came_from END
MERGE (own)-[:PART_OF]->(d)
WITH own, p WHERE p.embedding IS NOT NULL
CALL db.create.setNodeVectorProperty(own, 'embedding', p.embedding)
"""

LOAD_AGAIN: LiteralString = "MATCH (d:Document) WHERE d.id IN $documents SET d.digest = ''"

# Each relation says from whom it came first, however often it is moved.
MOVE_OUTGOING: LiteralString = """
MATCH (gone:Expert {id: $gone})-[r]->(n) WHERE NOT type(r) IN $told
MATCH (kept:Expert {id: $kept})
CREATE (kept)-[moved:$(type(r))]->(n)
SET moved = properties(r), moved.came_from = coalesce(r.came_from, $gone)
DELETE r
RETURN type(moved) AS type, count(*) AS moved
"""

MOVE_INCOMING: LiteralString = """
MATCH (gone:Expert {id: $gone})<-[r]-(n) WHERE NOT type(r) IN $told
MATCH (kept:Expert {id: $kept})
CREATE (kept)<-[moved:$(type(r))]-(n)
SET moved = properties(r), moved.came_from = coalesce(r.came_from, $gone)
DELETE r
RETURN type(moved) AS type, count(*) AS moved
"""

MOVE_OUTGOING_BACK: LiteralString = """
MATCH (kept:Expert {id: $kept})-[r]->(n) WHERE r.came_from IN $people
MATCH (gone:Expert {id: $gone})
CREATE (gone)-[back:$(type(r))]->(n)
SET back = properties(r), back.came_from = CASE WHEN r.came_from <> $gone THEN r.came_from END
DELETE r
"""

MOVE_INCOMING_BACK: LiteralString = """
MATCH (kept:Expert {id: $kept})<-[r]-(n) WHERE r.came_from IN $people
MATCH (gone:Expert {id: $gone})
CREATE (gone)<-[back:$(type(r))]-(n)
SET back = properties(r), back.came_from = CASE WHEN r.came_from <> $gone THEN r.came_from END
DELETE r
"""

MOVE_PASSAGES_BACK: LiteralString = """
UNWIND $passages AS passage
MATCH (:Expert {id: $kept})-[r:EVIDENCED_BY]->(p:Passage {id: passage.id})
MATCH (gone:Expert {id: $gone})
DELETE r
MERGE (gone)-[own:EVIDENCED_BY]->(p)
SET own.came_from = CASE WHEN passage.owner <> $gone THEN passage.owner END
"""

REMOVE_GONE: LiteralString = "MATCH (e:Expert {id: $gone}) DETACH DELETE e"

SET_PROPERTIES: LiteralString = "MATCH (e:Expert {id: $expert}) SET e += $properties"

NETWORK: LiteralString = "MATCH (n:Network {id: 'network'}) RETURN n {.*} AS network"

# The newest decision on each purpose is in force.
DECISIONS: LiteralString = """
MATCH (:Expert {id: $expert})-[:GAVE]->(c:Consent)
WITH c ORDER BY c.at DESC, c.id
WITH c.purpose AS purpose, collect(c {.decision, .version, .at}) AS decisions
RETURN purpose, decisions[0].decision = 'given' AS is_given,
       [one IN decisions WHERE one.decision = 'withdrawn' | one.version][0] AS version
"""

WITHDRAW: LiteralString = """
MATCH (e:Expert {id: $expert})
CREATE (e)-[:GAVE]->(:Consent {id: $id, purpose: $purpose, version: $version, at: $at, how: $how, by: $by,
                               decision: 'withdrawn'})
"""

REMOVE_CONSENTS: LiteralString = "MATCH (c:Consent) WHERE c.id IN $ids DETACH DELETE c"

DECIDED_SINCE: LiteralString = """
MATCH (:Expert {id: $expert})-[r:GAVE]->(c:Consent)
WHERE c.at > $since AND r.came_from IS NULL
RETURN c.purpose AS purpose, c.decision = 'given' AS is_given
ORDER BY c.at, c.id
"""

SHOWN: LiteralString = """
MATCH (e:Expert {id: $expert})
RETURN e {.name, .headline, .email, .phone, .website, .orcid, .joined, .other_names, .identifiers} AS person,
       e {.*} AS properties,
       COLLECT { MATCH (e)-[:BASED_IN]->(c) RETURN c.id ORDER BY c.id } AS country,
       COLLECT { MATCH (e)-[s:SPEAKS]->(l) RETURN l.id + ':' + s.level ORDER BY l.id } AS languages,
       COLLECT { MATCH (e)-[x:EXPERT_IN]->(t) RETURN t.id + ':' + x.level ORDER BY t.id } AS topics,
       COLLECT { MATCH (e)-[:WORKED_IN]->(c) RETURN c.id ORDER BY c.id } AS worked_in,
       COLLECT { MATCH (e)-[:AFFILIATED_WITH]->(o) RETURN DISTINCT o.id ORDER BY o.id } AS organisations,
       COLLECT { MATCH (e)-[:SPOKE_AT]->(v) RETURN DISTINCT v.id ORDER BY v.id } AS spoke_at,
       COLLECT { MATCH (e)-[:ATTENDED]->(v) RETURN DISTINCT v.id ORDER BY v.id } AS attended,
       COLLECT { MATCH (e)-[:AUTHORED]->(r) RETURN r.id ORDER BY r.id } AS authored
"""


class _Rehearsed(Exception):
    """A merge that was done to see what it does; raised to take the transaction back."""

    def __init__(self, merged: Merged) -> None:
        self.merged = merged
        super().__init__()


async def merge(graph: Graph, viewer: Viewer, *, keep: ExpertId, gone: ExpertId, dry_run: bool = False) -> Merged:
    """Make two people one, in one transaction: all that is known of ``gone`` is known of ``keep`` from now on.

    Nothing becomes more visible: of each group of fields the narrower of the two audiences is in force, and what one of
    them withdrew their consent to stays withdrawn. What somebody wrote of themselves goes before what files say. A dry
    run tells what would be done, and does nothing.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchExpert: there is no person of one of these ids.
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


async def undo(graph: Graph, viewer: Viewer, *, gone: ExpertId) -> Undone:
    """Make a person two again, in one transaction: each what the sources say of them now, with what was their own.

    What was decided since they were merged stays with the person who was kept.

    Raises:
        NotAllowed: the viewer is no administrator.
        NoSuchMerge: nobody of this id was merged into anybody.
        CannotUndo: another merge builds on this one, or no source tells of one of the two any more.
    """
    refuse_unless(may_merge_people(viewer), "undo merges", who="administrators")

    async def work(tx: Transaction) -> Undone:
        await hold_stamps(tx)
        undone = await _undo(tx, gone)
        await record(tx, viewer, verb="merge undone", subject=f"expert:{undone.kept}", after={"with": gone})
        return undone

    return await graph.transact(work, timeout_s=TIMEOUT_S)


async def _merge(tx: Transaction, viewer: Viewer, *, keep: ExpertId, gone: ExpertId) -> Merged:
    people = await _held(tx, keep=keep, gone=gone)
    (before,) = await tx.run(SHOWN, expert=keep)
    at = datetime.now(UTC)
    words = {id: await _take_down_own_words(tx, people[id], at=at) for id in (keep, gone)}
    (numbered,) = await tx.run(NEXT_NUMBER)
    await tx.run(WRITE_MERGE, gone=gone, kept=keep, number=numbered["number"], at=at, by=viewer.actor)
    (counted,) = await tx.run(COUNT_RECORDS, person=gone)
    touched = await follow_merges(tx, people=[gone])
    for kind, entities in touched.items():
        if kind is not Kind.EXPERTS:
            await settle(tx, kind, entities)
    copies = await _put_passages_together(tx, keep=keep, gone=gone, at=at)
    moved = await _move(tx, keep=keep, gone=gone)
    await tx.run(REMOVE_GONE, gone=gone)
    own = {id: _own(people[id]["properties"]) for id in (keep, gone)}
    both = _together(own[keep], own[gone], network=await _network(tx))
    await tx.run(SET_PROPERTIES, expert=keep, properties=both)
    consents = await _withdraw(tx, viewer, keep, both.get("withdrawn") or [], at=at)
    await settle(tx, Kind.EXPERTS, [keep])
    await restamp(tx, experts=[keep])
    remembered = {
        **_prefixed("kept_", own[keep] | words[keep]),
        **_prefixed("gone_", own[gone] | words[gone]),
        **_prefixed("both_", both),
        "untold": [id for id in (keep, gone) if not people[id]["is_told"]],
        "reworded": [id for id in (keep, gone) if people[id]["is_told"] and words[id]],
        "consents": consents,
        "copies": copies,
    }
    await tx.run(KEEP_ON_MERGE, gone=gone, properties=remembered)
    (after,) = await tx.run(SHOWN, expert=keep)
    return Merged(
        kept=keep,
        gone=gone,
        records=counted["records"],
        passages=moved["EVIDENCED_BY"],
        accounts=moved["IS"],
        consents=moved["GAVE"],
        differences=_differences(before, after),
    )


async def _held(tx: Transaction, *, keep: ExpertId, gone: ExpertId) -> Mapping[str, Row]:
    """The two people as they are, while nobody else can change them; only if they can be merged."""
    if keep == gone:
        raise CannotMerge("they are the same id", remedy="name two people")
    merged = await merged_people(tx)
    for id in (keep, gone):
        if id in merged:
            raise CannotMerge(
                f"'{id}' was merged into '{merged[id]}' already",
                remedy=f"name '{merged[id]}' instead, or first run 'knowwho people undo {id}'",
            )
    people = {row["id"]: row for row in await tx.run(HOLD, people=[keep, gone])}
    for id in (keep, gone):
        if id not in people:
            raise NoSuchExpert(id)
    if any({merged.get(one, one) for one in row.values()} == {keep, gone} for row in await tx.run(IS_APART)):
        raise CannotMerge(
            "somebody said that they are two", remedy=f"first run 'knowwho people undo {keep} {gone}', if that is wrong"
        )
    if people[keep]["has_account"] and people[gone]["has_account"]:
        raise CannotMerge("both have an account", remedy="close one of the two first, with 'knowwho account close'")
    if types := people[keep]["between"]:
        raise CannotMerge(
            f"one is related to the other ({', '.join(types)})", remedy="remove that first, if it is wrong"
        )
    if unrecorded := await tx.run(UNRECORDED, people=[keep, gone]):
        raise CannotMerge(
            f"'{unrecorded[0]['id']}' was loaded by an earlier release, which kept no record of what files say",
            remedy="load the network's folder again first, with 'knowwho ingest'",
        )
    return people


async def _take_down_own_words(tx: Transaction, person: Row, *, at: datetime) -> dict[str, Any]:
    """Put on record what somebody wrote of themselves when they joined; those properties, as they were.

    Somebody of whom no file tells wrote all there is; who claimed a profile, a name and a headline other than the
    files'.
    """
    id, properties = person["id"], person["properties"]
    if not person["is_told"]:
        (row,) = await tx.run(OWN_WORDS, expert=id)
        said = {
            **row["said"],
            "joined": None if row["said"]["joined"] is None else row["said"]["joined"].to_native(),
            "country": next(iter(row["countries"]), None),
            **{name: row[name] for name in ("worked_in", "languages", "topics")},
        }
        wrote = {name: properties.get(name) for name in TOLD}
    else:
        await settle(tx, Kind.EXPERTS, [id])
        ((told),) = [row["properties"] for row in await tx.run(HOLD, people=[id])]
        wrote = {name: properties.get(name) for name in ("name", "headline")}
        if all(wrote[name] == told.get(name) for name in wrote):
            return {}
        # A headline that they left out is not to come back from a file.
        said = {"id": id, "name": wrote["name"], "headline": wrote["headline"] or ""}
    digest = identity_of([OWN_WORD, *(str(said[name]) for name in sorted(said))])
    own = Sourced(OWN_WORD, "when they joined", Trust.PERSON, {**said, "digest": digest})
    await store_records(tx, Kind.EXPERTS, [own], folder="", at=at)
    return wrote


async def _put_passages_together(tx: Transaction, *, keep: str, gone: str, at: datetime) -> list[str]:
    """Have once what a document tells of both; of each passage that is removed its id, its twin's and its owner."""
    rows = await tx.run(PASSAGES, people=[keep, gone], since=at)
    twins = {(row["document"], row["text"]): row["passage"] for row in rows if row["owner"] == keep}
    doubles = [row for row in rows if row["owner"] == gone and (row["document"], row["text"]) in twins]
    await tx.run(REMOVE_PASSAGES, passages=[row["passage"] for row in doubles])
    return [" ".join((row["passage"], twins[row["document"], row["text"]], row["came_from"] or "")) for row in doubles]


async def _move(tx: Transaction, *, keep: str, gone: str) -> Counter[str]:
    """Move every relation that no record tells of; how many of each type."""
    await tx.run(REMOVE_PROFILE, expert=gone)
    moved: Counter[str] = Counter()
    for row in (
        *await tx.run(MOVE_OUTGOING, gone=gone, kept=keep, told=TOLD_RELATIONS),
        *await tx.run(MOVE_INCOMING, gone=gone, kept=keep, told=TOLD_RELATIONS),
    ):
        moved[row["type"]] += row["moved"]
    return moved


async def _withdraw(
    tx: Transaction, viewer: Viewer, expert: str, withdrawn: Collection[str], *, at: datetime
) -> list[str]:
    """Where one had agreed after the other had withdrawn, take down that it is withdrawn; the ids of what was."""
    ids = []
    for row in await tx.run(DECISIONS, expert=expert):
        if row["purpose"] in withdrawn and row["is_given"]:
            ids.append(uuid.uuid4().hex)
            await tx.run(
                WITHDRAW,
                expert=expert,
                id=ids[-1],
                purpose=row["purpose"],
                version=row["version"],
                at=at,
                how=How.MERGE,
                by=viewer.actor,
            )
    return ids


async def _undo(tx: Transaction, gone: ExpertId) -> Undone:
    merges = await tx.run(MERGES)
    merge = next((row for row in merges if row["gone"] == gone), None)
    if merge is None:
        raise NoSuchMerge(gone)
    kept, remembered, since = merge["kept"], merge["properties"], merge["properties"]["at"]
    for row in merges:
        if row["number"] > merge["number"] and kept in {row["gone"], row["kept"]}:
            raise CannotUndo(
                f"'{row['gone']}' was merged into '{row['kept']}' after it",
                remedy=f"first run 'knowwho people undo {row['gone']}', then this, and merge those two again",
            )
    whose = whoever([row for row in merges if row["gone"] != gone])
    people = [gone, *(id for id, now in whose.items() if now == gone)]
    held = await tx.run(HOLD, people=[kept])
    await tx.run(FORGET_MERGE, gone=gone)
    await _tell_apart(tx, remembered, kept=kept, gone=gone)
    await tx.run(MOVE_OUTGOING_BACK, kept=kept, gone=gone, people=people)
    await tx.run(MOVE_INCOMING_BACK, kept=kept, gone=gone, people=people)
    documents = await _part_passages(tx, remembered, kept=kept, gone=gone, people=people)
    await tx.run(REMOVE_CONSENTS, ids=remembered["consents"])
    properties, stays = _apart(held[0]["properties"], remembered)
    properties["withdrawn"] = remembered.get("kept_withdrawn")
    for row in await tx.run(DECIDED_SINCE, expert=kept, since=since):
        others = [purpose for purpose in properties["withdrawn"] or [] if purpose != row["purpose"]]
        properties["withdrawn"] = others if row["is_given"] else [*others, row["purpose"]]
        stays.append(row["purpose"])
    await tx.run(SET_PROPERTIES, expert=kept, properties=properties)
    await tx.run(SET_PROPERTIES, expert=gone, properties=_own(_unprefixed("gone_", remembered)))
    await restamp(tx, experts=[kept, gone])
    return Undone(kept=ExpertId(kept), gone=gone, stays=tuple(dict.fromkeys(stays)), documents=documents)


async def _tell_apart(tx: Transaction, remembered: Mapping[str, Any], *, kept: str, gone: str) -> None:
    """Let each of two people be what the sources say of them now; both are there then."""
    told = {row["person"] for row in await tx.run(TOLD_NOW, people=[kept, gone], own_word=OWN_WORD)}
    # Of whom a file tells by now, that file has the word, as if they had never been merged.
    untold = [id for id in remembered["untold"] if id not in told]
    overtaken = [id for id in (*remembered["untold"], *remembered["reworded"]) if id not in untold]
    await tx.run(FORGET_OWN_WORDS, people=overtaken, source=OWN_WORD)
    touched = await follow_merges(tx, people=[kept, gone])
    await settle(tx, Kind.EXPERTS, [kept, gone])
    there = {row["id"] for row in await tx.run(HOLD, people=[kept, gone])}
    for id in (kept, gone):
        if id not in there:
            raise CannotUndo(
                f"no source tells of '{id}' any more", remedy="load a roster that does, or leave the two merged"
            )
    for kind, entities in touched.items():
        if kind is not Kind.EXPERTS:
            await settle(tx, kind, entities)
    await tx.run(FORGET_OWN_WORDS, people=untold, source=OWN_WORD)
    await forget_silent_sources(tx)
    for id, prefix in ((kept, "kept_"), (gone, "gone_")):
        names = TOLD if id in untold else ("name", "headline") if id in remembered["reworded"] else ()
        words = {name: remembered.get(prefix + name) for name in names}
        await tx.run(SET_PROPERTIES, expert=id, properties=words)


async def _part_passages(
    tx: Transaction, remembered: Mapping[str, Any], *, kept: str, gone: str, people: Sequence[str]
) -> int:
    """Give each their passages, also those loaded since; how many documents have to be loaded again to be sure."""
    copies = [dict(zip(("id", "passage", "came_from"), copy.split(" "), strict=True)) for copy in remembered["copies"]]
    await tx.run(COPY_PASSAGES, expert=gone, copies=copies)
    rows = await tx.run(PASSAGES, people=[kept, gone], since=remembered["at"])
    back = [
        {"id": row["passage"], "owner": owner}
        for row in rows
        if row["owner"] == kept
        for owner in people
        if passage_id(owner=owner, document=row["document"], text=row["text"]) == row["passage"]
    ]
    await tx.run(MOVE_PASSAGES_BACK, kept=kept, gone=gone, passages=back)
    # Of two owners who were one, a document that came since was told of the first alone.
    again = sorted({row["document"] for row in rows if row["is_new"]})
    await tx.run(LOAD_AGAIN, documents=again)
    return len(again)


def _own(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What of a person is neither told by records nor stamped by graph.passages."""
    return {
        name: value
        for name, value in properties.items()
        if name not in TOLD and name != "id" and not name.startswith("audience_")
    }


def _together(kept: Mapping[str, Any], gone: Mapping[str, Any], *, network: Mapping[str, int]) -> dict[str, Any]:
    """What is in force of two people's own: of their choices the narrower, of what they withdrew all."""
    both: dict[str, Any] = {**gone, **kept}
    for group in FieldGroup:
        name = f"chosen_{group}"
        if name in both:
            both[name] = max(one.get(name, network[group]) for one in (kept, gone))
    if "withdrawn" in both:
        both["withdrawn"] = list(dict.fromkeys([*kept.get("withdrawn", ()), *gone.get("withdrawn", ())]))
    return both


def _apart(now: Mapping[str, Any], remembered: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What is the kept person's own again, and the names of what was chosen since, which stays as it is."""
    before, both = _own(_unprefixed("kept_", remembered)), _unprefixed("both_", remembered)
    properties, stays = {}, []
    for name in sorted({*before, *both, *_own(now)} - {"withdrawn"}):
        if now.get(name) == both.get(name):
            properties[name] = before.get(name)
        else:
            stays.append(name.removeprefix("chosen_"))
    return properties, stays


async def _network(tx: Transaction) -> Mapping[str, int]:
    """Who sees what of people who chose nothing."""
    rows = await tx.run(NETWORK)
    chosen = rows[0]["network"] if rows else {}
    return {group: chosen.get(f"audience_{group}", default) for group, default in DEFAULT_AUDIENCES.items()}


def _prefixed(prefix: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {prefix + name: value for name, value in properties.items()}


def _unprefixed(prefix: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in properties.items() if name.startswith(prefix)}


def _differences(before: Row, after: Row) -> tuple[Difference, ...]:
    told = [_told(row) for row in (before, after)]
    return tuple(
        Difference(field, told[0][field], told[1][field]) for field in told[0] if told[0][field] != told[1][field]
    )


def _told(row: Row) -> Mapping[str, str]:
    """What a person is, field by field, in words."""
    person, properties = row["person"], row["properties"]
    lists = ("country", "languages", "topics", "worked_in", "organisations", "spoke_at", "attended", "authored")
    return {
        **{name: _words(value) for name, value in person.items()},
        **{name: _words(row[name]) for name in lists},
        **{
            f"who sees {group}": Audience(properties.get(f"audience_{group}", Audience.NOBODY)).name.lower()
            for group in FieldGroup
        },
        "withdrawn": _words(properties.get("withdrawn")),
    }


def _words(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return "" if value is None else str(value)
    return "; ".join(str(one) for one in value)
