"""Texts in several languages: as the argument says, else as Accept-Language asks for, else as there is one."""

from typing import Any

import httpx
import pytest

from graph.graph import Graph
from tests.door import Browse, Serve

TUNISIA = {"EN": "Tunisia", "FR": "Tunisie", "ES": "Túnez", "AR": "تونس", "RU": "Тунис", "ZH": "突尼斯"}
NAME = '{ country(id: "TN") { name } }'


async def told(client: httpx.AsyncClient, query: str, accept: str | None = None, *, method: str = "POST") -> Any:
    headers = {} if accept is None else {"Accept-Language": accept}
    if method == "GET":
        answer = await client.get("/graphql", params={"query": query}, headers=headers)
    else:
        answer = await client.post("/graphql", json={"query": query}, headers=headers)
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


@pytest.mark.parametrize("language,name", TUNISIA.items())
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_name_comes_in_the_language_that_the_viewer_reads(
    client: httpx.AsyncClient, language: str, name: str, method: str
) -> None:
    assert await told(client, NAME, language.lower(), method=method) == {"country": {"name": name}}


@pytest.mark.parametrize("language,name", TUNISIA.items())
async def test_the_argument_wins(client: httpx.AsyncClient, language: str, name: str) -> None:
    query = f'{{ country(id: "TN") {{ name(language: {language}) own: name }} }}'

    assert await told(client, query, "fr") == {"country": {"name": name, "own": "Tunisie"}}


@pytest.mark.parametrize(
    "accept,language",
    [
        (None, "EN"),
        ("", "EN"),
        ("de", "EN"),
        ("*", "EN"),
        ("fr-CH", "FR"),
        ("FR", "FR"),
        ("de-AT, de;q=0.9, ar;q=0.8, en;q=0.7", "AR"),
        ("en;q=0.1, zh-Hant-TW;q=0.5", "ZH"),
        ("ru;q=0", "EN"),
        ("es;q=0.5, es-MX;q=1, ru;q=0.9", "ES"),
        ("fr;q=often, ru;q=0.1", "RU"),
        ("x" * 5_000, "EN"),
    ],
)
async def test_the_header_is_read_as_it_is_meant(client: httpx.AsyncClient, accept: str | None, language: str) -> None:
    assert await told(client, NAME, accept) == {"country": {"name": TUNISIA[language]}}


async def test_all_that_is_told_is_in_one_language(client: httpx.AsyncClient) -> None:
    query = """{
      event(id: "briefing-religious-sites") {
        topics(filter: {slug: {eq: "religious-sites"}}) { edges { node { label broader { label } otherLabels } } }
        languages(filter: {tag: {eq: "ar"}}) { edges { node { name } } }
      }
      experts(filter: {country: {code: {eq: "TN"}}}, first: 1) {
        edges { node { country { name regions(first: 1) { edges { node { name } } } } } }
        facets { countries { node { name } } }
      }
    }"""

    found = await told(client, query, "fr")

    topic = found["event"]["topics"]["edges"][0]["node"]
    assert (topic["label"], topic["broader"]["label"]) == ("Sites religieux", "Lieux vulnérables")
    assert "lieux de culte" in topic["otherLabels"]
    assert found["event"]["languages"]["edges"][0]["node"]["name"] == "arabe"
    country = found["experts"]["edges"][0]["node"]["country"]
    assert country["regions"]["edges"][0]["node"]["name"] == "Afrique septentrionale"
    assert country["name"] == found["experts"]["facets"]["countries"][0]["node"]["name"] == "Tunisie"


@pytest.mark.parametrize(
    "names,language,name",
    [
        ({"name_en": "Inns", "name_fr": "Auberges"}, "FR", "Auberges"),
        ({"name_en": "Inns", "name_fr": "Auberges"}, "RU", "Inns"),
        ({"name_fr": "Auberges", "name_zh": "旅馆"}, "RU", "Auberges"),
        ({"name_zh": "旅馆"}, "EN", "旅馆"),
        ({}, "EN", ""),
    ],
)
async def test_english_stands_in_and_then_whatever_there_is(
    graph: Graph, serve: Serve, browse: Browse, *, names: dict[str, str], language: str, name: str
) -> None:
    await graph.write("CREATE (c:Country {id: 'XX'}) SET c += $names", names=names)
    client = await browse(serve())

    given = await told(client, f'{{ country(id: "XX") {{ name(language: {language}) }} }}')
    asked = await told(client, '{ country(id: "XX") { name } }', language.lower())

    assert given == asked == {"country": {"name": name}}
