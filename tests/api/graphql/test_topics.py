"""Topics by GraphQL: of which scheme they are, which are the same elsewhere, and which should no longer be used."""

from typing import Any, cast

import pytest

from api.graphql.schema import schema
from graph.graph import Graph, Transaction
from graph.intake import TopicRecord, store_topics
from graph.viewer import PUBLIC
from tests.visibility.entry_points import context

TOPIC = """
query ($id: ID!) {
  topic(id: $id) {
    label scheme iri isDeprecated
    exactMatches { edges { node { slug label isDeprecated exactMatches { edges { node { slug } } } } } }
  }
}
"""


def record(id: str, **told: Any) -> TopicRecord:
    nothing: dict[str, Any] = dict.fromkeys(TopicRecord.__annotations__)
    return cast("TopicRecord", nothing | {"id": id, "labels": [], "exact_match": [], "digest": "t"} | told)


@pytest.fixture
async def schemes(graph: Graph) -> Graph:
    """Topics of three schemes that are the same, one of them without an English name."""

    async def work(tx: Transaction) -> None:
        places = {"scheme": "Places", "iri": "https://example.org/hotels", "exact_match": ["inns"]}
        await store_topics(tx, [record("hotels", names={"label_en": "Hotels"}, **places)])
        await store_topics(tx, [record("inns", names={"label_fr": "Auberges"}, deprecated=True)])
        await store_topics(
            tx, [record("lodging", names={"label_en": "Lodging"}, exact_match=["https://example.org/hotels"])]
        )

    await graph.transact(work)
    return graph


async def asked(graph: Graph, id: str) -> Any:
    answer = await schema.execute(TOPIC, variable_values={"id": id}, context_value=context(graph, PUBLIC))
    assert answer.errors is None
    assert answer.data is not None
    return answer.data["topic"]


async def test_a_topic_tells_its_scheme_and_the_same_topics_of_others(schemes: Graph) -> None:
    hotels = {"edges": [{"node": {"slug": "hotels"}}]}

    assert await asked(schemes, "hotels") == {
        "label": "Hotels",
        "scheme": "Places",
        "iri": "https://example.org/hotels",
        "isDeprecated": False,
        "exactMatches": {
            "edges": [
                {"node": {"slug": "inns", "label": "Auberges", "isDeprecated": True, "exactMatches": hotels}},
                {"node": {"slug": "lodging", "label": "Lodging", "isDeprecated": False, "exactMatches": hotels}},
            ]
        },
    }


async def test_a_deprecated_topic_is_found_by_its_id_and_marked(schemes: Graph) -> None:
    found = await asked(schemes, "inns")

    assert found["isDeprecated"] is True
    assert (found["scheme"], found["iri"]) == (None, None)
