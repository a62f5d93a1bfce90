"""Secrets: from a file or a variable, and refused when others can read them or guess them."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from graph.settings import SecretExposed, SecretUnreadable, SecretWeak, secret_of

STRONG = "9f86d081884c7d659a2feaa0"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that holds a strong secret and is its owner's alone."""
    made = tmp_path / "secret"
    made.write_text(f"{STRONG}\n")
    made.chmod(0o600)
    return made


def test_secret_of_a_file_wins_and_is_stripped(file: Path) -> None:
    secret = secret_of(SecretStr("of the variable, quite long"), file, setting="EXAMPLE")

    assert secret is not None
    assert secret.get_secret_value() == STRONG


def test_without_file_and_variable_there_is_none() -> None:
    assert secret_of(None, None, setting="EXAMPLE") is None


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o644, 0o666, 0o620])
def test_file_that_others_can_use_is_refused_with_the_command_that_mends_it(file: Path, mode: int) -> None:
    file.chmod(mode)

    with pytest.raises(SecretExposed) as refusal:
        secret_of(None, file, setting="EXAMPLE")

    assert str(refusal.value) == (
        f"Other users of this machine can read {file}, the file of KNOWWHO_EXAMPLE_FILE: run chmod 600 {file}, "
        "and choose a new secret if others had a look."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_group_may_read_what_root_owns_and_nothing_else(file: Path) -> None:
    file.chmod(0o640)
    assert secret_of(None, file, setting="EXAMPLE") is not None

    os.chown(file, 1, 1)

    with pytest.raises(SecretExposed):
        secret_of(None, file, setting="EXAMPLE")


@pytest.mark.parametrize("weak", ["", " ", "neo4j", "password", "elevenchars", "aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_empty_or_guessable_secret_is_refused_and_not_repeated(file: Path, weak: str) -> None:
    file.write_text(weak)

    with pytest.raises(SecretWeak, match="choose one of at least 12 characters") as refusal:
        secret_of(None, file, setting="EXAMPLE")

    assert weak.strip() == "" or weak not in str(refusal.value)


def test_weak_variable_is_refused_as_a_file_is() -> None:
    with pytest.raises(SecretWeak):
        secret_of(SecretStr("short"), None, setting="EXAMPLE")


def test_secret_that_somebody_else_chose_may_be_short_but_not_empty(file: Path) -> None:
    file.write_text("abc")
    chosen = secret_of(None, file, setting="EXAMPLE", shortest=1)
    assert chosen is not None

    file.write_text("")

    with pytest.raises(SecretWeak):
        secret_of(None, file, setting="EXAMPLE", shortest=1)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SecretUnreadable, match=r"cannot be read \(No such file or directory\)"):
        secret_of(None, tmp_path / "nowhere", setting="EXAMPLE")


def test_file_that_is_no_text_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\xfd")

    with pytest.raises(SecretUnreadable, match="not UTF-8 text"):
        secret_of(None, file, setting="EXAMPLE")
