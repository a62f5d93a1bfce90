"""The container files, as far as they can be checked without an engine that runs them."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from api.settings import ServerSettings
from graph.engine.lock import neo4j_version
from graph.settings import GraphSettings

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SETTINGS = {f"KNOWWHO_{name.upper()}" for name in (*GraphSettings.model_fields, *ServerSettings.model_fields)}


def test_compose_file_is_valid_and_whole() -> None:
    compose = PyCompose.from_yaml(COMPOSE_TEXT)

    compose.validate()
    assert set(compose.service_names()) == {"api", "neo4j"}


def test_neo4j_is_the_version_of_the_managed_engine() -> None:
    assert COMPOSE["services"]["neo4j"]["image"] == f"neo4j:{neo4j_version()}-community"


def test_every_variable_of_ours_is_a_setting() -> None:
    in_compose = set(COMPOSE["services"]["api"]["environment"])
    in_dockerfile = set(re.findall(r"\bKNOWWHO_[A-Z0-9_]+", DOCKERFILE))

    assert in_compose | in_dockerfile <= SETTINGS


def test_environment_makes_the_settings_that_are_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPOSE["services"]["api"]["environment"].items():
        monkeypatch.setenv(name, value)

    server, graph = ServerSettings(), GraphSettings()

    server.check()
    assert (server.host, server.port, server.public_url) == ("0.0.0.0", 8000, "http://localhost:8000")  # noqa: S104
    assert graph.neo4j_uri == "bolt://neo4j:7687"
    assert graph.neo4j_password_file == Path("/run/secrets/neo4j_password")


def test_nothing_is_published_beyond_loopback() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert published == ["127.0.0.1:8000:8000"]


def test_no_secret_stands_in_a_file_of_the_repository() -> None:
    secrets = {name: secret["file"] for name, secret in COMPOSE["secrets"].items()}
    ignored = subprocess.run(
        ["git", "check-ignore", *secrets.values()], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ignored.stdout.split() == list(secrets.values())
    assert not re.search(r"PASSWORD: |NEO4J_AUTH: ", COMPOSE_TEXT)


def test_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.findall(r"^USER (.+)$", last_stage, re.MULTILINE) == ["10001:10001"]


def test_health_check_asks_whether_the_api_is_ready() -> None:
    command = re.search(r"HEALTHCHECK .*\\\n  CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert command is not None

    python, option, program = json.loads(command[1])

    assert (python, option) == ("python", "-c")
    compile(program, "health check", "exec")
    assert "/readyz" in program


def test_what_the_image_copies_is_let_through() -> None:
    let_through = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }

    assert copied == let_through
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_lock_without_torch_keeps_everything_else() -> None:
    program = re.search(r"awk '(.+)' requirements\.run\.lock", DOCKERFILE)
    assert program is not None

    without = subprocess.run(
        ["awk", program[1], "requirements.run.lock"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    def names(text: str) -> set[str]:
        return set(re.findall(r"^([a-z][\w.-]*)==", text, re.MULTILINE))

    lock = (ROOT / "requirements.run.lock").read_text()
    gone = names(lock) - names(without)
    assert {name for name in gone if not name.startswith(("nvidia-", "cuda-"))} == {"torch", "triton"}
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z])", without, flags=re.MULTILINE)[1:])
