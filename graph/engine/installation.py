"""The engine's programs in the cache folder: fetched, verified, mended, and Java's start-up cache written once."""

import errno
import hashlib
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

from graph.engine.errors import DamagedDownload, NoSpace, RegistryUnreachable
from graph.engine.lock import Jar, jars
from graph.engine.locks import exclusive_lock
from graph.engine.programs import aot_cache, has_right_size, jar_folder, verified_mark
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
    """How far an installation is: ``done`` of ``total`` bytes of jars; 0 of 1 while Java's start-up cache is written."""

    phase: InstallPhase
    done: int
    total: int


Progress = Callable[[InstallStep], None]


def install(settings: GraphSettings, *, repair: bool = False, progress: Progress | None = None) -> None:
    """Bring the engine's jars and Java's start-up cache into the cache folder; quick when they are there.

    What an earlier, broken installation fetched is kept. With ``repair`` every jar is read and verified again, and the
    start-up cache is written anew. Two installations at once are safe: one waits for the other.

    Raises:
        RegistryUnreachable: Maven Central did not give a jar.
        DamagedDownload: what it gave is not what the lock says.
        NoSpace: the disk of the cache folder is full.
    """
    tell = progress or (lambda step: None)
    if not repair and _is_complete(settings):
        tell(InstallStep(InstallPhase.DONE, 1, 1))
        return
    folder = jar_folder(settings)
    with _no_space_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(folder.parent / "install.lock"):
            if not repair and _is_complete(settings):
                tell(InstallStep(InstallPhase.DONE, 1, 1))
                return
            mark = verified_mark(settings)
            mark.unlink(missing_ok=True)
            missing = _unverified(folder, tell)
            if missing:
                _fetch(missing, folder, tell)
            mark.touch()
            tell(InstallStep(InstallPhase.TRAINING, 0, 1))
            write_aot_cache(settings)
            tell(InstallStep(InstallPhase.DONE, 1, 1))


def _is_complete(settings: GraphSettings) -> bool:
    return (
        verified_mark(settings).exists()
        and aot_cache(settings).exists()
        and all(has_right_size(settings, jar) for jar in jars())
    )


def _is_intact(file: Path, jar: Jar) -> bool:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


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

    def is_intact(jar: Jar) -> bool:
        intact = _is_intact(folder / jar.file_name, jar)
        counted.add(jar.size)
        return intact

    with ThreadPoolExecutor(_THREADS) as pool:
        return [jar for jar, intact in zip(jars(), pool.map(is_intact, jars()), strict=True) if not intact]


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
    def count(name: str, size: int) -> Iterator[Callable[[int], None]]:
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
            if _is_intact(fetched, jar):
                fetched.replace(folder / jar.file_name)
                return
            reason = "what came is not what the lock says"
    raise RegistryUnreachable(jar.coordinates, reason)


@contextmanager
def _no_space_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(folder, _SPACE_NEEDED_MB) from None
        raise
