"""Links by which somebody answers a letter without signing in: signed, for a time, and good for that answer alone.

A secret holds the letter's id, until when it is good, and an HMAC-SHA256 of both by a key that the graph keeps. It is
made anew each time the letter is sent and stored nowhere, so who reads a copy of letters' nodes alone answers nothing.
"""

import base64
import binascii
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, LiteralString

from graph.errors import GraphError
from graph.graph import Transaction
from graph.wording import Wording

__all__ = ["AnswerLinkEnded", "LinkedLetter", "key", "opened", "sealed", "unsealed"]

PURPOSE: Final = b"knowwho speaker answer 1"
ID, UNTIL, SEAL = 16, 5, 32
"""How many bytes of a secret are the letter's id, until when it is good (seconds since 1970), and the signature."""


class AnswerLinkEnded(GraphError):
    """The link is none, or is good no more; which of the two is not told."""

    def __init__(self) -> None:
        super().__init__(Wording("This link answers nothing, or nothing any more; write to whoever invited you."))


@dataclass(frozen=True, slots=True)
class LinkedLetter:
    """Which letter a link came with, and until when the link is good."""

    letter: str
    until: datetime


# The constraint on the id makes two that begin at once wait for each other here.
KEY: LiteralString = """
MERGE (k:AnswerKey {id: 'answers'})
ON CREATE SET k.key = $fresh
RETURN k.key AS key
"""


KNOWN_KEY: LiteralString = "MATCH (k:AnswerKey {id: 'answers'}) RETURN k.key AS key"


async def key(tx: Transaction) -> bytes:
    """The network's key for these links, made when it is first needed."""
    (row,) = await tx.run(KEY, fresh=secrets.token_bytes(32))
    return bytes(row["key"])


async def opened(tx: Transaction, secret: str) -> LinkedLetter:
    """What a secret says, once it is sure that the network made it and that it is good now; nothing is written.

    Raises:
        AnswerLinkEnded: it is not.
    """
    rows = await tx.run(KNOWN_KEY)
    if not rows:
        raise AnswerLinkEnded
    return unsealed(bytes(rows[0]["key"]), secret)


def sealed(key: bytes, linked: LinkedLetter) -> str:
    """The secret of a link, as characters that need no escaping in an address."""
    told = uuid.UUID(linked.letter).bytes + int(linked.until.timestamp()).to_bytes(UNTIL)
    return base64.urlsafe_b64encode(told + _seal(key, told)).rstrip(b"=").decode()


def unsealed(key: bytes, secret: str) -> LinkedLetter:
    """What a secret says that was sealed with this key and is good now.

    Raises:
        AnswerLinkEnded: it is not.
    """
    try:
        whole = base64.b64decode(secret + "=" * (-len(secret) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise AnswerLinkEnded from None
    told, seal = whole[: ID + UNTIL], whole[ID + UNTIL :]
    if len(whole) != ID + UNTIL + SEAL or not hmac.compare_digest(_seal(key, told), seal):
        raise AnswerLinkEnded
    until = datetime.fromtimestamp(int.from_bytes(told[ID:]), UTC)
    if until <= datetime.now(UTC):
        raise AnswerLinkEnded
    return LinkedLetter(uuid.UUID(bytes=told[:ID]).hex, until)


def _seal(key: bytes, told: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + told, "sha256")
