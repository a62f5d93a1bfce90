"""``knowwho attendance``, as real commands, one of them at a real terminal."""

import asyncio
import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from graph import experts, speaking
from graph.graph import Graph, Row
from graph.settings import GraphSettings
from graph.speaking import Proposed, State
from graph.values import EventId, Expert
from graph.viewer import Role, Viewer
from tests.graph.speaking.network import AMA, DANA, KOFI, add_people
from tests.sample_network import environment

WITHIN_S = 120
EVENT = EventId("gathering")
ORGANISER = Viewer(Role.ORGANISER, actor="account:o")
THERE = """
MATCH (e:Expert)-[r:ATTENDED|SPOKE_AT]->(:Event {id: $event}) WHERE r.digest IS NOT NULL
  AND EXISTS { MATCH (one:Record {entity: r.id})-[:FROM]->(:Source {id: 'organisers'}) }
RETURN e.id AS expert, type(r) AS type, r.talk AS talk ORDER BY expert, type
"""

Ran = subprocess.CompletedProcess[str]


GATHERING = """
CREATE (:Event {id: 'gathering', title: 'A gathering', kind: 'workshop', starts_at: datetime() - duration('P2D')})
CREATE (:Network {id: 'network', title: 'A network', description: 'Of people who protect.', fictional: true})
WITH 1 AS one
MATCH (e:Expert) WHERE e.id IN ['ama', 'dana', 'kofi']
SET e.email = e.id + '@people.example'
"""


@pytest.fixture
async def network(graph: Graph) -> Graph:
    """People with addresses, and an event that was."""
    await add_people(graph)
    await graph.write(GATHERING)
    return graph


@pytest.fixture
async def away(network: Graph) -> list[Expert]:
    """Three people of whom nothing is taken down at the event yet."""
    found = await experts.by_id(network, ORGANISER, ids=[AMA, DANA, KOFI])
    return list(found.values())


async def knowwho(settings: GraphSettings, *arguments: object, command: str = "attendance") -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", command, *map(str, arguments)],
        env=environment(settings) | {"COLUMNS": "220"},
        input="",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def at_a_terminal(settings: GraphSettings, answers: list[str], *arguments: object) -> tuple[int, str]:
    """Run the command at a terminal, and type the answers when it asks; its exit code and all that it showed."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "api.cli", "attendance", *map(str, arguments)]
    shown, until, asked = b"", time.monotonic() + WITHIN_S, 0
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment(settings)) as ran:
        os.close(follower)
        while time.monotonic() < until:
            if select.select([leader], [], [], 1)[0]:
                try:
                    read = os.read(leader, 65536)
                except OSError:  # the other end is closed
                    break
                shown += read
                if not read:
                    break
            if asked < len(answers) and shown.count(b"Enter for nobody:") > asked:
                os.write(leader, f"{answers[asked]}\n".encode())
                asked += 1
        code = ran.wait(WITHIN_S)
    os.close(leader)
    return code, shown.decode(errors="replace")


async def there(network: Graph) -> list[tuple[str, str, str | None]]:
    rows: list[Row] = await network.read(THERE, event=EVENT)
    return [(row["expert"], row["type"], row["talk"]) for row in rows]


def turned(person: Expert) -> str:
    """The same name with its last word first, which is only similar."""
    *first, last = person.name.split()
    return " ".join((last, *first))


def a_list(folder: Path, *rows: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(["A workshop", "Name;User Email;Duration (Minutes)", *rows]), encoding="utf-8")
    return file


async def test_a_list_is_taken_down_but_for_its_doubts(
    network: Graph, graph_settings: GraphSettings, away: list[Expert], tmp_path: Path
) -> None:
    one, other, _ = away
    file = a_list(
        tmp_path, f"x;{one.email};5", f"{turned(other)};;7", "Jo Unknown;jo@example.net;1",
        f"x;{one.email};6",
    )  # fmt: skip

    dry = await knowwho(graph_settings, EVENT, file, "--dry-run")
    nothing = await there(network)
    first = await knowwho(graph_settings, EVENT, file)
    again = await knowwho(graph_settings, EVENT, file, "--choose", "4=", "--json")

    assert (dry.returncode, nothing) == (1, []), dry.stderr
    assert "This was a dry run: nothing was changed." in dry.stdout
    assert (first.returncode, await there(network)) == (1, [(one.id, "ATTENDED", None)])
    assert f"{one.name} ({one.id}) was there" in first.stdout
    assert "Row 4 is left open (the name is only similar); answer it with --choose 4=PERSON" in first.stdout
    assert [word in first.stdout for word in ("3, 6", "certain", "doubtful", "unknown", "fictional")] == [True] * 5
    told = json.loads(again.stdout)
    assert (again.returncode, told["recorded"], told["already"], told["open"]) == (0, [], [one.id], [])
    assert [(row["row"], row["minutes"], row["certainty"], row["chosen"]) for row in told["rows"]] == [
        (3, 11, "certain", one.id), (4, 7, "doubtful", None), (5, 1, "nobody", None),
    ]  # fmt: skip


async def test_a_doubt_is_answered_beforehand_and_at_a_terminal(
    network: Graph, graph_settings: GraphSettings, away: list[Expert], tmp_path: Path
) -> None:
    one, other, third = away
    file = a_list(tmp_path, f"{turned(one)};;", f"{turned(other)};;", f"{turned(third)};;")

    beforehand = await knowwho(graph_settings, EVENT, file, "--choose", f"3={one.id}")
    before = await there(network)
    code, shown = await asyncio.to_thread(
        at_a_terminal, graph_settings, ["7", "1", ""], EVENT, file, "--choose", f"3={one.id}"
    )

    assert (beforehand.returncode, before) == (1, [(one.id, "ATTENDED", None)])
    assert (code, [who for who, _, _ in await there(network)]) == (0, sorted([one.id, other.id])), shown
    assert "Type a number from 1 to" in shown
    assert f"1. {other.name} ({other.id})" in shown


async def test_people_are_taken_down_by_hand(network: Graph, graph_settings: GraphSettings, away: list[Expert]) -> None:
    one, other, third = away
    made = await speaking.shortlist(network, ORGANISER, event=EVENT, people=[Proposed(third.id)])
    for version, state in enumerate((State.INVITED, State.ACCEPTED, State.CONFIRMED), start=1):
        await speaking.advance(network, ORGANISER, id=made.added[0].id, expected_version=version, to=state)
    title = "How hedgehogs cross a motorway in autumn"

    ran = await knowwho(
        graph_settings, EVENT, "--present", one.id, "--spoke", f"{other.id}={title}", "--absent", third.id
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert await there(network) == sorted(
        [(one.id, "ATTENDED", None), (other.id, "ATTENDED", None), (other.id, "SPOKE_AT", title)]
    )
    assert f"{third.name} ({third.id}) is absent now" in ran.stdout
    found = await knowwho(graph_settings, "Who spoke on hedgehogs crossing a motorway?", "--json", command="ask")
    assert (found.returncode, other.name in found.stdout, title in found.stdout) == (0, True, True), found.stderr


async def test_an_answer_from_a_calendar_is_a_step(
    network: Graph, graph_settings: GraphSettings, away: list[Expert], tmp_path: Path
) -> None:
    one, *_ = away
    (candidacy,) = (await speaking.shortlist(network, ORGANISER, event=EVENT, people=[Proposed(one.id)])).added
    await speaking.advance(network, ORGANISER, id=candidacy.id, expected_version=1, to=State.INVITED)
    file = tmp_path / "reply.ics"
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//e//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u@example.org\r\n"
        "DTSTAMP:20991231T090000Z\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{one.email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    ran = await knowwho(graph_settings, EVENT, file)

    now = await speaking.by_id(network, ORGANISER, id=candidacy.id)
    assert (ran.returncode, now.state) == (0, State.ACCEPTED), ran.stderr
    assert "taken down" in ran.stdout


def test_what_cannot_be_asked_is_one_sentence(tmp_path: Path) -> None:
    file = a_list(tmp_path, "Jo Unknown;jo@example.net;1")
    no_names = tmp_path / "other.csv"
    no_names.write_text("Topic,Minutes\nGates,5\n", encoding="utf-8")
    refused: dict[str, tuple[object, ...]] = {
        "it is not a file": (EVENT, tmp_path / "missing.csv"),
        "its first cells are 'Topic', 'Minutes'": (EVENT, no_names),
        "nobody begins in row 9": (EVENT, file, "--choose", "9=x"),
        "no row and person": (EVENT, file, "--choose", "x"),
        "name people with --present": (EVENT,),
        "taken down by itself": (EVENT, "reply.ics", "--present", "x"),
    }

    for sentence, arguments in refused.items():
        ran = CliRunner().invoke(app, ["attendance", *map(str, arguments)], env={"COLUMNS": "300"})
        assert (ran.exit_code, sentence in ran.stderr) == (2, True), ran.stderr


async def test_who_and_what_is_not_there_is_one_sentence(network: Graph, graph_settings: GraphSettings) -> None:
    nowhere = await knowwho(graph_settings, "none", "--present", "x")
    nobody = await knowwho(graph_settings, EVENT, "--present", "x")

    assert (nowhere.returncode, "There is no event 'none'" in nowhere.stderr) == (2, True)
    assert (nobody.returncode, nobody.stderr) == (
        2, "knowwho: There is no expert 'x'; look the id up and try again.\n",
    )  # fmt: skip


async def test_an_event_to_come_has_no_attendance_yet(
    network: Graph, graph_settings: GraphSettings, away: list[Expert]
) -> None:
    await network.write(
        "CREATE (:Event {id: 'to-come', title: 'T', kind: 'meeting', starts_at: datetime() + duration('P9D')})"
    )
    ran = await knowwho(graph_settings, "to-come", "--present", away[0].id)

    assert (ran.returncode, ran.stderr) == (
        2, "knowwho: The event 'to-come' has not begun, so nobody is present yet; say so once it has.\n",
    )  # fmt: skip
