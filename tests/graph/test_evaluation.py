"""The measures against values worked out by hand from their definitions."""

import math

import pytest

from graph.evaluation import Figures, figures, interval, mean_figures


def test_a_perfect_ranking_has_all_measures_at_one() -> None:
    measured = figures(["ama", "bea", "cyd"], {"ama", "bea"})

    assert measured == Figures(ndcg=1.0, reciprocal_rank=1.0, recall=1.0)


def test_places_are_discounted_as_jarvelin_and_kekalainen_define() -> None:
    measured = figures(["xen", "ama", "yul", "bea"], {"ama", "bea"})

    gain = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 / math.log2(2) + 1 / math.log2(3)
    assert measured.ndcg == pytest.approx(gain / best)
    assert measured.reciprocal_rank == 0.5
    assert measured.recall == 1.0


def test_only_the_first_ten_places_count() -> None:
    others = [f"other-{number}" for number in range(10)]

    measured = figures([*others, "ama"], {"ama"})

    assert measured == Figures(ndcg=0.0, reciprocal_rank=0.0, recall=0.0)


def test_recall_is_of_everybody_who_fits_even_if_there_are_more_than_ten() -> None:
    fits = {f"fit-{number}" for number in range(20)}
    ranking = [f"fit-{number}" for number in range(10)]

    measured = figures(ranking, fits)

    assert measured == Figures(ndcg=1.0, reciprocal_rank=1.0, recall=0.5)


def test_an_empty_answer_earns_nothing() -> None:
    assert figures([], {"ama"}) == Figures(0.0, 0.0, 0.0)


def test_the_mean_is_taken_measure_by_measure() -> None:
    mean = mean_figures([Figures(1.0, 0.5, 0.0), Figures(0.0, 0.5, 1.0)])

    assert mean == Figures(0.5, 0.5, 0.5)


def test_the_interval_holds_the_mean_is_wider_for_fewer_and_always_the_same() -> None:
    few, many = [0.0, 1.0, 0.5, 0.5], [0.0, 1.0, 0.5, 0.5] * 25

    low, high = interval(few)

    assert low < 0.5 < high
    assert interval(few) == (low, high)
    assert interval(many)[1] - interval(many)[0] < high - low
    assert interval([0.7, 0.7]) == (0.7, 0.7)
