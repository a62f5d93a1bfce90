"""Organisations: where people work, and the partners of a programme."""

from collections.abc import Sequence
from typing import LiteralString, TypedDict

from graph.alphabet import with_sort_keys
from graph.graph import Transaction

__all__ = ["OrganisationRecord", "remove_organisations", "store_organisations"]


class OrganisationRecord(TypedDict):
    """An organisation as a row of organisations.csv has it."""

    id: str
    name: str
    kind: str | None
    country: str | None
    website: str | None
    digest: str


STORE: LiteralString = """
UNWIND $organisations AS row
MERGE (o:Organisation {id: row.id})
SET o.name = row.name, o += row.sort_keys, o.kind = row.kind, o.website = row.website, o.digest = row.digest
WITH o, row
CALL (o) { MATCH (o)-[old:BASED_IN]->(:Country) DELETE old }
CALL (o, row) { MATCH (c:Country {id: row.country}) CREATE (o)-[:BASED_IN]->(c) }
"""

# What named the organisation as a partner is stored again when it comes next: its digest no longer fits.
REMOVE: LiteralString = """
MATCH (o:Organisation) WHERE o.id IN $ids
CALL (o) { MATCH (o)-[:PARTNER_IN]->(n) SET n.digest = '' }
DETACH DELETE o
"""


async def store_organisations(tx: Transaction, organisations: Sequence[OrganisationRecord]) -> None:
    """Create or change these organisations."""
    await tx.run(STORE, organisations=with_sort_keys(organisations, "name"))


async def remove_organisations(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these organisations and every affiliation with them."""
    await tx.run(REMOVE, ids=ids)
