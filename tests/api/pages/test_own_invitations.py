"""A person's own invitations to speak: what they are told, what they answer, and that nobody else's can be answered."""

import httpx
import pytest

from api.pages.words import told
from graph.graph import Graph
from graph.speaking import State, correspondence
from graph.speaking.answering import POSSIBLE, CannotAnswer
from tests.door import Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.speaking.network import AMA, BRIEFING, DANA, ORGANISER, SAME_TIME, add_people, listed, on_list
from tests.graph.speaking.written import address_people, invited

HERE = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/me/invitations"


@pytest.fixture
async def browser(serve: Serve, browse: Browse, graph: Graph, make_account: MakeAccount) -> httpx.AsyncClient:
    """Ama's browser."""
    await add_people(graph)
    await address_people(graph)
    opened = await browse(serve())
    await sign_in(opened, await make_account("ama@people.example", expert=AMA))
    return opened


async def send(browser: httpx.AsyncClient, **typed: str) -> httpx.Response:
    return await browser.post(PAGE, data={"csrf": await csrf_on(browser), **typed}, headers=HERE)


async def test_nothing_is_told_before_somebody_is_invited(graph: Graph, browser: httpx.AsyncClient) -> None:
    await listed(graph, AMA)

    page = (await browser.get(PAGE)).text

    assert "A briefing" not in page
    assert "Nobody has asked you to speak yet" in page


async def test_yes_is_one_button_that_both_pages_lead_to(graph: Graph, browser: httpx.AsyncClient) -> None:
    await invited(graph)
    own = (await browser.get("/me")).text
    page = (await browser.get(PAGE)).text

    answer = await send(browser, event=BRIEFING, answer="accept")

    assert "1 invitation to speak waits for your answer." in own
    assert "<bdi>A briefing</bdi></a>" in page
    assert answer.headers["location"] == f"{PAGE}?said=accept"
    assert (await on_list(graph))[0].state is State.ACCEPTED
    after = (await browser.get(f"{PAGE}?said=accept")).text
    assert "Thank you: you said yes" in after
    assert 'value="accept"' not in after
    assert 'value="withdraw"' in after


async def test_no_brings_why_and_both_are_told_as_text(graph: Graph, browser: httpx.AsyncClient) -> None:
    id = await invited(graph)

    await send(browser, event=BRIEFING, answer="decline", reason="<i>I travel</i>", suggestion="A colleague")

    (reply,) = (await correspondence(graph, ORGANISER, candidacies=[id]))[id].replies
    assert (reply.answer, reply.reason, reply.suggestion) == ("decline", "<i>I travel</i>", "A colleague")
    page = (await browser.get(PAGE)).text
    assert "&lt;i&gt;I travel&lt;/i&gt;" in page
    assert "You said no." in page


@pytest.mark.parametrize(
    "typed",
    [
        {"answer": "other_time", "reason": " "},
        {"answer": "decline", "reason": "In May? " * 200},
        {"answer": "withdraw", "reason": "Ill."},
        {"answer": "perhaps"},
    ],
)
async def test_what_cannot_be_answered_is_said_and_what_was_typed_stays(
    graph: Graph, browser: httpx.AsyncClient, typed: dict[str, str]
) -> None:
    await invited(graph)

    refused = await send(browser, event=BRIEFING, **typed)

    assert refused.status_code == 422
    assert 'class="refusal"' in refused.text
    assert (typed.get("reason", "").strip() or "A briefing") in refused.text or typed["answer"] == "withdraw"
    assert (await on_list(graph))[0].state is State.INVITED


async def test_somebody_elses_invitation_is_nothing_to_answer(graph: Graph, browser: httpx.AsyncClient) -> None:
    await invited(graph, DANA)
    await invited(graph, DANA, SAME_TIME)

    answers = [await send(browser, event=event, answer="accept") for event in (BRIEFING, SAME_TIME, "no-such-event")]

    assert [one.status_code for one in answers] == [422, 422, 422]
    assert (await on_list(graph))[0].state is State.INVITED


async def test_the_page_is_in_the_language_that_is_asked_for(graph: Graph, browser: httpx.AsyncClient) -> None:
    await invited(graph)

    page = (await browser.get(PAGE, headers={"Accept-Language": "ar"})).text

    assert '<html lang="ar" dir="rtl">' in page
    assert "نعم، سأتحدث" in page


async def test_what_the_graph_refuses_is_said_in_the_language_of_the_page(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await invited(graph)
    form = {"csrf": await csrf_on(browser), "event": BRIEFING, "answer": "withdraw"}

    page = (await browser.post(PAGE, data=form, headers={**HERE, "Accept-Language": "zh"})).text

    assert (told(CannotAnswer(POSSIBLE[State.INVITED]), "zh") or "none") in page
    assert "That cannot be answered now" not in page
