import socket
from dataclasses import replace

import pytest
from pydantic import SecretStr

from graph.engine import Address, ServerVersion, verify, version
from graph.engine.errors import DatabaseNotFound, PasswordUnreadable, ServerUnreachable, VersionTooOld, WrongCredentials


def test_managed_engine_is_fit_for_use(engine_address: Address) -> None:
    assert verify(engine_address) == ServerVersion("2026.08.1", "community")


def test_wrong_password_is_told_without_the_password(engine_address: Address) -> None:
    # A user of its own: Neo4j locks a user out for a while after three wrong passwords.
    stranger = replace(engine_address, user="stranger", password=SecretStr("hush"), managed=False)

    with pytest.raises(WrongCredentials) as refusal:
        verify(stranger)

    assert str(refusal.value) == (
        f"{engine_address.uri} refused the password of stranger: check KNOWWHO_NEO4J_USER and "
        "KNOWWHO_NEO4J_PASSWORD or KNOWWHO_NEO4J_PASSWORD_FILE."
    )


def test_managed_engine_that_refuses_its_own_password_is_told(engine_address: Address) -> None:
    with pytest.raises(PasswordUnreadable, match="put that file back from a backup"):
        verify(replace(engine_address, user="stranger", password=SecretStr("hush")))


def test_missing_database_is_told(engine_address: Address) -> None:
    with pytest.raises(DatabaseNotFound, match=r"has no database nowhere: create it"):
        verify(replace(engine_address, database="nowhere"))


def test_server_that_is_too_old_is_told(engine_address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "OLDEST", (2099, 1))

    with pytest.raises(VersionTooOld, match=r"runs Neo4j 2026\.08\.1, but 2099\.01 or later is needed"):
        verify(engine_address)


def test_port_where_nothing_listens_is_told(engine_address: Address) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        uri = f"bolt://127.0.0.1:{holder.getsockname()[1]}"

        with pytest.raises(ServerUnreachable) as refusal:
            verify(replace(engine_address, uri=uri))

    assert str(refusal.value).startswith(f"No Neo4j answers at {uri} (")
    assert "Connection refused" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_host_that_does_not_exist_is_told(engine_address: Address) -> None:
    with pytest.raises(ServerUnreachable, match=r"No Neo4j answers at bolt://nowhere\.invalid \("):
        verify(replace(engine_address, uri="bolt://nowhere.invalid"))


@pytest.mark.parametrize(
    "told,is_new_enough",
    [
        ("2026.08.1", True),
        ("2026.02.0", True),
        ("2026.01.4", False),
        ("2025.11.2", False),
        ("5.26.15", False),
        ("4.4.46", False),
        ("5.27-aura", True),
        ("2027.01.0-SNAPSHOT", True),
        ("unknown", False),
    ],
)
def test_versions_since_2026_02_filter_inside_the_index(told: str, is_new_enough: bool) -> None:
    assert version._is_new_enough(told) is is_new_enough
