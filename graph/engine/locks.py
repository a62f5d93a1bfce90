"""Locks between processes. The kernel takes them back when their holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["exclusive_lock", "is_locked", "shared_lock"]


@contextmanager
def exclusive_lock(file: Path) -> Iterator[None]:
    """Hold the file alone, once nobody else holds it."""
    with _locked(file, fcntl.LOCK_EX):
        yield


@contextmanager
def shared_lock(file: Path) -> Iterator[None]:
    """Hold the file together with others, once nobody holds it alone."""
    with _locked(file, fcntl.LOCK_SH):
        yield


def is_locked(file: Path) -> bool:
    """Whether some process holds the file alone."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _locked(file: Path, operation: int) -> Iterator[None]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, operation)
        yield
    finally:
        os.close(descriptor)
