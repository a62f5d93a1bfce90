"""``knowwho feedback``: what askers said is counted, and is a file that ``knowwho evaluate`` measures."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.network import OpenNetwork
from graph import accounts, feedback
from graph.accounts import Account
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Role
from tests.door import KEEPER
from tests.sample_network import environment

WITHIN_S = 120
QUESTION = "Who has trained stewards of mosques?"
SHORT = "OK?"
FORGET = "MATCH (a:Account {id: $id}) DETACH DELETE a"

Ran = subprocess.CompletedProcess[str]


async def knowwho(settings: GraphSettings, *arguments: str) -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings),
        input="",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


@pytest.fixture
async def asker(sample: OpenNetwork) -> AsyncIterator[Account]:
    """Somebody who asks, who is forgotten again: others use the sample network too."""
    account = await accounts.create(sample.graph, KEEPER, email="asker@example.org", role=Role.ORGANISER)
    yield account
    await sample.graph.write(FORGET, id=account.id)


async def say(network: OpenNetwork, asker: Account, expert: str, *, is_useful: bool, question: str = QUESTION) -> None:
    await feedback.judge(
        network.graph,
        asker.viewer,
        question=question,
        expert=ExpertId(expert),
        is_useful=is_useful,
        keeps_question=True,
    )


async def test_what_nobody_said_is_nothing(sample: OpenNetwork, sample_settings: GraphSettings) -> None:
    counted = await knowwho(sample_settings, "feedback")
    listed = await knowwho(sample_settings, "feedback", "--json")

    assert (counted.returncode, counted.stdout, counted.stderr) == (0, "", "Nobody has judged a match yet.\n")
    assert (listed.returncode, listed.stdout) == (0, "")


@pytest.mark.slow
async def test_what_askers_said_is_counted_listed_and_measured(
    sample: OpenNetwork, sample_settings: GraphSettings, asker: Account, tmp_path: Path
) -> None:
    answer = await sample.search.ask(asker.viewer, QUESTION, first=20)
    found = [match.expert.id for match in answer.matches]
    await say(sample, asker, found[0], is_useful=True)
    await say(sample, asker, found[11], is_useful=True)
    await say(sample, asker, found[1], is_useful=False)
    await say(sample, asker, found[2], is_useful=False)
    await say(sample, asker, found[12], is_useful=False)
    await say(sample, asker, found[0], is_useful=False, question=SHORT)

    counted = await knowwho(sample_settings, "feedback")
    listed = await knowwho(sample_settings, "feedback", "--json")
    file = tmp_path / "judged.jsonl"
    file.write_text(listed.stdout, encoding="utf-8")
    measured = await knowwho(sample_settings, "evaluate", str(file), "--json")
    printed = await knowwho(sample_settings, "evaluate", str(file))

    told = {row.split("│")[1].strip(): row.split("│")[2].strip() for row in counted.stdout.splitlines() if "│" in row}
    assert told == {
        "Questions": "2", "Askers": "1", "People judged": "5", "Called useful": "2", "Called not useful": "4",
    }  # fmt: skip
    assert [json.loads(line) for line in listed.stdout.splitlines()] == [
        {
            "language": "en",
            "question": QUESTION,
            "fits": sorted([found[0], found[11]]),
            "not_useful": sorted([found[1], found[2], found[12]]),
        },
        {"language": "und", "question": SHORT, "fits": [], "not_useful": [found[0]]},
    ]
    assert asker.id not in listed.stdout
    figures = json.loads(measured.stdout)
    assert (figures["marked_useful"], figures["questions"]["en"], figures["overall"]["recall"]) == ([1, 2], 1, 0.5)
    assert figures["marked_not_useful"] == [2, 4]
    assert "Called useful by askers: 2, of whom 1 are among the first 10\n" in printed.stdout
    assert "Called not useful by askers: 4, of whom 2 are among the first 10\n" in printed.stdout
