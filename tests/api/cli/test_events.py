"""``knowwho events …``, as real commands on the worker's graph."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph import drafts
from graph.event_changes import EventChanges
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Viewer
from tests.graph.people.duplicated import everything, loaded, written
from tests.sample_network import environment

STARTS = ("--starts", "2027-03-01T14:00+01:00")


def events(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "events", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
async def network(graph: Graph, graph_settings: GraphSettings, tmp_path: Path) -> GraphSettings:
    """The worker's network, with a briefing and a workshop of two hours each."""
    await loaded(graph, written(tmp_path / "network"))
    return graph_settings


async def test_an_event_is_copied(network: GraphSettings, graph: Graph) -> None:
    first = events(network, "copy", "briefing", *STARTS)
    second = events(
        network, "copy", "briefing", *STARTS, "--ends", "2027-03-01T18:00+01:00", "--title", "Gates", "--json"
    )

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "'briefing-on-prevention' is made as 'briefing' was; it has no speakers, partners and page yet.\n"
    )
    assert json.loads(second.stdout) == {"event": "gates", "version": 1}, second.stderr
    rows = await graph.read(
        "MATCH (v:Event) WHERE v.id IN ['briefing-on-prevention', 'gates'] "
        "RETURN v.title AS title, v.starts_at AS starts_at, v.ends_at AS ends_at ORDER BY v.id"
    )
    assert [(row["title"], row["starts_at"].to_native(), row["ends_at"].to_native()) for row in rows] == [
        ("Briefing on prevention", datetime(2027, 3, 1, 13, tzinfo=UTC), datetime(2027, 3, 1, 15, tzinfo=UTC)),
        ("Gates", datetime(2027, 3, 1, 13, tzinfo=UTC), datetime(2027, 3, 1, 17, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    "arguments,said",
    [
        (("nothing", *STARTS), "nothing"),
        (("briefing",), "--starts"),
        (("briefing", "--starts", "2027-03-01T14:00"), "offset from UTC"),
        (("briefing", "--starts", "tomorrow"), "offset from UTC"),
        (("briefing", *STARTS, "--ends", "2027-03-01T12:00Z"), "would end before it starts"),
    ],
)
async def test_what_cannot_be_copied_is_told_and_nothing_is_made(
    network: GraphSettings, graph: Graph, arguments: tuple[str, ...], said: str
) -> None:
    before = await everything(graph)

    refused = events(network, "copy", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert await everything(graph) == before


async def test_drafts_are_listed_and_published(network: GraphSettings, graph: Graph) -> None:
    none = events(network, "drafts")
    first, second = [
        await drafts.create(graph, Viewer.at_the_command_line(), given=given, idempotency_key=None)
        for given in (
            EventChanges(title="Gates", kind="briefing", starts_at=datetime(2027, 3, 1, 13, tzinfo=UTC)),
            EventChanges(title="Squares"),
        )
    ]

    listed = events(network, "drafts")
    published = events(network, "publish", first.id)
    again = events(network, "publish", first.id)
    unfit = events(network, "publish", second.id)
    nothing = events(network, "publish", "nothing")
    left = events(network, "drafts", "--json")

    assert none.stdout == "There are no drafts.\n", none.stderr
    assert listed.stdout == f"{second.id}  no day yet  Squares\n{first.id}  2027-03-01  Gates\n"
    assert published.stdout == f"'{first.id}' is published: it is an event now, and everybody knows of it.\n"
    assert (again.returncode, unfit.returncode, nothing.returncode) == (2, 2, 2)
    assert "This draft was published, so it is an event now" in again.stderr
    assert "There is no kind yet; choose one." in unfit.stderr
    assert "There is no draft 'nothing'" in nothing.stderr
    (told,) = json.loads(left.stdout)
    assert (told["id"], told["title"], told["made_at"]) == (second.id, "Squares", second.made_at.isoformat())
