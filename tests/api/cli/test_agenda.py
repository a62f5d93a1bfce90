"""``knowwho events agenda``, as real commands on the worker's graph."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from graph.agenda import agenda
from graph.event_changes import update
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.values import EventId
from tests.graph.people.duplicated import OPERATOR, everything, loaded, written
from tests.sample_network import environment

BRIEFING = EventId("briefing")
TABLE = """\
start,end,title,kind,speakers,room,language,description
14:00,14:10,Opening,opening,kofi,A,en,
14:10,2022-06-02T15:00+02:00,Who stands at the gate,talk,ama; kofi (moderator),B,fr,Of gates
14:50,15:30,Discussion,discussion,ama,B,,
,,Farewell,,,,,
"""


def events(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "events", *arguments],
        env={**environment(settings), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
async def network(graph: Graph, graph_settings: GraphSettings, tmp_path: Path) -> GraphSettings:
    """The worker's network, with a briefing in Tunis from 14:00 to 16:00."""
    await loaded(graph, written(tmp_path / "network"))
    version = (await graph.read("MATCH (v:Event {id: 'briefing'}) RETURN v.version AS version"))[0]["version"]
    await update(graph, OPERATOR, event=BRIEFING, expected_version=version, changes={"time_zone": "Europe/Vienna"})
    return graph_settings


async def test_an_agenda_is_written_from_a_table_and_shown(
    network: GraphSettings, graph: Graph, tmp_path: Path
) -> None:
    file = tmp_path / "agenda.csv"
    file.write_text(TABLE, encoding="utf-8")

    made = events(network, "agenda", "briefing", "--from", str(file))
    shown = events(network, "agenda", "briefing")
    as_json = events(network, "agenda", "briefing", "--json")

    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [
        "'briefing' has an agenda of 4 items now; this is version 1.",
        "Ama Testperson (ama) has not said yes to speaking there.",
        "Kofi Otherperson (kofi) has not said yes to speaking there.",
        "Ama Testperson (ama) is to speak on 'Who stands at the gate' and 'Discussion' at one time.",
    ]
    found = json.loads(as_json.stdout)
    assert [(item["title"], item["starts_at"]) for item in found["items"]] == [
        ("Opening", "2022-06-02T12:00:00+00:00"),
        ("Who stands at the gate", "2022-06-02T12:10:00+00:00"),
        ("Discussion", "2022-06-02T12:50:00+00:00"),
        ("Farewell", None),
    ]
    assert found["items"][1]["speakers"] == [
        {"expert": "ama", "role": None, "name": "Ama Testperson"},
        {"expert": "kofi", "role": "moderator", "name": "Kofi Otherperson"},
    ]
    assert "2022-06-02 14:10-15:00" in shown.stdout
    assert "Ama Testperson, Kofi Otherperson (moderator)" in shown.stdout
    assert "Times are those of Europe/Vienna. This is version 1." in shown.stdout


async def test_an_agenda_is_written_from_a_spreadsheet_and_items_stay(
    network: GraphSettings, graph: Graph, tmp_path: Path
) -> None:
    file = tmp_path / "agenda.csv"
    file.write_text(TABLE, encoding="utf-8")
    events(network, "agenda", "briefing", "--from", str(file))
    (kept, *_) = (await agenda(graph, OPERATOR, event=BRIEFING)).items
    book = Workbook()
    book.active.append(["Title", "ID", "Starts"])
    book.active.append(["Welcome", kept.id, "14:00"])
    book.save(tmp_path / "agenda.xlsx")

    made = events(network, "agenda", "briefing", "--from", str(tmp_path / "agenda.xlsx"), "--json")

    assert json.loads(made.stdout)["items"] == [kept.id], made.stderr
    (item,) = (await agenda(graph, OPERATOR, event=BRIEFING)).items
    assert (item.id, item.title, item.starts_at) == (kept.id, "Welcome", kept.starts_at)


@pytest.mark.parametrize(
    "table,said",
    [
        ("start,title\n14:00,A\nsoon,B\n", "row 3 has 'soon' as its start; write it as 14:10"),
        ("title,speakers\nA,Ama Testperson\n", "row 2 has the speaker 'Ama Testperson'; write ids of people"),
        ("title,speakers\nA,nobody\n", "Row 2, expert: The network has nobody of this id"),
        ("start,title\n13:00,Early\n", "Row 2, starts_at: Item 1, 'Early', would begin before the event begins"),
        ("title,colour\nA,red\n", "a column 'colour', which an agenda does not have"),
        ("title,start,begin\nA,14:00,14:00\n", "a column 'begin', which says the same as another"),
        ("start\n14:00\n", "no column 'title'"),
        ("title\n" + "A\n" * 201, "These are 201 items, more than 200; leave some out"),
    ],
    ids=["time", "speaker", "nobody", "early", "column", "twice", "title", "many"],
)
async def test_what_cannot_be_written_names_its_row_and_changes_nothing(
    network: GraphSettings, graph: Graph, tmp_path: Path, table: str, said: str
) -> None:
    file = tmp_path / "agenda.csv"
    file.write_text(table, encoding="utf-8")
    before = await everything(graph)

    refused = events(network, "agenda", "briefing", "--from", str(file))

    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert await everything(graph) == before


async def test_a_time_zone_that_this_machine_does_not_know_is_taken_for_utc(
    network: GraphSettings, graph: Graph, tmp_path: Path
) -> None:
    await graph.write("MATCH (v:Event {id: 'briefing'}) SET v.time_zone = 'Atlantis/Capital'")
    (tmp_path / "agenda.csv").write_text(TABLE)

    events(network, "agenda", "briefing", "--from", str(tmp_path / "agenda.csv"))
    shown = events(network, "agenda", "briefing")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Times are those of UTC." in shown.stdout


async def test_an_event_that_is_not_there_is_told(network: GraphSettings) -> None:
    refused = events(network, "agenda", "nothing")

    assert refused.returncode == 2
    assert "nothing" in refused.stderr
    assert "Traceback" not in refused.stderr
