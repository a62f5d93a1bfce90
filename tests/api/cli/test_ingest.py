# ruff: noqa: E501 -- exact sentences and rows stand on one line each
"""``knowwho ingest`` says what it did, and its exit code says how it went."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

import ingest
from api.cli.ingest import ingest_command
from graph import accounts, changes
from graph.accounts import NoSuchAccount
from graph.encoder import identity, install
from graph.engine import Address
from graph.errors import GraphError
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.settings import GraphSettings
from graph.vectors import waiting
from graph.viewer import Role
from ingest import watching
from tests.door import KEEPER

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


def test_refused_rows_are_told_for_mending_and_taken_back_mended(
    graph: Graph, folder: Path, tmp_path: Path, knowwho_ingest: Callable[..., Result]
) -> None:
    (folder / "experts.csv").write_text("id,name,country\nana,Ana,ES\nbo,Bo,Spain\n", encoding="utf-8")

    told = json.loads(knowwho_ingest(folder, "--dry-run", "--json", "--rows", 10).stdout)
    assert told["rows"] == [
        {"file": "experts.csv", "row": 3, "cells": ["bo", "Bo", "Spain"], "header": ["id", "name", "country"]}
    ]
    told["rows"][0]["cells"][2] = "ES"
    (tmp_path / "mended.json").write_text(json.dumps(told), encoding="utf-8")
    again = knowwho_ingest(folder, "--dry-run", "--json", "--mended", tmp_path / "mended.json")

    assert again.exit_code == 0
    assert json.loads(again.stdout)["kinds"]["experts"]["created"] == 2
    assert "rows" not in json.loads(again.stdout)


async def test_an_account_loads_in_its_own_name_and_leaves_the_vectors_to_a_server(
    graph: Graph, graph_settings: GraphSettings, folder: Path, knowwho_ingest: Callable[..., Result]
) -> None:
    keeper = await accounts.create(graph, KEEPER, email="keeper@example.org", role=Role.ADMINISTRATOR)

    result = await asyncio.to_thread(knowwho_ingest, folder, "--no-vectors", "--account", keeper.id)

    assert result.exit_code == 0
    log = [change for _, change in (await changes.page(graph, KEEPER, first=3)).entries]
    assert {(one.actor, one.verb) for one in log} == {(f"account:{keeper.id}", "loaded")}
    assert await waiting(graph, identity(graph_settings)) > 0


@pytest.mark.parametrize("role", [Role.ORGANISER, None])
async def test_nobody_else_loads(
    graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result], role: Role | None
) -> None:
    other = await accounts.create(graph, KEEPER, email="other@example.org", role=role) if role else None

    result = await asyncio.to_thread(knowwho_ingest, folder, "--account", other.id if other else "none")

    assert isinstance(result.exception, NotAllowed if role else NoSuchAccount)
    assert await graph.read("MATCH (e:Expert) RETURN e.id") == []


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


class _Rounds:
    """What happens in each round of a watch, after the first of which that says so, the folder goes."""

    def __init__(self, folder: Path, *rounds: GraphError | None) -> None:
        self._folder = folder
        self._rounds = list(rounds)
        self._load = ingest.load

    async def load(self, *arguments: Any, **named: Any) -> ingest.Report:
        problem = self._rounds.pop(0)
        if problem is not None:
            raise problem
        report = await self._load(*arguments, **named)
        if not self._rounds:
            shutil.rmtree(self._folder)
        return report


def test_a_watch_goes_on_after_what_could_not_be_done_until_the_folder_is_gone(
    graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_S", 0.3)
    monkeypatch.setattr(watching, "GONE_S", 0.3)
    problem = GraphError("The database does not answer.")
    monkeypatch.setattr(ingest, "load", _Rounds(folder, problem, problem, None).load)

    result = knowwho_ingest(folder, "--watch", "--dry-run")

    assert (result.exit_code, result.stderr.splitlines()) == (
        2,
        [
            "knowwho: The database does not answer. Knowwho goes on watching.",
            f"knowwho: {folder} cannot be read (it was gone for 0.3 s); give the folder that holds the network's CSV files.",
        ],
    )
    assert "experts                1" in result.stdout
    assert f"Watching {folder}; Ctrl+C stops." in result.stdout


def move_all(source: Path, target: Path) -> None:
    for file in sorted(source.iterdir()):
        file.rename(target / file.name)


def test_a_folder_that_is_empty_for_a_moment_ends_no_watch(
    graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_S", 0.3)
    monkeypatch.setattr(watching, "GONE_S", 0.3)
    load, away = ingest.load, folder.with_name("away")

    async def emptied(*arguments: Any, **named: Any) -> ingest.Report:
        """The files are away in the first round; the folder goes when they are back and in."""
        if not away.exists():
            away.mkdir()
            move_all(folder, away)
            try:
                return await load(*arguments, **named)
            finally:
                move_all(away, folder)
        report = await load(*arguments, **named)
        if "experts" in report.kinds:
            shutil.rmtree(folder)
        return report

    monkeypatch.setattr(ingest, "load", emptied)

    result = knowwho_ingest(folder, "--watch", "--dry-run")

    assert result.stderr.splitlines()[0] == (
        f"knowwho: {folder} holds no file of a network, such as experts.csv, topics.csv or a folder documents; "
        "docs/network-format.md describes them all. Knowwho goes on watching."
    )
    assert "experts                1" in result.stdout


def test_a_watch_tells_programs_how_far_it_is(
    graph: Graph, folder: Path, knowwho_ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "roster.csv").write_text("Name,Email\nKofi,kofi@example.org\n", encoding="utf-8")
    monkeypatch.setattr(watching, "GONE_S", 0.3)
    monkeypatch.setattr(ingest, "load", _Rounds(folder, None).load)

    result = knowwho_ingest(folder, "--watch", "--dry-run", "--json")

    assert json.loads(result.stderr.splitlines()[0]) == {"kind": "files", "done": 1, "total": 1}
    assert [json.loads(line)["kinds"]["experts"]["created"] for line in result.stdout.splitlines()] == [2]


def test_a_mapping_is_proposed(folder: Path, knowwho_ingest: Callable[..., Result]) -> None:
    (folder / "roster.csv").write_text("Name,Email\nKofi,kofi@example.org\n", encoding="utf-8")

    result = knowwho_ingest(folder / "roster.csv", "--propose-mapping")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# How roster.csv is read.")


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("pipe.csv", "it is not a file; put a file there, or nothing."),
        ("none.csv", "it is not a file; put a file there, or nothing."),
        ("slow.csv", "it took longer than 1e-06 s to read; split it into smaller files, or allow more time by KNOWWHO_INGEST_SECONDS."),
    ],
)  # fmt: skip
def test_a_mapping_is_proposed_within_the_limits_of_any_file(
    folder: Path, knowwho_ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "slow.csv").write_text("Name,Email\n" + "Kofi,kofi@example.org\n" * 20_000, encoding="utf-8")
    monkeypatch.setenv("KNOWWHO_INGEST_SECONDS", "0.000001")

    result = knowwho_ingest(folder / name, "--propose-mapping")

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"knowwho: {folder / name}: {sentence}\n")


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
