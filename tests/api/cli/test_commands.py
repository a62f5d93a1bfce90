"""The command line as a whole: quick to help, and every failure a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli.commands import app
from api.failures import sentence_for
from graph.errors import QueryTimedOut

HEAVY = ("torch", "sentence_transformers", "neo4j", "strawberry", "fastapi", "numpy", "pydantic", "rich")


def test_help_imports_nothing_heavy() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from api.cli.commands import app; import typer.main; typer.main.get_command(app); "
            "print(*sorted({name.partition('.')[0] for name in sys.modules}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert not set(HEAVY) & set(seen.stdout.split())


@pytest.mark.parametrize(
    "command",
    sorted(typer.main.get_command(app).commands),  # type: ignore[attr-defined]
)
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])

    assert shown.exit_code == 0
    assert "Usage" in shown.stdout


def test_an_error_of_ours_to_tell_is_its_own_sentence() -> None:
    assert sentence_for(QueryTimedOut(3.0)) == "The graph took longer than 3 s to answer; ask for less, or try again."


def test_an_unexpected_fault_is_kept_in_a_log_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWWHO_HOME", str(tmp_path))

    sentence = sentence_for(RuntimeError("deep inside"))

    log = tmp_path / "logs" / "knowwho.log"
    assert sentence == f"an unexpected fault (RuntimeError); the details are in {log}."
    written = log.read_text(encoding="utf-8")
    assert "builtins.RuntimeError" in written
    assert "deep inside" not in written  # a message may quote what is personal


def test_schema_prints_the_contract() -> None:
    contract = Path(__file__).parents[3] / "schema.graphql"

    assert CliRunner().invoke(app, ["schema"]).stdout == contract.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [["engine", "status"], ["serve"], ["ask", "markets"]])
def test_a_setting_that_cannot_be_used_is_named_without_its_value(command: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "api.cli", *command],
        env={**os.environ, "KNOWWHO_ENGINE_HEAP_MB": "s3cret"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert told.stderr.startswith("knowwho: KNOWWHO_ENGINE_HEAP_MB cannot be used (")
    assert told.stderr.count("\n") == 1
    assert "s3cret" not in told.stderr
