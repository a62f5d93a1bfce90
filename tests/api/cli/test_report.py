"""``knowwho report`` and ``knowwho plan``: the real commands on the sample network, and what cannot be asked."""

import asyncio
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import web
from api.cli.commands import app
from api.report import following
from graph.settings import GraphSettings
from graph.values import Period
from tests.sample_network import environment

FICTIONAL = "This is a sample network: all that it tells of people, organisations and events is fictional."

pytestmark = pytest.mark.slow


async def knowwho(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def names_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def test_a_report_is_printed(sample_settings: GraphSettings) -> None:
    ran = await knowwho(sample_settings, "report", "--year", "2022", "--language", "fr")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Réalisations du programme en 2022\n")
    languages = "Langues\N{NO-BREAK SPACE}: anglais, arabe, français et russe"
    assert f"  5 modules publiés; {languages}; sept. 2022\n" in ran.stdout


async def test_a_report_of_a_span_is_json(sample_settings: GraphSettings) -> None:
    ran = await knowwho(sample_settings, "report", "--since", "2022-06-01", "--until", "2022-06-30", "--json")

    told = json.loads(ran.stdout)
    assert told["title"] == "Programme achievements from 1 June 2022 to 30 June 2022"
    (briefings,) = [one for part in told["sections"] for one in part["statements"] if one["kinds"] == ["briefing"]]
    assert (briefings["count"], [one["id"] for one in briefings["entries"]]) == (
        2,
        ["briefing-religious-sites", "briefing-legislation"],
    )


async def test_files_are_whole_and_none_is_written_over_unasked(sample_settings: GraphSettings, tmp_path: Path) -> None:
    web.install(sample_settings)
    word, pdf = tmp_path / "2022.docx", tmp_path / "2022.pdf"
    written = await knowwho(sample_settings, "report", "--year", "2022", "--docx", str(word), "--pdf", str(pdf))
    before = word.read_bytes()

    refused = await knowwho(sample_settings, "report", "--year", "2021", "--docx", str(word))
    kept = word.read_bytes()
    forced = await knowwho(sample_settings, "report", "--year", "2021", "--docx", str(word), "--force")

    assert (written.returncode, written.stdout) == (0, "")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert refused.returncode == 2
    assert refused.stderr == f"knowwho: {word} is there already; name another file, or write over it with --force.\n"
    assert kept == before
    assert forced.returncode == 0
    assert word.read_bytes() != before
    assert names_in(tmp_path) == ["2022.docx", "2022.pdf"]


async def test_a_plan_is_printed_with_what_is_lacking(sample_settings: GraphSettings) -> None:
    shown = await knowwho(sample_settings, "plan", "--year", "2023")
    french = await knowwho(sample_settings, "plan", "--year", "2023", "--language", "fr")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "    Capacity-building in new beneficiary countries (National activity · 1 Mar 2023 – 15 Dec 2023 · " in (
        shown.stdout
    )
    assert " · Missing: a country, an outcome)\n" in shown.stdout
    assert shown.stdout.endswith(f"{FICTIONAL}\n")
    assert french.stdout.startswith("Plan du programme pour 2023\n")
    assert " · Il manque\N{NO-BREAK SPACE}: un pays, un résultat)\n" in french.stdout


async def test_a_plan_is_the_same_json_in_every_language(sample_settings: GraphSettings) -> None:
    english = await knowwho(sample_settings, "plan", "--year", "2023", "--json")
    arabic = await knowwho(sample_settings, "plan", "--year", "2023", "--json", "--language", "ar")

    told = json.loads(english.stdout)
    planned = {one["id"]: one for one in told.pop("planned")}
    assert told == {"since": "2023-01-01", "until": "2023-12-31", "fictional": True, "has_more": False}
    assert len(planned) == 9
    assert planned["projected-new-countries"] | {"stage": "", "lacks": []} == {
        "noun": "Activity",
        "id": "projected-new-countries",
        "title": "Capacity-building in new beneficiary countries",
        "kind": "national",
        "status": "projected",
        "starts_on": "2023-03-01",
        "ends_on": "2023-12-15",
        "stage": "",
        "lacks": [],
    }
    assert "country" in planned["projected-new-countries"]["lacks"]
    assert arabic.stdout == english.stdout


async def test_a_plan_is_written_as_files(sample_settings: GraphSettings, tmp_path: Path) -> None:
    web.install(sample_settings)
    word, pdf = tmp_path / "2023.docx", tmp_path / "2023.pdf"
    asked = ["plan", "--year", "2023", "--language", "ar", "--docx", str(word), "--pdf", str(pdf)]

    written = await knowwho(sample_settings, *asked)
    refused = await knowwho(sample_settings, *asked)

    assert (written.returncode, written.stdout) == (0, "")
    assert written.stderr == "".join(f"{file} has the plan from 2023-01-01 to 2023-12-31.\n" for file in (word, pdf))
    assert word.read_bytes().startswith(b"PK")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert refused.returncode == 2
    assert refused.stderr == f"knowwho: {word} is there already; name another file, or write over it with --force.\n"
    assert names_in(tmp_path) == ["2023.docx", "2023.pdf"]


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["report", "--since", "2022-01-01"], "give a year, or both --since and --until"),
        (["report", "--year", "2022", "--since", "2022-01-01", "--until", "2022-02-01"], "give a year"),
        (["report", "--since", "2022-02-01", "--until", "2022-01-01"], "2022-01-01 is before 2022-02-01"),
        (["report", "--language", "de"], "'de' is none of en, fr, es, ar, ru, zh."),
        (["report", "--since", "soon", "--until", "2022-01-01"], "'soon' is no date"),
        (["report", "--json", "--pdf", "x.pdf"], "give --json, or files to write"),
        (["plan", "--json", "--docx", "x.docx"], "give --json, or files to write"),
        (["plan", "--language", "de"], "'de' is none of en, fr, es, ar, ru, zh."),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: list[str], said: str) -> None:
    ran = CliRunner().invoke(app, arguments)

    assert ran.exit_code == 2
    assert said in ran.output


@pytest.mark.parametrize(
    "last,year",
    [
        (date(2022, 12, 31), Period(date(2023, 1, 1), date(2023, 12, 31))),
        (date(2022, 6, 30), Period(date(2022, 7, 1), date(2023, 6, 30))),
        (date(2024, 2, 28), Period(date(2024, 2, 29), date(2025, 2, 28))),
    ],
)
def test_what_follows_is_the_year_after(last: date, year: Period) -> None:
    assert following(Period(date(2022, 1, 1), last)) == year
