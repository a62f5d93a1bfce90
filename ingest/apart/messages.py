"""What parent and child say to each other: JSON in frames of a length of four bytes and as many bytes.

Never pickle: the child may have been taken over by the file that it read, and all it can say is one of these models.
"""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ingest.found import Reading
from ingest.readers import Options

__all__ = ["ANSWER", "HEAD", "Answer", "Ask", "Began", "Refused", "Spent", "Taken", "framed", "is_reader"]

HEAD = 4
"""Bytes of a frame's length."""

READER = re.compile(r"ingest\.readers(\.[a-z][a-z0-9_]*)+")


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ask(_Message):
    """The parent's question: read this file with this reader."""

    reader: str
    path: str
    options: Options
    seconds: float


class Began(_Message):
    """The reader is imported and starts now: the file's time counts from here."""

    says: Literal["began"] = "began"


class Taken(_Message):
    """The file was read."""

    says: Literal["taken"] = "taken"
    reading: Reading


class Refused(_Message):
    """The file is refused, in the words of FileRefused."""

    says: Literal["refused"] = "refused"
    reason: str
    remedy: str
    value: str = ""
    column: str | None = None


class Spent(_Message):
    """The child has no memory left and ends."""

    says: Literal["spent"] = "spent"


Answer = Began | Taken | Refused | Spent
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="says")])


def framed(message: _Message) -> bytes:
    """A message as it goes through the pipe.

    Raises:
        pydantic_core.PydanticSerializationError: it holds half a character, which no encoding knows.
    """
    body = message.model_dump_json().encode()
    return len(body).to_bytes(HEAD) + body


def is_reader(name: str) -> bool:
    """Whether a module may be named to the child: only what lies below ``ingest.readers``."""
    return READER.fullmatch(name) is not None
