"""Every relation that is told from both its ends tells one story: where a leads to b, b leads back to a."""

import re
from typing import Any

import pytest

from api.graphql.nouns.types import camel, root_fields
from graph.model import NOUNS, Noun, Relation
from tests.api.conftest import Query

STEP = re.compile(r"(<?-)\[(?:\{r\})?:(\w+)\](->?|-)([*+]?)")


def steps(relation: Relation) -> list[tuple[str, bool, str]]:
    """The types on a relation's path, each with whether it is walked forwards, and how often."""
    found = [(type_, "<" not in before, often) for before, type_, _, often in STEP.findall(relation.path)]
    assert found, relation.path
    return found


def is_both_ways(relation: Relation) -> bool:
    """Whether the path has no direction, so that a relation is its own way back."""
    return "<" not in relation.path and ">" not in relation.path


def way_back(noun: Noun, relation: Relation) -> Relation | None:
    """The relation of the noun at the other end whose path is this one walked backwards."""
    backwards = [(type_, not forwards, often) for type_, forwards, often in reversed(steps(relation))]
    for other in NOUNS[relation.to].relations:
        if other.to != noun.label:
            continue
        if is_both_ways(relation) and steps(other) == steps(relation):
            return other
        if steps(other) == backwards:
            return other
    return None


PAIRS = {
    frozenset({(noun.label, relation.name), (relation.to, back.name)}): (noun, relation, back)
    for noun in NOUNS.values()
    for relation in noun.relations
    if (back := way_back(noun, relation)) is not None
}
"""Every relation with its way back, once."""
told_from_one_end = {
    f"{noun.label}.{relation.name}"
    for noun in NOUNS.values()
    for relation in noun.relations
    if way_back(noun, relation) is None
}


def test_those_that_are_told_from_one_end_alone_are_known() -> None:
    # A topic's experts are those of narrower topics too.
    assert told_from_one_end == {"Expert.expertise", "Topic.experts"}


def entries(relation: Relation, told: Any) -> list[tuple[str, tuple[object, ...]]]:
    """The ids at the other end, each with the relation's columns, of what was told of a relation."""
    columns = [camel(column.name) for column in relation.columns]
    if relation.is_one:
        return [(told["id"], ())] if told else []
    return [(edge["node"]["id"], tuple(edge[name] for name in columns)) for edge in told["edges"]]


def asked(relation: Relation) -> str:
    name = camel(relation.name)
    if relation.is_one:
        return f"{name} {{ id }}"
    columns = " ".join(camel(column.name) for column in relation.columns)
    page = "first: 100, after: $after"
    return f"{name}({page}) {{ pageInfo {{ hasNextPage endCursor }} edges {{ {columns} node {{ id }} }} }}"


async def related(query: Query, ids: list[str], noun: Noun, relation: Relation) -> set[tuple[str, str, Any]]:
    """All that these nodes are related to: from, to, and the relation's columns."""
    found: set[tuple[str, str, Any]] = set()
    todo: list[tuple[list[str], str | None]] = [(ids[at : at + 50], None) for at in range(0, len(ids), 50)]
    while todo:
        some, after = todo.pop()
        text = asked(relation)
        variables = "($ids: [ID!]!, $after: String)" if "$after" in text else "($ids: [ID!]!)"
        document = f"query {variables} {{ nodes(ids: $ids) {{ ... on {noun.label} {{ id {text} }} }} }}"
        answer = await query(document, ids=some, **({"after": after} if "$after" in text else {}))
        assert "errors" not in answer, answer
        for node in answer["data"]["nodes"]:
            told = node[camel(relation.name)]
            found |= {(node["id"], to, columns) for to, columns in entries(relation, told)}
            if not relation.is_one and told["pageInfo"]["hasNextPage"]:
                todo.append(([node["id"]], told["pageInfo"]["endCursor"]))
    return found


kept: dict[str, list[str]] = {}


async def ids_of(query: Query, noun: Noun) -> list[str]:
    """The ids of all nodes of a noun in the sample; nobody writes to it."""
    if noun.label not in kept:
        if noun.listed:
            _, several = root_fields(noun)
            document = f"query ($after: String) {{ list: {camel(several)}(first: 100, after: $after) "
            document += "{ pageInfo { hasNextPage endCursor } edges { node { id } } } }"
            kept[noun.label], after, more = [], None, True
            while more:
                found = (await query(document, after=after))["data"]["list"]
                kept[noun.label] += [edge["node"]["id"] for edge in found["edges"]]
                after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
        else:
            # Passages have no list of their own; each is on somebody.
            experts = await ids_of(query, NOUNS["Expert"])
            (passages,) = [relation for relation in NOUNS["Expert"].relations if relation.to == noun.label]
            kept[noun.label] = sorted({to for _, to, _ in await related(query, experts, NOUNS["Expert"], passages)})
    return kept[noun.label]


@pytest.mark.parametrize(
    "noun,relation,back",
    PAIRS.values(),
    ids=[f"{noun.label}.{relation.name} and {relation.to}.{back.name}" for noun, relation, back in PAIRS.values()],
)
async def test_where_one_leads_to_another_that_leads_back(
    query: Query, noun: Noun, relation: Relation, back: Relation
) -> None:
    there = await related(query, await ids_of(query, noun), noun, relation)
    target = NOUNS[relation.to]

    back_again = await related(query, await ids_of(query, target), target, back)

    assert {(one, other) for one, other, _ in there} == {(one, other) for other, one, _ in back_again}
    if relation.columns == back.columns:
        assert there == {(one, other, columns) for other, one, columns in back_again}


async def test_a_topics_experts_are_those_who_know_it_or_a_narrower_one(query: Query) -> None:
    expert, topic = NOUNS["Expert"], NOUNS["Topic"]
    knows = await related(query, await ids_of(query, expert), expert, _named(expert, "expertise"))
    broader = await related(query, await ids_of(query, topic), topic, _named(topic, "broader"))

    experts = await related(query, await ids_of(query, topic), topic, _named(topic, "experts"))

    assert {(one, other) for one, other, _ in experts} == {
        (wider, who) for who, topic_id, _ in knows for wider in _with_all_above(topic_id, broader)
    }


def _named(noun: Noun, name: str) -> Relation:
    found = noun.by_name[name]
    assert isinstance(found, Relation)
    return found


def _with_all_above(one: str, broader: set[tuple[str, str, Any]]) -> set[str]:
    above = {narrow: wide for narrow, wide, _ in broader}
    found = {one}
    while one in above:
        one = above[one]
        found.add(one)
    return found
