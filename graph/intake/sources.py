"""The files that the network's facts came from: which there are, and which of them says what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from graph.graph import Graph, Transaction
from graph.permissions import may_load, refuse_unless
from graph.values import moment
from graph.viewer import Viewer

__all__ = ["Source", "forget_silent_sources", "sources"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that something came from: its path in the ``folder`` it was read from last, and how much it tells."""

    id: str
    folder: str
    read_at: datetime | None
    rows: int
    documents: int
    passages: int


# A source that says nothing any more is none.
FORGET_SILENT: LiteralString = """
MATCH (s:Source) WHERE NOT EXISTS { (s)<-[:FROM]-(:Record|Document) }
DELETE s
"""

SOURCES: LiteralString = """
MATCH (s:Source) WHERE s.folder <> ''
RETURN s.id AS id, s.folder AS folder, s.read_at AS read_at,
       COUNT { (s)<-[:FROM]-(:Record) } AS rows,
       COUNT { (s)<-[:FROM]-(:Document) } AS documents,
       COUNT { (s)<-[:FROM]-(:Document)<-[:PART_OF]-(:Passage) } AS passages
ORDER BY id
"""


async def forget_silent_sources(tx: Transaction) -> None:
    """Delete every source that neither a record nor a document comes from."""
    await tx.run(FORGET_SILENT)


async def sources(graph: Graph, viewer: Viewer) -> Sequence[Source]:
    """Every file that something came from, by path; what people wrote of themselves is in none.

    Raises:
        NotAllowed: the viewer may not load networks.
    """
    refuse_unless(may_load(viewer), "see what the network was loaded from", who="administrators")
    return [
        Source(row["id"], row["folder"], moment(row["read_at"]), row["rows"], row["documents"], row["passages"])
        for row in await graph.read(SOURCES)
    ]
