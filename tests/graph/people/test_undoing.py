"""Who was made one is two again, in a real graph that real files were loaded into."""

import json
from pathlib import Path

import pytest

from graph import audiences, consents
from graph.consents import How, Purpose
from graph.graph import Graph
from graph.intake import Kind, known_names
from graph.people import undoing
from graph.people.merging import merge
from graph.people.undoing import CannotUndo, NoSuchMerge, undo
from graph.provenance import remove_source
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.graph.people.duplicated import (
    AMA,
    FILES,
    KOFI,
    OPERATOR,
    SECOND,
    everything,
    invited,
    loaded,
    person,
    texts,
    written,
)

ELSEWHERE = "MATCH (e:Expert) WHERE any(one IN e.identifiers WHERE one STARTS WITH 'openalex:') RETURN e.id AS id"


async def test_undone_the_graph_is_as_it_was(graph: Graph, folder: Path) -> None:
    before = await everything(graph)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    undone = await undo(graph, OPERATOR, gone=SECOND)

    assert await everything(graph) == before
    assert (undone.stays, undone.documents) == ((), 0)


async def test_undone_with_accounts_consents_choices_and_somebody_who_joined(graph: Graph, folder: Path) -> None:
    joined = await invited(graph, "amaha@example.org", "Amaha Testperson", contact=Audience.ORGANISERS)
    await consents.decide(graph, OPERATOR, expert=SECOND, purpose=Purpose.RECORDED, given=False, how=How.PAPER)
    before = await everything(graph)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    await merge(graph, OPERATOR, keep=joined, gone=AMA)

    await undo(graph, OPERATOR, gone=AMA)
    await undo(graph, OPERATOR, gone=SECOND)

    assert await everything(graph) == before


async def test_undone_each_is_what_the_sources_say_now(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    written(
        folder,
        experts=FILES["experts.csv"].replace("Amah Testperson", "Amma Testperson"),
        ama_2="---\nowner: ama-2\n---\nShe wrote on bail.\n",
        briefing=FILES["documents/talks/briefing.md"].replace("watchful", "friendly"),
    )
    await loaded(graph, folder)

    undone = await undo(graph, OPERATOR, gone=SECOND)
    await loaded(graph, folder)

    assert undone.documents == 2
    assert (await person(graph, SECOND))["name"] == "Amma Testperson"
    assert await texts(graph, SECOND) == ["Open doors and friendly eyes.", "She wrote on bail."]
    assert await texts(graph, AMA) == [
        "Open doors and friendly eyes.",
        "She teaches ushers to greet whoever comes in.",
    ]


async def test_whom_a_register_tells_of_while_they_are_merged_is_told_of_as_before(graph: Graph, folder: Path) -> None:
    author = {"id": "https://openalex.org/A5000000002", "display_name": "Ama Testperson", "works_count": 1}
    (folder / "openalex.json").write_text(json.dumps(author), encoding="utf-8")
    await loaded(graph, folder)
    (second,) = [row["id"] for row in await graph.read(ELSEWHERE)]
    before = await everything(graph)
    await merge(graph, OPERATOR, keep=AMA, gone=ExpertId(second))
    await loaded(graph, folder)
    await loaded(graph, folder)

    await undo(graph, OPERATOR, gone=ExpertId(second))
    reports = [await loaded(graph, folder) for _ in range(2)]

    assert await everything(graph) == before
    assert [report.kinds[Kind.EXPERTS].created for report in reports] == [0, 0]


async def test_what_was_decided_in_between_stays_with_the_one_who_was_kept(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    own = Viewer(Role.MEMBER, person=AMA, actor="account:a")
    await audiences.set_of_person(graph, own, expert=AMA, chosen={FieldGroup.CONTACT: Audience.NOBODY})
    await consents.decide(graph, own, expert=AMA, purpose=Purpose.MATCHED, given=False, how=How.PAGE)

    undone = await undo(graph, OPERATOR, gone=SECOND)

    kept, gone = await person(graph, AMA), await person(graph, SECOND)
    assert undone.stays == ("contact", "matched")
    assert (kept["chosen_contact"], kept["withdrawn"]) == (Audience.NOBODY, ["matched"])
    assert {name for name in gone if name.startswith("chosen_") or name == "withdrawn"} == set()


@pytest.mark.parametrize("stopped_at", ["settle", "restamp"])
async def test_stopped_in_the_middle_nothing_is_undone(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(undoing, stopped_at, stop)
        with pytest.raises(KeyboardInterrupt):
            await undo(graph, OPERATOR, gone=SECOND)
    assert await everything(graph) == before


async def test_a_merge_that_another_builds_on_is_undone_after_it(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    await merge(graph, OPERATOR, keep=KOFI, gone=AMA)

    with pytest.raises(CannotUndo, match="'ama' was merged into 'kofi' after it"):
        await undo(graph, OPERATOR, gone=SECOND)
    assert (await known_names(graph, OPERATOR)).merged == {"ama": "kofi", "ama-2": "kofi"}


async def test_nobody_is_made_two_of_whom_no_source_tells(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    before = await everything(graph)
    await remove_source(graph, OPERATOR, source="experts.csv")

    with pytest.raises(CannotUndo, match="no source tells of 'ama' any more"):
        await undo(graph, OPERATOR, gone=SECOND)
    with pytest.raises(NoSuchMerge):
        await undo(graph, OPERATOR, gone=KOFI)
    await loaded(graph, folder)
    names = {row["node"]["id"] for row in before if row["labels"] == ["Expert"]}
    assert {row["node"]["id"] for row in await everything(graph) if row["labels"] == ["Expert"]} == names
