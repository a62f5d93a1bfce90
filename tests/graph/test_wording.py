"""English that knows how it was made: what stands in its places, and that it is the same in another process."""

import copy
import pickle
from datetime import date

import pytest

from graph.errors import GraphError, QueryTimedOut
from graph.wording import Either, Fact, Wording


@pytest.mark.parametrize(
    "fact,written",
    [
        ("2026", "2026"),
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (30.0, "30"),
        (date(2026, 3, 1), "2026-03-01"),
        (("one", "two", "three"), "one, two, three"),
        ((), ""),
        (Either(("one", "two")), "one or two"),
        (Wording("a %(thing)s", thing="draft"), "a draft"),
        ("100 %(x)s %s", "100 %(x)s %s"),
    ],
)
def test_what_stands_in_a_place_is_written_as_english_does(fact: Fact, written: str) -> None:
    assert Wording("It is %(fact)s, 100 %% sure.", fact=fact) == f"It is {written}, 100 % sure."


def test_without_facts_it_is_what_it_says() -> None:
    assert Wording("100 % and %(nothing)s") == "100 % and %(nothing)s"


@pytest.mark.parametrize(
    "made", [Wording("Plain, 5 %"), Wording("%(a)s of %(b)s", a=1, b=Wording("all %(c)s", c="of it"))]
)
def test_another_process_has_all_of_it(made: Wording) -> None:
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):  # noqa: S301 -- our own bytes
        assert (other, other.template, other.facts) == (made, made.template, made.facts)


def test_an_error_hands_on_what_it_says_as_it_was_made() -> None:
    error = QueryTimedOut(2.5)

    assert str(error) == "The graph took longer than 2.5 s to answer; ask for less, or try again."
    (sentence,) = error.sentences
    assert isinstance(sentence, Wording)
    assert sentence.facts == {"timeout_s": 2.5}
    assert GraphError().sentences == ()
