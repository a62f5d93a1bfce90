"""Works on pages: each is called as its version in the page's language wherever it is named, its language marked."""

import re
from pathlib import Path

import httpx
import pytest
from lxml import html

from graph import audiences
from graph.graph import Graph
from graph.programme import RESOURCE
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.people.duplicated import KOFI, SECOND, loaded, written
from tests.graph.programme.made import changed

RESOURCES = (
    "id,title,kind,languages,country,topics,authors,published_on\n"
    "guide,A guide,guide,en; fr,TN,law,ama-2; kofi,2022-03-01\n"
)
DOCUMENT = """\
---
owner: ama-2; kofi
kind: resource
resource: guide
language: {language}
title: {title}
---
{text}
"""
PLACES = (
    "/resources",
    "/resources/guide",
    "/people/kofi",
    "/people/kofi/neighbourhood",
    "/topics/law",
    "/countries/TN",
    "/me/found",
    "/me?as=members",
    "/achievements?year=2022",
    "/plan?year=2022",
)


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    """A network with a guide by two people, of whose French version only its text tells."""
    written(tmp_path, resources=RESOURCES)
    texts = tmp_path / "documents" / "resources"
    texts.mkdir()
    for language, title, text in (("en", "A guide", "How to open gates."), ("fr", "Un guide", "Ouvrir les portes.")):
        document = DOCUMENT.format(language=language, title=title, text=text)
        (texts / f"guide--{language}.md").write_text(document, encoding="utf-8")
    await loaded(graph, tmp_path)
    return graph


@pytest.fixture
async def browser(network: Graph, serve: Serve, browse: Browse, make_account: MakeAccount) -> httpx.AsyncClient:
    """Where one of the authors is signed in, who organises."""
    browser = await browse(serve())
    await sign_in(browser, await make_account(role=Role.ORGANISER, expert=SECOND))
    return browser


async def works_on(browser: httpx.AsyncClient, path: str, language: str) -> set[tuple[str, str | None, str | None]]:
    """The titles on a page that may be the guide's, each with its ``lang`` and ``dir``."""
    page = await browser.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200, path
    found = html.document_fromstring(page.text).xpath("//main//bdi[contains(translate(., 'G', 'g'), ' guide')]")
    return {(one.text_content(), one.get("lang"), one.get("dir")) for one in found}


@pytest.mark.parametrize("path", PLACES)
async def test_a_work_is_called_as_its_version_in_the_pages_language(browser: httpx.AsyncClient, path: str) -> None:
    # Beneath it the work's own title may stand, of which the page of the work does not know the language.
    (french,) = await works_on(browser, path, "fr") - {("A guide", "en", "ltr"), ("A guide", None, None)}
    arabic = await works_on(browser, path, "ar")

    assert french == ("Un guide", "fr", None)
    assert arabic - {("Un guide", "fr", "ltr")} == {("A guide", "en", "ltr")}


async def test_the_other_titles_of_a_work_are_marked_too(network: Graph, browser: httpx.AsyncClient) -> None:
    versions = [{"language": "en", "title": "A guide"}, {"language": "fr", "title": "Le guide"}]
    await changed(network, RESOURCE, "guide", versions=versions)

    french = await browser.get("/resources/guide?lang=fr")
    spanish = await browser.get("/resources/guide?lang=es")

    assert '<h1><bdi lang="fr">Le guide</bdi></h1>' in french.text
    assert '<dd><bdi lang="en" dir="ltr">A guide</bdi></dd>' in french.text
    assert '<td><bdi lang="en" dir="ltr">A guide</bdi></td>' in french.text
    assert '<h1><bdi lang="en" dir="ltr">A guide</bdi></h1>' in spanish.text
    assert '<td><bdi lang="fr" dir="ltr">Le guide</bdi></td>' in spanish.text


async def test_a_work_is_found_by_the_title_that_is_shown(browser: httpx.AsyncClient) -> None:
    assert await works_on(browser, "/resources?q=un guide", "fr") == {("Un guide", "fr", None)}
    assert await works_on(browser, "/resources?q=portes", "fr") == set()


async def test_evidence_from_a_work_has_its_title_in_the_pages_language(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/people/kofi?lang=fr")

    headings = re.findall(r"<h4>(.*?)</h4>\s*<p[^>]*>(.*?)</p>", page.text)
    assert sorted(headings) == [
        ('<bdi lang="fr">Un guide</bdi>', "How to open gates."),
        ('<bdi lang="fr">Un guide</bdi>', "Ouvrir les portes."),
    ]


async def test_what_two_people_wrote_is_called_in_the_pages_language(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/people/kofi?lang=fr")

    ways = html.document_fromstring(page.text).xpath("//section[@aria-labelledby='ways']//bdi[@lang='fr']")
    assert [one.text_content() for one in ways] == ["Un guide"]


async def test_a_version_that_the_viewer_may_not_read_does_not_give_its_title_away(
    network: Graph, serve: Serve, browse: Browse
) -> None:
    for expert in (KOFI, SECOND):
        as_them = Viewer(Role.MEMBER, person=expert, actor=f"account:{expert}")
        await audiences.set_of_person(network, as_them, expert=expert, chosen={FieldGroup.PROFILE: Audience.NOBODY})
    anybody = await browse(serve())

    for path in ("/resources", "/resources/guide", "/topics/law", "/countries/TN"):
        page = await anybody.get(path, headers={"Accept-Language": "fr"})
        assert "A guide</bdi>" in page.text
        assert "Un guide" not in page.text
    assert await works_on(anybody, "/resources?q=un guide", "fr") == set()
