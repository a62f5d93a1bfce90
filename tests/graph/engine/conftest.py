"""Engines of their own for the tests that start, stop and break engines."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.engine import attach, install, stop
from graph.engine.locks import exclusive_lock
from graph.engine.programs import aot_cache, aot_digest, jar_folder, verified_mark
from graph.settings import GraphSettings
from tests.graph.engine.processes import Client, until_stopped


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of an engine that ran once and has stopped, made once for all workers; tests copy it.

    Its name is a hard one on purpose.
    """
    run = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    settings = GraphSettings(home=run / "réseau d’experts", neo4j_uri=None)
    with exclusive_lock(run / "used_home.lock"):
        if not settings.home.exists():
            install(settings)
            with attach(settings, linger_s=0):
                pass
            until_stopped(settings)
    return settings.home


@pytest.fixture
def network(used_home: Path, tmp_path: Path) -> Iterator[GraphSettings]:
    """A network of the test's own, with a store that was used before; its engine does not run."""
    home = tmp_path / used_home.name
    shutil.copytree(used_home, home)
    settings = GraphSettings(home=home, neo4j_uri=None)
    yield settings
    stop(settings)


@pytest.fixture
def start_client() -> Iterator[Callable[[str, GraphSettings], Client]]:
    """Starts other processes; what still runs of them is ended after the test."""
    clients: list[Client] = []

    def start(what: str, settings: GraphSettings) -> Client:
        clients.append(Client(what, settings))
        return clients[-1]

    yield start
    for client in clients:
        if client.process.returncode is None:
            client.kill()


@pytest.fixture
def own_cache(tmp_path: Path) -> GraphSettings:
    """Settings with a cache folder of the test's own, made of links: an installation that may be broken."""
    shared = GraphSettings(neo4j_uri=None)
    install(shared)
    own = GraphSettings(home=tmp_path / "home", cache=tmp_path / "cache", neo4j_uri=None)
    jar_folder(own).mkdir(parents=True)
    for jar in jar_folder(shared).iterdir():
        (jar_folder(own) / jar.name).symlink_to(jar)
    for place in (aot_cache, aot_digest):
        place(own).symlink_to(place(shared))
    verified_mark(own).touch()
    return own


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 30 MB, which only root can make."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)
