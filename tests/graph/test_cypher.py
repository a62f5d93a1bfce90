"""All Cypher is in the graph room, is a constant, and compiles.

What graph.reading puts together is held by tests/graph/reading: no text from outside is in it.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import LiteralString

import pytest

import graph as room
from graph import filters
from graph.coverage import By, near, table
from graph.filters import ANYONE, ExpertFilter, narrowed
from graph.graph import Graph
from graph.search.candidates import EVERYWHERE, PASSING, STARTS
from graph.values import CountryId, EventId, Gender, LanguageId, OrganisationId, TopicId
from graph.vectors import CREATE_INDEX

ROOT = Path(room.__file__).parent.parent
# They speak to stores of their own, and are run where the engine is tested.
OF_THE_ENGINE = {"graph.engine.supervisor", "graph.engine.training"}
# They put statements together from parts, which are compiled as they are asked.
OF_PARTS = {"graph.coverage.near", "graph.coverage.table"}
# It puts statements together from the description of the nouns, and has a test of its own.
BUILT = ROOT / "graph" / "reading"
CYPHER = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE)\b.*\b(RETURN|SET|DELETE|REMOVE|WITH|CALL)\b", re.DOTALL)


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(room.__path__, "graph."):
        if module.name not in OF_THE_ENGINE:
            yield module.name


def statements() -> Iterator[tuple[str, str]]:
    for module in modules():
        for name, value in vars(importlib.import_module(module)).items():
            if name.isupper() and isinstance(value, str) and CYPHER.search(value) and not is_a_part(module, value):
                yield f"{module}.{name}", value


def is_a_part(module: str, statement: str) -> bool:
    """Whether it is only a part of other statements, which are compiled with it."""
    is_an_end = statement.lstrip().startswith("UNION")
    is_of_a_column = module.startswith("graph.model.")
    return (
        is_an_end
        or is_of_a_column
        or (module in OF_PARTS and not statement.rstrip().endswith(("AS topics", "AS places")))
    )


STATEMENTS = dict(statements())
EVERY_PART = ExpertFilter(
    countries=frozenset({CountryId("TN")}),
    languages=frozenset({LanguageId("fr")}),
    topics=frozenset({TopicId("t")}),
    worked_in=frozenset({CountryId("TN")}),
    organisations=frozenset({OrganisationId("o")}),
    organisation_kinds=frozenset({"k"}),
    spoke_at=frozenset({EventId("v")}),
    available=(date(2027, 1, 1), date(2027, 1, 2)),
    active_since=date(2026, 1, 1),
    not_invited_since=date(2026, 1, 1),
    genders=frozenset({Gender.WOMAN}),
)


@pytest.mark.parametrize("name", list(STATEMENTS))
async def test_every_statement_compiles(graph: Graph, name: str) -> None:
    await graph.write(CREATE_INDEX, dimensions=768)

    await graph.read("EXPLAIN " + narrowed(STATEMENTS[name].strip(), EVERY_PART))


@pytest.mark.parametrize("start", [EVERYWHERE, *STARTS.values()])
async def test_every_beginning_of_a_filtered_statement_compiles(graph: Graph, start: LiteralString) -> None:
    for only in (ANYONE, EVERY_PART):
        await graph.read("EXPLAIN " + narrowed(start + PASSING, only))


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("statement", [near._nearest, table._table], ids=["near", "table"])
async def test_statements_of_parts_compile(graph: Graph, statement: Callable[[By], LiteralString], by: By) -> None:
    await graph.read("EXPLAIN " + statement(by).strip())


def test_every_part_of_a_filter_is_compiled() -> None:
    left_out = {name for name in filters.ExpertFilter.__slots__ if not getattr(EVERY_PART, name)}

    assert left_out == set()


def test_there_is_cypher_to_compile() -> None:
    assert len(STATEMENTS) > 20


def sources() -> Iterator[Path]:
    for folder in ("api", "graph", "ingest"):
        yield from (file for file in (ROOT / folder).rglob("*.py") if not file.is_relative_to(BUILT))


@pytest.mark.parametrize("file", list(sources()), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_cypher_is_built_from_text_and_none_is_outside_the_graph_room(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))

    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            assert not CYPHER.search(text), f"{file}:{node.lineno} builds Cypher in an f-string"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            assert not CYPHER.search(str(node.left.value)), f"{file}:{node.lineno} builds Cypher with %"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and file.is_relative_to(ROOT / "graph"):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not CYPHER.search(node.value), f"{file}:{node.lineno} has Cypher outside graph/"
