"""A network on a Neo4j of the user's own: opened by address and password, refused in a sentence."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from api.network import open_graph
from graph.engine import Address, EngineError
from graph.graph import Graph
from graph.network import describe, holdings, ping
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Role, Viewer


def of_its_own(address: Address, home: Path, password: SecretStr | None = None) -> GraphSettings:
    return GraphSettings(
        home=home, neo4j_uri=address.uri, neo4j_user=address.user, neo4j_password=password or address.password
    )


async def test_a_neo4j_of_ones_own_is_used_by_address(graph: Graph, engine_address: Address, tmp_path: Path) -> None:
    await graph.write("CREATE (:Network {id: 'network', title: 'Ours', fictional: false})")

    async with open_graph(of_its_own(engine_address, tmp_path)) as opened:
        await ping(opened)
        said = await describe(opened, PUBLIC)

    assert said is not None
    assert (said.title, said.is_fictional) == ("Ours", False)


async def test_a_wrong_password_is_told_without_the_password(engine_address: Address, tmp_path: Path) -> None:
    settings = of_its_own(engine_address, tmp_path, SecretStr("not-the-password"))

    with pytest.raises(EngineError) as told:
        async with open_graph(settings):
            pass

    assert engine_address.uri in str(told.value)
    assert "not-the-password" not in str(told.value)


async def test_an_empty_network_says_nothing_of_itself_and_holds_nothing(graph: Graph) -> None:
    held = await holdings(graph, Viewer(Role.ORGANISER))

    assert await describe(graph, PUBLIC) is None
    assert (held.experts, held.countries, held.topics, held.events, held.passages) == (0, 0, 0, 0, 0)
