"""What a whole search costs, beside encoding its question and beside the raw Cypher it runs, measured in one run.

Run it with ``python -m bench.search``. The sample network is loaded into a folder of its own. Each question is asked,
encoded, and its statements put to the database by the bare driver, by turns, so that a busy machine slows all alike.
The encoder remembers questions, so every round asks in slightly other words.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any, LiteralString

from neo4j import AsyncDriver, AsyncGraphDatabase, RoutingControl
from rich.console import Console
from rich.table import Table

from graph.encoder import QuestionEncoder, identity
from graph.encoder import load as load_encoder
from graph.engine import attach
from graph.graph import CYPHER, Graph, Row
from graph.schema import migrate
from graph.search import Search
from graph.settings import GraphSettings
from graph.vectors import embed_waiting
from graph.viewer import Viewer
from ingest import load
from ingest.sample import SAMPLE

__all__ = ["main"]

QUESTIONS = Path(__file__).parents[1] / "tests" / "quality" / "questions.jsonl"
OPERATOR = Viewer.at_the_command_line()
ROUNDS = 3
WARM_UP = 15
TARGET = 1.25


@dataclass
class _Recording:
    """A graph that remembers the statements it was asked, to be put to the database again without us."""

    graph: Graph
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def read(self, cypher: LiteralString, **parameters: Any) -> list[Row]:
        self.asked.append((CYPHER + cypher, parameters))
        return await self.graph.read(cypher, **parameters)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        settings = GraphSettings(home=Path(home), neo4j_uri=None, encoder="default")
        with attach(settings) as address:
            asyncio.run(_measure(settings, address))


async def _measure(settings: GraphSettings, address: Any) -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    auth = (address.user, address.password.get_secret_value())
    async with (
        Graph.connect(address) as graph,
        AsyncGraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF") as driver,
        QuestionEncoder(lambda: load_encoder(settings)) as encoder,
    ):
        await migrate(graph)
        await load(graph, OPERATOR, SAMPLE)
        await embed_waiting(graph, await encoder.encoder())
        recording = _Recording(graph)
        search = Search(recording, encoder, identity(settings))  # type: ignore[arg-type]
        rounds = [f"{question} ({n})" for n in range(ROUNDS) for question in questions]
        taken = [await _once(search, recording, encoder, driver, question) for question in rounds]
    _show(taken[WARM_UP:])


async def _once(
    search: Search, recording: _Recording, encoder: QuestionEncoder, driver: AsyncDriver, question: str
) -> tuple[float, float, float]:
    """Milliseconds of the whole search, of encoding alone, and of the raw statements alone."""
    recording.asked.clear()
    begun = time.perf_counter()
    await search.ask(OPERATOR, question)
    asked = time.perf_counter()
    await encoder.encode(f"{question}.")
    encoded = time.perf_counter()
    for statement, parameters in recording.asked:
        await driver.execute_query(statement, parameters, routing_=RoutingControl.READ)
    queried = time.perf_counter()
    return (asked - begun) * 1e3, (encoded - asked) * 1e3, (queried - encoded) * 1e3


def _show(taken: Sequence[tuple[float, float, float]]) -> None:
    whole, encoding, cypher = zip(*taken, strict=True)
    table = Table("", "p50 ms", "p95 ms", title="A search of the sample network", title_justify="left")
    for name, figures in (("encoding", encoding), ("raw Cypher", cypher), ("whole search", whole)):
        table.add_row(name, f"{median(figures):.1f}", f"{quantiles(figures, n=20)[-1]:.1f}")
    ratio = median(whole) / (median(encoding) + median(cypher))
    console = Console(highlight=False)
    console.print(table)
    console.print(f"whole search / (encoding + raw Cypher), p50: {ratio:.2f}; the target is at most {TARGET}")


if __name__ == "__main__":
    main()
