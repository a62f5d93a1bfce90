"""Everything that is stored about a person, for that person: what they are, what they are related to, what they did.

It follows every relation there is, so that one that a later release brings is not forgotten. It stops at what the
network shares (an event, a topic, a country) and at other people, of whom it tells nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString

from graph.alphabet import SORT_KEYS
from graph.changes import record
from graph.errors import NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.permissions import may_export, refuse_unless
from graph.speaking.own import in_words
from graph.values import ExpertId
from graph.viewer import Viewer

__all__ = ["FORMAT", "about"]

FORMAT = "knowwho-person 1"

# What many share is named and not followed further; all else that a person leads to is theirs.
SHARED = frozenset(
    {
        "Activity",
        "Country",
        "Document",
        "Event",
        "Language",
        "Organisation",
        "Project",
        "Region",
        "Resource",
        "Series",
        "Source",
        "Topic",
    }
)
OTHERS = frozenset({"Account", "Expert"})
# Secrets' digests prove who somebody is and tell nothing; a vector is numbers computed from the text beside it.
WITHHELD = frozenset(
    {
        "browser",
        "digest",
        "embedding",
        "encoded_digest",
        "known_browsers",
        "nonce",
        "sentence_vectors",
        "sentences",
        "verifier",
        *SORT_KEYS,
    }
)
WITHHELD_BECAUSE = (
    "Left out: the vectors by which passages and their sentences are found (numbers computed from the passage's own "
    "text; has_vector says where there is one), the digests of secrets and of rows, and the numbers that lists are "
    "ordered by. Of other people nothing is told here."
)

PERSON: LiteralString = (
    "MATCH (e:Expert {id: $expert}) RETURN elementId(e) AS node, labels(e) AS labels, e {.*} AS properties"
)

# What others said of the person as a match is theirs (graph.feedback), and what organisers considered them for is told
# as far as the person knows of it (graph.speaking.own); who offered to help with a question of theirs is told on its
# page alone, as far as they may know of them; and where what the person said of somebody came from, by a merge, would
# tell who that is. Of an item on an agenda it is not told who else speaks there.
RELATIONS: LiteralString = """
MATCH (n) WHERE elementId(n) IN $nodes
MATCH (n)-[r]-(m)
WHERE NOT (type(r) IN ['GIVES', 'JUDGED', 'OFFERED'] AND n = endNode(r))
  AND NOT type(r) IN ['CONSIDERED_AS', 'WAS_CONSIDERED_AS']
RETURN elementId(n) AS node, elementId(r) AS relation, type(r) AS type, startNode(r) = n AS is_outgoing,
       r {.*, came_from: CASE WHEN type(r) <> 'JUDGED' THEN r.came_from END} AS relation_properties,
       elementId(m) AS other, labels(m) AS labels, m {.*, embedding: null, sentence_vectors: null} AS properties,
       m.embedding IS NOT NULL AS has_vector
ORDER BY type, coalesce(m.id, elementId(m)), relation
"""

# What is known by address or by id alone, without a relation to the person.
BY_ADDRESS: LiteralString = """
MATCH (n:Invitation|SignInLink) WHERE toLower(trim(n.email)) IN $addresses
RETURN labels(n)[0] AS label, n {.*} AS properties
ORDER BY label, n.created_at
"""

CHANGES: LiteralString = """
MATCH (c:Change) WHERE c.subject IN $subjects OR c.actor IN $subjects
RETURN c {.*} AS properties
ORDER BY c.sequence
"""

# Who was found to be the person, and that somebody else is not; of that somebody nothing is told.
MERGES: LiteralString = "MATCH (m:Merge) RETURN m.gone AS gone, m.kept AS kept, m {.*} AS properties ORDER BY m.number"

APART: LiteralString = """
MATCH (d:Distinct) WHERE d.one IN $ids OR d.other IN $ids
RETURN d {.at, .by} AS properties
ORDER BY d.at
"""

TEXTS: LiteralString = """
MATCH (:Expert {id: $expert})-[:GAVE]->(c:Consent)
MATCH (t:ConsentText {purpose: c.purpose, version: c.version})
RETURN DISTINCT t {.*} AS properties, t.id AS id
ORDER BY id
"""


async def about(graph: Graph, viewer: Viewer, *, expert: ExpertId) -> Mapping[str, Any]:
    """Everything about a person, in values that JSON has; times are ISO 8601.

    ``person`` has their own properties and their ``relations``, each with its type, direction, properties and what it
    leads to, which has relations of its own if it is the person's alone. Beside it stand ``invitations_to_speak``,
    ``invitations``, ``sign_in_links``, ``consent_texts``, ``merges``, ``kept_apart`` and ``changes``. Somebody else's
    export of a person is in the change log.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator.
        NoSuchExpert: there is no such person.
    """
    refuse_unless(
        may_export(viewer, expert), "export what is known of this person", who="the person and administrators"
    )

    async def work(tx: Transaction) -> Mapping[str, Any]:
        rows = await tx.run(PERSON, expert=expert)
        if not rows:
            raise NoSuchExpert(expert)
        found = await _everything(tx, rows[0], expert)
        if viewer.person != expert:
            await record(tx, viewer, verb="exported", subject=f"expert:{expert}")
        return found

    return await graph.transact(work)


async def _everything(tx: Transaction, start: Row, expert: ExpertId) -> Mapping[str, Any]:
    nodes, relations = await _reached(tx, start)
    own = [nodes[node] for node in relations]
    accounts = [node for node in own if "Account" in node["labels"]]
    merges = _merges_into(expert, await tx.run(MERGES))
    ids = [expert, *(row["gone"] for row in merges)]
    subjects = [*(f"expert:{id}" for id in ids), *(f"account:{account['properties']['id']}" for account in accounts)]
    subjects += [f"token:{node['properties']['id']}" for node in own if "Token" in node["labels"]]
    addresses = {
        address.strip().casefold()
        for address in (node["properties"].get("email") for node in own)
        if isinstance(address, str)
    }
    named = await tx.run(BY_ADDRESS, addresses=sorted(addresses))
    invitations = [row["properties"] for row in named if row["label"] == "Invitation"]
    subjects += [f"invitation:{invitation['id']}" for invitation in invitations]
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "left_out": WITHHELD_BECAUSE,
        "person": _tree(start["node"], nodes, relations, seen=set()),
        "invitations_to_speak": await in_words(tx, expert=expert),
        "invitations": [_told(invitation) for invitation in invitations],
        "sign_in_links": [_told(row["properties"]) for row in named if row["label"] == "SignInLink"],
        "consent_texts": [_told(row["properties"]) for row in await tx.run(TEXTS, expert=expert)],
        "merges": [_told(row["properties"]) for row in merges],
        "kept_apart": [_told(row["properties"]) for row in await tx.run(APART, ids=ids)],
        "changes": [_told(row["properties"]) for row in await tx.run(CHANGES, subjects=subjects)],
    }


def _merges_into(expert: str, merges: Sequence[Row]) -> list[Row]:
    """The merges by which somebody became this person, directly or by way of others."""
    found: list[Row] = []
    people = [expert]
    for one in people:
        of_one = [row for row in merges if row["kept"] == one]
        found += of_one
        people += [row["gone"] for row in of_one]
    return found


async def _reached(tx: Transaction, start: Row) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    """Every node that is reached, and the relations of each that is the person's own."""
    nodes: dict[str, Row] = {start["node"]: {**start, "has_vector": False}}
    relations: dict[str, list[Row]] = {}
    frontier = [start["node"]]
    while frontier:
        relations.update({node: [] for node in frontier})
        for row in await tx.run(RELATIONS, nodes=frontier):
            relations[row["node"]].append(row)
            nodes.setdefault(row["other"], row)
        reached = {row["other"] for node in frontier for row in relations[node] if _is_own(row, start["node"])}
        frontier = sorted(reached - relations.keys())
    return nodes, relations


def _is_own(row: Row, person: str) -> bool:
    """Whether what a relation leads to is the person's: an account only if it is the person's account."""
    if row["type"] == "IS" and row["node"] == person:
        return True
    if row["type"] == "OFFERED":  # with somebody else's question
        return False
    return not (SHARED | OTHERS) & set(row["labels"])


def _tree(node: str, nodes: Mapping[str, Row], relations: Mapping[str, Sequence[Row]], *, seen: set[str]) -> Row:
    """A node with its relations, each told where it is met first."""
    found = nodes[node]
    if node not in relations and set(found["labels"]) & OTHERS:
        return {"is_a": sorted(found["labels"])}
    told: Row = {"is_a": sorted(found["labels"]), **_told(found["properties"])}
    if found["has_vector"]:
        told["has_vector"] = True
    if node in relations:
        by_type: dict[str, list[Row]] = defaultdict(list)
        for row in relations[node]:
            if row["relation"] in seen:
                continue
            seen.add(row["relation"])
            by_type[row["type"]].append(
                {
                    "direction": "from here" if row["is_outgoing"] else "to here",
                    **({"properties": properties} if (properties := _told(row["relation_properties"])) else {}),
                    "leads_to": _tree(row["other"], nodes, relations, seen=seen),
                }
            )
        told["relations"] = dict(by_type)
    return told


def _told(properties: Mapping[str, Any]) -> Row:
    return {name: _plain(value) for name, value in sorted(properties.items()) if _is_told(name, value)}


def _is_told(name: str, value: object) -> bool:
    return value is not None and name not in WITHHELD


def _plain(value: Any) -> Any:
    """A value of the database as JSON has it."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    return value.to_native().isoformat() if hasattr(value, "to_native") else value.iso_format()
