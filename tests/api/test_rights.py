"""GraphQL for what is a person's own to decide: what it does, what it refuses, and in which shape."""

from typing import Any

import httpx
import pytest

from graph import audiences, consents
from graph.accounts import Account
from graph.consents import How
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.values import Purpose
from graph.viewer import Audience, FieldGroup, Role
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.person import EXPERT, OTHER, add_person

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
PEOPLE = "MATCH (e:Expert {id: 'ama-testperson'}) RETURN count(e) AS people"


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def own(serve: Serve, browse: Browse, account: Account) -> httpx.AsyncClient:
    """The person's browser."""
    opened = await browse(serve())
    await sign_in(opened, account)
    return opened


@pytest.fixture
async def keeper(serve: Serve, browse: Browse, account: Account, make_account: MakeAccount) -> httpx.AsyncClient:
    """An administrator's browser."""
    opened = await browse(serve())
    await sign_in(opened, await make_account("keeper@example.org", role=Role.ADMINISTRATOR))
    return opened


@pytest.fixture
async def other(serve: Serve, browse: Browse, account: Account, make_account: MakeAccount) -> httpx.AsyncClient:
    """The browser of an organiser who is somebody else."""
    opened = await browse(serve())
    await sign_in(opened, await make_account("salma@example.org", role=Role.ORGANISER, expert=OTHER))
    return opened


async def ask(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    data: dict[str, Any] = told["data"]
    return data


async def test_a_person_reads_what_they_decided(own: httpx.AsyncClient) -> None:
    data = await ask(own, "{ myAudiences { group chosen network inForce } myConsents { purpose given version how } }")

    by_group = {one["group"]: one for one in data["myAudiences"]}
    assert by_group["COUNTRY"] == {
        "group": "COUNTRY", "chosen": "ORGANISERS", "network": "MEMBERS", "inForce": "ORGANISERS",
    }  # fmt: skip
    assert by_group["CONTACT"]["inForce"] == "NOBODY"
    assert [(one["purpose"], one["given"]) for one in data["myConsents"]] == [("CONTACTED", False), ("MATCHED", True)]


async def test_the_public_decided_nothing_and_may_read_the_texts(serve: Serve, browse: Browse, graph: Graph) -> None:
    data = await ask(
        await browse(serve()),
        "{ myAudiences { group } myConsents { at } networkAudiences { audience }"
        "  consentTexts { purpose version text(language: FR) } }",
    )

    assert (data["myAudiences"], data["myConsents"]) == ([], [])
    assert {one["audience"] for one in data["networkAudiences"]} == {"MEMBERS"}
    assert data["consentTexts"][0]["text"].startswith("J’accepte")


SET_OWN = """mutation ($choices: [ChooseAudienceInput!]!) { setAudiences(input: {choices: $choices}) {
  __typename ... on AudiencesSet { audiences { group chosen } } ... on Error { message } } }"""


async def test_a_person_chooses_who_sees_what(graph: Graph, own: httpx.AsyncClient, account: Account) -> None:
    choices = [{"group": "CONTACT", "audience": "EVERYONE"}, {"group": "COUNTRY"}]

    data = await ask(own, SET_OWN, choices=choices)

    assert data["setAudiences"]["__typename"] == "AudiencesSet"
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert found[FieldGroup.CONTACT].chosen is Audience.EVERYONE
    assert found[FieldGroup.COUNTRY].chosen is None


async def test_a_group_twice_is_refused(own: httpx.AsyncClient) -> None:
    data = await ask(own, SET_OWN, choices=[{"group": "CONTACT"}, {"group": "CONTACT", "audience": "NOBODY"}])

    assert data["setAudiences"] == {
        "__typename": "Invalid",
        "message": "A group of fields is there twice; name each once.",
    }


SET_NETWORKS = """mutation { setNetworkAudiences(input: {audiences: [{group: PROFILE, audience: EVERYONE}]}) {
  __typename ... on NetworkAudiencesSet { audiences { group audience } } } }"""


async def test_administrators_set_the_networks(graph: Graph, keeper: httpx.AsyncClient, account: Account) -> None:
    data = await ask(keeper, SET_NETWORKS)

    assert {"group": "PROFILE", "audience": "EVERYONE"} in data["setNetworkAudiences"]["audiences"]
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert found[FieldGroup.PROFILE].network is Audience.EVERYONE


DECIDE = """mutation ($expert: ID) { withdrawConsent(input: {purpose: LISTED, expert: $expert}) {
  __typename ... on ConsentDecided { consent { given how } } } }"""


async def test_consent_is_withdrawn_by_the_person(graph: Graph, own: httpx.AsyncClient, account: Account) -> None:
    data = await ask(own, DECIDE)

    assert data["withdrawConsent"]["consent"] == {"given": False, "how": "API"}
    found = await audiences.of_person(graph, account.viewer, expert=EXPERT)
    assert {standing.in_force for standing in found.values()} == {Audience.NOBODY}


async def test_an_administrator_takes_down_what_came_on_paper(
    graph: Graph, keeper: httpx.AsyncClient, account: Account
) -> None:
    data = await ask(keeper, DECIDE, expert=EXPERT)

    history, _ = await consents.history_of(graph, account.viewer, expert=EXPERT)
    assert data["withdrawConsent"]["consent"] == {"given": False, "how": "PAPER"}
    assert (history[0].purpose, history[0].how) == (Purpose.LISTED, How.PAPER)


EXPORT = """mutation ($expert: ID) { exportPerson(input: {expert: $expert}) {
  __typename ... on PersonExported { everything } ... on Error { message } } }"""


async def test_everything_is_given_to_the_person_and_to_administrators(
    own: httpx.AsyncClient, keeper: httpx.AsyncClient
) -> None:
    taken = [await ask(own, EXPORT), await ask(keeper, EXPORT, expert=EXPERT)]

    assert [one["exportPerson"]["everything"]["person"]["id"] for one in taken] == [EXPERT, EXPERT]


ERASE = """mutation ($expert: ID!, $confirmation: String!) {
  erasePerson(input: {expert: $expert, confirmation: $confirmation}) {
  __typename ... on PersonErased { passages texts participations } ... on Invalid { field } } }"""


async def test_a_person_erases_themselves(graph: Graph, own: httpx.AsyncClient) -> None:
    wrong = await ask(own, ERASE, expert=EXPERT, confirmation="yes")
    right = await ask(own, ERASE, expert=EXPERT, confirmation=EXPERT)

    assert wrong["erasePerson"] == {"__typename": "Invalid", "field": "input.confirmation"}
    assert right["erasePerson"]["__typename"] == "PersonErased"
    assert (await graph.read(PEOPLE))[0]["people"] == 0


async def test_an_erasure_removes_the_loads_that_tell_of_the_person(
    own: httpx.AsyncClient, graph_settings: GraphSettings
) -> None:
    load = graph_settings.home / "loads" / ("x" * 22)
    load.mkdir(parents=True)
    (load / "report.json").write_text('{"things": ["Ama Testperson"]}', encoding="utf-8")

    await ask(own, ERASE, expert=EXPERT, confirmation=EXPERT)

    assert not load.exists()


async def test_of_nobody_administrators_are_told_so(keeper: httpx.AsyncClient) -> None:
    data = [
        await ask(keeper, EXPORT, expert="nobody"),
        await ask(keeper, ERASE, expert="nobody", confirmation="nobody"),
    ]

    assert [one.popitem()[1]["__typename"] for one in data] == ["NotFound", "NotFound"]


@pytest.mark.parametrize("expert", [EXPERT, "nobody"])
async def test_others_are_refused_alike_whether_or_not_the_person_exists(
    graph: Graph, other: httpx.AsyncClient, expert: str
) -> None:
    answers = [
        await ask(other, DECIDE, expert=expert),
        await ask(other, EXPORT, expert=expert),
        await ask(other, ERASE, expert=expert, confirmation=expert),
        await ask(other, SET_NETWORKS),
    ]

    assert [one.popitem()[1]["__typename"] for one in answers] == ["NotAllowed"] * 4
    assert (await graph.read(PEOPLE))[0]["people"] == 1


async def test_the_public_decides_nothing(serve: Serve, browse: Browse, account: Account) -> None:
    stranger = await browse(serve())

    answers = [await ask(stranger, SET_OWN, choices=[]), await ask(stranger, DECIDE), await ask(stranger, EXPORT)]

    assert [one.popitem()[1]["__typename"] for one in answers] == ["NotAllowed"] * 3
