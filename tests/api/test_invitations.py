"""Invitations by GraphQL: a letter goes out, whoever may not invite sends none, and nobody learns who is a member."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.settings import MailSettings
from graph import joining
from graph.graph import Graph
from graph.viewer import PUBLIC, Role
from tests.door import LOOPBACK, Browse, MakeAccount, Serve, sign_in
from tests.mailbox import Mailbox, link_in, mail_settings, text_of

KOFI = "kofi@example.org"
INVITE = """
mutation Invite($input: InviteInput!) {
  invite(input: $input) {
    __typename
    ... on Invited { invitation { id email role note invitedBy state } }
    ... on NotAllowed { message who }
    ... on Invalid { message field }
  }
}
"""
WITHDRAW = """
mutation Withdraw($id: ID!) {
  withdrawInvitation(input: {id: $id}) {
    __typename
    ... on InvitationWithdrawn { invitation { id state } }
    ... on NotFound { message }
    ... on NotAllowed { message who }
  }
}
"""
LIST = """
query List($first: Int!, $after: String) {
  invitations(first: $first, after: $after) { edges { node { email state } } pageInfo { hasNextPage endCursor } }
}
"""


@pytest.fixture
def app(serve: Serve, mailbox: Mailbox) -> FastAPI:
    made = serve()
    made.state.mail = mail_settings(mailbox)
    return made


@pytest.fixture
async def client(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    """A browser; nobody is signed in yet."""
    made = await browse(app)
    made.headers.update({"Origin": LOOPBACK, "X-Knowwho": "1"})
    return made


@pytest.fixture
async def organiser(client: httpx.AsyncClient, make_account: MakeAccount) -> httpx.AsyncClient:
    await sign_in(client, await make_account(role=Role.ORGANISER))
    return client


async def ask(client: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": document, "variables": variables})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def invite(client: httpx.AsyncClient, **input: str) -> dict[str, Any]:
    told = await ask(client, INVITE, input={"email": KOFI, **input})
    assert "errors" not in told
    payload: dict[str, Any] = told["data"]["invite"]
    return payload


async def test_whom_an_organiser_invites_gets_a_letter(
    organiser: httpx.AsyncClient, mailbox: Mailbox, graph: Graph
) -> None:
    payload = await invite(organiser, note="Do come.")

    letter = await mailbox.letter()
    secret = link_in(letter).removeprefix(f"{LOOPBACK}/join/")
    assert payload["__typename"] == "Invited"
    assert (payload["invitation"]["email"], payload["invitation"]["state"]) == (KOFI, "OPEN")
    assert letter["To"] == KOFI
    assert "> Do come." in text_of(letter)
    assert (await joining.open_invitation(graph, PUBLIC, secret=secret)).invitation.id == payload["invitation"]["id"]
    assert secret not in str(payload)


async def test_inviting_a_member_looks_like_inviting_anybody(
    organiser: httpx.AsyncClient, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account(KOFI)

    of_member = await invite(organiser)
    of_stranger = await invite(organiser, email="salma@example.org")

    for payload in (of_member, of_stranger):
        del payload["invitation"]["id"], payload["invitation"]["email"]
    assert of_member == of_stranger
    assert {(await mailbox.letter())["To"] for _ in range(2)} == {KOFI, "salma@example.org"}


@pytest.mark.parametrize(
    "role,wanted,who",
    [
        (None, "MEMBER", "organisers and administrators"),
        (Role.MEMBER, "MEMBER", "organisers and administrators"),
        (Role.ORGANISER, "ORGANISER", "administrators"),
        (Role.ORGANISER, "ADMINISTRATOR", "administrators"),
    ],
)
async def test_who_may_not_invite_sends_no_letter(
    client: httpx.AsyncClient,
    mailbox: Mailbox,
    make_account: MakeAccount,
    graph: Graph,
    *,
    role: Role | None,
    wanted: str,
    who: str,
) -> None:
    if role is not None:
        await sign_in(client, await make_account(role=role))

    payload = await invite(client, role=wanted)

    assert (payload["__typename"], payload["who"]) == ("NotAllowed", who)
    assert mailbox.is_empty
    assert not await graph.read("MATCH (i:Invitation) RETURN i")


@pytest.mark.parametrize(
    "input,field",
    [
        ({"email": "kofi"}, "input.email"),
        ({"email": "kofi@example.org\nBcc: salma@example.org"}, "input.email"),
        ({"note": "x" * 1001}, "input.note"),
    ],
)
async def test_what_cannot_be_used_is_said_with_its_field(
    organiser: httpx.AsyncClient, mailbox: Mailbox, input: dict[str, str], field: str
) -> None:
    payload = await invite(organiser, **input)

    assert (payload["__typename"], payload["field"]) == ("Invalid", field)
    assert mailbox.is_empty


async def test_a_network_without_a_mail_server_says_how_else(
    app: FastAPI, organiser: httpx.AsyncClient, graph: Graph
) -> None:
    app.state.mail = MailSettings()

    payload = await invite(organiser)

    assert payload["__typename"] == "Invalid"
    assert "knowwho invite" in payload["message"]
    assert not await graph.read("MATCH (i:Invitation) RETURN i")


async def test_the_list_is_for_those_who_invite(
    organiser: httpx.AsyncClient, app: FastAPI, browse: Browse, make_account: MakeAccount
) -> None:
    await invite(organiser)
    await invite(organiser, email="salma@example.org")
    member = await browse(app)
    await sign_in(member, await make_account("m@example.org"))
    member.headers.update({"Origin": LOOPBACK, "X-Knowwho": "1"})

    first = (await ask(organiser, LIST, first=1))["data"]["invitations"]
    rest = (await ask(organiser, LIST, first=5, after=first["pageInfo"]["endCursor"]))["data"]["invitations"]
    refused = await ask(member, LIST, first=1)

    assert [edge["node"]["email"] for edge in first["edges"] + rest["edges"]] == ["salma@example.org", KOFI]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert refused["data"] is None
    assert "organisers and administrators may" in refused["errors"][0]["message"]
    assert KOFI not in str(refused)


async def test_an_invitation_is_withdrawn_once(organiser: httpx.AsyncClient) -> None:
    made = (await invite(organiser))["invitation"]["id"]

    first = (await ask(organiser, WITHDRAW, id=made))["data"]["withdrawInvitation"]
    again = (await ask(organiser, WITHDRAW, id=made))["data"]["withdrawInvitation"]

    assert first["invitation"] == {"id": made, "state": "WITHDRAWN"}
    assert again["__typename"] == "NotFound"


async def test_the_public_withdraws_nothing_and_learns_nothing(client: httpx.AsyncClient) -> None:
    payload = (await ask(client, WITHDRAW, id="whatever"))["data"]["withdrawInvitation"]

    assert payload["__typename"] == "NotAllowed"
