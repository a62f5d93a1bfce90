"""What becomes of candidacies when two people are found to be one, and when they are made two again.

Relations move with the person (graph.people.moving). Where both were considered for one event, the candidacy that says
most stays, and the other is set aside with all its steps, which are told beside those of the one that stays.
"""

from collections.abc import Sequence
from typing import Any, Final, LiteralString

from graph.graph import Transaction
from graph.speaking.states import State

__all__ = ["join", "part"]

SAYS_MORE: Final = (
    State.SHORTLISTED,
    State.WITHDRAWN,
    State.INVITED,
    State.REMINDED,
    State.DECLINED,
    State.ACCEPTED,
    State.CONFIRMED,
    State.ABSENT,
    State.SPOKE,
)
"""From what says least of a person and an event to what says most."""

OF_PEOPLE: LiteralString = """
MATCH (e:Expert)-[r:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy) WHERE e.id IN $people
RETURN e.id AS person, c.id AS id, c.event AS event, c.state AS state, type(r) = 'CONSIDERED_AS' AS is_in_force
ORDER BY c.created_at, c.id
"""

SET_ASIDE: LiteralString = """
MATCH (e:Expert)-[r:CONSIDERED_AS]->(c:Candidacy) WHERE c.id IN $ids
CREATE (e)-[aside:WAS_CONSIDERED_AS]->(c)
SET aside = properties(r)
DELETE r
REMOVE c.expert
"""

TAKE_UP: LiteralString = """
MATCH (e:Expert)-[r:WAS_CONSIDERED_AS]->(c:Candidacy) WHERE c.id IN $ids
CREATE (e)-[again:CONSIDERED_AS]->(c)
SET again = properties(r)
DELETE r
"""

# By the constraint each person is considered once for an event: first nobody is named, then who it is now.
UNNAME: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy) WHERE e.id IN $people
REMOVE c.expert
"""

NAME: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy) WHERE e.id IN $people
SET c.expert = e.id
"""


async def join(tx: Transaction, *, person: str) -> None:
    """Have one candidacy for each event of somebody to whom those of another were moved."""
    by_event: dict[str, list[dict[str, Any]]] = {}
    for row in await tx.run(OF_PEOPLE, people=[person]):
        if row["is_in_force"]:
            by_event.setdefault(row["event"], []).append(row)
    aside = [row["id"] for rows in by_event.values() for row in rows if row is not _says_most(rows)]
    await tx.run(SET_ASIDE, ids=aside)
    await _name(tx, people=[person])


async def part(tx: Transaction, *, people: Sequence[str]) -> None:
    """Take up again what was set aside, where each of two people who were one has no other for that event now."""
    by_event: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in await tx.run(OF_PEOPLE, people=people):
        by_event.setdefault((row["person"], row["event"]), []).append(row)
    again = [_says_most(rows)["id"] for rows in by_event.values() if not any(row["is_in_force"] for row in rows)]
    await tx.run(TAKE_UP, ids=again)
    await _name(tx, people=people)


async def _name(tx: Transaction, *, people: Sequence[str]) -> None:
    """Say on each candidacy whose it is now."""
    await tx.run(UNNAME, people=people)
    await tx.run(NAME, people=people)


def _says_most(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one that says most; of two that say the same the older one."""
    return max(rows, key=lambda row: SAYS_MORE.index(State(row["state"])))
