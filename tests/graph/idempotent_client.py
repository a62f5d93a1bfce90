"""A process that makes an event with a key and is killed: before it says 'written' or after it says 'made'.

Run with a stage, ``before`` or ``after`` the commit, and the address, user and password of the engine.
"""

import asyncio
import sys

from pydantic import SecretStr

from graph import event_changes
from graph.engine import Address
from graph.event_changes import create
from graph.graph import Graph, Transaction
from graph.programme import making
from graph.viewer import Role, Viewer

__all__ = ["GIVEN", "KEY", "ORGANISER"]

KEY = "2f1c9a52-a-key"
GIVEN: event_changes.EventChanges = {"title": "Squares", "kind": "meeting"}
ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")


async def run(stage: str, address: Address) -> None:
    async with Graph.connect(address) as graph:
        if stage == "before":
            setattr(making, "record", stand_still)  # noqa: B010 -- the module keeps its name to itself
        made = await create(graph, ORGANISER, given=GIVEN, idempotency_key=KEY)
        print("made", made.event, flush=True)  # noqa: T201 -- to the test
        await asyncio.Event().wait()


async def stand_still(tx: Transaction, *_: object, **__: object) -> int:
    """In the transaction, when all but the last is written."""
    print("written", flush=True)  # noqa: T201 -- to the test
    await asyncio.Event().wait()
    return 0


if __name__ == "__main__":
    uri, user, password = sys.argv[2:]
    asyncio.run(
        run(sys.argv[1], Address(uri=uri, user=user, password=SecretStr(password), database=None, managed=True))
    )
