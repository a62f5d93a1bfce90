from pathlib import Path

import pytest
from pydantic import SecretStr

from graph.engine.address import Address, external_address
from graph.engine.errors import AddressUnusable, PasswordUnreadable
from graph.settings import GraphSettings, SecretExposed, SecretUnreadable, SecretWeak

URI = "neo4j+s://graph.example:7687"


def test_without_a_uri_the_engine_is_the_managed_one() -> None:
    assert external_address(GraphSettings(neo4j_uri=None)) is None


def test_password_file_wins_over_the_variable(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from the file\n", encoding="utf-8")
    file.chmod(0o600)
    settings = GraphSettings(
        neo4j_uri=URI,
        neo4j_user="reader",
        neo4j_password=SecretStr("from the variable"),
        neo4j_password_file=file,
        neo4j_database="experts",
    )

    assert external_address(settings) == Address(URI, "reader", SecretStr("from the file"), "experts", managed=False)


def test_missing_password_file_is_told_even_if_there_is_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "password"
    settings = GraphSettings(
        neo4j_uri=URI, neo4j_password=SecretStr("a word of many letters"), neo4j_password_file=file
    )

    with pytest.raises(SecretUnreadable) as refusal:
        external_address(settings)

    assert str(refusal.value) == (
        f"The file {file} of KNOWWHO_NEO4J_PASSWORD_FILE cannot be read (No such file or directory): "
        "correct the setting or the file's permissions."
    )


def test_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from the file\n", encoding="utf-8")
    file.chmod(0o644)

    with pytest.raises(SecretExposed, match=f"chmod 600 {file}"):
        external_address(GraphSettings(neo4j_uri=URI, neo4j_password_file=file))


def test_short_password_in_the_variable_is_refused() -> None:
    with pytest.raises(SecretWeak, match="KNOWWHO_NEO4J_PASSWORD is empty or easy to guess"):
        external_address(GraphSettings(neo4j_uri=URI, neo4j_password=SecretStr("neo4j")))


def test_missing_password_is_told() -> None:
    with pytest.raises(PasswordUnreadable) as refusal:
        external_address(GraphSettings(neo4j_uri=URI, neo4j_password=None, neo4j_password_file=None))

    assert str(refusal.value) == (
        "KNOWWHO_NEO4J_URI is set without a password: set KNOWWHO_NEO4J_PASSWORD_FILE or KNOWWHO_NEO4J_PASSWORD."
    )


@pytest.mark.parametrize("uri", ["localhost:7687", "http://graph.example", "bolt+ssl://graph.example", "bolt://"])
def test_address_that_is_no_bolt_address_is_told(uri: str) -> None:
    with pytest.raises(AddressUnusable, match=r"bolt://HOST:PORT or neo4j://HOST:PORT"):
        external_address(GraphSettings(neo4j_uri=uri, neo4j_password=SecretStr("a word of many letters")))


def test_secret_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(AddressUnusable, match="KNOWWHO_NEO4J_USER") as refusal:
        external_address(
            GraphSettings(neo4j_uri="bolt://me:hush@graph.example", neo4j_password=SecretStr("a word of many letters"))
        )

    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"])
def test_every_scheme_of_the_driver_is_taken(scheme: str) -> None:
    settings = GraphSettings(
        neo4j_uri=f"{scheme}://graph.example:7687", neo4j_password=SecretStr("a word of many letters")
    )

    address = external_address(settings)

    assert address is not None
    assert address.uri == f"{scheme}://graph.example:7687"
