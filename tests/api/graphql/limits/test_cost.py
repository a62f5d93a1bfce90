"""What queries cost, in numbers that one can add up by hand."""

from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse, validate

from api.graphql.limits.cost import compile_costs
from api.graphql.limits.sizes import MOST
from api.graphql.limits.weights import ASSUMED_LENGTH, LENGTHS, UNSAID_PAGE, WEIGHTS
from api.graphql.nouns.selecting import FACETED, UNSAID
from api.graphql.schema import schema

SCHEMA = schema._schema
ITEM = build_schema(
    """
    type Query {
      items(first: Int, last: Int): ItemConnection!
      nodes(ids: [ID!]!): [Node]!
      old(first: Int = 5): [Item!]!
      counts(first: Int): [Item!]!
    }
    type ItemConnection { edges: [ItemEdge!]!, nodes: [Item!]!, totalCount: Int!, pageInfo: PageInfo! }
    type ItemEdge { cursor: String!, node: Item!, reason: Item }
    type PageInfo { hasNextPage: Boolean! }
    interface Node { id: ID! }
    type Item implements Node { id: ID!, tags: [String!]!, parent: Item, items(first: Int! = 20): ItemConnection! }
    """
)


def cost(text: str, _operation: str | None = None, **variables: Any) -> int:
    document = parse(text)
    assert not validate(SCHEMA, document)
    return compile_costs(SCHEMA, document).of(_operation, variables)


def cost_of_items(text: str, **variables: Any) -> int:
    document = parse(text)
    assert not validate(ITEM, document)
    return compile_costs(ITEM, document).of(None, variables)


@pytest.mark.parametrize(
    "text,expected",
    [
        ("{ __typename }", 0),
        ("{ network { title description } }", 1),
        ('{ expert(id: "x") { name country { name } } }', 2),
        ("{ experts(first: 20) { pageInfo { hasNextPage } } }", 1),
        ("{ experts(first: 20) { edges { cursor } } }", 1 + 20),
        ("{ experts(first: 20) { edges { node { name } } } }", 1 + 20),
        ("{ experts { edges { node { name } } } }", 1 + 20),  # what it has where nobody says how many
        ("{ experts(last: 7) { edges { node { name } } } }", 1 + 7),
        ("{ experts(first: 3) { edges { node { country { name } } } } }", 1 + 3 * (1 + 1)),
        ("{ experts(first: 3) { edges { node { expertise { edges { level } } } } } }", 1 + 3 * (1 + 1 + 20)),
        ("{ experts(first: 3) { edges { node { talks(first: 4) { totalCount } } } } }", 1 + 3 * (1 + 1 + 1)),
        ('{ country(id: "FR") { experts(first: 7) { edges { node { name } } } } }', 1 + 1 + 7),
        ('{ country(id: "FR") { regions { edges { node { name } } } } }', 1 + 1 + 20),
        ("{ experts { facets { topics { count node { label } } } } }", 1 + 1 + 10 * (1 + 1)),
        ("{ experts { facets { topics(first: 50) { count } } } }", 1 + 1 + 50),
        ('{ matchExperts(question: "x", first: 4) { edges { node { name } } } }', 100 + 4),
        (
            '{ matchExperts(question: "x", first: 4) { edges { evidence { passage { text } } } } }',
            100 + 4 * (1 + 3 * 2),
        ),
        ('{ a: topic(id: "x") { label } b: topic(id: "x") { label } }', 2),
    ],
)
def test_an_object_costs_one_and_lists_multiply(text: str, expected: int) -> None:
    assert cost(text) == expected


def test_pages_multiply_through_nesting() -> None:
    talks = "talks(first: 4) { edges { title node { speakers { edges { role } } } } }"
    nested = f"topics(first: 10) {{ edges {{ node {{ experts(first: 10) {{ edges {{ node {{ {talks} }} }} }} }} }} }}"

    assert cost("{ " + nested + " }") == 1 + 10 * (1 + 1 + 10 * (1 + 1 + 4 * (1 + 1 + 20)))


def test_what_is_taken_where_nobody_says_how_many_is_what_lists_then_have() -> None:
    assert (UNSAID_PAGE, ASSUMED_LENGTH) == (UNSAID, FACETED)


@pytest.mark.parametrize(
    "given,expected", [({}, 7), ({"n": 3}, 3), ({"n": 100}, 100), ({"n": 3.0}, 3), ({"n": 0}, 1), ({"n": -5}, 1)]
)
def test_a_page_in_a_variable_counts_as_the_operation_will_have_it(given: dict[str, Any], expected: int) -> None:
    assert cost("query($n: Int! = 7) { experts(first: $n) { edges { node { name } } } }", **given) == 1 + expected


@pytest.mark.parametrize("given", [{}, {"n": "many"}, {"n": [5]}])
def test_where_a_variable_cannot_be_used_the_schemas_default_counts_and_nothing_will_run(given: dict[str, Any]) -> None:
    assert cost("query($n: Int!) { experts(first: $n) { edges { node { name } } } }", **given) == 1 + 20


@pytest.mark.parametrize(
    "text,given,expected",
    [
        ("experts @include(if: false) { edges { node { name } } }", {}, 0),
        ("experts @skip(if: true) { edges { node { name } } }", {}, 0),
        ("experts @include(if: true) @skip(if: false) { edges { node { name } } }", {}, 21),
        ("experts @include(if: $on) { edges { node { name } } }", {"on": False}, 0),
        ("experts @skip(if: $on) { edges { node { name } } }", {"on": True}, 0),
        ("experts @skip(if: $on) { edges { node { name } } }", {"on": False}, 21),
        ("experts @include(if: $on) { edges { node { name } } }", {}, 21),  # it cannot run: it counts as if it could
        ("... @include(if: $on) { experts { edges { node { name } } } }", {"on": False}, 0),
        ("...f @include(if: $on)", {"on": False}, 0),
        ("...f @include(if: $on)", {"on": True}, 21),
    ],
)
def test_what_is_left_out_costs_nothing(text: str, given: dict[str, Any], expected: int) -> None:
    fragment = "fragment f on Query { experts { edges { node { name } } } }" if "...f" in text else ""
    document = parse(f"query($on: Boolean!) {{ {text} }} {fragment}")

    assert compile_costs(SCHEMA, document).of(None, given) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{ experts(first: 4) { ...f } } fragment f on ExpertConnection { edges { ...g } } "
        "fragment g on ExpertEdge { node { country { name } } }",
        "{ experts(first: 4) { ... { ... on ExpertConnection { edges { node { ...f } } } } } } "
        "fragment f on Expert { country { name } }",
        "{ experts(first: 4) { ...f } } fragment f on ExpertConnection { ...g } "
        "fragment g on ExpertConnection { edges { node { country { name } } } }",
    ],
)
def test_a_page_reaches_into_fragments_on_its_connection(text: str) -> None:
    assert cost(text) == 1 + 4 * (1 + 1)


def test_one_fragment_costs_what_the_page_of_each_place_makes_of_it() -> None:
    text = "{ a: experts(first: 2) { ...f } b: experts(first: 50) { ...f } } fragment f on ExpertConnection "

    assert cost(text + "{ edges { node { name } } pageInfo { hasNextPage } }") == (1 + 2) + (1 + 50)


def test_fragments_that_double_each_other_cost_what_they_come_to_and_are_walked_once() -> None:
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(20))
    document = parse(f"{{ ...f0 }} {links} fragment f20 on Query {{ network {{ title }} }}")

    costs = compile_costs(SCHEMA, document)

    assert costs.of(None, {}) == 2**20
    assert costs.terms == 1 + 20 * 2 + 1


def test_a_cost_stops_growing_where_no_limit_is_near() -> None:
    deep = "items(first: 2147483647) { edges { node { " * 30 + "id" + " } } }" * 30

    assert cost_of_items("{ " + deep + " }") == MOST


def test_every_type_of_a_union_counts_though_one_object_is_of_one() -> None:
    reasons = "... on Expertise { topic { label } } ... on Talk { event { title } }"

    assert (
        cost('{ matchExperts(question: "x", first: 1) { edges { reasons { ' + reasons + " } } } }")
        == 100 + 1 + ASSUMED_LENGTH + ASSUMED_LENGTH * 2
    )


def test_of_several_operations_the_one_that_is_asked_for_counts() -> None:
    text = 'query one { network { title } } query two { topic(id: "x") { broader { label } } }'

    assert [cost(text, name) for name in ("one", "two", None)] == [1, 2, 1]


@pytest.mark.parametrize(
    "text,given,expected",
    [
        ("{ items(last: 3) { nodes { id } } }", {}, 1 + 3),
        ("{ items(first: 2, last: 3) { nodes { id } } }", {}, 1 + 3),
        ("{ items { nodes { id } } }", {}, 1 + 20),  # nobody says how many
        ("{ items(first: null) { nodes { id } } }", {}, 1 + 20),
        ("{ items(first: 3) { totalCount } }", {}, 1 + 1),
        ("{ items(first: 3) { edges { reason { id } } } }", {}, 1 + 3 * (1 + 1)),
        ("{ items(first: 3) { edges { cursor node { id } } } }", {}, 1 + 3),
        ("{ counts { id } }", {}, 10),
        ("{ counts(first: 3) { id } }", {}, 3),
        ("{ items(first: 3) { nodes { tags } } }", {}, 1 + 3),  # a list of leaves
        ('{ nodes(ids: ["a", "b"]) { id } }', {}, 2),
        ('{ nodes(ids: "a") { id } }', {}, 1),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a", "b", "c"]}, 3),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { ... on Item { parent { id } } } }", {"ids": ["a", "b", "c"]}, 6),
        ("{ old { id } }", {}, 5),
        ("query($n: Int) { old(first: $n) { id } }", {}, 5),
        ("query($n: Int) { old(first: $n) { id } }", {"n": None}, 5),
        ("{ items(first: 99999999999999999999) { nodes { id } } }", {}, MOST),
    ],
)
def test_the_rule_holds_for_whatever_connections_a_schema_has(text: str, given: dict[str, Any], expected: int) -> None:
    assert compile_costs(ITEM, parse(text)).of(None, given) == expected


def test_the_explorers_own_question_is_cheap_and_circles_of_introspection_are_not() -> None:
    assert 0 < cost(get_introspection_query(descriptions=True, input_value_deprecation=True)) < 15_000
    of = "ofType { " * 9 + "name" + " }" * 9
    fields = " ".join(f"a{n}: fields {{ type {{ {of} }} args {{ type {{ {of} }} }} }}" for n in range(20))
    assert cost("{ __schema { types { " + fields + " } } }") > 15_000


@pytest.mark.parametrize("coordinate", [key for key in (*WEIGHTS, *LENGTHS) if "." in key])
def test_every_field_with_a_weight_or_length_of_its_own_is_in_the_schema(coordinate: str) -> None:
    type_name, _, name = coordinate.partition(".")

    assert name in SCHEMA.type_map[type_name].fields  # type: ignore[attr-defined]
