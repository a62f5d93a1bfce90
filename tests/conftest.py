"""What every test shares: the real, managed Neo4j, one for each test worker."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from graph.engine import Address, attach, install
from graph.graph import Graph
from graph.schema import migrate
from graph.settings import GraphSettings

pytest_plugins = ["tests.door", "tests.encoder_fixture", "tests.mailbox", "tests.sample_network"]

# In batches: a test may leave more than one transaction can take away.
EMPTY = "MATCH (n) WHERE NOT n:Migration WITH n LIMIT 10000 DETACH DELETE n RETURN count(n) AS removed"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test come first, then those with most tests, so that no worker is left with a long file alone.

    The workers take whole files, in this order (``--dist loadfile --no-loadscope-reorder``).
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in slow, -tests[item.path], item.path))


@pytest.fixture(scope="session")
def graph_settings(tmp_path_factory: pytest.TempPathFactory) -> GraphSettings:
    """Settings of a network of this worker's own; the cache is the user's, shared by all."""
    return GraphSettings(home=tmp_path_factory.mktemp("home"), neo4j_uri=None)


@pytest.fixture(scope="session")
def engine_address(graph_settings: GraphSettings) -> Iterator[Address]:
    """A managed Neo4j that all tests of this worker share; each test removes what it wrote."""
    install(graph_settings)
    with attach(graph_settings) as address:
        yield address


@pytest.fixture
async def graph(engine_address: Address) -> AsyncIterator[Graph]:
    """The worker's graph, migrated and empty."""
    async with Graph.connect(engine_address) as connected:
        await migrate(connected)
        while (await connected.write(EMPTY))[0]["removed"]:
            pass
        yield connected
