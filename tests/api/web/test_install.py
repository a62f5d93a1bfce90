import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.web import BundleFailed, CannotWrite, DamagedPackage, NoSpace, RegistryUnreachable, WebError, folder, install
from api.web.install import _is_whole, _meaning
from graph.settings import GraphSettings

BUNDLE = {"graphiql.js", "graphiql.css", "editor.worker.js", "graphql.worker.js", "json.worker.js", "manifest.json"}

INSTALL = """
import sys
from pathlib import Path
from api.web import install
from graph.settings import GraphSettings
print(install(GraphSettings(cache=Path(sys.argv[1]))))
"""


@pytest.mark.slow
def test_two_at_once_mend_a_damaged_folder(tmp_path: Path) -> None:
    settings = GraphSettings(cache=tmp_path)
    target = folder(settings)
    target.mkdir(parents=True)
    (target / "graphiql.js").write_text("half of it")

    command = [sys.executable, "-c", INSTALL, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate()[0].strip() for process in both]

    assert printed == [str(target), str(target)]
    assert {file.name for file in target.iterdir()} >= BUNDLE
    assert [left.name for left in target.parent.iterdir()] == [target.name]


def test_whole_folder_is_left_alone(tmp_path: Path) -> None:
    settings = installed(tmp_path)
    before = folder(settings).stat().st_ino
    told: list[str] = []

    again = install(settings, progress=told.append)

    assert again.stat().st_ino == before
    assert told == []


@pytest.mark.parametrize("damage", ["changed", "missing", "added"])
def test_damage_is_noticed(tmp_path: Path, *, damage: str) -> None:
    made = folder(installed(tmp_path))
    file = made / ("other.js" if damage == "added" else "graphql.worker.js")

    file.unlink() if damage == "missing" else file.write_text("something else")

    assert not _is_whole(made)


def test_without_a_registry_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")

    with pytest.raises(RegistryUnreachable) as refusal:
        install(GraphSettings(cache=tmp_path))

    assert str(refusal.value) == (
        "npm could not fetch the packages of pages (ECONNREFUSED): check the network, or set HTTPS_PROXY or "
        "npm_config_registry, then run `knowwho setup` again; what was fetched is kept."
    )
    assert list((tmp_path / "web").iterdir()) == []


def test_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")

    with pytest.raises(CannotWrite) as refusal:
        install(GraphSettings(cache=tmp_path / "cache"))

    assert str(refusal.value) == (
        f"{tmp_path}/cache/web cannot be written (Not a directory): mend its permissions, or set KNOWWHO_CACHE."
    )


@pytest.mark.parametrize(
    "output, meaning, message",
    [
        ("npm error code ENOSPC\nnpm error syscall write", NoSpace, "is full"),
        (
            "npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed",
            DamagedPackage,
            "package-lock.json",
        ),
        ("npm error code ENOTFOUND\nnpm error network request failed", RegistryUnreachable, "(ENOTFOUND)"),
        ("✘ [ERROR] No matching export\n\n  graphiql.js:2:9", BundleFailed, "No matching export / graphiql.js:2:9;"),
        ("", BundleFailed, "npm said: nothing;"),
    ],
)
def test_output_of_a_failed_step_is_understood(
    tmp_path: Path, *, output: str, meaning: type[WebError], message: str
) -> None:
    error = _meaning("npm", output, cwd=tmp_path)

    assert type(error) is meaning
    assert message in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("folder", ["api/web", "tests/provider"])
def test_lock_pins_every_package_and_names_no_host(folder: str) -> None:
    text = Path(folder, "package-lock.json").read_text()

    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}

    assert "://" not in text
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def installed(cache: Path) -> GraphSettings:
    """Settings of a cache of this test's own that holds what set-up made."""
    settings = GraphSettings(cache=cache)
    shutil.copytree(install(GraphSettings()), folder(settings))
    return settings
