"""Keys by which whoever asks twice makes one thing: after a lost answer they ask again with the same key.

A key is the asker's own. It is written in the transaction that makes the thing, and no two transactions can write the
same one: of two replicas that are asked at once the second waits, and then finds what the first made; where the first
was stopped, nothing of it is there, and the second makes it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, LiteralString

from graph.errors import GraphError
from graph.graph import Transaction
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = ["KEPT", "KeyOfOther", "KeySpent", "KeyUnfit", "keep", "made_before"]

KEPT: Final = timedelta(days=2)
"""How long a key is known."""

LONGEST_KEY = 200


class KeyUnfit(GraphError):
    """What was given cannot be a key."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "A key has 1 to %(most)s printable characters; give a random one, such as a UUID.", most=LONGEST_KEY
            )
        )


class KeyOfOther(GraphError):
    """The same key came with something else before."""

    def __init__(self) -> None:
        super().__init__(
            Wording("This key came with another input before; give each thing that you make a key of its own.")
        )


class KeySpent(GraphError):
    """What was made with this key is there no more, or cannot be given out again."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            Wording(
                "With this key something was made already, and %(reason)s; take a new key to make another.",
                reason=reason,
            )
        )


# The constraint on the id makes two that come at once wait for each other here.
TAKE: LiteralString = """
MERGE (k:IdempotencyKey {id: $id})
ON CREATE SET k.at = datetime(), k.input = $input
RETURN k.input = $input AS is_same, k.result AS result
"""

KEEP: LiteralString = "MATCH (k:IdempotencyKey {id: $id}) SET k.result = $result"

FORGET: LiteralString = "MATCH (k:IdempotencyKey) WHERE k.at <= datetime() - $kept DELETE k"


async def made_before(
    tx: Transaction, viewer: Viewer, *, mutation: str, key: str | None, given: Mapping[str, Any]
) -> str | None:
    """The id of what this key made before; None if it is new, and what is made now is to be kept with :func:`keep`.

    ``given`` is the input without the key. To be called before anything is made; without a key nothing is asked.

    Raises:
        KeyUnfit: the key is empty, too long or holds what cannot be seen.
        KeyOfOther: it came with another input before.
    """
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise KeyUnfit
    await tx.run(FORGET, kept=KEPT)
    (row,) = await tx.run(TAKE, id=_id(viewer, mutation, key), input=_digest(key, given))
    if not row["is_same"]:
        raise KeyOfOther
    result: str | None = row["result"]
    return result


async def keep(tx: Transaction, viewer: Viewer, *, mutation: str, key: str | None, result: str) -> None:
    """Take down what a key made, by its id."""
    if key is not None:
        await tx.run(KEEP, id=_id(viewer, mutation, key), result=result)


def _id(viewer: Viewer, mutation: str, key: str) -> str:
    return hashlib.sha256("\0".join((viewer.actor, mutation, key)).encode()).hexdigest()


def _digest(key: str, given: Mapping[str, Any]) -> str:
    """Tells whether an input is the same; made with the key, which is not stored, so that nothing is guessed of it."""
    said = json.dumps(given, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(f"{key}\0{said}".encode()).hexdigest()
