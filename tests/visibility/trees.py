"""Trees of what is wanted of nouns: everything at once, and by chance, with filters that aim at what is hidden."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

from graph.model import NOUNS, Column, Kind, Noun, Part, Relation
from graph.passages import passage_id
from graph.reading import (
    Connection,
    Constant,
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
)
from graph.values import UN_LANGUAGES, LanguageLevel, Names
from tests.visibility.rules import World

__all__ = ["IDS", "LISTED", "list_of", "node_with", "random_connection", "random_filter", "random_node"]

LISTED = [label for label, noun in NOUNS.items() if noun.listed]
ALL = 100
LANGUAGES = ("en", "fr")

ENDS = PageInfo([("next", "has_next_page"), ("previous", "has_previous_page")])

COMPARED = ("gt", "gte", "lt", "lte")
TESTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ID: ("eq", "in", "is_set"),
    Kind.TEXT: ("eq", "in", "contains", "starts_with", "is_set"),
    Kind.TEXTS: ("eq", "contains", "starts_with"),
    Kind.NAME: ("eq", "in", "contains", "starts_with"),
    Kind.WHOLE: ("eq", "in", *COMPARED, "is_set"),
    Kind.TRUTH: ("eq",),
    Kind.DAY: ("eq", *COMPARED, "is_set"),
    Kind.MOMENT: ("eq", *COMPARED, "is_set"),
    Kind.CHOICE: ("eq", "in"),
    Kind.URL: ("eq", "in", "is_set"),
    Kind.EMAIL: ("eq", "in", "is_set"),
    Kind.PHONE: ("eq", "in", "is_set"),
    Kind.COUNTRY_CODE: ("eq", "in", "is_set"),
    Kind.LANGUAGE_TAG: ("eq", "in", "is_set"),
}
"""How a column of each kind may be compared, as the schema has it."""


def columns_of(noun: Noun) -> list[tuple[str, Item]]:
    """A node's id, all its columns and all its parts."""
    columns: list[tuple[str, Item]] = [(column.name, Value(column)) for column in noun.columns]
    return [("id", Identity()), *columns, *((part.name, whole_part(part)) for part in noun.parts)]


def whole_part(part: Part) -> Parts:
    """All of a part, with the columns of what its relations lead to."""
    items: list[tuple[str, Item]] = [(column.name, Value(column)) for column in part.columns]
    for relation in part.relations:
        columns = [(column.name, Value(column)) for column in NOUNS[relation.to].columns]
        items.append((relation.name, Related(relation, Node(relation.to, columns))))
    return Parts(part, [*items, *((inner.name, whole_part(inner)) for inner in part.parts)])


def node_with(label: str, relation: Relation | None = None) -> Node:
    """All columns of a node; and what a relation leads to, with all columns of that and of the relation."""
    columns = columns_of(NOUNS[label])
    if relation is None:
        return Node(label, columns)
    target = Node(relation.to, columns_of(NOUNS[relation.to]))
    wanted = target if relation.is_one else whole_list(target, relation)
    return Node(label, [*columns, (relation.name, Related(relation, wanted))])


def whole_list(of: Node, relation: Relation | None) -> Connection:
    """All of a list, with what its relation says, its count, and whether there is more."""
    edges: list[tuple[str, Item]] = [("node", of)]
    edges += [(column.name, Value(column)) for column in (relation.columns if relation else ())]
    return Connection(PageSpan(ALL), [("total", Total()), ("page", ENDS), ("edges", Edges(edges))])


def list_of(label: str) -> Connection:
    """The whole list of a noun's nodes with their columns, and what it is about."""
    noun = NOUNS[label]
    whole = whole_list(Node(label, columns_of(noun)), None)
    counts = [
        (
            facet.name,
            FacetCounts(facet, ALL, [("count", "count"), ("node", Node(facet.to, columns_of(NOUNS[facet.to])))]),
        )
        for facet in noun.facets
    ]
    return Connection(whole.span, [*whole.items, *([("facets", Facets(counts))] if counts else [])])


# By chance.


def random_node(chance: random.Random, world: World, label: str, *, depth: int) -> Node:
    """Something of a node, with what it is related to, as deep as that."""
    noun = NOUNS[label]
    items: list[tuple[str, Item]] = [("type", Constant(label))]
    columns = chance.sample(noun.columns, chance.randint(1, len(noun.columns)))
    items += [(column.name, Value(column, chance.choice(LANGUAGES))) for column in columns]
    items += [(part.name, whole_part(part)) for part in noun.parts]
    if depth > 0 and noun.relations:
        for relation in chance.sample(noun.relations, min(len(noun.relations), chance.randint(1, 2))):
            wanted = (
                random_node(chance, world, relation.to, depth=depth - 1)
                if relation.is_one
                else random_connection(chance, world, relation.to, depth=depth - 1, relation=relation)
            )
            items.append((relation.name, Related(relation, wanted)))
    return Node(label, items)


def random_connection(
    chance: random.Random, world: World, label: str, *, depth: int, relation: Relation | None = None
) -> Connection:
    """Part of a list, filtered and ordered by chance."""
    noun = NOUNS[label]
    columns = relation.columns if relation is not None else ()
    edges: list[tuple[str, Item]] = [("node", random_node(chance, world, label, depth=depth))]
    edges += [(f"own {column.name}", Value(column)) for column in columns]
    items: list[tuple[str, Item]] = [("total", Total()), ("page", ENDS), ("edges", Edges(edges))]
    if noun.facets and not columns and chance.random() < 0.5:
        facet = chance.choice(noun.facets)
        of = random_node(chance, world, facet.to, depth=0)
        counts = FacetCounts(facet, chance.randint(1, 4), [("count", "count"), ("node", of)])
        items.append(("facets", Facets([(facet.name, counts)])))
    chance.shuffle(items)
    return Connection(
        PageSpan(chance.randint(1, 5), is_backward=chance.random() < 0.3),
        items,
        filter=random_filter(chance, world, noun, depth=2, relation=relation) if chance.random() < 0.6 else None,
        order=random_order(chance, noun),
        language=chance.choice(UN_LANGUAGES),
    )


def random_order(chance: random.Random, noun: Noun) -> list[tuple[str, bool]]:
    """Columns to order by, each with its direction; mostly none."""
    columns = [column.name for column in noun.columns if column.has_order]
    chosen = chance.sample(columns, min(len(columns), chance.choice((0, 0, 1, 2))))
    return [(name, chance.random() < 0.5) for name in chosen]


def random_filter(
    chance: random.Random, world: World, noun: Noun, *, depth: int, relation: Relation | None = None
) -> dict[str, Any]:
    """Conditions on columns and on what is related, in and out of ``not``, ``or``, ``some`` and ``none``."""
    kinds = ["column", "column"]
    if depth > 0:
        kinds += ["not", "or", "and", "relation", "relation", "relation"]
    if noun.names:
        kinds.append("named")
    own = relation is not None and relation.columns
    if own:
        kinds += ["node", "edge", "edge"]
        kinds = [kind for kind in kinds if kind in {"node", "edge", "not", "or", "and"}]
    kind = chance.choice(kinds)

    def inner() -> dict[str, Any]:
        return random_filter(chance, world, noun, depth=depth - 1, relation=relation)

    if kind == "not":
        return {"not": inner()}
    if kind in {"or", "and"}:
        return {kind: [inner() for _ in range(chance.randrange(3))]}
    if kind == "node":
        return {"node": random_filter(chance, world, noun, depth=depth - 1)}
    if kind == "named":
        return {"named": [chance.choice(list(IDS[noun.label](world)))]}
    if kind == "relation" and noun.relations:
        other = chance.choice(noun.relations)
        wanted = random_filter(
            chance, world, NOUNS[other.to], depth=depth - 1, relation=None if other.is_one else other
        )
        if chance.random() < 0.3:
            wanted = {}
        return {other.name: wanted if other.is_one else {chance.choice(("some", "none")): wanted}}
    columns = [
        column
        for column in (relation.columns if own and relation is not None else noun.columns)
        if column.has_filter and column.kind in TESTS
    ]
    column = chance.choice(columns)
    return {column.name: random_test(chance, world, column, noun)}


def random_test(chance: random.Random, world: World, column: Column, noun: Noun) -> dict[str, Any]:
    """A comparison with something that some node has there, hidden or not."""
    word = chance.choice(TESTS[column.kind])
    if word == "is_set":
        return {word: chance.random() < 0.5}
    values = list(values_of(world, column, noun))
    value = chance.choice(values) if values else _anything(column)
    if word == "in":
        return {word: [value, *chance.sample(values, min(len(values), 1))]}
    if word in {"contains", "starts_with"}:
        text = str(value)
        start = 0 if word == "starts_with" else chance.randrange(max(1, len(text)))
        return {word: text[start : start + 4].upper()}
    if isinstance(value, datetime) and chance.random() < 0.5:
        value = value.astimezone(timezone(timedelta(hours=3)))
    return {word: value}


def values_of(world: World, column: Column, noun: Noun) -> Iterator[Any]:
    """What nodes, or relations, have in a column, in the whole network."""
    for one in _rows(world, column, noun):
        value = one.get(column.name) if isinstance(one, Mapping) else getattr(one, column.name, None)
        if isinstance(value, Names):
            yield from value.by_language.values()
        elif column.kind is Kind.TEXTS:
            yield from value or ()
        elif isinstance(value, Enum):
            yield value.value
        elif value is not None:
            yield value


def _rows(world: World, column: Column, noun: Noun) -> Iterable[Any]:
    people = world.people.values()
    if column.is_edge:
        levels = [{"level": level, "since": since} for one in people for level, since in one.topics.values()]
        jobs = [job for one in people for job in one.jobs]
        talks = [talk for one in people for talk in one.talks]
        spoken = [{"proficiency": level} for level in LanguageLevel]
        versions = [own for thing in world.things.values() for own in thing.versions.values()]
        # Years of topics are numbers, years of jobs texts.
        return [*spoken, *versions, *(levels if column.kind in {Kind.WHOLE, Kind.CHOICE} else [*jobs, *talks])]
    if column.property == "id":
        return [{column.name: id} for id in IDS[noun.label](world)]
    if noun.label == "Passage":
        texts = [text for document in world.documents.values() for _, text in document.passages]
        return [*({"text": text} for text in texts), *world.documents.values()]
    return {
        "Expert": lambda: people,
        "Topic": lambda: [
            {"label": one.labels, "is_deprecated": one.is_deprecated, "iri": one.iri} for one in world.topics.values()
        ],
        "Country": lambda: [{"name": one.names} for one in world.countries.values()],
        "Region": lambda: [{"name": one.names} for one in world.regions.values()],
        "Language": lambda: [{"name": one.names} for one in world.languages.values()],
        "Event": world.events.values,
        "Organisation": world.organisations.values,
    }.get(noun.label, lambda: [thing.columns for (label, _), thing in world.things.items() if label == noun.label])()


def _anything(column: Column) -> Any:
    return {
        Kind.WHOLE: 2009,
        Kind.TRUTH: True,
        Kind.DAY: date(2023, 1, 1),
        Kind.MOMENT: datetime(2022, 1, 1, tzinfo=UTC),
    }.get(column.kind, "nothing")


def _passages(world: World) -> list[str]:
    """Those of documents, and the profiles that only searches know."""
    profiles = [f"profile:{id}" for id in world.people]
    return profiles + [
        passage_id(owner=owner, document=document.id, text=text)
        for document in world.documents.values()
        for owner, text in document.passages
    ]


def _things(noun: str) -> Callable[[World], Sequence[str]]:
    return lambda world: [id for label, id in world.things if label == noun]


IDS: Mapping[str, Callable[[World], Sequence[str]]] = {
    "Expert": lambda world: list(world.people),
    "Topic": lambda world: list(world.topics),
    "Event": lambda world: list(world.events),
    "Country": lambda world: list(world.countries),
    "Region": lambda world: list(world.regions),
    "Language": lambda world: list(world.languages),
    "Organisation": lambda world: list(world.organisations),
    "Passage": _passages,
    "Series": _things("Series"),
    "Resource": _things("Resource"),
    "Project": _things("Project"),
    "Activity": _things("Activity"),
}
"""The ids of a noun's nodes in a whole network."""
