"""Reference data: countries (ISO 3166), the regions they lie in (UN M49) and languages (BCP 47)."""

from collections.abc import Mapping, Sequence
from typing import LiteralString, TypedDict

from graph.alphabet import with_sort_keys_of_names
from graph.graph import Transaction

__all__ = [
    "CountryRecord",
    "LanguageRecord",
    "RegionRecord",
    "store_countries",
    "store_languages",
    "store_regions",
]


class RegionRecord(TypedDict):
    """A region; ``names`` holds ``name_en`` … ``name_zh``, ``within`` the next larger region (None for the world)."""

    id: str
    names: Mapping[str, str]
    within: str | None
    digest: str


class CountryRecord(TypedDict):
    """A country or area; ``names`` holds ``name_en`` … ``name_zh``, ``region`` the smallest region it lies in."""

    id: str
    names: Mapping[str, str]
    region: str
    digest: str


class LanguageRecord(TypedDict):
    """A language; ``names`` holds ``name_en`` … ``name_zh``."""

    id: str
    names: Mapping[str, str]
    digest: str


STORE_REGIONS: LiteralString = """
UNWIND $regions AS row
MERGE (r:Region {id: row.id})
SET r += row.names, r += row.sort_keys, r.digest = row.digest
"""

# Apart from STORE_REGIONS, and after it: the larger region is in the same batch.
PLACE_REGIONS: LiteralString = """
UNWIND $regions AS row
MATCH (r:Region {id: row.id})
CALL (r) { MATCH (r)-[old:WITHIN]->(:Region) DELETE old }
CALL (r, row) { MATCH (larger:Region {id: row.within}) CREATE (r)-[:WITHIN]->(larger) }
"""

STORE_COUNTRIES: LiteralString = """
UNWIND $countries AS row
MERGE (c:Country {id: row.id})
SET c += row.names, c += row.sort_keys, c.digest = row.digest
WITH c, row
CALL (c) { MATCH (c)-[old:IN_REGION]->(:Region) DELETE old }
CALL (c, row) { MATCH (r:Region {id: row.region}) CREATE (c)-[:IN_REGION]->(r) }
"""

STORE_LANGUAGES: LiteralString = """
UNWIND $languages AS row
MERGE (l:Language {id: row.id})
SET l += row.names, l += row.sort_keys, l.digest = row.digest
"""


async def store_regions(tx: Transaction, regions: Sequence[RegionRecord]) -> None:
    """Create or change these regions."""
    await tx.run(STORE_REGIONS, regions=with_sort_keys_of_names(regions, "name"))
    await tx.run(PLACE_REGIONS, regions=regions)


async def store_countries(tx: Transaction, countries: Sequence[CountryRecord]) -> None:
    """Create or change these countries."""
    await tx.run(STORE_COUNTRIES, countries=with_sort_keys_of_names(countries, "name"))


async def store_languages(tx: Transaction, languages: Sequence[LanguageRecord]) -> None:
    """Create or change these languages."""
    await tx.run(STORE_LANGUAGES, languages=with_sort_keys_of_names(languages, "name"))
