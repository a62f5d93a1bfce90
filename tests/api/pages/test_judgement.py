"""The form beside a match by HTTP: what it keeps, where it leads, and what it refuses."""

import httpx
import pytest

from graph import feedback
from graph.accounts import Account
from graph.graph import Graph
from tests.door import Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.person import EXPERT, OTHER, add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
QUESTION = "Qui forme à l’accueil ?"
ANSWER = "/?q=Qui+forme+%C3%A0+l%E2%80%99accueil+%3F&country=TN"


@pytest.fixture
async def ama(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, ama)
    return opened


async def send(browser: httpx.AsyncClient, **fields: str) -> httpx.Response:
    given = {"csrf": await csrf_on(browser), "q": QUESTION, "country": "TN", "expert": OTHER, "mark": "useful"}
    return await browser.post("/judgement", data=given | fields, headers=HERE)


async def said(graph: Graph, account: Account) -> dict[str, bool]:
    return {one.expert: one.is_useful for _, one in (await feedback.own(graph, account.viewer, first=9)).entries}


async def test_a_mark_is_kept_replaced_and_taken_back_and_leads_to_the_same_answer(
    graph: Graph, ama: Account, browser: httpx.AsyncClient
) -> None:
    for mark, kept in (("useful", {OTHER: True}), ("not-useful", {OTHER: False}), ("none", {}), ("none", {})):
        answer = await send(browser, mark=mark)

        assert (answer.status_code, answer.headers["location"]) == (303, f"{ANSWER}#judged-{OTHER}")
        assert await said(graph, ama) == kept


async def test_a_page_that_shows_the_mark_itself_is_sent_no_other(
    graph: Graph, ama: Account, browser: httpx.AsyncClient
) -> None:
    browser.headers["Prefer"] = "return=minimal"

    kept, refused = await send(browser), await send(browser, expert=EXPERT)

    assert (kept.status_code, kept.content) == (204, b"")
    assert refused.status_code == 422
    assert '<p class="refusal" role="alert">' in refused.text
    assert await said(graph, ama) == {OTHER: True}


@pytest.mark.parametrize(
    "fields", [{"mark": "splendid"}, {"mark": ""}, {"expert": "nobody"}, {"expert": EXPERT}, {"q": "?"}]
)
async def test_what_cannot_be_kept_is_said_on_the_page(
    graph: Graph, ama: Account, browser: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    answer = await send(browser, **fields)

    assert answer.status_code == 422
    assert '<p class="refusal" role="alert">' in answer.text
    assert await said(graph, ama) == {}


@pytest.mark.parametrize("csrf", ["", "guessed"])
async def test_a_form_from_elsewhere_keeps_nothing(
    graph: Graph, ama: Account, browser: httpx.AsyncClient, csrf: str
) -> None:
    answer = await send(browser, csrf=csrf)

    assert answer.status_code == 403
    assert await said(graph, ama) == {}


async def test_who_is_not_signed_in_is_sent_to_do_that_and_then_back_to_the_answer(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    stranger = await browse(serve())

    answer = await send(stranger)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/%3Fq%3DQui%2Bforme")
