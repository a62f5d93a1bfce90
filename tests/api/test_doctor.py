"""The doctor: every unsafe setting is found and told with its remedy, what is safe is not, and nothing is changed."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.doctor import Severity, examine
from graph import sessions, tokens
from graph.condition import condition
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.schema import MIGRATIONS, Migration
from graph.sessions import LIMITS, SignedInBy
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Role
from tests.door import KEEPER, MakeAccount

SECRET = "9f86d081884c7d659a2feaa0"
SAFE = {
    "KNOWWHO_PUBLIC_URL": "https://experts.example.org",
    "KNOWWHO_HOST": "0.0.0.0",  # noqa: S104 -- a setting to be looked at
    "KNOWWHO_TRUSTED_PROXIES": "10.0.0.0/8",
    "KNOWWHO_NEO4J_URI": "neo4j+s://graph.example.org",
    "KNOWWHO_NEO4J_PASSWORD": SECRET,
    "KNOWWHO_SMTP_HOST": "mail.example.org",
    "KNOWWHO_MAIL_FROM": "network@example.org",
    "KNOWWHO_LIMITS_STORE": "valkeys://store.example.org:6379",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of nobody else's, and no settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("KNOWWHO_") and name != "KNOWWHO_CACHE"]:
        monkeypatch.delenv(name)
    made = tmp_path / "home"
    made.mkdir(mode=0o700)
    monkeypatch.setenv("KNOWWHO_HOME", str(made))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return made


async def found(monkeypatch: pytest.MonkeyPatch, **settings: str) -> set[tuple[str, str]]:
    """What the doctor says with these settings besides the safe ones, of all but a graph that does not answer."""
    monkeypatch.setattr("api.doctor._of_graph", _not_asked)
    for name, value in (SAFE | settings).items():
        monkeypatch.setenv(name, value)
    return {(one.severity.value, one.about) for one in await examine()}


def set_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


def entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def _not_asked(_: GraphSettings) -> list[object]:
    return []


async def test_a_safe_deployment_is_told_to_be_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await found(monkeypatch) == set()


@pytest.mark.parametrize(
    "settings,about",
    [
        ({"KNOWWHO_PUBLIC_URL": "http://experts.example.org"}, "setting"),
        ({"KNOWWHO_TRUSTED_HOSTS": "experts.example.org,*"}, "trusted_hosts"),
        ({"KNOWWHO_TRUSTED_PROXIES": "0.0.0.0/0"}, "trusted_proxies"),
        ({"KNOWWHO_TRUSTED_PROXIES": "10.0.0.0/8,::/0"}, "trusted_proxies"),
        ({"KNOWWHO_SMTP_TLS": "none"}, "smtp_tls"),
        ({"KNOWWHO_OIDC_ISSUER": "http://login.example.org", "KNOWWHO_OIDC_CLIENT_ID": "knowwho"}, "setting"),
        ({"KNOWWHO_OIDC_ISSUER": "http://127.0.0.1:1", "KNOWWHO_OIDC_CLIENT_ID": "knowwho"}, "oidc_issuer"),
        ({"KNOWWHO_NEO4J_URI": "bolt://graph.example.org"}, "neo4j_uri"),
        ({"KNOWWHO_NEO4J_URI": "neo4j://graph.example.org"}, "neo4j_uri"),
        ({"KNOWWHO_NEO4J_PASSWORD": "neo4j"}, "neo4j_password"),
        ({"KNOWWHO_NEO4J_PASSWORD": ""}, "neo4j_password"),
        ({"KNOWWHO_LIMIT_SEARCH": "as often as they like"}, "setting"),
    ],
)
async def test_what_is_unsafe_is_found_alone(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], about: str
) -> None:
    assert await found(monkeypatch, **settings) == {("unsafe", about)}


@pytest.mark.parametrize(
    "smtp_host,severity", [("mail.example.org", "unsafe"), ("127.0.0.1", "advice")], ids=["elsewhere", "here"]
)
async def test_links_in_letters_need_an_address_that_their_readers_reach(
    monkeypatch: pytest.MonkeyPatch, smtp_host: str, severity: str
) -> None:
    monkeypatch.delitem(SAFE, "KNOWWHO_PUBLIC_URL")
    here = {"KNOWWHO_HOST": "127.0.0.1", "KNOWWHO_TRUSTED_PROXIES": "", "KNOWWHO_SMTP_HOST": smtp_host}

    assert await found(monkeypatch, **here) == {(severity, "public_url")}


@pytest.mark.parametrize(
    "settings,about",
    [
        ({"KNOWWHO_NEO4J_URI": "neo4j+ssc://graph.example.org"}, "neo4j_uri"),
        ({"KNOWWHO_LIMITS_STORE": "memory://"}, "limits_store"),
        ({"KNOWWHO_LIMITS_STORE": "valkey://store.example.org:6379"}, "limits_store"),
        ({"KNOWWHO_SESSION_HOURS": "2000"}, "session_hours"),
        ({"KNOWWHO_SIGN_IN_BY_EMAIL": "false"}, "sign_in"),
        ({"KNOWWHO_LOG_ADDRESSES": "true"}, "log_addresses"),
        ({"KNOWWHO_HOST": "127.0.0.1", "KNOWWHO_TRUSTED_PROXIES": ""}, "trusted_proxies"),
    ],
)
async def test_what_could_be_better_is_advice(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], about: str
) -> None:
    assert await found(monkeypatch, **settings) == {("advice", about)}


async def test_listening_beyond_loopback_without_a_public_address_is_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.doctor._of_graph", _not_asked)
    monkeypatch.setenv("KNOWWHO_HOST", "0.0.0.0")  # noqa: S104

    (finding,) = await examine()

    assert (finding.severity, finding.about) == (Severity.UNSAFE, "public_url")
    assert finding.remedy == "Set KNOWWHO_PUBLIC_URL."


@pytest.mark.parametrize("name", ["NEO4J_PASSWORD", "SMTP_PASSWORD", "OIDC_CLIENT_SECRET", "LIMITS_STORE_PASSWORD"])
async def test_a_secret_that_others_can_read_is_unsafe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    file.chmod(0o644)

    assert await found(monkeypatch, **{f"KNOWWHO_{name}_FILE": str(file)}) == {("unsafe", name.lower())}

    file.chmod(0o600)

    assert await found(monkeypatch, **{f"KNOWWHO_{name}_FILE": str(file)}) == set()


async def test_a_home_folder_that_others_can_enter_is_unsafe(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    set_mode(home, 0o755)

    assert await found(monkeypatch) == {("unsafe", "home")}


async def test_an_engine_password_that_others_can_read_is_unsafe(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "graph").mkdir()
    (home / "graph" / "password").write_text(SECRET)
    (home / "graph" / "password").chmod(0o640)

    assert await found(monkeypatch) == {("unsafe", "engine_password")}


async def test_root_is_advised_against(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)

    assert await found(monkeypatch) == {("advice", "root")}


async def test_a_graph_whose_engine_does_not_run_is_left_alone(home: Path) -> None:
    (finding,) = await examine()

    assert (finding.severity, finding.about) == (Severity.UNKNOWN, "graph")
    assert entries(home) == []


async def test_a_graph_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWWHO_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("KNOWWHO_NEO4J_PASSWORD", SECRET)

    found = await examine()

    assert {(one.severity, one.about) for one in found} == {
        (Severity.UNKNOWN, "graph"),
        (Severity.ADVICE, "limits_store"),
    }


@pytest.fixture
def running(graph: Graph, graph_settings: GraphSettings, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """The worker's graph as the one that the settings name."""
    monkeypatch.setenv("KNOWWHO_HOME", str(graph_settings.home))
    return graph


async def about_the_graph() -> dict[str, Severity]:
    return {one.about: one.severity for one in await examine() if one.about != "home"}


async def test_an_empty_graph_lacks_an_administrator(running: Graph) -> None:
    assert await about_the_graph() == {"administrator": Severity.ADVICE}


async def test_a_graph_that_is_looked_after_is_well(running: Graph, make_account: MakeAccount) -> None:
    await make_account(role=Role.ADMINISTRATOR)
    await tokens.create(
        running, KEEPER, name="client", role=Role.MEMBER, expires_at=datetime.now(UTC) + timedelta(days=1)
    )

    assert await about_the_graph() == {}


async def test_what_is_wrong_in_a_graph_is_found_and_nothing_is_changed(
    running: Graph, make_account: MakeAccount
) -> None:
    account = await make_account()
    await tokens.create(running, KEEPER, name="client", role=Role.MEMBER, expires_at=None)
    await sessions.open_session(
        running, account.viewer, account=account.id, how=SignedInBy.DEMO, agent="", limits=LIMITS, replaces=None
    )
    await running.write("CREATE (:Passage {id: 'waits', found_by: 0})")
    everything = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties ORDER BY elementId(n)"
    before = await running.read(everything)

    seen = await about_the_graph()

    assert seen == {
        "demo": Severity.UNSAFE,
        "administrator": Severity.ADVICE,
        "tokens": Severity.ADVICE,
        "vectors": Severity.ADVICE,
    }
    assert await running.read(everything) == before


async def test_sample_people_are_at_home_in_the_sample(running: Graph, make_account: MakeAccount) -> None:
    account = await make_account()
    await running.write("CREATE (:Network {id: 'network', title: 'Sample', fictional: true})")
    await sessions.open_session(
        running, account.viewer, account=account.id, how=SignedInBy.DEMO, agent="", limits=LIMITS, replaces=None
    )

    assert await about_the_graph() == {}


@pytest.mark.parametrize("by,severity", [(1, Severity.UNSAFE), (-1, Severity.ADVICE)])
async def test_a_graph_of_another_release_is_told(
    running: Graph, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch, by: int, severity: Severity
) -> None:
    await make_account(role=Role.ADMINISTRATOR)
    known = MIGRATIONS[:-1] if by > 0 else (*MIGRATIONS, Migration(1000, "a later one", ()))
    monkeypatch.setattr("graph.condition.MIGRATIONS", known)

    assert await about_the_graph() == {"graph_version": severity}


async def test_clocks_that_differ_are_told(
    running: Graph, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_account(role=Role.ADMINISTRATOR)
    monkeypatch.setattr("api.doctor.datetime", _Clock)

    assert await about_the_graph() == {"clock": Severity.UNSAFE}


class _Clock:
    @staticmethod
    def now(_: object) -> datetime:
        return datetime.now(UTC) - timedelta(minutes=2)


async def test_only_administrators_look(graph: Graph) -> None:
    with pytest.raises(NotAllowed):
        await condition(graph, PUBLIC)


def test_the_command_fails_when_something_is_unsafe_and_repeats_no_secret(home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWWHO_")}
    environment |= {"KNOWWHO_HOME": str(home), "KNOWWHO_TRUSTED_HOSTS": "*", "KNOWWHO_SMTP_PASSWORD": "hush-hush"}

    def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api.cli", "doctor", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    unsafe, as_json = doctor(), doctor("--json")
    environment["KNOWWHO_TRUSTED_HOSTS"] = ""
    safe = doctor()

    assert (unsafe.returncode, as_json.returncode, safe.returncode) == (1, 1, 0), unsafe.stderr
    assert unsafe.stdout.startswith("unsafe  The server answers to any name")
    assert "List the names in KNOWWHO_TRUSTED_HOSTS instead of *." in unsafe.stdout
    first = json.loads(as_json.stdout)[0]
    assert (first["severity"], first["about"]) == ("unsafe", "trusted_hosts")
    assert "hush" not in unsafe.stdout + unsafe.stderr + as_json.stdout
