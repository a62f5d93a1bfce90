"""What somebody wrote of themselves when they joined: put on record once they are merged, as a source of its own.

Until then it stands on the person alone, and whoever is made two again has it there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from graph.graph import Row, Transaction
from graph.intake.known import Kind
from graph.intake.records import Sourced, Trust, identity_of, settle, store_records
from graph.people.holding import hold
from graph.people.own import TOLD

__all__ = ["CLAIMED", "OWN_PROFILE", "forget_own_words", "take_down_own_words", "told_by_files", "with_profile"]

OWN_WORD = "own word"
"""The source of what somebody wrote of themselves when they joined."""

OWN_PROFILE = "own profile"
"""The source of what somebody changed in their profile since (graph.people.profiles)."""

CLAIMED = ("name", "headline")
"""What somebody writes who claims a profile that files tell of."""

# As a folder's row tells it, for somebody of whom no file tells.
OWN_WORDS: LiteralString = """
MATCH (e:Expert {id: $expert})
RETURN e {.id, .name, .headline, .email, .phone, .website, .orcid, .joined, .gender,
          away: [i IN range(0, size(coalesce(e.away_from, [])) - 1) |
                 toString(e.away_from[i]) + '/' + toString(e.away_until[i])],
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
WHERE r.subject IN $people AND NOT s.id IN $own
RETURN DISTINCT r.subject AS person
"""

WITH_PROFILE: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(:Source {id: $source})
WHERE r.subject IN $people
RETURN r.subject AS person
"""

FORGET_OWN_WORDS: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(:Source {id: $source})
WHERE r.subject IN $people
DETACH DELETE r
"""


async def take_down_own_words(tx: Transaction, person: Row, *, at: datetime) -> dict[str, Any]:
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
        told = (await hold(tx, [id]))[id]["properties"]
        wrote = {name: properties.get(name) for name in CLAIMED}
        if all(wrote[name] == told.get(name) for name in wrote):
            return {}
        # A headline that they left out is not to come back from a file.
        said = {"id": id, "name": wrote["name"], "headline": wrote["headline"] or ""}
    digest = identity_of([OWN_WORD, *(str(said[name]) for name in sorted(said))])
    own = Sourced(
        OWN_WORD, "when they joined", Trust.PERSON, {**said, "digest": digest}, amends=bool(person["is_told"])
    )
    await store_records(tx, Kind.EXPERTS, [own], folder="", at=at)
    return wrote


async def told_by_files(tx: Transaction, people: Sequence[str]) -> set[str]:
    """Of whom of these a file tells."""
    return {row["person"] for row in await tx.run(TOLD_NOW, people=people, own=[OWN_WORD, OWN_PROFILE])}


async def with_profile(tx: Transaction, people: Sequence[str]) -> set[str]:
    """Who of these has changed their profile, so that what they wrote of themselves is on record for good."""
    return {row["person"] for row in await tx.run(WITH_PROFILE, people=people, source=OWN_PROFILE)}


async def forget_own_words(tx: Transaction, people: Sequence[str]) -> None:
    """Take what these people wrote of themselves off the records."""
    await tx.run(FORGET_OWN_WORDS, people=people, source=OWN_WORD)
