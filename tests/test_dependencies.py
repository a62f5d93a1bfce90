"""What the project declares, imports, documents and locks is the same."""

import ast
import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ROOMS = ("api", "graph", "ingest")
PART_OF = {"pydantic_core": "pydantic", "optimum": "optimum-onnx", "starlette": "fastapi"}
"""Modules whose distribution another one pins exactly or shares a name space with."""


def name_of(requirement: str) -> str:
    """The name in a requirement: ``sentence-transformers`` of ``sentence-transformers[onnx]>=5.1``."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return name[0].lower().replace("_", "-")


RUN = {name_of(requirement) for requirement in PROJECT["dependencies"]}
EXTRAS = {name_of(requirement) for extra in PROJECT["optional-dependencies"].values() for requirement in extra}
NPM = {
    package
    for folder in (
        *("api/web", "bench/peer", "tests/accessibility", "tests/audit"),
        *("tests/e2e/clients", "tests/e2e/firefox", "tests/provider"),
    )
    for package in json.loads((ROOT / folder / "package.json").read_text())["dependencies"]
}
TABLE_ROW = re.compile(r"^\| ([\w@/.-]+) \| [^|]+ \| ([^|]+) \|", re.MULTILINE)
DOCUMENTED = dict(TABLE_ROW.findall((ROOT / "docs/dependencies.md").read_text()))


def test_every_direct_dependency_is_documented() -> None:
    headings = {"package", "what", "uv"}

    assert set(DOCUMENTED) - headings == RUN | EXTRAS | NPM


@pytest.mark.parametrize("package", sorted(RUN | EXTRAS))
def test_documented_licence_is_the_installed_one(package: str) -> None:
    stated = metadata.metadata(package).json.get("license_expression")
    if stated is None:
        stated = DOCUMENTED[package]  # an older package: its licence file was read

    assert DOCUMENTED[package] == stated


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_imports_is_declared(room: str) -> None:
    distributions = metadata.packages_distributions()
    imported = {
        module
        for file in (ROOT / room).rglob("*.py")
        for module in modules(ast.parse(file.read_text()))
        if module not in sys.stdlib_module_names and module not in ROOMS
    }

    undeclared = {
        module
        for module in imported
        if not {PART_OF.get(module, name_of(name)) for name in distributions[module]} & (RUN | EXTRAS)
    }

    assert undeclared == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements.run.lock", "requirements.uv.lock"])
def test_lock_has_a_hash_for_everything_and_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()

    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_of_the_image_is_the_lock_without_the_tools() -> None:
    image, whole = (pinned(ROOT / lock) for lock in ("requirements.run.lock", "requirements.lock"))

    assert image <= whole
    assert not {"mypy", "playwright", "pytest", "ruff"} & {pin.partition("==")[0] for pin in image}


def pinned(lock: Path) -> set[str]:
    """Every ``name==version`` of a lock."""
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", lock.read_text(), re.MULTILINE))


def modules(tree: ast.AST) -> set[str]:
    """The top-level modules that a file imports, anywhere in it."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}
