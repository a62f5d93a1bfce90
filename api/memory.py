"""How a server's memory is looked after, so that no answer waits while Python looks for garbage."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from graph.encoder import QuestionEncoder

__all__ = ["settled"]

COLLECTED_EVERY = 10_000
"""New objects; an answer of a thousand fields makes about as many, and Python by itself stops every 700."""


@asynccontextmanager
async def settled(encoder: QuestionEncoder) -> AsyncIterator[None]:
    """What a process has once its encoder is loaded stays as long as it serves, and is not looked through again.

    A whole collection looks at each object there is, and the encoder's libraries bring some hundred thousand.
    """
    before = gc.get_threshold()

    async def settle() -> None:
        with suppress(Exception):  # whoever asks the encoder is told
            await encoder.encoder()
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECTED_EVERY, *before[1:])

    settling = asyncio.create_task(settle())
    try:
        yield
    finally:
        settling.cancel()
        gc.set_threshold(*before)
        gc.unfreeze()
