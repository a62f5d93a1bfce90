"""Several models in one space: weights, models that sit out, order, length."""

from dataclasses import replace

import numpy as np
import pytest

from graph.encoder import InstalledModel, JoinedModels
from tests.graph.encoder.texts import IN_SIX_LANGUAGES

QUESTIONS = [question for question, _ in IN_SIX_LANGUAGES.values()]
PASSAGES = [passage for _, passage in IN_SIX_LANGUAGES.values()]
LANGUAGES = list(IN_SIX_LANGUAGES)


def _alone(model: InstalledModel) -> JoinedModels:
    return JoinedModels([replace(model, identity=replace(model.identity, weight=1.0))])


def test_vectors_are_unit_rows(joined: JoinedModels) -> None:
    questions = joined.encode_questions(QUESTIONS, LANGUAGES)
    passages = joined.encode_passages(PASSAGES)

    for vectors in (questions, passages):
        assert vectors.shape == (6, 768)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)


def test_cosine_is_the_weighted_sum(joined: JoinedModels, default_models: tuple[InstalledModel, ...]) -> None:
    minilm, e5 = (_alone(model) for model in default_models)
    english = ["en", "en"]
    questions = [QUESTIONS[0], "Who knows how airports screen luggage?"]

    together = joined.encode_questions(questions, english) @ joined.encode_passages(PASSAGES).T
    apart = [of.encode_questions(questions, english) @ of.encode_passages(PASSAGES).T for of in (minilm, e5)]

    assert together == pytest.approx(0.2 * apart[0] + 0.8 * apart[1], abs=1e-4)


def test_model_sits_out_questions_that_it_cannot_read(joined: JoinedModels) -> None:
    vectors = joined.encode_questions([IN_SIX_LANGUAGES["ar"][0], IN_SIX_LANGUAGES["en"][0]], ["ar", "en"])

    assert not vectors[0, :384].any()
    assert np.linalg.norm(vectors[0, 384:]) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(vectors[1, :384]) == pytest.approx(0.2**0.5, abs=1e-5)
    assert np.linalg.norm(vectors[1, 384:]) == pytest.approx(0.8**0.5, abs=1e-5)


def test_every_model_reads_every_passage(joined: JoinedModels) -> None:
    vectors = joined.encode_passages(PASSAGES)

    assert np.linalg.norm(vectors[:, :384], axis=1) == pytest.approx(np.full(6, 0.2**0.5), abs=1e-5)


def test_model_that_is_alone_guesses_rather_than_sits_out(default_models: tuple[InstalledModel, ...]) -> None:
    minilm = _alone(default_models[0])

    vectors = minilm.encode_questions([IN_SIX_LANGUAGES["ar"][0]], ["ar"])

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(1), abs=1e-5)


def test_rows_keep_the_order_of_the_texts_whatever_their_length(joined: JoinedModels) -> None:
    texts = ["tent", PASSAGES[3] * 4, "A door.", PASSAGES[0], *PASSAGES[1:3]]

    together = joined.encode_passages(texts, batch_size=2)
    apart = np.concatenate([joined.encode_passages([text]) for text in texts])

    # not the same to the last bit: 8-bit models scale the texts of a batch together
    assert np.sum(together * apart, axis=1).min() > 0.98
    assert (together @ apart.T).argmax(axis=1).tolist() == list(range(6))


def test_no_texts_give_no_rows(joined: JoinedModels) -> None:
    assert joined.encode_questions([], []).shape == (0, 768)
    assert joined.encode_passages([]).shape == (0, 768)


def test_what_lies_beyond_a_models_reach_changes_nothing(joined: JoinedModels) -> None:
    reach = "Guards learn to greet everyone. " * 200

    vectors = joined.encode_passages([reach + "tents", reach + "luggage"])

    assert vectors[0] == pytest.approx(vectors[1], abs=1e-6)
