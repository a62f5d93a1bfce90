"""Whoever asks twice with one key makes one thing: at once, on two replicas, and after a kill in the middle."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph import invitations, tokens
from graph.engine import Address
from graph.event_changes import ChangedEvent, EventChanges, copy, create, update
from graph.graph import Graph
from graph.idempotency import KEPT, KeyOfOther, KeySpent, KeyUnfit
from graph.invitations import InvitedBefore, invite
from graph.tokens import TokenMadeBefore
from graph.values import EventId
from graph.viewer import Role, Viewer
from tests.graph.idempotent_client import GIVEN, KEY, ORGANISER

ROOT = Path(__file__).parents[2]
KEEPER = Viewer.at_the_command_line()
SQUARES = EventId("squares")
EVENTS = "MATCH (v:Event) RETURN collect(v.id) AS events"
MADE = "MATCH (c:Change {verb: $verb}) RETURN count(c) AS made"
KEYS = "MATCH (k:IdempotencyKey) RETURN k {.*} AS key"
AGE = "MATCH (k:IdempotencyKey) SET k.at = datetime() - $age"


async def events(graph: Graph) -> list[str]:
    found: list[str] = (await graph.read(EVENTS))[0]["events"]
    return sorted(found)


async def made(graph: Graph, verb: str = "event made") -> int:
    count: int = (await graph.read(MADE, verb=verb))[0]["made"]
    return count


async def squares(
    graph: Graph, *, key: str = KEY, viewer: Viewer = ORGANISER, given: EventChanges = GIVEN
) -> ChangedEvent:
    return await create(graph, viewer, given=given, idempotency_key=key)


async def test_the_same_key_twice_makes_one_event_and_tells_it_as_it_is(graph: Graph) -> None:
    first = await squares(graph)
    await update(graph, ORGANISER, event=SQUARES, expected_version=1, changes={"place": "Hall 2"})

    again = await squares(graph)

    assert (first, again) == (ChangedEvent(SQUARES, 1), ChangedEvent(SQUARES, 2))
    assert await events(graph) == ["squares"]
    assert await made(graph) == 1


async def test_the_same_key_twice_copies_an_event_once_also_when_the_earlier_one_is_gone(graph: Graph) -> None:
    await squares(graph)
    again = {"event": SQUARES, "given": {"starts_at": datetime(2027, 3, 2, 13, tzinfo=UTC)}, "idempotency_key": KEY}
    first = await copy(graph, ORGANISER, **again)  # type: ignore[arg-type]
    with pytest.raises(KeyOfOther):
        await copy(graph, ORGANISER, **{**again, "event": first.event})  # type: ignore[arg-type]
    await graph.write("MATCH (v:Event|Record) WHERE 'squares' IN [v.id, v.entity] DETACH DELETE v")

    answers = await asyncio.gather(*(copy(graph, ORGANISER, **again) for _ in range(3)))  # type: ignore[arg-type]

    assert [first, *answers] == [ChangedEvent(EventId("squares-2"), 1)] * 4
    assert await events(graph) == ["squares-2"]
    assert await made(graph) == 2


async def test_two_replicas_that_are_asked_at_once_make_one(graph: Graph, engine_address: Address) -> None:
    async with Graph.connect(engine_address) as other:
        answers = await asyncio.gather(*(squares(replica) for replica in (graph, other) * 4))

    assert set(answers) == {ChangedEvent(SQUARES, 1)}
    assert await events(graph) == ["squares"]
    assert await made(graph) == 1


async def test_a_key_is_of_one_asker_and_another_key_makes_another(graph: Graph) -> None:
    await squares(graph)

    await squares(graph, viewer=Viewer(Role.ORGANISER, actor="account:other"))
    await squares(graph, key="another")

    assert await events(graph) == ["squares", "squares-2", "squares-3"]


async def test_the_same_key_with_another_input_is_refused(graph: Graph) -> None:
    await squares(graph)

    with pytest.raises(KeyOfOther):
        await squares(graph, given={**GIVEN, "place": "Hall 2"})

    assert await events(graph) == ["squares"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "\x00"])
async def test_what_is_no_key_is_refused(graph: Graph, key: str) -> None:
    with pytest.raises(KeyUnfit):
        await squares(graph, key=key)

    assert await events(graph) == []


async def test_what_was_refused_leaves_the_key_to_be_used(graph: Graph) -> None:
    with pytest.raises(Exception, match="cannot be empty"):
        await squares(graph, given={"title": "", "kind": "meeting"})

    assert (await squares(graph)).event == SQUARES


async def test_a_key_is_known_for_two_days_and_then_forgotten(graph: Graph) -> None:
    await squares(graph)
    await graph.write(AGE, age=KEPT - timedelta(minutes=1))
    await squares(graph)
    before = await events(graph)

    await graph.write(AGE, age=KEPT + timedelta(minutes=1))
    await squares(graph)

    assert (before, await events(graph)) == (["squares"], ["squares", "squares-2"])
    assert timedelta(days=1) <= KEPT
    assert len(await graph.read(KEYS)) == 1


async def test_a_key_whose_event_is_there_no_more_is_spent(graph: Graph) -> None:
    await squares(graph)
    await graph.write("MATCH (n:Event|Record) DETACH DELETE n")

    with pytest.raises(KeySpent):
        await squares(graph)


async def test_neither_the_key_nor_the_input_is_stored(graph: Graph) -> None:
    await invite(graph, KEEPER, email="kofi@example.org", note="Do come", idempotency_key=KEY)

    (row,) = await graph.read(KEYS)
    assert row["key"].keys() == {"id", "at", "input", "result"}
    assert not [word for word in (KEY, "kofi", "come", "command line") if word in str(row)]


def run(stage: str, address: Address) -> "subprocess.Popen[str]":
    secret = address.password.get_secret_value()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.graph.idempotent_client", stage, address.uri, address.user, secret],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("stage,said", [("before", "written"), ("after", "made squares")])
async def test_killed_in_the_middle_it_is_made_once_when_it_is_asked_again(
    graph: Graph, engine_address: Address, stage: str, said: str
) -> None:
    process = await asyncio.to_thread(run, stage, engine_address)
    assert process.stdout is not None
    try:
        line = await asyncio.to_thread(process.stdout.readline)
        there = await events(graph)
    finally:
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.communicate)

    again = await asyncio.gather(squares(graph), squares(graph))

    assert line.strip() == said
    assert there == ([] if stage == "before" else ["squares"])
    assert set(again) == {ChangedEvent(SQUARES, 1)}
    assert await events(graph) == ["squares"]
    assert await made(graph) == 1


async def test_who_is_invited_twice_with_one_key_has_one_invitation_whose_link_goes_on_working(graph: Graph) -> None:
    invitation, _ = await invite(graph, KEEPER, email="kofi@example.org", idempotency_key=KEY)

    with pytest.raises(InvitedBefore) as before:
        await invite(graph, KEEPER, email=" Kofi@example.org", idempotency_key=KEY)
    with pytest.raises(KeyOfOther):
        await invite(graph, KEEPER, email="salma@example.org", idempotency_key=KEY)

    assert before.value.invitation == invitation
    assert before.value.invitation.state is invitations.State.OPEN
    assert await made(graph, "invited") == 1


async def test_two_who_invite_at_once_with_one_key_send_one_letter(graph: Graph, engine_address: Address) -> None:
    async with Graph.connect(engine_address) as other:
        answers = await asyncio.gather(
            *(
                invite(replica, KEEPER, email="kofi@example.org", idempotency_key=KEY)
                for replica in (graph, other, graph)
            ),
            return_exceptions=True,
        )

    assert sorted(type(answer).__name__ for answer in answers) == ["InvitedBefore", "InvitedBefore", "tuple"]
    assert await made(graph, "invited") == 1


async def test_a_token_is_made_once_and_its_secret_is_not_shown_again(graph: Graph) -> None:
    async def make(**given: object) -> object:
        wanted = {"name": "reports", "role": Role.MEMBER, "expires_at": None, "idempotency_key": KEY} | given
        return await tokens.create(graph, KEEPER, **wanted)  # type: ignore[arg-type]

    await make()

    with pytest.raises(TokenMadeBefore, match="its secret was shown then"):
        await make()
    with pytest.raises(KeyOfOther):
        await make(name="others")
    assert await made(graph, "token made") == 1
