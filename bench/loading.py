"""What loading a network costs and how it grows, beside the same rows written by the bare driver, in one run.

Run it with ``python -m bench.loading``; ``--largest 10000`` ends sooner. Each size has a network made for it (ten
people to an organisation, three passages a person) and an empty graph; the loader runs in a process of its own, so that
its memory can be told. Vectors are not written.
"""

import argparse
import asyncio
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, LiteralString

from neo4j import GraphDatabase
from rich.console import Console
from rich.table import Table

from graph.engine import attach, stop
from graph.graph import Graph
from graph.schema import migrate
from graph.settings import GraphSettings
from graph.viewer import Viewer
from ingest import load

__all__ = ["main"]

SIZES = (1_000, 10_000, 100_000)
BATCH = 500
PASSAGES_EACH = 3
TARGET_S, TARGET_MB = 90, 1_500
COUNTRIES = ("TN", "FR", "GH", "ES", "MA", "KE", "ID", "PE", "KZ", "JO")
LANGUAGES = ("ar", "fr", "en", "es", "ru", "zh")
WORDS = ("stewards", "welcome", "visitors", "entrance", "training", "market", "exercise", "plan", "lighting", "design")

# What the bare driver writes: the same people, their country and languages, and their passages; no checks, no sources,
# no audiences, no stamps.
RAW_EXPERTS: LiteralString = """
UNWIND $rows AS row
CREATE (e:Expert {id: row.id, name: row.name, email: row.email})
WITH e, row
CALL (e, row) { MATCH (c:Country {id: row.country}) CREATE (e)-[:BASED_IN]->(c) }
CALL (e, row) { MATCH (l:Language {id: row.language}) CREATE (e)-[:SPEAKS {level: 'native'}]->(l) }
"""
RAW_PASSAGES: LiteralString = """
UNWIND $rows AS row
MATCH (e:Expert {id: row.owner})
CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: row.id, text: row.text})
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load is not None:
        asyncio.run(_load(arguments.load))
        return
    _show({size: _measured(size) for size in SIZES if size <= arguments.largest})


def _measured(people: int) -> Mapping[str, float]:
    """Seconds and megabytes of a first load, a second one, and the bare driver."""
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "network"
        _write(network, people)
        figures = _loaded(Path(folder) / "ours", network)
        return {**figures, "raw_s": _raw(Path(folder) / "raw", people)}


def _loaded(home: Path, network: Path) -> Mapping[str, float]:
    settings = GraphSettings(home=home, neo4j_uri=None)
    seconds: list[float] = []
    most = 0.0
    command = [sys.executable, "-m", "bench.loading", "--load", str(network)]
    with attach(settings):
        for _ in range(2):
            done = subprocess.run(
                command, env={**os.environ, "KNOWWHO_HOME": str(home)}, check=True, capture_output=True, text=True
            )
            took, megabytes = map(float, done.stdout.split())
            seconds.append(took)
            most = max(most, megabytes)
    stop(settings)
    return {"first_s": seconds[0], "again_s": seconds[1], "mb": most}


async def _load(network: Path) -> None:
    with attach(GraphSettings(neo4j_uri=None)) as address:
        async with Graph.connect(address) as graph:
            await migrate(graph)
            begun = time.perf_counter()
            report = await load(graph, Viewer.at_the_command_line(), network)
            took = time.perf_counter() - begun
    if not report.is_complete:
        raise SystemExit(report.to_text())
    # Kilobytes on Linux, bytes on macOS.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def _raw(home: Path, people: int) -> float:
    settings = GraphSettings(home=home, neo4j_uri=None)
    with attach(settings) as address:

        async def prepared() -> None:
            async with Graph.connect(address) as graph:
                await migrate(graph)

        asyncio.run(prepared())
        auth = (address.user, address.password.get_secret_value())
        with GraphDatabase.driver(address.uri, auth=auth) as driver:
            driver.execute_query("UNWIND $ids AS id CREATE (:Country {id: id})", ids=COUNTRIES)
            driver.execute_query("UNWIND $ids AS id CREATE (:Language {id: id})", ids=LANGUAGES)
            chance = random.Random(1)
            rows = [_person(number, chance) for number in range(people)]
            passages = [
                {"id": f"{row['id']} {which}", "owner": row["id"], "text": _text(chance)}
                for row in rows
                for which in range(PASSAGES_EACH)
            ]
            begun = time.perf_counter()
            for statement, written in ((RAW_EXPERTS, rows), (RAW_PASSAGES, passages)):
                for start in range(0, len(written), BATCH):
                    driver.execute_query(statement, rows=written[start : start + BATCH])
            took = time.perf_counter() - begun
    stop(settings)
    return took


def _person(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"person-{number}",
        "name": f"Person {number}",
        "email": f"p{number}@example.org",
        "country": chance.choice(COUNTRIES),
        "language": chance.choice(LANGUAGES),
        "topic": f"topic-{chance.randrange(50)}",
    }


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=70)).capitalize() + "."


def _write(network: Path, people: int) -> None:
    """A network with so many people, each with three passages in one document."""
    (network / "documents").mkdir(parents=True)
    chance = random.Random(1)
    rows = [_person(number, chance) for number in range(people)]
    _table(network / "topics.csv", ["id", "label_en"], [[f"topic-{n}", f"Topic {n}"] for n in range(50)])
    organisations = [[f"organisation-{n}", f"Organisation {n}", "police"] for n in range(people // 10)]
    _table(network / "organisations.csv", ["id", "name", "kind"], organisations)
    _table(
        network / "experts.csv",
        ["id", "name", "email", "country", "languages", "topics"],
        [
            [row["id"], row["name"], row["email"], row["country"], f"{row['language']}:native", f"{row['topic']}:lead"]
            for row in rows
        ],
    )
    _table(
        network / "affiliations.csv",
        ["expert", "organisation", "role"],
        [[row["id"], f"organisation-{number // 10}", "Adviser"] for number, row in enumerate(rows)],
    )
    for row in rows:
        text = "\n\n".join(_text(chance) for _ in range(PASSAGES_EACH))
        head = f"---\nowner: {row['id']}\nkind: biography\nlanguage: en\n---\n"
        (network / "documents" / f"{row['id']}.md").write_text(head + text, encoding="utf-8")


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _show(figures: Mapping[int, Mapping[str, float]]) -> None:
    table = Table("people", "passages", "load s", "again s", "loader MB", "raw s", "load / raw", title_justify="left")
    table.title = "Loading a network, vectors apart"
    for people, found in figures.items():
        table.add_row(
            f"{people:,}",
            f"{people * PASSAGES_EACH:,}",
            f"{found['first_s']:.1f}",
            f"{found['again_s']:.1f}",
            f"{found['mb']:.0f}",
            f"{found['raw_s']:.1f}",
            f"{found['first_s'] / found['raw_s']:.1f}",
        )
    console = Console(highlight=False)
    console.print(table)
    sizes = list(figures)
    for small, large in pairwise(sizes):
        ratio = (figures[large]["first_s"] / large) / (figures[small]["first_s"] / small)
        console.print(f"a person at {large:,} / a person at {small:,}: {ratio:.2f}; in proportion is 1")
    console.print(f"the target at 10,000 is at most {TARGET_S} s and {TARGET_MB} MB")


if __name__ == "__main__":
    main()
