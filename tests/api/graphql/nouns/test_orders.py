"""Orders: by every column that has one, either way, by several, and then as the list is ordered anyway."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from api.graphql.nouns.types import camel, root_fields
from graph.alphabet import collated, sort_key
from graph.model import NOUNS, Column, Kind, Noun
from graph.values import UN_LANGUAGES
from tests.api.conftest import Query

ORDERABLE = [(noun, column) for noun in NOUNS.values() if noun.listed for column in noun.columns if column.has_order]


async def ordered(query: Query, noun: Noun, order: str, told: str, **more: object) -> list[dict[str, Any]]:
    """The first hundred of a noun's list in an order."""
    _, several = root_fields(noun)
    document = f"{{ {camel(several)}(first: 100, order: [{order}]) {{ edges {{ node {{ {told} }} }} }} }}"
    answer = await query(document, **more)
    assert "errors" not in answer, answer
    return [edge["node"] for edge in answer["data"][camel(several)]["edges"]]


def key(value: Any, column: Column) -> Any:
    """What is compared: a number, a name as Unicode collates it, or else a code; what is missing is first."""
    if column.is_alphabetical:
        return sort_key(value)
    if column.kind is Kind.WHOLE:
        return -1 if value is None else value
    return "" if value is None else str(value)


@pytest.mark.parametrize("noun,column", ORDERABLE, ids=[f"{noun.label}.{column.name}" for noun, column in ORDERABLE])
async def test_a_list_is_ordered_by_the_column_either_way(query: Query, noun: Noun, column: Column) -> None:
    name = camel(column.name)
    told = f"{name}(language: EN)" if column.kind is Kind.NAME else name

    up = await ordered(query, noun, f"{{{name}: ASC}}", told)
    down = await ordered(query, noun, f"{{{name}: DESC}}", told)

    upwards, downwards = [[key(one[name], column) for one in found] for found in (up, down)]
    assert upwards == sorted(upwards)
    assert downwards == sorted(downwards, reverse=True)
    assert upwards


def test_every_noun_that_is_listed_can_be_ordered_by_its_name_or_title() -> None:
    orderable = {(noun.label, column.name) for noun, column in ORDERABLE}

    for noun in NOUNS.values():
        if noun.listed:
            assert any((noun.label, name) in orderable for name in ("name", "title", "label"))


async def test_of_several_columns_the_first_counts_most(query: Query) -> None:
    document = """{
      activities(first: 100, order: [{startsOn: DESC}, {title: ASC}]) { edges { node { startsOn title } } }
      events(order: [{title: DESC}, {startsAt: ASC}]) { edges { node { startsAt title } } }
    }"""

    told = (await query(document))["data"]

    activities = [
        (edge["node"]["startsOn"] or "", sort_key(edge["node"]["title"])) for edge in told["activities"]["edges"]
    ]
    assert activities == sorted(sorted(activities, key=lambda pair: pair[1]), key=lambda pair: pair[0], reverse=True)
    titles = [sort_key(edge["node"]["title"]) for edge in told["events"]["edges"]]
    assert titles == sorted(titles, reverse=True)


async def test_what_the_columns_do_not_tell_apart_is_ordered_as_the_list_is_anyway(query: Query) -> None:
    people = await ordered(query, NOUNS["Expert"], "{joined: ASC}", "joined name slug")

    keys = [(one["joined"] or "", sort_key(one["name"]), one["slug"]) for one in people]
    assert keys == sorted(keys)
    assert len({one["joined"] for one in people}) < len(people)


async def test_a_relations_list_is_ordered_before_its_own_order(query: Query) -> None:
    document = """{
      topic(id: "religious-sites") {
        own: experts(first: 100) { edges { level node { name } } }
        named: experts(first: 100, order: [{name: DESC}]) { edges { level node { name } } }
      }
    }"""

    topic = (await query(document))["data"]["topic"]

    own = [(LEVELS.index(edge["level"]), sort_key(edge["node"]["name"])) for edge in topic["own"]["edges"]]
    named = [sort_key(edge["node"]["name"]) for edge in topic["named"]["edges"]]
    assert own == sorted(own)
    assert named == sorted(named, reverse=True)
    assert sorted(name for _, name in own) == sorted(named)


LEVELS: Sequence[str] = ("LEAD", "PRACTITIONER", "FAMILIAR")


async def test_an_order_is_in_variables_too(query: Query) -> None:
    document = "query ($order: [ExpertOrder!]) { experts(order: $order) { edges { node { name } } } }"

    told = (await query(document, order=[{"name": "DESC"}]))["data"]["experts"]

    names = [sort_key(edge["node"]["name"]) for edge in told["edges"]]
    assert names == sorted(names, reverse=True)


BY_NAME = """
query ($first: Int, $after: String) {
  experts(first: $first, after: $after) { edges { cursor node { name } } }
  topics(first: 100) { edges { node { name: label } } }
  countries(first: 100, order: [{name: DESC}]) { edges { node { name } } }
  topic(id: "religious-sites") { experts(first: 100, order: [{name: ASC}]) { edges { node { name } } } }
}
"""


@pytest.mark.parametrize("language", UN_LANGUAGES)
async def test_names_are_ordered_as_the_reader_expects(client: httpx.AsyncClient, language: str) -> None:
    answer = await client.post(
        "/graphql", json={"query": BY_NAME, "variables": {"first": 100}}, headers={"Accept-Language": language}
    )

    told = answer.json()["data"]
    for several, is_reversed in (("experts", False), ("topics", False), ("countries", True), ("topic", False)):
        edges = (told[several]["experts"] if several == "topic" else told[several])["edges"]
        names = [collated(edge["node"]["name"], language) for edge in edges]
        assert names == sorted(names, reverse=is_reversed)
        assert len(names) > 3


@pytest.mark.parametrize("language,is_refused", [("ru", False), ("ar", True), ("en", True)])
async def test_a_cursor_is_of_one_language(client: httpx.AsyncClient, language: str, *, is_refused: bool) -> None:
    async def asked(language: str, **variables: object) -> Any:
        body = {"query": BY_NAME, "variables": {"first": 2} | variables}
        return (await client.post("/graphql", json=body, headers={"Accept-Language": language})).json()

    first = await asked("ru")
    then = await asked(language, after=first["data"]["experts"]["edges"][-1]["cursor"])

    if is_refused:
        (error,) = then["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
    else:
        edges = (await asked("ru", first=4))["data"]["experts"]["edges"]
        assert then["data"]["experts"]["edges"] == edges[2:]


@pytest.mark.parametrize("order", ["[]", "null"])
async def test_an_order_by_nothing_is_the_lists_own(query: Query, order: str) -> None:
    document = f"{{ a: experts {{ edges {{ cursor }} }} b: experts(order: {order}) {{ edges {{ cursor }} }} }}"

    told = (await query(document))["data"]

    assert told["a"] == told["b"]


ONE_OF = "OneOf Input Object 'ExpertOrder' must specify exactly one key."
UNKNOWN = "Expected value of type 'ExpertOrder' not to include unknown field 'email', found: { email: ASC }."


@pytest.mark.parametrize(
    "order,said",
    [
        ("{name: ASC, joined: ASC}", ONE_OF),
        ("{}", ONE_OF),
        ("{name: null}", "Field 'ExpertOrder.name' must be non-null."),
        ("{email: ASC}", UNKNOWN),
        ("{name: UP}", "Value 'UP' does not exist in 'Direction' enum."),
    ],
)
async def test_what_is_no_order_is_refused(query: Query, order: str, said: str) -> None:
    error, *_ = (await query(f"{{ experts(order: [{order}]) {{ totalCount }} }}"))["errors"]

    assert error["message"] == said
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_list_is_ordered_by_ten_columns_at_most(query: Query) -> None:
    def document(count: int) -> str:
        return "{ experts(order: [" + "{name: ASC} " * count + "]) { totalCount edges { cursor } } }"

    ten, eleven = await query(document(10)), await query(document(11))

    assert len(ten["data"]["experts"]["edges"]) == 20
    (error,) = eleven["errors"]
    assert error["message"] == "The list is ordered by 11 columns; order by 10 at most."
