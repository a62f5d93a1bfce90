"""``knowwho like`` with a document: the real command on the sample network, and what is none."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from graph.settings import GraphSettings
from tests.ingest.hostile import valid
from tests.sample_network import environment

ABOUT = "Stewards learn to watch the doors of synagogues, churches and mosques on days of prayer."


@pytest.mark.slow
async def test_people_are_found_for_a_word_document(sample_settings: GraphSettings, tmp_path: Path) -> None:
    file = tmp_path / "réunion.docx"
    file.write_bytes(valid.docx_("Opening the doors", ABOUT))

    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", "like", "--document", str(file), "--first", "5", "--json"],
        env=environment(sample_settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    matches = json.loads(ran.stdout)["edges"]
    known = [reason["topic"]["label"] for match in matches for reason in match["reasons"] if "topic" in reason]
    assert len(matches) == 5
    assert "Stewards at places of worship" in known


def test_what_is_no_document_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "old.doc"
    file.write_bytes(b"\xd0\xcf")

    ran = CliRunner().invoke(app, ["like", "--document", str(file)])

    assert ran.exit_code == 2
    assert ran.output == f"knowwho: {file}: it is no document that can be read; save it as .docx.\n"


def test_one_thing_is_asked_for_before_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "old.doc"
    file.write_bytes(b"\xd0\xcf")

    ran = CliRunner().invoke(app, ["like", "--expert", "somebody", "--document", str(file)])

    assert ran.exit_code == 2
    assert "give one of --expert, --event and --document" in " ".join(ran.output.split())
