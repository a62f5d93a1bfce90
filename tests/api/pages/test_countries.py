"""The pages of countries: the map and its table in a viewer's sight, and who and what is in a country."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from lxml import html

from api import web
from api.app import create_app
from api.network import OpenNetwork
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.api.pages.looking import Look, looking
from tests.door import Serve
from tests.graph.people.duplicated import AMA, KOFI, loaded, written

HOSTILE = "<script>alert('x')</script>"
LARGEST_MAP = 60_000
"""Letters of the map's part of the page."""


@pytest.fixture
async def app(sample: OpenNetwork, sample_settings: GraphSettings) -> FastAPI:
    web.install(sample_settings)
    app = create_app(sample_settings)
    app.state.network = sample
    return app


@pytest.fixture
async def look(app: FastAPI) -> AsyncIterator[Look]:
    async with looking(app) as found:
        yield found


@pytest.fixture
async def look_at_few(serve: Serve, graph: Graph, graph_settings: GraphSettings, tmp_path: Path) -> AsyncIterator[Look]:
    """Three people: two live in Tunisia and Ghana, one in France, and a hostile activity is for Tunisia."""
    web.install(graph_settings)
    written(tmp_path)
    (tmp_path / "activities.csv").write_text(
        f'id,title,kind,status,starts_on,topics,countries\nclinic,"{HOSTILE}",national,done,2022-06-07,law,TN\n'
        "gone,Called off,national,cancelled,2022-06-07,law,TN\n"
    )
    await loaded(graph, tmp_path)
    async with looking(serve()) as found:
        yield found


def table(page: str) -> dict[str, list[str]]:
    """The table's rows by country: region, and then the figures as they are written."""
    rows = html.fromstring(page).xpath("//table//tbody/tr")
    return {row.xpath("string(th)"): [cell.text_content() for cell in row.xpath("td")] for row in rows}


def shades(page: str) -> dict[str, str]:
    """The classes of the map's countries, by code, as far as they have one."""
    links = html.fromstring(page).xpath("//figure//a[path/@class]")
    return {link.get("href").removeprefix("/countries/"): link.xpath("string(path/@class)") for link in links}


async def test_the_map_and_the_table_say_the_same(look: Look) -> None:
    page = (await look("/countries")).text
    tree = html.fromstring(page)
    map_ = page[page.index("<svg viewBox") : page.index("<figcaption>")]

    assert table(page)["China"] == ["Eastern Asia", "9", "10", "0", "0", "0"]
    assert shades(page)["CN"] == "level-2"
    assert shades(page)["KE"] == "level-1"
    assert "RU" not in shades(page)
    assert tree.xpath("//figure//a[@href='/countries/CN']/title/text()") == ["China: 9 experts live there"]
    assert tree.xpath("//figure/svg/@aria-hidden") == ["true"]
    assert set(tree.xpath("//figure//a/@tabindex")) == {"-1"}
    assert len(map_) < LARGEST_MAP
    assert "they imply no opinion" in page
    assert "You may see where 150 experts live. They live in 102 countries and areas." in " ".join(
        tree.xpath("string(//main)").split()
    )


@pytest.mark.parametrize(
    "shown, title", [("activities", "Algeria: 2 activities and projects"), ("gaps", "Algeria: 3 gaps")]
)
async def test_the_map_shows_what_the_address_says(look: Look, shown: str, title: str) -> None:
    page = html.fromstring((await look(f"/countries?show={shown}")).text)

    assert page.xpath("//figure//a[@href='/countries/DZ']/title/text()") == [title]
    assert page.xpath("//nav[@aria-label='What the map shows']/a[@aria-current]/@href") == [
        f"/countries?show={shown}&order=name"
    ]


async def test_the_table_is_in_the_order_that_is_asked_for(look: Look) -> None:
    spanish = list(table((await look("/countries?lang=es")).text))
    most = [row[1] for row in table((await look("/countries?order=experts&lang=en")).text).values()]

    assert spanish.index("Austria") < spanish.index("Bélgica") < spanish.index("Sudáfrica")
    assert spanish.index("Emiratos Árabes Unidos") < spanish.index("España")
    assert most == sorted(most, key=int, reverse=True)


async def test_who_hides_their_country_makes_the_map_lighter(look_at_few: Look, graph: Graph) -> None:
    before = (await look_at_few("/countries")).text
    kofi = Viewer(Role.MEMBER, person=KOFI, actor="account:kofi")
    await set_of_person(graph, kofi, expert=KOFI, chosen={FieldGroup.COUNTRY: Audience.NOBODY})
    after = (await look_at_few("/countries")).text
    strangers = (await look_at_few("/countries?show=gaps", PUBLIC)).text

    assert shades(before) == {"TN": "level-0", "FR": "level-0", "GH": "level-0"}
    assert shades(after) == {"TN": "level-0", "FR": "level-0"}
    assert table(before)["Ghana"][1] == "1"
    assert "Ghana" not in table(after)
    assert "You may see where 2 experts live." in after
    assert shades(strangers) == {}
    assert len(html.fromstring(strangers).xpath("//nav[@aria-label='What the map shows']/a")) == 2
    assert "Gaps cannot be told" in strangers
    assert list(table(strangers)) == ["Austria", "Tunisia"]


async def test_a_country_tells_who_is_there_and_what_is_missing(look_at_few: Look, graph: Graph) -> None:
    page = await look_at_few("/countries/TN")
    tree = html.fromstring(page.text)
    missing = await look_at_few("/countries/TN?gap=law")
    hidden = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await set_of_person(graph, hidden, expert=AMA, chosen={FieldGroup.COUNTRY: Audience.NOBODY})
    after = await look_at_few("/countries/TN")

    assert tree.xpath("//section[@aria-labelledby='people']//li/a/@href") == ["/people/ama"]
    assert tree.xpath("//a[@class='button']/@href") == ["/?country=TN"]
    assert tree.xpath("//ul[@class='reasons']/li/bdi/text()") == ["Arabic", "French"]
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "Called off" not in page.text
    assert "School of Prevention" in page.text
    assert tree.xpath("//section[@aria-labelledby='gaps']/ul/li/a/@href") == ["/topics/law"]
    assert "Amah Testperson" not in missing.text  # of another part of the world
    assert ">Whoever knows it, anywhere</a>" in missing.text
    assert "/people/ama" not in html.fromstring(after.text).xpath("//main//a/@href")
    assert "Nobody whom you may see lives there." in after.text


async def test_without_the_file_of_the_map_the_table_stands_alone(app: FastAPI, look: Look, tmp_path: Path) -> None:
    app.state.fetched = tmp_path

    page = await look("/countries")

    assert page.status_code == 200
    assert "The map is not installed here" in page.text
    assert "<figure" not in page.text
    assert len(table(page.text)) == 137


@pytest.mark.parametrize("address", ["/countries/ZZ", "/countries/ke", "/countries/Kenya", "/countries/KE?people=x"])
async def test_what_is_not_there_is_not_found(look: Look, address: str) -> None:
    page = await look(address)

    assert page.status_code == 404
    assert "Nothing here" in page.text
