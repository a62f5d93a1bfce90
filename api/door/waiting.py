"""What is done for somebody who asks ends when they go away, or have waited long enough; in the database too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.requests import ClientDisconnect

from graph.patience import patience

__all__ = ["while_waiting"]


@asynccontextmanager
async def while_waiting(request: Request, *, seconds: float) -> AsyncIterator[None]:
    """What is done inside is cancelled when the client hangs up or time is up; the body is read before it begins.

    Raises:
        ClientDisconnect: nobody is there to be answered.
        QueryTimedOut: it took longer than ``seconds``.
    """
    await request.body()  # so that what comes next can only be that the client is gone
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 -- no request is answered outside a task
    is_gone = False

    async def watch() -> None:
        nonlocal is_gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        is_gone = True
        task.cancel()

    watching = asyncio.create_task(watch())
    try:
        async with patience(seconds):
            yield
    except asyncio.CancelledError:
        if is_gone and task.uncancel() == 0:
            raise ClientDisconnect from None
        raise
    finally:
        watching.cancel()
