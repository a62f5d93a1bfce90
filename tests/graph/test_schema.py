"""Migrations: once, whoever comes first, and never backwards."""

import asyncio

import pytest

from graph.graph import Graph
from graph.schema import MIGRATIONS, GraphFromNewerVersion, migrate

FORGET = "MATCH (m:Migration) DELETE m"


async def test_a_migrated_graph_needs_nothing_more(graph: Graph) -> None:
    assert await migrate(graph) == 0


async def test_several_that_migrate_at_once_all_succeed(graph: Graph) -> None:
    await graph.write(FORGET)
    await graph.write("DROP INDEX expert_name IF EXISTS")
    await graph.write("DROP INDEX candidacy_event IF EXISTS")

    await asyncio.gather(*(migrate(graph) for _ in range(3)))

    numbers = await graph.read("MATCH (m:Migration) RETURN m.number AS number ORDER BY number")
    assert [row["number"] for row in numbers] == [migration.number for migration in MIGRATIONS]


async def test_a_graph_from_a_newer_release_is_refused(graph: Graph) -> None:
    newer = MIGRATIONS[-1].number + 1
    await graph.write("CREATE (:Migration {number: $number})", number=newer)
    try:
        with pytest.raises(GraphFromNewerVersion, match=f"has migration {newer}, but this Knowwho knows only"):
            await migrate(graph)
    finally:
        await graph.write("MATCH (m:Migration {number: $number}) DELETE m", number=newer)


async def test_every_noun_has_one_node_per_id(graph: Graph) -> None:
    constraints = await graph.read(
        "SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes[0] AS label, properties[0] AS property"
    )

    for noun in ("Expert", "Topic", "Event", "Country", "Organisation", "Passage", "Document", "Resource"):
        assert {"label": noun, "property": "id"} in constraints
