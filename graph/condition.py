"""What whoever looks after a network should know of its graph; read, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from graph.graph import Graph
from graph.permissions import may_administer, refuse_unless
from graph.schema import MIGRATIONS
from graph.values import moment
from graph.viewer import Viewer

__all__ = ["Condition", "condition"]

CONDITION: LiteralString = """
OPTIONAL MATCH (m:Migration)
WITH coalesce(max(m.number), 0) AS migration
OPTIONAL MATCH (n:Network {id: 'network'})
RETURN migration, coalesce(n.fictional, false) AS is_fictional, datetime() AS clock,
       COUNT { MATCH (a:Account) WHERE a.role = 'administrator' AND a.closed_at IS NULL } AS administrators,
       COUNT { MATCH (s:Session) WHERE s.how = 'demo' } AS demo_sessions,
       COUNT { MATCH (t:Token) WHERE t.revoked_at IS NULL AND t.expires_at IS NULL } AS tokens_for_ever
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """A graph at one moment; ``migration`` is the newest applied, ``known_migration`` the newest of this release."""

    migration: int
    known_migration: int
    is_fictional: bool
    clock: datetime
    administrators: int
    demo_sessions: int
    tokens_for_ever: int


async def condition(graph: Graph, viewer: Viewer) -> Condition:
    """How the graph is now.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_administer(viewer), "look after the network", who="administrators")
    (row,) = await graph.read(CONDITION)
    clock = moment(row.pop("clock"))
    assert clock is not None  # noqa: S101 -- a database knows its time
    return Condition(known_migration=MIGRATIONS[-1].number, clock=clock, **row)
