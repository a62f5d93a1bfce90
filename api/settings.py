"""Where the server listens, and who lets people in.

Every setting is an environment variable ``KNOWWHO_…``; docs/settings.md lists them.
"""

import ipaddress
from datetime import timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Request
from limits import parse
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph.sessions import Limits
from graph.settings import secret_of
from graph.viewer import Role
from graph.wording import Wording

__all__ = [
    "DocumentsUnusable",
    "GraphQLSettings",
    "IngestSettings",
    "LimitSettings",
    "MailEncryption",
    "MailSettings",
    "NoPublicUrl",
    "ProviderSettings",
    "ServerSettings",
    "SessionSettings",
    "Who",
    "base_url",
    "is_loopback",
    "is_safe_address",
]


class NoPublicUrl(Exception):
    """Other machines are let in, or written to, and nobody said by which address people come."""

    def __init__(self, sentence: Wording) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class DocumentsUnusable(Exception):
    """What KNOWWHO_DOCUMENTS names holds something else than documents."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(
            f"KNOWWHO_DOCUMENTS cannot be used: of {place}, {reason}; docs/http.md says which files it takes."
        )


def _parts(text: Any) -> Any:
    """The parts of a list with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


class IngestSettings(BaseSettings):
    """How much one foreign file may cost to read, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_INGEST_", frozen=True)

    seconds: float = Field(10.0, gt=0, le=3600, description="How long reading one file may take, in seconds.")
    memory_mb: int = Field(1500, ge=256, description="How much memory reading files may take, in MB.")


class ServerSettings(BaseSettings):
    """Settings of the server, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on; if taken, the next free one.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#]+$",
        description="Address at which people reach the network, such as https://experts.example.org: https, or http on "
        "loopback. Needed beyond loopback, where links in letters and the return from an OpenID provider lead to it.",
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)] = Field(
        (),
        description="Names that people may reach the server by, with commas between, besides loopback's and the one in "
        "KNOWWHO_PUBLIC_URL; *.example.org for all names in a domain.",
    )
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_parts)] = Field(
        (),
        description="Networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with commas "
        "between, such as 10.0.0.0/8, 2001:db8::/32.",
    )
    log_addresses: bool = Field(False, description="Write down the address that each request came from.")
    workers: int = Field(1, ge=1, le=64, description="Processes that answer requests.")
    upload_mb: int = Field(
        100, ge=1, le=2000, description="How much an administrator may send at once to be loaded, in MB."
    )
    crawlers: bool = Field(
        False, description="Let search engines read what everyone may see; without it, /robots.txt asks them not to."
    )
    warm_up: bool = Field(True, description="Look at most kinds of pages once when the server starts.")

    @field_validator("public_url")
    @classmethod
    def _keeps_secrets(cls, public_url: str | None) -> str | None:
        """What opens a session must not travel where others can read it."""
        if public_url is not None and not is_safe_address(public_url):
            raise ValueError(Wording("people reach the network by https://, or by http:// on loopback"))
        return public_url

    def check(self) -> None:
        """Make sure that the network knows its own address where others come from other machines.

        Raises:
            NoPublicUrl: the address is reached from elsewhere and nobody said by which name.
        """
        if self.public_url is None and not is_loopback(self.host):
            raise NoPublicUrl(
                Wording(
                    "Listening on %(host)s lets other machines in; set KNOWWHO_PUBLIC_URL to the address at which "
                    "people reach the network, such as https://experts.example.org, or use KNOWWHO_HOST=127.0.0.1.",
                    host=self.host,
                )
            )


class SessionSettings(BaseSettings):
    """How long people stay signed in, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    session_idle_minutes: int = Field(
        720, ge=1, description="How long somebody stays signed in without coming back, in minutes."
    )
    session_hours: int = Field(168, ge=1, description="How long somebody stays signed in at all, in hours.")

    @property
    def limits(self) -> Limits:
        """The two as the graph takes them."""
        return Limits(idle=timedelta(minutes=self.session_idle_minutes), absolute=timedelta(hours=self.session_hours))


class ProviderSettings(BaseSettings):
    """Settings of the OpenID provider that people sign in through, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    oidc_issuer: str | None = Field(
        None,
        description="Issuer of the OpenID provider, exactly as its discovery document has it: https, or http on "
        "loopback. Unset: nobody signs in through a provider.",
    )
    oidc_client_id: str | None = Field(
        None, validate_default=True, description="The network's client id at the provider."
    )
    oidc_client_secret: SecretStr | None = Field(
        None, description="The network's client secret. Neither secret nor file: a public client, which PKCE protects."
    )
    oidc_client_secret_file: Path | None = Field(
        None, description="File that holds the client secret; wins over the variable."
    )
    oidc_name: str = Field("your organisation", min_length=1, description="What people call the provider.")
    oidc_scopes: str = Field("openid email profile", description="What the provider is asked for.")
    oidc_clock_skew_s: int = Field(
        60, ge=0, le=300, description="How far the provider's clock may be from this one, in seconds."
    )
    oidc_timeout_s: float = Field(
        10, gt=0, le=60, description="How long one answer of the provider may take, in seconds."
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, issuer: str | None) -> str | None:
        """As OpenID Connect Discovery 1.0, 3 has it; on loopback without TLS too, where there is nobody between."""
        if issuer is not None and not (is_safe_address(issuer) and not {"?", "#", "@"} & set(issuer)):
            raise ValueError(Wording("an issuer begins with https://, or with http:// on loopback, and has no query"))
        return issuer

    @field_validator("oidc_client_id")
    @classmethod
    def _has_a_client(cls, client_id: str | None, others: ValidationInfo) -> str | None:
        if others.data.get("oidc_issuer") and not client_id:
            raise ValueError(Wording("a provider is set by KNOWWHO_OIDC_ISSUER, and needs to know this network"))
        return client_id

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_who_it_is(cls, scopes: str) -> str:
        if "openid" not in scopes.split():
            raise ValueError(Wording("'openid' must be among them"))
        return scopes


class MailEncryption(StrEnum):
    """How the way to the SMTP server is kept from being read."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class MailSettings(BaseSettings):
    """Settings of the letters that the network sends, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    smtp_host: str | None = Field(None, min_length=1, description="Server that takes the letters. Unset: none leaves.")
    smtp_port: int | None = Field(
        None, ge=1, le=65535, description="Its port; unset: 587 for starttls, 465 for tls, 25 for none."
    )
    smtp_user: str | None = Field(None, description="User to sign in to it as, if it asks for that.")
    smtp_password: SecretStr | None = Field(None, description="Password of that user.")
    smtp_password_file: Path | None = Field(
        None, description="File that holds the password of that user; wins over the variable."
    )
    smtp_tls: MailEncryption | None = Field(
        None, description="Encryption: none, starttls or tls. Unset: none to loopback, starttls to everywhere else."
    )
    mail_from: str | None = Field(
        None, validate_default=True, description="Who the letters are from: an address, or NAME <ADDRESS>."
    )
    remind_overdue: bool = Field(
        True,
        description="Remind, once, whoever was asked by letter to speak and did not answer until the day that was "
        "named; false where organisers do that by hand.",
    )
    sign_in_by_email: bool = Field(
        True, description="Let people sign in by a link in a letter; false where an OpenID provider is the only way."
    )

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, sender: str | None, others: ValidationInfo) -> str | None:
        if sender is None:
            if others.data.get("smtp_host"):
                raise ValueError(Wording("letters are sent through KNOWWHO_SMTP_HOST, and need somebody to be from"))
            return None
        try:
            domain = _address(sender).domain
        except (ValueError, IndexError, HeaderParseError):
            domain = ""
        if not domain:
            raise ValueError(Wording("it is neither an address nor NAME <ADDRESS>"))
        return sender

    @property
    def sends(self) -> bool:
        """Whether letters can leave."""
        return self.smtp_host is not None

    def check(self, server: ServerSettings) -> None:
        """Make sure that links in letters lead to where their readers reach the network.

        Raises:
            NoPublicUrl: letters leave this machine, and nobody said by which address people come.
        """
        if self.smtp_host is not None and not is_loopback(self.smtp_host) and server.public_url is None:
            raise NoPublicUrl(
                Wording(
                    "Letters go out through %(host)s, and their links would lead to this machine; set "
                    "KNOWWHO_PUBLIC_URL to the address at which people reach the network, such as "
                    "https://experts.example.org, or unset KNOWWHO_SMTP_HOST.",
                    host=self.smtp_host,
                )
            )

    @property
    def encryption(self) -> MailEncryption:
        """The encryption as set, else as the server's place asks for."""
        if self.smtp_tls is not None:
            return self.smtp_tls
        return MailEncryption.NONE if is_loopback(self.smtp_host or "") else MailEncryption.STARTTLS

    @property
    def port(self) -> int:
        """The port as set, else the encryption's own (RFC 8314)."""
        return (
            self.smtp_port
            or {MailEncryption.NONE: 25, MailEncryption.STARTTLS: 587, MailEncryption.TLS: 465}[self.encryption]
        )

    @property
    def password(self) -> str | None:
        """The password as the server takes it; whoever runs that server chose it, so it may be a short one.

        Raises:
            SecretUnreadable, SecretExposed, SecretWeak: it cannot be used.
        """
        secret = secret_of(self.smtp_password, self.smtp_password_file, setting="SMTP_PASSWORD", shortest=1)
        return secret.get_secret_value() if secret else None

    @property
    def sender(self) -> Address:
        """Who the letters are from; only where they can leave."""
        return _address(self.mail_from or "")


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)


def is_safe_address(address: str) -> bool:
    """Whether what is sent to this address can be read by nobody in between: https, or http to this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url(request: Request) -> str:
    """Where people reach this network, without a slash at the end: as set, else as this request reached it."""
    settings: ServerSettings = request.app.state.settings
    return settings.public_url or str(request.base_url).rstrip("/")


def _limit(text: str) -> str:
    """A limit that the package limits understands."""
    parse(text)
    return text


Limit = Annotated[str, AfterValidator(_limit)]


class LimitSettings(BaseSettings):
    """How often things may be done and where that is counted, and how large a query may be, read when made.

    What is limited for each viewer is limited by account or token, and by network address where nobody signed in.
    """

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    limits_store: str = Field(
        "memory://",
        pattern=r"^(memory://|(valkey|redis)s?://[^@/?#]+(/\d+)?)$",
        description="Where it is counted: memory:// (each server for itself), or valkey://HOST:PORT or "
        "redis://HOST:PORT (valkeys:// and rediss:// with TLS), which all servers of a network share.",
    )
    limits_store_password: SecretStr | None = Field(None, description="Password of that store, if it asks for one.")
    limits_store_password_file: Path | None = Field(
        None, description="File that holds the password of that store; wins over the variable."
    )
    limit_sign_in: Limit = Field("60 per 10 minutes", description="Steps of signing in, from one network address.")
    limit_sign_in_letters: Limit = Field(
        "5 per 15 minutes", description="Sign-in letters to one e-mail address, asked for by one browser or network."
    )
    limit_sign_in_strangers: Limit = Field(
        "20 per 1 hour",
        description="Sign-in letters to one e-mail address, asked for by all browsers together that never signed in.",
    )
    limit_search: Limit = Field("60 per 1 minute", description="Questions asked by one viewer.")
    limit_suggestion: Limit = Field("300 per 1 minute", description="Suggestions to one viewer, as they type.")
    limit_mutation: Limit = Field("60 per 1 minute", description="Changes made by one viewer.")
    limit_graphql: Limit = Field("600 per 1 minute", description="GraphQL requests of one viewer.")
    query_cost: int = Field(20_000, ge=1, le=1_000_000_000, description="What one GraphQL query may cost.")
    limit_cost: Limit = Field(
        "2000000 per 1 minute",
        validate_default=True,
        description="What the GraphQL queries of one viewer may cost together; at least what one may.",
    )
    query_depth: int = Field(12, ge=1, le=50, description="Levels of fields in a GraphQL query.")
    query_aliases: int = Field(30, ge=0, le=1000, description="Fields of a GraphQL query under another name.")
    query_root_fields: int = Field(20, ge=1, le=1000, description="Fields at the root of a GraphQL query.")
    query_fields: int = Field(
        500, ge=1, le=10_000, description="Fields of a GraphQL document, its fragments written out."
    )
    query_tokens: int = Field(2000, ge=100, le=20_000, description="Tokens of a GraphQL document's text.")

    @field_validator("limit_cost")
    @classmethod
    def _lets_one_query_through(cls, limit_cost: str, others: ValidationInfo) -> str:
        query_cost = others.data.get("query_cost")
        if query_cost is not None and parse(limit_cost).amount < query_cost:
            raise ValueError(
                Wording("it is less than KNOWWHO_QUERY_COST, so no query of that cost could ever be asked")
            )
        return limit_cost


class Who(StrEnum):
    """Whom something is for, from this role on."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    ORGANISERS = "organisers"
    ADMINISTRATORS = "administrators"
    NOBODY = "nobody"

    def includes(self, role: Role) -> bool:
        """Whether somebody of this role is among them."""
        return role.rank >= list(Who).index(self)


class GraphQLSettings(BaseSettings):
    """Which questions the GraphQL endpoint takes, how long they may take and others keep answers; read when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    introspection: Who = Field(
        Who.EVERYONE,
        description="Who may ask for the schema: everyone, members, organisers, administrators or nobody.",
    )
    suggestions: Who = Field(
        Who.EVERYONE, description="Whose errors say what else the schema has ('Did you mean …?'): the same words."
    )
    documents: Path | None = Field(
        None, description="File or folder of the documents that are known by their hash. Unset: none is."
    )
    other_documents: Who = Field(
        Who.EVERYONE, description="Who may ask in documents that are not known: the same words."
    )
    graphql_cache_s: int = Field(
        30,
        ge=0,
        le=3600,
        description="How long anybody may keep what the public is answered to a query by GET, in seconds; 0: not so.",
    )

    query_timeout_s: float = Field(
        10.0,
        gt=0,
        le=600,
        description="How long one GraphQL request, or one question on the first page, may take altogether, in seconds.",
    )

    @field_validator("other_documents")
    @classmethod
    def _leaves_something_to_ask(cls, other_documents: Who, others: ValidationInfo) -> Who:
        if other_documents is not Who.EVERYONE and others.data.get("documents") is None:
            raise ValueError(Wording("nobody could ask anything: KNOWWHO_DOCUMENTS names no known documents"))
        return other_documents
