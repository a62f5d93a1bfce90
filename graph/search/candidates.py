"""Who may fit a question: the passages near it by meaning or by words, and the people they speak for.

A filter acts inside, and so does what the asker may see: a passage, a country or a language beyond their reach finds
nobody. In a search a person is found as everybody of their role finds them.

Where few people pass the filter, all of them are compared with the question, which is exact. Of many, the vector index
and full text say who is near; what it cannot have missed is told with them, so that whoever asks can look farther.
"""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from rapidfuzz import fuzz

from graph.errors import DatabaseFault, GraphUnavailable
from graph.filters import ExpertFilter, folded, narrowed
from graph.graph import Graph, Row
from graph.passages import name_stamps, owner_stamp
from graph.spelling import is_named, name_words
from graph.values import ExpertId, ExpertiseLevel, PassageId, TopicId
from graph.viewer import Audience, Viewer, found

__all__ = [
    "INDEX_FAULTS",
    "Asked",
    "Candidate",
    "Lifts",
    "Limits",
    "NearPassage",
    "NearTopic",
    "candidates_for",
    "near_topics",
    "passages_found",
    "start_of",
    "words_of",
]

WORDS_OF_A_NAME = 3
"""A question of no more words may be a name alone; in a longer one, a name is two words at least."""
NAMESAKES = 900
NAMED_AT_MOST = 50
"""People with words of a longer question in their names, most of them first."""
TOPIC_HITS = 50
# From this share of its letters on, a label that stands in a question is what the question is about.
NAMED_SHARE = 1 / 3
# From this likeness on (rapidfuzz's ratio, 0 to 100), a question is a label with slips of the pen.
LIKE = 80
# Slips are looked for in words of as many letters at least, in questions of no more words.
SHORTEST_MISSPELT = 4
MOST_WORDS_MISSPELT = 6
# A query that matches nothing, where an empty one would be an error.
NO_WORD = '"\u0001"'
MOST_WORDS = 12
"""The words of a longer question count for so little (graph.search.scoring) that full text is not asked."""
MOST_NAME_WORDS = 300
MOST_WORDS_OF_TOPICS = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search looks; docs/scale.md says what each of them costs."""

    compared: int = 900
    """People who are compared one by one: each takes .1 to .4 ms, asking the index 25 to 50. Lucene refuses queries of
    more than 1,024 clauses, and has one for each of them."""
    listed: int = 2_500
    """People who pass, up to whom the index is not asked, since it would give too few of them."""
    hits: int = 200
    """Passages that the index and full text are asked for first, and four times as many each time that is too few."""
    most_hits: int = 5_000
    scanned: int = 20_000
    """Passages that are compared one by one where the index could not tell; more only if it finds too few people, or
    few pass."""
    told: int = 100
    """More people than asked for, since a score is held against the others."""


LIMITS = Limits()

INDEX_FAULTS = (DatabaseFault, GraphUnavailable)
"""What the vector index of Neo4j 2026.08 may fail with just after many vectors went: 'Index … out of bounds' (50N00),
or a connection that breaks on such an error without a message. A database that is gone says so once more after it."""


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage of a candidate: its cosine with the question (-1 to 1) and how many of its words it has."""

    id: PassageId
    similarity: float
    words: float
    is_profile: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may fit, with all their passages and what they know; and whether the question names them."""

    expert: ExpertId
    is_named: bool
    passages: tuple[NearPassage, ...]
    expertise: tuple[tuple[TopicId, ExpertiseLevel], ...]


@dataclass(frozen=True, slots=True)
class Lifts:
    """What is added to how near a person is (graph.search.scoring chooses it).

    By knowing a topic near the question, and one that it names, each times the ``depth`` of that expertise, the best of
    each kind counting; by each word that a passage shares with the question; by being the one whom the question names.
    """

    near_topics: Mapping[TopicId, float]
    named_topics: Mapping[TopicId, float]
    depth: Mapping[ExpertiseLevel, float]
    word: float
    name: float


@dataclass(frozen=True, slots=True)
class NearTopic:
    """A topic near the question, its cosine with it, and the topics above it.

    ``named`` is how much of the question is its name, 0 to 1: 0 where that is too little to be what the question is
    about. ``said`` are the question's words that are one of its labels, misspelt perhaps; empty if none are.
    """

    id: TopicId
    similarity: float
    broader: tuple[TopicId, ...]
    named: float = 0.0
    said: str = ""


PASSAGES: Mapping[Audience, LiteralString] = {
    Audience.EVERYONE: "MATCH (p:FoundByEveryone) RETURN count(p) AS passages",
    Audience.MEMBERS: "MATCH (p:FoundByMembers) RETURN count(p) AS passages",
    Audience.ORGANISERS: "MATCH (p:FoundByOrganisers) RETURN count(p) AS passages",
}

# Where to begin, the narrowest first: as the filter's part of this name asks.
STARTS: Mapping[str, LiteralString] = {
    "spoke_at": "MATCH (v:Event)<-[:SPOKE_AT]-(e:Expert) WHERE v.id IN $spoke_at",
    "organisations": "MATCH (o:Organisation)<-[:AFFILIATED_WITH]-(e:Expert) WHERE o.id IN $organisations",
    "worked_in": "MATCH (c:Country)<-[:WORKED_IN]-(e:Expert) WHERE c.id IN $worked_in",
    "countries": "MATCH (c:Country)<-[:BASED_IN]-(e:Expert) WHERE c.id IN $countries",
    "topics": "MATCH (b:Topic)<-[:BROADER]-*(t:Topic)<-[:EXPERT_IN]-(e:Expert) WHERE b.id IN $topics",
    "languages": "MATCH (l:Language)<-[:SPEAKS]-(e:Expert) WHERE l.id = $languages[0]",
}
EVERYWHERE: LiteralString = "MATCH (e:Expert)"

PASSING: LiteralString = found("""
WITH DISTINCT e WHERE FINDS(e) PASSES(e)
WITH e LIMIT $most
RETURN collect(e.id) AS people
""")

BY_WORDS: LiteralString = found("""
CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $query, {limit: $hits}) YIELD node
WITH collect(node) AS hits
RETURN size(hits) AS hits, COLLECT {
  UNWIND hits AS p
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p) WHERE FINDS(p) PASSES(e)
  RETURN DISTINCT e.id
} AS people
""")

# What is stamped on a profile are names, and whoever finds the profile sees them.
BY_NAME: LiteralString = found("""
CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $query, {limit: $hits}) YIELD node AS p
MATCH (e:Expert)-[:EVIDENCED_BY]->(p) WHERE FINDS(p) PASSES(e)
RETURN collect(DISTINCT [e.id, e.name] + coalesce(e.other_names, [])) AS people
""")

BY_TOPIC: LiteralString = found("""
MATCH (t:Topic)<-[:EXPERT_IN]-(e:Expert) WHERE t.id IN $named AND FINDS(e) PASSES(e)
WITH DISTINCT e LIMIT $most
RETURN collect(e.id) AS people
""")

BY_INDEX: LiteralString = found("""
MATCH (p:Passage)
SEARCH p IN (
  VECTOR INDEX passage_embedding FOR $vector
  WHERE p.encoder = $revision AND p.found_by <= $reach
  LIMIT $hits
) SCORE AS similarity
WITH collect({p: p, similarity: similarity}) AS hits, min(similarity) AS least
RETURN size(hits) AS hits, least, COLLECT {
  UNWIND hits AS hit
  WITH hit.p AS p, hit.similarity AS similarity
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p) WHERE FINDS(p) PASSES(e)
  WITH e, max(similarity) AS similarity ORDER BY similarity DESC
  RETURN [e.id, similarity]
} AS people
""")

BY_COMPARING: LiteralString = found("""
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage {encoder: $revision}) WHERE FINDS(p) PASSES(e)
WITH e, p.kind = 'profile' AS is_profile, max(vector.similarity.cosine(p.embedding, $vector)) AS similarity
WITH e, 2 * avg(similarity) - 1 AS near
WITH e, near, COLLECT { MATCH (e)-[x:EXPERT_IN]->(t:Topic) RETURN [t.id, x.level] } AS expertise
WITH e, near
  + reduce(most = 0.0, one IN expertise | coll.max([most, coalesce($near_topics[one[0]], 0.0) * $depth[one[1]]]))
  + reduce(most = 0.0, one IN expertise | coll.max([most, coalesce($named_topics[one[0]], 0.0) * $depth[one[1]]]))
  AS total
ORDER BY total DESC LIMIT $most
RETURN collect(e.id) AS people
""")

# Those who come first come back, by the sum that graph.search.scoring makes. All people come as one row: a row is a
# message, and the driver takes longer over a hundred of them than the database over the query.
CANDIDATES: LiteralString = found("""
CALL () {
  MATCH (e:Expert) WHERE e.id IN $people AND FINDS(e)
  RETURN e, null AS worded
UNION ALL
  CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $words) YIELD node AS p, score
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p) WHERE FINDS(p) AND e.id IN $people
  RETURN e, {id: p.id, words: score} AS worded
}
WITH e, collect(worded) AS worded, max(worded.words) AS words
WITH e, worded, words,
  COLLECT {
    MATCH (e)-[:EVIDENCED_BY]->(p:Passage {encoder: $revision}) WHERE FINDS(p)
    RETURN [p.id, 2 * vector.similarity.cosine(p.embedding, $vector) - 1, p.kind]
  } AS passages,
  COLLECT { MATCH (e)-[x:EXPERT_IN]->(t:Topic) RETURN [t.id, x.level] } AS expertise
WHERE size(passages) > 0 OR words > 0 OR e.id IN $named
WITH e, worded, words, passages, expertise,
  coll.max([one IN passages WHERE one[2] = 'profile' | one[1]]) AS profile,
  coll.max([one IN passages WHERE one[2] <> 'profile' | one[1]]) AS evidence
WITH {expert: e.id, worded: worded, passages: passages, expertise: expertise} AS one,
  coalesce((profile + evidence) / 2, profile, evidence, -1.0)
  + reduce(most = 0.0, one IN expertise | coll.max([most, coalesce($near_topics[one[0]], 0.0) * $depth[one[1]]]))
  + reduce(most = 0.0, one IN expertise | coll.max([most, coalesce($named_topics[one[0]], 0.0) * $depth[one[1]]]))
  + $word * coalesce(words, 0.0)
  + CASE WHEN e.id IN $named THEN $name ELSE 0.0 END AS total
ORDER BY total DESC, one.expert LIMIT $told
RETURN collect(one) AS people, collect(total) AS totals
""")

NEAR_TOPICS: LiteralString = """
CALL () {
  MATCH (t:Topic {encoder: $revision})
  RETURN t ORDER BY vector.similarity.cosine(t.embedding, $vector) DESC LIMIT $limit
UNION
  CALL db.index.fulltext.queryNodes('topic_labels', $words, {limit: $limit}) YIELD node AS t
  MATCH (t) WHERE t.encoder = $revision
  RETURN t
}
RETURN collect({
  id: t.id,
  similarity: vector.similarity.cosine(t.embedding, $vector),
  broader: COLLECT { MATCH (t)-[:BROADER]->+(b:Topic) RETURN b.id },
  labels: t.labels
}) AS topics
"""


def start_of(only: ExpertFilter) -> LiteralString:
    """Where a statement begins that asks for everybody who passes a filter."""
    parameters = only.parameters()
    return next((start for part, start in STARTS.items() if parameters[part]), EVERYWHERE)


async def passages_found(graph: Graph, viewer: Viewer) -> int:
    """How many passages the viewer may find; Neo4j keeps count, so this costs the same however many there are."""
    return int((await graph.read(PASSAGES[viewer.reach]))[0]["passages"])


async def candidates_for(
    graph: Graph,
    viewer: Viewer,
    *,
    question: str,
    vector: Sequence[float],
    revision: str,
    lifts: Lifts,
    only: ExpertFilter,
    people: int,
    limits: Limits = LIMITS,
) -> list[Candidate]:
    """Who is worth scoring for a question: the best ``people`` of all who pass the filter are among them, unordered.

    With fewer of them, there are no others who pass the filter and have evidence. There are 100 at least, if there are
    so many people, since a score is held against the others.

    Beyond some thousand people who pass, the best are those whom the vector index and full text have not missed;
    docs/scale.md says how many it misses.
    """
    asked = Asked(graph, viewer, question, vector, revision, lifts, only, limits)
    passing, named = await asyncio.gather(asked.passing(), asked.named())
    told = max(people, limits.told)
    if len(passing) <= limits.compared:
        return (await asked.compared(passing, named, told=told)).candidates
    if len(passing) <= limits.listed:
        return (await asked.compared(await asked.by_comparing(named, told=told), named, told=told)).candidates
    best = _Compared([], [])
    hits = limits.hits
    while hits <= limits.most_hits:
        try:
            near = await asked.near(named, hits=hits)
        except INDEX_FAULTS:
            break
        best = await asked.compared(near.people, named, told=told)
        if near.others is None or best.has(people, better_than=near.others):
            return best.candidates
        hits *= 4
    if best.has(people) and await passages_found(graph, viewer) > limits.scanned:
        return best.candidates
    return (await asked.compared(await asked.by_comparing(named, told=told), named, told=told)).candidates


@dataclass(frozen=True, slots=True)
class _Near:
    """People found by the indexes, best first, and the most that the total of anybody else can be; None: nobody is."""

    people: Sequence[str]
    others: float | None


@dataclass(frozen=True, slots=True)
class _Compared:
    candidates: list[Candidate]
    totals: Sequence[float]
    """Best first."""

    def has(self, people: int, *, better_than: float = -1.0) -> bool:
        """Whether as many people have this total at least."""
        return people == 0 or (len(self.totals) >= people and self.totals[people - 1] >= better_than)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to one graph by one viewer, and the ways to find people for it."""

    graph: Graph
    viewer: Viewer
    question: str
    vector: Sequence[float]
    revision: str
    lifts: Lifts
    only: ExpertFilter
    limits: Limits

    async def _read(self, statement: LiteralString, **parameters: Any) -> list[Row]:
        """What a statement finds of those who pass the filter."""
        return await self.graph.read(narrowed(statement, self.only), **parameters, **self._filter)

    @property
    def _filter(self) -> dict[str, Any]:
        return {"reach": int(self.viewer.reach), **self.only.parameters()}

    async def passing(self) -> Sequence[str]:
        """Everybody who passes the filter; some of them, where they are more than are listed."""
        (found,) = await self._read(start_of(self.only) + PASSING, most=self.limits.listed + 1)
        people: Sequence[str] = found["people"]
        return people

    async def named(self) -> Sequence[str]:
        """Whom the question names: their name stands in it, or it is nothing but words of it."""
        words = words_of(folded(self.question))
        query = _stamped(name_stamps(name_words(self.question)))
        hits = NAMESAKES if len(words) <= WORDS_OF_A_NAME else NAMED_AT_MOST
        (found,) = await self._read(BY_NAME, query=query, hits=hits)
        return [expert for expert, *names in found["people"] if _is_of(names, self.question, words)]

    async def near(self, named: Sequence[str], *, hits: int) -> _Near:
        """Who is near the question by meaning, by words, or by knowing a topic that it names."""
        (by_meaning,), (by_topic,), (by_words,) = await asyncio.gather(
            self._read(BY_INDEX, vector=self.vector, revision=self.revision, hits=hits),
            self._read(BY_TOPIC, named=sorted(self.lifts.named_topics), most=self.limits.compared),
            self._read(BY_WORDS, query=self._words(), hits=hits),
        )
        nearness = {expert: 2 * similarity - 1 for expert, similarity in by_meaning["people"]}
        kept = list(dict.fromkeys([*named, *nearness, *by_topic["people"], *by_words["people"]]))[
            : self.limits.compared
        ]
        if by_meaning["hits"] < hits and nearness.keys() <= set(kept):
            return _Near(kept, None)
        others = max([2 * by_meaning["least"] - 1, *(nearness[expert] for expert in nearness.keys() - set(kept))])
        others += max(self.lifts.near_topics.values(), default=0.0)
        if len(by_topic["people"]) == self.limits.compared or not set(by_topic["people"]) <= set(kept):
            others += max(self.lifts.named_topics.values(), default=0.0)
        if by_words["hits"] == hits or not set(by_words["people"]) <= set(kept):
            others += self.lifts.word * len(words_of(self.question))
        return _Near(kept, others)

    async def by_comparing(self, named: Sequence[str], *, told: int) -> Sequence[str]:
        """The best of all who pass, by comparing everybody, and those with words of the question.

        Twice as many as are to be told, since their words are counted only later.
        """
        most = 2 * told
        (found,), (by_words,) = await asyncio.gather(
            self._read(BY_COMPARING, vector=self.vector, revision=self.revision, most=most, **self._lifted),
            self._read(BY_WORDS, query=self._words(), hits=self.limits.hits),
        )
        return list(dict.fromkeys([*named, *by_words["people"], *found["people"]]))

    async def compared(self, people: Sequence[str], named: Sequence[str], *, told: int) -> _Compared:
        """The best of these people, as many as are to be told."""
        (found,) = await self.graph.read(
            CANDIDATES,
            people=people,
            named=named,
            words=self._words(people),
            vector=self.vector,
            revision=self.revision,
            reach=int(self.viewer.reach),
            told=told,
            word=self.lifts.word,
            name=self.lifts.name,
            **self._lifted,
        )
        is_named = set(named)
        return _Compared([_candidate(row, is_named) for row in found["people"]], found["totals"])

    @property
    def _lifted(self) -> dict[str, Any]:
        return {
            "near_topics": self.lifts.near_topics,
            "named_topics": self.lifts.named_topics,
            "depth": self.lifts.depth,
        }

    def _words(self, people: Sequence[str] = ()) -> str:
        return full_text_query(self.question if self.lifts.word else "", people)


async def near_topics(
    graph: Graph, viewer: Viewer, *, question: str, vector: Sequence[float], revision: str
) -> list[NearTopic]:
    """The topics nearest to the question by meaning, and those whose labels share words with it; unordered.

    In a short question, words that are misspelt are shared too.
    """
    words = words_of(question)[:MOST_WORDS_OF_TOPICS]
    terms = [f'"{word}"' for word in words]
    if len(words) <= MOST_WORDS_MISSPELT:
        terms += [f"{folded(word)}~" for word in words if len(word) >= SHORTEST_MISSPELT]
    (found,) = await graph.read(
        NEAR_TOPICS,
        vector=vector,
        words=" ".join(terms) or NO_WORD,
        revision=revision,
        limit=TOPIC_HITS,
    )
    asked = folded(question)
    return [
        NearTopic(
            TopicId(row["id"]),
            2 * row["similarity"] - 1,
            tuple(map(TopicId, row["broader"])),
            *_named(row["labels"] or (), asked),
        )
        for row in found["topics"]
    ]


def _is_of(names: Sequence[str], question: str, words: Sequence[str]) -> bool:
    """Whether a question is of a person: their name stands in it, or it is nothing but words of their name."""
    spelled = [set(words_of(folded(name))) for name in names]
    return any(of <= set(words) or set(words) <= of for of in spelled if of and words) or is_named(names, question)


def _named(labels: Sequence[str], asked: str) -> tuple[float, str]:
    """How much of a question is a label of a topic, and the longest label that stands in it."""
    texts = [folded(label) for label in labels]
    said = max((text for text in texts if _stands(text, asked)), key=len, default="")
    if any(fuzz.ratio(text, asked) >= LIKE for text in texts):
        return 1.0, asked
    share = len(said) / len(asked) if asked else 0.0
    return share if share >= NAMED_SHARE else 0.0, said


def _stands(text: str, asked: str) -> bool:
    """Whether a text stands in another as whole words."""
    start = asked.find(text)
    if start < 0:
        return False
    around = asked[max(start - 1, 0) : start] + asked[start + len(text) : start + len(text) + 1]
    return not text.isascii() or not any(letter.isalnum() for letter in around)


def full_text_query(question: str, people: Sequence[str] = ()) -> str:
    """A Lucene query: any of the question's words, on these people if any are given. Nothing of it is syntax.

    A passage's score is how many of the words it has. Beyond Lucene's limit of clauses, whose it is does not matter.
    """
    words = words_of(question)
    if not words:
        return f"text:{NO_WORD}"
    # A word counts one wherever it stands: Lucene's own score tells how rare a word is, and counts what is hidden or
    # erased until it tidies up. Of no weight, the word decides alone whether the one that *:* gives is given.
    any_word = " ".join(f'(+(text:"{word}" title:"{word}")^0 *:*)' for word in words[:MOST_WORDS])
    if not 0 < len(people) <= LIMITS.compared:
        return any_word
    owners = " ".join(f'"{owner_stamp(person)}"' for person in people)
    return f"+({any_word}) +stamps:({owners})^0"


def _stamped(stamps: Sequence[str]) -> str:
    """A Lucene query for any of these stamps; a score is how many there are."""
    return " ".join(f'(+stamps:"{stamp}"^0 *:*)' for stamp in stamps[:MOST_NAME_WORDS]) or f"stamps:{NO_WORD}"


def words_of(question: str) -> list[str]:
    """The words of a question; in a script that writes without spaces, a run of letters is one."""
    return re.findall(r"\w+", question)


def _candidate(row: Row, named: Collection[str]) -> Candidate:
    words: Mapping[str, float] = {hit["id"]: hit["words"] for hit in row["worded"]}
    return Candidate(
        ExpertId(row["expert"]),
        row["expert"] in named,
        tuple(
            NearPassage(PassageId(id_), similarity, words.get(id_, 0.0), kind == "profile")
            for id_, similarity, kind in row["passages"]
        ),
        tuple((TopicId(topic), ExpertiseLevel(level)) for topic, level in row["expertise"]),
    )
