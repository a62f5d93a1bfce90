"""How long somebody waits for all that they ask together, and that nothing runs on once they wait no longer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from graph.errors import QueryTimedOut

__all__ = ["patience", "time_for_a_statement"]


@dataclass(slots=True)
class _Patience:
    seconds: float
    limit: asyncio.Timeout
    is_over: bool = False
    asking: set[asyncio.Task[Any]] = field(default_factory=set)
    """The tasks that have a statement in the database: a loader's is not the one that waits for its answer."""


_PATIENCE: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """What is asked of the graph inside, in whatever task, takes this long together at most.

    A change that says itself that it may take long, such as an erasure in a large network, is given that time. At the
    end, be it that there is an answer, that time is up or that the caller was cancelled, what still runs is cancelled,
    in the database too, and nothing more is asked.

    Raises:
        QueryTimedOut: time is up.
    """
    one = _Patience(seconds, asyncio.timeout(seconds))
    before = _PATIENCE.set(one)
    try:
        async with one.limit:
            yield
    except TimeoutError:
        if one.limit.expired():
            raise QueryTimedOut(seconds) from None
        raise
    finally:
        _PATIENCE.reset(before)
        one.is_over = True
        for task in one.asking:
            task.cancel()


@contextmanager
def time_for_a_statement(timeout_s: float, *, is_long: bool = False) -> Iterator[float]:
    """How long a statement may take that begins now and by itself may take ``timeout_s``: more than 0.

    Raises:
        QueryTimedOut: whoever asks waits no longer.
    """
    one = _PATIENCE.get()
    task = asyncio.current_task()
    if one is None or task is None:
        yield timeout_s
        return
    now, ends_at = asyncio.get_running_loop().time(), one.limit.when()
    if one.is_over or ends_at is None or ends_at <= now:
        raise QueryTimedOut(one.seconds)
    if is_long:
        ends_at = max(ends_at, now + timeout_s)
        one.limit.reschedule(ends_at)
    one.asking.add(task)
    try:
        yield min(timeout_s, ends_at - now)
    finally:
        one.asking.discard(task)
