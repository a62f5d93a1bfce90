"""A network with people to consider."""

import pytest

from graph.graph import Graph
from tests.graph.speaking.network import add_people
from tests.graph.speaking.written import address_people


@pytest.fixture
async def people(graph: Graph) -> Graph:
    """The graph, with the people and events of tests.graph.speaking.network in it."""
    await add_people(graph)
    return graph


@pytest.fixture
async def addressed(people: Graph) -> Graph:
    """The same, where Ama and Dana show organisers an address, and Kofi has none."""
    await address_people(people)
    return people
