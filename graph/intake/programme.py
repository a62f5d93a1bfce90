"""What a programme makes and does: resources, projects and activities."""

from collections.abc import Sequence
from datetime import date
from typing import LiteralString, NotRequired, TypedDict

from graph.alphabet import with_sort_keys
from graph.graph import Transaction

__all__ = [
    "ActivityRecord",
    "ProjectRecord",
    "ResourceRecord",
    "VersionRecord",
    "remove_activities",
    "remove_projects",
    "remove_resources",
    "store_activities",
    "store_projects",
    "store_resources",
]


class VersionRecord(TypedDict):
    """What a work has of its own in a language; the day as ISO 8601 writes it."""

    language: str
    title: str | None
    url: str | None
    published_on: str | None


class ResourceRecord(TypedDict):
    """A module, compendium, course, roadmap or guide as a row of resources.csv has it, with its versions.

    It is in its ``languages``; a version in another language counts for nothing. No file tells of versions.
    """

    id: str
    title: str
    kind: str
    published_on: date | None
    languages: list[str]
    versions: NotRequired[list[VersionRecord]]
    topics: list[str]
    country: str | None
    authors: list[str]
    partners: list[str]
    url: str | None
    description: str | None
    identifiers: list[str]
    digest: str


class ProjectRecord(TypedDict):
    """A project as a row of projects.csv has it."""

    id: str
    title: str
    starts_on: date | None
    ends_on: date | None
    topics: list[str]
    countries: list[str]
    partners: list[str]
    description: str | None
    digest: str


class ActivityRecord(TypedDict):
    """A piece of technical assistance or outreach as a row of activities.csv has it."""

    id: str
    title: str
    kind: str
    status: str
    starts_on: date | None
    ends_on: date | None
    project: str | None
    topics: list[str]
    countries: list[str]
    partners: list[str]
    description: str | None
    digest: str


STORE_RESOURCES: LiteralString = """
UNWIND $resources AS row
MERGE (r:Resource {id: row.id})
SET r.version = coalesce(r.version, 0) + CASE WHEN r.digest = row.digest THEN 0 ELSE 1 END
SET r.title = row.title, r += row.sort_keys, r.kind = row.kind, r.published_on = row.published_on,
    r.url = row.url, r.description = row.description, r.identifiers = row.identifiers, r.digest = row.digest
WITH r, row
CALL (r) { MATCH (r)-[old:COVERS|IN_LANGUAGE|FOR_COUNTRY]->() DELETE old }
CALL (r) { MATCH (r)<-[old:AUTHORED|PARTNER_IN]-() DELETE old }
CALL (r, row) { UNWIND row.topics AS id MATCH (t:Topic {id: id}) CREATE (r)-[:COVERS]->(t) }
CALL (r, row) {
  UNWIND row.languages AS id
  MATCH (l:Language {id: id})
  WITH l, head([one IN coalesce(row.versions, []) WHERE one.language = id]) AS own
  CREATE (r)-[:IN_LANGUAGE {title: own.title, url: own.url, published_on: date(own.published_on)}]->(l)
}
CALL (r, row) { MATCH (c:Country {id: row.country}) CREATE (r)-[:FOR_COUNTRY]->(c) }
CALL (r, row) { UNWIND row.authors AS id MATCH (e:Expert {id: id}) CREATE (e)-[:AUTHORED]->(r) }
CALL (r, row) { UNWIND row.partners AS id MATCH (o:Organisation {id: id}) CREATE (o)-[:PARTNER_IN]->(r) }
"""

# What referred to the node is stored again when it comes next: its digest no longer fits.
REMOVE_RESOURCES: LiteralString = """
MATCH (r:Resource) WHERE r.id IN $ids
CALL (r) { MATCH (r)<-[:DRAWN_FROM]-(d:Document) SET d.digest = '' }
DETACH DELETE r
"""

STORE_PROJECTS: LiteralString = """
UNWIND $projects AS row
MERGE (p:Project {id: row.id})
SET p.version = coalesce(p.version, 0) + CASE WHEN p.digest = row.digest THEN 0 ELSE 1 END
SET p.title = row.title, p += row.sort_keys, p.starts_on = row.starts_on, p.ends_on = row.ends_on,
    p.description = row.description, p.digest = row.digest
WITH p, row
CALL (p) { MATCH (p)-[old:COVERS|FOR_COUNTRY]->() DELETE old }
CALL (p) { MATCH (p)<-[old:PARTNER_IN]-() DELETE old }
CALL (p, row) { UNWIND row.topics AS id MATCH (t:Topic {id: id}) CREATE (p)-[:COVERS]->(t) }
CALL (p, row) { UNWIND row.countries AS id MATCH (c:Country {id: id}) CREATE (p)-[:FOR_COUNTRY]->(c) }
CALL (p, row) { UNWIND row.partners AS id MATCH (o:Organisation {id: id}) CREATE (o)-[:PARTNER_IN]->(p) }
"""

REMOVE_PROJECTS: LiteralString = """
MATCH (p:Project) WHERE p.id IN $ids
CALL (p) { MATCH (p)<-[:PART_OF]-(a:Activity) SET a.digest = '' }
DETACH DELETE p
"""

STORE_ACTIVITIES: LiteralString = """
UNWIND $activities AS row
MERGE (a:Activity {id: row.id})
SET a.version = coalesce(a.version, 0) + CASE WHEN a.digest = row.digest THEN 0 ELSE 1 END
SET a.title = row.title, a += row.sort_keys, a.kind = row.kind, a.status = row.status,
    a.starts_on = row.starts_on, a.ends_on = row.ends_on, a.description = row.description, a.digest = row.digest
WITH a, row
CALL (a) { MATCH (a)-[old:COVERS|FOR_COUNTRY|PART_OF]->() DELETE old }
CALL (a) { MATCH (a)<-[old:PARTNER_IN]-() DELETE old }
CALL (a, row) { MATCH (p:Project {id: row.project}) CREATE (a)-[:PART_OF]->(p) }
CALL (a, row) { UNWIND row.topics AS id MATCH (t:Topic {id: id}) CREATE (a)-[:COVERS]->(t) }
CALL (a, row) { UNWIND row.countries AS id MATCH (c:Country {id: id}) CREATE (a)-[:FOR_COUNTRY]->(c) }
CALL (a, row) { UNWIND row.partners AS id MATCH (o:Organisation {id: id}) CREATE (o)-[:PARTNER_IN]->(a) }
"""

REMOVE_ACTIVITIES: LiteralString = "MATCH (a:Activity) WHERE a.id IN $ids DETACH DELETE a"


async def store_resources(tx: Transaction, resources: Sequence[ResourceRecord]) -> None:
    """Create or change these resources; what becomes another one gets the next version."""
    await tx.run(STORE_RESOURCES, resources=with_sort_keys(resources, "title"))


async def remove_resources(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these resources."""
    await tx.run(REMOVE_RESOURCES, ids=ids)


async def store_projects(tx: Transaction, projects: Sequence[ProjectRecord]) -> None:
    """Create or change these projects; what becomes another one gets the next version."""
    await tx.run(STORE_PROJECTS, projects=with_sort_keys(projects, "title"))


async def remove_projects(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these projects; their activities stay."""
    await tx.run(REMOVE_PROJECTS, ids=ids)


async def store_activities(tx: Transaction, activities: Sequence[ActivityRecord]) -> None:
    """Create or change these activities; what becomes another one gets the next version."""
    await tx.run(STORE_ACTIVITIES, activities=with_sort_keys(activities, "title"))


async def remove_activities(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these activities."""
    await tx.run(REMOVE_ACTIVITIES, ids=ids)
