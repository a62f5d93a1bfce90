"""An attempt is found once, by the browser that began it, within ten minutes, whichever replica asks."""

import asyncio
from datetime import timedelta

import pytest

from graph import sign_in_attempts
from graph.graph import Graph
from graph.sign_in_attempts import SignInAttempt, begin, take
from graph.viewer import PUBLIC

BEGUN = SignInAttempt(nonce="a nonce", verifier="a verifier", next_path="/network")
COUNT = "MATCH (a:SignInAttempt) RETURN count(a) AS attempts"


async def begun(graph: Graph, *, state: str = "a state", browser: str = "a browser") -> None:
    await begin(
        graph,
        PUBLIC,
        state=state,
        nonce=BEGUN.nonce,
        verifier=BEGUN.verifier,
        browser=browser,
        next_path=BEGUN.next_path,
    )


async def test_an_attempt_is_taken_once(graph: Graph) -> None:
    await begun(graph)

    first = await take(graph, PUBLIC, state="a state", browser="a browser")
    second = await take(graph, PUBLIC, state="a state", browser="a browser")

    assert (first, second) == (BEGUN, None)


async def test_of_many_who_take_it_at_once_one_gets_it(graph: Graph) -> None:
    await begun(graph)

    taken = await asyncio.gather(*(take(graph, PUBLIC, state="a state", browser="a browser") for _ in range(10)))

    assert [one for one in taken if one] == [BEGUN]


async def test_another_browser_gets_nothing_and_spoils_nothing(graph: Graph) -> None:
    await begun(graph)

    of_the_other = await take(graph, PUBLIC, state="a state", browser="another browser")

    assert of_the_other is None
    assert await take(graph, PUBLIC, state="a state", browser="a browser") == BEGUN


async def test_a_state_that_nobody_began_is_none(graph: Graph) -> None:
    assert await take(graph, PUBLIC, state="made up", browser="a browser") is None


async def test_an_attempt_that_is_over_is_none(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_attempts, "LIFETIME", timedelta(microseconds=1))
    await begun(graph)

    assert await take(graph, PUBLIC, state="a state", browser="a browser") is None


async def test_what_nobody_came_back_from_goes_with_the_next_one(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sign_in_attempts, "LIFETIME", timedelta(microseconds=1))
        await begun(graph, state="an old one")

    await begun(graph, state="a new one")

    assert (await graph.read(COUNT))[0]["attempts"] == 1


async def test_neither_state_nor_browser_is_stored(graph: Graph) -> None:
    await begun(graph, state="the state", browser="the browser")

    (row,) = await graph.read("MATCH (a:SignInAttempt) RETURN a {.*} AS attempt")

    assert not {"the state", "the browser"} & set(map(str, row["attempt"].values()))
