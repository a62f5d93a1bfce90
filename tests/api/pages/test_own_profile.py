"""The form of a person's own profile: what it saves, what it refuses with everything that was typed still there."""

import re
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from lxml import html

from graph.accounts import Account
from graph.graph import Graph
from graph.viewer import Role
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.person import EXPERT, add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
TOLD = """
MATCH (e:Expert {id: $expert})
RETURN e.name AS name, e.headline AS headline, e.version AS version,
       COLLECT { MATCH (e)-[x:EXPERT_IN]->(t) RETURN t.id + ' ' + x.level } AS topics,
       COLLECT { MATCH (e)-[:BASED_IN]->(c) RETURN c.id } AS countries
"""
CHANGED = "MATCH (c:Change {verb: 'profile changed'}) RETURN c.fields AS fields ORDER BY c.sequence"

Fields = list[tuple[str, str]]


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, account: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, account)
    return opened


async def told(graph: Graph) -> dict[str, Any]:
    (row,) = await graph.read(TOLD, expert=EXPERT)
    return dict(row)


def fields(page: str) -> Fields:
    """What the form on a page would send as it stands."""
    (form,) = html.fromstring(page).xpath("//form[@action='/me/profile']")
    return [(str(name), str(value)) for name, value in form.form_values()]


def with_(sent: Fields, **typed: str) -> Fields:
    """The same with other values: of a list, the first row has it."""
    left = dict(typed)
    return [(name, left.pop(name) if name in left else value) for name, value in sent]


async def send(browser: httpx.AsyncClient, sent: Fields) -> httpx.Response:
    body: dict[str, Sequence[str]] = {}
    for name, value in sent:
        body[name] = [*body.get(name, ()), value]
    return await browser.post("/me/profile", data=body, headers=HERE)


async def test_what_is_different_is_saved_and_nothing_else_is_touched(graph: Graph, browser: httpx.AsyncClient) -> None:
    sent = fields((await browser.get("/me/profile")).text)

    answer = await send(browser, with_(sent, headline="Trains <b>stewards</b>", topics_level="practitioner"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/me/profile?said=saved")
    now = await told(graph)
    assert (now["headline"], now["topics"], now["countries"]) == (
        "Trains <b>stewards</b>", ["worship practitioner"], ["TN"],
    )  # fmt: skip
    assert [row["fields"] for row in await graph.read(CHANGED)] == [["headline", "topics"]]
    page = (await browser.get("/me/profile?said=saved")).text
    assert 'value="Trains &lt;b&gt;stewards&lt;/b&gt;"' in page
    assert "Saved. It is in force now" in page


async def test_the_form_as_it_stands_changes_nothing(graph: Graph, browser: httpx.AsyncClient) -> None:
    answer = await send(browser, fields((await browser.get("/me/profile")).text))

    assert answer.headers["location"] == "/me/profile?said=nothing"
    assert await graph.read(CHANGED) == []


async def test_a_row_that_is_left_empty_is_taken_away(graph: Graph, browser: httpx.AsyncClient) -> None:
    sent = fields((await browser.get("/me/profile")).text)

    await send(browser, with_(sent, topics_topic="", country=""))

    now = await told(graph)
    assert (now["topics"], now["countries"]) == ([], [])


async def test_who_comes_second_is_told_loses_nothing_and_may_save_once_more(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    sent = fields((await browser.get("/me/profile")).text)
    await send(browser, with_(sent, headline="Said first"))

    refused = await send(browser, with_(sent, headline="Said second"))

    assert refused.status_code == 409
    assert (await told(graph))["headline"] == "Said first"
    assert "<bdi>Said first</bdi>" in refused.text
    again = await send(browser, fields(refused.text))
    assert again.headers["location"] == "/me/profile?said=saved"
    assert (await told(graph))["headline"] == "Said second"


@pytest.mark.parametrize(
    "typed,why",
    [
        ({"orcid": "0000-0000-0000-0000", "headline": "Kept"}, "orcid-refusal"),
        ({"name": "", "headline": "Kept"}, "name-refusal"),
        ({"topics_since": "soon", "headline": "Kept"}, "topics-0-refusal"),
        ({"topics_since": "1066", "headline": "Kept"}, "topics-0-refusal"),
        ({"topics_level": "the best", "headline": "Kept"}, "topics-0-refusal"),
        ({"country": "ZZ", "headline": "Kept"}, "country-refusal"),
        ({"gender": "robot", "headline": "Kept"}, "gender-refusal"),
        ({"away_since": "2026-07-31", "away_until": "2026-07-01", "headline": "Kept"}, "away-0-refusal"),
    ],
)
async def test_what_cannot_be_kept_is_told_beside_its_field_and_all_stays(
    graph: Graph, browser: httpx.AsyncClient, typed: dict[str, str], why: str
) -> None:
    sent = fields((await browser.get("/me/profile")).text)
    before = await told(graph)

    refused = await send(browser, with_(sent, **typed))

    assert refused.status_code == 422
    (told_why,) = html.fromstring(refused.text).xpath("//p[@class='refusal' and @id]")
    assert told_why.get("id") == why
    assert dict(fields(refused.text))["headline"] == "Kept"
    assert await told(graph) == before


async def test_the_version_may_be_anything_that_somebody_writes(browser: httpx.AsyncClient) -> None:
    sent = fields((await browser.get("/me/profile")).text)

    for version in ("", "-1", "9" * 5000, "x"):
        assert (await send(browser, with_(sent, version=version, headline="Else"))).status_code == 409


async def test_an_account_that_is_no_person_has_no_profile(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account("keeper@example.org", role=Role.ADMINISTRATOR))

    page = await browser.get("/me/profile")
    csrf = (await browser.get("/for-tests/page")).text
    answer = await browser.post("/me/profile", data={"csrf": csrf, "name": "Somebody"}, headers=HERE)

    assert (page.status_code, answer.status_code) == (200, 422)
    assert not re.search(r'<form action="/me/profile"', page.text)


@pytest.mark.parametrize("page", ["/me/profile", "/me/found", "/me/invitations"])
async def test_who_is_not_signed_in_is_sent_to_do_that(serve: Serve, browse: Browse, page: str) -> None:
    answer = await (await browse(serve())).get(page)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={page}")
