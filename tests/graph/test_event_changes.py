"""Events that organisers make, change and cancel: on record, before files, and nobody overwrites anybody."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from graph import changes as log
from graph import event_changes
from graph.errors import NoSuchEvent
from graph.event_changes import ChangedEvent, EventChanges, cancel, create, update
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
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
    "url": "https://example.org/squares",
    "description": "How squares\nare protected.",
    "country": "tn",
    "series": None,
    "topics": ["law", "stewards"],
    "languages": ["fr", "en"],
}
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
    assert {name: now[name] for name in ("title", "kind", "format", "time_zone", "place", "url", "description")} == {
        "title": "Security of squares",
        "kind": "training",
        "format": "hybrid",
        "time_zone": "Africa/Tunis",
        "place": "Hall 2",
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
async def test_nobody_else_makes_changes_or_cancels_events(graph: Graph, folder: Path, viewer: Viewer) -> None:
    before = await everything(graph)

    with pytest.raises(NotAllowed):
        await create(graph, viewer, given=ALL, idempotency_key="k")
    for event in (BRIEFING, EventId("nothing")):
        with pytest.raises(NotAllowed):
            await update(graph, viewer, event=event, expected_version=1, changes={"title": "Mine"})
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
                "url": "example.org",
                "country": "XX",
                "series": "nothing",
                "topics": ["law", "nothing", "law"],
                "languages": ["xx"],
            },
            idempotency_key="k",
        )

    assert [tuple(map(str, problem.path)) for problem in refusal.value.problems] == [
        ("country",), ("ends_at",), ("format",), ("kind",), ("languages", "0"), ("series",), ("time_zone",), ("title",),
        ("topics", "1"), ("topics", "2"), ("url",),
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


async def test_stopped_in_the_middle_nothing_is_made(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(event_changes, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            await create(graph, ORGANISER, given=ALL, idempotency_key="k")

    assert await everything(graph) == before


async def test_the_change_log_says_who_did_what(graph: Graph, folder: Path) -> None:
    made = await create(graph, ORGANISER, given={"title": "Squares", "kind": "meeting"}, idempotency_key=None)
    await changed(graph, made.event, place="Hall 2")
    await cancel(graph, OPERATOR, event=made.event, expected_version=2)

    page = await log.page(graph, OPERATOR, first=3, subject="event:squares")
    assert [(one.verb, one.actor, list(one.fields)) for _, one in page.entries] == [
        ("event cancelled", "command line", ["status"]),
        ("event changed", "account:organiser", ["place"]),
        ("event made", "account:organiser", ["title", "kind"]),
    ]
