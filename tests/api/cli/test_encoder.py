"""``knowwho encoder``: what is set and whether it is there, for people and for programs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.encoder import encoder_app


@pytest.fixture(autouse=True)
def _default_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOWWHO_ENCODER", raising=False)


def test_install_says_what_is_installed() -> None:
    ran = CliRunner().invoke(encoder_app, ["install"])

    assert ran.exit_code == 0
    assert ran.stdout.startswith("Installed: sentence-transformers/all-MiniLM-L6-v2=0.2 (kit-")


def test_status_shows_each_model() -> None:
    CliRunner().invoke(encoder_app, ["install"])

    shown = CliRunner().invoke(encoder_app, ["status"]).stdout
    told = json.loads(CliRunner().invoke(encoder_app, ["status", "--json"]).stdout)

    assert "intfloat/multilingual-e5-small\n  weight 0.8, 384 dimensions, kit-" in shown
    assert told["problem"] is None
    assert [model["weight"] for model in told["models"]] == [0.2, 0.8]
    assert all(Path(model["folder"]).is_dir() for model in told["models"])


def test_status_of_what_is_missing_names_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNOWWHO_CACHE", str(tmp_path))
    sentence = (
        "The encoder's model sentence-transformers/all-MiniLM-L6-v2 is not on this machine: "
        "run 'knowwho encoder install'."
    )

    shown = CliRunner().invoke(encoder_app, ["status"])
    told = CliRunner().invoke(encoder_app, ["status", "--json"])

    assert (shown.exit_code, shown.stderr) == (1, f"{sentence}\n")
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"encoder": "default", "models": [], "problem": sentence})
