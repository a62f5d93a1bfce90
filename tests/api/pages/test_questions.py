"""The pages of open questions: who sees them, what people wrote, asking, helping and closing, by HTTP."""

import html
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml.html import document_fromstring
from markupsafe import escape

from graph import accounts, questions
from graph.accounts import Account
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.questions import QuestionId, Standing
from graph.values import TopicId
from graph.viewer import Audience, FieldGroup, Role
from tests.door import KEEPER, Browse, Serve, csrf_on, sign_in
from tests.graph.person import EXPERT, NAME, OTHER, add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = "<script>alert('x')</script> {{7*7}}"
TEXT = "Who guards gates?"
NARROWER = """
MATCH (t:Topic {id: 'worship'})
CREATE (:Topic {id: 'mosques', label_en: 'Mosques', label_fr: 'Mosquées', labels: ['Mosques']})-[:BROADER]->(t),
       (:Topic {id: 'hotels', label_en: 'Hotels'})
"""
FILL = """
MATCH (a:Account {id: $account}), (t:Topic {id: 'worship'})
UNWIND range(1, $many) AS number
CREATE (a)-[:ASKED]->(:Question {id: 'q' + number, text: 'Question ' + number, language: 'en',
                                 asked_at: $at - duration({minutes: number}), open_until: $until})-[:ABOUT]->(t)
"""


@pytest.fixture
async def ama(graph: Graph) -> Account:
    """Somebody with an account and a profile."""
    made = await add_person(graph)
    await graph.write(NARROWER)
    return made


@pytest.fixture
async def salma(graph: Graph, ama: Account) -> Account:
    """Somebody else with both."""
    return await accounts.create(graph, KEEPER, email="salma@example.org", role=Role.MEMBER, expert=OTHER)


@pytest.fixture
async def stranger(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    return await browse(serve())


@pytest.fixture
async def of_ama(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    return await opened(serve, browse, ama)


@pytest.fixture
async def of_salma(serve: Serve, browse: Browse, salma: Account) -> httpx.AsyncClient:
    return await opened(serve, browse, salma)


async def opened(serve: Serve, browse: Browse, account: Account) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, account)
    return browser


async def ask(graph: Graph, account: Account, text: str = TEXT, topic: str = "worship") -> QuestionId:
    return await questions.ask(graph, account.viewer, text=text, language="en", topics=[TopicId(topic)])


async def post(browser: httpx.AsyncClient, path: str, **fields: str | list[str]) -> httpx.Response:
    return await browser.post(path, data={"csrf": await csrf_on(browser)} | fields, headers=HERE)


def part(page: httpx.Response, id: str) -> str:
    """What stands in the section under a heading, with single spaces."""
    found = document_fromstring(page.text).xpath(f'//section[@aria-labelledby="{id}"]')
    return " ".join(" ".join(one.text_content() for one in found).split())


def undo(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Where the form that undoes goes, and what it holds."""
    said = page.text.partition('<div class="said"')[2].partition("</form>")[0]
    action = re.search(r'action="([^"]+)"', said)
    assert action is not None
    return action[1], {name: html.unescape(of) for name, of in re.findall(r'name="([^"]+)" value="([^"]*)"', said)}


# Who sees them.


async def test_to_the_public_it_is_as_if_there_were_none(
    graph: Graph, ama: Account, stranger: httpx.AsyncClient, of_salma: httpx.AsyncClient
) -> None:
    async def told() -> list[tuple[int, str]]:
        paths = ("/questions", "/questions?topic=worship", "/topics/worship", "/questions/nothing")
        return [((page := await stranger.get(path)).status_code, page.text) for path in paths]

    before = await told()
    id = await ask(graph, ama)

    assert await told() == before
    assert [status for status, _ in before] == [200, 200, 200, 404]
    assert "Open questions" not in before[2][1]
    assert (await stranger.get(f"/questions/{id}")).text == before[3][1].replace(
        "/questions/nothing", f"/questions/{id}"
    )
    assert (await stranger.get(f"/questions/{id}")).status_code == 404
    asking = await stranger.get("/questions/new", params={"q": "Who?"})
    assert (asking.status_code, asking.headers["location"]) == (303, "/sign-in?next=/questions/new%3Fq%3DWho%253F")
    assert TEXT in part(await of_salma.get("/questions"), "after")
    assert TEXT in part(await of_salma.get("/topics/worship"), "questions")


async def test_unknown_and_not_for_you_are_alike(
    graph: Graph, ama: Account, salma: Account, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)
    await questions.close(graph, ama.viewer, id=id, closed_as=Standing.WITHDRAWN)

    for way in ("", "/close", "/open", "/help"):
        answers = [
            await (post(of_salma, f"/questions/{one}{way}") if way else of_salma.get(f"/questions/{one}"))
            for one in (id, "nothing")
        ]
        if way == "/close":
            answers = [await post(of_salma, f"/questions/{one}{way}", **{"as": "answered"}) for one in (id, "nothing")]
        closed, unknown = ((one.status_code, one.text.replace(id, "nothing")) for one in answers)
        assert closed == unknown
        assert closed[0] == 404


async def test_the_page_of_a_topic_lists_those_on_narrower_ones_in_parts_and_leads_to_the_form(
    graph: Graph, ama: Account, of_salma: httpx.AsyncClient
) -> None:
    await graph.write(FILL, account=ama.id, many=10, at=datetime.now(UTC), until=datetime.now(UTC) + timedelta(days=1))
    await graph.write("MATCH (q:Question {id: 'q10'}) SET q.open_until = q.asked_at")
    await ask(graph, ama, "Of mosques", "mosques")
    await ask(graph, await accounts.create(graph, KEEPER, email="m@example.org", role=Role.MEMBER), "Another", "hotels")
    await graph.write(
        "MATCH (q:Question {id: 'q10'}) SET q.open_until = $until", until=datetime.now(UTC) + timedelta(1)
    )

    page = await of_salma.get("/topics/worship")
    onward = document_fromstring(page.text).xpath('//a[@rel="next"]/@href')
    rest = await of_salma.get(onward[0])

    assert "11 open questions" in part(page, "questions")
    assert "Of mosques" in part(page, "questions")
    assert "Question 10" not in part(page, "questions")
    assert "Question 10" in part(rest, "questions")
    assert 'href="/questions/new?topic=worship"' in page.text
    assert "1 open question ·" in part(await of_salma.get("/topics/mosques"), "questions")
    assert (await of_salma.get("/topics/worship?questions=x")).status_code == 404


async def test_who_asked_is_named_as_far_as_they_are_seen(
    graph: Graph, ama: Account, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)
    seen = [await of_salma.get(path) for path in (f"/questions/{id}", "/questions", "/topics/worship")]
    await set_of_person(graph, ama.viewer, expert=EXPERT, chosen={FieldGroup.LISTING: Audience.NOBODY})
    hidden = [await of_salma.get(path) for path in (f"/questions/{id}", "/questions", "/topics/worship")]

    for page in seen:
        assert f'<a href="/people/{EXPERT}"><bdi>{NAME}</bdi></a>' in page.text
    for page in hidden:
        assert "A member" in page.text
        assert NAME not in page.text
        assert EXPERT not in page.text


async def test_lists_that_are_empty_say_so_and_are_filtered_by_topic(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient
) -> None:
    empty = await of_ama.get("/questions")
    await ask(graph, ama, "Of mosques", "mosques")

    assert "Nobody has left a question open." in part(empty, "after")
    assert 'aria-labelledby="own"' not in empty.text
    assert "Nobody has left a question on it open." in part(await of_ama.get("/topics/hotels"), "questions")
    assert "Of mosques" in part(await of_ama.get("/questions?topic=worship"), "after")
    of_hotels = await of_ama.get("/questions?topic=hotels")
    assert "Of mosques" not in part(of_hotels, "after")
    assert "Of mosques" in part(of_hotels, "own")
    assert (await of_ama.get("/questions?topic=nothing")).status_code == 404
    assert (await of_ama.get("/questions?after=x")).status_code == 404


async def test_what_people_wrote_is_text(
    graph: Graph, ama: Account, salma: Account, of_ama: httpx.AsyncClient, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama, HOSTILE)
    await questions.offer(graph, salma.viewer, id=id, note=HOSTILE)

    for browser in (of_ama, of_salma):
        for path in (f"/questions/{id}", "/questions", "/topics/worship", f"/questions/{id}?done=taken-back&note=<b>x"):
            page = await browser.get(path)
            assert escape(HOSTILE) in page.text
            assert "<script>alert" not in page.text
            assert "<b>x" not in page.text
    assert part(await of_ama.get(f"/questions/{id}"), "offers").count("{{7*7}}") == 1


# Asking.


async def test_a_question_is_left_open_after_topics_were_found_and_had_back(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient
) -> None:
    form = await of_ama.get("/questions/new?lang=fr&topic=worship&topic=nothing")
    typed: dict[str, str | list[str]] = {
        "text": f"{HOSTILE} ?",
        "language": "ar",
        "topic": ["worship"],
        "offered": ["worship"],
    }
    found = await post(of_ama, "/questions/new", do="find", find="mosqu", **typed)
    none = await post(of_ama, "/questions/new", do="find", find="xyz", **typed)
    asked = await post(of_ama, "/questions/new", do="ask", **typed | {"topic": ["worship", "mosques"]})
    page = await of_ama.get(asked.headers["location"])
    action, fields = undo(page)
    undone = await of_ama.post(action, data=fields, headers=HERE)

    assert '<option value="fr" selected>' in form.text
    assert re.findall(r'name="topic" value="(\w+)"( checked)?', form.text) == [("worship", " checked")]
    assert re.findall(r'name="topic" value="(\w+)"( checked)?', found.text) == [
        ("worship", " checked"),
        ("mosques", ""),
    ]
    for page_of_form in (found, none):
        assert escape(f"{HOSTILE} ?") in page_of_form.text
        assert '<option value="ar" selected>' in page_of_form.text
    assert "Aucun" not in found.text
    assert 'role="status"' in none.text
    assert asked.status_code == 303
    assert 'lang="ar" dir="rtl"' in page.text
    (one,) = await questions.own(graph, ama.viewer)
    assert ([topic.id for topic in one.topics], one.standing) == (["mosques", "worship"], Standing.WITHDRAWN)
    assert undone.headers["location"] == f"/questions/{one.id}?done=closed"


async def test_a_topic_is_chosen_from_all_or_none(graph: Graph, ama: Account, of_ama: httpx.AsyncClient) -> None:
    form = await of_ama.get("/questions/new")
    others = form.text.partition('<select id="another" name="topic">')[2].partition("</select>")[0]
    added = await post(of_ama, "/questions/new", do="find", text=TEXT, language="en", topic=["mosques", ""], find="")
    asked = await post(of_ama, "/questions/new", do="ask", text=TEXT, language="en", topic=[""])
    page = await of_ama.get(asked.headers["location"])
    action, fields = undo(page)
    withdrawn = await of_ama.get((await of_ama.post(action, data=fields, headers=HERE)).headers["location"])

    assert {"worship", "mosques"} <= set(re.findall(r'<option value="(\w+)"', others))
    assert re.findall(r'name="topic" value="(\w+)"( checked)?', added.text) == [("mosques", " checked")]
    assert f"{TEXT}</textarea>" in added.text
    assert 'role="status"' not in added.text
    assert [one.topics for one in await questions.own(graph, ama.viewer)] == [()]
    assert "withdrawn by you" in withdrawn.text
    assert "withdrawn by you" in (await of_ama.get("/questions")).text


@pytest.mark.parametrize(
    "fields,field,said",
    [
        ({"text": " "}, "text", "The question is empty; write what you want to know."),
        ({"text": "x" * 1001}, "text", "The question has 1,001 characters, more than 1,000; shorten it."),
        ({"topic": list("abcdef")}, "topic", "The question is on 6 topics; choose 5 at most."),
        ({"topic": ["nothing"]}, "topic", "There is no topic"),
        ({"language": "de"}, "language", "is none of the languages"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient, *, fields: dict[str, str | list[str]], field: str, said: str
) -> None:
    whole: dict[str, str | list[str]] = {"text": TEXT, "language": "fr", "topic": ["worship"], "offered": ["worship"]}

    answer = await post(of_ama, "/questions/new", do="ask", **whole | fields)

    beside = answer.text.partition(f'<div id="wrong-{field}">')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert said in html.unescape(beside)
    assert f'aria-invalid="true" autofocus="" aria-describedby="wrong-{field}"' in answer.text
    assert f"{str((whole | fields)['text']).strip()}</textarea>" in answer.text
    assert 'name="topic" value="worship"' in answer.text
    assert await questions.own(graph, ama.viewer) == []


async def test_an_eleventh_is_refused_in_the_pages_language(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient
) -> None:
    await graph.write(FILL, account=ama.id, many=10, at=datetime.now(UTC), until=datetime.now(UTC) + timedelta(days=1))

    answer = await post(of_ama, "/questions/new?lang=fr", do="ask", text=TEXT, language="en", topic="worship")

    assert answer.status_code == 422
    assert 'class="refusal"' in answer.text
    assert "open questions already" not in answer.text
    assert await questions.count(graph, ama.viewer) == 10


# Helping.


async def test_help_is_offered_seen_by_the_asker_taken_back_and_had_back(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)
    before = await of_salma.get(f"/questions/{id}")
    offered = await post(of_salma, f"/questions/{id}/help", note=f"I know {HOSTILE}")
    after = await of_salma.get(offered.headers["location"])
    to_asker = await of_ama.get(f"/questions/{id}")
    taken = await post(of_salma, f"/questions/{id}/help/remove")
    gone = await of_ama.get(f"/questions/{id}")
    await post(of_salma, f"/questions/{id}/help", note=f"I know {HOSTILE}")
    again = await of_ama.get("/questions")

    assert "Whoever asked, and nobody else, sees your name" in part(before, "help")
    assert "I know" in part(after, "help")
    assert f'<a href="/people/{OTHER}"><bdi>Salma Testperson</bdi></a>' in to_asker.text
    assert "I know" in part(to_asker, "offers")
    assert "Nobody has offered help yet." in part(gone, "offers")
    assert "Your offer is taken back." in taken.text
    assert f"I know {escape(HOSTILE)}</textarea>" in taken.text
    assert "1 offer of help" in part(again, "own")
    assert "offer of help" not in (await of_salma.get("/questions")).text


async def test_whom_members_do_not_see_is_told_before_and_refused(
    graph: Graph, ama: Account, salma: Account, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)
    await set_of_person(graph, salma.viewer, expert=OTHER, chosen={FieldGroup.LISTING: Audience.ORGANISERS})

    page = await of_salma.get(f"/questions/{id}")
    answer = await post(of_salma, f"/questions/{id}/help", note="Me")

    assert "your offer would not reach whoever asked" in part(page, "help")
    assert 'name="note"' not in page.text
    assert answer.status_code == 422
    assert "let members see you, and offer again" in answer.text
    assert (await questions.offers(graph, ama.viewer, id=id, first=5)).entries == []


async def test_a_note_that_is_too_long_is_kept_in_the_form(
    graph: Graph, ama: Account, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)

    answer = await post(of_salma, f"/questions/{id}/help", note="x" * 501)

    assert answer.status_code == 422
    assert 'aria-describedby="told wrong-note" aria-invalid="true"' in answer.text
    assert f"{'x' * 501}</textarea>" in answer.text


async def test_who_is_nobody_of_the_network_is_told_who_helps(
    graph: Graph, ama: Account, serve: Serve, browse: Browse
) -> None:
    id = await ask(graph, ama)
    member = await accounts.create(graph, KEEPER, email="m@example.org", role=Role.MEMBER)
    browser = await opened(serve, browse, member)

    assert "your account stands for none of them" in part(await browser.get(f"/questions/{id}"), "help")
    assert (await post(browser, f"/questions/{id}/help")).status_code == 403


async def test_an_offer_with_a_closed_question_is_taken_back_and_the_list_says_so(
    graph: Graph, ama: Account, salma: Account, of_salma: httpx.AsyncClient
) -> None:
    id = await ask(graph, ama)
    await questions.offer(graph, salma.viewer, id=id)
    await questions.close(graph, ama.viewer, id=id, closed_as=Standing.ANSWERED)

    taken = await post(of_salma, f"/questions/{id}/help/remove")

    assert taken.headers["location"] == "/questions?done=taken-back"
    assert "Your offer is taken back." in (await of_salma.get(taken.headers["location"])).text


# Closing.


@pytest.mark.parametrize("closed_as", ["answered", "withdrawn"])
async def test_the_asker_closes_it_and_undoes_that(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient, of_salma: httpx.AsyncClient, *, closed_as: str
) -> None:
    id = await ask(graph, ama)
    refused = await post(of_salma, f"/questions/{id}/close", **{"as": closed_as})
    unfit = await post(of_ama, f"/questions/{id}/close", **{"as": "run out"})
    closed = await post(of_ama, f"/questions/{id}/close", **{"as": closed_as})
    page = await of_ama.get(closed.headers["location"])
    listed = await of_ama.get("/questions")
    action, fields = undo(page)
    await of_ama.post(action, data=fields, headers=HERE)

    assert (refused.status_code, unfit.status_code, closed.status_code) == (403, 422, 303)
    assert "1 closed question" in part(listed, "own")
    assert "Nobody has left a question open." in part(listed, "after")
    assert (await of_salma.get(f"/questions/{id}")).status_code == 200


async def test_an_organiser_takes_it_down_and_puts_it_back(
    graph: Graph, ama: Account, of_ama: httpx.AsyncClient, serve: Serve, browse: Browse
) -> None:
    id = await ask(graph, ama)
    organiser = await accounts.create(graph, KEEPER, email="o@example.org", role=Role.ORGANISER)
    browser = await opened(serve, browse, organiser)

    offered = await browser.get(f"/questions/{id}")
    taken_down = await post(browser, f"/questions/{id}/close", **{"as": "taken down"})
    to_asker = await of_ama.get(f"/questions/{id}")
    refused = await post(of_ama, f"/questions/{id}/open")
    action, fields = undo(await browser.get(taken_down.headers["location"]))
    await browser.post(action, data=fields, headers=HERE)

    assert "Take this question down" in offered.text
    assert "taken down by those who organise the network" in to_asker.text
    assert "Open it again" not in to_asker.text
    assert refused.status_code == 403
    assert "Take this question down" not in (await of_ama.get(f"/questions/{id}")).text
    assert await questions.count(graph, ama.viewer) == 1


@pytest.mark.parametrize("way", ["new", "{id}/close", "{id}/open", "{id}/help", "{id}/help/remove"])
async def test_a_form_from_elsewhere_and_who_is_not_signed_in_change_nothing(
    graph: Graph, ama: Account, of_salma: httpx.AsyncClient, stranger: httpx.AsyncClient, *, way: str
) -> None:
    path = f"/questions/{way.format(id=await ask(graph, ama))}"
    fields = {"text": "Another", "language": "en", "topic": "worship", "as": "answered", "note": "x"}

    forged = await of_salma.post(path, data={"csrf": "guessed"} | fields, headers=HERE)
    unknown = await post(stranger, path, **fields)

    assert forged.status_code == 403
    assert unknown.status_code == 303
    assert unknown.headers["location"].startswith("/sign-in?next=/questions/")
    (one,) = await questions.own(graph, ama.viewer)
    assert (one.text, one.is_open, one.offers) == (TEXT, True, 0)
