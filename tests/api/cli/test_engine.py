import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.engine import engine_app
from graph.engine import Address
from graph.errors import GraphError
from graph.settings import GraphSettings


def test_status_of_a_network_that_never_ran(home: Path) -> None:
    result = CliRunner().invoke(engine_app, ["status"])

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "state              stopped",
        f"home               {home}",
        "version            2026.08.1",
        "data               0 MB",
    ]


def test_status_as_json_of_a_running_engine(
    graph_settings: GraphSettings, engine_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWWHO_HOME", str(graph_settings.home))

    result = CliRunner().invoke(engine_app, ["status", "--json"])

    told = json.loads(result.stdout)
    assert told["state"] == "running"
    assert told["uri"] == engine_address.uri
    assert told["stays"] is False
    assert told["clients"] >= 1


def test_status_of_a_neo4j_of_ones_own(
    home: Path, engine_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text(engine_address.password.get_secret_value(), encoding="ascii")
    (tmp_path / "password").chmod(0o600)
    monkeypatch.setenv("KNOWWHO_NEO4J_URI", engine_address.uri)
    monkeypatch.setenv("KNOWWHO_NEO4J_PASSWORD_FILE", str(tmp_path / "password"))

    result = CliRunner().invoke(engine_app, ["status"])

    assert result.stdout.splitlines() == [
        "state              yours",
        f"uri                {engine_address.uri}",
        "version            2026.08.1",
        "edition            community",
    ]


def test_stop_without_an_engine_says_so(home: Path) -> None:
    result = CliRunner().invoke(engine_app, ["stop"])

    assert result.exit_code == 0
    assert result.stdout == "The engine was not running.\n"


def test_logs_show_the_newest_lines_and_where_all_logs_are(
    graph_settings: GraphSettings, engine_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWWHO_HOME", str(graph_settings.home))

    result = CliRunner().invoke(engine_app, ["logs", "--lines", "1"])

    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.splitlines() == [
        str(graph_settings.logs / name) for name in ("neo4j.log", "engine.log", "debug.log")
    ]


def test_logs_of_a_network_that_never_ran(home: Path) -> None:
    result = CliRunner().invoke(engine_app, ["logs"])

    assert result.stdout == "The engine has no logs: it has never run for this network.\n"


def test_start_is_refused_when_the_graph_is_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWWHO_NEO4J_URI", "bolt://graph.example")

    result = CliRunner().invoke(engine_app, ["start"])

    assert result.exit_code != 0
    assert isinstance(result.exception, GraphError)
    assert "unset it" in str(result.exception)


def test_install_is_quick_when_everything_is_there(graph_settings: GraphSettings, engine_address: Address) -> None:
    result = CliRunner().invoke(engine_app, ["install"])

    assert result.exit_code == 0
    assert result.stdout == f"Neo4j 2026.08.1 is installed in {graph_settings.cache / 'engine'}.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KNOWWHO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KNOWWHO_NEO4J_URI", raising=False)
    return tmp_path / "home"
