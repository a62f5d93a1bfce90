"""What organisers make of whatever kind: once, on record, before files, and nobody overwrites anybody."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from graph import changes as log
from graph import programme
from graph.errors import NoSuchThing
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.idempotency import KeyOfOther, KeySpent
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
from graph.programme import RESOURCE, SERIES, Described, Made, StillNeeded, ToldByFile, making
from graph.provenance import of as facts_of
from graph.provenance import remove_source
from graph.viewer import PUBLIC, Role, Scope, Viewer
from ingest import load
from tests.graph.people.duplicated import OPERATOR, everything, loaded
from tests.graph.programme.made import FROM_FILES, GIVEN, KINDS, ORGANISER, changed, folder_of, make, shown

OF_EACH_KIND = pytest.mark.parametrize("of", KINDS, ids=lambda of: of.called)


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded."""
    folder = folder_of(tmp_path / "network")
    await loaded(graph, folder)
    return folder


async def remove(graph: Graph, of: Described, id: str, *, viewer: Viewer = ORGANISER, version: int = 1) -> None:
    await programme.remove(graph, viewer, of=of, id=id, expected_version=version)


@OF_EACH_KIND
async def test_what_is_made_changed_and_removed_is_gone_and_nothing_is_left_of_it(
    graph: Graph, folder: Path, of: Described
) -> None:
    before = await everything(graph)

    made = await make(graph, of)
    ports: dict[str, Any] = {of.named_by: "Ports", "description": "Of\n ports"}
    again = await changed(graph, of, made.id, **ports)
    now = await shown(graph, of, made.id)
    await remove(graph, of, made.id, version=2)

    assert (made, again) == (Made("energy-sites", 1), Made("energy-sites", 2))
    assert (now[of.named_by], now["description"], now["version"]) == ("Ports", "Of\nports", 2)
    assert "made_by" not in now
    assert await everything(graph) == before


@OF_EACH_KIND
async def test_what_was_made_stays_whatever_is_loaded_pruned_and_taken_out(
    graph: Graph, folder: Path, of: Described
) -> None:
    made = await make(graph, of, description="As it was made")

    await load(graph, OPERATOR, folder_of(folder), prune=True)
    for file in ("resources.csv", "projects.csv", "activities.csv", "series.csv"):
        (folder / file).unlink()
    await load(graph, OPERATOR, folder, prune=True)

    assert (await shown(graph, of, made.id))["description"] == "As it was made"
    assert await shown(graph, of, FROM_FILES[of.label]) == {}


@OF_EACH_KIND
async def test_what_organisers_change_counts_before_the_file_and_the_rest_follows_it(
    graph: Graph, folder: Path, of: Described
) -> None:
    id, file = FROM_FILES[of.label], f"{of.kind}.csv"
    before = (await shown(graph, of, id))["version"]
    text = (folder / file).read_text(encoding="utf-8")

    await changed(graph, of, id, description="By organisers")
    header, row = text.splitlines()
    name = row.split(",")[1]
    columns = header if "description" in header else f"{header},description"
    cells = row if "description" in header else f"{row},By a file"
    await loaded(graph, folder_of(folder, **{of.kind: f"{columns}\n{cells.replace(name, 'Renamed')}\n"}))

    now = await shown(graph, of, id)
    assert (now[of.named_by], now["description"], now["version"]) == ("Renamed", "By organisers", before + 2)
    facts = {(fact.name, fact.value): fact.places[0].source for fact in await facts_of(graph, OPERATOR, id=id)}
    assert facts["description", "By organisers"] == "organisers"
    assert facts[of.named_by, "Renamed"] == file


@OF_EACH_KIND
async def test_what_is_in_no_file_any_more_goes_with_what_was_changed(
    graph: Graph, folder: Path, of: Described
) -> None:
    id = FROM_FILES[of.label]
    await changed(graph, of, id, description="By organisers")

    await remove_source(graph, OPERATOR, source=f"{of.kind}.csv")

    assert await shown(graph, of, id) == {}
    records = await graph.read("MATCH (r:Record {kind: $kind}) RETURN r.id AS id", kind=of.kind)
    assert records == []


@OF_EACH_KIND
async def test_what_a_file_tells_of_is_not_removed_here(graph: Graph, folder: Path, of: Described) -> None:
    id = FROM_FILES[of.label]
    await changed(graph, of, id, description="By organisers")
    before = await everything(graph)

    with pytest.raises(
        ToldByFile, match=rf"^{of.kind}\.csv tells of this {of.called}; take it out of there"
    ) as refusal:
        await remove(graph, of, id, version=2)

    assert refusal.value.files == (f"{of.kind}.csv",)
    assert await everything(graph) == before


@OF_EACH_KIND
async def test_what_was_made_here_and_is_told_by_a_file_as_well_is_not_removed_here(
    graph: Graph, folder: Path, of: Described
) -> None:
    made = await make(graph, of)
    text = (folder / f"{of.kind}.csv").read_text(encoding="utf-8")
    await loaded(graph, folder_of(folder, **{of.kind: text.replace(FROM_FILES[of.label], made.id)}))

    with pytest.raises(ToldByFile):
        await remove(graph, of, made.id, version=2)


async def test_what_an_earlier_release_left_without_a_record_is_changed_keeps_the_rest_and_is_not_removed(
    graph: Graph,
) -> None:
    await graph.write(
        "CREATE (r:Resource {id: 'old', title: 'Old', kind: 'guide', published_on: date('2021-02-03')}) "
        "CREATE (r)-[:COVERS]->(:Topic {id: 'law'}) CREATE (r)<-[:AUTHORED]-(:Expert {id: 'ama'}) "
        "CREATE (r)-[:IN_LANGUAGE {title: 'Vieux'}]->(:Language {id: 'fr'})"
    )

    with pytest.raises(ToldByFile, match="loaded long ago"):
        await remove(graph, RESOURCE, "old", version=0)
    await programme.update(graph, ORGANISER, of=RESOURCE, id="old", expected_version=0, changes={"title": "Older"})

    now = await shown(graph, RESOURCE, "old")
    assert (now["title"], now["published_on"], now["topics"], now["authors"], now["languages"], now["version"]) == (
        "Older", "2021-02-03", ["law"], ["ama"], [["fr", "Vieux", None, None]], 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    "of,what",
    [
        (SERIES, "MATCH (n:Series {id: 'energy-sites'}) CREATE (n)<-[:PART_OF]-(:Event {id: 'v'})"),
        (SERIES, "CREATE (:Draft {id: 'd', series: 'energy-sites'})"),
        (KINDS[1], "MATCH (n:Project {id: 'energy-sites'}) CREATE (n)<-[:PART_OF]-(:Activity {id: 'a'})"),
        (RESOURCE, "MATCH (n:Resource {id: 'energy-sites'}) CREATE (n)<-[:DRAWN_FROM]-(:Document {id: 'd'})"),
    ],
    ids=lambda of: getattr(of, "called", ""),
)
async def test_what_something_is_part_of_is_not_removed(graph: Graph, folder: Path, of: Described, what: str) -> None:
    made = await make(graph, of)
    await graph.write(what)

    with pytest.raises(StillNeeded, match=f"still {of.parts} of this {of.called}: 1"):
        await remove(graph, of, made.id)

    assert (await shown(graph, of, made.id))["version"] == 1


@OF_EACH_KIND
async def test_a_key_makes_one_thing_and_is_spent_when_that_is_removed(
    graph: Graph, folder: Path, of: Described
) -> None:
    made = [await make(graph, of, key="k") for _ in range(2)]

    with pytest.raises(KeyOfOther):
        await make(graph, of, key="k", description="Another")
    await remove(graph, of, made[0].id)
    with pytest.raises(KeySpent, match=f"that {of.called} is there no more"):
        await make(graph, of, key="k")

    assert made == [Made("energy-sites", 1)] * 2


@OF_EACH_KIND
async def test_two_of_one_name_that_are_made_at_once_have_two_ids(graph: Graph, folder: Path, of: Described) -> None:
    made = await asyncio.gather(*(make(graph, of) for _ in range(3)))

    assert {one.id for one in made} == {"energy-sites", "energy-sites-2", "energy-sites-3"}


@OF_EACH_KIND
async def test_of_two_who_saw_the_same_one_is_told_of_the_other(graph: Graph, folder: Path, of: Described) -> None:
    made = await make(graph, of)

    outcomes = await asyncio.gather(
        programme.update(graph, ORGANISER, of=of, id=made.id, expected_version=1, changes={"description": "One"}),
        programme.update(graph, OPERATOR, of=of, id=made.id, expected_version=1, changes={"description": "Other"}),
        return_exceptions=True,
    )

    (won,) = [one for one in outcomes if isinstance(one, Made)]
    (lost,) = [one for one in outcomes if isinstance(one, OtherVersion)]
    assert won.version == lost.version == 2
    assert (await shown(graph, of, made.id))["description"] == ("One" if outcomes[0] is won else "Other")


async def test_whoever_changes_what_is_removed_at_once_is_told_that_it_is_gone_or_changed(
    graph: Graph, folder: Path
) -> None:
    made = await make(graph, SERIES)

    change, removal = await asyncio.gather(
        programme.update(graph, ORGANISER, of=SERIES, id=made.id, expected_version=1, changes={"name": "Ports"}),
        remove(graph, SERIES, made.id, viewer=OPERATOR),
        return_exceptions=True,
    )

    is_there = await shown(graph, SERIES, made.id) != {}
    if is_there:
        assert isinstance(change, Made)
        assert isinstance(removal, OtherVersion)
    else:
        assert isinstance(change, NoSuchThing)
        assert removal is None


@OF_EACH_KIND
@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER),
        Viewer(Role.ORGANISER, scopes=frozenset(Scope) - {Scope.WRITE}),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.READ_ORGANISERS})),
    ],
)
async def test_nobody_else_makes_changes_or_removes_anything_and_learns_nothing(
    graph: Graph, of: Described, viewer: Viewer
) -> None:
    made = await make(graph, of)
    before = await everything(graph)
    told = set()

    with pytest.raises(NotAllowed):
        await make(graph, of, viewer=viewer, key="k")
    for id in (made.id, "nothing"):
        with pytest.raises(NotAllowed) as change:
            await programme.update(graph, viewer, of=of, id=id, expected_version=1, changes={})
        with pytest.raises(NotAllowed) as removal:
            await remove(graph, of, id, viewer=viewer)
        told.add((str(change.value), str(removal.value)))

    assert len(told) == 1
    assert await everything(graph) == before


@OF_EACH_KIND
async def test_what_is_not_there_is_neither_changed_nor_removed(graph: Graph, of: Described) -> None:
    with pytest.raises(NoSuchThing, match=f"There is no {of.called} 'nothing'"):
        await programme.update(graph, ORGANISER, of=of, id="nothing", expected_version=1, changes={})
    with pytest.raises(NoSuchThing):
        await remove(graph, of, "nothing")


@OF_EACH_KIND
async def test_what_has_to_be_said_is_asked_for_and_cannot_be_taken_away(
    graph: Graph, folder: Path, of: Described
) -> None:
    made = await make(graph, of)
    before = await everything(graph)
    nothing: dict[str, Any] = dict.fromkeys(of.needed)

    with pytest.raises(InvalidFields) as unsaid:
        await programme.create(graph, ORGANISER, of=of, given=dict.fromkeys(GIVEN[of.label], " "), idempotency_key="k")
    with pytest.raises(InvalidFields) as taken_away:
        await changed(graph, of, made.id, **nothing)

    assert {problem.path for problem in unsaid.value.problems} == {(name,) for name in GIVEN[of.label]}
    assert {problem.path for problem in taken_away.value.problems} == {(name,) for name in of.needed}
    assert await everything(graph) == before


@OF_EACH_KIND
async def test_stopped_in_the_middle_nothing_is_made_changed_or_removed(
    graph: Graph, folder: Path, of: Described, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(graph, of)
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(making, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            await make(graph, of, key="k")
        with pytest.raises(KeyboardInterrupt):
            await changed(graph, of, made.id, description="Another")
        with pytest.raises(KeyboardInterrupt):
            await remove(graph, of, made.id)

    assert await everything(graph) == before


@OF_EACH_KIND
async def test_the_change_log_says_who_did_what_and_what_was_removed_but_for_people(
    graph: Graph, folder: Path, of: Described
) -> None:
    more: dict[str, Any] = {"authors": ["kofi"], "topics": ["law"]} if of is RESOURCE else {}
    made = await make(graph, of, description="By Kofi", **more)
    await changed(graph, of, made.id, description="Of ports")
    await remove(graph, of, made.id, viewer=OPERATOR, version=2)

    page = await log.page(graph, OPERATOR, first=3, subjects=[f"{of.called}:{made.id}"])

    told = [(one.verb, one.actor, sorted(one.fields)) for _, one in page.entries]
    assert told == [
        (f"{of.called} removed", "command line", []),
        (f"{of.called} changed", "account:organiser", ["description"]),
        (f"{of.called} made", "account:organiser", sorted([*GIVEN[of.label], "description", *more])),
    ]
    before = page.entries[0][1].before
    assert before[of.named_by] == "Energy sites"
    assert "kofi" not in str(before).lower()
    assert before.get("topics", ["law"]) == ["law"]


HOSTILE = ["'}) DETACH DELETE n //", "<script>alert(1)</script>", "=HYPERLINK(1)", "$(rm)", "عربي 中文 🎉", "\\u0000'"]


@OF_EACH_KIND
@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_is_written_is_text_and_nothing_else(graph: Graph, of: Described, text: str) -> None:
    hostile: dict[str, Any] = {of.named_by: text, "description": text}

    made = await make(graph, of, **hostile)

    now = await shown(graph, of, made.id)
    assert (now[of.named_by], now["description"]) == (text, text)


@OF_EACH_KIND
@pytest.mark.parametrize(
    "name,text", [("name", "x" * 301), ("name", "a\u202eb"), ("description", "x" * 10_001), ("description", "a\x00b")]
)
async def test_what_is_too_long_or_cannot_be_seen_is_refused(graph: Graph, of: Described, name: str, text: str) -> None:
    name = of.named_by if name == "name" else name
    given: dict[str, Any] = {name: text}

    with pytest.raises(InvalidFields) as refusal:
        await make(graph, of, **given)

    assert [problem.path for problem in refusal.value.problems] == [(name,)]
    assert await graph.read("MATCH (n:$($label)) RETURN n.id AS id", label=of.label) == []
