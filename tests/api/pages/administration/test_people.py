"""Accounts, invitations, people who may be one, and erasure, on their pages."""

import re

import httpx
import pytest
from fastapi import FastAPI

from graph import accounts, invitations, joining
from graph.accounts import Account
from graph.graph import Graph
from graph.invitations import State
from graph.people import duplicates
from graph.permissions import NotAllowed
from graph.values import ExpertId
from graph.viewer import PUBLIC, Role
from tests.api.pages.administration.sending import send, text_of
from tests.door import KEEPER, Browse, MakeAccount, role_of, sign_in

TWINS = """
UNWIND [['ama-owusu', 'Ama Owusu', 1], ['ama-owusu-2', 'Ama Owusu', 1], ['dana', 'Dana', 3]] AS one
CREATE (:Expert {id: one[0], name: one[1], audience_listing: one[2], audience_profile: 1,
  audience_contact: 1, audience_country: 1, audience_organisation: 1, audience_languages: 1, audience_attendance: 1})
"""
IDS = "MATCH (e:Expert) RETURN e.id AS id ORDER BY id"


async def ids(graph: Graph) -> list[str]:
    return [row["id"] for row in await graph.read(IDS)]


async def test_an_account_is_found_given_a_role_and_given_it_back(
    graph: Graph, browser: httpx.AsyncClient, make_account: MakeAccount
) -> None:
    ama = await make_account()
    page = await browser.get("/administration/people", params={"q": "AMA@"})
    assert f"/administration/people/accounts/{ama.id}" in page.text
    assert "keeper@example.org" not in text_of(page)
    own = f"/people/accounts/{ama.id}"

    answer = await send(browser, f"{own}/role", role="organiser")
    assert answer.headers["location"] == f"/administration{own}?said=role&was=member"
    shown = await browser.get(answer.headers["location"])
    assert '<input type="hidden" name="role" value="member">' in shown.text
    await send(browser, f"{own}/role", role="member")

    found = await accounts.by_id(graph, KEEPER, id=ama.id)
    assert found is not None
    assert found.role is Role.MEMBER
    assert (await send(browser, f"{own}/role", role="member")).headers["location"].endswith("?said=nothing")


async def test_an_account_is_closed_and_opened_again_as_it_was(
    app: FastAPI, graph: Graph, browser: httpx.AsyncClient, browse: Browse, make_account: MakeAccount
) -> None:
    await graph.write("CREATE (:Expert {id: 'ama', name: 'Ama Owusu'})")
    ama = await make_account(role=Role.ORGANISER, expert="ama")
    theirs = await browse(app)
    await sign_in(theirs, ama)
    own = f"/people/accounts/{ama.id}"

    await send(browser, f"{own}/sessions")
    assert await role_of(theirs) == "public"
    await sign_in(theirs, ama)
    await send(browser, f"{own}/close")
    assert await role_of(theirs) == "public"
    assert "Nobody signs in with it." in text_of(await browser.get(f"/administration{own}"))
    await send(browser, f"{own}/open")

    found = await accounts.by_id(graph, KEEPER, id=ama.id)
    assert found is not None
    assert (found.role, found.expert, found.closed_at, found.name) == (Role.ORGANISER, "ama", None, "Ama Owusu")


async def test_the_last_administrator_stays_and_ends_their_other_sessions(
    app: FastAPI, browser: httpx.AsyncClient, browse: Browse, keeper: Account
) -> None:
    elsewhere = await browse(app)
    await sign_in(elsewhere, keeper)
    own = f"/people/accounts/{keeper.id}"

    for step, fields in (("role", {"role": "member"}), ("close", {}), ("role", {"role": "public"}), ("role", {})):
        answer = await send(browser, f"{own}/{step}", **fields)
        assert answer.status_code == 422
        assert 'class="refusal" role="alert"' in answer.text
    await send(browser, f"{own}/sessions")

    assert (await role_of(browser), await role_of(elsewhere)) == ("administrator", "public")
    assert (await browser.get("/administration/people/accounts/nobody")).status_code == 404


async def test_a_link_to_join_is_shown_once_where_no_letter_leaves_and_taken_back(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    answer = await send(browser, "/people/invitations", email="Ana@example.org", role="organiser", note="Come.")

    link = re.search(r'<code class="secret" dir="ltr">http://localhost/join/([^<]+)</code>', answer.text)
    assert link is not None
    assert answer.headers["cache-control"] == "no-store"
    opened = await joining.open_invitation(graph, PUBLIC, secret=link[1])
    assert (opened.invitation.email, opened.invitation.role, opened.invitation.note) == (
        "ana@example.org", Role.ORGANISER, "Come.",
    )  # fmt: skip
    listed = await browser.get("/administration/people/invitations")
    assert link[1] not in listed.text

    await send(browser, "/people/invitations/withdraw", invitation=opened.invitation.id)

    ((_, found),) = (await invitations.page(graph, KEEPER, first=9)).entries
    assert found.state is State.WITHDRAWN
    assert (await send(browser, "/people/invitations/withdraw", invitation=found.id)).status_code == 422


@pytest.mark.parametrize(
    "fields,field", [({"email": "nobody"}, "email"), ({"note": "x\u202e"}, "note"), ({"role": "public"}, None)]
)
async def test_an_invitation_that_cannot_be_is_said_beside_its_field(
    browser: httpx.AsyncClient, fields: dict[str, str], field: str | None
) -> None:
    typed = {"email": "ana@example.org", "note": "Come and see.", "role": "member"} | fields

    answer = await send(browser, "/people/invitations", **typed)

    assert answer.status_code == 422
    assert (f'id="{field}-wrong"' in answer.text) == (field is not None)
    assert f'value="{typed["email"]}"' in answer.text


async def test_two_who_may_be_one_are_compared_made_one_and_two_again(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    page = await browser.get("/administration/people/duplicates")
    assert "same name" in text_of(page)
    assert "ama-owusu-2" in text_of(page)
    both = {"keep": "ama-owusu", "gone": "ama-owusu-2"}

    compared = await send(browser, "/people/duplicates/compare", **both)
    assert "Make them one" in compared.text
    assert await ids(graph) == ["ama-owusu", "ama-owusu-2", "dana"]

    answer = await send(browser, "/people/duplicates/merge", **both)
    assert await ids(graph) == ["ama-owusu", "dana"]
    page = await browser.get(answer.headers["location"])
    assert "They are one person now." in page.text
    await send(browser, "/people/duplicates/undo", was="merged", **both)
    assert await ids(graph) == ["ama-owusu", "ama-owusu-2", "dana"]


async def test_two_are_kept_apart_and_that_is_forgotten_again(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    both = {"keep": "ama-owusu", "gone": "ama-owusu-2"}

    await send(browser, "/people/duplicates/apart", **both)
    page = text_of(await browser.get("/administration/people/duplicates"))
    assert "are two." in page
    assert "see what would change" not in page
    refused = await send(browser, "/people/duplicates/merge", **both)
    assert refused.status_code == 422
    assert "somebody said that they are two" in text_of(refused)

    await send(browser, "/people/duplicates/undo", was="apart", **both)
    assert await duplicates.decisions(graph, KEEPER) == []
    assert (await send(browser, "/people/duplicates/undo", was="apart", **both)).status_code == 422


async def test_somebody_is_erased_once_their_name_was_typed(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)

    found = await send(browser, "/people/erase/find", person="http://localhost/people/ama-owusu")
    assert "Type “Ama Owusu” to erase them" in text_of(found)
    wrong = await send(browser, "/people/erase", person="ama-owusu", confirmation="ama-owusu")
    assert wrong.status_code == 422
    assert "so nobody was erased" in text_of(wrong)
    assert "ama-owusu" in await ids(graph)

    answer = await send(browser, "/people/erase", person="ama-owusu", confirmation="Ama  Owusu")

    assert answer.headers["location"] == "/administration/people/erase?said=erased"
    assert await ids(graph) == ["ama-owusu-2", "dana"]


async def test_who_is_shown_to_nobody_looks_like_nobody(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)

    hidden = await send(browser, "/people/erase/find", person="dana")
    nobody = await send(browser, "/people/erase/find", person="nobody")
    typed = await send(browser, "/people/erase", person="dana", confirmation="Dana")

    assert (hidden.status_code, nobody.status_code, typed.status_code) == (422, 422, 422)
    assert text_of(hidden).replace("dana", "nobody") == text_of(nobody)
    assert "dana" in await ids(graph)


async def test_the_repositories_refuse_others_too(graph: Graph, make_account: MakeAccount) -> None:
    other = (await make_account(role=Role.ORGANISER)).viewer

    with pytest.raises(NotAllowed):
        await duplicates.keep_apart(graph, other, one=ExpertId("a"), other=ExpertId("b"))
