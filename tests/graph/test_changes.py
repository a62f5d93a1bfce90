"""The change log: one number for each change that happened, in order and without gaps, for administrators alone."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph.changes import page, record
from graph.graph import Graph, Transaction
from graph.permissions import NotAllowed
from graph.values import Cursor, NotACursor, Period
from graph.viewer import PUBLIC, Role, Scope, Viewer

ADMINISTRATOR = Viewer(Role.ADMINISTRATOR, actor="account:1")
OTHER = Viewer(Role.ADMINISTRATOR, actor="account:2")
AT = "MATCH (c:Change {sequence: $sequence}) SET c.at = $at"


async def change(graph: Graph, subject: str) -> None:
    async def work(tx: Transaction) -> None:
        await record(tx, ADMINISTRATOR, verb="tried", subject=subject, fields=["role"], after={"role": "member"})

    await graph.transact(work)


async def test_a_change_says_who_did_what_to_what(graph: Graph) -> None:
    await change(graph, "account:2")

    ((_, found),) = (await page(graph, ADMINISTRATOR, first=10)).entries

    assert (found.sequence, found.actor, found.verb, found.subject) == (1, "account:1", "tried", "account:2")
    assert (list(found.fields), found.before, found.after) == (["role"], {}, {"role": "member"})


async def test_many_at_once_have_numbers_without_gaps(graph: Graph) -> None:
    await asyncio.gather(*(change(graph, f"account:{number}") for number in range(20)))

    found = [one.sequence for _, one in (await page(graph, ADMINISTRATOR, first=100)).entries]

    assert found == list(range(20, 0, -1))


async def test_a_change_that_did_not_happen_uses_no_number(graph: Graph) -> None:
    async def fails(tx: Transaction) -> None:
        await record(tx, ADMINISTRATOR, verb="tried", subject="account:1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await graph.transact(fails)
    await change(graph, "account:2")

    assert [one.sequence for _, one in (await page(graph, ADMINISTRATOR, first=10)).entries] == [1]


async def test_pages_go_on_where_they_ended_and_a_subject_has_its_own(graph: Graph) -> None:
    for number in range(5):
        await change(graph, f"account:{number % 2}")

    first = await page(graph, ADMINISTRATOR, first=3)
    second = await page(graph, ADMINISTRATOR, first=3, after=first.entries[-1][0])
    of_one = await page(graph, ADMINISTRATOR, first=10, subjects=["account:1"])

    assert [one.sequence for _, one in [*first.entries, *second.entries]] == [5, 4, 3, 2, 1]
    assert (first.has_next, second.has_next) == (True, False)
    assert [one.sequence for _, one in of_one.entries] == [4, 2]


async def test_a_cursor_of_another_list_is_refused(graph: Graph) -> None:
    with pytest.raises(NotACursor):
        await page(graph, ADMINISTRATOR, first=1, after=Cursor(("Ama", "ama")))


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER),
        Viewer(Role.ORGANISER),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset({Scope.READ_ORGANISERS, Scope.WRITE})),
    ],
)
async def test_others_may_not_read_it(graph: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed, match="You may not read the change log; administrators may"):
        await page(graph, viewer, first=1)


async def test_changes_are_those_of_somebody_of_a_verb_and_of_days(graph: Graph) -> None:
    async def made(viewer: Viewer, verb: str, days_ago: int) -> None:
        async def work(tx: Transaction) -> None:
            await record(tx, viewer, verb=verb, subject="network")

        await graph.transact(work)
        await graph.write(AT, sequence=1 + days_ago, at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC) - timedelta(days_ago))

    await made(ADMINISTRATOR, "loaded", 0)
    await made(OTHER, "loaded", 1)
    await made(OTHER, "removed", 2)

    async def numbers(**asked: Any) -> list[int]:
        return [one.sequence for _, one in (await page(graph, ADMINISTRATOR, first=9, **asked)).entries]

    assert await numbers(actors={"account:2"}) == [3, 2]
    assert await numbers(actors={"account:2"}, verb="loaded", subjects={"network"}) == [2]
    assert await numbers(actors={"account:1", "account:2"}, subjects={"network"}) == [3, 2, 1]
    assert await numbers(actors=()) == []
    assert await numbers(days=Period(date(2026, 3, 1), date(2026, 3, 1))) == [1]
    assert await numbers(days=Period(date(2026, 2, 27), date(2026, 2, 28))) == [3, 2]
