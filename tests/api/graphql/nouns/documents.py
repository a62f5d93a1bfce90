"""Documents by chance: whatever the schema lets one ask of nouns, with lists in lists, arguments, aliases, fragments,
directives and fields that are asked for more than once.

A document is valid and small enough for the limits; what it finds is left to chance.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from api.graphql.nouns.types import camel, root_fields
from api.graphql.schema import schema
from graph.model import NOUNS
from graph.reading import global_id

__all__ = ["Asking", "Known", "random_document"]

MOST_LISTS = 4
"""Lists in lists, at most."""
MOST_ALIASES = 12
"""A fragment is counted wherever it is spread, and thirty are the limit."""
MOST_LEVELS = 12
"""Of fields, as docs/limits.md allows."""

Json = dict[str, Any]

CORE: GraphQLSchema = schema._schema

WORDS = ("a", "e", "sec", "port", "Hotel", "2021", "en", "online", "talk", "")
SCALARS: Mapping[str, Sequence[Any]] = {
    "Int": (2005, 2015, 2020),
    "Boolean": (True, False),
    "Date": ("2020-06-01", "2022-03-01", "2023-01-01"),
    "DateTime": ("2022-06-01T09:00:00Z", "2023-01-01T00:00:00+03:00"),
    "URL": ("https://example.org",),
    "EmailAddress": ("somebody@example.org", "p1@example.org"),
    "PhoneNumber": ("+21671000000", "+21671000001"),
    "CountryCode": ("TN", "FR", "GH", "KE"),
    "LanguageTag": ("fr", "en", "sw"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Ids by noun, some of which may be of nothing, and names that filters know."""

    ids: Mapping[str, Sequence[str]]
    names: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A document with its variables."""

    document: str
    variables: Json


class Enumerated(str):
    """A value of an enumeration, which a document writes without quotes."""

    __slots__ = ()


@dataclass(slots=True)
class Scope:
    """The fields of one place of the answer: what asks for a key once more must ask for the same."""

    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    inside: dict[str, "Scope"] = field(default_factory=dict)


def random_document(chance: random.Random, known: Known) -> Asking:
    """Something to ask of nouns."""
    return _Writer(chance, known).document()


class _Writer:
    def __init__(self, chance: random.Random, known: Known) -> None:
        self._chance = chance
        self._known = known
        self._fragments: list[str] = []
        self._definitions = {"yes": "Boolean!", "no": "Boolean!"}
        self._variables: Json = {"yes": chance.random() < 0.7, "no": chance.random() < 0.3}
        self._count = 0
        self._aliases = 0

    def document(self) -> Asking:
        roots = [self._root() for _ in range(self._chance.choice((1, 1, 2)))]
        # A variable that is not used is refused, so both are.
        always = "__typename @include(if: $yes) kind: __typename @skip(if: $no)"
        definitions = ", ".join(f"${name}: {type_}" for name, type_ in self._definitions.items())
        text = "\n".join([f"query ({definitions}) {{", always, *roots, "}", *self._fragments])
        return Asking(text, self._variables)

    def _fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def _root(self) -> str:
        query = CORE.query_type
        assert query is not None
        label = self._chance.choice([label for label, noun in NOUNS.items() if noun.listed])
        single, several = map(camel, root_fields(NOUNS[label]))
        key = self._fresh("root")
        way = self._chance.choice(("list", "list", "one", "node", "nodes"))
        if way == "list":
            of = query.fields[several]
            connection = get_named_type(of.type)
            assert isinstance(connection, GraphQLObjectType)
            return f"{key}: {several}{self._arguments(of)} {self._selection(connection, Scope(), lists=1, level=1)}"
        type_ = CORE.type_map[label]
        assert isinstance(type_, GraphQLObjectType)
        inside = self._selection(type_, Scope(), lists=0, level=1)
        if way == "one":
            own = self._chance.choice(self._known.ids[label])
            return f"{key}: {single}(id: {json.dumps(own)}) {inside}"
        inside = f"{{ id __typename ... on {label} {inside} }}"
        ids = [global_id(label, self._chance.choice(self._known.ids[label])) for _ in range(3)]
        asked = f"node(id: {json.dumps(ids[0])})" if way == "node" else f"nodes(ids: {json.dumps(ids)})"
        return f"{key}: {asked} {inside}"

    def _selection(self, of: GraphQLObjectType, scope: Scope, *, lists: int, level: int) -> str:
        """A selection of a type's fields, each in its place of the answer."""
        chance = self._chance
        chosen = self._chosen(of, lists=lists, level=level)
        written = [self._field(of, name, scope, lists=lists, level=level) for name in chosen]
        if chance.random() < 0.2:
            written.append(self._field(of, chance.choice(chosen), scope, lists=lists, level=level))
        if chance.random() < 0.2:
            written.append(self._key_of(scope, "__typename", "__typename", ""))
        if chance.random() < 0.2:
            inner = self._selection(of, scope, lists=MOST_LISTS, level=level)
            if chance.random() < 0.5:
                written.append(f"... on {of.name}{self._directive()} {inner}")
            else:
                name = self._fresh("Part")
                self._fragments.append(f"fragment {name} on {of.name} {inner}")
                written.append(f"...{name}{self._directive()}")
        chance.shuffle(written)
        return "{ " + " ".join(written) + " }"

    def _chosen(self, of: GraphQLObjectType, *, lists: int, level: int) -> list[str]:
        """Names of fields: some that are told at once, one or two that lead on, as far as that is allowed."""
        chance = self._chance
        leaves = [
            name for name, one in of.fields.items() if not isinstance(get_named_type(one.type), GraphQLObjectType)
        ]
        inner = {name: get_named_type(one.type) for name, one in of.fields.items() if name not in leaves}
        chosen = chance.sample(leaves, min(len(leaves), chance.randint(1, 4))) if leaves else []
        if of.name.endswith(("Connection", "Edge", "Count", "Facets")):
            leading = [name for name in inner if name in {"edges", "node"} or chance.random() < 0.3]
        else:
            leading = chance.sample(list(inner), min(len(inner), chance.choice((0, 1, 1, 1, 2))))
        for name in leading:
            is_list = inner[name].name.endswith("Connection")
            needs = 3 if is_list else 1
            if level + needs < MOST_LEVELS and (not is_list or lists < MOST_LISTS):
                chosen.append(name)
        return chosen or ["__typename"]

    def _field(self, of: GraphQLObjectType, name: str, scope: Scope, *, lists: int, level: int) -> str:
        if name == "__typename":
            return self._key_of(scope, name, name, "")
        definition = of.fields[name]
        type_ = get_named_type(definition.type)
        alias = name
        if self._chance.random() < 0.1 and self._aliases < MOST_ALIASES:
            alias, self._aliases = self._fresh(name), self._aliases + 1
        arguments = scope.fields[alias][1] if alias in scope.fields else self._arguments(definition)
        text = self._key_of(scope, alias, name, arguments)
        if isinstance(type_, GraphQLObjectType):
            inside = scope.inside.setdefault(alias, Scope())
            is_list = type_.name.endswith("Connection")
            text += " " + self._selection(type_, inside, lists=lists + is_list, level=level + 1)
        return text

    def _key_of(self, scope: Scope, alias: str, name: str, arguments: str) -> str:
        scope.fields[alias] = (name, arguments)
        return f"{name if alias == name else f'{alias}: {name}'}{arguments}{self._directive()}"

    def _directive(self) -> str:
        return self._chance.choice(("", "", "", "", "", "", " @include(if: $yes)", " @skip(if: $no)"))

    # Arguments.

    def _arguments(self, of: GraphQLField) -> str:
        chance = self._chance
        given: dict[str, Any] = {}
        if "first" in of.args:
            size = "last" if "last" in of.args and chance.random() < 0.3 else "first"
            given[size] = chance.randint(1, 3)
        for name in ("filter", "order", "language"):
            if name in of.args and chance.random() < 0.4:
                given[name] = self._value(of.args[name].type, depth=2, at="")
        written = [f"{name}: {self._written(of.args[name], value)}" for name, value in given.items()]
        return f"({', '.join(written)})" if written else ""

    def _written(self, of: GraphQLArgument, value: Any) -> str:
        if self._chance.random() < 0.3:
            name = self._fresh("given")
            self._definitions[name] = str(of.type)
            self._variables[name] = value
            return f"${name}"
        return _literal(value)

    def _value(self, of: GraphQLInputType, *, depth: int, at: str) -> Any:
        chance = self._chance
        plain: Any = get_nullable_type(of)
        if is_list_type(plain):
            return [self._value(plain.of_type, depth=depth, at=at) for _ in range(chance.randint(1, 2))]
        if isinstance(plain, GraphQLEnumType):
            return Enumerated(chance.choice(list(plain.values)))
        if isinstance(plain, GraphQLInputObjectType):
            return self._object(plain, depth=depth)
        if at.endswith(".named"):
            return chance.choice(self._known.names[at.removesuffix("Filter.named")])
        return chance.choice(SCALARS.get(plain.name, WORDS))

    def _object(self, of: GraphQLInputObjectType, *, depth: int) -> Json:
        chance = self._chance
        names = list(of.fields)
        if of.name.endswith("ListFilter") or depth <= 0:
            simple = [name for name in names if not _leads_on(of, name)]
            names = simple or names
        # What to order by is one column.
        most = 1 if of.name.endswith("Order") or depth <= 0 else 2
        chosen = chance.sample(names, min(len(names), chance.randint(1, most)))
        if depth < -1:  # a filter that has nothing but filters in it
            chosen = []
        return {name: self._value(of.fields[name].type, depth=depth - 1, at=f"{of.name}.{name}") for name in chosen}


def _leads_on(of: GraphQLInputObjectType, name: str) -> bool:
    """Whether what is given there may be as deep again."""
    type_ = get_named_type(of.fields[name].type)
    return isinstance(type_, GraphQLInputObjectType) and any(
        isinstance(get_named_type(one.type), GraphQLInputObjectType) for one in type_.fields.values()
    )


def _literal(value: Any) -> str:
    if isinstance(value, Enumerated):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value)
