"""Accounts, invitations, people who may be one, and erasure, on their pages."""

import html
import re
import threading
from collections.abc import Iterable, Sequence

import httpx
import pytest
from fastapi import FastAPI

from api.pages.terms import TERMS
from graph import accounts, changes, invitations, joining, sign_in_links
from graph.accounts import Account
from graph.alphabet import sort_key
from graph.graph import Graph
from graph.intake.names import KnownPerson
from graph.invitations import State
from graph.people import duplicates
from graph.people.differences import GROUP_OF
from graph.people.likeness import Likeness
from graph.people.likeness import candidates as alike
from graph.people.merging import merge
from graph.permissions import NotAllowed
from graph.values import Cursor, ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
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
    made_anew = await send(browser, "/people/accounts", email=ama.email, role="member", name="")
    assert made_anew.headers["location"] == f"/administration{own}?said=was-closed"
    await send(browser, f"{own}/open")

    found = await accounts.by_id(graph, KEEPER, id=ama.id)
    assert found is not None
    assert (found.role, found.expert, found.closed_at, found.name) == (Role.ORGANISER, "ama", None, "Ama Owusu")


async def test_a_link_that_signs_in_an_accounts_owner_is_shown_once_works_once_and_is_written_down(
    graph: Graph, browser: httpx.AsyncClient, make_account: MakeAccount, keeper: Account
) -> None:
    ama = await make_account()
    own = f"/people/accounts/{ama.id}"

    answer = await send(browser, f"{own}/sign-in-link", key="first")
    reloaded = await send(browser, f"{own}/sign-in-link", key="first")

    assert reloaded.status_code == 422
    assert "That link was made already and is shown only once" in text_of(reloaded)
    assert 'class="secret"' not in reloaded.text
    assert re.search(r'name="key" value="[\w-]{20,}"', reloaded.text)
    link = re.search(r'<code class="secret" dir="ltr">(http://localhost/sign-in/[^<]+)</code>', answer.text)
    assert link is not None
    assert answer.headers["cache-control"] == "no-store"
    assert link[1] not in (await browser.get(f"/administration{own}")).text
    link_of_ama = await sign_in_links.open_link(graph, PUBLIC, secret=link[1].rpartition("/")[2], browser=None)
    assert link_of_ama.email == "ama@example.org"
    ((_, change),) = (await changes.page(graph, KEEPER, first=1)).entries
    assert (change.verb, change.actor, change.subject) == (
        "sign-in link made", f"account:{keeper.id}", f"account:{ama.id}",
    )  # fmt: skip
    await accounts.close(graph, KEEPER, id=ama.id)
    refused = await send(browser, f"{own}/sign-in-link", key="second")
    assert refused.status_code == 422
    assert "knowwho" not in text_of(refused)
    assert (await send(browser, "/people/accounts/nobody/sign-in-link", key="third")).status_code == 404


async def test_an_account_is_made_and_one_that_cannot_be_is_said_beside_its_field(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    typed = {"email": "Ana@example.org", "name": "Ana Ruiz", "role": "organiser"}

    answer = await send(browser, "/people/accounts", **typed)
    again = await send(browser, "/people/accounts", **typed)
    public = await send(browser, "/people/accounts", email="bo@example.org", role="public")

    made = await accounts.by_email(graph, KEEPER, email="ana@example.org")
    assert answer.headers["location"] == f"/administration/people/accounts/{made.id}?said=made"
    assert (made.name, made.role) == ("Ana Ruiz", Role.ORGANISER)
    assert (again.status_code, public.status_code) == (422, 422)
    assert 'aria-describedby="email-wrong"' in again.text
    assert 'value="Ana@example.org"' in again.text


async def test_where_somebody_is_signed_in_is_told_by_browser_and_system(
    app: FastAPI, browser: httpx.AsyncClient, browse: Browse, make_account: MakeAccount
) -> None:
    ama = await make_account()
    theirs = await browse(app)
    theirs.headers["User-Agent"] = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0.0.0 Safari/537.36"
    )
    await sign_in(theirs, ama)

    page = await browser.get(f"/administration/people/accounts/{ama.id}")

    assert "Chrome on Windows" in text_of(page)
    assert "AppleWebKit" not in page.text


async def test_an_invitation_says_that_the_address_has_an_account_and_that_the_earlier_link_is_worth_nothing(
    browser: httpx.AsyncClient, make_account: MakeAccount
) -> None:
    ama = await make_account()

    first = await send(browser, "/people/invitations", email="ama@example.org", role="member")
    second = await send(browser, "/people/invitations", email="AMA@example.org", role="member")
    other = await send(browser, "/people/invitations", email="ana@example.org", role="member")

    earlier, account = "the link of that earlier invitation opens nothing", f'/people/accounts/{ama.id}">Look at'
    assert [earlier in one.text for one in (first, second, other)] == [False, True, False]
    assert [account in one.text for one in (first, second, other)] == [True, True, False]


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
    assert answer.status_code == 200
    assert "They are one person now." in answer.text
    again = await send(browser, "/people/duplicates/merge", **both)
    assert (again.status_code, await ids(graph)) == (422, ["ama-owusu", "dana"])
    await send(browser, "/people/duplicates/undo", was="merged", **both)
    assert await ids(graph) == ["ama-owusu", "ama-owusu-2", "dana"]


async def test_what_would_be_different_is_told_by_names(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    await graph.write(
        """
        MATCH (e:Expert {id: 'ama-owusu-2'})
        CREATE (e)-[:AFFILIATED_WITH {id: 'a'}]->(:Organisation {id: 'port-1', name: 'The Port <b>'}),
               (e)-[:SPOKE_AT {id: 's'}]->(v:Event {id: 'gates-1', title: 'On gates', kind: 'briefing'}),
               (e)-[:ATTENDED {id: 'x'}]->(v),
               (e)-[:AUTHORED]->(:Resource {id: 'guide-1', title: 'A guide', kind: 'guide'})
        """
    )

    compared = text_of(await send(browser, "/people/duplicates/compare", keep="ama-owusu", gone="ama-owusu-2"))

    assert all(name in compared for name in ("The Port <b>", "On gates", "A guide"))
    assert not any(id in compared for id in ("port-1", "gates-1", "guide-1"))


async def test_two_are_kept_apart_and_that_is_forgotten_again(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    both = {"keep": "ama-owusu", "gone": "ama-owusu-2"}

    apart = await send(browser, "/people/duplicates/apart", **both)
    assert apart.status_code == 200
    assert "Remembered: they are two different people." in apart.text
    page = text_of(await browser.get("/administration/people/duplicates"))
    assert "are two different people." in page
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


async def test_whom_to_erase_is_found_by_a_part_of_their_name(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    await graph.write("MATCH (e:Expert) SET e.sort_key = $key", key=sort_key("Ama Owusu"))

    found = await send(browser, "/people/erase/find", person="ama ow")

    assert found.status_code == 200
    assert re.findall(r'name="person" value="([a-z0-9-]+)"', found.text) == ["ama-owusu", "ama-owusu-2"]
    assert len(await ids(graph)) == 3


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


HIDDEN_TWIN = """
MATCH (e:Expert {id: 'ama-owusu-2'}) SET e.audience_listing = 3, e.audience_profile = 3
"""


async def test_of_who_is_shown_to_nobody_it_is_not_told_that_they_may_be_somebody(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await graph.write(TWINS)
    await graph.write(HIDDEN_TWIN)
    both = {"keep": "ama-owusu", "gone": "ama-owusu-2"}
    nobody = {"keep": "ama-owusu", "gone": "nobody"}

    assert "ama-owusu-2" not in (await browser.get("/administration/people/duplicates")).text
    for step in ("compare", "merge", "apart", "undo"):
        hidden = await send(browser, f"/people/duplicates/{step}", was="apart", **both)
        missing = await send(browser, f"/people/duplicates/{step}", was="apart", **nobody)
        assert (hidden.status_code, text_of(hidden)) == (404, text_of(missing)), step
    assert await ids(graph) == ["ama-owusu", "ama-owusu-2", "dana"]


async def test_what_was_decided_of_who_is_shown_to_nobody_is_neither_told_nor_taken_back(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await graph.write(TWINS)
    await graph.write("CREATE (:Expert {id: 'dana-2', name: 'Dana', audience_listing: 1})")
    operator = Viewer.at_the_command_line()
    await duplicates.keep_apart(graph, operator, one=ExpertId("ama-owusu"), other=ExpertId("dana"))
    await merge(graph, operator, keep=ExpertId("dana"), gone=ExpertId("dana-2"))
    await graph.write("MATCH (e:Expert {id: 'dana'}) SET e.audience_listing = 3")

    page = await browser.get("/administration/people/duplicates")
    undone = await send(browser, "/people/duplicates/undo", was="merged", keep="dana", gone="dana-2")

    assert "dana" not in text_of(page).lower()
    assert undone.status_code == 422
    assert "Nobody of the id 'dana-2' was merged into anybody" in text_of(undone)
    assert len(await duplicates.decisions(graph, operator)) == 2


async def test_what_differs_is_told_as_far_as_it_is_seen_of_both(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    await graph.write("""
        MATCH (e:Expert {id: 'ama-owusu-2'})
        SET e.email = 'secret@example.org', e.audience_contact = 3, e.headline = 'Guards gates'
    """)

    page = await browser.get("/administration/people/duplicates")
    compared = await send(browser, "/people/duplicates/compare", keep="ama-owusu", gone="ama-owusu-2")

    assert "secret@example.org" not in page.text + compared.text
    assert "Guards gates" in text_of(compared)


OF_THE_SECOND = """
MATCH (e:Expert {id: 'ama-owusu-2'})
SET e.gender = 'woman', e.phone = '<i>1', e.chosen_attendance = 3, e.audience_attendance = 3, e.withdrawn = ['matched']
MERGE (germany:Country {id: 'DE'})
CREATE (e)-[:BASED_IN]->(germany), (e)-[:WORKED_IN]->(germany), (e)-[:WORKED_IN]->(:Country {id: 'X?'}),
       (e)-[:SPEAKS {level: 'fluent'}]->(:Language {id: 'ar'}),
       (e)-[:EXPERT_IN {level: 'lead'}]->(:Topic {id: 'dogs', label_en: 'Dogs', label_fr: 'Chiens'})
"""


async def test_what_differs_is_told_in_the_words_of_the_language(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write(TWINS)
    await graph.write(OF_THE_SECOND)
    browser.headers["Accept-Language"] = "fr"

    page = await browser.get("/administration/people/duplicates")
    compared = await send(browser, "/people/duplicates/compare", keep="ama-owusu", gone="ama-owusu-2")

    assert "Pays Allemagne" in text_of(page)
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td dir="auto">(.*?)</td><td dir="auto">(.*?)</td></tr>', compared.text
    )
    told = {html.unescape(field): (before, html.unescape(after)) for field, before, after in rows}
    assert told == {
        "Téléphone": ("–", "<i>1"),
        "Genre": ("–", "une femme"),
        "Pays": ("–", "Allemagne"),
        "Langues": ("–", "arabe, courant"),
        "Sujets": ("–", "Chiens, fait référence"),
        "A travaillé dans": ("–", "Allemagne; X?"),
        "Qui voit les événements où cette personne est intervenue ou a pris part": (
            "les membres",
            "la personne elle-même uniquement",
        ),
        "Accords retirés": ("–", "Être proposé(e) en réponse aux questions"),
    }


def test_every_field_that_may_differ_has_a_word() -> None:
    assert set(TERMS["difference"]) == {*GROUP_OF, *(f"who sees {group}" for group in FieldGroup), "withdrawn"}
    assert set(TERMS["audience"]) == {audience.name.lower() for audience in Audience}


@pytest.mark.parametrize("room,status", [("people/invitations", 404), ("audit", 404), ("tokens", 200), ("people", 200)])
async def test_the_place_of_another_list_is_no_place_or_another_one(
    browser: httpx.AsyncClient, room: str, status: int
) -> None:
    answer = await browser.get(f"/administration/{room}", params={"after": str(Cursor(("Ana", "x")))})

    assert answer.status_code == status


async def test_people_are_compared_beside_the_loop_that_answers_others(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await graph.write(TWINS)
    compared_in = []

    def noted(people: Iterable[KnownPerson]) -> Sequence[Likeness]:
        compared_in.append(threading.current_thread())
        return alike(people)

    monkeypatch.setattr("graph.people.duplicates.alike", noted)

    assert len(await duplicates.candidates(graph, KEEPER)) == 1
    assert len(compared_in) == 1
    assert compared_in != [threading.current_thread()]
