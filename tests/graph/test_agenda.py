"""The agenda of an event: written whole by organisers, read as far as each viewer sees who speaks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph import changes, erasure, event_changes, export
from graph.agenda import (
    MOST_ITEMS,
    MOST_SPEAKERS,
    Agenda,
    AgendaItem,
    AgendaSet,
    AgendaSpeaker,
    Overlap,
    agenda,
    set_agenda,
)
from graph.audiences import set_of_person
from graph.consents import How, Purpose, decide
from graph.errors import NoSuchEvent
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.people.merging import merge
from graph.people.profiles import OtherVersion
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.speaking import Proposed, State, advance, shortlist
from graph.values import EventId, ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer
from ingest import load
from tests.graph.people.duplicated import AMA, KOFI, OPERATOR, SECOND, everything, loaded, written
from tests.graph.speaking.network import listed, stepped

ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
MEMBER = Viewer(Role.MEMBER, actor="account:member")
BRIEFING, WORKSHOP = EventId("briefing"), EventId("workshop")
START = datetime(2022, 6, 2, 12, tzinfo=UTC)
OPENING = AgendaItem("Opening", kind="opening", starts_at=START, ends_at=START + timedelta(minutes=10), room="A")
TALK = AgendaItem(
    "Gates of squares",
    kind="talk",
    starts_at=START + timedelta(minutes=10),
    ends_at=START + timedelta(minutes=60),
    room="B",
    language="fr",
    description="Who opens them,\nand when.",
    speakers=(AgendaSpeaker(KOFI, "moderator"), AgendaSpeaker(AMA)),
)
LEFT = "MATCH (i:AgendaItem) RETURN count(i) AS items"
RELATIONS = "MATCH (e)-[g:GIVES]->(i) RETURN e.id AS expert, g.role AS role ORDER BY expert"


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    """The graph with a network's folder, which has a briefing and a workshop."""
    await loaded(graph, written(tmp_path / "network"))
    return graph


async def wrote(
    graph: Graph,
    *items: AgendaItem,
    event: EventId = BRIEFING,
    viewer: Viewer = ORGANISER,
    expected_version: int | None = None,
) -> AgendaSet:
    version = (await agenda(graph, OPERATOR, event=event)).version if expected_version is None else expected_version
    return await set_agenda(graph, viewer, event=event, expected_version=version, items=items)


async def read(graph: Graph, viewer: Viewer = ORGANISER, event: EventId = BRIEFING) -> Agenda:
    return await agenda(graph, viewer, event=event)


def told(found: Agenda) -> list[tuple[str, list[str]]]:
    return [(item.title, [speaker.expert for speaker in item.speakers]) for item in found.items]


async def problems(graph: Graph, *items: AgendaItem, event: EventId = BRIEFING) -> dict[tuple[str | int, ...], str]:
    """What is wrong with these items, by path; nothing of them is kept."""
    before = await everything(graph)
    with pytest.raises(InvalidFields) as refused:
        await wrote(graph, *items, event=event)
    assert await everything(graph) == before
    return {problem.path: problem.message for problem in refused.value.problems}


async def hidden(graph: Graph, expert: ExpertId, audience: Audience, *groups: FieldGroup) -> None:
    as_them = Viewer(Role.MEMBER, person=expert, actor=f"account:of-{expert}")
    await set_of_person(graph, as_them, expert=expert, chosen=dict.fromkeys(groups, audience))


async def test_an_agenda_is_written_and_read(network: Graph) -> None:
    made = await wrote(network, TALK, OPENING)

    found = await read(network)
    names = {AMA: "Ama Testperson", KOFI: "Kofi Otherperson"}
    speakers = tuple(replace(speaker, name=names[speaker.expert]) for speaker in TALK.speakers)
    talk, opening = made.items
    assert found.items == (replace(OPENING, id=opening), replace(TALK, id=talk, speakers=speakers))
    assert (made.event, made.version, found.version) == (BRIEFING, 1, 1)
    assert (found.starts_at, found.ends_at) == (START, START + timedelta(hours=2))
    (_, change), *_ = (await changes.page(network, OPERATOR, first=1)).entries
    assert (change.verb, change.subject, change.after) == ("agenda changed", "event:briefing", {"items": 2})
    assert (await read(network, event=WORKSHOP)).items == ()


async def test_what_is_left_out_goes_and_what_has_an_id_stays(network: Graph) -> None:
    made = await wrote(network, OPENING, TALK)

    again = await wrote(
        network,
        replace(TALK, id=made.items[1], title="Doors", room=None, speakers=(AgendaSpeaker(AMA, "host"),)),
        AgendaItem("Break"),
    )

    assert (again.version, again.items[0]) == (2, made.items[1])
    first, last = (await read(network)).items
    assert (first.id, first.title, first.room, first.kind) == (made.items[1], "Doors", None, "talk")
    assert await network.read(RELATIONS) == [{"expert": AMA, "role": "host"}]
    assert (last.title, last.starts_at, last.speakers) == ("Break", None, ())
    await wrote(network)
    assert await network.read(LEFT) == [{"items": 0}]


async def test_what_has_no_time_comes_last_in_the_order_given(network: Graph) -> None:
    await wrote(network, AgendaItem("Late words"), AgendaItem("Another"), TALK, OPENING)

    assert [title for title, _ in told(await read(network))] == ["Opening", "Gates of squares", "Late words", "Another"]


async def test_where_nothing_is_written_the_talks_of_files_are_the_agenda(network: Graph) -> None:
    assert told(await read(network)) == [("Who stands at the gate", [SECOND])]
    assert (await read(network)).items[0].id is None

    await hidden(network, SECOND, Audience.ORGANISERS, FieldGroup.ATTENDANCE)
    assert told(await read(network, MEMBER)) == []

    await wrote(network, OPENING)
    assert told(await read(network)) == told(await read(network, MEMBER)) == [("Opening", [])]


async def test_a_speaker_is_told_to_whom_they_show_where_they_speak(network: Graph) -> None:
    await wrote(network, TALK)
    await hidden(network, AMA, Audience.ORGANISERS, FieldGroup.ATTENDANCE)

    assert told(await read(network)) == [("Gates of squares", [KOFI, AMA])]
    assert told(await read(network, MEMBER)) == [("Gates of squares", [KOFI])]
    assert told(await read(network, PUBLIC)) == [("Gates of squares", [])]
    await decide(
        network,
        Viewer(Role.MEMBER, person=KOFI, actor="account:kofi"),
        expert=KOFI,
        purpose=Purpose.RECORDED,
        given=False,
        how=How.PAGE,
    )
    assert told(await read(network)) == [("Gates of squares", [AMA])]


async def test_two_organisers_do_not_overwrite_each_other(network: Graph) -> None:
    outcomes = await asyncio.gather(
        *(wrote(network, AgendaItem(f"By {number}"), expected_version=0) for number in range(4)),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, OtherVersion)]
    (made,) = [one for one in outcomes if isinstance(one, AgendaSet)]
    assert (len(refused), {one.version for one in refused}, made.version) == (3, {1}, 1)
    assert len((await read(network)).items) == 1


async def test_a_calendar_that_is_loaded_again_leaves_the_agenda_and_its_version(
    network: Graph, tmp_path: Path
) -> None:
    await wrote(network, TALK)
    before = await read(network)

    changed = written(tmp_path / "network")
    calendar = (changed / "events.csv").read_text(encoding="utf-8").replace("Briefing on", "Second briefing on")
    (changed / "events.csv").write_text(calendar, encoding="utf-8")
    await loaded(network, changed)

    assert await read(network) == before
    assert (await wrote(network, OPENING, expected_version=1)).version == 2


async def test_only_organisers_who_may_read_who_is_asked_write_an_agenda(network: Graph) -> None:
    without = Viewer(Role.ORGANISER, scopes=frozenset({Scope.WRITE, Scope.READ_MEMBERS}), actor="token:t")
    reading = Viewer(Role.ORGANISER, scopes=frozenset({Scope.READ_ORGANISERS}), actor="token:t")
    for viewer in (PUBLIC, MEMBER, without, reading):
        with pytest.raises(NotAllowed):
            await wrote(network, OPENING, viewer=viewer)
    with pytest.raises(NoSuchEvent):
        await wrote(network, OPENING, event=EventId("never"), expected_version=0)
    with pytest.raises(NoSuchEvent):
        await read(network, event=EventId("never"))
    assert await network.read(LEFT) == [{"items": 0}]


async def test_every_problem_names_its_item(network: Graph) -> None:
    made = await wrote(network, OPENING)
    early, late = START - timedelta(hours=1), START + timedelta(hours=3)

    found = await problems(
        network,
        AgendaItem(" "),
        AgendaItem("Early", starts_at=early, ends_at=late),
        AgendaItem("Turned", starts_at=START + timedelta(hours=1), ends_at=START),
        AgendaItem("Naive", starts_at=START.replace(tzinfo=None)),
        AgendaItem("Odd", id="nothing", kind="speech", language="tlh", room="r" * 301),
        AgendaItem("Twice", id=made.items[0]),
        AgendaItem("Twice", id=made.items[0]),
        AgendaItem("Who", speakers=(AgendaSpeaker(ExpertId("nobody")), AgendaSpeaker(AMA), AgendaSpeaker(AMA))),
    )

    assert found[("items", 1, "starts_at")] == (
        "Item 2, 'Early', would begin before the event begins, at 2022-06-02T12:00Z; correct it."
    )
    assert found[("items", 1, "ends_at")] == (
        "Item 2, 'Early', would end after the event ends, at 2022-06-02T14:00Z; correct it."
    )
    assert set(found) == {
        ("items", 0, "title"),
        ("items", 1, "starts_at"),
        ("items", 1, "ends_at"),
        ("items", 2, "ends_at"),
        ("items", 3, "starts_at"),
        ("items", 4, "id"),
        ("items", 4, "kind"),
        ("items", 4, "language"),
        ("items", 4, "room"),
        ("items", 6, "id"),
        ("items", 7, "speakers", 0, "expert"),
        ("items", 7, "speakers", 2, "expert"),
    }


async def test_an_item_of_another_event_cannot_be_taken_away(network: Graph) -> None:
    made = await wrote(network, OPENING)

    found = await problems(network, AgendaItem("Mine now", id=made.items[0]), event=WORKSHOP)

    assert set(found) == {("items", 0, "id")}


async def test_who_is_hidden_is_refused_as_who_does_not_exist(network: Graph) -> None:
    await hidden(network, AMA, Audience.NOBODY, FieldGroup.LISTING)
    await hidden(network, KOFI, Audience.NOBODY, FieldGroup.ATTENDANCE)

    people = tuple(map(AgendaSpeaker, (AMA, ExpertId("nobody"), KOFI)))
    found = await problems(network, AgendaItem("Who", speakers=people))

    unseen, nobody, unshown = (found["items", 0, "speakers", number, "expert"] for number in range(3))
    assert unseen == nobody
    assert unshown.startswith("They do not show where they speak")


@pytest.mark.parametrize(
    "items",
    [
        [AgendaItem("Too many")] * (MOST_ITEMS + 1),
        [AgendaItem("Crowded", speakers=tuple(AgendaSpeaker(AMA) for _ in range(MOST_SPEAKERS + 1)))],
        [AgendaItem("x" * 301)],
        [AgendaItem("Long", description="x" * 10_001)],
        [AgendaItem("\x00")],
        [AgendaItem("Turned \u202e")],
    ],
    ids=["items", "speakers", "title", "description", "nothing", "direction"],
)
async def test_what_is_too_much_or_cannot_be_written_is_refused(network: Graph, items: Sequence[AgendaItem]) -> None:
    assert await problems(network, *items)


async def test_the_largest_agenda_is_kept(network: Graph) -> None:
    names = "'}) DETACH DELETE e //"
    items = [AgendaItem(f"{names} {number}", starts_at=START, speakers=TALK.speakers) for number in range(MOST_ITEMS)]

    made = await wrote(network, *items)

    found = await read(network)
    assert [item.title for item in found.items] == [item.title for item in items]
    assert len(made.overlaps) == 2 * (MOST_ITEMS - 1)


async def test_who_has_not_said_yes_is_named(network: Graph) -> None:
    assert (await wrote(network, TALK)).unconfirmed == (AMA, KOFI)

    (considered,) = (await shortlist(network, ORGANISER, event=BRIEFING, people=[Proposed(AMA)])).added
    for version, state in enumerate((State.INVITED, State.ACCEPTED), start=considered.version):
        await advance(network, ORGANISER, id=considered.id, expected_version=version, to=state)

    assert (await wrote(network, TALK)).unconfirmed == (KOFI,)


async def test_who_would_speak_at_two_items_at_once_is_named(network: Graph) -> None:
    def at(minutes: int, length: int | None, *who: ExpertId) -> AgendaItem:
        begins = START + timedelta(minutes=minutes)
        ends = None if length is None else begins + timedelta(minutes=length)
        speakers = tuple(map(AgendaSpeaker, who))
        return AgendaItem(f"At {minutes}", starts_at=begins, ends_at=ends, speakers=speakers)

    made = await wrote(
        network,
        at(30, 10, AMA),
        at(0, 60, AMA, KOFI),
        at(60, 10, KOFI),
        at(50, None, AMA),
        at(100, None, KOFI),
        at(100, None, KOFI),
        AgendaItem("Some day", speakers=(AgendaSpeaker(AMA),)),
    )

    ids = made.items
    assert set(made.overlaps) == {
        Overlap(AMA, (ids[1], ids[0])),
        Overlap(AMA, (ids[1], ids[3])),
        Overlap(KOFI, (ids[4], ids[5])),
    }


async def test_an_agenda_goes_with_its_event(network: Graph, tmp_path: Path) -> None:
    await wrote(network, TALK)

    folder = written(tmp_path / "network", events="id,title,kind\nworkshop,Workshop on law,workshop\n")
    for name in ("speakers.csv", "attendance.csv", "documents/talks/briefing.md"):
        (folder / name).unlink()
    await load(network, OPERATOR, folder, prune=True)

    assert await network.read(LEFT) == [{"items": 0}]
    await loaded(network, written(folder))
    assert (await read(network)).version == 0


async def test_who_is_erased_is_on_no_agenda_and_in_no_title(network: Graph) -> None:
    await wrote(network, replace(TALK, title="Ama Testperson on gates", description="With Ama Testperson."))

    await erasure.erase(network, OPERATOR, expert=AMA)

    (item,) = (await read(network)).items
    assert (item.title, item.description) == ("[erased] on gates", "With [erased].")
    assert told(await read(network)) == [("[erased] on gates", [KOFI])]


async def test_a_person_is_told_on_which_items_they_are_and_not_who_else_is(network: Graph) -> None:
    await wrote(network, TALK)

    found = await export.about(network, OPERATOR, expert=AMA)

    (gives,) = found["person"]["relations"]["GIVES"]
    item = gives["leads_to"]
    assert (item["title"], item["room"]) == ("Gates of squares", "B")
    assert set(item["relations"]) == {"ON_AGENDA"}
    assert item["relations"]["ON_AGENDA"][0]["leads_to"]["id"] == BRIEFING


async def test_two_people_who_are_one_speak_once_until_they_are_two_again(network: Graph) -> None:
    made = await wrote(network, replace(TALK, speakers=(*map(AgendaSpeaker, (SECOND, KOFI, AMA)),)))
    before = await everything(network)

    await merge(network, OPERATOR, keep=AMA, gone=SECOND)
    assert told(await read(network)) == [("Gates of squares", [AMA, KOFI])]
    moved = replace(TALK, id=made.items[0], room="C", speakers=(*map(AgendaSpeaker, (AMA, KOFI)),))
    await wrote(network, moved)
    assert told(await read(network)) == [("Gates of squares", [AMA, KOFI])]
    await undo(network, OPERATOR, gone=SECOND)

    assert {expert for _, experts in told(await read(network)) for expert in experts} == {AMA, SECOND, KOFI}
    await wrote(network, replace(TALK, id=made.items[0], speakers=(*map(AgendaSpeaker, (SECOND, KOFI, AMA)),)))
    assert len(await everything(network)) == len(before)


async def copied(graph: Graph, *, starts_at: datetime, ends_at: datetime | None = None) -> Agenda:
    made = await event_changes.copy(
        graph,
        ORGANISER,
        event=BRIEFING,
        given={"starts_at": starts_at, "ends_at": ends_at},
        idempotency_key=None,
        with_agenda=True,
    )
    return await read(graph, event=made.event)


async def test_an_event_is_held_once_more_with_its_agenda_and_without_its_speakers(network: Graph) -> None:
    await wrote(network, OPENING, TALK, AgendaItem("Some day"))
    later = timedelta(days=365, hours=2)

    found = await copied(network, starts_at=START + later)

    assert [(item.title, item.speakers) for item in found.items] == [
        ("Opening", ()),
        ("Gates of squares", ()),
        ("Some day", ()),
    ]
    talk = found.items[1]
    assert TALK.starts_at is not None
    assert (talk.starts_at, talk.room, talk.language, talk.kind) == (TALK.starts_at + later, "B", "fr", "talk")
    assert found.version == 1
    assert not {item.id for item in found.items} & {item.id for item in (await read(network)).items}


async def test_an_agenda_that_does_not_fit_is_not_taken_over(network: Graph) -> None:
    await wrote(network, OPENING, TALK)
    before = await everything(network)
    begins = START + timedelta(days=7)

    with pytest.raises(InvalidFields) as refused:
        await copied(network, starts_at=begins, ends_at=begins + timedelta(minutes=30))

    (problem,) = refused.value.problems
    assert problem.path == ("with_agenda",)
    assert problem.message.startswith(
        "Item 2, 'Gates of squares', would end after the event ends, at 2022-06-09T12:30Z"
    )
    assert await everything(network) == before


async def test_an_agenda_moves_with_its_event(network: Graph, tmp_path: Path) -> None:
    made = await wrote(network, OPENING, TALK, AgendaItem("Break"))
    (event,) = await network.read("MATCH (v:Event {id: $event}) RETURN v.version AS version", event=BRIEFING)
    week = timedelta(days=7)

    await event_changes.update(
        network,
        ORGANISER,
        event=BRIEFING,
        expected_version=event["version"],
        changes={"starts_at": START + week, "ends_at": START + week + timedelta(hours=2)},
    )
    moved = await read(network)
    await event_changes.update(
        network, ORGANISER, event=BRIEFING, expected_version=event["version"] + 1, changes={"place": "Hall 2"}
    )

    assert [(item.starts_at, item.ends_at) for item in moved.items] == [
        *((one.starts_at and one.starts_at + week, one.ends_at and one.ends_at + week) for one in (OPENING, TALK)),
        (None, None),
    ]
    assert (made.version, moved.version, (await read(network)).version) == (1, 2, 2)


@pytest.mark.parametrize("steps", [("invited", "declined"), ("invited", "accepted", "confirmed", "withdrawn")])
async def test_who_does_not_speak_after_all_leaves_the_agenda_of_that_event(
    network: Graph, steps: tuple[str, ...]
) -> None:
    await network.write(
        "MATCH (v:Event) SET v.starts_at = $at, v.ends_at = $at", at=datetime.now(UTC) + timedelta(days=9)
    )
    (ama,) = await listed(network, AMA)
    both = AgendaItem("Gates", speakers=(AgendaSpeaker(AMA), AgendaSpeaker(KOFI)))
    await wrote(network, both, AgendaItem("Doors", speakers=(AgendaSpeaker(AMA),)))
    await wrote(network, both, event=WORKSHOP)

    await stepped(network, ama.id, *steps[:-1])
    assert [speakers for _, speakers in told(await read(network))] == [[AMA, KOFI], [AMA]]
    await stepped(network, ama.id, steps[-1])

    found = await read(network)
    assert ([speakers for _, speakers in told(found)], found.version) == ([[KOFI], []], 2)
    assert [speakers for _, speakers in told(await read(network, event=WORKSHOP))] == [[AMA, KOFI]]


async def test_who_read_an_agenda_before_somebody_was_erased_does_not_write_their_name_back(network: Graph) -> None:
    made = await wrote(network, AgendaItem("With Ama Testperson"))

    await erasure.erase(network, OPERATOR, expert=AMA)

    with pytest.raises(OtherVersion):
        await wrote(network, AgendaItem("With Ama Testperson"), expected_version=made.version)
