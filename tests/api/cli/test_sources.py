"""``knowwho sources`` and ``provenance`` say what came from where, and take it out again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.commands import app
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Viewer
from ingest import load
from tests.ingest.conftest import SMALL, write_files

Run = Callable[..., Result]


@pytest.fixture
async def run(
    graph: Graph,
    graph_settings: GraphSettings,
    engine_address: Address,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run a command on a small network."""
    await load(graph, Viewer.at_the_command_line(), write_files(tmp_path / "network", SMALL))
    monkeypatch.setenv("KNOWWHO_HOME", str(graph_settings.home))
    return lambda *arguments, **more: CliRunner().invoke(app, arguments, **more)


def test_the_sources_are_listed_with_what_they_tell(run: Run) -> None:
    listed = run("sources", "list")
    told = json.loads(run("sources", "list", "--json").stdout)

    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0].split() == ["file", "rows", "documents", "passages", "read"]
    (briefing,) = [one for one in told if one["id"] == "documents/talks/briefing.md"]
    assert (briefing["rows"], briefing["documents"], briefing["passages"]) == (0, 1, 2)
    assert len(told) == len(SMALL)


def test_taking_a_source_out_asks_first(run: Run) -> None:
    kept = run("sources", "remove", "attendance.csv", input="n\n")
    removed = run("sources", "remove", "attendance.csv", "--yes")

    assert kept.exit_code == 1
    assert kept.stdout.startswith("attendance.csv told: 1 rows and 0 documents.\n")
    assert removed.exit_code == 0
    assert removed.stdout == (
        "Taken out of what attendance.csv told: 1 rows and 0 documents.\n"
        "If the file is still in the network's folder, the next 'knowwho ingest' takes it in again.\n"
    )
    assert "attendance.csv" not in run("sources", "list").stdout


def test_who_goes_with_a_file_is_said_before(run: Run) -> None:
    shown = run("sources", "remove", "experts.csv", "--dry-run")

    assert shown.exit_code == 0
    assert shown.stdout == (
        "experts.csv told: 2 rows and 0 documents, and with them 2 people of whom no other file tells, with their "
        "evidence and consents; accounts among them: 0.\n"
    )
    assert "experts.csv" in run("sources", "list").stdout


def test_a_fact_is_told_with_its_file_and_row(run: Run) -> None:
    shown = run("provenance", "salma-benrabah")
    told = json.loads(run("provenance", "salma-benrabah", "--json").stdout)

    assert shown.stdout.startswith("experts salma-benrabah\n  name: Salma Benrabah\n      experts.csv, row 2 (read 2")
    assert {one["name"] for one in told} >= {"name", "email", "languages", "role", "talk"}


def test_what_is_not_there_is_one_sentence(run: Run) -> None:
    result = run("provenance", "nobody")

    assert "No file told of 'nobody'" in str(result.exception)
