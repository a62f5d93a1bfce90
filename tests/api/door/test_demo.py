"""Signing in as a sample person: in the demo on this machine, and nowhere else, whoever asks for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from api.app import create_app
from api.door.demo import SAMPLE_PEOPLE
from api.network import OpenNetwork
from api.settings import ServerSettings
from graph import experts
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Role, Viewer

FICTIONAL = """
MERGE (:Network {id: 'network', title: 'Sample', fictional: $fictional})
WITH 1 AS one UNWIND $people AS id
CREATE (:Expert {id: id, name: id, audience_listing: 0, audience_profile: 0})
"""
FROM_HERE = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
HERE = ServerSettings(host="127.0.0.1", port=0)


@asynccontextmanager
async def browser(
    network: OpenNetwork,
    settings: GraphSettings,
    *,
    server: ServerSettings = HERE,
    demo: bool = True,
    came_from: str = "127.0.0.1",
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, server=server, demo=demo)
    app.state.network = network
    transport = httpx.ASGITransport(app, client=(came_from, 1), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=FROM_HERE) as client:
        yield client


@pytest.fixture
async def network(graph: Graph, own_network: OpenNetwork) -> OpenNetwork:
    people = [expert for expert, _ in SAMPLE_PEOPLE.values()]
    await graph.write(FICTIONAL, fictional=True, people=people)
    return own_network


def csrf_in(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


@pytest.mark.parametrize("role", list(SAMPLE_PEOPLE))
async def test_one_signs_in_as_a_sample_person_of_each_role(
    network: OpenNetwork, graph_settings: GraphSettings, role: Role
) -> None:
    async with browser(network, graph_settings) as client:
        page = await client.get("/demo")

        answer = await client.post("/demo", data={"csrf": csrf_in(page.text), "role": role})
        told = await client.post("/graphql", json={"query": "{ viewer { role } }"}, headers={"X-Knowwho": "test"})

    assert answer.status_code == 303
    assert told.json()["data"] == {"viewer": {"role": role.name}}


async def test_signing_in_twice_as_the_same_person_uses_one_account(
    network: OpenNetwork, graph_settings: GraphSettings, graph: Graph
) -> None:
    for _ in range(2):
        async with browser(network, graph_settings) as client:
            page = await client.get("/demo")
            await client.post("/demo", data={"csrf": csrf_in(page.text), "role": "member"})

    assert await graph.read("MATCH (a:Account) RETURN count(a) AS accounts") == [{"accounts": 1}]


@pytest.mark.parametrize("role", ["public", "owner", ""])
async def test_there_is_no_sample_person_of_any_other_role(
    network: OpenNetwork, graph_settings: GraphSettings, role: str
) -> None:
    async with browser(network, graph_settings) as client:
        page = await client.get("/demo")

        answer = await client.post("/demo", data={"csrf": csrf_in(page.text), "role": role})

    assert answer.status_code == 404
    assert "knowwho_session" not in answer.headers.get("set-cookie", "")


async def test_a_sample_person_who_was_erased_is_nobody_to_sign_in_as(
    network: OpenNetwork, graph_settings: GraphSettings, graph: Graph
) -> None:
    await graph.write("MATCH (e:Expert) DETACH DELETE e")
    async with browser(network, graph_settings) as client:
        page = await client.get("/demo")

        answer = await client.post("/demo", data={"csrf": csrf_in(page.text), "role": "member"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"demo": False},
        {"came_from": "192.0.2.7"},
        {"server": ServerSettings(host="0.0.0.0", port=0, public_url="http://127.0.0.1")},  # noqa: S104
        {"server": ServerSettings(host="127.0.0.1", port=0, public_url="http://127.0.0.1")},
    ],
    ids=["not the demo", "from another machine", "listening to others", "behind a public address"],
)
async def test_the_switch_cannot_be_turned_on_elsewhere(
    network: OpenNetwork, graph_settings: GraphSettings, elsewhere: dict[str, object]
) -> None:
    async with browser(network, graph_settings) as ours:
        page = await ours.get("/demo")
        cookies = dict(ours.cookies)

    async with browser(network, graph_settings, **elsewhere) as client:  # type: ignore[arg-type]
        client.cookies.update(cookies)
        shown = await client.get("/demo")
        answer = await client.post("/demo", data={"csrf": csrf_in(page.text), "role": "administrator"})
        first = await client.get("/")

    assert (shown.status_code, answer.status_code) == (404, 404)
    assert 'href="/demo"' not in first.text


async def test_it_ends_at_once_when_the_network_is_no_longer_fictional(
    network: OpenNetwork, graph_settings: GraphSettings, graph: Graph
) -> None:
    async with browser(network, graph_settings) as client:
        page = await client.get("/demo")
        await graph.write("MATCH (n:Network) SET n.fictional = false")

        answer = await client.post("/demo", data={"csrf": csrf_in(page.text), "role": "administrator"})

    assert answer.status_code == 404


async def test_the_sample_network_has_the_sample_people(sample: OpenNetwork) -> None:
    ids = [ExpertId(expert) for expert, _ in SAMPLE_PEOPLE.values()]

    found = await experts.by_id(sample.graph, Viewer(Role.PUBLIC), ids=ids)

    assert set(found) == set(ids)
