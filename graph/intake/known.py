"""What the graph already holds of each kind, with the digests of the rows that it was made from."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import LiteralString, NamedTuple, Self

from graph.erasure import erased_people
from graph.graph import Graph
from graph.permissions import may_load, refuse_unless
from graph.viewer import Viewer

__all__ = ["Kind", "Known", "KnownPassage", "KnownRecord", "Place", "known", "known_passages", "known_places"]

READ_TIMEOUT_S = 60.0


class Kind(StrEnum):
    """A kind of thing that a network's folder holds, in an order in which each refers only to earlier ones."""

    ORGANISATIONS = "organisations"
    TOPICS = "topics"
    SERIES = "series"
    PROJECTS = "projects"
    EXPERTS = "experts"
    EVENTS = "events"
    RESOURCES = "resources"
    ACTIVITIES = "activities"
    AFFILIATIONS = "affiliations"
    SPEAKERS = "speakers"
    ATTENDANCE = "attendance"
    DOCUMENTS = "documents"


class Place(StrEnum):
    """A kind of reference data that comes with Knowwho, not with a network."""

    REGIONS = "regions"
    COUNTRIES = "countries"
    LANGUAGES = "languages"


KNOWN: dict[Kind, LiteralString] = {
    Kind.ORGANISATIONS: "MATCH (n:Organisation) RETURN n.id AS id, n.digest AS digest",
    Kind.TOPICS: "MATCH (n:Topic) RETURN n.id AS id, n.digest AS digest",
    Kind.SERIES: "MATCH (n:Series) RETURN n.id AS id, n.digest AS digest",
    Kind.PROJECTS: "MATCH (n:Project) RETURN n.id AS id, n.digest AS digest",
    Kind.EXPERTS: "MATCH (n:Expert) RETURN n.id AS id, n.digest AS digest",
    Kind.EVENTS: "MATCH (n:Event) RETURN n.id AS id, n.digest AS digest",
    Kind.RESOURCES: "MATCH (n:Resource) RETURN n.id AS id, n.digest AS digest",
    Kind.ACTIVITIES: "MATCH (n:Activity) RETURN n.id AS id, n.digest AS digest",
    Kind.AFFILIATIONS: """
MATCH (:Expert)-[n:AFFILIATED_WITH]->(:Organisation)
WHERE n.id IS NOT NULL
RETURN n.id AS id, n.digest AS digest
""",
    Kind.SPEAKERS: """
MATCH (:Expert)-[n:SPOKE_AT]->(:Event)
WHERE n.id IS NOT NULL
RETURN n.id AS id, n.digest AS digest
""",
    Kind.ATTENDANCE: """
MATCH (:Expert)-[n:ATTENDED]->(:Event)
WHERE n.id IS NOT NULL
RETURN n.id AS id, n.digest AS digest
""",
    Kind.DOCUMENTS: "MATCH (n:Document) RETURN n.id AS id, n.digest AS digest",
}

KNOWN_PLACES: dict[Place, LiteralString] = {
    Place.REGIONS: "MATCH (n:Region) RETURN n.id AS id, n.digest AS digest",
    Place.COUNTRIES: "MATCH (n:Country) RETURN n.id AS id, n.digest AS digest",
    Place.LANGUAGES: "MATCH (n:Language) RETURN n.id AS id, n.digest AS digest",
}

BROADER: LiteralString = "MATCH (t:Topic)-[:BROADER]->(broader:Topic) RETURN t.id AS id, broader.id AS broader"

PASSAGES: LiteralString = """
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
RETURN p.id AS passage, d.id AS document, e.id AS owner
"""


# What amends something tells of nothing alone, so it keeps nothing in the network.
RECORDS: LiteralString = """
MATCH (r:Record)-[:FROM]->(s:Source) WHERE r.amends IS NULL
RETURN r.id AS id, r.kind AS kind, s.id AS source, r.subject AS subject, r.entity AS entity, r.digest AS digest,
       r.place AS place, r.sequence AS sequence
"""

SOURCES: LiteralString = "MATCH (s:Source) RETURN s.id AS id, coalesce(s.folders, [s.folder]) AS folders"

DOCUMENTS_BY_SOURCE: LiteralString = "MATCH (d:Document)-[:FROM]->(s:Source) RETURN d.id AS id, s.id AS source"

MERGED: LiteralString = "MATCH (m:Merge) RETURN m.gone AS gone"


class KnownRecord(NamedTuple):
    """What a source was on record with: of whom or what, with which digest, where it stood, how often changed."""

    id: str
    source: str
    subject: str
    entity: str
    digest: str
    place: str
    sequence: int | None


class KnownPassage(NamedTuple):
    """A passage that the graph holds: its document, and the person whom it is evidence on."""

    id: str
    document: str
    owner: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a graph holds: of each kind the digest by id, None for what no folder brought; of each topic its broader.

    ``records`` has what each source said, by the source and the subject; ``documents`` the source of each document;
    ``folders`` the folders that each source was read from, the last one last; ``merged`` the ids of people who are
    somebody else now. ``erased`` tells of an id or an address whether its owner was erased.
    """

    digests: Mapping[Kind, Mapping[str, str | None]]
    broader: Mapping[str, str]
    erased: Container[str] = frozenset()
    records: Mapping[Kind, Mapping[tuple[str, str], KnownRecord]] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    merged: Container[str] = frozenset()

    @classmethod
    def nothing(cls) -> Self:
        """What an empty graph holds."""
        return cls({kind: {} for kind in Kind}, {})


async def known(graph: Graph, viewer: Viewer) -> Known:
    """What the graph holds now, in one reading query for each kind.

    Raises:
        NotAllowed: the viewer may not take in what this is compared with.
    """
    refuse_unless(may_load(viewer), "load a network", who="administrators")
    digests = {kind: await _digests(graph, KNOWN[kind]) for kind in Kind}
    rows = await graph.read(BROADER, timeout_s=READ_TIMEOUT_S)
    records: dict[Kind, dict[tuple[str, str], KnownRecord]] = defaultdict(dict)
    for row in await graph.read(RECORDS, timeout_s=READ_TIMEOUT_S):
        kind = Kind(row["kind"])
        known = KnownRecord(**{name: row[name] for name in KnownRecord._fields})
        records[kind][known.source, known.subject] = known
    documents = await graph.read(DOCUMENTS_BY_SOURCE, timeout_s=READ_TIMEOUT_S)
    sources = await graph.read(SOURCES, timeout_s=READ_TIMEOUT_S)
    merged = await graph.read(MERGED, timeout_s=READ_TIMEOUT_S)
    return Known(
        digests,
        {row["id"]: row["broader"] for row in rows},
        await erased_people(graph, viewer),
        records,
        {row["id"]: row["source"] for row in documents},
        {row["id"]: row["folders"] for row in sources},
        frozenset(row["gone"] for row in merged),
    )


async def known_places(graph: Graph, viewer: Viewer, *, place: Place) -> Mapping[str, str | None]:
    """Digest by id of the countries, regions or languages that the graph holds. Raises as :func:`known` does."""
    refuse_unless(may_load(viewer), "load a network", who="administrators")
    return await _digests(graph, KNOWN_PLACES[place])


async def known_passages(graph: Graph, viewer: Viewer) -> list[KnownPassage]:
    """Every passage that the graph holds. Raises as :func:`known` does."""
    refuse_unless(may_load(viewer), "load a network", who="administrators")
    rows = await graph.read(PASSAGES, timeout_s=READ_TIMEOUT_S)
    return [KnownPassage(row["passage"], row["document"], row["owner"]) for row in rows]


async def _digests(graph: Graph, cypher: LiteralString) -> Mapping[str, str | None]:
    rows = await graph.read(cypher, timeout_s=READ_TIMEOUT_S)
    return {row["id"]: row["digest"] for row in rows}
