"""Ids: every node gives one, is found by it, and by the slug or code that it stands for."""

import base64
from typing import Any

import pytest

from api.graphql.nouns.ids import noun_and_id
from api.graphql.nouns.types import camel, root_fields
from graph.model import NOUNS, Noun
from tests.api.conftest import Query

LISTED = [noun for noun in NOUNS.values() if noun.listed]
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def id_of(noun: str, own: str) -> str:
    return base64.b64encode(f"{noun}:{own}".encode()).decode()


async def data(query: Query, document: str, **variables: object) -> Any:
    answer = await query(document, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def one_of_each(query: Query) -> dict[str, str]:
    """The id of a node of every noun."""
    lists = " ".join(
        f"{noun.label}: {camel(root_fields(noun)[1])}(first: 1) {{ edges {{ node {{ id }} }} }}" for noun in LISTED
    )
    passage = 'of: expert(id: "lisandro-bassi-echague") { passages(first: 1) { edges { node { id } } } }'
    told = await data(query, f"{{ {lists} {passage} }}")
    told["Passage"] = told.pop("of")["passages"]
    return {label: found["edges"][0]["node"]["id"] for label, found in told.items()}


async def test_a_node_of_every_noun_is_found_by_its_id(query: Query) -> None:
    ids = await one_of_each(query)

    assert set(ids) == set(NOUNS)
    for label, id in ids.items():
        assert await data(query, NODE, id=id) == {"node": {"__typename": label, "id": id}}


async def test_nodes_come_in_the_order_asked_for_with_null_for_what_is_not_there(query: Query) -> None:
    ids = list((await one_of_each(query)).values())
    asked = [*reversed(ids), id_of("Expert", "nobody-at-all"), "nonsense", ids[0], ids[0], ""]

    found = (await data(query, NODES, ids=asked))["nodes"]

    expected = [*reversed(ids), None, None, ids[0], ids[0], None]
    assert [node and node["id"] for node in found] == expected
    assert [node and node["__typename"] for node in found] == [
        (noun_and_id(id) or [None])[0] if id else None for id in expected
    ]


@pytest.mark.parametrize("noun", LISTED, ids=lambda noun: noun.label)
async def test_one_is_found_by_its_id_among_all_and_by_its_own(query: Query, noun: Noun) -> None:
    single, several = (camel(name) for name in root_fields(noun))
    own = next(camel(column.name) for column in noun.columns if column.property == "id")
    listed = await data(query, f"{{ {several}(last: 1) {{ edges {{ node {{ id {own} }} }} }} }}")
    (edge,) = listed[several]["edges"]

    for given in (edge["node"]["id"], edge["node"][own]):
        assert await data(query, f"query ($id: ID!) {{ {single}(id: $id) {{ id {own} }} }}", id=given) == {
            single: edge["node"]
        }


@pytest.mark.parametrize(
    "id",
    [
        "",
        "nonsense",
        "é",
        "\x00",
        "x" * 20_000,
        id_of("Nothing", "x"),
        id_of("Query", "x"),
        id_of("Expert", ""),
        id_of("Account", "1"),
        id_of("Expert", "nobody-at-all"),
        id_of("expert", "lisandro-bassi-echague"),
        "RXhwZXJ0O",
        base64.b64encode(b"Expert:\xff").decode(),
        "Expert:lisandro-bassi-echague",
        "lisandro-bassi-echague",
    ],
)
async def test_what_is_no_id_of_a_node_is_null_not_an_error(query: Query, id: str) -> None:
    assert await data(query, NODE, id=id) == {"node": None}
    assert await data(query, NODES, ids=[id]) == {"nodes": [None]}


@pytest.mark.parametrize(
    "id", ["", "é", "\x00", id_of("Topic", "hotels"), id_of("Expert", "nobody-at-all"), "x" * 20_000]
)
async def test_where_there_is_nobody_of_that_id_there_is_null(query: Query, id: str) -> None:
    assert await data(query, "query ($id: ID!) { expert(id: $id) { name } }", id=id) == {"expert": None}


async def test_a_node_tells_what_its_own_type_has(query: Query) -> None:
    ids = [id_of("Topic", "hotels"), id_of("Country", "TN"), id_of("Region", "015")]
    document = """
    query ($ids: [ID!]!) {
      nodes(ids: $ids) {
        id
        ... on Topic { label experts(first: 1) { totalCount } }
        ... on Country { alpha: code ...more }
      }
    }
    fragment more on Country { name(language: FR) regions(first: 1) { edges { node { ... on Node { id } } } } }
    """

    topic, country, region = (await data(query, document, ids=ids))["nodes"]

    assert list(topic) == ["id", "label", "experts"]
    assert topic["experts"]["totalCount"] > 1
    assert country == {
        "id": ids[1],
        "alpha": "TN",
        "name": "Tunisie",
        "regions": {"edges": [{"node": {"id": ids[2]}}]},
    }
    assert region == {"id": ids[2]}


async def test_up_to_a_hundred_are_asked_for_at_once(query: Query) -> None:
    most = await data(query, NODES, ids=[id_of("Country", "TN")] * 100)

    (error,) = (await query(NODES, ids=[id_of("Country", "TN")] * 101))["errors"]

    assert len(most["nodes"]) == 100
    assert error["message"] == "ids are 101; ask for 100 at most at once."
    assert await data(query, NODES, ids=[]) == {"nodes": []}
