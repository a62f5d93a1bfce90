"""The ranking's arithmetic, on candidates small enough to work out by hand."""

from graph.calibration import Calibration
from graph.search.candidates import Candidate, NearPassage, NearTopic
from graph.search.scoring import FITS_ABOVE_CHANCE, nobody_fits, ranked
from graph.values import ExpertId, ExpertiseLevel, PassageId, TopicId

CHANCE = Calibration(centre=(), chance_mean=0.2, chance_deviation=0.05)


def candidate(
    name: str, *similarities: float, words: float = 0.0, topics: tuple[tuple[str, ExpertiseLevel], ...] = ()
) -> Candidate:
    passages = [
        NearPassage(PassageId(f"{name}-{number}"), similarity, words if number == 0 else 0.0)
        for number, similarity in enumerate(similarities)
    ]
    return Candidate(ExpertId(name), tuple(passages), tuple((TopicId(topic), level) for topic, level in topics))


def names(*people: Candidate, topics: tuple[NearTopic, ...] = ()) -> list[str]:
    return [score.expert for score in ranked(people, topics, CHANCE)]


def test_the_nearer_person_comes_first() -> None:
    assert names(candidate("bea", 0.4), candidate("ama", 0.5)) == ["ama", "bea"]


def test_equals_come_in_the_order_of_their_ids_whatever_order_they_came_in() -> None:
    assert names(candidate("bea", 0.4), candidate("ama", 0.4)) == ["ama", "bea"]


def test_a_second_passage_that_is_far_off_does_not_count_against_a_person() -> None:
    assert names(candidate("ama", 0.5, 0.0), candidate("bea", 0.45)) == ["ama", "bea"]


def test_shared_words_lift_a_person_among_equals() -> None:
    assert names(candidate("ama", 0.4), candidate("bea", 0.4, words=3.0)) == ["bea", "ama"]


def test_expertise_in_a_near_topic_lifts_a_person_and_deeper_expertise_more() -> None:
    near = NearTopic(TopicId("hotels"), 0.6, ())
    lead = candidate("cyd", 0.4, topics=(("hotels", ExpertiseLevel.LEAD),))
    familiar = candidate("bea", 0.4, topics=(("hotels", ExpertiseLevel.FAMILIAR),))

    assert names(candidate("ama", 0.4), familiar, lead, topics=(near,)) == ["cyd", "bea", "ama"]


def test_a_narrower_topic_counts_for_the_broader_one_that_was_asked_for() -> None:
    asked = NearTopic(TopicId("tourism-security"), 0.6, ())
    narrower = NearTopic(TopicId("hotels"), 0.1, (TopicId("tourism-security"),))
    person = candidate("bea", 0.4, topics=(("hotels", ExpertiseLevel.LEAD),))

    scores = ranked([candidate("ama", 0.4), person], [asked, narrower], CHANCE)

    assert scores[0].expert == "bea"
    assert scores[0].topics == ("hotels",)


def test_nobody_fits_when_the_nearest_is_no_nearer_than_chance() -> None:
    chance = CHANCE.chance_mean + 0.9 * FITS_ABOVE_CHANCE * CHANCE.chance_deviation
    beyond = CHANCE.chance_mean + 1.1 * FITS_ABOVE_CHANCE * CHANCE.chance_deviation

    assert nobody_fits(ranked([candidate("ama", chance, words=9.0)], [], CHANCE))
    assert not nobody_fits(ranked([candidate("ama", beyond)], [], CHANCE))
    assert nobody_fits([])
