"""A folder that is watched: what changes is told as soon as nobody writes it any more."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from watchfiles import DefaultFilter, awatch

__all__ = ["Settled", "watched"]

QUIET_S = 1.0
"""How long a file must have been left alone, where the system does not tell whether somebody has it open."""
LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Settled:
    """Files that changed, came or went and are left alone now; ``writing`` are those that somebody still writes."""

    changed: frozenset[Path]
    writing: frozenset[Path]


async def watched(folder: Path, *, stop: asyncio.Event | None = None) -> AsyncGenerator[Settled, None]:
    """All files of the folder at first, then whenever some changed and are settled, those; until ``stop`` is set.

    Nothing that changes after the first answer is missed, however long whoever asks takes for it. A file is settled
    when it was left alone for a second and nobody has it open for writing.
    """
    since: dict[Path, float] = {}
    looks = awatch(
        folder,
        watch_filter=_Files(),
        stop_event=stop,
        yield_on_timeout=True,
        rust_timeout=int(LOOK_S * 1000),
        step=50,
        debounce=200,
    )
    is_first = True
    async for changes in looks:
        now = time.monotonic()
        since.update({Path(path): now for _, path in changes})
        if is_first:
            files = await asyncio.to_thread(_files, folder)
            writing = frozenset(path for path in files if _is_being_written(path))
            since.update(dict.fromkeys(writing, now))
            is_first = False
            yield Settled(files - writing, writing)
            continue
        settled = {path for path, at in since.items() if now - at >= QUIET_S and not _is_being_written(path)}
        for path in settled:
            del since[path]
        if settled:
            yield Settled(frozenset(settled), frozenset(since))


def _files(folder: Path) -> frozenset[Path]:
    return frozenset(path for path in folder.rglob("*") if path.is_file())


class _Files(DefaultFilter):
    """Everything but what starts with a dot or is left open by an office program."""

    def __call__(self, change: object, path: str) -> bool:
        return not Path(path).name.startswith((".", "~")) and super().__call__(change, path)  # type: ignore[arg-type]


def _is_being_written(path: Path) -> bool:
    """Whether somebody has it open for writing, as far as the system tells: on Linux nobody gets a read lease then."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # this file system knows no leases
    finally:
        os.close(opened)
    return False
