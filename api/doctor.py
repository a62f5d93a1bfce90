"""What is unsafe about a deployment, and what to do about each; looks only, changes nothing and starts nothing."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from api.failures import sentence_for
from api.settings import (
    LimitSettings,
    MailEncryption,
    MailSettings,
    NoPublicUrl,
    ProviderSettings,
    ServerSettings,
    SessionSettings,
    is_loopback,
)
from graph.condition import condition
from graph.encoder import identity
from graph.engine import EngineState, attach, managed_password, status, verify
from graph.errors import GraphError
from graph.graph import Graph
from graph.settings import GraphSettings, secret_of
from graph.vectors import waiting
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = ["Finding", "Severity", "examine"]

S = TypeVar("S", bound=BaseSettings)

LONGEST_SESSION_HOURS = 30 * 24
LARGEST_SKEW = timedelta(seconds=30)
UNENCRYPTED = ("bolt", "neo4j")
ANY_CERTIFICATE = ("bolt+ssc", "neo4j+ssc")


class Severity(StrEnum):
    """How bad a finding is."""

    UNSAFE = "unsafe"
    """Somebody could come in, read along or be kept out."""
    ADVICE = "advice"
    """It would be better otherwise."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, in a sentence, and what to do; ``about`` is a short name for programs.

    Both are wordings, save what is said of a setting that cannot be used: that is English for everybody.
    """

    severity: Severity
    about: str
    what: str
    remedy: Wording


async def examine(opened: Graph | None = None) -> Sequence[Finding]:
    """What there is to say about the settings in the environment, the files that they name, and the graph.

    A graph that is open already is asked as it is.
    """
    found: list[Finding] = []
    server, graph, sessions, mail, provider, limits = (
        _made(kind, found)
        for kind in (ServerSettings, GraphSettings, SessionSettings, MailSettings, ProviderSettings, LimitSettings)
    )
    if isinstance(server, ServerSettings):
        found += _of_server(server)
    if isinstance(sessions, SessionSettings):
        found += _of_sessions(sessions)
    if isinstance(mail, MailSettings):
        found += _of_mail(mail)
    if isinstance(provider, ProviderSettings):
        found += _of_provider(provider)
    if isinstance(server, ServerSettings) and isinstance(mail, MailSettings) and isinstance(provider, ProviderSettings):
        found += _of_signing_in(server, mail, provider)
    if isinstance(server, ServerSettings) and isinstance(mail, MailSettings):
        found += _of_links(server, mail)
    if isinstance(limits, LimitSettings) and isinstance(graph, GraphSettings):
        found += _of_limits(limits, has_own_neo4j=graph.neo4j_uri is not None)
    if isinstance(graph, GraphSettings):
        found += _of_files(graph)
        found += _of_neo4j(graph)
        found += await (_of_graph(graph) if opened is None else _of_open(opened, graph))
    order = list(Severity)
    return sorted(found, key=lambda one: order.index(one.severity))


def _made(kind: type[S], found: list[Finding]) -> S | None:
    try:
        return kind()
    except ValidationError as error:
        remedy = Wording("Correct it: no command runs with it.")
        found.append(Finding(Severity.UNSAFE, "setting", sentence_for(error), remedy))
        return None


def _unsafe(about: str, what: str, remedy: Wording) -> Finding:
    return Finding(Severity.UNSAFE, about, what, remedy)


def _advice(about: str, what: str, remedy: Wording) -> Finding:
    return Finding(Severity.ADVICE, about, what, remedy)


def _of_server(settings: ServerSettings) -> Iterator[Finding]:
    try:
        settings.check()
    except NoPublicUrl as error:
        yield _unsafe("public_url", error.sentence, Wording("Set KNOWWHO_PUBLIC_URL."))
    if "*" in settings.trusted_hosts:
        yield _unsafe(
            "trusted_hosts",
            Wording(
                "The server answers to any name, so a foreign page can make its own name lead here (DNS rebinding)."
            ),
            Wording("List the names in KNOWWHO_TRUSTED_HOSTS instead of *."),
        )
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        yield _unsafe(
            "trusted_proxies",
            Wording("Everybody may say which address they come from, so no limit by address holds."),
            Wording("List the networks of your proxies alone in KNOWWHO_TRUSTED_PROXIES."),
        )
    if settings.public_url is not None and is_loopback(settings.host) and not settings.trusted_proxies:
        yield _advice(
            "trusted_proxies",
            Wording("Behind a proxy on this machine, all people seem to come from one address and share its limits."),
            Wording("Set KNOWWHO_TRUSTED_PROXIES=127.0.0.0/8,::1/128 if a proxy here passes requests on."),
        )
    if settings.log_addresses:
        yield _advice(
            "log_addresses",
            Wording("The log holds the network address of everybody who asks, which is personal."),
            Wording("Unset KNOWWHO_LOG_ADDRESSES once the trouble that it was meant for is over."),
        )


def _of_sessions(settings: SessionSettings) -> Iterator[Finding]:
    if settings.session_hours > LONGEST_SESSION_HOURS:
        yield _advice(
            "session_hours",
            Wording(
                "People stay signed in for %(days)s days on machines that may not be theirs.",
                days=str(settings.session_hours // 24),
            ),
            Wording("Set KNOWWHO_SESSION_HOURS to 720 or less."),
        )


def _of_mail(settings: MailSettings) -> Iterator[Finding]:
    yield from _of_secret("SMTP_PASSWORD", settings.smtp_password, settings.smtp_password_file, shortest=1)
    if settings.sends and settings.encryption is MailEncryption.NONE and not is_loopback(settings.smtp_host or ""):
        yield _unsafe(
            "smtp_tls",
            Wording(
                "Letters that sign people in travel to %(host)s for everybody on the way to read.",
                host=str(settings.smtp_host),
            ),
            Wording("Set KNOWWHO_SMTP_TLS=starttls or tls."),
        )


def _of_provider(settings: ProviderSettings) -> Iterator[Finding]:
    yield from _of_secret(
        "OIDC_CLIENT_SECRET", settings.oidc_client_secret, settings.oidc_client_secret_file, shortest=1
    )


def _of_links(server: ServerSettings, mail: MailSettings) -> Iterator[Finding]:
    if server.public_url is not None or not is_loopback(server.host):
        return  # or it is told already
    try:
        mail.check(server)
    except NoPublicUrl as error:
        yield _unsafe("public_url", error.sentence, Wording("Set KNOWWHO_PUBLIC_URL."))
    else:
        if mail.sends:
            yield _advice(
                "public_url",
                Wording("Links in letters lead to this machine, also where the mail server on it passes letters on."),
                Wording("Set KNOWWHO_PUBLIC_URL to the address at which people reach the network."),
            )


def _of_signing_in(server: ServerSettings, mail: MailSettings, provider: ProviderSettings) -> Iterator[Finding]:
    if server.public_url is None:
        return
    if provider.oidc_issuer is None and not (mail.sends and mail.sign_in_by_email):
        yield _advice(
            "sign_in",
            Wording("People can sign in neither by a provider nor by a letter."),
            Wording("Set KNOWWHO_OIDC_ISSUER or KNOWWHO_SMTP_HOST, or hand out links by 'knowwho sign-in-link'."),
        )
    if provider.oidc_issuer is not None and provider.oidc_issuer.startswith("http://"):
        yield _unsafe(
            "oidc_issuer",
            Wording("The provider is asked without TLS although the network is public."),
            Wording("Give the https:// issuer of the real provider in KNOWWHO_OIDC_ISSUER."),
        )


def _of_limits(settings: LimitSettings, *, has_own_neo4j: bool) -> Iterator[Finding]:
    yield from _of_secret("LIMITS_STORE_PASSWORD", settings.limits_store_password, settings.limits_store_password_file)
    parts = urlsplit(settings.limits_store)
    if parts.scheme == "memory":
        if has_own_neo4j:
            yield _advice(
                "limits_store",
                Wording(
                    "Each server counts for itself how often something is done, so three allow three times as much."
                ),
                Wording(
                    "Where several serve this network, set KNOWWHO_LIMITS_STORE=valkey://HOST:PORT on all of them."
                ),
            )
    elif parts.scheme in {"valkey", "redis"} and not is_loopback(parts.hostname or ""):
        yield _advice(
            "limits_store",
            Wording(
                "What is counted, and the store's password, travel to %(host)s without TLS.", host=str(parts.hostname)
            ),
            Wording("Use valkeys:// or rediss://, unless that network is your servers' own."),
        )


def _of_files(settings: GraphSettings) -> Iterator[Finding]:
    home = settings.home
    if home.exists() and (mode := _mode(home)) & 0o077:
        yield _unsafe(
            "home",
            Wording(
                "Other users of this machine can look into %(folder)s (mode %(mode)s), where graph, logs and password "
                "are.",
                folder=str(home),
                mode=f"{mode:04o}",
            ),
            Wording("Run %(command)s.", command=f"chmod 700 {home}"),
        )
    password = managed_password(settings)
    if password.exists() and (mode := _mode(password)) & 0o077:
        yield _unsafe(
            "engine_password",
            Wording(
                "Other users of this machine can read the password of the graph in %(file)s (mode %(mode)s).",
                file=str(password),
                mode=f"{mode:04o}",
            ),
            Wording("Run %(command)s.", command=f"chmod 600 {password}"),
        )
    if os.name == "posix" and os.geteuid() == 0:
        yield _advice(
            "root",
            Wording("The command runs as root, who needs nothing of what it does."),
            Wording("Give the network a user of its own."),
        )


def _of_neo4j(settings: GraphSettings) -> Iterator[Finding]:
    if settings.neo4j_uri is None:
        return
    yield from _of_secret("NEO4J_PASSWORD", settings.neo4j_password, settings.neo4j_password_file)
    parts = urlsplit(settings.neo4j_uri)
    if parts.scheme in UNENCRYPTED and not is_loopback(parts.hostname or ""):
        yield _unsafe(
            "neo4j_uri",
            Wording(
                "All that the network holds, and the database's password, travel to %(host)s without TLS.",
                host=str(parts.hostname),
            ),
            Wording(
                "Use %(scheme)s in KNOWWHO_NEO4J_URI, or make sure that nobody else is in that network.",
                scheme=f"{parts.scheme}+s://",
            ),
        )
    if parts.scheme in ANY_CERTIFICATE:
        yield _advice(
            "neo4j_uri",
            Wording(
                "Whoever stands between here and %(host)s can pass for the database: any certificate is taken.",
                host=str(parts.hostname),
            ),
            Wording(
                "Use %(scheme)s and a certificate that this machine trusts.",
                scheme=f"{parts.scheme.removesuffix('sc')}://",
            ),
        )


def _of_secret(
    setting: str, value: SecretStr | None, file: Path | None, *, shortest: int | None = None
) -> Iterator[Finding]:
    try:
        if shortest is None:
            secret_of(value, file, setting=setting)
        else:
            secret_of(value, file, setting=setting, shortest=shortest)
    except GraphError as error:
        remedy = Wording(
            "Mend %(setting)s or the file in %(file_setting)s.",
            setting=f"KNOWWHO_{setting}",
            file_setting=f"KNOWWHO_{setting}_FILE",
        )
        yield _unsafe(setting.lower(), next(iter(error.sentences), str(error)), remedy)


async def _of_graph(settings: GraphSettings) -> Sequence[Finding]:
    if settings.neo4j_uri is None and status(settings).state is not EngineState.RUNNING:
        return [
            Finding(
                Severity.UNKNOWN,
                "graph",
                Wording("The graph was not looked at, since its engine does not run."),
                Wording("Run 'knowwho doctor' again while the network is served."),
            )
        ]
    try:
        with attach(settings) as address:
            if not address.managed:
                verify(address)
            async with Graph.connect(address) as graph:
                return await _of_open(graph, settings)
    except GraphError as error:
        return [
            Finding(
                Severity.UNKNOWN,
                "graph",
                Wording("The graph was not looked at: %(why)s", why=next(iter(error.sentences), str(error))),
                Wording("Mend that, and run again."),
            )
        ]


async def _of_open(graph: Graph, settings: GraphSettings) -> Sequence[Finding]:
    return [*await _of_condition(graph), *await _of_vectors(graph, settings)]


async def _of_condition(graph: Graph) -> Sequence[Finding]:
    found: list[Finding] = []
    now = await condition(graph, Viewer.at_the_command_line())
    if now.migration > now.known_migration:
        found.append(
            _unsafe(
                "graph_version",
                Wording(
                    "A newer release has been at this graph; this one does not know its rules, and refuses to serve it."
                ),
                Wording("Install the newer release again."),
            )
        )
    elif now.migration < now.known_migration:
        found.append(
            _advice(
                "graph_version",
                Wording("The graph has an older release's shape."),
                Wording("It is brought up to date when served."),
            )
        )
    if not now.administrators and not now.is_fictional:
        found.append(
            _advice(
                "administrator",
                Wording(
                    "No account is an administrator's: only this machine's command line can look after the network."
                ),
                Wording("Run 'knowwho account create ADDRESS --role administrator'."),
            )
        )
    if now.demo_sessions and not now.is_fictional:
        found.append(
            _unsafe(
                "demo",
                Wording(
                    "%(sessions)s sessions were begun as sample people, and this is not the sample network.",
                    sessions=str(now.demo_sessions),
                ),
                Wording("End them: close the accounts of the sample people ('knowwho account list')."),
            )
        )
    if now.tokens_for_ever:
        found.append(
            _advice(
                "tokens",
                Wording(
                    "%(tokens)s tokens are good for ever, also for whoever finds one in an old backup.",
                    tokens=str(now.tokens_for_ever),
                ),
                Wording("Make new ones with --expires, and revoke these ('knowwho token list')."),
            )
        )
    skew = abs(now.clock - datetime.now(UTC))
    if skew > LARGEST_SKEW:
        found.append(
            _unsafe(
                "clock",
                Wording(
                    "This machine's clock and the database's are %(seconds)s s apart, so what should have run out "
                    "opens doors for longer, or nothing opens any.",
                    seconds=f"{skew.total_seconds():.0f}",
                ),
                Wording("Have both keep time (chrony, systemd-timesyncd)."),
            )
        )
    return found


async def _of_vectors(graph: Graph, settings: GraphSettings) -> Sequence[Finding]:
    without = await waiting(graph, identity(settings))
    if not without:
        return []
    return [
        _advice(
            "vectors",
            Wording(
                "%(passages)s passages and topics wait for their vectors, and are not found by meaning until then.",
                passages=str(without),
            ),
            Wording("Serve the network, which writes them, or run 'knowwho embed'."),
        )
    ]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
