"""Audiences, consent, export and erasure at the command line, each a process of its own over one network."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from tests.graph.person import EXPERT, add_person
from tests.sample_network import environment

WITHIN_S = 120
PEOPLE = "MATCH (e:Expert {id: 'ama-testperson'}) RETURN count(e) AS people"

Ran = subprocess.CompletedProcess[str]


@pytest.fixture
async def network(graph: Graph, engine_address: Address, graph_settings: GraphSettings) -> GraphSettings:
    """The worker's network with the person in it."""
    await add_person(graph)
    return graph_settings


def knowwho(settings: GraphSettings, *arguments: str, typed: str | None = None) -> Ran:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings),
        input=typed or "",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def names_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def test_the_networks_audiences_are_shown_and_set(network: GraphSettings) -> None:
    changed = knowwho(network, "audience", "set", "contact", "organisers", "--json")
    shown = knowwho(network, "audience", "show")

    assert json.loads(changed.stdout)["contact"] == "organisers"
    assert "contact       organisers\n" in shown.stdout


@pytest.mark.parametrize(
    "arguments", [("audience", "set", "contact", "robots"), ("consent", "text", "sold", "x.toml"), ("erase",)]
)
async def test_what_is_none_of_the_choices_is_refused(
    graph_settings: GraphSettings, arguments: tuple[str, ...]
) -> None:
    refused = knowwho(graph_settings, *arguments)

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


async def test_a_text_of_consent_is_set_from_a_file(network: GraphSettings, tmp_path: Path) -> None:
    file = tmp_path / "listed.toml"
    file.write_text('en = "I agree to be listed."\nfr = "J’accepte."\n', encoding="utf-8")

    done = knowwho(network, "consent", "text", "listed", str(file))
    shown = json.loads(knowwho(network, "consent", "show", "--json").stdout)

    assert (done.returncode, done.stderr) == (0, "Version 2 of the text for 'listed' is in force now.\n")
    assert shown["listed"] == {"version": 2, "texts": {"en": "I agree to be listed.", "fr": "J’accepte."}}


@pytest.mark.parametrize(
    "content,said",
    [
        (None, "cannot be read (No such file or directory)"),
        (b"en = ", "is no TOML in UTF-8"),
        (b"\xff", "is no TOML in UTF-8"),
        (b"en = 5", "what stands under 'en' is no text"),
        (b'fr = "Oui"', "not there in English"),
    ],
)
async def test_a_file_that_is_no_text_of_consent_is_said(
    network: GraphSettings, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "listed.toml"
    if content is not None:
        file.write_bytes(content)

    refused = knowwho(network, "consent", "text", "listed", str(file))

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert said in refused.stderr


async def test_a_decision_on_paper_is_taken_down(network: GraphSettings) -> None:
    done = knowwho(network, "consent", "record", EXPERT, "matched", "--withdrawn")

    assert done.stderr == "Taken down: consent to version 1 for 'matched' is withdrawn.\n"


async def test_an_export_is_a_file_that_its_owner_alone_reads_and_is_not_written_over(
    network: GraphSettings, tmp_path: Path
) -> None:
    file = tmp_path / f"{EXPERT}.zip"

    first = knowwho(network, "export", EXPERT, "-o", str(file))
    written = file.read_bytes()
    second = knowwho(network, "export", EXPERT, "-o", str(file))
    kept = file.read_bytes()
    forced = knowwho(network, "export", EXPERT, "-o", str(file), "--force")

    assert (first.returncode, second.returncode, forced.returncode) == (0, 2, 0)
    assert "is there already" in second.stderr
    assert kept == written
    assert file.stat().st_mode & 0o777 == 0o600
    assert zipfile.is_zipfile(file)
    assert names_in(tmp_path) == [file.name]


async def test_an_export_that_cannot_be_written_is_a_sentence(network: GraphSettings, tmp_path: Path) -> None:
    refused = knowwho(network, "export", EXPERT, "-o", str(tmp_path / "nowhere" / "x.zip"))

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1


async def test_an_erasure_wants_the_id_once_more(graph: Graph, network: GraphSettings) -> None:
    refused = knowwho(network, "erase", EXPERT, typed="yes\n")
    before = (await graph.read(PEOPLE))[0]["people"]
    erased = knowwho(network, "erase", EXPERT, typed=f"{EXPERT}\n")

    assert (refused.returncode, erased.returncode) == (2, 0)
    assert "nothing was erased" in refused.stderr
    assert (before, (await graph.read(PEOPLE))[0]["people"]) == (1, 0)


async def test_an_erasure_removes_the_loads_that_tell_of_the_person(network: GraphSettings) -> None:
    load = network.home / "loads" / ("x" * 22)
    load.mkdir(parents=True)
    (load / "report.json").write_text('{"things": ["Ama Testperson"]}', encoding="utf-8")

    knowwho(network, "erase", EXPERT, "--yes")

    assert not load.exists()


async def test_no_log_names_who_was_exported_and_erased(network: GraphSettings, tmp_path: Path) -> None:
    knowwho(network, "export", EXPERT, "-o", str(tmp_path / "x.zip"))
    erased = knowwho(network, "erase", EXPERT, "--yes")

    assert erased.returncode == 0
    logs = "".join(file.read_text(encoding="utf-8", errors="replace") for file in network.logs.glob("*"))
    assert [trace for trace in (EXPERT, "Ama Testperson", "ama@example.org", "amatest") if trace in logs] == []


async def test_who_was_erased_is_readmitted_and_who_was_not_is_not(network: GraphSettings) -> None:
    knowwho(network, "erase", EXPERT, "--yes")

    done = knowwho(network, "erase", "--readmit", EXPERT, "--readmit", "ama@example.org")
    again = knowwho(network, "erase", "--readmit", EXPERT)

    assert (done.returncode, again.returncode) == (0, 2)
    assert "Nobody of that id or address was erased here" in again.stderr
