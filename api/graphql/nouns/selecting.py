"""What a document selects of nouns, as a tree for graph.reading.

The fields are collected by graphql-core's own algorithm, so that fragments, aliases, directives and repeated fields
mean here what they mean everywhere.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Protocol, cast

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.utils.str_converters import to_snake_case

from api.graphql.nouns.types import camel, connection_name, edge_name
from api.graphql.paging import first_of
from graph import reading
from graph.model import NOUNS, Column, Facet, Noun, Part, Relation
from graph.reading import Connection, Constant, Item, Items, Node, PageSpan

__all__ = ["FACETED", "UNSAID", "Execution", "Selecting"]

UNSAID = 20
"""How many entries a list has where neither ``first`` nor ``last`` is given."""

FACETED = 10
"""How many a facet counts where ``first`` is not given."""

ORDERED_BY = 10
"""Columns at most."""

TYPENAME = "__typename"


class Execution(Protocol):
    """What is needed of graphql-core's executor."""

    schema: GraphQLSchema
    variable_values: VariableValues
    hide_suggestions: bool

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList
    ) -> CollectedFields:
        """The fields that are selected of a type, by the keys of the answer."""
        ...


class Selecting:
    """Makes trees of what one operation selects; ``language`` is the viewer's."""

    def __init__(self, execution: Execution, *, language: str) -> None:
        self._execution = execution
        self._language = language

    def node(self, noun: Noun, details: FieldDetailsList) -> Node:
        """What is selected of a node."""
        items: list[tuple[str, Item]] = []
        for key, name, field, inner in self._selected(noun.label, details):
            if name == TYPENAME:
                items.append((key, Constant(noun.label)))
            elif name == "id":
                items.append((key, reading.Identity()))
            else:
                of = OF_NOUN[noun.label][name]
                if isinstance(of, Relation) and not of.is_one:
                    items.append((key, self._list(noun, of, field, inner)))
                else:
                    items.append((key, self._told(of, field, inner)))
        return Node(noun.label, items)

    def _told(self, of: Column | Relation | Part, field: GraphQLField, details: FieldDetailsList) -> Item:
        """What is selected of a column, of what a relation leads to, or of parts."""
        if isinstance(of, Column):
            return self._column(of, field, details)
        if isinstance(of, Part):
            return self._parts(of, details)
        return reading.Related(of, self.node(NOUNS[of.to], details))

    def _parts(self, part: Part, details: FieldDetailsList) -> reading.Parts:
        told = {camel(name): of for name, of in part.by_name.items()}
        items: list[tuple[str, Item]] = []
        for key, name, field, inner in self._selected(part.label, details):
            item = Constant(part.label) if name == TYPENAME else self._told(told[name], field, inner)
            items.append((key, item))
        return reading.Parts(part, items)

    def connection(
        self, noun: Noun, type_name: str, field: GraphQLField, details: FieldDetailsList, *, relation: Relation | None
    ) -> Connection:
        """What is selected of a list, and of which part of it.

        Raises:
            GraphQLError: the arguments do not go together.
        """
        arguments = self._arguments(field, details)
        items: list[tuple[str, Item]] = []
        for key, name, _, inner in self._selected(type_name, details):
            if name == TYPENAME:
                items.append((key, Constant(type_name)))
            elif name == "edges":
                items.append((key, reading.Edges(self._edges(noun, edge_name(type_name), relation, inner))))
            elif name == "totalCount":
                items.append((key, reading.Total()))
            elif name == "pageInfo":
                items.append((key, self._page_info(inner)))
            elif name == "facets":
                items.append((key, self._facets(noun, inner)))
        order = [
            (to_snake_case(name), direction.value == "desc")
            for one in arguments.get("order") or ()
            for name, direction in one.items()
        ]
        if len(order) > ORDERED_BY:
            message = f"The list is ordered by {len(order)} columns; order by {ORDERED_BY} at most."
            raise GraphQLError(message)
        filter = _plain(arguments.get("filter"))
        return Connection(_span(arguments), items, filter=filter, order=order, language=self._language)

    def _edges(self, noun: Noun, type_name: str, relation: Relation | None, details: FieldDetailsList) -> Items:
        columns = {camel(column.name): column for column in (relation.columns if relation is not None else ())}
        items: list[tuple[str, Item]] = []
        for key, name, field, inner in self._selected(type_name, details):
            if name == TYPENAME:
                items.append((key, Constant(type_name)))
            elif name == "cursor":
                items.append((key, reading.Cursors()))
            elif name == "node":
                items.append((key, self.node(noun, inner)))
            else:
                items.append((key, self._column(columns[name], field, inner)))
        return items

    def _page_info(self, details: FieldDetailsList) -> reading.PageInfo:
        items: list[tuple[str, Any]] = []
        for key, name, _, _ in self._selected("PageInfo", details):
            items.append((key, Constant("PageInfo") if name == TYPENAME else to_snake_case(name)))
        return reading.PageInfo(items)

    def _facets(self, noun: Noun, details: FieldDetailsList) -> reading.Facets:
        facets = {camel(facet.name): facet for facet in noun.facets}
        type_name = f"{noun.label}Facets"
        items: list[tuple[str, reading.FacetCounts | Constant]] = []
        for key, name, field, inner in self._selected(type_name, details):
            items.append((key, Constant(type_name) if name == TYPENAME else self._counts(facets[name], field, inner)))
        return reading.Facets(items)

    def _counts(self, facet: Facet, field: GraphQLField, details: FieldDetailsList) -> reading.FacetCounts:
        type_name = f"{facet.to}Count"
        first = self._arguments(field, details).get("first")
        items: list[tuple[str, Any]] = []
        for key, name, _, inner in self._selected(type_name, details):
            if name == TYPENAME:
                items.append((key, Constant(type_name)))
            else:
                items.append((key, "count" if name == "count" else self.node(NOUNS[facet.to], inner)))
        return reading.FacetCounts(facet, FACETED if first is None else first_of(first), items)

    def _column(self, column: Column, field: GraphQLField, details: FieldDetailsList) -> reading.Value:
        language = self._arguments(field, details).get("language") if field.args else None
        return reading.Value(column, self._language if language is None else language.value)

    def _list(self, noun: Noun, relation: Relation, field: GraphQLField, details: FieldDetailsList) -> reading.Related:
        name = connection_name(noun, relation)
        wanted = self.connection(NOUNS[relation.to], name, field, details, relation=relation)
        return reading.Related(relation, wanted)

    def _selected(
        self, type_name: str, details: FieldDetailsList
    ) -> Iterator[tuple[str, str, GraphQLField, FieldDetailsList]]:
        """Key, name, definition and details of each field that is selected of a type, in the answer's order."""
        of = cast("GraphQLObjectType", self._execution.schema.type_map[type_name])
        for key, found in self._execution.collect_subfields(of, details).grouped_field_set.items():
            name = found[0].node.name.value
            yield key, name, cast("GraphQLField", of.fields.get(name)), found

    def _arguments(self, field: GraphQLField, details: FieldDetailsList) -> Mapping[str, Any]:
        first = details[0]
        return get_argument_values(
            field,
            first.node,
            self._execution.variable_values,
            first.fragment_variable_values,
            self._execution.hide_suggestions,
        )


OF_NOUN: Mapping[str, Mapping[str, Column | Relation | Part]] = {
    label: {camel(name): of for name, of in noun.by_name.items()} for label, noun in NOUNS.items()
}
"""The columns, relations and parts of each noun by their names in the schema."""


def _span(arguments: Mapping[str, Any]) -> PageSpan:
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise GraphQLError("Both first and last are given; ask for one of them.")
    size = first_of(first) if last is None and first is not None else UNSAID
    return PageSpan(
        size if last is None else first_of(last, name="last"),
        after=arguments.get("after"),
        before=arguments.get("before"),
        is_backward=last is not None,
    )


def _plain(given: Any) -> Any:
    """A filter in snake case, with the values of enumerations as the graph has them."""
    if isinstance(given, Mapping):
        return {to_snake_case(name): _plain(value) for name, value in given.items()}
    if isinstance(given, list):
        return [_plain(one) for one in given]
    return given.value if isinstance(given, Enum) else given
