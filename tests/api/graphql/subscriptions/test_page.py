"""docs/subscriptions.md: its example is run by curl against the real server, and its numbers are those in force."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.door.bodies import LARGEST_QUERY
from api.graphql.feeding import following, watch
from api.graphql.http.streams import events, sockets, streams
from graph.feed import Verb
from ingest.loader import BATCH

PAGE = (Path(__file__).parents[4] / "docs" / "subscriptions.md").read_text(encoding="utf-8")
SAID = re.sub(r"\s+", " ", PAGE)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here to run the page's example with")
async def test_the_example_is_answered_as_it_says(address: str) -> None:
    command, answer = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    command = command.replace("http://localhost:8000", address).replace("curl ", "exec curl --silent --noproxy '*' ", 1)

    curl = await asyncio.create_subprocess_exec("sh", "-c", command, stdout=subprocess.PIPE)
    assert curl.stdout is not None
    said = (await curl.stdout.readuntil(b"}\n")).decode()
    curl.terminate()
    await curl.wait()

    expected = re.escape(answer).replace("…", "[-_=A-Za-z0-9]+").replace("gAAAAABq", "gAAAAA")
    assert re.fullmatch(rf":\n\n{expected}", said)


@pytest.mark.parametrize(
    "sentence",
    [
        f"on one server | {streams.MOST_OF_VIEWER} |",
        f"streams on one server | {streams.MOST_STREAMS:,} |",
        f"subscriptions over one websocket | {sockets.MOST_SUBSCRIPTIONS} |",
        f"a message of more than {LARGEST_QUERY // 1_000_000} MB",
        f"`connection_init` is waited for {sockets.INIT_WITHIN_S:g} seconds",
        f"A comment every {events.HEARTBEAT_EVERY_S:g} seconds",
        f"out of at most {following.AT_ONCE} that were read at once",
        f"where they were not taken in {following.FRESH_S:g} seconds",
        f"and every {following.CHECKED_EVERY_S:g} seconds while nothing happens",
        f"in parts of {BATCH} rows",
    ],
)
def test_the_numbers_are_those_in_force(sentence: str) -> None:
    assert sentence in SAID


def test_a_server_looks_twice_a_second() -> None:
    assert watch.LOOKED_EVERY_S == 0.5
    assert "Each server looks twice a second" in SAID


def test_every_verb_is_told() -> None:
    assert all(f"`{verb.name}`" in SAID for verb in Verb)
