"""By what names and numbers the graph knows its people and things, for whoever brings files that know no ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString

from graph.graph import Graph
from graph.intake.records import MERGED, read_said, whoever
from graph.permissions import may_load, refuse_unless
from graph.viewer import Viewer

__all__ = ["KnownEvent", "KnownNames", "KnownPerson", "known_names"]

READ_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the graph, with everything by which a file may mean them."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    email: str | None = None
    orcid: str | None = None
    identifiers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    """Ids of the organisations where they work or worked."""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event of the graph, by its title and by what other calendars call it ("ical:UID")."""

    id: str
    title: str
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Everybody and everything that a file may name. The mappings are from ids to names, of topics to all labels."""

    people: Sequence[KnownPerson] = ()
    events: Sequence[KnownEvent] = ()
    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    topics_by_iri: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)
    resources_by_identifier: Mapping[str, str] = field(default_factory=dict)
    distinct: frozenset[frozenset[str]] = frozenset()
    """Pairs of people of whom somebody said that they are two."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """By the id of somebody who was merged into somebody else: that person's id."""
    merged_by_identifier: Mapping[str, str] = field(default_factory=dict)
    """By the identifiers under which sources told of somebody who was merged: that one's own id. Whatever tells of them
    once more tells of them as before, so that they can be two again."""


PEOPLE: LiteralString = """
MATCH (e:Expert)
RETURN e.id AS id, e.name AS name, coalesce(e.other_names, []) AS other_names, e.email AS email, e.orcid AS orcid,
       coalesce(e.identifiers, []) AS identifiers,
       head(COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) RETURN c.id }) AS country,
       COLLECT { MATCH (e)-[:AFFILIATED_WITH]->(o:Organisation) RETURN DISTINCT o.id } AS organisations
"""

EVENTS: LiteralString = (
    "MATCH (v:Event) RETURN v.id AS id, v.title AS title, coalesce(v.identifiers, []) AS identifiers"
)

DISTINCT: LiteralString = "MATCH (d:Distinct) RETURN d.one AS one, d.other AS other"

TOPICS: LiteralString = "MATCH (t:Topic) RETURN t.id AS id, coalesce(t.labels, []) AS labels, t.iri AS iri"

SAID_OF_MERGED: LiteralString = """
MATCH (r:Record {kind: 'experts'})-[:FROM]->(:Source)
WHERE r.subject IN $merged
RETURN r.subject AS id, r.said AS said
"""

RESOURCES_BY_IDENTIFIER: LiteralString = """
MATCH (r:Resource)
UNWIND r.identifiers AS identifier
RETURN identifier, r.id AS id
"""

NAMED: Mapping[str, LiteralString] = {
    "organisations": "MATCH (n:Organisation) RETURN n.id AS id, n.name AS name",
    "series": "MATCH (n:Series) RETURN n.id AS id, n.name AS name",
    "projects": "MATCH (n:Project) RETURN n.id AS id, n.title AS name",
    "resources": "MATCH (n:Resource) RETURN n.id AS id, n.title AS name",
}


async def known_names(graph: Graph, viewer: Viewer) -> KnownNames:
    """What the graph holds now, in one reading query for each kind.

    Raises:
        NotAllowed: the viewer may not take in what this is compared with.
    """
    refuse_unless(may_load(viewer), "load a network", who="administrators")
    people = await graph.read(PEOPLE, timeout_s=READ_TIMEOUT_S)
    events = await graph.read(EVENTS, timeout_s=READ_TIMEOUT_S)
    topics = await graph.read(TOPICS, timeout_s=READ_TIMEOUT_S)
    named = {
        kind: {row["id"]: row["name"] for row in await graph.read(cypher, timeout_s=READ_TIMEOUT_S)}
        for kind, cypher in NAMED.items()
    }
    identified = await graph.read(RESOURCES_BY_IDENTIFIER, timeout_s=READ_TIMEOUT_S)
    merged = whoever(await graph.read(MERGED, timeout_s=READ_TIMEOUT_S))
    said = await graph.read(SAID_OF_MERGED, timeout_s=READ_TIMEOUT_S, merged=sorted(merged)) if merged else []
    apart = await graph.read(DISTINCT, timeout_s=READ_TIMEOUT_S)
    return KnownNames(
        people=[
            KnownPerson(
                row["id"],
                row["name"],
                tuple(row["other_names"]),
                row["email"],
                row["orcid"],
                tuple(row["identifiers"]),
                tuple(row["organisations"]),
                row["country"],
            )
            for row in people
        ],
        events=[KnownEvent(row["id"], row["title"], tuple(row["identifiers"])) for row in events],
        topics={row["id"]: row["labels"] for row in topics},
        topics_by_iri={row["iri"]: row["id"] for row in topics if row["iri"]},
        distinct=frozenset(frozenset(merged.get(row[one], row[one]) for one in ("one", "other")) for row in apart),
        merged=merged,
        merged_by_identifier={
            identifier: row["id"] for row in said for identifier in read_said(row["said"]).get("identifiers") or ()
        },
        resources_by_identifier={row["identifier"]: row["id"] for row in identified},
        **named,
    )
