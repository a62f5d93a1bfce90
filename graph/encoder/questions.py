"""Questions encoded while others wait: in one thread beside the event loop, those that wait together as one batch."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import numpy as np
import numpy.typing as npt

from graph.encoder.encoder import Encoder
from graph.encoder.errors import EncoderClosed
from graph.encoder.joined import FloatMatrix

__all__ = ["FloatVector", "QuestionEncoder"]

FloatVector = npt.NDArray[np.float32]


class QuestionEncoder:
    """Encodes the questions of one event loop.

    Give it an encoder, or a function that loads one: that starts at once in the worker thread, so that the slow import
    happens while the engine starts, and questions wait for it. While a batch is encoded, further questions gather for
    the next one; nothing waits on purpose. The last ``remembered`` questions are answered from memory.
    """

    def __init__(
        self, encoder: Encoder | Callable[[], Encoder], *, remembered: int = 1024, largest_batch: int = 32
    ) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="encoder")
        self._encoder = self._worker.submit(encoder if callable(encoder) else lambda: encoder)
        self._largest_batch = largest_batch
        self._remembered = remembered
        self._known: OrderedDict[str, FloatVector] = OrderedDict()
        self._asked: dict[str, asyncio.Future[FloatVector]] = {}
        self._queue: list[str] = []
        self._running: asyncio.Task[None] | None = None
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def is_loaded(self) -> bool:
        """Whether questions are encoded at once, without waiting for the encoder to load."""
        return self._encoder.done() and self._encoder.exception() is None

    async def encoder(self) -> Encoder:
        """The encoder, once it is loaded. Raises what loading raised."""
        return await asyncio.shield(asyncio.wrap_future(self._encoder))

    async def encode(self, question: str) -> FloatVector:
        """The question's unit vector; it cannot be written to, because it is handed out again.

        Raises:
            EncoderClosed: close was called.
            Exception: what loading raised, or encoding the batch that this question was in.
        """
        if self._is_closed:
            raise EncoderClosed
        if question in self._known:
            self._known.move_to_end(question)
            return self._known[question]
        if question not in self._asked:
            self._asked[question] = asyncio.get_running_loop().create_future()
            self._queue.append(question)
            if self._running is None:
                self._running = asyncio.create_task(self._run())
        return await asyncio.shield(self._asked[question])  # an asker that gives up must not stop the others

    async def close(self) -> None:
        """Answer the batch at work, refuse what still waits, and end the worker thread."""
        self._is_closed = True
        for question in self._queue:
            _refuse(self._asked.pop(question), EncoderClosed())
        self._queue.clear()
        if self._running is not None:
            await self._running
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while batch := self._queue[: self._largest_batch]:
                del self._queue[: self._largest_batch]
                try:
                    vectors = await loop.run_in_executor(self._worker, self._encode, batch)
                except Exception as problem:  # noqa: BLE001 -- it belongs to those who asked, not to this task
                    for question in batch:
                        _refuse(self._asked.pop(question), problem)
                    continue
                for question, vector in zip(batch, vectors, strict=True):
                    self._remember(question, vector)
                    self._asked.pop(question).set_result(vector)
        finally:
            self._running = None

    def _encode(self, questions: Sequence[str]) -> FloatMatrix:
        vectors = self._encoder.result().encode_questions(questions)
        vectors.flags.writeable = False
        return vectors

    def _remember(self, question: str, vector: FloatVector) -> None:
        self._known[question] = vector
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)


def _refuse(asked: asyncio.Future[FloatVector], problem: Exception) -> None:
    asked.set_exception(problem)
    asked.exception()  # counts as seen: all who asked may have given up
