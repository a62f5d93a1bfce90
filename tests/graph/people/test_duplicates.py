"""Who may be one, and that a question is not asked again once somebody has answered it."""

from pathlib import Path

import pytest

from graph import changes
from graph.errors import NoSuchExpert
from graph.graph import Graph
from graph.people.duplicates import (
    CannotKeepApart,
    Decision,
    NotKeptApart,
    candidates,
    decisions,
    forget_apart,
    keep_apart,
)
from graph.people.likeness import Reason
from graph.people.merging import merge
from graph.people.sight import groups_seen
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.values import ExpertId
from tests.graph.people.duplicated import AMA, KOFI, OPERATOR, ORGANISER, SECOND, everything, loaded


async def pairs(graph: Graph) -> list[tuple[str, str]]:
    return [(one.first.id, one.second.id) for one in await candidates(graph, OPERATOR)]


async def told(graph: Graph) -> list[tuple[bool, str, str, str]]:
    return [(one.is_one, one.first, one.second, one.by) for one in await decisions(graph, OPERATOR)]


async def test_who_may_be_one_is_told_with_reasons(graph: Graph, folder: Path) -> None:
    (found,) = await candidates(graph, OPERATOR)

    assert (found.first.id, found.second.id) == ("ama", "ama-2")
    assert (found.first.country, found.second.country) == ("TN", "FR")
    assert set(found.likeness.reasons) == {Reason.NAMES_ALIKE, Reason.SAME_ORGANISATION}


async def test_once_they_are_kept_apart_nobody_asks_again_until_that_is_forgotten(graph: Graph, folder: Path) -> None:
    before = await everything(graph)

    await keep_apart(graph, OPERATOR, one=SECOND, other=AMA)
    await keep_apart(graph, OPERATOR, one=AMA, other=SECOND)
    apart, said = await pairs(graph), await told(graph)
    await forget_apart(graph, OPERATOR, one=AMA, other=SECOND)

    assert apart == []
    assert said == [(False, "ama", "ama-2", "command line")]
    assert await pairs(graph) == [("ama", "ama-2")]
    assert await everything(graph) == before


async def test_once_they_are_merged_nobody_asks_again_until_that_is_undone(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    merged, said = await pairs(graph), await decisions(graph, OPERATOR)
    await undo(graph, OPERATOR, gone=SECOND)

    assert merged == []
    assert said == [Decision(is_one=True, first=AMA, second=SECOND, by="command line", at=said[0].at)]
    assert await pairs(graph) == [("ama", "ama-2")]


async def test_it_is_remembered_when_a_roster_loses_somebody_and_has_them_again(graph: Graph, folder: Path) -> None:
    await keep_apart(graph, OPERATOR, one=AMA, other=SECOND)
    await graph.write("MATCH (e:Expert {id: 'ama-2'}) DETACH DELETE e")
    await graph.write("MATCH (r:Record {kind: 'experts', subject: 'ama-2'}) DETACH DELETE r")

    await loaded(graph, folder)

    assert await pairs(graph) == []


async def test_who_is_kept_apart_from_somebody_is_so_from_whoever_that_is_now(graph: Graph, folder: Path) -> None:
    await keep_apart(graph, OPERATOR, one=KOFI, other=SECOND)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    await forget_apart(graph, OPERATOR, one=KOFI, other=AMA)

    assert [one for one in await told(graph) if not one[0]] == []


async def test_who_cannot_be_kept_apart_is_told_why(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    with pytest.raises(CannotKeepApart, match="they are the same id"):
        await keep_apart(graph, OPERATOR, one=AMA, other=AMA)
    with pytest.raises(CannotKeepApart, match="'ama-2' was merged into 'ama'; undo that first"):
        await keep_apart(graph, OPERATOR, one=KOFI, other=SECOND)
    with pytest.raises(NoSuchExpert):
        await keep_apart(graph, OPERATOR, one=KOFI, other=ExpertId("nobody"))
    with pytest.raises(NotKeptApart):
        await forget_apart(graph, OPERATOR, one=KOFI, other=AMA)


async def test_it_is_in_the_log_of_both(graph: Graph, folder: Path) -> None:
    await keep_apart(graph, OPERATOR, one=KOFI, other=AMA)

    log = [change for _, change in (await changes.page(graph, OPERATOR, first=2)).entries]
    assert [(one.verb, one.subject) for one in log] == [("kept apart", "expert:kofi"), ("kept apart", "expert:ama")]


async def test_administrators_alone_see_and_say_who_is_one(graph: Graph) -> None:
    for asked in (
        candidates(graph, ORGANISER),
        decisions(graph, ORGANISER),
        groups_seen(graph, ORGANISER),
        keep_apart(graph, ORGANISER, one=AMA, other=KOFI),
        forget_apart(graph, ORGANISER, one=AMA, other=KOFI),
    ):
        with pytest.raises(NotAllowed):
            await asked
