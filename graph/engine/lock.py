"""The committed list of the engine's jars: what they are called, how long they are and what their sha256 is.

``python -m graph.engine.lock VERSION`` writes it anew, for a new version of Neo4j.
"""

import hashlib
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

__all__ = ["Jar", "jars", "lock_digest", "neo4j_version"]

_LOCK = Path(__file__).with_name("jars.lock")
_ROOTS = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")


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
    lines = _LOCK.read_text(encoding="ascii").splitlines()
    return tuple(Jar.parse(line) for line in lines if not line.startswith("#"))


@cache
def neo4j_version() -> str:
    """The version of Neo4j that the lock installs."""
    return next(jar.version for jar in jars() if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))


@cache
def lock_digest() -> str:
    """What names this lock: the first half of its sha256."""
    return hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:32]


def _resolved(version: str) -> Iterable[Jar]:
    """Every jar that Neo4j of this version needs, in alphabetical order, asked of Maven Central."""
    import jgo

    artifacts = jgo.resolve("+".join(f"{root}:{version}" for root in _ROOTS))
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
    found = [
        Jar(
            artifact.groupId,
            artifact.artifactId,
            artifact.version,
            artifact.classifier,
            hashlib.sha256(file.read_bytes()).hexdigest(),
            file.stat().st_size,
        )
        for artifact, file in zip(artifacts, files, strict=True)
    ]
    return sorted(found, key=lambda jar: jar.coordinates)


def _write(version: str) -> None:
    head = (
        f"# Neo4j {version} Community: group:artifact:version[:classifier] sha256 bytes. Made by graph.engine.lock.\n"
    )
    rows = "".join(f"{jar.coordinates} {jar.sha256} {jar.size}\n" for jar in _resolved(version))
    _LOCK.write_text(head + rows, encoding="ascii")


if __name__ == "__main__":
    _write(sys.argv[1])
