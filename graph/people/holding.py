"""A person in a transaction: held, so that nobody else changes them meanwhile, and written to."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from graph.alphabet import sort_keys
from graph.graph import Row, Transaction

__all__ = ["TIMEOUT_S", "hold", "set_properties"]

TIMEOUT_S = 600.0
"""How long two people are held at most."""

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

SET_PROPERTIES: LiteralString = "MATCH (e:Expert {id: $expert}) SET e += $properties"


async def hold(tx: Transaction, people: Sequence[str]) -> Mapping[str, Row]:
    """By id, those of these people who exist, while nobody else can change them.

    Of each: ``properties``; ``is_told``, whether a record tells of them; ``has_account``, whether one is open; and
    ``between``, the types of their relations to each other.
    """
    return {row["id"]: row for row in await tx.run(HOLD, people=people)}


async def set_properties(tx: Transaction, expert: str, *, properties: Mapping[str, Any]) -> None:
    """Give a person these properties, and take from them each whose value is None."""
    name = properties.get("name")
    ordered = sort_keys(name) if name else {}
    await tx.run(SET_PROPERTIES, expert=expert, properties={**properties, **ordered})
