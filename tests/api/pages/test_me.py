"""A person's own page by HTTP: what its forms do, what they refuse, and that nobody else's page is there."""

import asyncio
import io
import json
import re
import zipfile

import httpx
import pytest
from lxml import html

from graph import audiences, consents, erasure, feedback
from graph.accounts import Account
from graph.graph import Graph, Transaction
from graph.values import Purpose
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.door import Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.person import EXPERT, OTHER, add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
PEOPLE = "MATCH (e:Expert {id: 'ama-testperson'}) RETURN count(e) AS people"


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, account: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, account)
    return opened


async def send(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, data={"csrf": await csrf_on(browser), **fields}, headers=HERE)


async def test_who_is_not_signed_in_is_sent_to_do_that(serve: Serve, browse: Browse) -> None:
    stranger = await browse(serve())

    for path in ("/me", "/me/export.zip"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/me")


async def test_audiences_are_set_and_the_answer_offers_to_take_that_back(
    graph: Graph, browser: httpx.AsyncClient, account: Account
) -> None:
    answer = await send(browser, "/me/audiences", audience_contact="nobody", audience_country="")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/me?said=audiences&audience_contact=&audience_country=organisers"
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert found[FieldGroup.CONTACT].chosen is Audience.NOBODY
    assert found[FieldGroup.COUNTRY].chosen is None
    page = (await browser.get(answer.headers["location"])).text
    assert '<input type="hidden" name="audience_country" value="organisers">' in page


@pytest.mark.parametrize(
    "path,fields",
    [
        ("/me/audiences", {"audience_contact": "robots"}),
        ("/me/consent", {"purpose": "listed", "decision": "perhaps"}),
        ("/me/consent", {"purpose": "sold", "decision": "given"}),
        ("/me/erase", {"confirmation": "Ama Testperson"}),
        ("/me/sessions/end", {"session": "of somebody else"}),
    ],
)
async def test_what_cannot_be_done_is_said_on_the_page(
    browser: httpx.AsyncClient, path: str, fields: dict[str, str]
) -> None:
    answer = await send(browser, path, **fields)

    assert answer.status_code == 422
    assert re.search(r'<p class="refusal" role="alert">[^<]+\.</p>', answer.text)


async def test_what_the_database_does_not_do_in_time_is_no_refusal(
    graph: Graph, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_held, may_go = asyncio.Event(), asyncio.Event()

    async def hold(tx: Transaction) -> None:
        await tx.run("MERGE (n:ChangeCounter {id: 'changes'}) SET n.last = n.last")
        is_held.set()
        await may_go.wait()

    form = {"csrf": await csrf_on(browser), "audience_contact": "nobody"}
    holding = asyncio.create_task(graph.transact(hold, timeout_s=60))
    await is_held.wait()
    monkeypatch.setattr(Graph.transact, "__kwdefaults__", {"timeout_s": 1.0})
    answer = await browser.post("/me/audiences", data=form, headers={**HERE, "Accept": "text/html"})
    may_go.set()
    await holding

    assert answer.status_code == 504
    assert "The network took too long to answer" in answer.text


async def test_who_sees_what_is_said_in_sentences_from_the_widest_to_nobody(browser: httpx.AsyncClient) -> None:
    await send(browser, "/me/audiences", audience_profile="everyone", audience_listing="everyone")

    page = (await browser.get("/me")).text

    said = re.findall(r"<li>(\w[^<]+ sees? [^<]+\.)</li>", page)
    assert said == [
        "Everybody sees your name and your headline, topics, biography and works.",
        "Members also see the organisations that you work for, the languages that you speak and the events where you "
        "spoke or took part.",
        "Only organisers see your country and those where you worked.",
        "Nobody but you sees your e-mail address, telephone and when you are away.",
    ]


@pytest.mark.parametrize(
    "audience,shows,hides",
    [
        (
            "everyone",
            ["does not learn that you are in the network"],
            ["<h1><bdi>", "Calls herself", "Tunisia", "French"],
        ),
        ("members", ["Calls herself amatest", "French"], ["Tunisia", "Ama@example.org"]),
        ("organisers", ["Calls herself amatest", "French", "Tunisia"], ["Ama@example.org", "documents/"]),
    ],
)
async def test_the_page_is_shown_as_others_see_it_by_the_rules_for_them(
    browser: httpx.AsyncClient, audience: str, shows: list[str], hides: list[str]
) -> None:
    page = await browser.get(f"/me?as={audience}&person={OTHER}&expert={OTHER}")

    (main,) = re.findall(r"<main.*</main>", page.text, re.DOTALL)
    assert [text for text in shows if text not in main] == []
    assert [text for text in hides if text in main] == []
    assert "Salma Testperson" not in main


async def test_nobody_is_no_audience_to_look_as(browser: httpx.AsyncClient) -> None:
    for audience in ("nobody", "administrator", ""):
        assert "Take your data" in (await browser.get(f"/me?as={audience}")).text


async def test_a_page_that_answers_a_form_leads_to_itself_in_another_language(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, "/me/consent", purpose="sold", decision="given")

    assert 'href="/me?' in answer.text
    assert "/me/consent?" not in answer.text


async def test_the_own_page_and_its_consents_are_in_the_language_that_is_asked_for(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/me", headers={"Accept-Language": "fr"})).text

    assert "J’accepte de figurer dans ce réseau" in page
    assert "Seuls les membres et les personnes qui organisent voient votre nom" in page
    assert "I agree" not in page


async def test_consent_is_decided_on_the_page(graph: Graph, browser: httpx.AsyncClient, account: Account) -> None:
    answer = await send(browser, "/me/consent", purpose="listed", decision="withdrawn")

    history, _ = await consents.history_of(graph, account.viewer, expert=EXPERT)
    assert answer.headers["location"] == "/me?said=withdrawn&purpose=listed"
    assert (history[0].purpose, history[0].given, history[0].how) == (Purpose.LISTED, False, consents.How.PAGE)


async def test_a_decision_is_taken_back_where_another_on_the_same_text_came_before(
    graph: Graph, browser: httpx.AsyncClient, account: Account
) -> None:
    async def offered(decision: str) -> list[str]:
        answer = await send(browser, "/me/consent", purpose="listed", decision=decision)
        page = html.fromstring((await browser.get(answer.headers["location"])).text)
        return [str(one) for one in page.xpath("//div[@role='status']//button[@name='decision']/@value")]

    assert [await offered(one) for one in ("given", "withdrawn", "given")] == [[], ["given"], ["withdrawn"]]
    await consents.set_text(graph, Viewer(Role.ADMINISTRATOR), purpose=Purpose.LISTED, by_language={"en": "Another."})
    assert await offered("withdrawn") == []


async def test_what_was_said_of_a_match_is_listed_and_taken_back(
    graph: Graph, browser: httpx.AsyncClient, account: Account
) -> None:
    question = 'Who "trains" stewards?'
    await feedback.judge(graph, account.viewer, question=question, expert=OTHER, is_useful=False, keeps_question=True)
    listed = (await browser.get("/me")).text

    answer = await send(browser, "/me/judgement", q=question, expert=OTHER)

    assert "<bdi>Salma Testperson</bdi>: not useful," in listed
    assert '<input type="hidden" name="q" value="Who &#34;trains&#34; stewards?">' in listed
    assert answer.headers["location"] == "/me?said=forgotten"
    assert "What you said of matches" not in (await browser.get("/me")).text
    assert (await feedback.own(graph, account.viewer, first=10)).entries == []


@pytest.mark.parametrize(
    "path", ["/me/audiences", "/me/consent", "/me/judgement", "/me/erase", "/me/sessions/end-others"]
)
async def test_a_form_from_elsewhere_does_nothing(graph: Graph, browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.post(path, data={"csrf": "guessed", "confirmation": EXPERT}, headers=HERE)

    assert answer.status_code == 403
    assert (await graph.read(PEOPLE))[0]["people"] == 1


async def test_the_zip_has_json_a_page_and_their_digests(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/me/export.zip")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.namelist() == ["manifest.json", "person.json", "person.html"]
        assert json.loads(file.read("person.json"))["person"]["id"] == EXPERT
        assert "<h1>What the network knows of <bdi>Ama Testperson</bdi></h1>" in file.read("person.html").decode()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="ama-testperson.zip"'


async def test_the_page_in_the_zip_is_in_the_language_that_is_asked_for(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/me/export.zip", headers={"Accept-Language": "ar"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        page = file.read("person.html").decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>ما تعرفه الشبكة عن <bdi>Ama Testperson</bdi></h1>" in page


async def test_a_decision_by_complaint_is_told(graph: Graph, browser: httpx.AsyncClient, account: Account) -> None:
    await consents.decide(
        graph, account.viewer, expert=EXPERT, purpose=Purpose.RECORDED, given=False, how=consents.How.COMPLAINT
    )

    assert "(by complaining of a letter)" in (await browser.get("/me")).text


async def test_who_erased_themselves_is_signed_out_everywhere_and_the_files_are_swept(
    graph: Graph, serve: Serve, browse: Browse, browser: httpx.AsyncClient, account: Account
) -> None:
    other = await browse(serve())
    await sign_in(other, account)

    answer = await send(browser, "/me/erase", confirmation=EXPERT)

    assert (answer.status_code, answer.headers["location"]) == (303, "/erased")
    assert [(await one.get("/me")).status_code for one in (browser, other)] == [303, 303]
    assert (await graph.read(PEOPLE))[0]["people"] == 0
    assert not await erasure.sweep(graph)


async def test_an_account_that_is_no_person_sees_its_sessions_and_can_erase_nobody(
    graph: Graph, serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account("keeper@example.org", role=Role.ADMINISTRATOR))

    page = await browser.get("/me")
    answer = await send(browser, "/me/erase", confirmation=EXPERT)

    assert page.status_code == 200
    assert "Where you are signed in" in page.text
    assert "Be erased" not in page.text
    assert answer.status_code == 422


async def test_the_page_is_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    assert "no-store" in (await browser.get("/me")).headers["cache-control"]


@pytest.mark.parametrize(
    "agent, said",
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sous Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            "Mobile Safari sous iOS",
        ),
        ("curl/8.5.0", "curl"),
        ("a <b>tool</b> of ours", "a &lt;b&gt;tool&lt;/b&gt; of ours"),
        ("", "Un navigateur sans nom"),
    ],
)
async def test_a_session_is_called_by_its_browser_and_system(
    serve: Serve, browse: Browse, account: Account, agent: str, said: str
) -> None:
    opened = await browse(serve())
    opened.headers["User-Agent"] = agent
    await sign_in(opened, account)

    page = (await opened.get("/me?lang=fr")).text

    assert re.findall(r"<strong><bdi>(.*?)</bdi></strong> <span class=.mark.>", page) == [said]
