"""``knowwho account …``, as real commands on the worker's graph."""

import json
import subprocess
import sys

from graph import accounts, sessions
from graph.graph import Graph
from graph.sessions import SignedInBy
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.door import KEEPER, MakeAccount
from tests.sample_network import environment


def account(settings: GraphSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "account", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_an_account_is_made_and_listed(graph: Graph, graph_settings: GraphSettings) -> None:
    await graph.write("CREATE (:Expert {id: 'ama', name: 'Ama'})")

    made = account(graph_settings, "create", "Ama@Example.org", "--role", "organiser", "--expert", "ama")
    listed = account(graph_settings, "list", "--json")
    shown = account(graph_settings, "list")

    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    assert made.stderr == "ama@example.org may sign in as organiser now.\n"
    (one,) = json.loads(listed.stdout)
    assert (one["email"], one["role"], one["expert"], one["name"], one["closed_at"]) == (
        "ama@example.org",
        "organiser",
        "ama",
        "Ama",
        None,
    )
    assert "ama@example.org" in shown.stdout


async def test_a_role_is_set(graph: Graph, graph_settings: GraphSettings, make_account: MakeAccount) -> None:
    made = await make_account()

    done = account(graph_settings, "role", "AMA@example.org", "organiser")

    assert done.returncode == 0, done.stderr
    found = await accounts.by_id(graph, KEEPER, id=made.id)
    assert found is not None
    assert found.role is Role.ORGANISER


async def test_closing_ends_its_sessions(
    graph: Graph, graph_settings: GraphSettings, make_account: MakeAccount
) -> None:
    made = await make_account()
    _, secret = await sessions.open_session(graph, made.viewer, account=made.id, how=SignedInBy.LINK, agent="")

    done = account(graph_settings, "close", "ama@example.org")

    assert (done.returncode, done.stderr) == (0, "ama@example.org is closed; its sessions have ended.\n")
    assert await sessions.authenticated(graph, secret=secret) is None


async def test_the_last_administrator_is_kept_with_a_sentence(
    graph: Graph, graph_settings: GraphSettings, make_account: MakeAccount
) -> None:
    await make_account(role=Role.ADMINISTRATOR)

    done = [
        account(graph_settings, *words)
        for words in (("role", "ama@example.org", "member"), ("close", "ama@example.org"))
    ]

    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [
        (2, "", "knowwho: This is the last open administrator; make another account an administrator first.\n")
    ] * 2


def test_an_unknown_account_is_a_sentence(graph: Graph, graph_settings: GraphSettings) -> None:
    done = account(graph_settings, "close", "stranger@example.org")

    assert (done.returncode, done.stderr) == (
        2,
        "knowwho: There is no such open account; look at the list of accounts for those that there are.\n",
    )
