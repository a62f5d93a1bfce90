"""How well a person fits a question, from their evidence, their profile, their expertise and the words they share.

Pure arithmetic over candidates. The weights stand here and nowhere else; docs/quality.md has the run that shows what
each of them does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from graph.search.candidates import MOST_WORDS, Candidate, Lifts, NearPassage, NearTopic
from graph.values import ExpertId, ExpertiseLevel, TopicId

__all__ = ["Score", "lifts_of", "nobody_fits", "ranked"]

TOPIC_WEIGHT = 0.075
TOPIC_WITHIN = 0.1
"""A topic that is this much farther from the question than the nearest one counts for nothing."""
BROADER_COUNTS = 0.8
NAMED_TOPIC_WEIGHT = 0.2
"""What more it counts to know a topic that is all of the question; where it is a part, by the square of how much."""
LEVEL = {ExpertiseLevel.LEAD: 1.0, ExpertiseLevel.PRACTITIONER: 0.8, ExpertiseLevel.FAMILIAR: 0.5}

WORDS_WEIGHT = 0.3
"""Of sharing all words with the question, for one of one word; it falls with the square of their number, since a name
or an acronym stands for itself but the words of a sentence stand for what it means."""

NAMED_WEIGHT = 1.0
"""A person whom the question names comes before all others."""

FITS_FROM = -0.03
"""How much nearer than to another field a question must be to the nearest person or topic; below it, nobody fits."""

CONFIDENCE = {"similarity": 8.59, "beyond": 5.88, "lift": 26.61, "above": 14.95}
"""How sure it is that a person fits: the weights of a logistic regression on who fits the labelled questions."""
CONFIDENCE_BIAS = -5.45
COMPARED = 100
"""A score is held against the median of as many as this; a search has about as many candidates at least, if there are
so many people."""

EVIDENCE_SHOWN = 2
EVIDENCE_WITHIN = 0.1
TOPICS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Score:
    """How well a person fits and what earned it: passages and topics, best first. Cosines, so -1 to 1, and a bit.

    ``parts`` add up to the total; ``confidence``, 0 to 1, is how many of those who look like this fit.
    """

    expert: ExpertId
    total: float
    similarity: float
    evidence: tuple[NearPassage, ...]
    topics: tuple[TopicId, ...]
    confidence: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether the question names the person."""
        return self.parts.get("name", 0.0) > 0


def lifts_of(topics: Sequence[NearTopic], *, words_asked: int) -> Lifts:
    """What topics, words and names add for a question that is near these topics and has so many words."""
    return Lifts(
        near_topics={topic: TOPIC_WEIGHT * nearness for topic, nearness in _nearness(topics).items() if nearness},
        named_topics={topic: NAMED_TOPIC_WEIGHT * named for topic, named in _named(topics).items() if named},
        depth=LEVEL,
        word=WORDS_WEIGHT / words_asked**3 if 0 < words_asked <= MOST_WORDS else 0.0,
        name=NAMED_WEIGHT,
    )


def ranked(candidates: Sequence[Candidate], lifts: Lifts, *, other_field: float) -> list[Score]:
    """Everybody scored, best first; equals by id, so that the order is always the same.

    ``other_field`` is the question's cosine with the nearest field that others work in.
    """
    scores = [_score(one, lifts) for one in candidates]
    scores.sort(key=lambda score: (-score.total, score.expert))
    usual = median(score.total for score in scores[:COMPARED]) if scores else 0.0
    asked_for = {one.expert for one in candidates if one.is_named}
    return [
        replace(score, confidence=1.0 if score.expert in asked_for else _confidence(score, other_field, usual))
        for score in scores
    ]


def nobody_fits(
    candidates: Sequence[Candidate], scores: Sequence[Score], topics: Sequence[NearTopic], *, other_field: float
) -> bool:
    """Whether the question is nearer to a field that others work in than to any person or topic here.

    A question that names a person or a topic is never beyond the network.
    """
    if any(one.is_named for one in candidates) or any(topic.named for topic in topics):
        return False
    similarities = [*(score.similarity for score in scores), *(topic.similarity for topic in topics)]
    return max(similarities) - other_field < FITS_FROM


def _score(candidate: Candidate, lifts: Lifts) -> Score:
    evidence = sorted(
        (passage for passage in candidate.passages if not passage.is_profile),
        key=lambda passage: (-passage.similarity - lifts.word * passage.words, passage.id),
    )
    profile = [passage.similarity for passage in candidate.passages if passage.is_profile]
    near = {"profile": profile[:1], "evidence": sorted((passage.similarity for passage in evidence), reverse=True)[:1]}
    told = [name for name, similarities in near.items() if similarities]
    parts = {name: near[name][0] / len(told) for name in told} or {"evidence": -1.0}
    similarity = sum(parts.values())
    known = sorted(
        ((lifts.near_topics.get(topic, 0.0) * lifts.depth[level], topic) for topic, level in candidate.expertise),
        reverse=True,
    )
    of_named = [lifts.named_topics.get(topic, 0.0) * lifts.depth[level] for topic, level in candidate.expertise]
    words = max((passage.words for passage in candidate.passages), default=0.0)
    parts |= {
        "topics": known[0][0] if known else 0.0,
        "named topics": max(of_named, default=0.0),
        "words": lifts.word * words,
        "name": lifts.name * candidate.is_named,
    }
    return Score(
        candidate.expert,
        sum(parts.values()),
        similarity,
        tuple(
            passage
            for passage in evidence[:EVIDENCE_SHOWN]
            if evidence[0].similarity - passage.similarity <= EVIDENCE_WITHIN
        ),
        tuple(topic for nearby, topic in known[:TOPICS_SHOWN] if nearby > 0),
        parts=parts,
    )


def _confidence(score: Score, other_field: float, usual: float) -> float:
    told = {
        "similarity": score.similarity,
        "beyond": score.similarity - other_field,
        "lift": score.total - score.similarity,
        "above": score.total - usual,
    }
    return 1 / (1 + math.exp(-CONFIDENCE_BIAS - sum(weight * told[name] for name, weight in CONFIDENCE.items())))


def _nearness(topics: Sequence[NearTopic]) -> Mapping[TopicId, float]:
    """0 to 1 for each topic: how near it, or one above it, is to the question, beside the nearest topic."""
    if not topics:
        return {}
    best = max(topic.similarity for topic in topics)
    own = {topic.id: 1.0 if topic.named else max(0.0, 1 - (best - topic.similarity) / TOPIC_WITHIN) for topic in topics}
    return {
        topic.id: max([own[topic.id], *(BROADER_COUNTS * own.get(above, 0.0) for above in topic.broader)])
        for topic in topics
    }


def _named(topics: Sequence[NearTopic]) -> Mapping[TopicId, float]:
    """How much it counts that the question names a topic, 0 to 1, and less for those within it."""
    own = {topic.id: topic.named**2 for topic in topics}
    return {
        topic.id: max([own[topic.id], *(BROADER_COUNTS * own.get(above, 0.0) for above in topic.broader)])
        for topic in topics
    }
