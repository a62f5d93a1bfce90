"""``knowwho ask`` and its filters: what the options ask for, and the real command on the sample network."""

import asyncio
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.graphql.schema import schema
from graph.settings import GraphSettings
from tests.sample_network import environment

QUESTION = "Who protects places of worship?"
OPTIONS = {
    "--country": "SN",
    "--region": "Africa",
    "--language": "fr",
    "--language-level": "fluent",
    "--topic": "religious-sites",
    "--worked-in": "Senegal",
    "--organisation": "Teranga Association of Worship Wardens",
    "--organisation-kind": "faith-community",
    "--spoke-at": "briefing-religious-sites",
    "--available": "2027-05-01/2027-05-02",
    "--active-since": "2022-01-01",
    "--not-invited-for": "12",
    "--gender": "woman",
}
ALL_OPTIONS = [word for option in OPTIONS.items() for word in option]


async def asked(settings: GraphSettings, *options: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", "ask", QUESTION, *options],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_each_option_is_a_field_of_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[dict[str, object]] = []
    monkeypatch.setattr("api.cli.ask.ask_and_print", lambda _, *, filters, **__: asked_for.append(filters))

    ran = CliRunner().invoke(app, ["ask", QUESTION, *ALL_OPTIONS, "--gender", "other"])

    assert ran.exit_code == 0, ran.output
    assert asked_for == [
        {
            "countries": ["SN"],
            "regions": ["Africa"],
            "languages": ["fr"],
            "languageLevel": "FLUENT",
            "topics": ["religious-sites"],
            "workedIn": ["Senegal"],
            "organisations": ["Teranga Association of Worship Wardens"],
            "organisationKinds": ["faith-community"],
            "spokeAt": ["briefing-religious-sites"],
            "available": "2027-05-01/2027-05-02",
            "activeSince": "2022-01-01",
            "notInvitedForMonths": 12,
            "genders": ["WOMAN", "OTHER"],
        }
    ]
    # All of it, and nothing else, is what the schema takes.
    assert set(asked_for[0]) == set(schema._schema.type_map["MatchFilter"].fields)  # type: ignore[attr-defined]


def test_how_well_is_asked_of_a_language() -> None:
    ran = CliRunner().invoke(app, ["ask", QUESTION, "--language-level", "basic"])

    assert ran.exit_code == 2
    assert "say which language" in ran.output


@pytest.mark.slow
async def test_people_pass_all_of_the_filters(sample_settings: GraphSettings) -> None:
    ran = await asked(sample_settings, *ALL_OPTIONS, "--json")

    assert ran.returncode == 0, ran.stderr
    assert [edge["node"]["slug"] for edge in json.loads(ran.stdout)["edges"]] == ["aissatou-ndiaye-sarr"]


@pytest.mark.slow
async def test_what_the_network_does_not_know_is_one_sentence(sample_settings: GraphSettings) -> None:
    ran = await asked(sample_settings, "--organisation", "doha-event-laboratory")

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert ran.stderr.startswith(
        "knowwho: The network knows no organisation 'doha-event-laboratory'; did you mean doha-events-laboratory"
    )


@pytest.mark.parametrize(
    "option, value, said",
    [
        ("--available", "2027-03-05/2027-03-01", "'2027-03-05/2027-03-01' is no first and last day; write them as"),
        ("--available", "soon", "'soon' is no first and last day; write them as 2026-07-01/2026-07-31."),
        ("--active-since", "2026-13-01", "'2026-13-01' is no date; write one as 2026-03-01."),
        ("--not-invited-for", "121", "Invalid value for '--not-invited-for'"),
        ("--gender", "women", "'women' is not one of 'woman', 'man', 'other'."),
        ("--language-level", "good", "'good' is not one of 'native', 'fluent', 'working', 'basic'."),
    ],
)
def test_a_value_that_none_can_have_is_said(option: str, value: str, said: str) -> None:
    ran = CliRunner().invoke(app, ["ask", QUESTION, option, value])

    assert ran.exit_code == 2
    assert said in " ".join(ran.output.split())
    assert isinstance(ran.exception, SystemExit)
