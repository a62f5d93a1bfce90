"""The engine's programs in the cache folder: fetched, verified, mended, and Java's start-up cache written once."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from graph.engine.errors import EngineError, NoSpace, RegistryUnreachable
from graph.engine.lock import Jar, jars
from graph.engine.locks import exclusive_lock
from graph.engine.programs import (
    JAR_TIME,
    aot_cache,
    has_right_size,
    is_aot_cache_intact,
    is_intact,
    jar_folder,
    verified_mark,
)
from graph.engine.training import write_aot_cache
from graph.settings import GraphSettings

if TYPE_CHECKING:
    from jgo.maven import MavenContext

__all__ = ["InstallPhase", "InstallStep", "install"]

_THREADS = 8
_TRIES = 3
_TIMEOUT_S = 30
_SPACE_NEEDED_MB = 500


class InstallPhase(StrEnum):
    """What an installation is doing."""

    VERIFYING = "verifying"
    FETCHING = "fetching"
    TRAINING = "training"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class InstallStep:
    """How far an installation is, in bytes of jars; while Java trains there is nothing to count and no total."""

    phase: InstallPhase
    done: int = 0
    total: int | None = None


Progress = Callable[[InstallStep], None]


def install(settings: GraphSettings, *, repair: bool = False, progress: Progress | None = None) -> None:
    """Bring the engine's jars and Java's start-up cache into the cache folder; quick when they are there.

    What an earlier, broken installation fetched is kept. With ``repair`` every file is read and verified again, and
    what is damaged is fetched or written anew. Two installations at once are safe: one waits for the other.

    Raises:
        RegistryUnreachable: Maven Central did not give a jar, or gave another one than the lock says.
        NoSpace: the disk of the cache folder is full.
        FolderUnwritable: the cache folder cannot be written.
        EngineError: the engine, run once to write the start-up cache, did not start.
    """
    tell = progress or _tell_nobody
    if not repair and _is_complete(settings):
        tell(InstallStep(InstallPhase.DONE))
        return
    folder = jar_folder(settings)
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(folder.parent / "install.lock"):
            if not repair and _is_complete(settings):
                tell(InstallStep(InstallPhase.DONE))
                return
            mark = verified_mark(settings)
            mark.unlink(missing_ok=True)
            missing = _unverified(folder, tell)
            if missing:
                _fetch(missing, folder, tell)
            mark.touch()
            if not is_aot_cache_intact(settings):
                tell(InstallStep(InstallPhase.TRAINING))
                write_aot_cache(settings)
            tell(InstallStep(InstallPhase.DONE))


def _tell_nobody(_: InstallStep) -> None:
    pass


def _is_complete(settings: GraphSettings) -> bool:
    return (
        verified_mark(settings).exists()
        and aot_cache(settings).exists()
        and all(has_right_size(settings, jar) for jar in jars())
    )


class _Bytes:
    """Bytes done, counted from several threads."""

    def __init__(self, phase: InstallPhase, total: int, tell: Progress) -> None:
        self._phase = phase
        self._total = total
        self._tell = tell
        self._done = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            self._tell(InstallStep(self._phase, min(self._done, self._total), self._total))


def _unverified(folder: Path, tell: Progress) -> list[Jar]:
    """The jars that are missing or not what the lock says."""
    counted = _Bytes(InstallPhase.VERIFYING, sum(jar.size for jar in jars()), tell)

    def counted_check(jar: Jar) -> bool:
        file = folder / jar.file_name
        intact = is_intact(file, jar)
        if intact:
            os.utime(file, (JAR_TIME, JAR_TIME))
        counted.add(jar.size)
        return intact

    with ThreadPoolExecutor(_THREADS) as pool:
        return [jar for jar, intact in zip(jars(), pool.map(counted_check, jars()), strict=True) if not intact]


def _fetch(missing: list[Jar], folder: Path, tell: Progress) -> None:
    """Fetch jars into the folder; each one appears under its name only when it is whole and verified."""
    if shutil.disk_usage(folder).free < _SPACE_NEEDED_MB * 1_000_000:
        raise NoSpace(folder, _SPACE_NEEDED_MB)
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext, PythonResolver

    staging = folder.parent / "fetching"
    shutil.rmtree(staging, ignore_errors=True)
    counted = _Bytes(InstallPhase.FETCHING, sum(jar.size for jar in missing), tell)

    @contextmanager
    def count(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield counted.add

    maven = MavenContext(PythonResolver(progress_callback=count), repo_cache=staging, timeout=_TIMEOUT_S)
    # A mirror in jgo's own configuration goes before Maven Central.
    maven.remote_repos = GlobalSettings.load().repositories | maven.remote_repos
    with ThreadPoolExecutor(_THREADS) as pool:
        fetches = [pool.submit(_fetch_one, maven, jar, folder) for jar in missing]
        try:
            for fetch in fetches:
                fetch.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    shutil.rmtree(staging, ignore_errors=True)


def _fetch_one(maven: "MavenContext", jar: Jar, folder: Path) -> None:
    import requests

    artifact = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact(jar.classifier)
    reason = ""
    for _ in range(_TRIES):
        # What a broken try left would be taken for the whole.
        if artifact.cached_path is not None:
            artifact.cached_path.unlink(missing_ok=True)
        try:
            fetched = artifact.resolve()
        except requests.RequestException as problem:
            reason = type(problem).__name__
        except RuntimeError:
            raise RegistryUnreachable(jar.coordinates, "not found there") from None
        else:
            if is_intact(fetched, jar):
                os.utime(fetched, (JAR_TIME, JAR_TIME))
                fetched.replace(folder / jar.file_name)
                return
            reason = "what came is not what the lock says"
    raise RegistryUnreachable(jar.coordinates, reason)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise EngineError.of_disk(problem, folder, _SPACE_NEEDED_MB) from None
