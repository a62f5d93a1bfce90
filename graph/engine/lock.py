"""The committed list of the engine's jars: what they are called, how long they are and what their sha256 is.

``make lock`` writes it (.ci/lock_engine.py).
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

__all__ = ["LOCK", "Jar", "jars", "lock_digest", "neo4j_version"]

LOCK = Path(__file__).with_name("jars.lock")


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of the engine, by its Maven coordinates."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @classmethod
    def parse(cls, line: str) -> Self:
        """The jar that a line of the lock describes."""
        coordinates, sha256, size = line.split()
        group, artifact, version, *classifier = coordinates.split(":")
        return cls(group, artifact, version, "".join(classifier), sha256, int(size))

    @property
    def coordinates(self) -> str:
        """``group:artifact:version`` and, for a jar of one platform, ``:classifier``."""
        return ":".join(part for part in (self.group, self.artifact, self.version, self.classifier) if part)

    @property
    def file_name(self) -> str:
        """The name of its file; no two jars of the lock share one."""
        return "-".join(part for part in (self.artifact, self.version, self.classifier) if part) + ".jar"


@cache
def jars() -> tuple[Jar, ...]:
    """The jars of the lock, in the order of the class path."""
    lines = LOCK.read_text(encoding="ascii").splitlines()
    return tuple(Jar.parse(line) for line in lines if not line.startswith("#"))


@cache
def neo4j_version() -> str:
    """The version of Neo4j that the lock installs."""
    return next(jar.version for jar in jars() if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))


@cache
def lock_digest() -> str:
    """What names this lock: the first half of its sha256."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:32]
