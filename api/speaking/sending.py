"""Letters that wait in the graph, sent: by the server while it runs, or by a command."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from api.mail import MailNotSent, send
from api.settings import MailSettings
from api.speaking.composing import composed
from graph import speaking
from graph.graph import Graph
from graph.network import describe
from graph.speaking import Waiting
from graph.speaking.outbox import LETTERS
from graph.values import Network
from graph.wording import Wording

__all__ = ["Sending", "Tally", "send_waiting"]

log = structlog.get_logger(__name__)

LOOKS_AGAIN_S = 30.0
"""How long a server waits until it looks for what other processes left waiting, or what is to be tried again."""

REMINDS_EVERY_S = 3600.0
"""How often a server looks for who is to be reminded."""

FINISHES_WITHIN_S = 10.0
"""How long a server that stops waits for the letter that is on its way."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many letters left, are to be tried again, and never will leave."""

    sent: int = 0
    tried: int = 0
    failed: int = 0


async def send_waiting(
    graph: Graph, mail: MailSettings, *, base: str, goes_on: Callable[[], bool] = lambda: True
) -> Tally:
    """Send every letter that is due, one after another, until none is, or no letter would leave, or it is to stop.

    Raises:
        SecretUnreadable, SecretExposed, SecretWeak: the server's password cannot be used; no letter was taken.
    """
    _ = mail.password
    network = await describe(graph, LETTERS)
    count, tried, failed = 0, 0, 0
    while goes_on() and (waiting := await speaking.take(graph)) is not None:
        fault = await _sent(mail, network, waiting, base=base)
        if fault is None:
            await speaking.sent(graph, id=waiting.id)
            count += 1
            continue
        log.warning("letter_not_sent", letter=waiting.id, reason=fault.reason, is_final=fault.is_final)
        is_over = await speaking.not_sent(graph, id=waiting.id, fault=fault.reason, is_final=fault.is_final)
        failed, tried = failed + is_over, tried + (not is_over)
        if fault.is_of_server:
            break
    return Tally(count, tried, failed)


async def _sent(mail: MailSettings, network: Network | None, waiting: Waiting, *, base: str) -> MailNotSent | None:
    """Send one letter; why it did not leave, if it did not."""
    try:
        letter = composed(mail, network, waiting, base=base)
    except Exception as error:  # noqa: BLE001 -- one letter that cannot be written must not hold up the others
        return MailNotSent(Wording("it cannot be written: %(error)s", error=type(error).__name__))
    try:
        await send(mail, letter)
    except MailNotSent as error:
        return error
    return None


class Sending:
    """Sends in the background what waits; does nothing where no letter leaves."""

    def __init__(self, mail: MailSettings, *, base: Callable[[], str]) -> None:
        self._mail = mail
        self._base = base
        self._wanted = asyncio.Event()
        self._is_ending = False

    def soon(self) -> None:
        """To be called after a change that may have left a letter waiting; returns at once."""
        self._wanted.set()

    @asynccontextmanager
    async def at_work(self, graph: Graph) -> AsyncIterator[None]:
        """Send until the end; the letter that is on its way then is waited for."""
        if not self._mail.sends:
            yield
            return
        self.soon()
        task = asyncio.create_task(self._run(graph))
        try:
            yield
        finally:
            self._is_ending = True
            self.soon()
            done, _ = await asyncio.wait({task}, timeout=FINISHES_WITHIN_S)
            if not done:
                task.cancel()
                await asyncio.wait({task})

    async def _run(self, graph: Graph) -> None:
        reminds_at = time.monotonic()
        while not self._is_ending:
            self._wanted.clear()
            try:
                if self._mail.remind_overdue and time.monotonic() >= reminds_at:
                    reminds_at = time.monotonic() + REMINDS_EVERY_S
                    await speaking.remind_overdue(graph)
                await send_waiting(graph, self._mail, base=self._base(), goes_on=lambda: not self._is_ending)
            except Exception as error:  # noqa: BLE001 -- what waits is still there for the next time
                log.warning("sending_failed", reason=type(error).__name__)
            try:
                async with asyncio.timeout(LOOKS_AGAIN_S):
                    await self._wanted.wait()
            except TimeoutError:
                continue
