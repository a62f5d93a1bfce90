"""Cancellations in calendar files of their own: what becomes of the events that other files told of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.graph import Graph
from graph.viewer import Viewer
from ingest import Counts, Report, load

OPERATOR = Viewer.at_the_command_line()
Folder = Callable[[dict[str, str]], Path]

ONE = "UID:one@example.org\nSUMMARY:Workshop on doors\nDTSTART:20220316T130000Z\nDTEND:20220316T150000Z\nSEQUENCE:1"
WEEKLY = "UID:two@example.org\nSUMMARY:Weekly training\nDTSTART:20220316T090000Z\nRRULE:FREQ=WEEKLY;COUNT=3"
CALLS = "UID:three@example.org\nSUMMARY:Call\nDTSTART:20220316T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2"
WHOLE_SERIES = "UID:two@example.org\nSUMMARY:Cancelled: Weekly\nDTSTART:20220316T090000Z\nSEQUENCE:2"
BARE_SERIES = "UID:three@example.org\nSEQUENCE:0"


def calendar(*events: str, method: str = "PUBLISH") -> str:
    """A calendar file with these events."""
    parts = [f"BEGIN:VEVENT\n{event}\nDTSTAMP:20220101T000000Z\nEND:VEVENT\n" for event in events]
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//tests//EN\nMETHOD:{method}\n"
    return f"{head}{''.join(parts)}END:VCALENDAR\n".replace("\n", "\r\n")


def cancelled(*events: str) -> str:
    return calendar(*events, method="CANCEL")


async def events(graph: Graph) -> dict[str, str]:
    """The status of every event, by its id."""
    rows = await graph.read("MATCH (v:Event) RETURN v.id AS id, v.status AS status ORDER BY id")
    return {row["id"]: row["status"] for row in rows}


def notes(report: Report) -> list[str]:
    """What is told of cancellations."""
    return [str(note) for note in report.notes if "cancelled by" in note.message]


async def same_again(graph: Graph, where: Path) -> bool:
    """Whether the same folder changes nothing, neither with pruning nor without."""
    before = await events(graph)
    reports = [await load(graph, OPERATOR, where, prune=prune) for prune in (False, True)]
    kinds = [found for report in reports for found in report.kinds.values()]
    return before == await events(graph) and not any(one.created or one.changed or one.removed for one in kinds)


@pytest.mark.parametrize("name", ["a.ics", "c.ics"])
async def test_a_message_that_cancels_a_series_is_no_event(graph: Graph, folder: Folder, name: str) -> None:
    where = folder({"b.ics": calendar(WEEKLY, CALLS), name: cancelled(WHOLE_SERIES, BARE_SERIES)})

    report = await load(graph, OPERATOR, where)

    assert report.is_complete
    assert notes(report) == []
    assert await events(graph) == {
        "call-2022-03-16": "cancelled",
        "call-2022-03-23": "cancelled",
        "weekly-training-2022-03-16": "cancelled",
        "weekly-training-2022-03-23": "cancelled",
        "weekly-training-2022-03-30": "cancelled",
    }
    assert await same_again(graph, where)


@pytest.mark.parametrize("name", ["a.ics", "c.ics"])
async def test_a_message_needs_no_more_than_the_uid_of_another_files_event(
    graph: Graph, folder: Folder, name: str
) -> None:
    told = [ONE.replace("one@", f"{number}@").replace("doors", number) for number in ("1", "2", "3", "4")]
    message = cancelled(
        "UID:1@example.org\nSEQUENCE:1",
        "UID:2@example.org\nSEQUENCE:2",
        "UID:3@example.org\nSEQUENCE:2\nDTSTART:20220316T130000Z",
        "UID:4@example.org\nSEQUENCE:2\nSUMMARY:Cancelled: Workshop",
    )
    where = folder({"b.ics": calendar(*told), name: message})

    report = await load(graph, OPERATOR, where)

    assert report.is_complete
    assert await events(graph) == {f"workshop-on-{number}-2022-03-16": "cancelled" for number in (1, 2, 3, 4)}
    rows = await graph.read("MATCH (v:Event) WHERE v.ends_at IS NOT NULL RETURN v.title AS title ORDER BY title")
    assert [row["title"] for row in rows] == [f"Workshop on {number}" for number in (1, 2, 3, 4)]
    assert await same_again(graph, where)


async def test_a_message_cancels_one_occurrence_of_another_file(graph: Graph, folder: Folder) -> None:
    message = cancelled("UID:two@example.org\nRECURRENCE-ID:20220323T090000Z\nSEQUENCE:1")
    where = folder({"a.ics": calendar(WEEKLY), "c.ics": message})

    await load(graph, OPERATOR, where)

    assert await events(graph) == {
        "weekly-training-2022-03-16": "confirmed",
        "weekly-training-2022-03-23": "cancelled",
        "weekly-training-2022-03-30": "confirmed",
    }
    assert await same_again(graph, where)


async def test_a_message_cancels_what_an_earlier_load_brought(graph: Graph, folder: Folder, tmp_path: Path) -> None:
    await load(graph, OPERATOR, folder({"a.ics": calendar(ONE, WEEKLY, CALLS)}))
    later = tmp_path / "later"
    later.mkdir()
    message = cancelled(WHOLE_SERIES, BARE_SERIES, "UID:one@example.org\nSEQUENCE:2")
    (later / "c.ics").write_text(message, encoding="utf-8")

    report = await load(graph, OPERATOR, later)

    assert report.is_complete
    assert list((await events(graph)).values()) == ["cancelled"] * 6
    assert await same_again(graph, later)
    assert await same_again(graph, tmp_path / "folder")


async def test_what_a_message_cancelled_takes_place_when_it_is_gone(graph: Graph, folder: Folder) -> None:
    message = cancelled(WHOLE_SERIES, BARE_SERIES, "UID:one@example.org\nSEQUENCE:1")
    where = folder({"a.ics": calendar(ONE, WEEKLY, CALLS), "c.ics": message})
    await load(graph, OPERATOR, where)
    assert list((await events(graph)).values()) == ["cancelled"] * 6
    (where / "c.ics").unlink()

    await load(graph, OPERATOR, where, prune=True)

    assert list((await events(graph)).values()) == ["confirmed"] * 6
    assert await same_again(graph, where)


async def test_a_message_that_cancels_nothing_is_told_and_makes_nothing(graph: Graph, folder: Folder) -> None:
    message = cancelled("UID:unknown@example.org", "UID:one@example.org", WHOLE_SERIES.replace("CE:2", "CE:0"))
    where = folder({"a.ics": calendar(ONE, f"{WEEKLY}\nSEQUENCE:1"), "c.ics": message})

    report = await load(graph, OPERATOR, where)

    assert report.is_complete
    assert notes(report) == [
        "c.ics: UID unknown@example.org: cancelled by its UID, though neither the files nor the network have such an "
        "event, so nothing was made of it",
        "c.ics: UID one@example.org; UID two@example.org: cancelled by a message that is older than what another file "
        "says of the event, so it was left out",
    ]
    assert list((await events(graph)).values()) == ["confirmed"] * 4
    assert await same_again(graph, where)


async def test_a_message_that_says_all_of_an_unknown_event_is_that_event(graph: Graph, folder: Folder) -> None:
    report = await load(graph, OPERATOR, folder({"c.ics": cancelled(WHOLE_SERIES)}))
    assert report.kinds["events"] == Counts(created=1)

    where = folder({"a.ics": calendar(WEEKLY)})
    await load(graph, OPERATOR, where)

    assert list((await events(graph)).values()) == ["cancelled"] * 3
    assert await same_again(graph, where)
