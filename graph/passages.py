"""Passages, the unit of evidence and of search, and the documents that they are part of.

A passage's id is a digest of its owner, its document and its text, so an unchanged paragraph keeps its vector when
its document changes. What searches filter by is copied from the owner onto the passage by :func:`restamp` alone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString, TypedDict

from graph.graph import Graph, Transaction
from graph.spelling import name_words, skeleton
from graph.viewer import DEFAULT_AUDIENCES

__all__ = [
    "DocumentRecord",
    "PassageRecord",
    "hold_stamps",
    "name_stamps",
    "owner_stamp",
    "passage_id",
    "remove_documents",
    "restamp",
    "restamp_everybody",
    "store_documents",
]

RESTAMPED_AT_ONCE = 500


class PassageRecord(TypedDict):
    """A piece of a document, with the one person whom it is evidence on; ``position`` counts from 0.

    ``place`` is the page or heading where it begins, ``language`` the one it is written in (BCP 47).
    """

    id: str
    owner: str
    text: str
    position: int
    place: str | None
    language: str


class DocumentRecord(TypedDict):
    """A text: ``id`` is its path in the network's folder, or that of the file which holds it, '#' and its name there.

    ``source`` is the path, ``place`` where it stands in the file; ``event`` or ``resource`` what it tells of.
    """

    id: str
    source: str
    place: str | None
    kind: str
    title: str | None
    language: str
    occurred_on: date | None
    event: str | None
    resource: str | None
    passages: list[PassageRecord]
    digest: str


STORE_DOCUMENTS: LiteralString = """
UNWIND $documents AS row
MERGE (d:Document {id: row.id})
SET d.kind = row.kind, d.title = row.title, d.language = row.language, d.occurred_on = row.occurred_on,
    d.place = row.place, d.read_at = $at, d.digest = row.digest
WITH d, row
CALL (d, row) {
  MATCH (d)-[old:FROM]->(s:Source) WHERE s.id <> row.source
  DELETE old
}
MERGE (s:Source {id: row.source})
SET s.folder = $folder, s.read_at = $at
MERGE (d)-[:FROM]->(s)
WITH d, row
CALL (d) { MATCH (d)-[old:DRAWN_FROM]->() DELETE old }
CALL (d, row) { MATCH (v:Event {id: row.event}) CREATE (d)-[:DRAWN_FROM]->(v) }
CALL (d, row) { MATCH (r:Resource {id: row.resource}) CREATE (d)-[:DRAWN_FROM]->(r) }
CALL (d, row) {
  MATCH (d)<-[:PART_OF]-(gone:Passage)
  WHERE NOT gone.id IN [passage IN row.passages | passage.id]
  DETACH DELETE gone
}
"""

# A vector is written from the title and the text; the text is in the id, a changed title sends for a new vector.
STORE_PASSAGES: LiteralString = """
UNWIND $documents AS row
MATCH (d:Document {id: row.id})
UNWIND row.passages AS passage
MATCH (e:Expert {id: coalesce($merged[passage.owner], passage.owner)})
MERGE (p:Passage {id: passage.id})
SET p.encoder = CASE WHEN coalesce(p.title, '') = coalesce(row.title, '') THEN p.encoder END
SET p.text = passage.text, p.position = passage.position, p.title = row.title, p.kind = row.kind,
    p.language = passage.language, p.source = row.id, p.place = passage.place, p.occurred_on = row.occurred_on
MERGE (e)-[:EVIDENCED_BY]->(p)
MERGE (p)-[:PART_OF]->(d)
"""

REMOVE_DOCUMENTS: LiteralString = """
MATCH (d:Document) WHERE d.id IN $ids
CALL (d) { MATCH (d)<-[:PART_OF]-(p:Passage) DETACH DELETE p }
DETACH DELETE d
"""

# What a person says of themselves in a line, and what they know, as a passage of its own: it finds, but is no evidence.
PROFILE: LiteralString = """
UNWIND $experts AS id
MATCH (e:Expert {id: id})
CALL (e) {
  OPTIONAL MATCH (e)-[x:EXPERT_IN]->(t:Topic)
  WITH x, t ORDER BY x.since, t.id
  RETURN collect(coalesce(t.label_en, t.label_fr, t.label_es, t.label_ar, t.label_ru, t.label_zh)) AS labels
}
WITH e, reduce(said = coalesce(e.headline, ''), label IN labels |
  CASE said WHEN '' THEN label ELSE said + '; ' + label END) AS text
MERGE (p:Passage {id: 'profile:' + e.id})
MERGE (e)-[:EVIDENCED_BY]->(p)
WITH e, p, text
WHERE p.text IS NULL OR p.text <> text OR p.title <> e.name
SET p.text = text, p.title = e.name, p.kind = 'profile', p.position = 0
REMOVE p.encoder
"""

# Written to, though nothing changes: that locks it until the transaction ends.
HOLD_STAMPS: LiteralString = """
MERGE (s:Stamping {id: 'stamping'})
SET s.id = s.id
"""

# Who sees what of these people: what they chose, else the network, else the default; never more than their listing, and
# nobody what they withdrew their consent to.
AUDIENCES: LiteralString = """
OPTIONAL MATCH (n:Network {id: 'network'})
UNWIND $experts AS id
MATCH (e:Expert {id: id})
WITH e, n, coalesce(e.withdrawn, []) AS withdrawn
WITH e, n, withdrawn,
     CASE WHEN 'listed' IN withdrawn THEN 3
     ELSE coalesce(e.chosen_listing, n.audience_listing, $defaults.listing) END AS listing
SET e.audience_listing = listing,
    e.audience_profile = coll.max([listing, coalesce(e.chosen_profile, n.audience_profile, $defaults.profile)]),
    e.audience_contact = CASE WHEN 'contacted' IN withdrawn THEN 3
      ELSE coll.max([listing, coalesce(e.chosen_contact, n.audience_contact, $defaults.contact)]) END,
    e.audience_country = coll.max([listing, coalesce(e.chosen_country, n.audience_country, $defaults.country)]),
    e.audience_organisation =
      coll.max([listing, coalesce(e.chosen_organisation, n.audience_organisation, $defaults.organisation)]),
    e.audience_languages = coll.max([listing, coalesce(e.chosen_languages, n.audience_languages, $defaults.languages)]),
    e.audience_attendance = CASE WHEN 'recorded' IN withdrawn THEN 3
      ELSE coll.max([listing, coalesce(e.chosen_attendance, n.audience_attendance, $defaults.attendance)]) END
"""

NAMES: LiteralString = """
MATCH (e:Expert) WHERE e.id IN $experts
RETURN collect([e.id, [e.name] + coalesce(e.other_names, [])]) AS people
"""

# A hyphen parts words in full text: 'anna-nguyen' is stamped as 'of_anna_nguyen'. A passage drawn from an event tells
# that its owner was there. Full text has an index for each reach, so that how rare a word is tells nothing of passages
# beyond it; the labels say which of them a passage is in.
RESTAMP: LiteralString = """
UNWIND $experts AS id
MATCH (e:Expert {id: id})-[:EVIDENCED_BY]->(p:Passage)
WITH e, p,
     CASE WHEN EXISTS { (p)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(:Event) }
     THEN coll.max([e.audience_profile, e.audience_attendance])
     ELSE e.audience_profile END AS audience,
     ['of_' + replace(e.id, '-', '_')] + CASE p.kind WHEN 'profile' THEN $names[e.id] ELSE [] END AS stamps
WITH p, audience, stamps,
     CASE WHEN audience < 3 AND NOT 'matched' IN coalesce(e.withdrawn, []) THEN audience END AS found_by
WHERE p.audience IS NULL OR p.audience <> audience
   OR coalesce(p.found_by, 3) <> coalesce(found_by, 3)
   OR (found_by IS NULL AND p.stamps IS NOT NULL)
   OR (found_by IS NOT NULL AND coalesce(p.stamps, []) <> stamps)
SET p.audience = audience
REMOVE p:FoundByEveryone:FoundByMembers:FoundByOrganisers
WITH *
CALL (p, stamps, found_by) {
  WITH * WHERE found_by IS NULL
  REMOVE p.found_by, p.embedding, p.encoder, p.stamps, p.sentences, p.sentence_vectors
UNION
  WITH * WHERE found_by IS NOT NULL
  SET p.found_by = found_by, p.stamps = stamps,
      p:$(['FoundByEveryone', 'FoundByMembers', 'FoundByOrganisers'][found_by..])
}
"""

EVERYBODY: LiteralString = "MATCH (e:Expert) RETURN collect(e.id) AS experts"


def passage_id(*, owner: str, document: str, text: str) -> str:
    """The id of a passage: 32 hexadecimal digits, the same for the same words in the same place."""
    return hashlib.sha256("\0".join((owner, document, text)).encode()).hexdigest()[:32]


def owner_stamp(expert: str) -> str:
    """Whose a passage is, in one word to Lucene, which breaks words at hyphens."""
    return "of_" + expert.replace("-", "_")


def name_stamps(words: Iterable[str]) -> list[str]:
    """Words of names by their consonants, which all scripts and spellings agree on, each one word to Lucene."""
    return list(dict.fromkeys(f"name_{skeleton(word) or word}" for word in words))


async def store_documents(
    tx: Transaction,
    documents: Sequence[DocumentRecord],
    *,
    merged: Mapping[str, str],
    folder: str,
    at: datetime,
) -> None:
    """Create or change these documents: new passages come, gone ones go, the same ones keep their vectors.

    ``merged`` has, by the ids of owners who are somebody else now, who they are; ``folder`` is what the documents'
    paths start from.
    """
    owners: set[str] = set()
    stored: list[DocumentRecord] = []
    for document in documents:
        # Two owners who are one person now have each passage once.
        passages: dict[tuple[str, str], PassageRecord] = {}
        for passage in document["passages"]:
            owner = merged.get(passage["owner"], passage["owner"])
            owners.add(owner)
            passages.setdefault((owner, passage["text"]), passage)
        stored.append({**document, "passages": list(passages.values())})
    await tx.run(STORE_DOCUMENTS, documents=stored, folder=folder, at=at)
    await tx.run(STORE_PASSAGES, documents=stored, merged=merged)
    await restamp(tx, experts=sorted(owners))


async def remove_documents(tx: Transaction, ids: Sequence[str]) -> None:
    """Remove these documents and their passages."""
    await tx.run(REMOVE_DOCUMENTS, ids=ids)


async def hold_stamps(tx: Transaction) -> None:
    """From here to the end of the transaction nobody else restamps anybody; whoever wants to waits.

    To be called before what is stamped is changed. Or a transaction that restamps everybody would stamp what it read of
    a person before their own choice came in, over that choice.
    """
    await tx.run(HOLD_STAMPS)


async def restamp(tx: Transaction, *, experts: Sequence[str]) -> None:
    """Write these people's profiles and audiences, and who finds them by which of their passages.

    A profile is a passage of kind ``profile``: the headline and the labels of what the person knows. A person gets
    ``audience_<group>``, what is in force for each group of fields (graph.viewer). Each passage gets ``audience``, who
    may read it, and, unless that is nobody or the person does not want to be matched, ``found_by``, the same number for
    those who search, and ``stamps`` for full text: whose it is, and on a profile the consonants of the person's names.
    What nobody finds has neither of the two and no vector. To be called in the transaction that changes any of it.
    """
    await hold_stamps(tx)
    (named,) = await tx.run(NAMES, experts=experts)
    await tx.run(PROFILE, experts=experts)
    await tx.run(AUDIENCES, experts=experts, defaults={group: int(of) for group, of in DEFAULT_AUDIENCES.items()})
    words = {expert: [word for name in names for word in name_words(name)] for expert, names in named["people"]}
    await tx.run(RESTAMP, experts=experts, names={expert: name_stamps(of) for expert, of in words.items()})


async def restamp_everybody(graph: Graph) -> None:
    """Restamp all people, some hundred in a transaction."""
    everybody = (await graph.read(EVERYBODY))[0]["experts"]
    for start in range(0, len(everybody), RESTAMPED_AT_ONCE):

        async def work(
            tx: Transaction, *, experts: Sequence[str] = everybody[start : start + RESTAMPED_AT_ONCE]
        ) -> None:
            await restamp(tx, experts=experts)

        await graph.transact(work)
