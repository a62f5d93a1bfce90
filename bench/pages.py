"""What the pages of topics and countries cost, beside the raw Cypher that they run, in networks of three sizes.

Run it with ``python -m bench.pages``. The sample network is loaded into a folder of its own, without vectors, and its
people are copied: each copy knows what one person knows, and lives and worked where another does. Each page is asked
for, and its statements are put to the database by the bare driver, by turns, so that a busy machine slows all alike.
"""

import argparse
import asyncio
import logging
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, LiteralString, cast

import httpx
import structlog
from neo4j import AsyncDriver, AsyncGraphDatabase, RoutingControl
from rich.console import Console
from rich.table import Table

from api import web
from api.app import create_app
from api.door import Visitor, visitor_of
from api.network import OpenNetwork
from api.settings import GraphQLSettings
from graph.engine import attach
from graph.graph import CYPHER, Graph, Row
from graph.schema import migrate
from graph.settings import GraphSettings
from graph.viewer import Viewer
from ingest import load
from ingest.sample import SAMPLE

__all__ = ["main"]

PAGES = ("/topics", "/topics/vulnerable-places", "/countries?show=experts", "/countries/KE")
PEOPLE = (150, 1_000, 10_000)
ROUNDS = 15
WARM_UP = 5
OPERATOR = Viewer.at_the_command_line()
BATCH = 500

IDS: LiteralString = "MATCH (e:Expert) WHERE e.copy IS NULL RETURN collect(e.id) AS ids"
COPY: LiteralString = """
UNWIND $copies AS copy
MATCH (knows:Expert {id: copy.knows}), (lives:Expert {id: copy.lives})
CREATE (e:Expert)
SET e = knows {.*, id: copy.id, name: copy.id, copy: true}
WITH e, knows, lives
CALL (e, knows) {
  MATCH (knows)-[x:EXPERT_IN]->(t:Topic) CREATE (e)-[y:EXPERT_IN]->(t) SET y = properties(x)
}
CALL (e, lives) {
  MATCH (lives)-[:BASED_IN]->(c:Country) CREATE (e)-[:BASED_IN]->(c)
}
CALL (e, lives) {
  MATCH (lives)-[:WORKED_IN]->(c:Country) CREATE (e)-[:WORKED_IN]->(c)
}
CALL (e, lives) {
  MATCH (lives)-[x:SPEAKS]->(l:Language) CREATE (e)-[y:SPEAKS]->(l) SET y = properties(x)
}
"""


@dataclass
class _Recording:
    """A graph that remembers the statements it was asked, to be put to the database again without us."""

    graph: Graph
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def read(self, cypher: LiteralString, **parameters: Any) -> list[Row]:
        self.asked.append((CYPHER + cypher, {name: of for name, of in parameters.items() if name != "timeout_s"}))
        return await self.graph.read(cypher, **parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.graph, name)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, nargs="+", default=list(PEOPLE))
    sizes = parser.parse_args().people
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as home:
        settings = GraphSettings(home=Path(home), neo4j_uri=None)
        web.install(settings)
        with attach(settings) as address:
            asyncio.run(_measure(settings, address, sizes))


async def _measure(settings: GraphSettings, address: Any, sizes: list[int]) -> None:
    auth = (address.user, address.password.get_secret_value())
    table = Table("people", "page", "p50 ms", "raw Cypher", "ratio", title="Pages", title_justify="left")
    async with (
        Graph.connect(address) as graph,
        AsyncGraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF") as driver,
    ):
        await migrate(graph)
        await load(graph, OPERATOR, SAMPLE)
        there = len((await graph.read(IDS))[0]["ids"])
        for people in sorted(sizes):
            await _copy(graph, there, people)
            there = max(there, people)
            for page, whole, cypher in await _pages(settings, graph, driver):
                table.add_row(f"{people:,}", page, f"{whole:.1f}", f"{cypher:.1f}", f"{whole / cypher:.2f}")
    Console(highlight=False).print(table)


async def _copy(graph: Graph, there: int, people: int) -> None:
    ids = (await graph.read(IDS))[0]["ids"]
    for start in range(there, people, BATCH):
        copies = [
            {"id": f"copy-{one}", "knows": ids[one % len(ids)], "lives": ids[one * 7 % len(ids)]}
            for one in range(start, min(start + BATCH, people))
        ]
        await graph.write(COPY, copies=copies)


async def _pages(settings: GraphSettings, graph: Graph, driver: AsyncDriver) -> list[tuple[str, float, float]]:
    """Each page with the milliseconds that it takes and those that its statements take alone, one after the other."""
    recording = _Recording(graph)
    app = create_app(settings)
    app.state.network = OpenNetwork(cast("Graph", recording), cast("Any", None), cast("Any", None), cast("Any", None))
    app.state.graphql = GraphQLSettings(query_timeout_s=120)
    app.dependency_overrides[visitor_of] = lambda: Visitor(OPERATOR, account=None, session=None, csrf="")
    found = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser:
        for page in PAGES:
            taken = [await _once(browser, recording, driver, page) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
            whole, cypher = (median(figures) for figures in zip(*taken, strict=True))
            found.append((page, whole, cypher))
    return found


async def _once(
    browser: httpx.AsyncClient, recording: _Recording, driver: AsyncDriver, page: str
) -> tuple[float, float]:
    recording.asked.clear()
    begun = time.perf_counter()
    (await browser.get(page)).raise_for_status()
    shown = time.perf_counter()
    for statement, parameters in recording.asked:
        await driver.execute_query(statement, parameters, routing_=RoutingControl.READ)
    return (shown - begun) * 1e3, (time.perf_counter() - shown) * 1e3


if __name__ == "__main__":
    main()
