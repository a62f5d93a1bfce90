"""How a command finds the server that already runs on a network's folder, and shows it where it comes from."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from api.settings import ServerSettings
from graph.settings import GraphSettings

__all__ = ["RunningServer", "announced", "network_address", "running_server"]


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server on this machine, and the key that shows it that a command may read this network's folder."""

    url: str
    key: str


def _announcement(settings: GraphSettings) -> Path:
    return settings.run / "server.json"


@contextmanager
def announced(settings: GraphSettings, *, url: str, key: str) -> Iterator[None]:
    """Tell other commands of this user where this process serves, and its key, until it ends."""
    file = _announcement(settings)
    for folder in (settings.home, file.parent):  # parents that are made on the way would be open to all
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.parent.chmod(0o700)
    process = psutil.Process()
    said = {"url": url, "key": key, "pid": process.pid, "started": process.create_time()}
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(file)
    try:
        yield
    finally:
        if _read(file) == said:
            file.unlink(missing_ok=True)


def running_server(settings: GraphSettings) -> RunningServer | None:
    """The server that serves this network, if one runs; what a dead one left is not believed."""
    said = _read(_announcement(settings))
    if said is None:
        return None
    try:
        process = psutil.Process(said["pid"])
        alive = process.is_running() and process.create_time() == said["started"]
    except psutil.Error:
        return None
    return RunningServer(str(said["url"]), str(said["key"])) if alive else None


def network_address(settings: GraphSettings) -> str:
    """Where links lead that are sent or printed: as set, else the running server, else where one would listen.

    Without a slash at the end.
    """
    server = ServerSettings()
    if server.public_url is not None:
        return server.public_url
    running = running_server(settings)
    return running.url if running is not None else f"http://127.0.0.1:{server.port}"


def _read(file: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and {"url", "key", "pid", "started"} <= said.keys() else None
