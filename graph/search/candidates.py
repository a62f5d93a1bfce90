"""Who may fit a question: the passages near it by meaning or by words, and the people they speak for.

A filter acts inside, and so does what the asker may see: a passage, a country or a language beyond their reach finds
nobody. In a search a person is found as everybody of their role finds them. Few passages are compared one by one, which
is exact; many are asked of the vector index, with more hits than needed, and if too few people come back, of all
passages after all: a filter never hides anybody.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, LiteralString

from rapidfuzz import fuzz

from graph.errors import DatabaseFault
from graph.filters import ExpertFilter, folded
from graph.graph import Graph, Row
from graph.values import ExpertId, ExpertiseLevel, PassageId, TopicId
from graph.viewer import Audience, Viewer, found

__all__ = ["Candidate", "NearPassage", "NearTopic", "candidates_for", "near_topics", "passages_found", "words_of"]

# Comparing a passage costs about 15 us, asking the index 8 to 16 ms: up to here comparing all is as fast, and exact.
COMPARE_ALL_UP_TO = 2_000
INDEX_HITS = 200
# More people than asked for, so that words and topics can lift some of them.
PEOPLE_COMPARED = 100
WORD_HITS = 100
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
# Lucene refuses queries of more than 1,024 clauses; nobody asks in more words than this.
MOST_WORDS = 200


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

# The hits by words and what follows are the same for every way of finding the hits by meaning. All people come as one
# row: a row is a message, and the driver takes longer over a hundred of them than the database over the query.
PEOPLE_OF_HITS: LiteralString = found("""
UNION ALL
  CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $words, {limit: $word_hits}) YIELD node AS p, score
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p)
  WHERE FINDS(p)
    AND ($countries IS NULL OR FINDS_COUNTRY(p))
    AND ($languages = [] OR FINDS_LANGUAGES(p))
    AND ($topic_stamps IS NULL OR any(topic IN $topic_stamps WHERE topic IN p.topics))
  RETURN e, {id: p.id, words: score} AS worded
}
WITH e, collect(worded) AS worded
RETURN collect({
  expert: e.id,
  name: e.name,
  passages: COLLECT {
    MATCH (e)-[:EVIDENCED_BY]->(p:Passage {encoder: $revision}) WHERE FINDS(p)
    RETURN [p.id, vector.similarity.cosine(p.embedding, $vector), p.kind]
  },
  worded: worded,
  expertise: COLLECT { MATCH (e)-[x:EXPERT_IN]->(t:Topic) RETURN [t.id, x.level] }
}) AS people
""")

BY_COMPARING: LiteralString = (
    found("""
CALL () {
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage {encoder: $revision})
  WHERE FINDS(p)
    AND ($countries IS NULL OR FINDS_COUNTRY(p))
    AND ($languages = [] OR FINDS_LANGUAGES(p))
    AND ($topic_stamps IS NULL OR any(topic IN $topic_stamps WHERE topic IN p.topics))
  WITH e, max(vector.similarity.cosine(p.embedding, $vector)) AS similarity
  ORDER BY similarity DESC LIMIT $people
  RETURN e, null AS worded
""")
    + PEOPLE_OF_HITS
)

BY_INDEX: LiteralString = (
    found("""
CALL () {
  MATCH (p:Passage)
  SEARCH p IN (
    VECTOR INDEX passage_embedding FOR $vector
    WHERE p.encoder = $revision AND p.found_by <= $reach
    LIMIT $hits
  )
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p)
  WHERE FINDS(p)
    AND ($languages = [] OR FINDS_LANGUAGES(p))
    AND ($topic_stamps IS NULL OR any(topic IN $topic_stamps WHERE topic IN p.topics))
  RETURN DISTINCT e, null AS worded
""")
    + PEOPLE_OF_HITS
)

BY_INDEX_IN_COUNTRIES: LiteralString = (
    found("""
CALL () {
  MATCH (p:Passage)
  SEARCH p IN (
    VECTOR INDEX passage_embedding FOR $vector
    WHERE p.encoder = $revision AND p.found_by <= $reach AND p.country IN $countries AND p.audience_country <= $reach
    LIMIT $hits
  )
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p)
  WHERE FINDS(p)
    AND ($languages = [] OR FINDS_LANGUAGES(p))
    AND ($topic_stamps IS NULL OR any(topic IN $topic_stamps WHERE topic IN p.topics))
  RETURN DISTINCT e, null AS worded
""")
    + PEOPLE_OF_HITS
)

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
    only: ExpertFilter,
    people: int,
    passages: int,
) -> list[Candidate]:
    """Everybody worth scoring for a question, unordered; ``passages`` is how many the viewer may find.

    With fewer than ``people`` of them, there are no others who pass the filter and have evidence.
    """
    parameters: dict[str, Any] = {
        "reach": int(viewer.reach),
        "revision": revision,
        "vector": vector,
        "words": full_text_query(question, only, reach=viewer.reach),
        "word_hits": WORD_HITS,
        "countries": None if only.countries is None else sorted(only.countries),
        "languages": sorted(only.languages),
        "topic_stamps": None if only.topics is None else [topic_stamp(topic) for topic in sorted(only.topics)],
    }
    asked = folded(question)
    if passages > COMPARE_ALL_UP_TO:
        by_index = BY_INDEX if only.countries is None else BY_INDEX_IN_COUNTRIES
        # Just after many vectors went, Neo4j 2026.08 may fail in the index ('Index … out of bounds', 50N00).
        with suppress(DatabaseFault):
            found = (await graph.read(by_index, hits=INDEX_HITS, **parameters))[0]["people"]
            if len(found) >= people:
                return [_candidate(row, asked) for row in found]
    found = (await graph.read(BY_COMPARING, people=max(people, PEOPLE_COMPARED), **parameters))[0]["people"]
    return [_candidate(row, asked) for row in found]


async def near_topics(
    graph: Graph, viewer: Viewer, *, question: str, vector: Sequence[float], revision: str
) -> list[NearTopic]:
    """The topics nearest to the question by meaning, and those whose labels share words with it; unordered.

    In a short question, words that are misspelt are shared too.
    """
    words = words_of(question)[:MOST_WORDS]
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


def _is_of(name: str, asked: str) -> bool:
    """Whether a question is of a person: their whole name stands in it, or it is nothing but words of their name."""
    words = set(words_of(asked))
    names = set(words_of(folded(name)))
    return bool(words) and bool(names) and (names <= words or words <= names)


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


def full_text_query(question: str, only: ExpertFilter, *, reach: Audience) -> str:
    """A Lucene query: any of the question's words, and all of the filter. Nothing of the question is syntax.

    A passage's score is how many of the words it has.

    What a person shows of their country and languages counts only if it is within the asker's reach.
    """
    shown = [f"_{audience.value}" for audience in Audience if audience <= reach]
    words = words_of(question)[:MOST_WORDS]
    if not words:
        return f"text:{NO_WORD}"
    # A word counts one wherever it stands: Lucene's own score tells how rare a word is, and counts what is hidden or
    # erased until it tidies up. Of no weight, the word decides alone whether the one that *:* gives is given.
    any_word = " ".join(f'(+(text:"{word}" title:"{word}")^0 *:*)' for word in words)
    clauses = [f"+({any_word})"]
    if only.countries is not None:
        clauses.append(_one_of("country", [country + end for country in only.countries for end in shown]))
    clauses.extend(_one_of("speaks", [language + end for end in shown]) for language in sorted(only.languages))
    if only.topics is not None:
        clauses.append(_one_of("topic", only.topics))
    return " ".join(clauses)


def words_of(question: str) -> list[str]:
    """The words of a question; in a script that writes without spaces, a run of letters is one."""
    return re.findall(r"\w+", question)


def topic_stamp(topic: TopicId) -> str:
    """A topic's id as it is stamped on passages: one word to Lucene, which breaks words at hyphens."""
    return topic.replace("-", "_")


def _one_of(kind: str, ids: Collection[str]) -> str:
    """One of these stamps, each one word to Lucene, and none that it would leave out as too common ('IN', 'to').

    They choose and count for nothing in the score, which would tell how rare a stamp is.
    """
    stamps = " ".join(f'"{kind}_{id_.replace("-", "_")}"' for id_ in sorted(ids))
    return f"+stamps:({stamps})^0" if stamps else "-*:*"


def _candidate(row: Row, asked: str) -> Candidate:
    words: Mapping[str, float] = {hit["id"]: hit["words"] for hit in row["worded"]}
    return Candidate(
        ExpertId(row["expert"]),
        _is_of(row["name"], asked),
        tuple(
            NearPassage(PassageId(id_), 2 * similarity - 1, words.get(id_, 0.0), kind == "profile")
            for id_, similarity, kind in row["passages"]
        ),
        tuple((TopicId(topic), ExpertiseLevel(level)) for topic, level in row["expertise"]),
    )
