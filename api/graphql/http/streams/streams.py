"""The streams that one server has open: how many, for whom, what wakes them, and that they end when it stops."""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from fastapi import Request

from api.door.limits import network_of
from api.graphql.feeding import Watch
from api.graphql.http.codes import Code, RequestRefused
from graph.viewer import Role, Viewer

__all__ = ["MOST_OF_VIEWER", "MOST_STREAMS", "Streams"]

MOST_STREAMS: Final = 1000
"""Connections that follow one server at once."""

MOST_OF_VIEWER: Final = 20
"""Those of one account, token or, for the public, network address."""


class Streams:
    """What the streams of one server share."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.ending = asyncio.Event()
        """Set when the server stops: whoever streams lets go."""
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._open.total()

    @contextmanager
    def admitted(self, request: Request, viewer: Viewer) -> Iterator[None]:
        """Count a connection as long as it is open.

        Raises:
            RequestRefused: it is one too many, for its viewer or for this server.
        """
        who = network_of(request) if viewer.role is Role.PUBLIC and viewer.actor == "public" else viewer.counted_as
        if self._open[who] >= MOST_OF_VIEWER:
            raise RequestRefused(
                Code.RATE_LIMITED, f"There are {MOST_OF_VIEWER} open streams of yours already; close one first."
            )
        if len(self) >= MOST_STREAMS:
            raise RequestRefused(Code.UNAVAILABLE, "There are too many open streams here.")
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """End with the signal that stops the server, which waits for open answers before it tells the application.

        uvicorn takes signals before the application starts and gives them back after it has ended: its handler comes
        next, and no other way leads to it, in whichever process it runs.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def end(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.end)
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        # A handler of the system's own would not be called after ours: who serves without one stops as ever.
        taken = [number for number, handler in before.items() if callable(handler)]
        for number in taken:
            signal.signal(number, end)
        try:
            yield
        finally:
            for number in taken:
                if signal.getsignal(number) is end:
                    signal.signal(number, before[number])

    def end(self) -> None:
        """Let every stream end, so that the server can stop; a client that comes again goes on where it was."""
        self.ending.set()

    async def close(self) -> None:
        """End, and look for changes no more."""
        self.end()
        await self.watch.close()
