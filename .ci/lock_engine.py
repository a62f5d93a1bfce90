"""Write the lock of the engine's jars: ``lock_engine.py [VERSION]``, without one for the version that it has now.

It asks Maven Central, through jgo, for every jar that Neo4j needs, fetches them all and notes their sha256.
"""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor

import jgo

from graph.engine.lock import LOCK, Jar, neo4j_version

ROOTS = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")


def main() -> None:
    """Write it."""
    version = sys.argv[1] if len(sys.argv) > 1 else neo4j_version()
    found = sorted(resolved(version), key=lambda jar: (jar.group, jar.artifact, jar.version, jar.classifier))
    head = (
        f"# Neo4j {version} Community: group:artifact:version[:classifier] sha256 bytes; made by .ci/lock_engine.py\n"
    )
    rows = "".join(f"{jar.coordinates} {jar.sha256} {jar.size}\n" for jar in found)
    LOCK.write_text(head + rows, encoding="ascii")
    print(f"{len(found)} jars of Neo4j {version}")


def resolved(version: str) -> list[Jar]:
    """Every jar that this version needs."""
    artifacts = jgo.resolve("+".join(f"{root}:{version}" for root in ROOTS))
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
    return [
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


if __name__ == "__main__":
    main()
