"""Profiles by GraphQL: one input, one payload, and a type for each way in which nothing was changed."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph import accounts
from graph.graph import Graph
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.people.duplicated import AMA, KOFI, everything, loaded, person, written

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
UPDATE = """
mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    __typename
    ... on ProfileUpdated { id version }
    ... on Error { message }
    ... on NotAllowed { who }
    ... on Invalid { field fields { path message } }
    ... on Conflict { version }
  }
}
"""


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    await loaded(graph, written(tmp_path / "network"))
    return graph


@pytest.fixture
async def own(serve: Serve, browse: Browse, network: Graph) -> httpx.AsyncClient:
    """The person's browser."""
    return await signed_in(serve, browse, network, "ama@example.org", expert=AMA)


async def signed_in(
    serve: Serve, browse: Browse, graph: Graph, email: str, *, role: Role = Role.MEMBER, expert: Any = None
) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email=email, role=role, expert=expert))
    return browser


async def update(browser: httpx.AsyncClient, **given: object) -> dict[str, Any]:
    variables = {"input": {"expectedVersion": 1, **given}}
    answer = await browser.post("/graphql", json={"query": UPDATE, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    payload: dict[str, Any] = told["data"]["updateProfile"]
    return payload


async def test_a_person_changes_what_they_give_and_nothing_else(network: Graph, own: httpx.AsyncClient) -> None:
    told = await update(
        own,
        headline="Adviser to mosques",
        otherNames=["Ama T."],
        phone="+216 71 234 567",
        country=to_base64("Country", "FR"),
        workedIn=["GH"],
        languages=[{"language": "fr", "level": "NATIVE"}],
        topics=[{"topic": to_base64("Topic", "law"), "level": "LEAD", "since": 2015}],
        email=None,
        gender="OTHER",
        away=["2027-03-01/2027-03-10", "2027-01-04/2027-01-04"],
    )

    now = await person(network, AMA)
    assert told == {"__typename": "ProfileUpdated", "id": to_base64("Expert", "ama"), "version": 2}
    assert [now.get(name) for name in ("name", "headline", "other_names", "phone", "email")] == [
        "Ama Testperson", "Adviser to mosques", ["Ama T."], "+21671234567", None,
    ]  # fmt: skip
    query = '{ viewer { expert { gender away } } expert(id: "kofi") { name gender away } }'
    seen = (await own.post("/graphql", json={"query": query}, headers=HEADERS)).raise_for_status().json()
    away = ["2027-01-04/2027-01-04", "2027-03-01/2027-03-10"]
    assert seen["data"] == {
        "viewer": {"expert": {"gender": "OTHER", "away": away}},
        # A file says it of them too, and it is not a member's to know.
        "expert": {"name": "Kofi Otherperson", "gender": None, "away": []},
    }


async def test_every_field_that_is_wrong_is_told_by_its_path(network: Graph, own: httpx.AsyncClient) -> None:
    before = await everything(network)

    told = await update(
        own,
        name=None,
        otherNames=["Ama", "Ama"],
        orcid="0000-0002-1825-0098",
        topics=[{"topic": "law", "level": "LEAD", "since": 1700}, {"topic": "nothing", "level": "LEAD"}],
        away=["2027-01-04/2027-01-04", "2027-03-10/2027-03-01"],
    )

    assert (told["__typename"], told["field"]) == ("Invalid", "input.away.1")
    assert [(one["path"], one["message"].split(";")[0]) for one in told["fields"]] == [
        (["input", "away", "1"], "That is no first and last day, the last not before the first"),
        (["input", "name"], "This cannot be empty"),
        (["input", "orcid"], "The last digit of that ORCID iD is wrong"),
        (["input", "otherNames", "1"], "This is there twice"),
        (["input", "topics", "0", "since"], "That is no year from 1900 until now"),
        (["input", "topics", "1", "topic"], "The network has no topic of this id"),
    ]
    assert await everything(network) == before


async def test_another_version_is_a_conflict_that_tells_the_present_one(network: Graph, own: httpx.AsyncClient) -> None:
    await update(own, headline="First")

    told = await update(own, headline="Second")

    assert (told["__typename"], told["version"]) == ("Conflict", 2)
    assert (await person(network, AMA))["headline"] == "First"


async def test_organisers_may_not_and_administrators_may(serve: Serve, browse: Browse, network: Graph) -> None:
    organiser = await signed_in(serve, browse, network, "kofi@example.org", role=Role.ORGANISER, expert=KOFI)
    keeper = await signed_in(serve, browse, network, "keeper@example.org", role=Role.ADMINISTRATOR)
    public = await browse(serve())

    refused = [await update(organiser, expert=expert, headline="Mine") for expert in ("ama", "nobody")]
    nobodys = [await update(browser, headline="Mine") for browser in (public, keeper)]
    missing = await update(keeper, expert="nobody", headline="Theirs")
    done = await update(keeper, expert="ama", headline="Theirs")

    assert refused[0] == refused[1]
    assert (refused[0]["__typename"], refused[0]["who"]) == ("NotAllowed", "the person and administrators")
    assert {one["__typename"] for one in nobodys} == {"NotAllowed"}
    assert (missing["__typename"], done["__typename"]) == ("NotFound", "ProfileUpdated")
    assert (await person(network, AMA))["headline"] == "Theirs"
