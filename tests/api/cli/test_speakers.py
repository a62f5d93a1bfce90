"""``knowwho shortlist``, ``speakers`` and ``fairness``: on the sample network, as real commands."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from api.network import OpenNetwork
from graph import speaking
from graph.search import Strength
from graph.settings import GraphSettings
from graph.speaking import FoundBy, State
from graph.values import EventId
from graph.viewer import Role, Viewer
from tests.sample_network import environment

WITHIN_S = 120
EVENT = EventId("launch-behavioural-insights")
QUESTION = "Who has trained stewards of mosques?"
ORGANISER = Viewer(Role.ORGANISER, actor="account:o")
FORGET = "MATCH (c:Candidacy) OPTIONAL MATCH (c)-[:STEP]->(s) DETACH DELETE c, s"

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
async def forgotten(sample: OpenNetwork) -> AsyncIterator[None]:
    """Nobody is considered any more afterwards: others use the sample network too."""
    yield
    await sample.graph.write(FORGET)


async def knowwho(settings: GraphSettings, *arguments: str) -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings) | {"COLUMNS": "200"},
        input="",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


async def on_list(sample: OpenNetwork) -> list[speaking.Candidacy]:
    return [one for _, one in (await speaking.page(sample.graph, ORGANISER, event=EVENT, first=100)).entries]


async def test_people_are_named_and_shown(sample: OpenNetwork, sample_settings: GraphSettings) -> None:
    answer = await sample.search.ask(ORGANISER, QUESTION, first=2)
    one, other = [match.expert for match in answer.matches]

    added = await knowwho(sample_settings, "shortlist", EVENT, one.id, other.id, "--note", "Ask soon")
    again = await knowwho(sample_settings, "shortlist", EVENT, one.id)
    (first, _) = await on_list(sample)
    await speaking.advance(sample.graph, ORGANISER, id=first.id, expected_version=1, to=State.INVITED)
    shown = await knowwho(sample_settings, "speakers", EVENT)
    told = json.loads((await knowwho(sample_settings, "speakers", EVENT, "--json")).stdout)
    counted = await knowwho(sample_settings, "fairness", "--since", "2000-01-01", "--until", "2100-01-01")

    assert (added.returncode, added.stdout.splitlines()[:2]) == (
        0, [f"1. {one.name} ({one.id})", f"2. {other.name} ({other.id})"],
    )  # fmt: skip
    assert "fictional" in added.stdout
    assert f"{one.name} ({one.id}) is there already: shortlisted" in again.stdout
    assert (shown.returncode, "invited" in shown.stdout, "Ask soon" in shown.stdout) == (0, True, True)
    assert [(row["candidacy"]["expert"], row["candidacy"]["state"]) for row in told] == [
        (one.id, "invited"), (other.id, "shortlisted"),
    ]  # fmt: skip
    (all_told,) = [line for line in counted.stdout.splitlines() if "│ All " in line]
    assert [cell.strip() for cell in all_told.split("│")[2:5]] == ["2", "1", "0"]


@pytest.mark.parametrize(
    "asked, found_by",
    [
        (["--question", QUESTION], FoundBy.QUESTION),
        (["--topic", "worship-stewards"], FoundBy.TOPIC),
        (["--like-event"], FoundBy.EVENT),
    ],
)
async def test_a_search_adds_people_with_what_speaks_for_them(
    sample: OpenNetwork, sample_settings: GraphSettings, asked: list[str], found_by: FoundBy
) -> None:
    added = await knowwho(sample_settings, "shortlist", EVENT, *asked, "--first", "3")

    people = await on_list(sample)
    assert (added.returncode, len(people)) == (0, 3), added.stderr
    assert {one.grounds.found_by for one in people} == {found_by}
    assert all(one.grounds.strength in set(Strength) for one in people)
    assert all(one.grounds.passages for one in people)
    assert {one.grounds.question for one in people} == {QUESTION if found_by is FoundBy.QUESTION else None}
    assert "match" in added.stdout
    if found_by is FoundBy.EVENT:
        like = await sample.search.like_event(ORGANISER, EVENT, first=3)
        assert [one.expert for one in people] == [match.expert.id for match in like.matches]


@pytest.mark.parametrize("given", [[], ["somebody", "--like-event"], ["--question", "x", "--like-event"]])
async def test_one_way_of_finding_people_is_needed(sample_settings: GraphSettings, given: list[str]) -> None:
    refused = await knowwho(sample_settings, "shortlist", EVENT, *given)

    assert refused.returncode == 2
    assert "name people, or give" in refused.stderr


async def test_what_cannot_be_is_one_sentence(sample_settings: GraphSettings) -> None:
    nobody = await knowwho(sample_settings, "shortlist", EVENT, "nobody-at-all")
    nowhere = await knowwho(sample_settings, "speakers", "no-event")
    backwards = await knowwho(sample_settings, "fairness", "--since", "2026-02-01", "--until", "2026-01-01")
    nobody_yet = await knowwho(sample_settings, "speakers", EVENT)

    assert (nobody.returncode, nobody.stderr) == (
        2, "knowwho: There is no expert 'nobody-at-all'; look the id up and try again.\n",
    )  # fmt: skip
    assert "There is no event 'no-event'" in nowhere.stderr
    assert "ends before it begins" in backwards.stderr
    assert "Nobody is considered" in nobody_yet.stdout
