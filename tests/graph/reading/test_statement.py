"""Statements that are put together: all that there is to ask compiles, and nothing that was given stands in them."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from graph.graph import Graph
from graph.model import NOUNS, Column, Kind, Noun, Part, Relation
from graph.reading import (
    Connection,
    Cursors,
    Edges,
    FacetCounts,
    Facets,
    Identity,
    Item,
    Node,
    PageInfo,
    PageSpan,
    Parts,
    Related,
    Total,
    Value,
    listed,
    of_ids,
)
from graph.values import NotACursor

PLANNING_S = 240.0
MARK = "x'}) RETURN 1 //"
SIGHT: dict[str, Any] = {"reach": 1, "me": "", "ids": ["a"]}


def columns(noun: Noun) -> list[tuple[str, Item]]:
    own = [one for one in noun.by_name.values() if isinstance(one, Column)]
    return [("id", Identity()), *((one.name, Value(one)) for one in own)]


def connection(noun: Noun, relation: Relation | None = None, **further: Any) -> Connection:
    """Everything that a list can be asked for, with the columns of its nodes."""
    edge: list[tuple[str, Item]] = [("node", Node(noun.label, columns(noun))), ("cursor", Cursors())]
    edge += [(one.name, Value(one)) for one in (relation.columns if relation is not None else ())]
    info = PageInfo([(name, name) for name in ("has_next_page", "has_previous_page", "start_cursor", "end_cursor")])
    parts: list[tuple[str, Item]] = [("edges", Edges(edge)), ("total", Total()), ("info", info)]
    if noun.facets and relation is None:
        counts = [(one.name, FacetCounts(one, 3, [("count", "count")])) for one in noun.facets]
        parts.append(("facets", Facets(counts)))
    return Connection(PageSpan(2), parts, **further)


def everything(noun: Noun) -> Node:
    """A node with all columns, and all that it is related to."""
    items = columns(noun)
    for relation in (one for one in noun.by_name.values() if isinstance(one, Relation)):
        target = NOUNS[relation.to]
        wanted = Node(target.label, columns(target)) if relation.is_one else connection(target, relation)
        items.append((relation.name, Related(relation, wanted)))
    return Node(noun.label, [*items, *((one.name, all_of(one)) for one in noun.parts)])


def all_of(part: Part) -> Parts:
    """A part with all columns, all that it is related to, and all its own parts."""
    items: list[tuple[str, Item]] = [(one.name, Value(one)) for one in part.columns]
    items += [(one.name, Related(one, everything(NOUNS[one.to]))) for one in part.relations]
    return Parts(part, [*items, *((one.name, all_of(one)) for one in part.parts)])


def comparisons(column: Column) -> Iterator[dict[str, Any]]:
    """Every way to compare a column, with a value that would end the statement if it stood in it."""
    match column.kind:
        case Kind.WHOLE:
            yield from ({word: 7} for word in ("eq", "gt", "gte", "lt", "lte"))
        case Kind.DAY:
            yield from ({word: date(2022, 1, 1)} for word in ("eq", "gt", "gte", "lt", "lte"))
        case Kind.MOMENT:
            yield from ({word: datetime(2022, 1, 1, tzinfo=UTC)} for word in ("eq", "gt", "gte", "lt", "lte"))
        case Kind.TRUTH:
            yield {"eq": True}
        case Kind.TEXT | Kind.NAME:
            yield from ({word: MARK} for word in ("eq", "contains", "starts_with"))
            yield {"in": [MARK]}
        case Kind.TEXTS:
            yield from ({word: MARK} for word in ("eq", "contains", "starts_with"))
            return
        case Kind.NAMES | Kind.PERIODS:
            return
        case _:
            yield from ({"eq": MARK}, {"in": [MARK]})
    if column.kind not in {Kind.NAME, Kind.TRUTH, Kind.CHOICE}:
        yield {"is_set": True}


def filters(noun: Noun) -> Iterator[dict[str, Any]]:
    """Every filter of a noun, one condition each, and combined."""
    alone: list[dict[str, Any]] = []
    for name, one in noun.by_name.items():
        if isinstance(one, Part):
            continue
        if isinstance(one, Column):
            alone += [{name: test} for test in comparisons(one) if one.has_filter]
        elif one.is_one:
            alone.append({name: {}})
        else:
            edge: list[dict[str, Any]] = [
                {column.name: test} for column in one.columns for test in comparisons(column) if column.has_filter
            ]
            inner: list[dict[str, Any]] = [{"node": {}}, *edge] if one.columns else [{}]
            alone += [{name: {word: like}} for word in ("some", "none") for like in inner]
    if noun.names:
        alone.append({"named": [MARK]})
    yield from alone
    yield {"or": alone[:8], "and": alone[8:16], "not": {"or": alone[16:24]}}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
async def test_all_that_there_is_to_ask_of_a_noun_compiles(graph: Graph, noun: Noun) -> None:
    statement = of_ids(everything(noun))

    await graph.read("EXPLAIN " + statement.cypher, timeout_s=PLANNING_S, **SIGHT, **statement.parameters)


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
async def test_a_list_with_every_filter_compiles_and_holds_nothing_that_was_given(graph: Graph, noun: Noun) -> None:
    key = base64.urlsafe_b64encode(json.dumps([MARK] * (len(noun.order) + 1), separators=(",", ":")).encode()).decode()

    for filter in filters(noun):
        statement = listed(noun, connection(noun, filter=filter))

        assert MARK not in statement.cypher
        named: dict[str, Any] = {parameter: ["a"] for parameter in statement.named}
        await graph.read("EXPLAIN " + statement.cypher, timeout_s=PLANNING_S, **SIGHT, **statement.parameters, **named)
    try:
        after = listed(noun, Connection(PageSpan(2, after=key), connection(noun).items))
    except NotACursor:
        return
    assert MARK not in after.cypher


@pytest.mark.parametrize(
    "filter,is_led",
    [
        ({"country": {"code": {"in": ["TN", "FR"]}}}, True),
        ({"expertise": {"some": {"node": {"slug": {"eq": "hotels"}}, "level": {"eq": "lead"}}}}, True),
        ({"languages": {"some": {"node": {"named": ["Arabic"]}}}}, True),
        ({"country": {"name": {"eq": "Tunisia"}}}, False),
        ({"expertise": {"none": {"node": {"slug": {"eq": "hotels"}}}}}, False),
        ({"not": {"country": {"code": {"in": ["TN"]}}}}, False),
        ({"or": [{"country": {"code": {"in": ["TN"]}}}]}, False),
    ],
)
def test_a_list_is_found_from_what_its_filter_names_by_id(filter: dict[str, Any], is_led: bool) -> None:
    cypher = listed(NOUNS["Expert"], Connection(PageSpan(2), [("total", Total())], filter=filter)).cypher

    assert ("WITH DISTINCT m1" in cypher) is is_led
    assert ("EXISTS" in cypher) is not is_led


def test_what_leads_and_what_is_left_of_a_relation_both_hold() -> None:
    filter = {"expertise": {"some": {"node": {"slug": {"eq": "a"}}}, "none": {"node": {"slug": {"eq": "b"}}}}}

    cypher = listed(NOUNS["Expert"], Connection(PageSpan(2), [("total", Total())], filter=filter)).cypher

    assert cypher.count("[r") == 2
    assert "WITH DISTINCT m1 WHERE ((NOT EXISTS {" in cypher
