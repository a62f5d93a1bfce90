"""The page of a letter's answer link: opened, answered in two taps, in the letter's language, told to nobody else."""

import html
import re

import httpx
import pytest
from fastapi import FastAPI
from markupsafe import escape

from api.speaking.words import words_of
from graph import event_changes
from graph.graph import Graph
from graph.speaking import CandidacyId, State, correspondence
from tests.door import LOOPBACK, Browse, Serve
from tests.graph.speaking.network import AMA, BRIEFING, DANA, ORGANISER, add_people, on_list, stepped
from tests.graph.speaking.written import address_people, invited, taken


@pytest.fixture
def app(serve: Serve) -> FastAPI:
    return serve()


@pytest.fixture
async def browser(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    made = await browse(app)
    made.headers.update({"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    return made


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await add_people(graph)
    await address_people(graph)
    return graph


async def link(graph: Graph) -> str:
    """The path of the page that the next letter leads to."""
    return f"/answer/{(await taken(graph)).secret}"


async def answer(browser: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    """Open the page and send one of its forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(path)).text)
    assert found
    return await browser.post(path, data={"csrf": found[1], **typed})


async def state(graph: Graph) -> State:
    return (await on_list(graph))[0].state


async def replies(graph: Graph, id: CandidacyId) -> list[tuple[str, str, str]]:
    found = (await correspondence(graph, ORGANISER, candidacies=[id]))[id].replies
    return [(one.answer, one.reason, one.suggestion) for one in found]


async def test_opening_it_shows_the_event_and_answers_nothing(people: Graph, browser: httpx.AsyncClient) -> None:
    await invited(people)
    path = await link(people)

    page = await browser.get(path)

    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert "A briefing" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert await state(people) is State.INVITED


async def test_it_is_written_the_way_that_its_reader_reads(people: Graph, browser: httpx.AsyncClient) -> None:
    await invited(people, DANA)

    assert '<html lang="ar" dir="rtl"' in (await browser.get(await link(people))).text


async def test_yes_is_one_button(people: Graph, browser: httpx.AsyncClient) -> None:
    id = await invited(people)
    path = await link(people)

    done = await answer(browser, path, answer="accept")
    again = await answer(browser, path, answer="accept")

    assert (done.status_code, again.status_code) == (200, 200)
    assert 'role="status"' in done.text
    assert await state(people) is State.ACCEPTED
    assert await replies(people, id) == [("accept", "", "")]


async def test_too_many_answers_at_once_lose_nothing_that_was_typed(
    serve: Serve, people: Graph, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWWHO_LIMIT_SIGN_IN", "1/minute")
    browser = await browse(serve())
    browser.headers.update({"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    await invited(people)
    path = await link(people)
    await answer(browser, path, answer="other_time", reason="In May.")

    refused = await answer(browser, path, answer="decline", reason="I travel.")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert words_of("fr").name("too often") in html.unescape(refused.text)
    assert re.search(r"<details[^>]*open.*I travel\.</textarea>", refused.text, re.DOTALL)
    assert await state(people) is State.INVITED


async def test_a_link_that_ended_says_so_also_once_too_much_was_asked(
    serve: Serve, people: Graph, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWWHO_LIMIT_SIGN_IN", "1/minute")
    browser = await browse(serve())
    browser.headers.update({"Origin": LOOPBACK, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    await invited(people)
    path = await link(people)
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(path)).text)
    assert csrf

    told = [await browser.post("/answer/nothing", data={"csrf": csrf[1], "answer": "accept"}) for _ in range(2)]

    assert [one.status_code for one in told] == [410, 410]


async def test_no_brings_a_reason_and_somebody_else(people: Graph, browser: httpx.AsyncClient) -> None:
    id = await invited(people)

    done = await answer(
        browser, await link(people), answer="decline", reason="I travel.\n<b>Sorry</b>", suggestion="A colleague"
    )

    assert done.status_code == 200
    assert "<form action=" not in done.text
    assert await replies(people, id) == [("decline", "I travel.\n<b>Sorry</b>", "A colleague")]


async def test_another_time_has_to_be_named_and_what_was_typed_stays(people: Graph, browser: httpx.AsyncClient) -> None:
    id = await invited(people)
    path = await link(people)

    empty = await answer(browser, path, answer="other_time", reason=" ")
    long = await answer(browser, path, answer="decline", reason="In May? " * 200)
    done = await answer(browser, path, answer="other_time", reason="In May.")

    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (422, True)
    assert (long.status_code, "In May? In May? " in long.text) == (422, True)
    assert done.status_code == 200
    assert await replies(people, id) == [("other_time", "In May.", "")]


async def test_who_said_yes_can_still_say_no(people: Graph, browser: httpx.AsyncClient) -> None:
    await invited(people)
    path = await link(people)
    await answer(browser, path, answer="accept")

    refused = await answer(browser, path, answer="decline")
    done = await answer(browser, path, answer="withdraw", reason="Ill.")

    assert refused.status_code == 422
    assert done.status_code == 200
    assert await state(people) is State.WITHDRAWN


@pytest.mark.parametrize("way", ["forged", "shortlisted anew"])
async def test_a_link_that_is_no_more_tells_nothing(people: Graph, browser: httpx.AsyncClient, way: str) -> None:
    id = await invited(people)
    path = await link(people)
    if way == "forged":
        path = path[:-3] + "AAA"
    else:
        await stepped(people, id, "declined", "shortlisted")

    page = await browser.get(path, headers={"Accept-Language": "es, en;q=0.5"})
    refused = await browser.post(path, data={"answer": "accept"})

    assert page.status_code == 410
    assert '<html lang="es"' in page.text
    assert "Ama" not in page.text
    assert refused.status_code in {403, 410}


async def test_a_cancelled_event_asks_nothing_any_more(people: Graph, browser: httpx.AsyncClient) -> None:
    await invited(people)
    path = await link(people)
    await event_changes.cancel(people, ORGANISER, event=BRIEFING, expected_version=0)

    page = await browser.get(path)

    assert page.status_code == 200
    assert 'name="answer"' not in page.text
    assert str(escape(words_of("fr").name("state cancelled"))) in page.text


@pytest.mark.parametrize("missing", ["csrf", "answer"])
async def test_what_did_not_come_from_the_page_answers_nothing(
    people: Graph, browser: httpx.AsyncClient, missing: str
) -> None:
    await invited(people)
    path = await link(people)

    if missing == "csrf":
        refused = await browser.post(path, data={"answer": "accept"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
    else:
        await answer(browser, path)
    assert await state(people) is State.INVITED
    assert (await on_list(people))[0].expert == AMA
