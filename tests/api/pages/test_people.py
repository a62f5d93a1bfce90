"""The pages of people by HTTP: what is told of somebody, and that what they hide is told nowhere, nor noticed."""

import html
import json
import re
from typing import LiteralString
from urllib.parse import unquote

import httpx
import pytest
from fastapi import FastAPI

from graph import audiences, consents
from graph.accounts import Account
from graph.alphabet import order_everything
from graph.consents import How, Purpose
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.people.introductions import introductions
from graph.viewer import Audience, FieldGroup, Role
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.person import ADDRESS, EXPERT, NAME, OTHER, add_person

HOSTILE = "<script>alert('x')</script>\u202e\"; DROP"
ADD: LiteralString = "UNWIND $people AS person CREATE (e:Expert {id: person.id, name: person.name})"
JOIN: LiteralString = """
MATCH (e:Expert) WHERE e.id STARTS WITH 'crowd'
MERGE (o:Organisation {id: $organisation, name: $organisation})
CREATE (e)-[:AFFILIATED_WITH]->(o), (e)-[:EVIDENCED_BY]->(:Passage {id: e.id, kind: 'biography', text: 'Guards'})
"""
RENAME: LiteralString = """
MATCH (e:Expert {id: $expert})
SET e.name = $text, e.headline = $text, e.other_names = [$text]
WITH e
MATCH (n) WHERE n:Event OR n:Organisation OR n:Resource OR n:Passage
SET n.title = $text, n.text = $text, n.name = $text
"""
WRITE_BIOGRAPHIES: LiteralString = """
MATCH (p:Passage {id: 'p1'}) SET p.language = 'fr', p.text = 'Une vie.'
WITH p
MATCH (e:Expert {id: $expert}), (d:Document {id: p.source})
CREATE (e)-[:EVIDENCED_BY]->(o:Passage {kind: 'biography', position: 0, source: d.id, id: 'p9', language: 'ar',
                                        text: 'حياة'})-[:PART_OF]->(d)
"""
SPEAK_FRENCH: LiteralString = """
MATCH (e:Expert), (l:Language {id: 'fr'}) WHERE e.id STARTS WITH 'crowd-'
CREATE (e)-[:SPEAKS {level: 'fluent'}]->(l)
"""
ADD_WHO_CAME: LiteralString = """
MATCH (w:Event {id: 'workshop'})
CREATE (:Expert {id: 'kofi', name: 'Kofi Ã & Co? Ñ='})-[:ATTENDED {id: 'x3', digest: 'd'}]->(w)
"""
HOLD: LiteralString = "MATCH (v:Event) SET v.starts_at = datetime('2022-06-02T12:00:00Z')"


@pytest.fixture
def app(serve: Serve) -> FastAPI:
    return serve()


@pytest.fixture
async def ama(graph: Graph) -> Account:
    """Somebody who withdrew that she may be written to, and shows organisers alone where she lives."""
    account = await add_person(graph)
    await graph.write(HOLD)
    return account


@pytest.fixture
async def own(app: FastAPI, browse: Browse, ama: Account) -> httpx.AsyncClient:
    browser = await browse(app)
    await sign_in(browser, ama)
    return browser


@pytest.fixture
async def salma(ama: Account, make_account: MakeAccount) -> Account:
    assert ama.id
    return await make_account("salma@example.org", expert=OTHER)


@pytest.fixture
async def member(app: FastAPI, browse: Browse, salma: Account) -> httpx.AsyncClient:
    """Salma's browser, who spoke where Ama did."""
    browser = await browse(app)
    await sign_in(browser, salma)
    return browser


@pytest.fixture
async def organiser(app: FastAPI, browse: Browse, ama: Account, make_account: MakeAccount) -> httpx.AsyncClient:
    assert ama.id
    browser = await browse(app)
    await sign_in(browser, await make_account("organiser@example.org", role=Role.ORGANISER))
    return browser


async def stamp(graph: Graph, *experts: str) -> None:
    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=list(experts))

    await graph.transact(work)


async def text_of(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.text


async def test_a_person_is_told_to_those_who_see_them(member: httpx.AsyncClient) -> None:
    page = await text_of(member, f"/people/{EXPERT}")

    assert f"<h1><bdi>{NAME}</bdi></h1>" in page
    assert '<a href="/topics/worship"><bdi>Worship</bdi></a>: leads in it, since 2011' in page
    assert "Head</bdi>, <bdi>Stewards" in page
    assert "amatest talks" in page
    assert "amatest has trained stewards." in page
    assert re.search(r'Spoke at <a href="/events/briefing"><bdi>A briefing</bdi></a>', page)
    assert f'href="/?like={EXPERT}"' in page


async def test_how_to_reach_somebody_and_where_they_live_is_told_as_they_chose(
    own: httpx.AsyncClient, member: httpx.AsyncClient, organiser: httpx.AsyncClient
) -> None:
    mine, theirs, organisers = [await text_of(one, f"/people/{EXPERT}") for one in (own, member, organiser)]

    assert "mailto:Ama@example.org" in mine
    assert '<a href="/me">Change it on your own page</a>' in mine
    assert "/countries/TN" in mine
    assert "ask an organiser of the network to pass on a message" in theirs
    assert "/countries/TN" not in theirs
    assert "/countries/TN" in organisers
    assert "Members choose who sees theirs.</p>" in organisers
    for page in (theirs, organisers):
        assert ADDRESS not in page.lower()


async def test_who_must_not_be_known_looks_like_who_is_not_there(
    graph: Graph, app: FastAPI, browse: Browse, ama: Account, member: httpx.AsyncClient
) -> None:
    everything = dict.fromkeys(FieldGroup, Audience.NOBODY)
    await audiences.set_of_person(graph, ama.viewer, expert=EXPERT, chosen=everything)
    stranger = await browse(app)

    for browser in (stranger, member):
        for path in ("/people/{}", "/people/{}/neighbourhood", "/people/{}/neighbourhood.json", "/people/{}.vcf"):
            hidden = await browser.get(path.format(EXPERT), headers={"Accept": "text/html"})
            nobody = await browser.get(path.format("nobody-testperson"), headers={"Accept": "text/html"})
            assert (
                hidden.status_code
                == nobody.status_code
                == (303 if path.endswith("vcf") and browser is stranger else 404)
            )
            assert hidden.text.replace(EXPERT, "") == nobody.text.replace("nobody-testperson", "")
        assert NAME not in await text_of(browser, "/people?name=Testperson")
    assert NAME not in await text_of(member, f"/people/{OTHER}/neighbourhood")
    assert "1 person" in await text_of(member, "/people?name=Salma")


async def test_an_id_among_all_nodes_is_no_second_address(member: httpx.AsyncClient) -> None:
    found = await member.post(
        "/graphql",
        json={"query": "query ($id: ID!) { expert(id: $id) { id } }", "variables": {"id": EXPERT}},
        headers={"X-Knowwho": "1"},
    )
    id = found.json()["data"]["expert"]["id"]

    assert (await member.get(f"/people/{id}")).status_code == 404


async def test_who_hides_where_they_were_is_met_nowhere(
    graph: Graph, ama: Account, salma: Account, member: httpx.AsyncClient
) -> None:
    before = await text_of(member, f"/people/{EXPERT}")
    await audiences.set_of_person(graph, ama.viewer, expert=EXPERT, chosen={FieldGroup.ATTENDANCE: Audience.NOBODY})
    page = await text_of(member, f"/people/{EXPERT}")

    assert "Where you may have met" in before
    assert "both spoke at" in before
    for hidden in ("A briefing", "A workshop", "/events/", "both spoke", "amatest spoke of gates"):
        assert hidden not in page
    assert await introductions(graph, salma.viewer, to=EXPERT) == ()
    around = await text_of(member, f"/people/{EXPERT}/neighbourhood")
    drawn = (await member.get(f"/people/{OTHER}/neighbourhood.json")).text
    assert "/events/" not in around
    assert NAME not in drawn


async def test_evidence_reads_in_its_own_language_and_the_biography_in_the_readers(
    graph: Graph, member: httpx.AsyncClient
) -> None:
    await graph.write(WRITE_BIOGRAPHIES, expert=EXPERT)
    await stamp(graph, EXPERT)

    french = await text_of(member, f"/people/{EXPERT}?lang=fr")
    russian = await text_of(member, f"/people/{EXPERT}?lang=ru")

    assert '<p class="as-written" lang="fr" dir="ltr">Une vie.</p>' in french.partition("<details>")[0]
    assert '<p class="as-written" lang="ar" dir="rtl">حياة</p>' in french.partition("<details>")[2]
    assert '<p class="as-written" lang="fr" dir="ltr">Une vie.</p>' in russian.partition("<details")[0]
    assert '<p class="as-written" lang="ar" dir="rtl">حياة</p>' in russian.partition("<details")[0]


async def test_what_people_write_is_text_everywhere(graph: Graph, member: httpx.AsyncClient) -> None:
    await graph.write(RENAME, expert=EXPERT, text=HOSTILE)

    for path in (f"/people/{EXPERT}", "/people", f"/people/{EXPERT}/neighbourhood", f"/people/{OTHER}/neighbourhood"):
        page = await text_of(member, path)
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
    drawn = await member.get(f"/people/{EXPERT}/neighbourhood.json")
    assert drawn.headers["content-type"] == "application/json"
    assert HOSTILE in [node["label"] for node in drawn.json()["nodes"]]
    card = (await member.get(f"/people/{EXPERT}.vcf")).text
    assert "\\; DROP" in card.replace("\r\n ", "")
    assert len(re.findall(r"^BEGIN:", card, re.MULTILINE)) == 1


async def test_a_card_has_what_its_reader_sees(
    app: FastAPI, browse: Browse, own: httpx.AsyncClient, member: httpx.AsyncClient
) -> None:
    mine, theirs = [await one.get(f"/people/{EXPERT}.vcf") for one in (own, member)]
    stranger = await (await browse(app)).get(f"/people/{EXPERT}.vcf")

    assert mine.headers["content-type"] == "text/vcard; charset=utf-8"
    assert mine.headers["cache-control"] == "no-store"
    assert "EMAIL:Ama@example.org\r\n" in mine.text
    assert "ADR:;;;;;;Tunisia\r\n" in mine.text
    assert "at1.ORG:Stewards\r\nat1.ROLE:Head\r\n" in theirs.text
    assert "EMAIL" not in theirs.text
    assert "ADR" not in theirs.text
    assert (stranger.status_code, stranger.headers["location"]) == (303, f"/sign-in?next=/people/{EXPERT}")


async def test_everybody_is_read_in_parts_forwards_and_back(graph: Graph, member: httpx.AsyncClient) -> None:
    people = [{"id": f"crowd-{number}", "name": f"Crowd {number:03}"} for number in range(120)]
    await graph.write(ADD, people=people)
    await order_everything(graph)
    await stamp(graph, *(one["id"] for one in people))

    seen, path = [], "/people"
    while path:
        page = await text_of(member, path)
        seen += re.findall(r"<bdi>(Crowd \d+)</bdi>", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        previous = re.search(r'href="([^"]+)" rel="prev"', page)
        path = following[1].replace("&amp;", "&") if following else ""

    assert seen == [one["name"] for one in people]
    assert "<bdi>Crowd 098</bdi>" not in page
    assert previous is not None
    assert "Crowd 050" in await text_of(member, previous[1].replace("&amp;", "&"))
    assert "<bdi>Crowd 117</bdi>" in await text_of(member, "/people?name=crowd+117")
    assert (await member.get("/people?after=x&name=a")).headers["location"] == "/people?name=a"


@pytest.mark.parametrize(
    "asked, is_found",
    [
        ("aissatou", True),
        ("SARR aissatou", True),
        ("Ndiaye Aïssatou", True),
        ("sarr, hadziosmanovic", True),
        ("ndi sar", True),
        ("عائشه", False),
        ("عائشة", True),
        ("sarr ndiayo", False),
        ("?", False),
        (".*", False),
    ],
)
async def test_people_are_found_by_words_of_their_names_in_any_order(
    graph: Graph, member: httpx.AsyncClient, asked: str, *, is_found: bool
) -> None:
    await graph.write(
        "CREATE (:Expert {id: 'a', name: $name, other_names: $others})",
        name="Aïssatou Ndiaye Sarr",
        others=["Hadžiosmanović, A.", "عائشة"],
    )
    await stamp(graph, "a")
    await order_everything(graph)

    page = (await member.get("/people", params={"name": asked})).text

    assert ("<bdi>Aïssatou Ndiaye Sarr</bdi>" in page) is is_found
    assert ("Nobody here has that name." in page) is not is_found


async def test_names_are_alphabetical_over_all_parts(graph: Graph, member: httpx.AsyncClient) -> None:
    ordered = [f"{name} {number:02}" for name in ("Ábel", "abena", "Élodie", "Eric", "Zoé") for number in range(12)]
    people = [{"id": f"crowd-{number}", "name": name} for number, name in enumerate(reversed(ordered))]
    await graph.write(ADD, people=people)
    await order_everything(graph)
    await stamp(graph, *(one["id"] for one in people))

    first = await text_of(member, "/people")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = await text_of(member, following[1].replace("&amp;", "&"))

    assert re.findall(r"<bdi>([^<]+ \d\d)</bdi>", first + second) == ordered


NAMES_BY_LANGUAGE = {
    "fr": ["Ñandu", "Núñez", "Nuno", "Nunzio", "Nzinga", "Ocampo", "Иван", "王伟"],
    "es": ["Nuno", "Nunzio", "Núñez", "Nzinga", "Ñandu", "Ocampo", "Иван", "王伟"],
    "ru": ["Иван", "Ñandu", "Núñez", "Nuno", "Nunzio", "Nzinga", "Ocampo", "王伟"],
    "zh": ["王伟", "Ñandu", "Núñez", "Nuno", "Nunzio", "Nzinga", "Ocampo", "Иван"],
}


@pytest.fixture
async def crowd(graph: Graph, member: httpx.AsyncClient) -> httpx.AsyncClient:
    """The member's browser in a network with twelve people of each of these names."""
    names = [f"{name} {number:02}" for name in NAMES_BY_LANGUAGE["fr"] for number in range(12)]
    people = [{"id": f"crowd-{number}", "name": name} for number, name in enumerate(reversed(names))]
    await graph.write(ADD, people=people)
    await graph.write(JOIN, organisation="Guild")
    await order_everything(graph)
    await stamp(graph, *(one["id"] for one in people))
    return member


@pytest.mark.parametrize("path", ["/people", "/?organisation=Guild"])
@pytest.mark.parametrize("language", NAMES_BY_LANGUAGE)
async def test_names_are_in_the_order_of_the_readers_over_all_parts(
    crowd: httpx.AsyncClient, language: str, path: str
) -> None:
    crowd.headers["Accept-Language"] = language
    seen: list[str] = []
    parts = 0
    while path:
        page = await text_of(crowd, path)
        seen += re.findall(r">(?:<bdi>)?([^<>]+ \d\d)<", page)
        following = re.search(r'href="([^"]*[?&;]after=[^"]+)"', page)
        path, parts = html.unescape(following[1]) if following else "", parts + 1

    assert seen == [f"{name} {number:02}" for name in NAMES_BY_LANGUAGE[language] for number in range(12)]
    assert parts == 2


@pytest.mark.parametrize("path", ["/people?name=n", "/?organisation=Guild"])
async def test_who_chooses_another_language_begins_the_list_anew(crowd: httpx.AsyncClient, path: str) -> None:
    following = re.search(r'href="([^"]*[?&;]after=[^"]+)"', await text_of(crowd, f"{path}&lang=ru"))
    assert following is not None
    second = html.unescape(following[1])

    page = await text_of(crowd, second)
    old = await crowd.get(f"{second}&lang=zh", follow_redirects=True, headers={"Accept": "text/html"})

    links = {html.unescape(one) for one in re.findall(r'<a href="([^"]+)" lang="es"', page)}
    assert links == {f"{path}&lang=es"}
    assert '<html lang="zh"' in old.text
    assert "Nuno 00" in old.text


async def test_organisers_read_who_was_invited_and_nobody_else_does(
    member: httpx.AsyncClient, organiser: httpx.AsyncClient
) -> None:
    assert "They have not been invited to speak yet." in await text_of(organiser, f"/people/{EXPERT}")
    assert "Invitations to speak" not in await text_of(member, f"/people/{EXPERT}")


async def test_the_list_of_a_neighbourhood_and_its_picture_say_the_same(member: httpx.AsyncClient) -> None:
    page = await text_of(member, f"/people/{EXPERT}/neighbourhood")
    address = re.search(r'data-picture="([^"]+)"', page)
    assert address is not None
    drawn = (await member.get(address[1].replace("&amp;", "&"))).json()

    labels = {node["label"] for node in drawn["nodes"]}
    assert labels == {
        NAME,
        "Salma Testperson",
        "A briefing",
        "A workshop, led by Ama Testperson",
        "A guide",
        "French",
    } | {
        "Stewards",
        "Worship",
    }
    assert drawn["centre"] == f"person:{EXPERT}"
    assert [f"person:{OTHER}", "event:briefing"] in drawn["edges"]
    for label in labels:
        assert label in page
    assert f'<a href="/people/{OTHER}/neighbourhood" data-walk>' in page
    assert json.dumps(drawn).count("Tunisia") == 0


async def test_the_list_of_a_neighbourhood_says_of_how_many_it_names_some(
    graph: Graph, member: httpx.AsyncClient
) -> None:
    people = [{"id": f"crowd-{number}", "name": f"Crowd {number:03}"} for number in range(30)]
    await graph.write(ADD, people=people)
    await graph.write(SPEAK_FRENCH)
    await order_everything(graph)
    await stamp(graph, *(one["id"] for one in people))

    page = await text_of(member, f"/people/{EXPERT}/neighbourhood")

    (spoken,) = re.findall(r"<li><bdi>French</bdi>.*?</li>|<li>They share <bdi>French.*?</li>", page, re.DOTALL)
    named = spoken.count("data-walk")
    assert 0 < named < 30
    assert f'<span class="count">{named} of 30</span> <a href="/?language=fr">Show everybody</a>' in spoken
    assert page.count("Show everybody") == 1


async def test_who_can_introduce_one_is_written_to_or_reached_as_their_page_says(
    graph: Graph, ama: Account, member: httpx.AsyncClient
) -> None:
    await graph.write(ADD_WHO_CAME)
    await order_everything(graph)
    await stamp(graph, "kofi", EXPERT)

    unseen = await text_of(member, "/people/kofi")
    await consents.decide(graph, ama.viewer, expert=EXPERT, purpose=Purpose.CONTACTED, given=True, how=How.PAGE)
    await audiences.set_of_person(graph, ama.viewer, expert=EXPERT, chosen={FieldGroup.CONTACT: Audience.MEMBERS})
    seen = await text_of(member, "/people/kofi")

    assert f'<a href="/people/{EXPERT}#reach">How to reach <bdi>{NAME}</bdi></a>' in unseen
    assert ADDRESS not in unseen.lower()
    (letter,) = re.findall(rf'<a href="mailto:([^"]+)">Write to <bdi>{NAME}</bdi></a>', seen)
    to, _, fields = html.unescape(letter).partition("?")
    said = dict(one.split("=") for one in fields.split("&"))
    assert to == "Ama@example.org"
    assert unquote(said["subject"]) == "Could you introduce me to Kofi Ã & Co? Ñ=?"
    greeting, empty, asked, page = unquote(said["body"]).split("\r\n")
    assert (greeting, empty) == (f"Hello {NAME},", "")
    assert "Kofi Ã & Co? Ñ=" in asked
    assert page.endswith("/people/kofi")
    assert "+" not in fields
