"""``knowwho coverage``: the real command on the sample network, and what is no table."""

import asyncio
import json
import subprocess
import sys

import pytest

from graph.settings import GraphSettings
from tests.sample_network import environment

WITHIN_S = 300

Ran = subprocess.CompletedProcess[str]


async def knowwho(settings: GraphSettings, *arguments: str) -> Ran:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", "coverage", *arguments],
        env=environment(settings) | {"COLUMNS": "110"},
        input="",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


@pytest.mark.slow
async def test_the_table_and_who_is_nearest_to_its_gaps(sample_settings: GraphSettings) -> None:
    ran = await knowwho(sample_settings, "--topic", "Transport", "--within", "Africa", "--gaps")

    assert ran.returncode == 0, ran.stderr
    assert "│ Airports (6)       │ -               │ 2 (2)              │" in ran.stdout
    assert "1. Airports, Northern Africa: nobody knows it, 6 elsewhere know it\n" in ran.stdout
    assert "   Ghislain Ndong Obame: leads in Airports; lives in Gabon" in ran.stdout
    assert "   Red Sea College of Transport Security: 3 experts in it" in ran.stdout
    assert "2. Rail and metro, Sub-Saharan Africa" in ran.stdout
    assert "This is a sample network: all that it tells of people, organisations and events is fictional." in ran.stdout


@pytest.mark.slow
async def test_the_table_as_it_was_and_how_many_came_since(sample_settings: GraphSettings) -> None:
    ran = await knowwho(sample_settings, "--as-of", "2022-06-30", "--json")

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    (row,) = [row for row in told["topics"] if row["id"] == "vulnerable-places"]
    assert [place["name"] for place in told["places"]] == ["Africa", "Americas", "Asia", "Europe", "Oceania"]
    assert row["experts"] == 64
    assert [cell["experts"] for cell in row["cells"]] == [18, 14, 20, 11, 1]
    assert [cell["change"] for cell in row["cells"]] == [9, 7, 14, 8, 2]
    assert [cell["newest"] for cell in row["cells"]] == ["2022-06-02", "2022-06-02", "2022-06-02", None, None]
    assert [cell["activities"] for cell in row["cells"]] == [2, 0, 4, 2, 0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--topic", "hotals"], "The network knows no topic 'hotals'; did you mean Hotels or Hospitals?"),
        (["--within", "Afrika"], "The network knows no region 'Afrika'; did you mean Africa?"),
        (["--by", "country"], "Say within which region the countries are to be; 'World' has them all."),
        (["--by", "language", "--within", "Africa"], "Languages are not within regions;"),
        (["--within", "Western Africa"], "'Western Africa' has no regions within it; ask by country."),
        (["--as-of", "2999-01-01"], "2999-01-01 is yet to come;"),
    ],
    ids=lambda one: one[0].strip("-") if isinstance(one, list) else "",
)
async def test_what_is_no_table_is_one_sentence(
    sample_settings: GraphSettings, arguments: list[str], sentence: str
) -> None:
    ran = await knowwho(sample_settings, *arguments)

    assert ran.returncode == 2
    assert ran.stderr.startswith(f"knowwho: {sentence}")
