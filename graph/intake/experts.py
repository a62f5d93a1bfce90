"""Experts and their affiliations, as a roster has them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString, NotRequired, TypedDict

from graph.alphabet import with_sort_keys
from graph.erasure import ensure_not_erased
from graph.graph import Transaction
from graph.passages import hold_stamps, restamp
from graph.values import Period

__all__ = [
    "AffiliationRecord",
    "ExpertRecord",
    "ExpertiseRecord",
    "SpokenLanguageRecord",
    "remove_affiliations",
    "remove_experts",
    "store_affiliations",
    "store_experts",
]


class SpokenLanguageRecord(TypedDict):
    """That a person speaks a language, and how well."""

    language: str
    level: str


class ExpertiseRecord(TypedDict):
    """That a person is an expert in a topic, how deeply and since which year."""

    topic: str
    level: str
    since: int | None


class ExpertRecord(TypedDict):
    """A person as a row of experts.csv has them."""

    id: str
    name: str
    headline: str | None
    other_names: list[str]
    email: str | None
    phone: str | None
    website: str | None
    orcid: str | None
    identifiers: list[str]
    country: str | None
    languages: list[SpokenLanguageRecord]
    topics: list[ExpertiseRecord]
    worked_in: list[str]
    joined: date | None
    gender: NotRequired[str | None]
    away: NotRequired[list[str]]
    """Periods of ISO 8601 in which they are not available, in any order."""
    digest: str
    speaks_for_themselves: NotRequired[bool]
    """Whether something that they said of themselves is on record, so that they are not what a roster brings."""


class AffiliationRecord(TypedDict):
    """That a person works or worked for an organisation; ``since`` and ``until`` are years, months or days."""

    id: str
    expert: str
    organisation: str
    role: str | None
    since: str | None
    until: str | None
    digest: str


STORE_EXPERTS: LiteralString = """
UNWIND $experts AS row
MERGE (e:Expert {id: row.id})
SET e.version = coalesce(e.version, 0) + CASE WHEN e.digest = row.digest THEN 0 ELSE 1 END
SET e.name = row.name, e += row.sort_keys, e.headline = row.headline, e.other_names = row.other_names,
    e.email = row.email, e.phone = row.phone, e.website = row.website, e.orcid = row.orcid,
    e.identifiers = row.identifiers, e.joined = row.joined, e.gender = row.gender,
    e.away_from = row.away_from, e.away_until = row.away_until,
    e.digest = row.digest
WITH e, row
CALL (e) { MATCH (e)-[old:BASED_IN|WORKED_IN|SPEAKS|EXPERT_IN]->() DELETE old }
CALL (e, row) { MATCH (c:Country {id: row.country}) CREATE (e)-[:BASED_IN]->(c) }
CALL (e, row) {
  UNWIND row.worked_in AS id
  MATCH (c:Country {id: id})
  CREATE (e)-[:WORKED_IN]->(c)
}
CALL (e, row) {
  UNWIND row.languages AS spoken
  MATCH (l:Language {id: spoken.language})
  CREATE (e)-[:SPEAKS {level: spoken.level}]->(l)
}
CALL (e, row) {
  UNWIND row.topics AS known
  MATCH (t:Topic {id: known.topic})
  CREATE (e)-[:EXPERT_IN {level: known.level, since: known.since}]->(t)
}
"""

# What they ask or make meanwhile is there before what is theirs is looked for, or finds no account any more.
HOLD_MEMBERS: LiteralString = """
MATCH (a:Account {role: 'member'})-[:IS]->(e:Expert) WHERE e.id IN $ids
SET a.id = a.id
"""

# Documents and resources that named the person are stored again when they come next: their digests no longer fit.
REMOVE_EXPERTS: LiteralString = """
MATCH (e:Expert) WHERE e.id IN $ids
CALL (e) { MATCH (e)-[:AUTHORED]->(r:Resource) SET r.digest = '' }
CALL (e) { MATCH (e)-[:GAVE]->(c:Consent) DETACH DELETE c }
CALL (e) {
  MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy)
  CALL (c) { MATCH (c)-[:STEP|LETTER|REPLY]->(s) DETACH DELETE s }
  DETACH DELETE c
}
CALL (e) { MATCH (a:Account)-[:IS]->(e) MATCH (a)-[offered:OFFERED]->() DELETE offered }
CALL (e) {
  MATCH (a:Account {role: 'member'})-[:IS]->(e)
  CALL (a) { MATCH (s:Session)-[:OF]->(a) DETACH DELETE s }
  CALL (a) { MATCH (a)-[:SIGNS_IN_AS]->(i:Identity) DETACH DELETE i }
  CALL (a) { MATCH (a)-[:SAVED]->(saved:SavedSearch) DETACH DELETE saved }
  CALL (a) { MATCH (a)-[:ASKED]->(asked:Question) DETACH DELETE asked }
  CALL (a) { MATCH (a)-[:HOLDS]->(t:Token) DETACH DELETE t }
  DETACH DELETE a
}
CALL (e) {
  MATCH (e)-[:EVIDENCED_BY]->(p:Passage)
  CALL (p) { MATCH (p)-[:PART_OF]->(d:Document) SET d.digest = '' }
  DETACH DELETE p
}
DETACH DELETE e
"""

STORE_AFFILIATIONS: LiteralString = """
UNWIND $affiliations AS row
MATCH (e:Expert {id: row.expert})
MATCH (o:Organisation {id: row.organisation})
MERGE (e)-[a:AFFILIATED_WITH {id: row.id}]->(o)
SET a.role = row.role, a.from = row.since, a.to = row.until, a.digest = row.digest
"""

REMOVE_AFFILIATIONS: LiteralString = """
MATCH (:Expert)-[a:AFFILIATED_WITH]->(:Organisation)
WHERE a.id IN $ids
DELETE a
"""


async def store_experts(tx: Transaction, experts: Sequence[ExpertRecord]) -> None:
    """Create or change these people, and restamp their passages; who becomes another one gets the next version.

    Raises:
        PersonErased: one of them was erased, and did not come back of their own accord.
    """
    await hold_stamps(tx)
    brought = [expert for expert in experts if not expert.get("speaks_for_themselves")]
    known = [known for expert in brought for known in (expert["id"], expert["email"]) if known]
    await ensure_not_erased(tx, ids_and_addresses=known)
    rows = [{**expert, **_away(expert)} for expert in experts]
    await tx.run(STORE_EXPERTS, experts=with_sort_keys(rows, "name"))
    await restamp(tx, experts=[expert["id"] for expert in experts])


def _away(expert: ExpertRecord) -> Mapping[str, list[date] | None]:
    """The first and the last days of the periods in which somebody is not available, the earliest first."""
    periods = sorted({Period.parse(text) for text in expert.get("away", ())})
    return {
        "away_from": [period.first for period in periods] or None,
        "away_until": [period.last for period in periods] or None,
    }


async def remove_experts(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these people, their passages and every relation of theirs.

    Who was a member as this person is none any more; organisers and administrators keep their account.
    """
    await tx.run(HOLD_MEMBERS, ids=ids)
    await tx.run(REMOVE_EXPERTS, ids=ids)


async def store_affiliations(tx: Transaction, affiliations: Sequence[AffiliationRecord]) -> None:
    """Create or change these affiliations."""
    await tx.run(STORE_AFFILIATIONS, affiliations=affiliations)


async def remove_affiliations(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these affiliations."""
    await tx.run(REMOVE_AFFILIATIONS, ids=ids)
