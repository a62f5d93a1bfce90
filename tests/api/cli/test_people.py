"""``knowwho people …`` at the command line, each a process of its own over one network, and its worked example."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import api
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from tests.graph.people.duplicated import loaded, written
from tests.sample_network import environment

WITHIN_S = 300
TEXT = (Path(api.__file__).parent.parent / "docs" / "ingest" / "duplicates.md").read_text(encoding="utf-8")
FILE = re.compile(r"\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"```console\n\$ knowwho (.*?)\n(.*?)```", re.DOTALL)
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")

Ran = subprocess.CompletedProcess[str]


@pytest.fixture
async def network(
    graph: Graph, engine_address: Address, graph_settings: GraphSettings, tmp_path: Path
) -> GraphSettings:
    """The worker's network, in which one person is told of twice."""
    await loaded(graph, written(tmp_path / "network"))
    return graph_settings


async def knowwho(settings: GraphSettings, *arguments: str, typed: str = "") -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


async def names(graph: Graph) -> list[str]:
    return [row["name"] for row in await graph.read("MATCH (e:Expert) RETURN e.name AS name ORDER BY name")]


def example() -> tuple[dict[str, str], list[tuple[list[str], str]]]:
    """The files of the worked example by path, and its commands with what they print."""
    part = re.search(r"<!-- example: duplicates -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
    assert part is not None
    return dict(FILE.findall(part[1])), [(words.split(), printed) for words, printed in COMMAND.findall(part[1])]


async def test_the_worked_example_prints_what_it_says(
    graph: Graph, engine_address: Address, graph_settings: GraphSettings, tmp_path: Path
) -> None:
    files, commands = example()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    await loaded(graph, tmp_path)

    ran = [await knowwho(graph_settings, *words) for words, _ in commands]

    assert [one.returncode for one in ran] == [0] * len(commands)
    for one, (_, printed) in zip(ran, commands, strict=True):
        assert TIME.sub("2026-05-04 10:30", one.stdout + one.stderr).strip() == printed.strip()
    assert await names(graph) == ["Ama Testperson", "Kofi B. Otherperson", "Kofi Otherperson"]


async def test_a_pair_is_found_and_asked_for_before_it_is_merged(network: GraphSettings, graph: Graph) -> None:
    found = json.loads((await knowwho(network, "people", "duplicates", "--json")).stdout)
    refused = await knowwho(network, "people", "merge", "ama", "ama-2", typed="n\n")
    before = await names(graph)
    done = await knowwho(network, "people", "merge", "ama", "ama-2", typed="y\n")

    assert [(one["first"]["id"], one["second"]["id"], one["reasons"]) for one in found] == [
        ("ama", "ama-2", ["names alike", "same organisation"])
    ]
    assert (refused.returncode, "Nothing was merged" in refused.stderr) == (2, True)
    assert before == ["Ama Testperson", "Amah Testperson", "Kofi Otherperson"]
    assert (done.returncode, await names(graph)) == (0, ["Ama Testperson", "Kofi Otherperson"])


async def test_what_cannot_be_done_is_one_sentence(network: GraphSettings, graph: Graph) -> None:
    for arguments, said in [
        (("merge", "ama", "nobody", "--yes"), "There is no expert 'nobody'"),
        (("merge", "ama", "ama", "--yes"), "they are the same id; name two people."),
        (("undo", "ama"), "was merged into anybody"),
        (("undo", "ama", "kofi"), "Nobody said that these two are two"),
        (("distinct", "kofi", "kofi"), "they are the same id; name two people."),
    ]:
        ran = await knowwho(network, "people", *arguments)

        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1), arguments
        assert said in ran.stderr
