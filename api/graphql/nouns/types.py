"""The schema's nouns, made of the graph's own description of them (graph.model): types, connections, filters, orders.

A noun's type has its columns and relations; a relation to many is a Relay connection, whose edges have the relation's
own columns. Nothing here has a resolver: what is asked of nouns is read in one statement (api.graphql.nouns.selecting),
and its fields are found in what was read.
"""

import types as python_types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import strawberry
from strawberry import relay
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from api.graphql.languages import LanguageCode
from api.graphql.nouns.scalars import URL, CountryCode, DateInterval, EmailAddress, LanguageTag, PhoneNumber
from graph.model import NOUNS, Column, Kind, Noun, Part, Relation
from graph.spelling import LONGEST_PATTERN
from graph.values import EventStage, ExpertiseLevel, Gender, LanguageLevel

__all__ = [
    "NOUN_TYPES",
    "Node",
    "NounsQuery",
    "camel",
    "connection_name",
    "edge_name",
    "is_read",
    "root_fields",
    "type_of",
]

PAGE_ABOUT = "1 to 100; 20 if neither first nor last is given."


@strawberry.enum(description="In which direction a list is ordered.")
class Direction(Enum):
    """From first to last, or from last to first."""

    ASC = "asc"
    DESC = "desc"


strawberry.enum(EventStage, description="How far an event is.")
strawberry.enum(ExpertiseLevel, description="How deep a person's expertise in a topic goes.")
strawberry.enum(Gender, description="What a person says they are, for the balance of panels.")
strawberry.enum(LanguageLevel, description="How well a person speaks a language.")


@strawberry.interface(name="Node", description="Anything that has an id.")
class Node:
    """Relay's interface."""

    id: strawberry.ID = strawberry.field(description="The id among all nodes.")


OF_KIND: dict[Kind, Any] = {
    Kind.ID: str,
    Kind.TEXT: str,
    Kind.TEXTS: list[str],
    Kind.NAME: str,
    Kind.NAMES: list[str],
    Kind.WHOLE: int,
    Kind.TRUTH: bool,
    Kind.DAY: date,
    Kind.PERIODS: list[DateInterval],
    Kind.MOMENT: datetime,
    Kind.URL: URL,
    Kind.EMAIL: EmailAddress,
    Kind.PHONE: PhoneNumber,
    Kind.COUNTRY_CODE: CountryCode,
    Kind.LANGUAGE_TAG: LanguageTag,
}

EQUAL = {"eq": "Is this.", "in": "Is one of these."}
COMPARED = {
    "gt": "Is after this.",
    "gte": "Is this or after it.",
    "lt": "Is before this.",
    "lte": "Is this or before it.",
}
OF_MANY_LETTERS = f"of more than {LONGEST_PATTERN} letters the first"
WORDED = {
    "contains": f"Contains this, capitals and accents aside; {OF_MANY_LETTERS}.",
    "starts_with": f"Begins with this, capitals and accents aside; {OF_MANY_LETTERS}.",
}
SET = {"is_set": "Whether it is there, as far as you may see."}
TESTS: dict[Kind, dict[str, str]] = {
    Kind.ID: EQUAL | SET,
    Kind.TEXT: EQUAL | WORDED | SET,
    Kind.TEXTS: {
        "eq": "One of them is this.",
        "contains": f"One of them contains this, capitals and accents aside; {OF_MANY_LETTERS}.",
        "starts_with": f"One of them begins with this, capitals and accents aside; {OF_MANY_LETTERS}.",
    },
    Kind.NAME: EQUAL | WORDED,
    Kind.WHOLE: EQUAL | COMPARED | SET,
    Kind.TRUTH: {"eq": EQUAL["eq"]},
    Kind.DAY: {"eq": EQUAL["eq"]} | COMPARED | SET,
    Kind.MOMENT: {"eq": EQUAL["eq"]} | COMPARED | SET,
    Kind.CHOICE: EQUAL,
    Kind.URL: EQUAL | SET,
    Kind.EMAIL: EQUAL | SET,
    Kind.PHONE: EQUAL | SET,
    Kind.COUNTRY_CODE: EQUAL | SET,
    Kind.LANGUAGE_TAG: EQUAL | SET,
}
"""How a column of each kind is compared in a filter; a column of another kind is not."""

BASES = {
    Kind.NAME: "Text",
    Kind.TEXT: "Text",
    Kind.TEXTS: "Texts",
    Kind.ID: "Id",
    Kind.WHOLE: "Int",
    Kind.TRUTH: "Boolean",
}
"""What the input that compares a column of a kind is named by; of another kind, its scalar."""

_MADE: dict[str, Any] = {"LanguageCode": LanguageCode, "Direction": Direction, "PageInfo": relay.PageInfo}
"""Every type made here by its name, where the annotations look for theirs."""


def camel(name: str) -> str:
    """A column's or relation's name as the schema has it."""
    return to_camel_case(name)


def _pascal(name: str) -> str:
    return camel(name)[:1].upper() + camel(name)[1:]


def connection_name(noun: Noun, relation: Relation) -> str:
    """The name of a relation's connection: one for each noun, or the relation's own where its edges have columns."""
    return f"{noun.label}{_pascal(relation.name)}Connection" if relation.columns else f"{relation.to}Connection"


def edge_name(connection: str) -> str:
    """The name of a connection's edges."""
    return connection.removesuffix("Connection") + "Edge"


def filter_name(noun: Noun, relation: Relation) -> str:
    """The name of the filter of a relation's list."""
    return f"{noun.label}{_pascal(relation.name)}Filter" if relation.columns else f"{relation.to}Filter"


def root_fields(noun: Noun) -> tuple[str, str]:
    """The names of the fields that lead to one of a noun and to all of them; series are their own plural."""
    single = noun.label.lower()
    return single, noun.plural if noun.plural != single else f"all_{single}"


def type_of(name: str) -> Any:
    """A type that was made here."""
    return _MADE[name]


def is_read(name: str) -> bool:
    """Whether a type of that name is one whose fields are found in what was read."""
    made = getattr(_MADE.get(name), "__strawberry_definition__", None)
    return name != "NounsQuery" and made is not None and not made.is_input


def _annotation(of: Any) -> StrawberryAnnotation:
    return StrawberryAnnotation(of, namespace=_MADE)


def _field(name: str, of: Any, about: str, arguments: Sequence[StrawberryArgument] = ()) -> StrawberryField:
    field = StrawberryField(
        python_name=name, graphql_name=camel(name), type_annotation=_annotation(of), description=about
    )
    field.arguments = list(arguments)
    return field


def _argument(name: str, of: Any, about: str, *, is_required: bool = False) -> StrawberryArgument:
    default = {} if is_required else {"default": strawberry.UNSET}
    return StrawberryArgument(name, camel(name), _annotation(of), description=about, **default)


def _type(name: str, fields: Sequence[StrawberryField], about: str, bases: tuple[type, ...] = ()) -> None:
    annotations = {
        str(field.python_name): field.type_annotation.raw_annotation for field in fields if field.type_annotation
    }
    namespace = {"__annotations__": dict(annotations), **{str(field.python_name): field for field in fields}}
    made = python_types.new_class(name, bases, {}, lambda ns: ns.update(namespace))
    made.__module__ = __name__
    _MADE[name] = _found_here(strawberry.type(made, name=name, description=about), annotations)


def _input(name: str, fields: Sequence[tuple[str, Any, str]], about: str, *, one_of: bool = False) -> None:
    annotations = {f"{own}_": of for own, of, _ in fields}
    namespace: dict[str, Any] = {"__annotations__": dict(annotations)}
    for own, of, said in fields:
        namespace[f"{own}_"] = StrawberryField(
            python_name=f"{own}_",
            graphql_name=camel(own),
            type_annotation=_annotation(of),
            description=said,
            default=strawberry.UNSET,
        )
    made = python_types.new_class(name, (), {}, lambda ns: ns.update(namespace))
    made.__module__ = __name__
    _MADE[name] = _found_here(strawberry.input(made, name=name, description=about, one_of=one_of), annotations)


def _found_here(made: Any, annotations: Mapping[str, Any]) -> Any:
    """The type, whose annotations name types that are made here, later ones too; Strawberry would look in a module."""
    for field in made.__strawberry_definition__.fields:
        if field.python_name in annotations:
            field.type_annotation = _annotation(annotations[field.python_name])
    return made


def _kind_of(column: Column) -> Any:
    return column.choices if column.kind is Kind.CHOICE else OF_KIND[column.kind]


def _column(column: Column) -> StrawberryField:
    of = _kind_of(column)
    is_there = column.is_required or column.kind in {Kind.TEXTS, Kind.NAMES, Kind.PERIODS}
    arguments = []
    if column.is_by_language:
        # Of several texts none stands in for another: those of a language are all that it has.
        about = "The language of the texts, yours if left out."
        if column.kind is Kind.NAME:
            about = "The language of the text, yours if left out; English stands in where it is missing."
        elif column.kind is not Kind.NAMES:
            about = "The language to have the title in, yours if left out."
        arguments.append(_argument("language", LanguageCode | None, about))
    return _field(column.name, of if is_there else of | None, column.about, arguments)


def _paging(filter: str, order: str | None) -> list[StrawberryArgument]:
    arguments = [
        _argument("first", int | None, f"The first so many, {PAGE_ABOUT}"),
        _argument("after", str | None, "Those after this cursor."),
        _argument("last", int | None, f"The last so many, {PAGE_ABOUT}"),
        _argument("before", str | None, "Those before this cursor."),
        _argument("filter", f"{filter} | None", "Which ones; all if left out."),
    ]
    if order is not None:
        about = "What to order by, the first column first; then as the list is ordered anyway."
        arguments.append(_argument("order", f"list[{order}] | None", about))
    return arguments


def _order_name(noun: Noun) -> str | None:
    return f"{noun.label}Order" if any(column.has_order for column in noun.columns) else None


def _to_one(relation: Relation) -> StrawberryField:
    return _field(relation.name, relation.to if relation.is_required else f"{relation.to} | None", relation.about)


def _relation(noun: Noun, relation: Relation) -> StrawberryField:
    if relation.is_one:
        return _to_one(relation)
    arguments = _paging(filter_name(noun, relation), _order_name(NOUNS[relation.to]))
    return _field(relation.name, connection_name(noun, relation), relation.about, arguments)


def _filters(columns: Sequence[Column]) -> Iterator[tuple[str, Any, str]]:
    for column in columns:
        if column.has_filter and column.kind in TESTS:
            yield column.name, f"{_test_name(column)} | None", f"By: {column.about[:1].lower()}{column.about[1:]}"


def _test_name(column: Column) -> str:
    """The name of the input that compares a column, made when it is first needed."""
    of: Any = str if column.kind is Kind.TEXTS else _kind_of(column)
    base = BASES.get(column.kind) or {date: "Date", datetime: "DateTime"}.get(of, of.__name__)
    tests = TESTS[Kind.TEXT if base == "Text" else column.kind]
    name = f"{base}Filter"
    if name not in _MADE:
        given = {"in": list[of], "is_set": bool}
        _input(
            name,
            [(test, given.get(test, of) | None, about) for test, about in tests.items()],
            "How a value is compared; all of it must hold.",
        )
    return name


def _combined(name: str) -> list[tuple[str, Any, str]]:
    return [
        ("and", f"list[{name}] | None", "All of these must hold."),
        ("or", f"list[{name}] | None", "One of these must hold."),
        ("not", f"{name} | None", "This must not hold."),
    ]


def _make_filter(noun: Noun) -> None:
    name = f"{noun.label}Filter"
    fields = [*_filters(noun.columns), *_combined(name)]
    if noun.names:
        what = {"Country": "countries, or lying in one of these regions", "Topic": "topics or a narrower one"}
        said = what.get(noun.label, f"{noun.plural}")
        about = f"One of these {said}: codes, ids or names in any of the six UN languages."
        fields.insert(0, ("named", list[str] | None, about))
    for relation in noun.relations:
        if relation.is_one:
            fields.append(
                (relation.name, f"{relation.to}Filter | None", f"By: {relation.about[:1].lower()}{relation.about[1:]}")
            )
        else:
            inner = filter_name(noun, relation)
            outer = inner.removesuffix("Filter") + "ListFilter"
            if outer not in _MADE:
                some = ("some", f"{inner} | None", "One of them is like this.")
                none = ("none", f"{inner} | None", "None of them is like this, as far as you may see.")
                _input(outer, [some, none], "What is true of a list.")
            fields.append((relation.name, f"{outer} | None", f"By: {relation.about[:1].lower()}{relation.about[1:]}"))
    _input(name, fields, f"Which {noun.plural}; all of it must hold.")


def _make_edges(noun: Noun, relation: Relation) -> None:
    """The connection, the edge and the filter of a relation whose edges have columns."""
    name = connection_name(noun, relation)
    target = NOUNS[relation.to]
    _make_connection(name, target, relation.columns, relation.about)
    own = filter_name(noun, relation)
    node = ("node", f"{relation.to}Filter | None", "By what is at the other end.")
    _input(
        own,
        [node, *_filters(relation.columns), *_combined(own)],
        f"Which of them; all of it must hold. {relation.about}",
    )


def _make_connection(name: str, target: Noun, columns: Sequence[Column], about: str) -> None:
    edge = edge_name(name)
    _type(
        edge,
        [
            _field("cursor", str, "To go on after it, or before it."),
            _field("node", target.label, f"{target.about}"),
            *map(_column, columns),
        ],
        f"One of them, with its place in the list. {about}",
    )
    fields = [
        _field("edges", f"list[{edge}]", "What this part of the list has."),
        _field("page_info", "PageInfo", "Where this part begins and ends, and whether more follow."),
        _field("total_count", int, "How many the whole list has; counted only when asked."),
    ]
    if target.facets and not columns:
        fields.append(_field("facets", f"{target.label}Facets", "What the whole list is about, counted."))
    _type(name, fields, f"Part of a list. {about}")


def _make_facets(noun: Noun) -> None:
    for facet in noun.facets:
        count = f"{facet.to}Count"
        if count not in _MADE:
            fields = [
                _field("count", int, "How many, as far as you may see."),
                _field("node", facet.to, NOUNS[facet.to].about),
            ]
            _type(count, fields, "How many there are of something.")
    first = _argument("first", int | None, "How many at most, 1 to 100; 10 if left out.")
    fields = [_field(facet.name, f"list[{facet.to}Count]", facet.about, [first]) for facet in noun.facets]
    _type(f"{noun.label}Facets", fields, "What a list is about, the most frequent first; as far as you may see.")


def _make_order(noun: Noun) -> None:
    name = _order_name(noun)
    if name is not None:
        fields = [
            (column.name, Direction | None, f"By: {column.about[:1].lower()}{column.about[1:]}")
            for column in noun.columns
            if column.has_order
        ]
        _input(name, fields, "What to order by: one column.", one_of=True)


def _make_noun(noun: Noun) -> None:
    relations = (_relation(noun, relation) for relation in noun.relations)
    _type(noun.label, [*map(_column, noun.columns), *relations, *_parts(noun.parts)], noun.about, bases=(Node,))


def _parts(parts: Sequence[Part]) -> list[StrawberryField]:
    """The fields of parts, whose types are made on the way."""
    for part in parts:
        fields = [*map(_column, part.columns), *map(_to_one, part.relations), *_parts(part.parts)]
        _type(part.label, fields, part.of_one)
    return [_field(part.name, f"list[{part.label}]", part.about) for part in parts]


def _make_query() -> type:
    an_id = _argument(
        "id", strawberry.ID, "The id, as any node gives it, or the slug or code it stands for.", is_required=True
    )
    ids = _argument("ids", list[strawberry.ID], "Up to 100 ids, as nodes give them.", is_required=True)
    fields = [
        _field(
            "node",
            Node | None,
            "Anything that has an id, by that id.",
            [_argument("id", strawberry.ID, "The id, as any node gives it.", is_required=True)],
        ),
        _field(
            "nodes", list[Node | None], "Several things by their ids, in that order; null for what is not there.", [ids]
        ),
    ]
    for noun in NOUNS.values():
        article = "An" if noun.label[0] in "AEIO" else "A"
        if noun.listed:
            single, several = root_fields(noun)
            fields.append(_field(single, f"{noun.label} | None", f"{article} {noun.label.lower()} by id.", [an_id]))
            arguments = _paging(f"{noun.label}Filter", _order_name(noun))
            fields.append(_field(several, f"{noun.label}Connection", noun.listed, arguments))
    _type("NounsQuery", fields, "What is asked of nouns.")
    made: type = _MADE["NounsQuery"]
    return made


for _noun in NOUNS.values():
    _make_order(_noun)
    _make_filter(_noun)
    _make_facets(_noun) if _noun.facets else None
    _make_connection(f"{_noun.label}Connection", _noun, (), _noun.about)
    for _one in _noun.relations:
        if _one.columns:
            _make_edges(_noun, _one)
for _noun in NOUNS.values():
    _make_noun(_noun)

NounsQuery: Final[Any] = _make_query()
NOUN_TYPES: Final = [_MADE[_label] for _label in NOUNS]
"""The types of all nouns, for whoever finds them by an interface alone."""
