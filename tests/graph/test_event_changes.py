"""Events that organisers make, copy, change and cancel: on record, before files, and nobody overwrites anybody."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from graph import changes as log
from graph.errors import NoSuchEvent
from graph.event_changes import ChangedEvent, EventChanges, EventCopy, cancel, copy, create, update
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
from graph.programme import making
from graph.provenance import of, remove_source
from graph.values import EventId
from graph.viewer import PUBLIC, Role, Scope, Viewer
from tests.graph.people.duplicated import FILES, OPERATOR, everything, loaded, written

ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
BRIEFING, WORKSHOP = EventId("briefing"), EventId("workshop")
START = datetime(2027, 3, 2, 13, tzinfo=UTC)
ALL: EventChanges = {
    "title": "Security of  squares",
    "kind": "training",
    "format": "hybrid",
    "starts_at": START.astimezone(timezone(timedelta(hours=1))),
    "ends_at": START + timedelta(hours=2),
    "time_zone": "Africa/Tunis",
    "place": "Hall 2",
    "capacity": 120,
    "url": "https://example.org/squares",
    "description": "How squares\nare protected.",
    "country": "tn",
    "series": None,
    "topics": ["law", "stewards"],
    "languages": ["fr", "en"],
}
PLAIN = ("title", "kind", "format", "time_zone", "place", "capacity", "url", "description")
SHOWN = """
MATCH (v:Event {id: $event})
RETURN v {.*} AS event, COLLECT { MATCH (v)-[:HELD_IN]->(c) RETURN c.id } AS country,
       COLLECT { MATCH (v)-[:COVERS]->(t) RETURN t.id ORDER BY t.id } AS topics,
       COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l) RETURN l.id ORDER BY l.id } AS languages
"""


async def shown(graph: Graph, event: str) -> dict[str, Any]:
    rows = await graph.read(SHOWN, event=event)
    return {**rows[0]["event"], **{name: rows[0][name] for name in ("country", "topics", "languages")}} if rows else {}


async def version_of(graph: Graph, event: str = BRIEFING) -> int:
    version: int = (await shown(graph, event))["version"]
    return version


async def changed(graph: Graph, event: EventId = BRIEFING, **given: Any) -> ChangedEvent:
    return await update(
        graph,
        ORGANISER,
        event=event,
        expected_version=await version_of(graph, event),
        changes=given,  # type: ignore[arg-type]
    )


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded, with a briefing and a workshop."""
    folder = written(tmp_path / "network")
    await loaded(graph, folder)
    return folder


async def test_an_organiser_makes_an_event(graph: Graph, folder: Path) -> None:
    made = await create(graph, ORGANISER, given=ALL, idempotency_key=None)

    now = await shown(graph, made.event)
    assert made == ChangedEvent(EventId("security-of-squares"), 1)
    assert {name: now[name] for name in PLAIN} == {
        "title": "Security of squares",
        "kind": "training",
        "format": "hybrid",
        "time_zone": "Africa/Tunis",
        "place": "Hall 2",
        "capacity": 120,
        "url": "https://example.org/squares",
        "description": "How squares\nare protected.",
    }
    assert (now["starts_at"].to_native(), now["ends_at"].to_native()) == (START, START + timedelta(hours=2))
    assert (now["country"], now["topics"], now["languages"]) == (["TN"], ["law", "stewards"], ["en", "fr"])
    assert "made_by" not in now


async def test_two_of_one_title_have_two_ids(graph: Graph, folder: Path) -> None:
    made = await asyncio.gather(
        *(
            create(graph, ORGANISER, given={"title": "Workshop", "kind": "workshop"}, idempotency_key=None)
            for _ in range(3)
        )
    )

    assert {one.event for one in made} == {"workshop-2", "workshop-3", "workshop-4"}


async def test_what_was_made_is_changed_and_stays_whatever_is_loaded(graph: Graph, folder: Path) -> None:
    made = await create(graph, ORGANISER, given=ALL, idempotency_key=None)

    await changed(graph, made.event, place=None, topics=["law"], title="Squares")
    await loaded(graph, folder)
    await remove_source(graph, OPERATOR, source="events.csv")

    now = await shown(graph, made.event)
    assert (now["title"], now.get("place"), now["topics"], now["country"]) == ("Squares", None, ["law"], ["TN"])
    assert now["version"] == 2


async def test_what_organisers_change_counts_before_the_file_and_the_rest_follows_it(
    graph: Graph, folder: Path
) -> None:
    before = await version_of(graph)

    profile = await changed(graph, title="Briefing on gates", topics=["stewards"], languages=None)
    await loaded(graph, written(folder, events=FILES["events.csv"].replace("AT,prevention,fr", "GH,law,en")))

    now = await shown(graph, BRIEFING)
    assert (now["title"], now["topics"], now["languages"], now["country"]) == (
        "Briefing on gates", ["stewards"], [], ["GH"],
    )  # fmt: skip
    assert (profile.version, now["version"]) == (before + 1, before + 2)


async def test_where_it_comes_from_is_told(graph: Graph, folder: Path) -> None:
    await changed(graph, title="Briefing on gates")

    facts = {(fact.name, fact.value): fact.places[0].source for fact in await of(graph, OPERATOR, id=BRIEFING)}

    assert facts["title", "Briefing on gates"] == "organisers"
    assert facts["title", "Briefing on prevention"] == "events.csv"


async def test_an_event_that_is_in_no_file_any_more_goes_with_what_was_changed(graph: Graph, folder: Path) -> None:
    await changed(graph, title="Briefing on gates")

    await remove_source(graph, OPERATOR, source="events.csv")

    assert await shown(graph, BRIEFING) == {}
    assert await graph.read("MATCH (r:Record {kind: 'events'}) RETURN r.id AS id") == []


async def test_how_many_there_is_room_for_is_told_by_files_and_organisers_have_the_last_word(
    graph: Graph, folder: Path
) -> None:
    header, briefing, workshop = FILES["events.csv"].splitlines()
    rows = f"{header},capacity\n{briefing},40\n{workshop},\n"
    await loaded(graph, written(folder, events=rows))
    by_file = (await shown(graph, BRIEFING))["capacity"]

    await changed(graph, capacity=25)
    await changed(graph, WORKSHOP, capacity=1_000_000)
    await loaded(graph, written(folder, events=rows.replace("on prevention", "on gates").replace(",40\n", ",50\n")))
    by_organisers = await shown(graph, BRIEFING)
    await changed(graph, capacity=None)
    await loaded(graph, written(folder, events=rows))

    assert (by_file, by_organisers["capacity"], by_organisers["title"]) == (40, 25, "Briefing on gates")
    assert "capacity" not in await shown(graph, BRIEFING)
    assert (await shown(graph, WORKSHOP))["capacity"] == 1_000_000


async def test_a_copy_has_what_is_said_of_the_earlier_one_and_its_own_time(graph: Graph, folder: Path) -> None:
    await graph.write("CREATE (:Series {id: 'squares', name: 'Squares'})")
    earlier = await create(graph, ORGANISER, given={**ALL, "series": "squares"}, idempotency_key=None)
    before = await shown(graph, earlier.event)

    copied = await copy(
        graph,
        ORGANISER,
        event=earlier.event,
        given={"starts_at": START.astimezone(timezone(timedelta(hours=1))) + timedelta(days=365)},
        idempotency_key=None,
    )
    await loaded(graph, folder)

    now = await shown(graph, copied.event)
    assert copied == ChangedEvent(EventId("security-of-squares-2"), 1)
    assert {name: now.get(name) for name in PLAIN} == {**{name: before[name] for name in PLAIN}, "url": None}
    assert (now["country"], now["topics"], now["languages"]) == (["TN"], ["law", "stewards"], ["en", "fr"])
    assert (now["starts_at"].to_native(), now["ends_at"].to_native()) == (
        START + timedelta(days=365), START + timedelta(days=365, hours=2),
    )  # fmt: skip
    in_series = await graph.read("MATCH (v:Event)-[:PART_OF]->(:Series {id: 'squares'}) RETURN v.id AS id ORDER BY id")
    assert [row["id"] for row in in_series] == ["security-of-squares", "security-of-squares-2"]
    assert await shown(graph, earlier.event) == before


async def test_a_copy_has_nobody_of_the_earlier_one_and_is_not_cancelled(graph: Graph, folder: Path) -> None:
    await graph.write(
        "MATCH (v:Event {id: 'briefing'}), (e:Expert {id: 'kofi'}), (o:Organisation {id: 'school'}) "
        "SET v.identifiers = ['ical:briefing@example.org'], v.sequence = 3 "
        "CREATE (o)-[:PARTNER_IN]->(v) CREATE (:Candidacy {id: 'c'})-[:FOR]->(v)"
    )
    await cancel(graph, ORGANISER, event=BRIEFING, expected_version=await version_of(graph))

    copied = await copy(graph, ORGANISER, event=BRIEFING, given={"starts_at": START}, idempotency_key=None)

    now = await shown(graph, copied.event)
    (around,) = await graph.read(
        "MATCH (v:Event {id: $event}) RETURN COLLECT { MATCH (v)-[r]-() RETURN type(r) ORDER BY type(r) } AS types",
        event=copied.event,
    )
    assert around["types"] == ["COVERS", "HELD_IN", "IN_LANGUAGE"]
    assert ("status" in now, now["identifiers"], "sequence" in now) == (False, [], False)
    assert (now["title"], now["kind"], now["format"]) == ("Briefing on prevention", "briefing", "online")
    assert (await shown(graph, BRIEFING))["status"] == "cancelled"


@pytest.mark.parametrize(
    "given,title,ends_at",
    [
        ({"title": " Gates "}, "Gates", START + timedelta(hours=2)),
        ({"title": None, "ends_at": None}, "Briefing on prevention", START + timedelta(hours=2)),
        ({"ends_at": START + timedelta(hours=5)}, "Briefing on prevention", START + timedelta(hours=5)),
    ],
)
async def test_a_copy_has_the_title_and_end_that_are_given(
    graph: Graph, folder: Path, given: EventCopy, title: str, ends_at: datetime
) -> None:
    copied = await copy(graph, ORGANISER, event=BRIEFING, given={"starts_at": START, **given}, idempotency_key=None)

    now = await shown(graph, copied.event)
    assert (now["title"], now["ends_at"].to_native()) == (title, ends_at)


async def test_a_copy_of_what_has_no_end_has_none(graph: Graph, folder: Path) -> None:
    await changed(graph, ends_at=None)

    copied = await copy(graph, ORGANISER, event=BRIEFING, given={"starts_at": START}, idempotency_key=None)

    assert "ends_at" not in await shown(graph, copied.event)


@pytest.mark.parametrize(
    "given,path",
    [
        ({}, "starts_at"),
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": datetime(2027, 3, 2, 12)}, "starts_at"),  # noqa: DTZ001 -- what is refused
        ({"starts_at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))}, "starts_at"),
        ({"starts_at": START, "ends_at": START - timedelta(hours=1)}, "ends_at"),
        ({"starts_at": START, "title": " "}, "title"),
    ],
)
async def test_a_copy_that_cannot_be_is_not_made(graph: Graph, folder: Path, given: EventCopy, path: str) -> None:
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await copy(graph, ORGANISER, event=BRIEFING, given=given, idempotency_key="k")

    assert [problem.path for problem in refusal.value.problems] == [(path,)]
    assert await everything(graph) == before


async def test_a_cancelled_event_stays_and_says_so_whatever_is_loaded(graph: Graph, folder: Path) -> None:
    version = await version_of(graph)
    speakers = "MATCH (:Expert)-[s:SPOKE_AT]->(:Event {id: 'briefing'}) RETURN count(s) AS speakers"

    cancelled = await cancel(graph, ORGANISER, event=BRIEFING, expected_version=version)
    again = await cancel(graph, ORGANISER, event=BRIEFING, expected_version=cancelled.version)
    await loaded(graph, written(folder, events=FILES["events.csv"].replace("on prevention", "on gates")))

    now = await shown(graph, BRIEFING)
    assert (now["status"], now["title"]) == ("cancelled", "Briefing on gates")
    assert cancelled.version == again.version == version + 1
    assert await graph.read(speakers) == [{"speakers": 1}]


async def test_what_an_earlier_release_left_without_a_record_is_changed_and_keeps_the_rest(graph: Graph) -> None:
    await graph.write(
        "CREATE (:Event {id: 'old', title: 'Old', kind: 'meeting', place: 'Hall 2', starts_at: datetime()})"
        "-[:COVERS]->(:Topic {id: 'law'})"
    )

    changed_event = await update(graph, ORGANISER, event=EventId("old"), expected_version=0, changes={"title": "Older"})

    now = await shown(graph, "old")
    assert (now["title"], now["place"], now["topics"], now["version"]) == (
        "Older", "Hall 2", ["law"], changed_event.version,
    )  # fmt: skip


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER),
        Viewer(Role.ORGANISER, scopes=frozenset(Scope) - {Scope.WRITE}),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.READ_ORGANISERS})),
    ],
)
async def test_nobody_else_makes_copies_changes_or_cancels_events(graph: Graph, folder: Path, viewer: Viewer) -> None:
    before = await everything(graph)

    with pytest.raises(NotAllowed):
        await create(graph, viewer, given=ALL, idempotency_key="k")
    for event in (BRIEFING, EventId("nothing")):
        with pytest.raises(NotAllowed):
            await update(graph, viewer, event=event, expected_version=1, changes={"title": "Mine"})
        with pytest.raises(NotAllowed):
            await copy(graph, viewer, event=event, given={"starts_at": START}, idempotency_key="k")
        with pytest.raises(NotAllowed):
            await cancel(graph, viewer, event=event, expected_version=1)

    assert await everything(graph) == before


async def test_all_that_is_wrong_is_told_and_nothing_is_made(graph: Graph, folder: Path) -> None:
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await create(
            graph,
            ORGANISER,
            given={
                "title": " ",
                "format": "by post",
                "starts_at": START,
                "ends_at": START - timedelta(hours=1),
                "time_zone": "Tunis",
                "capacity": 0,
                "url": "example.org",
                "country": "XX",
                "series": "nothing",
                "topics": ["law", "nothing", "law"],
                "languages": ["xx"],
            },
            idempotency_key="k",
        )

    assert [tuple(map(str, problem.path)) for problem in refusal.value.problems] == [
        ("capacity",), ("country",), ("ends_at",), ("format",), ("kind",), ("languages", "0"), ("series",),
        ("time_zone",), ("title",), ("topics", "1"), ("topics", "2"), ("url",),
    ]  # fmt: skip
    assert await everything(graph) == before


@pytest.mark.parametrize(
    "given,path",
    [
        ({"ends_at": datetime(2022, 6, 2, 11, tzinfo=UTC)}, "ends_at"),
        ({"starts_at": datetime(2022, 6, 2, 15, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": datetime(2022, 6, 2, 12)}, "starts_at"),  # noqa: DTZ001 -- what is refused
        ({"kind": None}, "kind"),
        ({"title": "Ga\u202etes"}, "title"),
        ({"capacity": 1_000_001}, "capacity"),
        ({"capacity": -1}, "capacity"),
    ],
)
async def test_a_change_that_does_not_fit_what_is_there_changes_nothing(
    graph: Graph, folder: Path, given: EventChanges, path: str
) -> None:
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await update(graph, ORGANISER, event=BRIEFING, expected_version=await version_of(graph), changes=given)

    assert [problem.path for problem in refusal.value.problems] == [(path,)]
    assert await everything(graph) == before


async def test_of_two_who_saw_the_same_one_is_told_of_the_other(graph: Graph, folder: Path) -> None:
    version = await version_of(graph)

    outcomes = await asyncio.gather(
        update(graph, ORGANISER, event=BRIEFING, expected_version=version, changes={"title": "One"}),
        cancel(graph, OPERATOR, event=BRIEFING, expected_version=version),
        return_exceptions=True,
    )

    (won,) = [one for one in outcomes if isinstance(one, ChangedEvent)]
    (lost,) = [one for one in outcomes if isinstance(one, OtherVersion)]
    assert won.version == lost.version == version + 1
    now = await shown(graph, BRIEFING)
    assert (now["title"] == "One") is (outcomes[0] is won)
    assert (now.get("status") == "cancelled") is (outcomes[1] is won)


async def test_what_is_not_there_is_not_changed(graph: Graph, folder: Path) -> None:
    with pytest.raises(NoSuchEvent):
        await update(graph, ORGANISER, event=EventId("nothing"), expected_version=1, changes={"title": "Mine"})
    with pytest.raises(NoSuchEvent):
        await cancel(graph, ORGANISER, event=EventId("nothing"), expected_version=1)
    with pytest.raises(NoSuchEvent):
        await copy(graph, ORGANISER, event=EventId("nothing"), given={"starts_at": START}, idempotency_key="k")


async def test_stopped_in_the_middle_nothing_is_made(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(making, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            await create(graph, ORGANISER, given=ALL, idempotency_key="k")
        with pytest.raises(KeyboardInterrupt):
            await copy(graph, ORGANISER, event=BRIEFING, given={"starts_at": START}, idempotency_key="k")

    assert await everything(graph) == before


async def test_the_change_log_says_who_did_what(graph: Graph, folder: Path) -> None:
    made = await create(graph, ORGANISER, given={"title": "Squares", "kind": "meeting"}, idempotency_key=None)
    await changed(graph, made.event, place="Hall 2")
    await cancel(graph, OPERATOR, event=made.event, expected_version=2)
    await copy(graph, ORGANISER, event=made.event, given={"starts_at": START}, idempotency_key=None)

    page = await log.page(graph, OPERATOR, first=3, subjects=["event:squares"])
    of_copy = await log.page(graph, OPERATOR, first=3, subjects=["event:squares-2"])
    assert [(one.verb, one.actor, sorted(one.fields)) for _, one in of_copy.entries] == [
        ("event made", "account:organiser", ["kind", "place", "starts_at", "title"]),
    ]
    assert [(one.verb, one.actor, list(one.fields)) for _, one in page.entries] == [
        ("event cancelled", "command line", ["status"]),
        ("event changed", "account:organiser", ["place"]),
        ("event made", "account:organiser", ["title", "kind"]),
    ]
