"""How well a person fits a question, from their passages, the words they share with it, and their expertise.

Pure arithmetic over candidates; the weights stand here and nowhere else, with the run that chose them in
docs/quality.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.calibration import Calibration
from graph.search.candidates import Candidate, NearPassage, NearTopic
from graph.values import ExpertId, ExpertiseLevel, TopicId

__all__ = ["Score", "nobody_fits", "ranked"]

# A person counts by the mean of their best two passages, as far as the second is any good.
BEST_PASSAGES = 2
SECOND_PASSAGE_WITHIN = 0.08
WORDS_WEIGHT = 0.6
TOPIC_WEIGHT = 0.6
# Below this many deviations above chance, the best passage has no more in common with the question than passages
# have with everyday questions.
FITS_ABOVE_CHANCE = 1.6
TOPICS_SHOWN = 3
TOPIC_WITHIN = 0.1

LEVEL = {ExpertiseLevel.LEAD: 1.0, ExpertiseLevel.PRACTITIONER: 0.8, ExpertiseLevel.FAMILIAR: 0.5}


@dataclass(frozen=True, slots=True)
class Score:
    """How well a person fits, in deviations above chance, and what earned it: passages and topics, best first."""

    expert: ExpertId
    total: float
    meaning: float
    evidence: tuple[NearPassage, ...]
    topics: tuple[TopicId, ...]


def ranked(candidates: Sequence[Candidate], topics: Sequence[NearTopic], calibration: Calibration) -> list[Score]:
    """Everybody scored, best first; equals by id, so that the order is always the same."""
    nearness = _nearness(topics)
    most_words = max((passage.words for one in candidates for passage in one.passages), default=0.0)
    scores = [_score(one, nearness, most_words, calibration) for one in candidates]
    return sorted(scores, key=lambda score: (-score.total, score.expert))


def nobody_fits(scores: Sequence[Score]) -> bool:
    """Whether even the nearest person has no more in common with the question than chance."""
    return not scores or max(score.meaning for score in scores) < FITS_ABOVE_CHANCE


def _score(
    candidate: Candidate, nearness: Mapping[TopicId, float], most_words: float, calibration: Calibration
) -> Score:
    near = sorted(candidate.passages, key=lambda passage: (-passage.similarity, passage.id))
    evidence = [passage for passage in near[:BEST_PASSAGES] if _is_as_near(passage, near[0])]
    similarity = sum(passage.similarity for passage in evidence) / len(evidence) if evidence else -1.0
    meaning = calibration.above_chance(similarity)
    words = max((passage.words for passage in near), default=0.0) / most_words if most_words else 0.0
    worded = [passage for passage in near if passage.words > 0.5 * most_words and passage not in evidence]
    known = sorted(
        ((nearness.get(topic, 0.0) * LEVEL[level], topic) for topic, level in candidate.expertise), reverse=True
    )
    topical = known[0][0] if known else 0.0
    return Score(
        candidate.expert,
        meaning + WORDS_WEIGHT * words + TOPIC_WEIGHT * topical,
        meaning,
        tuple([*evidence, *worded][: BEST_PASSAGES + 1]),
        tuple(topic for near_by, topic in known[:TOPICS_SHOWN] if near_by > 0),
    )


def _is_as_near(passage: NearPassage, best: NearPassage) -> bool:
    return best.similarity - passage.similarity <= SECOND_PASSAGE_WITHIN


def _nearness(topics: Sequence[NearTopic]) -> Mapping[TopicId, float]:
    """0 to 1 for each topic: how near it, or one above it, is to the question, beside the nearest topic."""
    if not topics:
        return {}
    best = max(topic.similarity for topic in topics)
    own = {topic.id: max(0.0, 1 - (best - topic.similarity) / TOPIC_WITHIN) for topic in topics}
    return {topic.id: max([own[topic.id], *(0.8 * own.get(above, 0.0) for above in topic.broader)]) for topic in topics}
