"""The first question is no slower than the next: what it asks of the database is planned before anybody asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from api.network import OpenNetwork
from graph.viewer import PUBLIC

__all__ = ["warmed"]

QUESTION: Final = "Who has trained volunteers at places of worship?"


@asynccontextmanager
async def warmed(network: OpenNetwork) -> AsyncIterator[None]:
    """Ask the network one question while it begins to serve, and forget the answer.

    Neo4j plans a statement when it is first asked, and its Java compiles itself meanwhile: seconds, which the first
    visitor would wait.
    """

    async def ask() -> None:
        with suppress(Exception):  # whoever asks next is told
            await network.search.ask(PUBLIC, QUESTION)

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        asking.cancel()
