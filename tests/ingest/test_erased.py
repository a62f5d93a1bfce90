"""A roster does not bring back who was erased: it says so, row by row, until somebody readmits them."""

from pathlib import Path

import pytest

from graph import erasure
from graph.graph import Graph
from graph.values import ExpertId
from graph.viewer import Viewer
from ingest import Report, load

OPERATOR = Viewer.at_the_command_line()
SALMA = ExpertId("salma-benrabah")
LEFT = """
RETURN COLLECT { MATCH (e:Expert) RETURN e.id ORDER BY e.id } AS people,
       COUNT { (:Participant)-[:SPOKE_AT]->(:Event {id: 'briefing'}) } AS nameless
"""


@pytest.fixture
async def erased(graph: Graph, network: Path) -> Graph:
    """The small network without Salma, who was in it."""
    await load(graph, OPERATOR, network)
    await erasure.erase(graph, OPERATOR, expert=SALMA)
    return graph


def refused(report: Report, file: str) -> list[str]:
    return [str(refusal) for refusal in report.refusals if refusal.file == file]


@pytest.mark.parametrize("prune", [False, True])
async def test_the_same_roster_is_loaded_without_them_and_says_so(erased: Graph, network: Path, prune: bool) -> None:
    report = await load(erased, OPERATOR, network, prune=prune)

    assert refused(report, "experts.csv") == [
        "experts.csv, row 2, column id: this person was erased from the network; delete the row, or, if they want to "
        "come back, run 'knowwho erase --readmit salma-benrabah --readmit salma@example.org' first"
    ]
    assert len(refused(report, "affiliations.csv")) == 1
    assert len(refused(report, "speakers.csv")) == 1
    assert await erased.read(LEFT) == [{"people": ["kofi-adjei"], "nameless": 1}]


async def test_another_id_with_the_same_address_is_refused_too(erased: Graph, network: Path) -> None:
    file = network / "experts.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("salma-benrabah", "salma-b"), encoding="utf-8")

    report = await load(erased, OPERATOR, network)

    (told,) = refused(report, "experts.csv")
    assert "row 2, column email: this person was erased" in told
    assert (await erased.read(LEFT))[0]["people"] == ["kofi-adjei"]


async def test_a_dry_run_tells_the_same(erased: Graph, network: Path) -> None:
    dry = await load(erased, OPERATOR, network, dry_run=True)
    wet = await load(erased, OPERATOR, network)

    assert dry.refusals == wet.refusals


async def test_who_is_readmitted_comes_back(erased: Graph, network: Path) -> None:
    await erasure.readmit(erased, OPERATOR, id_or_address=SALMA)
    await erasure.readmit(erased, OPERATOR, id_or_address="salma@example.org")

    report = await load(erased, OPERATOR, network)

    assert report.is_complete
    assert (await erased.read(LEFT))[0]["people"] == ["kofi-adjei", "salma-benrabah"]


async def test_a_namesake_in_a_foreign_file_is_told_how_to_come_in(erased: Graph, network: Path) -> None:
    (network / "experts.csv").unlink()
    (network / "roster.csv").write_text("Name,Country\nSalma Benrabah,TN\n", encoding="utf-8")

    (told,) = refused(await load(erased, OPERATOR, network), "roster.csv")

    assert told.endswith("first; somebody else of that name needs an id of their own in a column id")
