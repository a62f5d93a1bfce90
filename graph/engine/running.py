"""What the supervisor says of the engine it runs, believed only while the supervisor lives."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import SecretStr

from graph.engine.address import Address
from graph.engine.errors import PasswordUnreadable
from graph.engine.files import EngineFiles
from graph.engine.java import USER
from graph.engine.locks import is_locked
from graph.engine.supervisor import answers_bolt
from graph.wording import Wording

__all__ = ["RunningEngine"]


@dataclass(frozen=True, slots=True)
class RunningEngine:
    """An engine that has answered, and whose supervisor lives."""

    version: str
    port: int
    supervisor_pid: int
    java_pid: int
    since: datetime

    @classmethod
    def of(cls, files: EngineFiles) -> Self | None:
        """The engine of a network, or None when it does not answer (yet).

        The supervisor's lock decides, not the file: after a power cut or a kill -9 the file tells of an engine that
        is no more, and its process ids may belong to others.
        """
        if not is_locked(files.alive):
            return None
        try:
            told = json.loads(files.address.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        since = datetime.fromisoformat(told["since"])
        return cls(told["version"], told["port"], told["supervisor"], told["java"], since)

    @property
    def uri(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it still does; after a kill -9 of Java it takes the supervisor a moment to notice."""
        return answers_bolt(self.port)

    def address(self, files: EngineFiles) -> Address:
        """Where it listens and how it lets its owner in.

        Raises:
            PasswordUnreadable: the file of the password is gone or another user's.
        """
        try:
            password = SecretStr(files.password.read_text(encoding="ascii"))
        except OSError as problem:
            raise PasswordUnreadable(
                Wording(
                    "The password file %(file)s cannot be read (%(reason)s): run knowwho as the user who made the "
                    "graph, or put the file back from a backup.",
                    file=str(files.password),
                    reason=str(problem.strerror),
                )
            ) from None
        return Address(uri=self.uri, user=USER, password=password, database=None, managed=True)
