"""Agendas by GraphQL: written whole by organisers, each refusal by its type, and read by whoever sees the event."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse
from strawberry.relay import to_base64

from api.graphql.limits.cost import compile_costs
from api.graphql.schema import schema
from graph import accounts
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.people.duplicated import AMA, everything, loaded, written
from tests.reading import note_statements

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
SET = """
mutation ($input: SetEventAgendaInput!) {
  done: setEventAgenda(input: $input) {
    __typename
    ... on EventAgendaSet {
      id version items unconfirmed { slug } overlaps { items expert { slug } }
      event { agendaVersion agenda { title speakers { role expert { slug } } } }
    }
    ... on Error { message } ... on NotAllowed { who } ... on Invalid { fields { path } } ... on Conflict { version }
  }
}
"""
AGENDA = "{ id title kind startsAt endsAt room language description speakers { role expert { slug name } } }"
READ = f"""query {{ events {{ edges {{ node {{ slug agendaVersion agenda {AGENDA} }} }} }} }}"""
EVENT = to_base64("Event", "briefing")
OPENING = {"title": "Opening", "kind": "opening", "startsAt": "2022-06-02T14:00:00+02:00"}
TALK = {
    "title": "Gates of squares",
    "startsAt": "2022-06-02T14:10:00+02:00",
    "endsAt": "2022-06-02T15:00:00+02:00",
    "room": "B",
    "language": "fr",
    "description": "Who opens them.",
    "speakers": [{"expert": to_base64("Expert", "kofi"), "role": "moderator"}, {"expert": "ama"}],
}


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    await loaded(graph, written(tmp_path / "network"))
    return graph


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, network: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, network, Role.ORGANISER)


async def signed_in(serve: Serve, browse: Browse, graph: Graph, role: Role) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email=f"{role}@example.net", role=role))
    return browser


async def asked(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    data: dict[str, Any] = told["data"]
    return data


async def wrote(browser: httpx.AsyncClient, *items: object, version: int = 0, event: str = EVENT) -> dict[str, Any]:
    input = {"event": event, "expectedVersion": version, "items": items}
    payload: dict[str, Any] = (await asked(browser, SET, input=input))["done"]
    return payload


async def test_an_organiser_writes_an_agenda_that_a_member_reads(
    serve: Serve, browse: Browse, network: Graph, organiser: httpx.AsyncClient
) -> None:
    made = await wrote(organiser, TALK, OPENING)
    as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await set_of_person(network, as_ama, expert=AMA, chosen={FieldGroup.ATTENDANCE: Audience.ORGANISERS})

    assert (made["__typename"], made["id"], made["version"]) == ("EventAgendaSet", EVENT, 1)
    assert made["unconfirmed"] == [{"slug": "ama"}, {"slug": "kofi"}]
    assert made["event"]["agenda"][0]["title"] == "Opening"
    member = await signed_in(serve, browse, network, Role.MEMBER)
    events = {edge["node"]["slug"]: edge["node"] for edge in (await asked(member, READ))["events"]["edges"]}
    talk, opening = made["items"]
    assert events["briefing"]["agenda"] == [
        {
            **dict.fromkeys(("endsAt", "room", "language", "description")),
            "id": opening,
            "title": "Opening",
            "kind": "opening",
            "startsAt": "2022-06-02T12:00:00+00:00",
            "speakers": [],
        },
        {
            **TALK,
            "id": talk,
            "kind": None,
            "startsAt": "2022-06-02T12:10:00+00:00",
            "endsAt": "2022-06-02T13:00:00+00:00",
            "speakers": [{"role": "moderator", "expert": {"slug": "kofi", "name": "Kofi Otherperson"}}],
        },
    ]
    assert (events["workshop"]["agendaVersion"], events["workshop"]["agenda"]) == (0, [])


async def test_agendas_of_a_page_of_events_are_read_in_one_statement(
    network: Graph, organiser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wrote(organiser, TALK)
    statements: list[str] = []
    note_statements(monkeypatch, statements)

    await asked(organiser, READ)

    assert len([one for one in statements if "AgendaItem" in one]) == 1


async def test_every_refusal_has_its_type_and_changes_nothing(
    serve: Serve, browse: Browse, network: Graph, organiser: httpx.AsyncClient
) -> None:
    await wrote(organiser, OPENING)
    member = await signed_in(serve, browse, network, Role.MEMBER)
    before = await everything(network)
    early = {"title": "", "startsAt": "2022-06-02T11:00:00Z", "speakers": [{"expert": "nobody"}]}

    conflict = await wrote(organiser, TALK)
    invalid = await wrote(organiser, OPENING, early, version=1)
    missing = await wrote(organiser, TALK, event="never")
    refused = await wrote(member, TALK, version=1)

    assert (conflict["__typename"], conflict["version"]) == ("Conflict", 1)
    assert [field["path"] for field in invalid["fields"]] == [
        ["input", "items", "1", "speakers", "0", "expert"],
        ["input", "items", "1", "startsAt"],
        ["input", "items", "1", "title"],
    ]
    assert missing["__typename"] == "NotFound"
    assert (refused["__typename"], refused["who"]) == ("NotAllowed", "organisers and administrators")
    assert await everything(network) == before


def test_an_agenda_has_its_cost() -> None:
    costs = compile_costs(
        schema._schema,
        parse('{ event(id: "briefing") { agenda { title speakers { expert { name } } } } }'),
    )

    assert costs.of(None, {}) == 1 + 25 * (1 + 3 * (1 + 1))
