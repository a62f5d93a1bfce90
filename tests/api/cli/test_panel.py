"""``knowwho panel``: the real command on the sample network, and rules that are none."""

import asyncio
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from graph.settings import GraphSettings
from tests.sample_network import environment

EVENT = "briefing-gender"
WITHIN_S = 300

Ran = subprocess.CompletedProcess[str]


async def panel(settings: GraphSettings, *arguments: str) -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", "panel", EVENT, *arguments],
        env=environment(settings) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


@pytest.mark.slow
async def test_a_panel_is_told_with_its_reasons(sample_settings: GraphSettings) -> None:
    told = await panel(sample_settings, "--seats", "3", "--region", "Asia", "--language", "fr:2")
    data = await panel(sample_settings, "--seats", "3", "--region", "Asia", "--language", "fr:2", "--json")

    assert told.returncode == 0, told.stderr
    assert "Needed for: at least 2 who speak fr fluently" in told.stdout
    assert "Alternative 3" in told.stdout
    assert "Could sit in: " in told.stdout
    assert "fictional" in told.stdout
    found = json.loads(data.stdout)
    assert len(found["panel"]["seats"]) == 3
    assert all(seat["expert"]["name"] in told.stdout for seat in found["panel"]["seats"])


@pytest.mark.slow
async def test_a_conflict_is_told_in_words(sample_settings: GraphSettings) -> None:
    told = await panel(sample_settings, "--seats", "2", "--gender", "woman:2", "--gender", "man:1")

    assert told.returncode == 0, told.stderr
    assert "They cannot be kept together:\n  - at least 2 women\n  - at least 1 man\n" in told.stdout
    assert "  - at least 1 man, by 1\n" in told.stdout or "  - at least 2 women, by 1\n" in told.stdout


@pytest.mark.parametrize("quota", ["fr:", "fr:none", "fr:0"])
def test_a_quota_is_a_number_of_people(quota: str) -> None:
    ran = CliRunner().invoke(app, ["panel", EVENT, "--language", quota])

    assert ran.exit_code == 2
    assert "write fr:2 for at least two" in " ".join(ran.output.replace("│", " ").split())
