"""``knowwho invite`` and ``knowwho sign-in-link``, as real commands on the worker's graph, with a real mail server."""

import asyncio
import json
import subprocess
import sys

from graph import accounts, invitations, joining, sign_in_links
from graph.graph import Graph
from graph.invitations import State
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Role
from tests.door import KEEPER
from tests.mailbox import Mailbox, link_in, text_of
from tests.sample_network import environment

KOFI = "kofi@example.org"
PUBLIC_URL = "https://experts.example.org"


async def knowwho(
    settings: GraphSettings, *arguments: str, mailbox: Mailbox | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command while this loop serves what it needs."""
    own = {"KNOWWHO_PUBLIC_URL": PUBLIC_URL}
    if mailbox is not None:
        own |= {
            "KNOWWHO_SMTP_HOST": "127.0.0.1",
            "KNOWWHO_SMTP_PORT": str(mailbox.port),
            "KNOWWHO_MAIL_FROM": "network@example.org",
        }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(settings) | own,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def states(graph: Graph) -> list[State]:
    return [one.state for _, one in (await invitations.page(graph, KEEPER, first=9)).entries]


async def test_without_a_mail_server_the_link_alone_is_printed(graph: Graph, graph_settings: GraphSettings) -> None:
    done = await knowwho(graph_settings, "invite", KOFI, "--role", "organiser", "--note", "Do come.")

    assert done.returncode == 0, done.stderr
    secret = done.stdout.removeprefix(f"{PUBLIC_URL}/join/").removesuffix("\n")
    opened = await joining.open_invitation(graph, PUBLIC, secret=secret)
    assert (opened.invitation.email, opened.invitation.role, opened.invitation.note) == (
        KOFI,
        Role.ORGANISER,
        "Do come.",
    )
    assert opened.invitation.invited_by == "command line"
    assert "Send this to kofi@example.org yourself" in done.stderr


async def test_with_a_mail_server_a_letter_goes_out_and_no_link_is_printed(
    graph: Graph, graph_settings: GraphSettings, mailbox: Mailbox
) -> None:
    done = await knowwho(graph_settings, "invite", KOFI, "--note", "Do come.", mailbox=mailbox)

    letter = await mailbox.letter()
    assert (done.returncode, done.stdout) == (0, "")
    assert "A letter is on its way" in done.stderr
    assert (letter["To"], letter["From"]) == (KOFI, "network@example.org")
    assert link_in(letter).startswith(f"{PUBLIC_URL}/join/")
    assert "> Do come." in text_of(letter)


async def test_a_letter_that_is_refused_leaves_the_link_to_send_oneself(
    graph: Graph, graph_settings: GraphSettings, mailbox: Mailbox
) -> None:
    mailbox.refuses = "550 no"

    done = await knowwho(graph_settings, "invite", KOFI, mailbox=mailbox)

    assert done.returncode == 1
    assert done.stdout.startswith(f"{PUBLIC_URL}/join/")
    assert "The letter could not be sent (SMTPRecipientRefused 550)" in done.stderr
    assert await states(graph) == [State.OPEN]


async def test_a_program_reads_the_invitation_as_json(graph: Graph, graph_settings: GraphSettings) -> None:
    done = await knowwho(graph_settings, "invite", KOFI, "--json")

    told = json.loads(done.stdout)
    assert (told["email"], told["role"], told["state"]) == (KOFI, "member", "open")
    assert told["link"].startswith(f"{PUBLIC_URL}/join/")


async def test_whom_nobody_can_be_invited_as_is_a_sentence(graph: Graph, graph_settings: GraphSettings) -> None:
    wrong = await knowwho(graph_settings, "invite", "kofi")
    public = await knowwho(graph_settings, "invite", KOFI, "--role", "public")

    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "knowwho: That is no e-mail address; give one such as name@example.org.\n"
    assert public.returncode == 2
    assert "cannot have the role public" in public.stderr
    assert await states(graph) == []


async def test_a_mail_server_without_a_sender_is_a_sentence(graph: Graph, graph_settings: GraphSettings) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", "invite", KOFI],
        env=environment(graph_settings) | {"KNOWWHO_SMTP_HOST": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("knowwho: KNOWWHO_MAIL_FROM cannot be used")
    assert await states(graph) == []


async def test_a_sign_in_link_alone_is_printed_and_signs_in_once_in_any_browser(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    await accounts.create(graph, KEEPER, email=KOFI, role=Role.MEMBER)

    done = await knowwho(graph_settings, "sign-in-link", KOFI)

    assert done.returncode == 0, done.stderr
    secret = done.stdout.removeprefix(f"{PUBLIC_URL}/sign-in/link/").removesuffix("\n")
    assert await sign_in_links.use(graph, PUBLIC, secret=secret, browser=None) == KOFI
    assert not await graph.read("MATCH (l:SignInLink) RETURN l")
    assert "15 minutes" in done.stderr
    assert secret not in done.stderr


async def test_a_sign_in_link_for_nobody_is_a_sentence(graph: Graph, graph_settings: GraphSettings) -> None:
    done = await knowwho(graph_settings, "sign-in-link", KOFI)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("knowwho: Nobody may sign in with that address; invite them first.\n")
