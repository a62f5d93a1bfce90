"""Questions that come together: batches, memory, failures, the end. The encoder is real; what it is asked is noted."""

import asyncio
import threading
from collections.abc import Sequence

import numpy as np
import pytest

from graph.encoder import Encoder, EncoderClosed, FloatMatrix, ModelNotInstalled, QuestionEncoder


class Noted:
    """What an encoder is asked, batch by batch; it answers when it may, and never a question about dragons."""

    def __init__(self, encoder: Encoder) -> None:
        self.batches: list[list[str]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.is_asked = threading.Event()
        self._encode = encoder.encode_questions

    def encode_questions(self, questions: Sequence[str]) -> FloatMatrix:
        self.batches.append(list(questions))
        self.is_asked.set()
        assert self.may_answer.wait(timeout=30)
        if "dragons" in questions:
            raise ValueError("there are no dragons")
        return self._encode(questions)


@pytest.fixture
def noted(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Noted:
    noted = Noted(encoder)
    monkeypatch.setattr(encoder, "encode_questions", noted.encode_questions)
    return noted


async def _busy(questions: QuestionEncoder, noted: Noted) -> "asyncio.Task[object]":
    """Ask something, and return once the encoder is at work on it and held there."""
    noted.may_answer.clear()
    noted.is_asked.clear()
    first = asyncio.create_task(questions.encode("who is first?"))
    await asyncio.to_thread(noted.is_asked.wait, 30)
    return first


async def test_answer_is_the_encoders_own(encoder: Encoder) -> None:
    async with QuestionEncoder(encoder) as questions:
        vector = await questions.encode("Who can plan an evacuation?")

    assert np.array_equal(vector, encoder.encode_questions(["Who can plan an evacuation?"])[0])
    assert not vector.flags.writeable


async def test_questions_that_come_while_it_works_are_one_batch(encoder: Encoder, noted: Noted) -> None:
    async with QuestionEncoder(encoder, largest_batch=3) as questions:
        first = await _busy(questions, noted)
        others = [asyncio.create_task(questions.encode(question)) for question in ("a?", "b?", "a?", "c?", "d?")]
        await asyncio.sleep(0)
        noted.may_answer.set()
        vectors = await asyncio.gather(*others)
        await first

    assert noted.batches == [["who is first?"], ["a?", "b?", "c?"], ["d?"]]
    assert vectors[0] is vectors[2]


async def test_recent_questions_are_remembered_and_old_ones_forgotten(encoder: Encoder, noted: Noted) -> None:
    async with QuestionEncoder(encoder, remembered=2) as questions:
        for question in ("a?", "b?", "a?", "c?", "a?", "b?"):
            await questions.encode(question)

    assert noted.batches == [["a?"], ["b?"], ["c?"], ["b?"]]


async def test_failure_reaches_only_the_batch_that_failed(encoder: Encoder, noted: Noted) -> None:
    async with QuestionEncoder(encoder, largest_batch=2) as questions:
        first = await _busy(questions, noted)
        others = [asyncio.create_task(questions.encode(question)) for question in ("a?", "dragons", "b?")]
        await asyncio.sleep(0)
        noted.may_answer.set()
        answers = await asyncio.gather(first, *others, return_exceptions=True)
        again = await questions.encode("a?")

    assert [isinstance(answer, ValueError) for answer in answers] == [False, True, True, False]
    assert np.linalg.norm(again) == pytest.approx(1, abs=1e-5)


async def test_asker_who_gives_up_leaves_the_others_their_answer(encoder: Encoder, noted: Noted) -> None:
    async with QuestionEncoder(encoder) as questions:
        impatient = await _busy(questions, noted)
        patient = asyncio.create_task(questions.encode("who is first?"))
        await asyncio.sleep(0)
        impatient.cancel()
        noted.may_answer.set()

        assert np.linalg.norm(await patient) == pytest.approx(1, abs=1e-5)
        assert noted.batches == [["who is first?"]]


async def test_encoder_is_loaded_beside_the_loop_and_questions_wait_for_it(encoder: Encoder) -> None:
    may_load = threading.Event()

    def load() -> Encoder:
        assert may_load.wait(timeout=30)
        return encoder

    async with QuestionEncoder(load) as questions:
        asked = asyncio.create_task(questions.encode("who?"))
        await asyncio.sleep(0)
        may_load.set()

        assert np.linalg.norm(await asked) == pytest.approx(1, abs=1e-5)
        assert await questions.encoder() is encoder


async def test_failed_loading_reaches_every_asker() -> None:
    def load() -> Encoder:
        raise ModelNotInstalled("some/model")

    async with QuestionEncoder(load) as questions:
        answers = await asyncio.gather(questions.encode("a?"), questions.encode("b?"), return_exceptions=True)
        with pytest.raises(ModelNotInstalled):
            await questions.encoder()

    assert [type(answer) for answer in answers] == [ModelNotInstalled, ModelNotInstalled]


async def test_closing_answers_the_batch_at_work_and_refuses_the_rest(encoder: Encoder, noted: Noted) -> None:
    questions = QuestionEncoder(encoder)
    at_work = await _busy(questions, noted)
    waiting = asyncio.create_task(questions.encode("a?"))
    await asyncio.sleep(0)

    closing = asyncio.create_task(questions.close())
    await asyncio.sleep(0)
    noted.may_answer.set()
    await closing

    assert await at_work is not None
    with pytest.raises(EncoderClosed):
        await waiting
    with pytest.raises(EncoderClosed):
        await questions.encode("b?")
