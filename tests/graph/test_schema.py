"""Migrations: once, whoever comes first, and never backwards."""

import asyncio

import pytest

from graph.alphabet import SORT_KEYS, sort_key, sort_keys
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


async def test_a_network_with_one_key_for_all_languages_is_listed_by_each(graph: Graph) -> None:
    await graph.write("MATCH (m:Migration) WHERE m.number > 14 DELETE m")
    await graph.write("CREATE (:Expert {id: 'e', name: 'Núñez', sort_key: $key})", key=sort_key("Núñez"))
    await graph.write(
        "CREATE (:Topic {id: 't', label_en: 'Gate', label_ru: 'Врата', sort_key: $key})", key=sort_key("x")
    )

    await migrate(graph)

    keys = {"e": sort_keys("Núñez"), "t": sort_keys({"en": "Gate", "ru": "Врата"})}
    for id, told in keys.items():
        (row,) = await graph.read("MATCH (n {id: $id}) RETURN n {.*} AS node", id=id)
        assert {name: row["node"].get(name) for name in SORT_KEYS} == told


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
