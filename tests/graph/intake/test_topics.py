"""Topics of several schemes: which are the same, which should no longer be used, and what they are called."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, cast

import pytest

from graph import topics
from graph.graph import Graph, Transaction
from graph.intake import TopicRecord, remove_topics, store_topics
from graph.values import Cursor
from graph.viewer import Viewer
from tests.reading import related, told

OPERATOR = Viewer.at_the_command_line()
RELATIONS = "MATCH (a)-[r]->(b) RETURN a.id + ' ' + type(r) + ' ' + b.id AS relation ORDER BY relation"


def record(id: str, **changes: Any) -> TopicRecord:
    told: dict[str, Any] = {
        "id": id,
        "broader": None,
        "names": {"label_en": id.capitalize()},
        "labels": [id.capitalize()],
        "definition": None,
        "scheme": None,
        "iri": f"https://example.org/{id}",
        "exact_match": [],
        "deprecated": None,
        "digest": "t",
    }
    return cast("TopicRecord", told | changes)


async def store(graph: Graph, *records: TopicRecord) -> None:
    async def work(tx: Transaction) -> None:
        await store_topics(tx, records)

    await graph.transact(work)


async def relations(graph: Graph) -> list[str]:
    return [row["relation"] for row in await graph.read(RELATIONS)]


async def same_as(graph: Graph, id: str) -> list[str]:
    return await related(graph, OPERATOR, "Topic", id, "exact_matches")


@pytest.mark.parametrize(
    "batches", [[[0, 1, 2]], [[2], [1, 0]], *([[a], [b], [c]] for a, b, c in permutations(range(3)))]
)
async def test_exact_matches_are_related_by_iri_or_id_in_whatever_order_they_come(
    graph: Graph, batches: Sequence[Sequence[int]]
) -> None:
    records = [
        record("hotels", exact_match=["https://example.org/inns", "https://example.org/nowhere"]),
        record("inns"),
        record("lodging", exact_match=["hotels"], iri=None),
    ]

    for batch in batches:
        await store(graph, *(records[place] for place in batch))

    assert await relations(graph) == ["hotels EXACT_MATCH inns", "lodging EXACT_MATCH hotels"]
    assert await same_as(graph, "hotels") == ["inns", "lodging"]
    assert await same_as(graph, "inns") == ["hotels"]


async def test_topics_that_name_each_other_are_the_same_once(graph: Graph) -> None:
    await store(
        graph,
        record("hotels", exact_match=["https://example.org/inns"]),
        record("inns", exact_match=["hotels", "https://example.org/hotels"]),
    )

    assert await same_as(graph, "hotels") == ["inns"]


async def test_a_topic_is_no_match_of_itself(graph: Graph) -> None:
    await store(graph, record("hotels", exact_match=["hotels", "https://example.org/hotels"]))

    assert await relations(graph) == []


async def test_exact_matches_are_apart_from_what_is_broader(graph: Graph) -> None:
    await store(
        graph,
        record("places"),
        record("hotels", broader="places", exact_match=["inns"]),
        record("inns", broader="places"),
    )

    assert await relations(graph) == ["hotels BROADER places", "hotels EXACT_MATCH inns", "inns BROADER places"]
    assert await related(graph, OPERATOR, "Topic", "places", "narrower") == ["hotels", "inns"]


async def test_a_match_that_is_no_longer_named_goes_and_one_that_is_named_by_others_stays(graph: Graph) -> None:
    named = [record("hotels", exact_match=["inns"]), record("inns"), record("lodging", exact_match=["hotels"])]
    await store(graph, *named)

    await store(graph, record("hotels"))

    assert await relations(graph) == ["lodging EXACT_MATCH hotels"]


async def test_a_topic_that_gets_another_iri_is_no_longer_what_the_old_one_meant(graph: Graph) -> None:
    await store(graph, record("hotels"), record("inns", exact_match=["https://example.org/hotels"]))

    await store(graph, record("hotels", iri="https://example.org/other"))

    assert await relations(graph) == []


async def test_a_topic_that_was_removed_is_matched_again_when_it_comes_back(graph: Graph) -> None:
    await store(graph, record("hotels", exact_match=["inns"]), record("inns"))

    async def work(tx: Transaction) -> None:
        await remove_topics(tx, ["inns"])

    await graph.transact(work)
    assert await relations(graph) == []
    await store(graph, record("inns"))

    assert await relations(graph) == ["hotels EXACT_MATCH inns"]


@pytest.mark.parametrize("deprecated,is_deprecated", [(True, True), (False, False), (None, False)])
async def test_a_deprecated_topic_is_found_by_its_id_and_marked(
    graph: Graph, deprecated: bool | None, is_deprecated: bool
) -> None:
    await store(graph, record("hotels", deprecated=deprecated, scheme="Places"))

    found = await told(graph, OPERATOR, "Topic", "hotels")

    assert found["is_deprecated"] == is_deprecated
    assert (found["scheme"], found["iri"]) == ("Places", "https://example.org/hotels")


async def test_a_topic_that_is_used_again_is_no_longer_marked(graph: Graph) -> None:
    await store(graph, record("hotels", deprecated=True, scheme="Places"))

    await store(graph, record("hotels", iri=None))

    found = await told(graph, OPERATOR, "Topic", "hotels")
    assert (found["is_deprecated"], found["scheme"], found["iri"]) == (False, None, None)


async def test_topics_without_an_english_name_stand_among_the_others_by_the_name_they_have(graph: Graph) -> None:
    await store(
        graph,
        record("hotels"),
        record("market", names={"label_fr": "Marché", "label_ar": "سوق"}, broader="hotels"),
        record("bars", broader="hotels"),
        record("stadium", names={"label_es": "Estadio"}, broader="hotels"),
    )

    page = await topics.page(graph, OPERATOR, first=2)
    rest = await topics.page(graph, OPERATOR, first=9, after=Cursor.parse(str(page.entries[-1][0])))

    assert [one.labels.in_language("en") for _, one in (*page.entries, *rest.entries)] == [
        "Bars",
        "Estadio",
        "Hotels",
        "Marché",
    ]
    assert await related(graph, OPERATOR, "Topic", "hotels", "narrower") == ["bars", "stadium", "market"]
