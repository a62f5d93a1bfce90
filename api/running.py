"""How a command finds the server that already runs on a network's folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from graph.settings import GraphSettings

__all__ = ["announced", "running_server"]


def _announcement(settings: GraphSettings) -> Path:
    return settings.run / "server.json"


@contextmanager
def announced(settings: GraphSettings, *, url: str) -> Iterator[None]:
    """Tell other commands where this process serves, until it ends."""
    file = _announcement(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    process = psutil.Process()
    said = {"url": url, "pid": process.pid, "started": process.create_time()}
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(file)
    try:
        yield
    finally:
        if _read(file) == said:
            file.unlink(missing_ok=True)


def running_server(settings: GraphSettings) -> str | None:
    """The address of the server that serves this network, if one runs; what a dead one left is not believed."""
    said = _read(_announcement(settings))
    if said is None:
        return None
    try:
        process = psutil.Process(said["pid"])
        alive = process.is_running() and process.create_time() == said["started"]
    except psutil.Error:
        return None
    return str(said["url"]) if alive else None


def _read(file: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and {"url", "pid", "started"} <= said.keys() else None
