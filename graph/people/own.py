"""What is a person's own rather than told by records: what they chose, what they withdrew their consent to, and more.

When two people become one, the narrower of their choices is in force and what either withdrew stays withdrawn; when
they are two again, each has what they had, and what was decided in between stays with the one who was kept.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, LiteralString

from graph.alphabet import SORT_KEYS
from graph.consents import How
from graph.graph import Transaction
from graph.people.holding import set_properties
from graph.viewer import DEFAULT_AUDIENCES, FieldGroup, Viewer

__all__ = ["TOLD", "own_of", "part_own", "prefixed", "put_own_together", "unprefixed"]

TOLD = (
    *("name", "headline", "other_names", "email", "phone", "website", "orcid", "identifiers", "joined", "digest"),
    *("gender", "away_from", "away_until"),
)
"""What the records of a person settle; every other property is their own."""

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


def own_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What of a person is neither told by records nor stamped by graph.passages."""
    return {
        name: value
        for name, value in properties.items()
        if name not in {*TOLD, *SORT_KEYS, "id", "version"} and not name.startswith("audience_")
    }


def prefixed(prefix: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties by the names under which a Merge keeps them."""
    return {prefix + name: value for name, value in properties.items()}


def unprefixed(prefix: str, remembered: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that a Merge keeps with this prefix, by their own names."""
    return {name.removeprefix(prefix): value for name, value in remembered.items() if name.startswith(prefix)}


async def put_own_together(
    tx: Transaction, viewer: Viewer, *, keep: str, kept: Mapping[str, Any], gone: Mapping[str, Any], at: datetime
) -> tuple[dict[str, Any], list[str]]:
    """Give ``keep`` what is in force of both people's own; that, and the ids of the withdrawals taken down for it."""
    both = _together(kept, gone, network=await _network(tx))
    await set_properties(tx, keep, properties=both)
    return both, await _withdraw(tx, viewer, expert=keep, withdrawn=both.get("withdrawn") or [], at=at)


async def part_own(
    tx: Transaction, remembered: Mapping[str, Any], *, kept: str, gone: str, now: Mapping[str, Any]
) -> list[str]:
    """Give each their own again, as a Merge remembers it; what was decided since, which stays as it is ``now``."""
    await tx.run(REMOVE_CONSENTS, ids=remembered["consents"])
    properties, stays = _apart(now, remembered)
    properties["withdrawn"] = remembered.get("kept_withdrawn")
    for row in await tx.run(DECIDED_SINCE, expert=kept, since=remembered["at"]):
        others = [purpose for purpose in properties["withdrawn"] or [] if purpose != row["purpose"]]
        properties["withdrawn"] = others if row["is_given"] else [*others, row["purpose"]]
        stays.append(row["purpose"])
    await set_properties(tx, kept, properties=properties)
    await set_properties(tx, gone, properties=own_of(unprefixed("gone_", remembered)))
    return stays


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


async def _network(tx: Transaction) -> Mapping[str, int]:
    """Who sees what of people who chose nothing."""
    rows = await tx.run(NETWORK)
    chosen = rows[0]["network"] if rows else {}
    return {group: chosen.get(f"audience_{group}", default) for group, default in DEFAULT_AUDIENCES.items()}


async def _withdraw(
    tx: Transaction, viewer: Viewer, *, expert: str, withdrawn: Collection[str], at: datetime
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


def _apart(now: Mapping[str, Any], remembered: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What is the kept person's own again, and the names of what was chosen since, which stays as it is."""
    before, both = own_of(unprefixed("kept_", remembered)), unprefixed("both_", remembered)
    properties, stays = {}, []
    for name in sorted({*before, *both, *own_of(now)} - {"withdrawn"}):
        if now.get(name) == both.get(name):
            properties[name] = before.get(name)
        else:
            stays.append(name.removeprefix("chosen_"))
    return properties, stays
