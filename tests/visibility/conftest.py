"""The graph that these tests ask: the crowd is in it, and each test puts its own network beside."""

from collections.abc import AsyncIterator, Iterator

import pytest

from graph.engine import Address
from graph.graph import Graph
from graph.schema import migrate
from graph.vectors import DROP_INDEX
from tests.conftest import EMPTY
from tests.patience import patience_with_planning
from tests.visibility.networks import prepare


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Documents and trees by chance are statements that the database has never seen."""
    with patience_with_planning():
        yield


@pytest.fixture(scope="module")
async def network(engine_address: Address) -> AsyncIterator[Graph]:
    """The worker's graph with the crowd, and search indexes of the size of these tests' vectors."""
    async with Graph.connect(engine_address) as graph:
        await migrate(graph)
        await take_all_away(graph)
        await prepare(graph)
        yield graph
        await take_all_away(graph)
        await graph.write(DROP_INDEX)


async def take_all_away(graph: Graph) -> None:
    while (await graph.write(EMPTY))[0]["removed"]:
        pass
