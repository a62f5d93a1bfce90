"""What a newcomer meets first: make, and the set-up of .venv."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
AS_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
runpy.run_path(".ci/environment.py", run_name="__main__")
"""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that makes .venv, at work on an empty folder."""
    spec = importlib.util.spec_from_file_location("environment", ROOT / ".ci" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, place in {"VENV": venv, "PYTHON": venv / "bin/python", "UV": venv / "bin/uv"}.items():
        monkeypatch.setattr(module, name, place)
    monkeypatch.setattr(module, "STAMP", venv / "knowwho.stamp")
    return module


def test_help_is_the_default_and_names_every_target_of_the_readers() -> None:
    printed = make().stdout

    assert re.findall(r"^  make ([\w-]+) ", printed, re.MULTILINE)[:16] == [
        *(
            "help",
            "demo",
            "setup",
            "test",
            "check",
            "lock",
            "words",
            "tour",
            "bench",
            "bench-scale",
            "quality",
            "clients",
            "fuzz",
        ),
        *("audit", "clean", "demo"),
    ]


def test_missing_python_is_one_sentence() -> None:
    done = make("environment", "PYTHON=/nowhere/python3")

    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "There is no '/nowhere/python3' on the path: install Python 3.11 or later, "
        "or name one: make PYTHON=/path/to/python3"
    )


def test_old_python_is_one_sentence() -> None:
    done = subprocess.run([sys.executable, "-c", AS_OLD_PYTHON], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == (
        "Knowwho needs Python 3.11 or later, and this is 3.9: name another one, e.g. make PYTHON=python3.12\n"
    )


def test_nothing_is_done_when_the_stamp_fits(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.symlink_to(sys.executable)
    environment.STAMP.write_text(environment.digest())
    monkeypatch.setattr(environment, "run", lambda *_, **__: pytest.fail("something was run"))

    environment.main()


def test_changed_lock_is_installed_and_stamped(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    make_usable(environment)
    environment.STAMP.write_text("the digest of an earlier lock")
    steps: list[list[str]] = []
    monkeypatch.setattr(environment, "run", lambda command, **_: steps.append([str(part) for part in command]))

    environment.main()

    assert [step[1:3] for step in steps] == [["-m", "pip"], ["pip", "sync"], ["pip", "install"]]
    assert all("--require-hashes" in step for step in steps[:2])
    assert environment.STAMP.read_text() == environment.digest()


def test_interrupted_set_up_starts_again(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    make_usable(environment)
    environment.STAMP.write_text("the digest of an earlier lock")
    monkeypatch.setattr(environment, "run", lambda *_, **__: sys.exit("no network"))

    with pytest.raises(SystemExit, match="no network"):
        environment.main()

    assert not environment.STAMP.exists()


def test_failed_step_says_what_to_do(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "remedy", lambda: "Mend it.")

    with pytest.raises(SystemExit) as refusal:
        environment.run([sys.executable, "-c", "raise SystemExit(3)"], failure="uv could not install")

    assert refusal.value.code == (
        "uv could not install (its own words are above). Mend it. Then run make again: what was fetched is kept."
    )


@pytest.mark.parametrize("free, remedy", [(5_000_000, "has only 5 MB left: make room."), (10**12, "mend the network")])
def test_remedy_tells_a_full_disk_from_a_missing_network(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, *, free: int, remedy: str
) -> None:
    usage = shutil.disk_usage(environment.VENV.parent)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert remedy in environment.remedy()


def test_python_without_venv_names_the_package_of_debian(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(SystemExit) as refusal:
        environment.make_venv()

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt-get install python{version}-venv" in str(refusal.value.code)


def test_fit_venv_is_kept(environment: ModuleType) -> None:
    make_usable(environment)

    assert environment.is_usable()


@pytest.mark.parametrize("fault", ["no pip", "made by uv", "another Python", "interpreter gone"])
def test_unfit_venv_is_made_anew(environment: ModuleType, *, fault: str) -> None:
    make_usable(environment)
    config = environment.VENV / "pyvenv.cfg"

    match fault:
        case "no pip":
            (environment.VENV / "bin" / "pip").unlink()
        case "made by uv":
            config.write_text(config.read_text() + "uv = 0.9.0\n")
        case "another Python":
            config.write_text("home = /usr/bin\nversion = 3.5.1\n")
        case "interpreter gone":
            environment.PYTHON.unlink()

    assert not environment.is_usable()


def test_ci_checks_and_tests_and_stops_at_the_first_failure() -> None:
    script = (ROOT / ".ci" / "run").read_text()

    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert re.findall(r"^make \w+$", script, re.MULTILINE) == ["make check", "make test"]


def make_usable(environment: ModuleType) -> None:
    """Make what set-up takes for a .venv of this Python."""
    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.symlink_to(sys.executable)
    (environment.VENV / "bin" / "pip").touch()
    version = ".".join(str(part) for part in sys.version_info[:3])
    (environment.VENV / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person would."""
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
