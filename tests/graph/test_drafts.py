"""Drafts of events: known to organisers alone, events once they are published, and nobody overwrites anybody."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from neo4j.exceptions import ConstraintError

from graph import changes as log
from graph import drafts, feed
from graph.drafts import AlreadyPublished, Draft, NoSuchDraft
from graph.errors import NoSuchEvent
from graph.event_changes import ChangedEvent, EventChanges
from graph.event_changes import create as create_event
from graph.feed import Subject, Verb
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.idempotency import KeySpent
from graph.intake.events import IdOfDraft
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
from graph.provenance import of
from graph.values import Cursor, EventId, NotACursor
from graph.viewer import PUBLIC, Role, Scope, Viewer
from tests.graph.people.duplicated import FILES, OPERATOR, everything, loaded, written

ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
BRIEFING = EventId("briefing")
START = datetime(2027, 3, 2, 13, tzinfo=UTC)
ALL: EventChanges = {
    "title": "Security of  squares",
    "kind": "training",
    "format": "hybrid",
    "status": "tentative",
    "starts_at": START,
    "ends_at": START + timedelta(hours=2),
    "time_zone": "Africa/Tunis",
    "place": "Hall 2",
    "capacity": 120,
    "url": "https://example.org/squares",
    "description": "How squares are protected.",
    "country": "tn",
    "series": "squares",
    "topics": ["stewards", "law"],
    "languages": ["fr", "en"],
    "partners": ["school"],
}
SHOWN = """
MATCH (v:Event {id: $event})
RETURN v {.*} AS event, head(COLLECT { MATCH (v)-[:HELD_IN]->(c) RETURN c.id }) AS country,
       head(COLLECT { MATCH (v)-[:PART_OF]->(s) RETURN s.id }) AS series,
       COLLECT { MATCH (v)-[:COVERS]->(t) RETURN t.id ORDER BY t.id } AS topics,
       COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l) RETURN l.id ORDER BY l.id } AS languages
"""


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded, with a briefing, a workshop and a series."""
    folder = written(tmp_path / "network")
    await loaded(graph, folder)
    await graph.write("CREATE (:Series {id: 'squares', name: 'Squares'})")
    return folder


async def made(graph: Graph, **given: Any) -> Draft:
    return await drafts.create(graph, ORGANISER, given={"title": "Gates", **given}, idempotency_key=None)  # type: ignore[typeddict-item]


async def listed(graph: Graph) -> list[Draft]:
    return [draft for _, draft in (await drafts.page(graph, ORGANISER, first=100)).entries]


async def events(graph: Graph) -> list[str]:
    return [row["id"] for row in await graph.read("MATCH (v:Event) RETURN v.id AS id ORDER BY id")]


async def test_a_draft_has_all_that_an_event_has_and_is_none(graph: Graph, folder: Path) -> None:
    before = await events(graph)

    draft = await drafts.create(graph, ORGANISER, given=ALL, idempotency_key=None)

    assert draft.id.startswith("security-of-squares-")
    assert draft == Draft(
        draft.id,
        "Security of squares",
        "training",
        "hybrid",
        "tentative",
        START,
        START + timedelta(hours=2),
        "Africa/Tunis",
        "Hall 2",
        120,
        "https://example.org/squares",
        "How squares are protected.",
        "TN",
        "squares",
        ("law", "stewards"),
        ("en", "fr"),
        ("school",),
        1,
        draft.made_at,
        draft.made_at,
    )
    assert await drafts.by_ids(graph, ORGANISER, ids=[draft.id, "nothing"]) == {draft.id: draft}
    assert await events(graph) == before


async def test_nothing_is_related_to_a_draft(graph: Graph, folder: Path) -> None:
    draft = await drafts.create(graph, ORGANISER, given=ALL, idempotency_key=None)
    await drafts.update(graph, ORGANISER, draft=draft.id, expected_version=1, changes={"topics": ["law"]})

    found = await graph.read(
        "MATCH (n {id: $id}) RETURN labels(n) AS labels, COUNT { (n)--() } AS relations", id=draft.id
    )

    assert found == [{"labels": ["Draft"], "relations": 0}]


async def test_a_draft_needs_a_title_and_nothing_else(graph: Graph, folder: Path) -> None:
    draft = await made(graph, title="Gates")

    with pytest.raises(InvalidFields) as refusal:
        await drafts.create(graph, ORGANISER, given={"kind": "picnic", "topics": ["nothing"]}, idempotency_key=None)

    assert [problem.path for problem in refusal.value.problems] == [("kind",), ("title",), ("topics", 0)]
    assert (draft.kind, draft.starts_at, draft.topics, draft.languages) == (None, None, (), ())
    assert await listed(graph) == [draft]


async def test_a_draft_like_an_event_has_what_a_copy_has_and_what_is_given(graph: Graph, folder: Path) -> None:
    draft = await drafts.create(
        graph, ORGANISER, given={"starts_at": START, "topics": ["law"]}, like=BRIEFING, idempotency_key=None
    )
    undated = await drafts.create(graph, ORGANISER, given={"title": "Gates"}, like=BRIEFING, idempotency_key=None)

    assert (draft.title, draft.kind, draft.format, draft.country, draft.topics, draft.languages) == (
        "Briefing on prevention", "briefing", "online", "AT", ("law",), ("fr",),
    )  # fmt: skip
    assert (draft.starts_at, draft.ends_at) == (START, START + timedelta(hours=2))
    assert (undated.title, undated.starts_at, undated.ends_at, undated.topics) == ("Gates", None, None, ("prevention",))
    with pytest.raises(NoSuchEvent):
        await drafts.create(graph, ORGANISER, given={}, like=draft.id, idempotency_key=None)


async def test_with_its_key_a_draft_is_made_once(graph: Graph, folder: Path) -> None:
    once = await drafts.create(graph, ORGANISER, given={"title": "Gates"}, idempotency_key="k")
    again = await drafts.create(graph, ORGANISER, given={"title": "Gates"}, idempotency_key="k")
    await drafts.discard(graph, ORGANISER, draft=once.id, expected_version=1)

    with pytest.raises(KeySpent):
        await drafts.create(graph, ORGANISER, given={"title": "Gates"}, idempotency_key="k")

    assert again == once
    assert await listed(graph) == []


async def test_a_draft_is_changed_field_by_field(graph: Graph, folder: Path) -> None:
    draft = await drafts.create(graph, ORGANISER, given=ALL, idempotency_key=None)

    now = await drafts.update(
        graph,
        ORGANISER,
        draft=draft.id,
        expected_version=1,
        changes={"title": "Squares", "kind": None, "topics": None, "country": "FR"},
    )

    assert (now.id, now.title, now.kind, now.topics, now.country) == (draft.id, "Squares", None, (), "FR")
    assert (now.place, now.languages, now.version, now.made_at) == ("Hall 2", ("en", "fr"), 2, draft.made_at)
    assert now.changed_at > draft.changed_at
    assert (await drafts.update(graph, ORGANISER, draft=draft.id, expected_version=2, changes={})).version == 2


async def test_a_draft_does_not_end_before_it_starts(graph: Graph, folder: Path) -> None:
    draft = await made(graph, starts_at=START, ends_at=START + timedelta(hours=1))

    with pytest.raises(InvalidFields) as refusal:
        await drafts.update(
            graph, ORGANISER, draft=draft.id, expected_version=1, changes={"starts_at": START + timedelta(hours=2)}
        )

    assert [problem.path for problem in refusal.value.problems] == [("starts_at",)]
    assert await listed(graph) == [draft]


async def test_of_two_organisers_at_once_one_is_told_of_the_other(graph: Graph, folder: Path) -> None:
    draft = await made(graph)

    async def change(place: str) -> int | type:
        try:
            made = await drafts.update(graph, ORGANISER, draft=draft.id, expected_version=1, changes={"place": place})
        except OtherVersion as other:
            return type(other)
        return made.version

    done = await asyncio.gather(*(change(f"Hall {number}") for number in range(3)))

    assert sorted(map(str, done)) == sorted(map(str, [2, OtherVersion, OtherVersion]))
    assert (await listed(graph))[0].version == 2


async def test_a_published_draft_is_the_event_of_its_id_on_record_as_organisers_word(
    graph: Graph, folder: Path
) -> None:
    draft = await drafts.create(graph, ORGANISER, given=ALL, idempotency_key=None)

    published = await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)
    await loaded(graph, folder)

    (now,) = await graph.read(SHOWN, event=draft.id)
    assert published == ChangedEvent(draft.id, 1)
    assert {name: now["event"].get(name) for name in ("title", "kind", "format", "place", "capacity", "url")} == {
        "title": "Security of squares",
        "kind": "training",
        "format": "hybrid",
        "place": "Hall 2",
        "capacity": 120,
        "url": "https://example.org/squares",
    }
    assert (now["event"]["starts_at"].to_native(), now["event"]["ends_at"].to_native()) == (
        START, START + timedelta(hours=2),
    )  # fmt: skip
    assert (now["country"], now["series"], now["topics"], now["languages"]) == (
        "TN", "squares", ["law", "stewards"], ["en", "fr"],
    )  # fmt: skip
    assert not {"made_at", "changed_at"} & now["event"].keys()
    assert await listed(graph) == []
    facts = {(fact.name, fact.value): fact.places[0].source for fact in await of(graph, OPERATOR, id=draft.id)}
    assert facts["title", "Security of squares"] == "organisers"


async def test_others_are_told_of_an_event_when_it_is_published_and_of_its_draft_never(
    graph: Graph, folder: Path
) -> None:
    await feed.start(graph, PUBLIC, after=None)
    before = await feed.latest(graph, PUBLIC)
    draft = await made(graph, kind="briefing")
    await drafts.update(graph, ORGANISER, draft=draft.id, expected_version=1, changes={"place": "Hall 2"})
    other = await made(graph)
    await drafts.discard(graph, ORGANISER, draft=other.id, expected_version=1)
    for _ in range(2):
        await drafts.restore(graph, ORGANISER, draft=other.id)

    drafted = (await feed.changes(graph, PUBLIC, after=before, first=100)).told
    await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=2)
    published = (await feed.changes(graph, PUBLIC, after=before, first=100)).told

    assert drafted == []
    assert [(one.verb, one.subject, one.id) for one in published] == [(Verb.ADDED, Subject.EVENT, draft.id)]
    noted = [change for _, change in (await log.page(graph, OPERATOR, first=6)).entries]
    assert [(one.verb, one.subject, one.actor) for one in reversed(noted)] == [
        ("draft made", f"draft:{draft.id}", "account:organiser"),
        ("draft changed", f"draft:{draft.id}", "account:organiser"),
        ("draft made", f"draft:{other.id}", "account:organiser"),
        ("draft discarded", f"draft:{other.id}", "account:organiser"),
        ("draft brought back", f"draft:{other.id}", "account:organiser"),
        ("event published", f"event:{draft.id}", "account:organiser"),
    ]


async def test_a_draft_without_its_kind_is_not_published(graph: Graph, folder: Path) -> None:
    draft = await made(graph)
    before = await everything(graph)

    with pytest.raises(InvalidFields) as refusal:
        await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)

    assert [problem.path for problem in refusal.value.problems] == [("kind",)]
    assert await everything(graph) == before


async def test_a_draft_is_published_once(graph: Graph, folder: Path) -> None:
    draft = await made(graph, kind="briefing")

    async def publish() -> int | str:
        try:
            return (await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)).version
        except AlreadyPublished as error:
            return error.event

    done = await asyncio.gather(publish(), publish(), publish())

    assert sorted(map(str, done)) == ["1", draft.id, draft.id]
    for refused in (
        drafts.update(graph, ORGANISER, draft=draft.id, expected_version=1, changes={"place": "Hall 2"}),
        drafts.discard(graph, ORGANISER, draft=draft.id, expected_version=1),
        drafts.restore(graph, ORGANISER, draft=draft.id),
    ):
        with pytest.raises(AlreadyPublished):
            await refused
    assert draft.id in await events(graph)


async def test_publishing_that_is_stopped_halfway_has_done_nothing(graph: Graph, folder: Path) -> None:
    draft = await made(graph, kind="briefing")
    before = await everything(graph)
    # The change is written last; with its number taken, the database refuses it.
    await graph.write("MATCH (n:ChangeCounter) CREATE (:Change:Taken {sequence: n.last + 1})")

    with pytest.raises(ConstraintError):
        await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)

    await graph.write("MATCH (c:Taken) DELETE c")
    assert await everything(graph) == before
    await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)
    assert draft.id in await events(graph)


async def test_what_is_removed_from_the_network_is_removed_from_drafts(graph: Graph, folder: Path) -> None:
    draft = await made(graph, kind="briefing", topics=["law", "stewards"], series="squares")
    await graph.write("MATCH (n) WHERE n:Series OR (n:Topic AND n.id = 'law') DETACH DELETE n")

    (now,) = await listed(graph)
    await drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1)

    assert (now.topics, now.series) == (("stewards",), None)
    (event,) = await graph.read(SHOWN, event=draft.id)
    assert (event["topics"], event["series"]) == (["stewards"], None)


@pytest.mark.parametrize("is_discarded", [False, True])
async def test_no_event_is_made_or_loaded_with_the_id_of_a_draft(
    graph: Graph, folder: Path, *, is_discarded: bool
) -> None:
    draft = await made(graph)
    await graph.write("MATCH (d:Draft {id: $id}) SET d.id = 'gates'", id=draft.id)
    if is_discarded:
        await drafts.discard(graph, ORGANISER, draft=EventId("gates"), expected_version=1)

    event = await create_event(graph, ORGANISER, given={"title": "Gates", "kind": "briefing"}, idempotency_key=None)
    with pytest.raises(IdOfDraft) as refusal:
        await loaded(graph, written(folder, events=FILES["events.csv"].replace("workshop,Work", "gates,Work")))

    assert event.event == "gates-2"
    assert "draft with the id 'gates'" in str(refusal.value)
    assert "gates" not in await events(graph)


async def test_an_event_of_the_same_title_is_not_refused_its_id(graph: Graph, folder: Path) -> None:
    draft = await made(graph, title="Gates")

    event = await create_event(graph, ORGANISER, given={"title": "Gates", "kind": "briefing"}, idempotency_key=None)

    assert event.event == "gates"
    assert draft.id.startswith("gates-")


async def test_drafts_are_listed_newest_first_and_in_pages(graph: Graph, folder: Path) -> None:
    titles = [(await made(graph, title=f"Draft {number}")).title for number in range(5)]
    await graph.write("MATCH (d:Draft) WHERE d.title IN ['Draft 1', 'Draft 2'] SET d.made_at = datetime('2026-01-01')")
    found, after = [], None
    for _ in range(3):
        page = await drafts.page(graph, ORGANISER, first=2, after=after)
        found += [draft.title for _, draft in page.entries]
        after = page.entries[-1][0]

    assert found[:3] == [titles[4], titles[3], titles[0]]
    assert sorted(found[3:]) == [titles[1], titles[2]]
    assert not page.has_next
    with pytest.raises(NotACursor):
        await drafts.page(graph, ORGANISER, first=2, after=Cursor(("1", "c")))


async def test_a_discarded_draft_is_gone(graph: Graph, folder: Path) -> None:
    draft = await made(graph)
    other = await made(graph, title="Other")

    with pytest.raises(OtherVersion):
        await drafts.discard(graph, ORGANISER, draft=draft.id, expected_version=2)
    gone = await drafts.discard(graph, ORGANISER, draft=draft.id, expected_version=1)

    assert (gone.draft, gone.considered) == (draft.id, 0)
    assert await listed(graph) == [other]
    for refused in (
        drafts.update(graph, ORGANISER, draft=draft.id, expected_version=1, changes={"title": "Gates"}),
        drafts.publish(graph, ORGANISER, draft=draft.id, expected_version=1),
        drafts.discard(graph, ORGANISER, draft=draft.id, expected_version=1),
    ):
        with pytest.raises(NoSuchDraft):
            await refused


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER),
        Viewer(Role.ORGANISER, scopes=frozenset(Scope) - {Scope.READ_ORGANISERS}),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.WRITE})),
    ],
)
async def test_nobody_else_reads_or_writes_drafts_whether_there_are_any_or_not(
    graph: Graph, folder: Path, viewer: Viewer
) -> None:
    draft = await made(graph, kind="briefing")
    before = await everything(graph)

    for id in (draft.id, EventId("nothing")):
        for refused in (
            drafts.page(graph, viewer, first=1),
            drafts.by_ids(graph, viewer, ids=[id]),
            drafts.create(graph, viewer, given={"title": "Mine"}, idempotency_key="k"),
            drafts.update(graph, viewer, draft=id, expected_version=1, changes={"title": "Mine"}),
            drafts.publish(graph, viewer, draft=id, expected_version=1),
            drafts.discard(graph, viewer, draft=id, expected_version=1),
            drafts.restore(graph, viewer, draft=id),
        ):
            with pytest.raises(NotAllowed):
                await refused

    assert await everything(graph) == before


async def test_who_may_read_and_not_write_reads(graph: Graph, folder: Path) -> None:
    draft = await made(graph)
    reader = Viewer(Role.ORGANISER, scopes=frozenset({Scope.READ_ORGANISERS}))

    assert await drafts.by_ids(graph, reader, ids=[draft.id]) == {draft.id: draft}
    with pytest.raises(NotAllowed):
        await drafts.discard(graph, reader, draft=draft.id, expected_version=1)
