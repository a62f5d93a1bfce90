"""Makes .venv: the locked dependencies and this project. Run by make with the standard library alone.

Nothing is done when .venv already holds what the locks ask for.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (whoever starts this may have an older one)
    sys.exit(
        "Knowwho needs Python 3.11 or later, and this is %d.%d: name another one, e.g. make PYTHON=python3.12"  # noqa: UP031
        % sys.version_info[:2]
    )

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / "knowwho.stamp"
UV_LOCK = ROOT / "requirements.uv.lock"
LOCK = ROOT / "requirements.lock"
ROOM_NEEDED = 1_000_000_000
"""Bytes: with less left when something failed, the disk is the likely reason (the first set-up takes 8 GB)."""


def main() -> None:
    """Bring .venv up to the locks, or end with one sentence that says what failed and what to do."""
    wanted = digest()
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == wanted:
        return
    if not is_usable():
        make_venv()
    STAMP.unlink(missing_ok=True)
    if not has_locked_uv():
        say("fetching uv, the installer")
        pip_install: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(
            [*pip_install, "--require-hashes", "--only-binary=:all:", "-r", UV_LOCK],
            failure="pip could not install uv",
        )
    say("installing the locked packages (the first time on this machine 3 GB come over the network)")
    run(
        [UV, "pip", "sync", "--python", PYTHON, "--require-hashes", LOCK],
        failure="uv could not install the locked packages",
    )
    run(
        [UV, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ROOT],
        failure="uv could not install this project into .venv",
    )
    STAMP.write_text(wanted)


def digest() -> str:
    """What .venv must hold: the locks, the project's metadata, and the place and Python that it is bound to."""
    sha = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}".encode())
    for file in (UV_LOCK, LOCK, ROOT / "pyproject.toml"):
        sha.update(file.read_bytes())
    return sha.hexdigest()


def is_usable() -> bool:
    """Whether .venv was made by this version of Python, with pip, and its interpreter is still there."""
    config = VENV / "pyvenv.cfg"
    if not (PYTHON.exists() and (VENV / "bin" / "pip").exists() and config.is_file()):
        return False
    text = config.read_text()
    same_python = re.search(rf"^version(?:_info)? = {sys.version_info[0]}\.{sys.version_info[1]}\.", text, re.MULTILINE)
    # uv's own environments have no pip, and uv would take uv itself out of them.
    return bool(same_python) and not re.search(r"^uv = ", text, re.MULTILINE)


def has_locked_uv() -> bool:
    """Whether .venv has the uv of requirements.uv.lock."""
    version = re.match(r"uv==(\S+)", UV_LOCK.read_text())
    return UV.exists() and version is not None and any(VENV.glob(f"lib/*/site-packages/uv-{version[1]}.dist-info"))


def make_venv() -> None:
    """Make an empty .venv with pip."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments (Debian and Ubuntu pack that part separately): "
            f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv, then run make again."
        )
    say("making .venv")
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        failure="Python could not make .venv; if something of that name is in the way, remove it",
    )


def run(command: list[str | Path], *, failure: str) -> None:
    """Run one step; its own words go to the terminal, and if it fails ours come last and end set-up."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"{failure} (its own words are above). {remedy()} Then run make again: what was fetched is kept.")


def remedy() -> str:
    """What most likely mends a failed step."""
    for folder in (VENV, uv_cache()):
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if (free := shutil.disk_usage(existing).free) < ROOM_NEEDED:
            return f"The disk of {folder} has only {free // 1_000_000} MB left: make room."
    return (
        "If they speak of a connection, a name or a certificate, mend the network or its proxy, or name the mirror "
        "that you use in PIP_INDEX_URL and UV_DEFAULT_INDEX."
    )


def uv_cache() -> Path:
    """Where uv keeps what it fetched."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("UV_CACHE_DIR") or caches / "uv")


def say(what: str) -> None:
    """Tell what happens next."""
    print(f"knowwho: {what}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped: run make again to go on where it was.")
    except OSError as error:
        sys.exit(f"Set-up could not go on: {error}. {remedy()}")
