"""``knowwho token …``, as real commands on the worker's graph."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from api.cli.tokens import NotAnExpiry, expiry
from graph import tokens
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Role, Scope
from tests.door import KEEPER
from tests.sample_network import environment

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def token(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "token", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_the_token_alone_is_printed_and_opens(graph: Graph, graph_settings: GraphSettings) -> None:
    made = token(
        graph_settings, "create", "reports", "--role", "organiser", "--scope", "read:members", "--scope", "write"
    )

    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"kw_[\w-]{43}\n", made.stdout, re.ASCII)
    found = await tokens.authenticated(graph, secret=made.stdout.strip())
    assert found is not None
    assert (found.name, found.role, found.scopes) == (
        "reports",
        Role.ORGANISER,
        frozenset({Scope.READ_MEMBERS, Scope.WRITE}),
    )
    assert made.stdout.strip() not in made.stderr


async def test_tokens_are_listed_without_their_secrets(graph: Graph, graph_settings: GraphSettings) -> None:
    _, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)

    listed = token(graph_settings, "list", "--json")
    shown = token(graph_settings, "list")

    (one,) = json.loads(listed.stdout)
    assert (one["name"], one["role"], one["scopes"]) == ("reports", "member", ["read:members", "read:public"])
    assert "reports" in shown.stdout
    assert not any(part in listed.stdout + shown.stdout for part in (secret, "digest"))


async def test_a_revoked_token_opens_nothing(graph: Graph, graph_settings: GraphSettings) -> None:
    _, secret = await tokens.create(graph, KEEPER, name="reports", role=Role.MEMBER, expires_at=None)

    done = token(graph_settings, "revoke", "reports")
    again = token(graph_settings, "revoke", "reports")

    assert (done.returncode, done.stderr) == (0, "'reports' opens nothing any more.\n")
    assert await tokens.authenticated(graph, secret=secret) is None
    assert (again.returncode, again.stderr) == (
        2,
        "knowwho: There is no such token in use; look at the list of tokens for those that there are.\n",
    )


def test_a_scope_beyond_the_role_is_a_sentence(graph: Graph, graph_settings: GraphSettings) -> None:
    done = token(graph_settings, "create", "reports", "--role", "member", "--scope", "administer")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("knowwho: A token for this role cannot have administer here;")


@pytest.mark.parametrize(
    "text, at",
    [
        ("90d", NOON + timedelta(days=90)),
        ("1d", NOON + timedelta(days=1)),
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("never", None),
    ],
)
def test_an_expiry_is_read(text: str, at: datetime | None) -> None:
    assert expiry(text, now=NOON) == at


@pytest.mark.parametrize("text", ["", "0d", "-1d", "90", "999999d", "soon", "31.12.2026", "9999-12-31"])
def test_what_is_no_expiry_is_a_sentence(text: str) -> None:
    with pytest.raises(NotAnExpiry, match="write a number of days such as 90d, a date such as 2030-12-31, or never"):
        expiry(text, now=NOON)
