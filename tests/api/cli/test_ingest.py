# ruff: noqa: E501 -- exact sentences and rows stand on one line each
"""``knowwho ingest`` says what it did, and its exit code says how it went."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli.ingest import ingest_command
from graph.encoder import identity, install
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.vectors import waiting

FILES = {
    "topics.csv": "id,label_en\nmarkets,Markets\n",
    "experts.csv": "id,name,country,languages,topics\nana,Ana,ES,es:native,markets:lead\n",
    "documents/ana.md": "---\nowner: ana\nkind: biography\nlanguage: es\n---\nAna protege mercados.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A network of one person."""
    for name, text in FILES.items():
        file = tmp_path / "network" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "network"


@pytest.fixture
def knowwho_ingest(
    monkeypatch: pytest.MonkeyPatch, graph_settings: GraphSettings, engine_address: Address
) -> Callable[..., Result]:
    """Run the command on the worker's own network."""
    monkeypatch.setenv("KNOWWHO_HOME", str(graph_settings.home))
    app = typer.Typer()
    app.command()(ingest_command)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_dry_run_reports_and_ends_well(graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result]) -> None:
    result = knowwho_ingest(folder, "--dry-run")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "                 created    changed  unchanged    removed    refused",
        "topics                 1          -          -          -          -",
        "experts                1          -          -          -          -",
        "documents              1          -          -          -          -",
        "passages               1          -          -          -          -",
        "",
        "This was a dry run: nothing was written.",
    ]
    assert result.stderr == ""


def test_refused_rows_end_with_1_and_stand_in_the_report(
    graph: Graph, folder: Path, tmp_path: Path, knowwho_ingest: Callable[..., Result]
) -> None:
    (folder / "topics.csv").write_text("id,label_en\nMarkets,Markets\n", encoding="utf-8")

    result = knowwho_ingest(folder, "--dry-run", "--report", tmp_path / "report.json")

    assert result.exit_code == 1
    assert "  topics.csv, row 2, column id: 'Markets' is not an id" in result.stdout
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [refusal["file"] for refusal in told["refusals"]] == ["topics.csv", "experts.csv", "documents/ana.md"]


def test_json_is_all_that_is_printed(graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result]) -> None:
    result = knowwho_ingest(folder, "--dry-run", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["kinds"]["experts"]["created"] == 1


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["none"], "none cannot be read (No such file or directory); give the folder that holds the network's CSV files."),
        (["."], ". holds no file of a network, such as experts.csv, topics.csv or a folder documents; docs/network-format.md describes them all."),
        (["network", "--report", "none/report.json"], "none/report.json cannot be written (No such file or directory); name another file for the report."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_ends_with_2_and_one_sentence(
    folder: Path, knowwho_ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:  # fmt: skip
    monkeypatch.chdir(folder.parent)

    result = knowwho_ingest(*arguments)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"knowwho: {sentence}\n")


@pytest.mark.slow
def test_a_load_ends_with_the_vectors_written(
    folder: Path, knowwho_ingest: Callable[..., Result], engine_address: Address, graph_settings: GraphSettings
) -> None:
    install(graph_settings)

    result = knowwho_ingest(folder)

    assert (result.exit_code, result.stderr, result.exception) == (0, "", None)

    async def left() -> int:
        async with Graph.connect(engine_address) as connected:
            return await waiting(connected, identity(graph_settings))

    assert asyncio.run(left()) == 0
