"""Joining on its page: what is shown before the answer, what a wrong answer keeps, and how each answer ends."""

import re
from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI

from graph import accounts, consents, invitations
from graph.consents import Purpose
from graph.graph import Graph
from graph.invitations import State
from graph.viewer import PUBLIC, FieldGroup, Role, Viewer
from tests.door import KEEPER, LOOPBACK, Browse, MakeAccount, Serve, csrf_on, role_of, sign_in

KOFI = "kofi@example.org"
ORGANISER = Viewer(Role.ORGANISER, actor="account:o")
NETWORK = "CREATE (:Network {id: 'network', title: 'A network', description: 'People who protect.', fictional: false})"
YES = {f"consent_{purpose}": "given" for purpose in Purpose}


@pytest.fixture
def app(serve: Serve) -> FastAPI:
    return serve()


@pytest.fixture
async def browser(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    made = await browse(app)
    made.headers.update({"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    return made


@pytest.fixture
async def invited(graph: Graph) -> str:
    """The path of an invitation's page."""
    await graph.write(NETWORK)
    _, secret = await invitations.invite(graph, ORGANISER, email=KOFI, note="Do come.\n<b>We need you.</b>")
    return f"/join/{secret}"


async def answer(browser: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    """Open the page of an invitation and answer it."""
    return await send(browser, path, csrf_in(await browser.get(path)), **typed)


async def send(browser: httpx.AsyncClient, path: str, csrf: str, **typed: str) -> httpx.Response:
    return await browser.post(path, data={"csrf": csrf, "answer": "join", "name": "Kofi", **typed})


def csrf_in(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def kofi(graph: Graph) -> Mapping[str, object]:
    rows = await graph.read("MATCH (:Account {email: $email})-[:IS]->(e) RETURN e {.*} AS e", email=KOFI)
    found: Mapping[str, object] = rows[0]["e"]
    return found


async def count(graph: Graph, label: str) -> int:
    rows = await graph.read("MATCH (n) WHERE $label IN labels(n) RETURN count(n) AS found", label=label)
    return int(rows[0]["found"])


async def state(graph: Graph) -> State:
    return (await invitations.page(graph, KEEPER, first=1)).entries[0][1].state


async def test_the_page_says_what_the_network_is_and_asks_for_each_consent_in_its_words(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    page = (await browser.get(invited)).text

    texts = await consents.texts(graph, PUBLIC)
    assert "A network" in page
    assert "People who protect." in page
    assert KOFI in page
    assert "Do come.\n&lt;b&gt;We need you.&lt;/b&gt;" in page
    for purpose in Purpose:
        assert texts[purpose].texts.in_language("en") in page
        assert re.search(rf'<input type="checkbox" id="consent_{purpose}"[^>]*>', page)
    assert "checked" not in page
    for group in FieldGroup:
        assert f'<select id="audience_{group}"' in page
    assert page.count("members, as the network has it") == len(FieldGroup)


async def test_opening_the_page_answers_nothing(browser: httpx.AsyncClient, invited: str, graph: Graph) -> None:
    for _ in range(3):
        assert (await browser.get(invited)).status_code == 200

    assert await state(graph) is State.OPEN


async def test_who_joins_is_signed_in_with_what_they_chose(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    done = await answer(
        browser,
        invited,
        headline="Trains stewards",
        audience_listing="everyone",
        audience_contact="nobody",
        consent_listed="given",
        consent_matched="given",
    )

    assert (done.status_code, done.headers["location"]) == (303, "/me")
    made = await kofi(graph)
    assert (made["name"], made["headline"]) == ("Kofi", "Trains stewards")
    assert (made["audience_listing"], made["audience_contact"], made["audience_profile"]) == (0, 3, 1)
    assert made["withdrawn"] == ["contacted", "recorded"]
    assert await role_of(browser) == "member"
    assert await state(graph) is State.ACCEPTED


async def test_who_agrees_to_nothing_has_an_account_and_no_listing(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    assert (await answer(browser, invited, audience_listing="everyone")).status_code == 303

    assert await role_of(browser) == "member"
    assert (await kofi(graph))["audience_listing"] == 3


@pytest.mark.parametrize(
    "typed,field,sentence",
    [
        ({"name": "   "}, "name", "The name is empty"),
        ({"name": "x" * 301}, "name", "more than 300"),
        ({"headline": "\u202eevil"}, "headline", "hidden character"),
        ({"audience_contact": "friends"}, "audience_contact", "That is none of the choices"),
    ],
)
async def test_a_wrong_answer_is_said_at_its_field_and_the_rest_is_kept(
    browser: httpx.AsyncClient, invited: str, graph: Graph, *, typed: dict[str, str], field: str, sentence: str
) -> None:
    right = {"headline": "Trains stewards", "consent_listed": "given", "audience_country": "organisers"}

    page = await answer(browser, invited, **{**right, **typed})

    assert page.status_code == 422
    said = re.search(rf'id="{field}-refusal" role="alert">([^<]*)<', page.text)
    assert said
    assert sentence in said[1]
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="{field}-refusal', page.text)
    assert re.search(r'id="consent_listed"[^>]* checked>', page.text)
    assert '<option value="organisers" selected>' in page.text
    assert await count(graph, "Account") == 0
    assert await state(graph) is State.OPEN


async def test_an_invitation_is_answered_once(browser: httpx.AsyncClient, invited: str, graph: Graph) -> None:
    csrf = csrf_in(await browser.get(invited))
    await send(browser, invited, csrf, **YES)
    browser.cookies.clear()

    again = await send(browser, invited, await csrf_on(browser), **YES)
    page = await browser.get(invited)

    for ended in (again, page):
        assert ended.status_code == 410
        assert "This invitation has ended" in ended.text
    assert await count(graph, "Account") == 1


async def test_who_declines_is_told_so_and_nothing_is_made(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    page = await answer(browser, invited, answer="decline", name="")

    assert page.status_code == 200
    assert "You have declined" in page.text
    assert await state(graph) is State.DECLINED
    assert await count(graph, "Account") == await count(graph, "Expert") == 0
    assert (await browser.get(invited)).status_code == 410


@pytest.mark.parametrize("how", ["expired", "withdrawn", "unknown"])
async def test_what_is_not_open_cannot_be_answered(
    browser: httpx.AsyncClient, invited: str, graph: Graph, how: str
) -> None:
    csrf = csrf_in(await browser.get(invited))
    path = invited
    if how == "expired":
        await graph.write("MATCH (i:Invitation) SET i.expires_at = datetime()")
    elif how == "withdrawn":
        await graph.write("MATCH (i:Invitation) SET i.withdrawn_at = datetime()")
    else:
        path = "/join/unknown"

    answers = [
        await browser.get(path),
        await send(browser, path, csrf, **YES),
        await send(browser, path, csrf, answer="decline"),
        await send(browser, path, csrf, name=""),
    ]

    assert {one.status_code for one in answers[:3]} == {410}
    assert await count(graph, "Account") == 0


async def test_a_member_is_told_that_they_are_one(
    browser: httpx.AsyncClient, invited: str, make_account: MakeAccount
) -> None:
    csrf = csrf_in(await browser.get(invited))
    await make_account(KOFI)

    for page in (await browser.get(invited), await send(browser, invited, csrf, **YES)):
        assert page.status_code == 200
        assert "You are a member already" in page.text
        assert 'href="/sign-in"' in page.text
    assert await role_of(browser) == "public"


async def test_who_is_signed_in_as_somebody_else_becomes_who_they_join_as(
    browser: httpx.AsyncClient, invited: str, make_account: MakeAccount, graph: Graph
) -> None:
    await sign_in(browser, await make_account("ama@example.org", role=Role.ORGANISER))

    await answer(browser, invited, **YES)

    seen = (await browser.get("/for-tests/visitor")).json()
    assert (seen["role"], seen["person"]) == ("member", "kofi")
    assert await count(graph, "Session") == 1


async def test_a_profile_of_the_roster_is_shown_to_its_owner_and_becomes_theirs(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    await graph.write(
        "CREATE (:Expert {id: 'kofi-b', name: 'Kofi B', headline: 'Steward', email: 'Kofi@Example.org', digest: 'd'})"
    )

    page = (await browser.get(invited)).text
    await answer(browser, invited, name="Kofi B", headline="Chief steward", **YES)

    assert "already has a profile with this address" in page
    assert 'value="Kofi B"' in page
    assert 'value="Steward"' in page
    made = await kofi(graph)
    assert (made["id"], made["headline"], made["digest"]) == ("kofi-b", "Chief steward", "d")


async def test_a_foreign_page_answers_nothing(browser: httpx.AsyncClient, invited: str, graph: Graph) -> None:
    csrf = csrf_in(await browser.get(invited))

    foreign = await browser.post(
        invited, data={"csrf": csrf, "answer": "decline"}, headers={"Origin": "https://evil.example"}
    )
    without = await browser.post(invited, data={"answer": "decline"})

    assert (foreign.status_code, without.status_code) == (403, 403)
    assert await state(graph) is State.OPEN


async def test_the_role_is_the_invitations_and_not_the_forms(
    browser: httpx.AsyncClient, invited: str, graph: Graph
) -> None:
    await answer(browser, invited, role="administrator", email="evil@example.org", **YES)

    account = await accounts.by_email(graph, KEEPER, email=KOFI)
    assert account.role is Role.MEMBER
    assert await count(graph, "Account") == 1


async def test_a_page_with_a_secret_is_kept_nowhere(browser: httpx.AsyncClient, invited: str) -> None:
    assert (await browser.get(invited)).headers["cache-control"] == "no-store"
