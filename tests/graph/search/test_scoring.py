"""The ranking's arithmetic, on candidates small enough to work out by hand."""

import pytest

from graph.search.candidates import Candidate, NearPassage, NearTopic
from graph.search.scoring import FITS_FROM, Score, lifts_of, nobody_fits, ranked
from graph.values import ExpertId, ExpertiseLevel, PassageId, TopicId

LEAD, FAMILIAR = ExpertiseLevel.LEAD, ExpertiseLevel.FAMILIAR


def candidate(
    name: str,
    *similarities: float,
    profile: float | None = None,
    words: float = 0.0,
    topics: tuple[tuple[str, ExpertiseLevel], ...] = (),
    is_named: bool = False,
) -> Candidate:
    passages = [
        NearPassage(PassageId(f"{name}-{number}"), similarity, words if number == 0 else 0.0, is_profile=False)
        for number, similarity in enumerate(similarities)
    ]
    if profile is not None:
        passages.append(NearPassage(PassageId(f"profile:{name}"), profile, 0.0, is_profile=True))
    return Candidate(
        ExpertId(name), is_named, tuple(passages), tuple((TopicId(topic), level) for topic, level in topics)
    )


def topic(name: str, similarity: float, *broader: str, named: float = 0.0) -> NearTopic:
    return NearTopic(TopicId(name), similarity, tuple(map(TopicId, broader)), named)


def names(*people: Candidate, topics: tuple[NearTopic, ...] = (), words_asked: int = 1) -> list[str]:
    return [score.expert for score in ranked(people, lifts_of(topics, words_asked=words_asked), other_field=0.0)]


def scored(*people: Candidate) -> list[Score]:
    return ranked(people, lifts_of([], words_asked=5), other_field=0.0)


def test_the_nearer_person_comes_first() -> None:
    assert names(candidate("bea", 0.4), candidate("ama", 0.5)) == ["ama", "bea"]


def test_equals_come_in_the_order_of_their_ids_whatever_order_they_came_in() -> None:
    assert names(candidate("bea", 0.4), candidate("ama", 0.4)) == ["ama", "bea"]


def test_a_person_counts_by_the_mean_of_profile_and_best_evidence() -> None:
    both, evidence_only = candidate("ama", 0.3, 0.5, profile=0.3), candidate("bea", 0.45)

    assert [score.similarity for score in scored(both, evidence_only)] == [0.45, 0.4]


def test_a_passage_that_is_far_off_does_not_count_against_a_person_and_is_not_shown() -> None:
    score = scored(candidate("ama", 0.5, 0.45, 0.0))[0]

    assert score.similarity == 0.5
    assert [passage.id for passage in score.evidence] == ["ama-0", "ama-1"]


def test_a_profile_is_never_shown_as_evidence() -> None:
    assert scored(candidate("ama", 0.1, profile=0.9))[0].evidence[0].id == "ama-0"
    assert scored(candidate("ama", profile=0.9))[0].evidence == ()


def test_shared_words_lift_a_person_and_less_the_more_words_were_asked() -> None:
    nearer, worded = candidate("ama", 0.45), candidate("bea", 0.4, words=3.0)

    assert names(nearer, worded, words_asked=2) == ["bea", "ama"]
    assert names(nearer, worded, words_asked=12) == ["ama", "bea"]


def test_expertise_in_a_near_topic_lifts_a_person_and_deeper_expertise_more() -> None:
    lead = candidate("cyd", 0.4, topics=(("hotels", LEAD),))
    familiar = candidate("bea", 0.4, topics=(("hotels", FAMILIAR),))

    assert names(candidate("ama", 0.4), familiar, lead, topics=(topic("hotels", 0.6),)) == ["cyd", "bea", "ama"]


def test_a_narrower_topic_counts_for_the_broader_one_that_was_asked_for() -> None:
    asked, narrower = topic("tourism-security", 0.6), topic("hotels", 0.1, "tourism-security")
    person = candidate("bea", 0.4, topics=(("hotels", LEAD),))

    scores = ranked([candidate("ama", 0.4), person], lifts_of([asked, narrower], words_asked=5), other_field=0.0)

    assert scores[0].expert == "bea"
    assert scores[0].topics == ("hotels",)


def test_a_topic_that_is_named_counts_in_full_however_far_its_vector_is() -> None:
    person = candidate("bea", 0.4, topics=(("markets", LEAD),))
    topics = [topic("hotels", 0.6), topic("markets", 0.0, named=1.0)]

    assert ranked([candidate("ama", 0.4), person], lifts_of(topics, words_asked=5), other_field=0.0)[0].expert == "bea"


def test_a_person_who_is_named_comes_before_all_others() -> None:
    assert names(candidate("ama", 0.9), candidate("bea", 0.0, is_named=True)) == ["bea", "ama"]


def is_outside(*people: Candidate, topics: tuple[NearTopic, ...] = (), other_field: float) -> bool:
    return nobody_fits(people, scored(*people), topics, other_field=other_field)


def test_nobody_fits_when_another_field_is_nearer_than_anybody_and_any_topic() -> None:
    person = candidate("ama", 0.3, words=9.0)
    nearer_field = 0.3 - FITS_FROM + 0.01
    farther_field = 0.3 - FITS_FROM - 0.01

    assert is_outside(person, other_field=nearer_field)
    assert not is_outside(person, other_field=farther_field)
    assert not is_outside(person, topics=(topic("hotels", 0.4),), other_field=nearer_field)


def test_a_question_that_names_a_topic_or_a_person_is_never_beyond_the_network() -> None:
    assert not is_outside(candidate("ama", -0.5), topics=(topic("markets", -0.5, named=1.0),), other_field=0.9)
    assert not is_outside(candidate("ama", -0.5, is_named=True), other_field=0.9)


def confidence(*people: Candidate, topics: tuple[NearTopic, ...] = (), other_field: float = 0.0) -> list[float]:
    return [score.confidence for score in ranked(people, lifts_of(topics, words_asked=5), other_field=other_field)]


def test_a_topic_that_is_all_of_the_question_counts_more_than_one_that_is_half_of_it() -> None:
    known = candidate("ama", 0.4, topics=(("t", LEAD),))

    none, half, whole = (
        ranked([known], lifts_of([topic("t", 0.4, named=named)], words_asked=5), other_field=0.0)[0].total
        for named in (0.0, 0.5, 1.0)
    )

    assert whole - none == pytest.approx(0.2)
    assert half - none == pytest.approx(0.05)


def test_who_knows_something_narrower_than_the_named_topic_counts_almost_as_much() -> None:
    topics = [topic("broad", 0.4, named=1.0), topic("narrow", 0.4, "broad")]
    people = [candidate("ama", 0.4, topics=(("narrow", LEAD),)), candidate("bea", 0.4, topics=(("broad", LEAD),))]

    first, second = ranked(people, lifts_of(topics, words_asked=5), other_field=0.0)

    assert (first.expert, second.expert) == ("bea", "ama")
    assert first.total - second.total == pytest.approx(0.2 * 0.2)


def test_it_is_surer_of_who_stands_out_is_near_and_nearer_than_another_field() -> None:
    crowd = [candidate(f"x{number}", 0.2) for number in range(20)]

    near, *others = confidence(candidate("ama", 0.6), *crowd)
    far = confidence(candidate("ama", 0.3), *crowd)[0]
    outside = confidence(candidate("ama", 0.6), *crowd, other_field=0.5)[0]
    among_equals = confidence(*(candidate(f"y{number}", 0.6) for number in range(20)))[0]

    assert near > 0.9 > far
    assert near > max(outside, among_equals)
    assert max(others) < 0.45


def test_it_is_sure_of_whom_the_question_names() -> None:
    assert confidence(candidate("ama", -0.5, is_named=True), candidate("bea", 0.5))[0] == 1.0
