"""A folder with a file of every kind goes into a real graph: whole, once, with what is hostile left out."""

import re
from pathlib import Path
from typing import Any

import pytest

import ingest
from graph import provenance
from graph.graph import Graph
from graph.provenance import Fact
from graph.viewer import Viewer
from ingest import files_of, load
from tests.ingest.hostile.hostile import HOSTILE
from tests.ingest.hostile.valid import KINDS
from tests.ingest.test_loader import counts, everything

OPERATOR = Viewer.at_the_command_line()
PAGE = (Path(ingest.__file__).parents[1] / "docs" / "ingest.md").read_text(encoding="utf-8")
OWNED = {"pdf", "docx", "pptx", "odt", "html"}


@pytest.fixture
def everything_there(network: Path) -> Path:
    """The small network with a valid file of each kind beside its own; documents lie in a person's folder."""
    for number, (kind, valid) in enumerate(KINDS.items()):
        name = f"file-{number}{valid.suffix}"
        folder = network / "documents" / "salma-benrabah" if kind in OWNED else network
        folder.mkdir(exist_ok=True)
        text = f"This is the {kind} on prevention. " + f"Stewards number {number} welcome people at the door. " * 12
        (folder / name).write_bytes(valid.content(f"Ama {kind.title()}", text))
    return network


async def test_a_file_of_every_kind_goes_in_and_the_second_time_changes_nothing(
    graph: Graph, everything_there: Path
) -> None:
    first = await load(graph, OPERATOR, everything_there)
    before = await everything(graph)
    second = await load(graph, OPERATOR, everything_there, prune=True)

    assert [str(refusal) for refusal in first.refusals] == []
    sources = {row["id"] for row in await graph.read("MATCH (s:Source) RETURN s.id AS id")}
    assert files_of(everything_there).names - sources == set()
    assert counts(second) == {}
    assert await everything(graph) == before


async def test_what_is_hostile_is_refused_or_cleaned_and_the_rest_goes_in(graph: Graph, network: Path) -> None:
    secret = network.parent / "secret"
    secret.write_text("a secret of this machine", encoding="utf-8")
    chosen = {one.kind: one for one in HOSTILE if one.refused}
    for number, one in enumerate(chosen.values()):
        folder = network / "documents" / "salma-benrabah" if one.kind in OWNED else network
        folder.mkdir(exist_ok=True)
        (folder / f"hostile-{number}{KINDS[one.kind].suffix}").write_bytes(one.make(secret))

    report = await load(graph, OPERATOR, network)

    assert report.kinds["experts"].created == 2
    recognised = {name for name in files_of(network).names if "hostile-" in name}
    assert len(recognised) >= len(chosen) // 2
    assert recognised == {refusal.file for refusal in report.refusals}
    stored = await graph.read("MATCH (n) RETURN n {.*} AS n")
    assert not any("secret of this machine" in str(row["n"]) for row in stored)


def example(name: str) -> dict[str, str]:
    part = re.search(rf"<!-- example: {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert part is not None
    return dict(re.findall(r"\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)```", part[1], re.DOTALL))


async def test_the_pages_example_is_told_as_it_says(graph: Graph, tmp_path: Path) -> None:
    for name, text in example("sources").items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    await load(graph, OPERATOR, tmp_path)

    facts = await provenance.of(graph, OPERATOR, id="salma-benrabah")
    shown = re.search(r"<!-- provenance: sources -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert shown[1].splitlines() == told(facts)


def told(facts: Any) -> list[str]:
    """As the command prints it, without times."""
    lines: list[str] = []
    fact: Fact
    for fact in facts:
        if fact.subject not in lines:
            lines.append(fact.subject)
        lines.append(f"  {fact.name}: {fact.value}")
        lines += [f"      {place.source}, {place.place}" for place in fact.places]
    return lines
