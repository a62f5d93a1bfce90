"""What an operation may cost at most, known before it runs: see api.graphql.limits.weights for the rule.

A valid document is compiled once into a list of terms for each operation and fragment, each term after the one that it
stands beneath; counting is then one walk over the lists, with the page sizes that this request's variables give. A
fragment's list is walked once, however often it is spread. Where branches exclude each other (fragments on the types of
a union) all of them count: it keeps the walk linear, and errs on the side of the server.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import Undefined

from api.graphql.limits.sizes import MOST, in_order
from api.graphql.limits.weights import ASSUMED_LENGTH, INTROSPECTION, LENGTHS, UNSAID_PAGE, WEIGHTS

__all__ = ["Costs", "compile_costs"]

_PAGES = ("first", "last")
_IDS = "ids"
_OF_THE_CONNECTION = ("edges", "nodes")
_ROOT = -1

Given = Mapping[str, Any]
"""Values of variables by name, coerced."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How many are asked for: the literals, and the variables that may give more; else what the schema says."""

    literals: tuple[int, ...]
    variables: tuple[str, ...]
    default: int

    def size(self, given: Given) -> int:
        asked = [*self.literals, *(_length(given[name]) for name in self.variables if given.get(name) is not None)]
        return max(1, *asked) if asked else self.default


@dataclass(frozen=True, slots=True)
class _Condition:
    """A variable under @include or @skip, and the value with which the fields are left out."""

    variable: str
    leaves_out_if: bool


@dataclass(frozen=True, slots=True)
class _Term:
    """One field that costs something, or a fragment, and what it multiplies.

    ``page`` is what a connection hands to its edges; ``length`` is a list's own, or None where it is its connection's.
    """

    parent: int
    weight: float = 0
    length: "_Page | float | None" = 1
    page: _Page | None = None
    hands_on: bool = False
    conditions: tuple[_Condition, ...] = ()
    spread: str | None = None


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a definition costs: by itself, and for each item of the page of the connection that it is spread in."""

    alone: float = 0
    for_each: float = 0


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation's terms and the fragments it needs, in the order to count them in."""

    terms: tuple[_Term, ...]
    fragments: tuple[str, ...]
    variables: tuple[VariableDefinitionNode, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """The compiled costs of a valid document's operations."""

    schema: GraphQLSchema
    operations: Mapping[str | None, _Operation]
    fragments: Mapping[str, tuple[_Term, ...]]

    @property
    def terms(self) -> int:
        """How many terms one counting walks over at most."""
        lists = [*self.fragments.values(), *(operation.terms for operation in self.operations.values())]
        return sum(len(terms) for terms in lists)

    def of(self, operation: str | None, variables: Mapping[str, Any] | None) -> int:
        """What the operation of that name, else the first one, may cost with these variables; 10**12 at most."""
        asked = self.operations.get(operation) or next(iter(self.operations.values()), None)
        if asked is None:
            return 0
        given = _coerced(self.schema, asked.variables, variables or {})
        sums: dict[str, _Sum] = {}
        for name in asked.fragments:
            sums[name] = _sum(self.fragments[name], given, sums)
        return math.ceil(_sum(asked.terms, given, sums).alone)


def compile_costs(schema: GraphQLSchema, document: DocumentNode) -> Costs:
    """The costs of a valid document, ready to be counted."""
    fragments = {}
    operations = []
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            type_ = schema.get_type(definition.type_condition.name.value)
            fragments[definition.name.value] = _terms(schema, type_, definition)
        elif isinstance(definition, OperationDefinitionNode):
            root = schema.get_root_type(definition.operation)
            operations.append((definition, _terms(schema, root, definition)))
    spread_by = {name: tuple(_spreads(terms)) for name, terms in fragments.items()}
    order = in_order(fragments, spread_by.__getitem__)
    return Costs(
        schema=schema,
        operations={
            operation.name.value if operation.name else None: _Operation(
                terms=terms,
                fragments=_needed(terms, order, spread_by),
                variables=_used(operation, terms, fragments.values()),
            )
            for operation, terms in operations
        },
        fragments=fragments,
    )


def _needed(terms: Iterable[_Term], order: Iterable[str], spread_by: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The fragments that these terms spread, and those that they spread, in the order to count them in."""
    reached: set[str] = set()
    todo = list(_spreads(terms))
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += spread_by.get(name, ())
    return tuple(name for name in order if name in reached)


def _spreads(terms: Iterable[_Term]) -> Iterable[str]:
    return (term.spread for term in terms if term.spread is not None)


def _used(
    operation: OperationDefinitionNode, terms: tuple[_Term, ...], fragments: Iterable[tuple[_Term, ...]]
) -> tuple[VariableDefinitionNode, ...]:
    """The variables that a cost can depend on; the others need not be coerced to know it."""
    names = set()
    for term in (term for list_ in (terms, *fragments) for term in list_):
        names |= {condition.variable for condition in term.conditions}
        for page in (term.page, term.length):
            names |= set(page.variables) if isinstance(page, _Page) else set()
    return tuple(one for one in operation.variable_definitions or () if one.variable.name.value in names)


def _coerced(
    schema: GraphQLSchema, definitions: tuple[VariableDefinitionNode, ...], variables: Mapping[str, Any]
) -> Given:
    """The variables as the operation will have them; none where they cannot be, for then nothing will run."""
    if not definitions:
        return {}
    values = get_variable_values(schema, definitions, dict(variables), max_errors=1)
    return values.coerced if isinstance(values, VariableValues) else {}


def _sum(terms: tuple[_Term, ...], given: Given, fragments: Mapping[str, _Sum]) -> _Sum:
    """One walk over a definition's terms.

    At a fragment's root the page of the connection that it will be spread in is not known yet: what stands beneath such
    edges is summed for one item of it. A term's times are how often it comes, and whether that is for each such item.
    """
    sums = [0.0, 0.0]
    times: list[float] = []
    for_each: list[bool] = []
    pages: list[float | None] = []
    for term in terms:
        is_root = term.parent == _ROOT
        count = 1.0 if is_root else times[term.parent]
        each = False if is_root else for_each[term.parent]
        outer = None if is_root else pages[term.parent]
        if any(given.get(one.variable) is one.leaves_out_if for one in term.conditions):
            count = 0.0
        if term.spread is not None:
            fragment = fragments.get(term.spread, _Sum())
            sums[each] = min(MOST, sums[each] + count * fragment.alone)
            if outer is None:
                sums[1] = min(MOST, sums[1] + count * fragment.for_each)
            else:
                sums[each] = min(MOST, sums[each] + count * outer * fragment.for_each)
        elif term.length is None and outer is None:
            each = True
        else:
            length = term.length.size(given) if isinstance(term.length, _Page) else term.length
            count = min(MOST, count * (outer or 1 if length is None else length))
        sums[each] = min(MOST, sums[each] + count * term.weight)
        times.append(count)
        for_each.append(each)
        pages.append(float(term.page.size(given)) if term.page else outer if term.hands_on else None)
    return _Sum(*sums)


def _terms(
    schema: GraphQLSchema,
    type_: GraphQLNamedType | None,
    definition: OperationDefinitionNode | FragmentDefinitionNode,
) -> tuple[_Term, ...]:
    terms: list[_Term] = []
    todo: list[tuple[SelectionSetNode, GraphQLNamedType | None, int]] = [(definition.selection_set, type_, _ROOT)]
    while todo:
        selections, outer, parent = todo.pop()
        for selection in selections.selections:
            conditions = _conditions(selection.directives or ())
            if conditions is None:
                continue
            inner = outer
            if isinstance(selection, FragmentSpreadNode):
                terms.append(_Term(parent, conditions=conditions, spread=selection.name.value))
                continue
            if isinstance(selection, InlineFragmentNode):
                inner = schema.get_type(selection.type_condition.name.value) if selection.type_condition else outer
                terms.append(_Term(parent, hands_on=True, conditions=conditions))
                todo.append((selection.selection_set, inner, len(terms) - 1))
            elif isinstance(selection, FieldNode):
                field = _field(schema, outer, selection.name.value)
                if field is None or outer is None:
                    continue
                term = _term(schema, parent, outer, selection, field, conditions)
                if term.weight or selection.selection_set is not None:
                    terms.append(term)
                if selection.selection_set is not None:
                    todo.append((selection.selection_set, get_named_type(field.type), len(terms) - 1))
    return tuple(terms)


def _field(schema: GraphQLSchema, type_: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if is_object_type(type_) or is_interface_type(type_):
        return schema.get_field(type_, name)
    return None


def _term(
    schema: GraphQLSchema,
    parent: int,
    outer: GraphQLNamedType,
    node: FieldNode,
    field: GraphQLField,
    conditions: tuple[_Condition, ...],
) -> _Term:
    """The rule of cost for one field."""
    name = node.name.value
    named = get_named_type(field.type)
    is_connection = named.name.endswith("Connection")
    page = _page(node, field, unsaid=UNSAID_PAGE if is_connection else ASSUMED_LENGTH)
    length: _Page | float | None = 1
    weight = float(WEIGHTS.get(f"{outer.name}.{name}", WEIGHTS.get(name, 0 if is_leaf_type(named) else 1)))
    in_connection = outer.name.endswith("Connection")
    if named.name.startswith("__"):
        weight, length = INTROSPECTION, _introspected(schema, f"{outer.name}.{name}")
    elif (outer.name.endswith("Edge") and name == "node") or named.name == "PageInfo":
        # An item is counted at its edge, which may have columns of its own; what tells of the page comes with it.
        weight = 0
    if is_list_type(get_nullable_type(field.type)) and not is_leaf_type(named) and not named.name.startswith("__"):
        if page is not None:
            length = page
        elif in_connection and name in _OF_THE_CONNECTION:
            length = None
        else:
            length = LENGTHS.get(f"{outer.name}.{name}", ASSUMED_LENGTH)
    return _Term(
        parent,
        weight=weight,
        length=length,
        page=(page or _Page((), (), UNSAID_PAGE)) if is_connection else None,
        conditions=conditions,
    )


def _page(node: FieldNode, field: GraphQLField, *, unsaid: int) -> _Page | None:
    """How many a field is asked for, ``unsaid`` where nobody says; None where it takes no such argument."""
    sizing = [name for name in (*_PAGES, _IDS) if name in field.args]
    if not sizing:
        return None
    given: dict[str, ValueNode] = {
        one.name.value: one.value for one in node.arguments or () if one.name.value in sizing
    }
    defaults = [_default(field, name) for name in sizing if name not in given or isinstance(given[name], VariableNode)]
    said = [size for size in defaults if size is not None]
    return _Page(
        literals=tuple(size for size in map(_literal, given.values()) if size is not None),
        variables=tuple(one.name.value for one in given.values() if isinstance(one, VariableNode)),
        default=max(1, *said) if said else unsaid,
    )


def _literal(value: ValueNode) -> int | None:
    """How many a literal asks for: a page's size, or so many ids, of which one may stand without brackets."""
    if isinstance(value, IntValueNode):
        # Longer numbers are no Int of GraphQL; Python would take long to read very long ones.
        return min(MOST, int(value.value[:12])) if len(value.value) <= 12 else MOST
    if isinstance(value, ListValueNode):
        return len(value.values)
    return 1 if isinstance(value, StringValueNode) else None


def _default(field: GraphQLField, name: str) -> int | None:
    argument = field.args[name]
    value = argument.default_value
    if value is Undefined and argument.default is not None:
        # A schema that was read from its text keeps its defaults as they stand there.
        literal = argument.default.literal
        value = _literal(literal) if literal is not None else argument.default.value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _length(value: Any) -> int:
    """What a variable's value says of how many: a page's size, or so many ids."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) else 1


def _conditions(directives: Iterable[DirectiveNode]) -> tuple[_Condition, ...] | None:
    """Under which variables the fields are left out; None if they always are."""
    conditions = []
    for directive in directives:
        name = directive.name.value
        if name not in {"include", "skip"}:
            continue
        for argument in directive.arguments or ():
            if isinstance(argument.value, BooleanValueNode) and argument.value.value is (name == "skip"):
                return None
            if isinstance(argument.value, VariableNode):
                conditions.append(_Condition(argument.value.name.value, leaves_out_if=name == "skip"))
    return tuple(conditions)


def _introspected(schema: GraphQLSchema, coordinate: str) -> float:
    """How many objects a field of introspection gives on average; products of averages come to the true numbers."""
    return _averages(schema).get(coordinate, 1.0)


@lru_cache(maxsize=8)
def _averages(schema: GraphQLSchema) -> Mapping[str, float]:
    types = list(schema.type_map.values())
    told = [type_ for type_ in types if is_object_type(type_) or is_interface_type(type_)]
    fields = [field for type_ in told for field in type_.fields.values()]
    given = [name for type_ in types if is_input_object_type(type_) for name in type_.fields]
    arguments = [name for field in fields for name in field.args]
    return {
        "__Schema.types": float(len(types)),
        "__Schema.directives": float(len(schema.directives)),
        "__Type.fields": len(fields) / len(types),
        "__Type.inputFields": len(given) / len(types),
        "__Field.args": len(arguments) / max(1, len(fields)),
        "__Directive.args": 2.0,
        "__Type.enumValues": sum(len(getattr(type_, "values", {})) for type_ in types) / len(types),
        "__Type.interfaces": sum(len(getattr(type_, "interfaces", ())) for type_ in types) / len(types),
        "__Type.possibleTypes": sum(len(getattr(type_, "types", ())) for type_ in types) / len(types),
    }
