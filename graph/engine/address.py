"""Where the graph is reached, and with which credentials."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from graph.engine.errors import AddressUnusable, PasswordUnreadable
from graph.settings import GraphSettings, secret_of
from graph.wording import Wording

__all__ = ["Address", "external_address"]

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j and the credentials it asks for."""

    uri: str
    user: str
    password: SecretStr
    database: str | None
    managed: bool


def external_address(settings: GraphSettings) -> Address | None:
    """The Neo4j that the settings name, or None when they leave it to the managed engine.

    Raises:
        AddressUnusable: the settings' address is none that the driver can use.
        PasswordUnreadable: its password is neither in a file nor in the variable.
        SecretUnreadable, SecretExposed, SecretWeak: the password cannot be used.
    """
    if settings.neo4j_uri is None:
        return None
    _check(settings.neo4j_uri)
    return Address(
        uri=settings.neo4j_uri,
        user=settings.neo4j_user,
        password=_password(settings),
        database=settings.neo4j_database,
        managed=False,
    )


def _check(uri: str) -> None:
    """Refuse what the driver would, in words that name the setting and repeat no secret."""
    parts = urlsplit(uri)
    if "@" in parts.netloc:
        raise AddressUnusable(Wording("KNOWWHO_NEO4J_URI holds a user or a password"))
    if parts.scheme not in _SCHEMES:
        raise AddressUnusable(Wording("KNOWWHO_NEO4J_URI begins with none of %(schemes)s", schemes=", ".join(_SCHEMES)))
    if not parts.hostname:
        raise AddressUnusable(Wording("KNOWWHO_NEO4J_URI names no host"))


def _password(settings: GraphSettings) -> SecretStr:
    password = secret_of(settings.neo4j_password, settings.neo4j_password_file, setting="NEO4J_PASSWORD")
    if password is None:
        raise PasswordUnreadable(
            Wording(
                "KNOWWHO_NEO4J_URI is set without a password: "
                "set KNOWWHO_NEO4J_PASSWORD_FILE or KNOWWHO_NEO4J_PASSWORD."
            )
        )
    return password
