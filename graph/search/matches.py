"""A match as people see it: the person, the passages that earned the place, and the reasons in the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from rapidfuzz import fuzz

from graph.graph import Graph, Row
from graph.search.needs import Needs
from graph.search.scoring import Score
from graph.sentences import FloatVector, nearest
from graph.values import (
    Affiliation,
    Event,
    Expert,
    ExpertId,
    Expertise,
    ExpertiseLevel,
    Language,
    LanguageLevel,
    Organisation,
    Passage,
    SpokenLanguage,
    Talk,
    Topic,
)
from graph.viewer import Viewer, seen

__all__ = ["Evidence", "Match", "Reason", "Strength", "by_strength", "described"]

STRONG_FROM = 0.9
GOOD_FROM = 0.45

ALIKE_FROM = 90.0
"""From this likeness on (rapidfuzz's ratio, 0 to 100), a passage says what another one has said already."""

Reason = Expertise | Talk | SpokenLanguage | Affiliation
"""What speaks for a person: they know the topic, spoke on it, speak the asker's language, or are or were where the
asker is or was. The last is no part of the ranking."""


class Strength(StrEnum):
    """How likely a match fits; docs/quality.md says how often each is right."""

    STRONG = "strong"
    GOOD = "good"
    WEAK = "weak"

    @classmethod
    def of(cls, confidence: float) -> "Strength":
        """What a confidence, 0 to 1, is called."""
        if confidence < GOOD_FROM:
            return cls.WEAK
        return cls.STRONG if confidence >= STRONG_FROM else cls.GOOD


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that earned a place, and its cosine with the question (-1 to 1, centred).

    ``sentence`` is where the sentence that is nearest to the question by meaning starts and ends, in code points of the
    passage's text; None for a passage of one sentence, or whose sentences have no vectors yet.
    """

    passage: Passage
    similarity: float
    sentence: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A person who fits a question; ``score`` is comparable within one answer.

    ``unmet`` are the question's words for what they do not show: that they speak a language, or are somewhere.
    """

    expert: Expert
    score: float
    strength: Strength
    unmet: tuple[str, ...]
    languages: tuple[SpokenLanguage, ...]
    affiliations: tuple[Affiliation, ...]
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]


DESCRIBED: LiteralString = seen("""
CALL () {
  MATCH (e:Expert {id: $me})-[:AFFILIATED_WITH]->(o:Organisation) WHERE SEES(e.organisation)
  RETURN collect(DISTINCT o.id) AS mine
}
UNWIND $scores AS score
MATCH (e:Expert {id: score.expert}) WHERE SEES(e.listing)
RETURN e.id AS id,
       PERSON(e) AS expert,
       head(COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) WHERE SEES(e.country) RETURN c {.*} }) AS country,
       COLLECT { MATCH (e)-[:WORKED_IN]->(c:Country) WHERE SEES(e.country) RETURN c.id } AS worked_in,
       COLLECT {
         MATCH (e)-[s:SPEAKS]->(l:Language) WHERE SEES(e.languages)
         RETURN {level: s.level, language: l {.*}}
         ORDER BY CASE s.level WHEN 'native' THEN 0 WHEN 'fluent' THEN 1 WHEN 'working' THEN 2 ELSE 3 END, l.id
       } AS languages,
       COLLECT {
         MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation)
         WHERE a.to IS NULL AND SEES(e.organisation)
         RETURN {role: a.role, since: a.from, until: a.to, organisation: o {.*}} ORDER BY a.from DESC, o.id
       } AS affiliations,
       COLLECT {
         MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation)
         WHERE o.id IN mine AND e.id <> $me AND SEES(e.organisation)
         RETURN {role: a.role, since: a.from, until: a.to, organisation: o {.*}}
         ORDER BY a.to IS NOT NULL, a.from DESC, o.id
       } AS shared,
       COLLECT {
         UNWIND score.passages AS id
         MATCH (e)-[:EVIDENCED_BY]->(p:Passage {id: id}) WHERE SEES(e, p)
         OPTIONAL MATCH (p)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(v:Event)
         RETURN {
           passage: p {
             .id, .text, .title, .kind, .language, .occurred_on,
             stands: CASE WHEN SEES(p.source) THEN p {.source, .place} END
           },
           event: v {.*}, role: head([(e)-[s:SPOKE_AT]->(v) | s.role]),
           resource: head([(p)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(r:Resource) | r.id]),
           sentences: p.sentences, sentence_vectors: p.sentence_vectors
         }
       } AS passages,
       COLLECT {
         UNWIND score.topics AS id
         MATCH (e)-[x:EXPERT_IN]->(t:Topic {id: id}) WHERE SEES(e.profile)
         RETURN {level: x.level, since: x.since, topic: t {.*}}
       } AS expertise
""")


SHOWN: LiteralString = seen("""
UNWIND $experts AS id
MATCH (e:Expert {id: id}) WHERE SEES(e.listing)
RETURN e.id AS id,
       COLLECT {
         MATCH (e)-[s:SPEAKS]->(l:Language) WHERE s.level <> 'basic' AND SEES(e.languages) RETURN l.id
       } AS languages,
       COLLECT { MATCH (e)-[:BASED_IN|WORKED_IN]->(c:Country) WHERE SEES(e.country) RETURN c.id } AS countries
""")


async def by_strength(graph: Graph, viewer: Viewer, *, scores: Sequence[Score], needs: Needs) -> list[Score]:
    """These scores, where the question needs something of people: the strongest matches first, else in the same order.

    Whoever does not show the viewer what is needed is a weak match, and comes after who does and fits as well. Whom the
    question names stays before all others.
    """
    if not needs.told:
        return list(scores)
    rows = await graph.read(SHOWN, **viewer.sight, experts=[score.expert for score in scores])
    unmet = {row["id"]: needs.unmet(languages=row["languages"], countries=row["countries"]) for row in rows}
    strengths = list(Strength)

    def place(score: Score) -> tuple[bool, int]:
        return not score.is_named, strengths.index(strength_of(score, unmet.get(score.expert, ())))

    return sorted(scores, key=place)


async def described(
    graph: Graph,
    viewer: Viewer,
    *,
    scores: Sequence[Score],
    vector: FloatVector,
    language: str | None,
    needs: Needs,
) -> list[Match]:
    """The people behind these scores, in the same order.

    ``vector`` is the question's, ``language`` the asker's, where it is known. What of a person's evidence is nearly the
    same text as what stands before it is left out.
    """
    rows = await graph.read(
        DESCRIBED,
        **viewer.sight,
        scores=[
            {
                "expert": score.expert,
                "passages": [passage.id for passage in score.evidence],
                "topics": list(score.topics),
            }
            for score in scores
        ],
    )
    found: Mapping[ExpertId, Row] = {row["id"]: row for row in rows}
    # Whoever was erased, or withdrew, between the two queries is left out.
    return [_match(found[score.expert], score, vector, language, needs) for score in scores if score.expert in found]


def _match(row: Row, score: Score, vector: FloatVector, language: str | None, needs: Needs) -> Match:
    similarity = {passage.id: passage.similarity for passage in score.evidence}
    languages = tuple(
        SpokenLanguage(Language.from_row(spoken["language"]), LanguageLevel(spoken["level"]))
        for spoken in row["languages"]
    )
    evidence = tuple(
        Evidence(
            passage := Passage.from_row(told),
            similarity[passage.id],
            nearest(vector, told["sentences"] or (), told["sentence_vectors"] or b""),
        )
        for told in _told_once(row["passages"])
    )
    reasons: list[Reason] = [
        Expertise(Topic.from_row(known["topic"]), ExpertiseLevel(known["level"]), known["since"])
        for known in row["expertise"]
    ]
    # Several passages of one talk are one reason.
    reasons += dict.fromkeys(
        Talk(Event.from_row(passage["event"]), passage["role"], passage["passage"]["title"])
        for passage in row["passages"]
        if passage["event"] is not None and passage["passage"]["kind"] == "talk"
    )
    reasons += [
        spoken for spoken in languages if spoken.language.id == language and spoken.level != LanguageLevel.BASIC
    ]
    # Several roles in one organisation are one reason: the present or newest one.
    shared: dict[str, Affiliation] = {}
    for at in row["shared"]:
        shared.setdefault(at["organisation"]["id"], _affiliation(at))
    reasons += shared.values()
    country = [row["country"]["id"]] if row["country"] else []
    unmet = needs.unmet(
        languages=[spoken.language.id for spoken in languages if spoken.level != LanguageLevel.BASIC],
        countries=[*country, *row["worked_in"]],
    )
    return Match(
        Expert.from_row(row),
        score.total,
        strength_of(score, unmet),
        unmet,
        languages,
        tuple(_affiliation(at) for at in row["affiliations"]),
        evidence,
        tuple(reasons),
    )


def _affiliation(row: Row) -> Affiliation:
    return Affiliation(Organisation.from_row(row["organisation"]), row["role"], row["since"], row["until"])


def _told_once(passages: Sequence[Row]) -> list[Row]:
    """Without those that are nearly the same text as an earlier one, such as a biography that came in twice."""
    once: list[Row] = []
    for row in passages:
        text = row["passage"]["text"]
        if not any(fuzz.ratio(text, earlier["passage"]["text"]) >= ALIKE_FROM for earlier in once):
            once.append(row)
    return once


def strength_of(score: Score, unmet: Sequence[str]) -> Strength:
    """How likely somebody with this score fits, who does not show what is ``unmet``."""
    return Strength.WEAK if unmet else Strength.of(score.confidence)
