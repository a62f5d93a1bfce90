"""Erasure of a person: what goes, what is made anonymous, what may not come back, and what is left on the disk.

All of it is one transaction: stopped anywhere, nothing is erased or everything. The same transaction leaves a mark that
the database's files still hold what is now deleted; :func:`sweep` writes over that and takes the mark away, and whoever
opens the graph next does it if it was stopped. docs/privacy.md tells what remains, where and until when.

What has the erased person's id, address or name in somebody else's words is changed there. Two things are not: what has
an id of its own, such as a topic, keeps it; and a name that somebody else in the network has, too, is left as theirs.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

from graph.alphabet import SORT_KEYS, keep_order
from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.passages import hold_stamps
from graph.permissions import may_administer, may_erase, may_load, refuse_unless
from graph.values import ExpertId
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "ERASED",
    "Erased",
    "ErasedPeople",
    "NobodyErased",
    "PersonErased",
    "ensure_not_erased",
    "erase",
    "erased_people",
    "readmit",
    "sweep",
]

ERASED = "erased"
IN_TEXTS = "[erased]"
# A person with some thousand passages, in a network of 100,000 nodes to look through, takes well under a minute.
TIMEOUT_S = 600.0
# Kana, Han and Hangul, at least three of them.
UNPARTED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3,}")
SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

# Enough to write over what some hundred passages took, and to fill a transaction log of 16 MB.
FILLINGS = 10
FILLED_AT_ONCE = 500
FILLING: Mapping[str, Any] = {
    "short": "nothing " * 8,
    "long": "nothing to be read " * 20,
    "longer": "nothing to be read here " * 100,
    # An array is kept in blocks of 120 bytes, 3 of them before its numbers of 8: so many fill the last block but for 5
    # bytes, and nothing can be read of what was there.
    "vector": [0.0] * 764,
}

# Properties whose words are chosen from closed lists, or are what other people and things are called or reached by.
CODES = (
    "country",
    "decides",
    "decision",
    "digest",
    "email",
    "embedding",
    "encoded_digest",
    "encoder",
    "fields",
    "format",
    "how",
    "kind",
    "language",
    "level",
    "name",
    "purpose",
    "scopes",
    "sentence_vectors",
    "sentences",
    *SORT_KEYS,
    "speaks",
    "stamps",
    "status",
    "topics",
    "verb",
    "withdrawn",
)


class PersonErased(GraphError):
    """Somebody was to be loaded who was erased since the roster was read."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Somebody of this roster was erased while it was loaded; run the command again, without them.")
        )


class NobodyErased(GraphError):
    """Nobody of this id or address was erased here."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Nobody of that id or address was erased here, so nothing keeps them out; load them as usual.")
        )


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: how many passages, documents and accounts went, and in how many texts a trace was erased.

    ``known_as`` are the ids, addresses and names that the person had, for what is kept of them outside the graph.
    """

    passages: int
    documents: int
    accounts: int
    texts: int
    participations: int
    known_as: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasedPeople:
    """Who was erased here, as far as somebody who knows an id or an address can ask."""

    salt: str
    digests: Collection[str]

    def __contains__(self, id_or_address: object) -> bool:
        return isinstance(id_or_address, str) and _tombstone(self.salt, id_or_address) in self.digests


# Person and accounts are written to before they are looked at: what they make meanwhile is made before, and seen, or
# finds nobody any more.
PERSON: LiteralString = """
MATCH (e:Expert {id: $expert})
SET e.id = e.id
WITH e
CALL (e) {
  OPTIONAL MATCH (a:Account)-[:IS]->(e)
  SET a.id = a.id
  RETURN collect(a {.id, .email, tokens: COLLECT { MATCH (a)-[:HOLDS]->(t:Token) RETURN t.id }}) AS accounts
}
RETURN e.email AS email, accounts
"""

# Everybody who was found to be this person, too (graph.people.merging).
MERGED_INTO: LiteralString = "MATCH (m:Merge) RETURN m.gone AS gone, m.kept AS kept"

# What every source calls the person, not only what is shown of them.
CALLED: LiteralString = """
MATCH (e:Expert {id: $expert})
RETURN [e.name] + coalesce(e.other_names, []) AS names,
       COLLECT { MATCH (r:Record {kind: 'experts'}) WHERE r.person IN $ids RETURN r.said } AS said
"""

NAMES_OF_OTHERS: LiteralString = """
MATCH (other:Expert) WHERE other.id <> $expert AND toLower(other.name) IN $names
RETURN collect(DISTINCT toLower(other.name)) AS names
"""

# What sources say of the person, what was said of whom they are, and sources that told of nobody else.
RECORDS: LiteralString = """
MATCH (n:Record|Merge|Distinct)
WHERE (n:Record AND n.person IN $ids)
   OR (n:Merge AND (n.gone IN $ids OR n.kept IN $ids))
   OR (n:Distinct AND (n.one IN $ids OR n.other IN $ids))
DETACH DELETE n
"""

SILENT_SOURCES: LiteralString = "MATCH (s:Source) WHERE NOT EXISTS { (s)<-[:FROM]-(:Record|Document) } DELETE s"

INVITATIONS: LiteralString = """
MATCH (i:Invitation) WHERE toLower(trim(i.email)) IN $addresses
RETURN collect(i.id) AS ids
"""

# For each event a participant of its own, so that not even the pattern of somebody's events is kept.
PARTICIPATIONS: LiteralString = """
MATCH (e:Expert {id: $expert})-[r:ATTENDED|SPOKE_AT]->(v:Event)
WITH v, count(CASE type(r) WHEN 'SPOKE_AT' THEN 1 END) > 0 AS spoke,
     count(CASE type(r) WHEN 'ATTENDED' THEN 1 END) > 0 AS attended
CREATE (p:Participant {id: randomUUID()})
CALL (p, v, spoke) { WITH * WHERE spoke CREATE (p)-[:SPOKE_AT]->(v) }
CALL (p, v, attended) { WITH * WHERE attended CREATE (p)-[:ATTENDED]->(v) }
RETURN count(p) AS participations
"""

# What named the person is stored again when it comes next: its digest, made from their id too, is no more.
PASSAGES: LiteralString = """
MATCH (e:Expert {id: $expert})
CALL (e) { MATCH (e)-[:AUTHORED]->(r:Resource) SET r.digest = '' }
CALL (e) {
  MATCH (e)-[:EVIDENCED_BY]->(p:Passage)
  OPTIONAL MATCH (p)-[:PART_OF]->(d:Document)
  WITH collect(DISTINCT p) AS passages, collect(DISTINCT d) AS documents
  FOREACH (d IN documents | SET d.digest = '')
  FOREACH (p IN passages | DETACH DELETE p)
  RETURN size(passages) AS passages, documents
}
CALL (documents) {
  UNWIND documents AS d
  WITH d WHERE NOT EXISTS { (d)<-[:PART_OF]-(:Passage) }
  DETACH DELETE d
  RETURN count(*) AS gone
}
RETURN passages, gone AS documents
"""

# What organisers considered the person for, with every step; the change log then names nobody by it.
CANDIDACIES: LiteralString = """
MATCH (e:Expert {id: $expert})
CALL (e) {
  MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy)
  WITH c, c.id AS id
  CALL (c) { MATCH (c)-[:STEP|LETTER|REPLY]->(s) DETACH DELETE s }
  DETACH DELETE c
  RETURN collect(id) AS ids
}
RETURN ids
"""

CREDENTIALS: LiteralString = """
MATCH (n:Account|Session|Identity|SavedSearch|Token|Question|SignInLink|Invitation)
WHERE (n:Account AND n.id IN $accounts)
   OR (n:Session AND EXISTS { (n)-[:OF]->(a:Account) WHERE a.id IN $accounts })
   OR (n:Identity AND EXISTS { (n)<-[:SIGNS_IN_AS]-(a:Account) WHERE a.id IN $accounts })
   OR (n:SavedSearch AND EXISTS { (n)<-[:SAVED]-(a:Account) WHERE a.id IN $accounts })
   OR (n:Question AND EXISTS { (n)<-[:ASKED]-(a:Account) WHERE a.id IN $accounts })
   OR (n:Token AND EXISTS { (n)<-[:HOLDS]-(a:Account) WHERE a.id IN $accounts })
   OR (n:SignInLink AND toLower(trim(n.email)) IN $addresses)
   OR (n:Invitation AND n.id IN $invitations)
DETACH DELETE n
"""

EXPERT: LiteralString = """
MATCH (e:Expert {id: $expert})
CALL (e) { MATCH (e)-[:GAVE]->(c:Consent) DETACH DELETE c }
DETACH DELETE e
"""

# Of what is left: a mailbox may be shared.
ADDRESSES_OF_OTHERS: LiteralString = """
MATCH (n:Expert|Account) WHERE toLower(trim(n.email)) IN $addresses
RETURN collect(DISTINCT toLower(trim(n.email))) AS addresses
"""

CHANGES: LiteralString = """
MATCH (c:Change) WHERE c.subject IN $subjects OR c.actor IN $subjects
SET c.subject = CASE WHEN c.subject IN $subjects THEN 'erased' ELSE c.subject END,
    c.actor = CASE WHEN c.actor IN $subjects THEN 'erased' ELSE c.actor END,
    c.before = '{}', c.after = '{}'
"""

NODES_NAMING: LiteralString = """
MATCH (n:!(Country|Encoder|Language|Migration|Region|Tombstone|TombstoneSalt))
WITH n, [key IN keys(n) WHERE NOT key IN $codes AND key <> 'role'
  AND (key <> 'id' OR n:Document OR n:Source) AND NOT (key = 'title' AND coalesce(n.kind, '') = 'profile')
  AND any(text IN CASE WHEN n[key] IS :: STRING NOT NULL THEN [n[key]]
                       WHEN n[key] IS :: LIST<STRING NOT NULL> NOT NULL THEN n[key] ELSE [] END
          WHERE any(trace IN $traces WHERE toLower(text) CONTAINS trace))] AS found
WHERE size(found) > 0
RETURN elementId(n) AS element, [key IN found | [key, n[key]]] AS texts
"""

RELATIONS_NAMING: LiteralString = """
MATCH ()-[r]->()
WITH r, [key IN keys(r) WHERE NOT key IN $codes AND key <> 'id'
  AND any(text IN CASE WHEN r[key] IS :: STRING NOT NULL THEN [r[key]]
                       WHEN r[key] IS :: LIST<STRING NOT NULL> NOT NULL THEN r[key] ELSE [] END
          WHERE any(trace IN $traces WHERE toLower(text) CONTAINS trace))] AS found
WHERE size(found) > 0
RETURN elementId(r) AS element, [key IN found | [key, r[key]]] AS texts
"""

# A passage's vectors were made from the words as they were, and its sentences stood elsewhere.
# Whoever saw what a text was before must not write that back unawares.
REWRITE_NODES: LiteralString = """
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.element
SET n += row.texts, n.version = CASE WHEN n:Draft THEN n.version + 1 ELSE n.version END
WITH n
CALL (n) {
  MATCH (n)-[:ON_AGENDA]->(v:Event)
  SET v.agenda_version = coalesce(v.agenda_version, 0) + 1
}
WITH n WHERE n:Passage
REMOVE n.embedding, n.encoder, n.sentences, n.sentence_vectors
"""

REWRITE_RELATIONS: LiteralString = """
UNWIND $rows AS row
MATCH ()-[r]->() WHERE elementId(r) = row.element
SET r += row.texts
"""

TAKEN: LiteralString = """
MATCH (n) WHERE n.id IN $ids
RETURN collect(DISTINCT n.id) AS ids
"""

SALT: LiteralString = """
MERGE (s:TombstoneSalt {id: 'salt'})
ON CREATE SET s.value = $salt
RETURN s.value AS salt
"""

BURY: LiteralString = """
UNWIND $digests AS digest
MERGE (:Tombstone {digest: digest})
"""

TOMBSTONES: LiteralString = """
OPTIONAL MATCH (s:TombstoneSalt {id: 'salt'})
RETURN s.value AS salt, COLLECT { MATCH (t:Tombstone) RETURN t.digest } AS digests
"""

READMIT: LiteralString = """
MATCH (t:Tombstone {digest: $digest})
DELETE t
RETURN count(*) AS readmitted
"""

MARK_UNSWEPT: LiteralString = "MERGE (:Erasure {id: 'unswept'})"

UNSWEPT: LiteralString = "MATCH (u:Erasure {id: 'unswept'}) RETURN count(u) AS unswept"

SWEPT: LiteralString = "MATCH (u:Erasure {id: 'unswept'}) DELETE u"

# Nodes, relations, short and long texts and vectors, as those that were deleted.
FILL: LiteralString = """
UNWIND range(1, $count) AS number
CREATE (f:Filler {a: number, b: 'filler', c: $short, d: $long, e: $longer, v: $vector})
CREATE (f)-[:FILLS {a: number, b: $short}]->(f)
"""

UNFILL: LiteralString = """
MATCH (f:Filler)
WITH f LIMIT $count
DETACH DELETE f
RETURN count(*) AS removed
"""


async def erase(graph: Graph, viewer: Viewer, *, expert: ExpertId) -> Erased:
    """Erase a person, for good. What search finds and pages show is without them when this returns.

    The people of a briefing are still counted: each appearance becomes a nameless participant of that event. Texts of
    others in which a trace was erased wait for a new vector (graph.vectors). The files of the database still hold what
    was deleted until :func:`sweep` has been through them.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator.
        NoSuchExpert: there is no such person.
    """
    refuse_unless(may_erase(viewer, expert), "erase this person", who="the person and administrators")
    salt, mark = secrets.token_hex(32), secrets.token_hex(4)

    async def work(tx: Transaction) -> Erased:
        await hold_stamps(tx)
        rows = await tx.run(PERSON, expert=expert)
        if not rows:
            raise NoSuchExpert(expert)
        (person,) = rows
        ids = [expert, *_merged_into(expert, await tx.run(MERGED_INTO))]
        (called,) = await tx.run(CALLED, expert=expert, ids=ids)
        said = [json.loads(one) for one in called["said"]]
        accounts = [account["id"] for account in person["accounts"]]
        addresses = sorted(
            {
                address.strip().casefold()
                for address in (
                    person["email"],
                    *(account["email"] for account in person["accounts"]),
                    *(one.get("email") for one in said),
                )
                if address
            }
        )
        names = _names(
            [*called["names"], *(name for one in said for name in (one.get("name"), *one.get("other_names", ())))]
        )
        (shared,) = await tx.run(NAMES_OF_OTHERS, expert=expert, names=[name.lower() for name in names])
        own_names = [name for name in names if name.lower() not in shared["names"]]
        (invitations,) = await tx.run(INVITATIONS, addresses=addresses)
        subjects = [
            *(f"expert:{id}" for id in ids),
            *(f"account:{account}" for account in accounts),
            *(f"token:{token}" for account in person["accounts"] for token in account["tokens"]),
            *(f"invitation:{invitation}" for invitation in invitations["ids"]),
        ]
        (candidacies,) = await tx.run(CANDIDACIES, expert=expert)
        subjects += [f"candidacy:{candidacy}" for candidacy in candidacies["ids"]]
        (participations,) = await tx.run(PARTICIPATIONS, expert=expert)
        (passages,) = await tx.run(PASSAGES, expert=expert)
        await tx.run(CREDENTIALS, accounts=accounts, addresses=addresses, invitations=invitations["ids"])
        await tx.run(EXPERT, expert=expert)
        await tx.run(RECORDS, ids=ids)
        await tx.run(SILENT_SOURCES)
        await tx.run(CHANGES, subjects=subjects)
        (others,) = await tx.run(ADDRESSES_OF_OTHERS, addresses=addresses)
        own_addresses = [address for address in addresses if address not in others["addresses"]]
        texts = await _erase_traces(tx, _Traces((*ids, *accounts), own_addresses, own_names, mark))
        (salted,) = await tx.run(SALT, salt=salt)
        await tx.run(BURY, digests=[_tombstone(salted["salt"], known) for known in (*ids, *own_addresses)])
        await tx.run(MARK_UNSWEPT)
        is_own = viewer.person == expert or viewer.actor in subjects
        by = Viewer(viewer.role, scopes=viewer.scopes, actor=ERASED) if is_own else viewer
        await record(tx, by, verb="erased", subject=ERASED)
        return Erased(
            *(passages["passages"], passages["documents"], len(accounts), texts, participations["participations"]),
            known_as=(*ids, *addresses, *names),
        )

    return await graph.transact(work, timeout_s=TIMEOUT_S)


async def sweep(graph: Graph) -> bool:
    """Write over what erasures deleted in the files of the database, if any did since the last time; whether so.

    Neo4j frees what is deleted and leaves it in its files until something else is written there, and its transaction
    log keeps it until the log is full. This writes enough of both and removes it again. It can be stopped anywhere; the
    next call starts anew.
    """
    if not (await graph.read(UNSWEPT))[0]["unswept"]:
        return False
    for _ in range(FILLINGS):
        await graph.write(FILL, count=FILLED_AT_ONCE, **FILLING)
    while (await graph.write(UNFILL, count=FILLED_AT_ONCE))[0]["removed"]:
        pass
    await graph.write(SWEPT)
    return True


async def erased_people(graph: Graph, viewer: Viewer) -> ErasedPeople:
    """Who may not come back with a roster: ``id in people`` tells.

    Raises:
        NotAllowed: the viewer may not load a roster.
    """
    refuse_unless(may_load(viewer), "ask who was erased", who="administrators")
    (row,) = await graph.read(TOMBSTONES)
    return ErasedPeople(row["salt"] or "", frozenset(row["digests"]))


async def ensure_not_erased(tx: Transaction, *, ids_and_addresses: Iterable[str]) -> None:
    """Return if none of these was erased; whoever holds the stamps (graph.passages) knows that this stays so.

    Raises:
        PersonErased: one of them was.
    """
    (row,) = await tx.run(TOMBSTONES)
    people = ErasedPeople(row["salt"] or "", frozenset(row["digests"]))
    if people.digests and any(known in people for known in ids_and_addresses):
        raise PersonErased


async def readmit(graph: Graph, viewer: Viewer, *, id_or_address: str) -> None:
    """Let rosters bring somebody back who was erased, by their id or by their address; each is let in on its own.

    Raises:
        NotAllowed: the viewer is no administrator.
        NobodyErased: nobody of this id or address was erased.
    """
    refuse_unless(may_administer(viewer), "readmit somebody who was erased", who="administrators")

    async def work(tx: Transaction) -> None:
        (row,) = await tx.run(TOMBSTONES)
        (readmitted,) = await tx.run(READMIT, digest=_tombstone(row["salt"] or "", id_or_address))
        if not readmitted["readmitted"]:
            raise NobodyErased
        await record(tx, viewer, verb="readmitted", subject=ERASED)

    await graph.transact(work)


def _merged_into(expert: str, merges: Sequence[Row]) -> list[str]:
    """Everybody who was merged into a person, or into somebody who was."""
    found = [expert]
    for one in found:
        found += [row["gone"] for row in merges if row["kept"] == one]
    return found[1:]


def _names(names: Iterable[str | None]) -> list[str]:
    """Names without doubles, whatever the case of their letters."""
    return list({name.strip().lower(): name.strip() for name in names if name}.values())


def _tombstone(salt: str, id_or_address: str) -> str:
    """What is kept of an id or an address that was erased: nothing that the network does not need to recognise it."""
    return hashlib.sha256(f"{salt}\0{id_or_address.strip().casefold()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Traces:
    """What of a person may stand in the texts of others; addresses and the name in any case of their letters.

    A name of one word is one that many have, or a word: it is no trace. In a script that parts no words, as Chinese, a
    name is told from three letters on.
    """

    ids: Sequence[str]
    addresses: Sequence[str]
    names: Sequence[str]
    mark: str

    def words(self) -> list[str]:
        """All of them, in lower case."""
        return [trace.lower() for trace in (*self.ids, *self.addresses, *self._told_names)]

    def pattern(self) -> re.Pattern[str]:
        """Finds each where it is no part of a longer word, id or address, the longest first."""
        found = [rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)" for address in _longest_first(self.addresses)]
        found += [
            re.escape(name) if UNPARTED.fullmatch(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
            for name in _longest_first(self._told_names)
        ]
        found += [rf"(?-i:(?<![^\W_]){re.escape(id)}(?![^\W_]))" for id in _longest_first(self.ids)]
        return re.compile("|".join(found), re.IGNORECASE)

    @property
    def _told_names(self) -> list[str]:
        """The names that tell who it is, as they are and as JSON has them in what sources say of others."""
        told = [name for name in self.names if " " in name or UNPARTED.fullmatch(name)]
        return list(dict.fromkeys(one for name in told for one in (name, json.dumps(name, ensure_ascii=False)[1:-1])))


def _longest_first(traces: Sequence[str]) -> list[str]:
    return sorted(traces, key=len, reverse=True)


async def _erase_traces(tx: Transaction, traces: _Traces) -> int:
    """Take these traces out of everything that is left; in how many nodes and relations they were."""
    nodes = await tx.run(NODES_NAMING, traces=traces.words(), codes=CODES)
    relations = await tx.run(RELATIONS_NAMING, traces=traces.words(), codes=CODES)
    pattern = traces.pattern()
    slugs = {_slug_around(match) for row in (*nodes, *relations) for match in _matches(pattern, row)}
    (taken,) = await tx.run(TAKEN, ids=sorted(slugs))
    rewriting = _Rewriting(pattern, frozenset(taken["ids"]), traces.mark)
    of_nodes = [changed for row in nodes if (changed := rewriting.of(row))]
    of_relations = [changed for row in relations if (changed := rewriting.of(row))]
    await tx.run(REWRITE_NODES, rows=of_nodes)
    await keep_order(tx, elements=[row["element"] for row in of_nodes])
    await tx.run(REWRITE_RELATIONS, rows=of_relations)
    return len(of_nodes) + len(of_relations)


def _matches(pattern: re.Pattern[str], row: Row) -> Iterator[re.Match[str]]:
    for _, value in row["texts"]:
        for text in [value] if isinstance(value, str) else value:
            yield from pattern.finditer(text)


def _slug_around(match: re.Match[str]) -> str:
    """The id that a match is part of: ``ama`` in ``ama-and-kofi`` may be somebody else's."""
    text, start, end = match.string, match.start(), match.end()
    while start > 0 and text[start - 1] in SLUG_LETTERS:
        start -= 1
    while end < len(text) and text[end] in SLUG_LETTERS:
        end += 1
    return text[start:end].strip("-")


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Takes traces out of texts, except where they are part of the id of something else."""

    pattern: re.Pattern[str]
    taken: Collection[str]
    mark: str

    def of(self, row: Row) -> Row | None:
        """The element with its changed texts; None if nothing changes."""
        before = dict(row["texts"])
        after = {
            key: self._text(key, value) if isinstance(value, str) else [self._text(key, one) for one in value]
            for key, value in before.items()
        }
        changed = {key: value for key, value in after.items() if value != before[key]}
        return {"element": row["element"], "texts": changed} if changed else None

    def _text(self, key: str, text: str) -> str:
        # Paths stay different from one another, and a passage's source stays its document's id.
        instead = f"{ERASED}-{self.mark}" if key in {"id", "source"} else IN_TEXTS
        return self.pattern.sub(lambda match: match[0] if _slug_around(match) in self.taken else instead, text)
