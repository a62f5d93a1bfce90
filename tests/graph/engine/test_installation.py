import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.engine import InstallPhase, InstallStep, attach, install
from graph.engine.errors import DamagedDownload, FolderUnwritable, NoSpace, RegistryUnreachable
from graph.engine.lock import Jar, jars
from graph.engine.programs import (
    aot_cache,
    damaged_jar,
    is_aot_cache_intact,
    jar_folder,
    programs_folder,
    require_installed,
    verified_mark,
)
from graph.settings import GraphSettings

CLONE = Path(__file__).parents[3]
INSTALL = "from graph.engine import install; from graph.settings import GraphSettings; install(GraphSettings())"


def test_second_installation_does_nothing(own_cache: GraphSettings) -> None:
    steps: list[InstallStep] = []

    install(own_cache, progress=steps.append)

    assert steps == [InstallStep(InstallPhase.DONE)]


def test_cut_jar_is_refused_and_mended_by_fetching_it_alone(own_cache: GraphSettings) -> None:
    jar = smallest_jars(1)[0]
    file = jar_folder(own_cache) / jar.file_name
    file.unlink()
    file.write_bytes(b"the beginning of it")
    steps: list[InstallStep] = []

    with pytest.raises(DamagedDownload) as refusal, attach(own_cache):
        pass
    install(own_cache, progress=steps.append)

    assert str(refusal.value) == (
        f"{file} is missing or not what the lock file says: run `knowwho engine install --repair`."
    )
    fetched = [step for step in steps if step.phase is InstallPhase.FETCHING]
    assert fetched[-1] == InstallStep(InstallPhase.FETCHING, jar.size, jar.size)
    assert damaged_jar(own_cache) is None
    require_installed(own_cache)


def test_jar_with_wrong_bytes_is_mended_by_repair(own_cache: GraphSettings) -> None:
    jar = smallest_jars(1)[0]
    file = jar_folder(own_cache) / jar.file_name
    file.unlink()
    file.write_bytes(b"x" * jar.size)

    install(own_cache)
    found_without_repair = damaged_jar(own_cache)
    install(own_cache, repair=True)

    assert found_without_repair == file
    assert damaged_jar(own_cache) is None


def test_mended_jar_has_the_time_that_the_start_up_cache_expects(own_cache: GraphSettings) -> None:
    jar = smallest_jars(1)[0]
    file = jar_folder(own_cache) / jar.file_name
    before = file.stat().st_mtime
    file.unlink()

    install(own_cache)

    assert not file.is_symlink()
    assert file.stat().st_mtime == before


def test_two_installations_at_once_leave_every_jar_whole(own_cache: GraphSettings) -> None:
    for jar in smallest_jars(4):
        (jar_folder(own_cache) / jar.file_name).unlink()
    environment = os.environ | {
        "KNOWWHO_CACHE": str(own_cache.cache),
        "KNOWWHO_HOME": str(own_cache.home),
        "PYTHONPATH": str(CLONE),
    }

    both = [subprocess.Popen([sys.executable, "-c", INSTALL], env=environment) for _ in range(2)]

    assert [process.wait() for process in both] == [0, 0]
    assert damaged_jar(own_cache) is None
    assert not (programs_folder(own_cache) / "fetching").exists()


def test_registry_that_cannot_be_reached_is_told_and_nothing_is_lost(
    own_cache: GraphSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = smallest_jars(1)[0]
    (jar_folder(own_cache) / jar.file_name).unlink()
    # Nothing listens on the discard port.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    with pytest.raises(RegistryUnreachable) as refusal:
        install(own_cache)

    assert str(refusal.value) == (
        f"Maven Central did not give {jar.coordinates} (ProxyError): check the network or set HTTPS_PROXY, "
        "then run `knowwho engine install` again; what is already fetched is kept."
    )
    assert not verified_mark(own_cache).exists()
    assert len(list(jar_folder(own_cache).iterdir())) == len(jars()) - 1


def test_full_disk_is_told_before_anything_is_fetched(small_disk: Path) -> None:
    settings = GraphSettings(home=small_disk / "home", cache=small_disk / "cache", neo4j_uri=None)

    with pytest.raises(NoSpace, match="is full: free at least 500 MB"):
        install(settings)

    assert list(jar_folder(settings).iterdir()) == []


def test_cache_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(FolderUnwritable, match="choose another folder"):
        install(GraphSettings(home=tmp_path, cache=tmp_path / "file", neo4j_uri=None))


def test_start_up_cache_that_changed_is_noticed(own_cache: GraphSettings) -> None:
    was_intact = is_aot_cache_intact(own_cache)

    aot_cache(own_cache).unlink()
    aot_cache(own_cache).write_bytes(b"not what Java wrote")

    assert was_intact
    assert not is_aot_cache_intact(own_cache)


def smallest_jars(count: int) -> list[Jar]:
    return sorted(jars(), key=lambda jar: jar.size)[:count]
