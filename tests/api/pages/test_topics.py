"""The pages of topics: the scheme as a tree, its search in six languages, and who and what is on a topic."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lxml import html

from api.app import create_app
from api.network import OpenNetwork
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.api.pages.looking import Look, looking
from tests.door import Serve
from tests.graph.people.duplicated import AMA, loaded, written

HOSTILE = "<script>alert('x')</script> {{7*7}}"
TOPICS = f"""\
id,broader,label_en,label_fr,other_labels_ar,definition
prevention,,Prevention,Prévention,,"{HOSTILE}"
stewards,prevention,"{HOSTILE}",Bénévoles,منظمو المصلين,
law,,Law,Droit,,
ethics,,Ethics,Éthique,,
"""
PEOPLE = "id,name,headline,email,country,languages,topics,worked_in,joined,gender,away\n"
AMA_TOO = "ama,Ama Testperson,Trainer of stewards,ama@example.org,TN,fr:fluent,stewards:lead:2011,TN,2022-02-10,,\n"
OTHERS = "".join(
    f"p{number:02},Person {number:02},,p{number:02}@example.org,GH,en:fluent,prevention:familiar,,,,\n"
    for number in range(1, 25)
)


@pytest.fixture
async def look(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[Look]:
    app = create_app(sample_settings)
    app.state.network = sample
    async with looking(app) as found:
        yield found


@pytest.fixture
async def look_at_few(serve: Serve, graph: Graph, tmp_path: Path) -> AsyncIterator[Look]:
    """A network of 25 people: Ama leads in a topic with a hostile name, all others know the one above it."""
    files = {
        "resources": "id,title,kind,authors\nguide,A guide,module,ama\n",
        "affiliations": "expert,organisation,role,from\n",
        "speakers": "event,expert,role,talk\n",
        "attendance": "event,expert\n",
    }
    written(tmp_path, topics=TOPICS, experts=PEOPLE + AMA_TOO + OTHERS, **files)
    for document in (tmp_path / "documents").rglob("*.md"):
        document.unlink()
    await loaded(graph, tmp_path)
    async with looking(serve()) as found:
        yield found


def texts(page: str, path: str) -> list[str]:
    """What stands in the elements of a page, without outer and double space."""
    return [" ".join(str(element.text_content()).split()) for element in html.fromstring(page).xpath(path)]


async def test_the_scheme_is_a_tree_in_the_order_of_the_language_and_its_names_are_text(look_at_few: Look) -> None:
    french = await look_at_few("/topics?lang=fr")
    hostile = [
        await look_at_few(f"{address}{'&' if '?' in address else '?'}lang=en")
        for address in ("/topics", "/topics/stewards", "/topics/prevention", "/topics?q=alert", f"/topics?q={HOSTILE}")
    ]

    roots = "//main/ul[@class='tree']/li"
    assert texts(french.text, f"{roots}/a") == ["Droit", "Éthique", "Prévention"]
    assert texts(french.text, f"{roots}/details//li/a") == ["Bénévoles"]
    assert texts(french.text, f"{roots}/span") == ["0 personne", "0 personne", "25 personnes"]
    for page in hostile:
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>alert" not in page.text
        assert "{{7*7}}" in page.text


async def test_who_knows_it_best_comes_first_and_who_hides_their_profile_is_not_counted(
    look_at_few: Look, graph: Graph
) -> None:
    people = "//section[@aria-labelledby='people']//li/a"
    first = await look_at_few("/topics/prevention")
    further = html.fromstring(first.text).xpath("//a[@rel='next']/@href")[0]
    second = await look_at_few(further)
    ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await set_of_person(graph, ama, expert=AMA, chosen={FieldGroup.PROFILE: Audience.NOBODY})
    after = await look_at_few("/topics/prevention")
    tree = await look_at_few("/topics")
    strangers = await look_at_few("/topics/prevention", PUBLIC)

    assert texts(first.text, people) == ["Ama Testperson", *(f"Person {number:02}" for number in range(1, 20))]
    assert "/people/ama" in html.fromstring(first.text).xpath(f"{people}/@href")
    assert texts(second.text, people) == [f"Person {number:02}" for number in range(20, 25)]
    assert "25 people" in first.text
    assert "24 people" in after.text
    assert "Ama Testperson" not in after.text
    assert texts(tree.text, "//li[@id='topic-prevention']/span") == ["24 people"]
    assert texts(tree.text, "//li[@id='topic-stewards']/span") == ["0 people"]
    assert "Nobody whom you may see knows it." in strangers.text


@pytest.mark.parametrize(
    "question, language, found",
    [
        ("MOSQUE", "fr", ["Bénévoles d'accueil des lieux de culte", "Sites religieux"]),
        ("礼拜场所", "en", ["Religious sites", "Stewards at places of worship"]),
        ("المساجد", "en", ["Religious sites", "Stewards at places of worship"]),
        ("hotels", "en", ["Hotels"]),
        ("sourdough", "en", []),
    ],
)
async def test_the_search_knows_every_name_in_every_language(
    look: Look, question: str, language: str, found: list[str]
) -> None:
    page = await look(f"/topics?q={question}&lang={language}")

    assert texts(page.text, "//main//ul[contains(@class, 'listed')]/li/a") == found


async def test_an_address_opens_the_way_to_a_topic(look: Look) -> None:
    closed = await look("/topics")
    opened = await look("/topics?open=worship-stewards")
    way = "//li[@id='topic-religious-sites']/details/@open"

    assert html.fromstring(closed.text).xpath(way) == []
    assert html.fromstring(opened.text).xpath(way) == [""]
    assert html.fromstring(opened.text).xpath("//li[@id='topic-public-spaces']/details/@open") == []


async def test_a_topic_has_its_names_its_place_and_all_that_is_on_it(look: Look) -> None:
    page = html.fromstring((await look("/topics/religious-sites")).text)

    assert page.xpath("string(//h1)") == "Religious sites"
    assert page.xpath("//dl//div[@lang='ar'][@dir='rtl']/dt/text()") == ["المواقع الدينية"]
    assert page.xpath("//nav[@aria-label='Broader topics']/a/@href") == [
        "/topics?open=religious-sites#topic-religious-sites",
        "/topics/vulnerable-places",
    ]
    assert "/topics/worship-stewards" in page.xpath("//ul[@class='chips']//a/@href")
    assert "/?topic=religious-sites" in page.xpath("//a[@class='button']/@href")
    assert page.xpath("//h3[@id='past']/following-sibling::ul[1]/li/a/bdi/text()") == [
        "Protecting religious sites while keeping their doors open"
    ]
    assert "Places of worship: welcome and protection" in page.xpath("string(//section[@aria-labelledby='resources'])")
    assert "Regional seminar on the protection of religious sites" in page.xpath(
        "string(//section[@aria-labelledby='activities'])"
    )


@pytest.mark.parametrize("address", ["/topics/nothing", "/topics/Hotels", "/topics/hotels?people=x"])
async def test_what_is_not_there_is_not_found(look: Look, address: str) -> None:
    page = await look(address)

    assert page.status_code == 404
    assert "Nothing here" in page.text
