"""How what is asked of nouns is answered: read in one statement, and told without resolving each field again.

A resolver that leads to a noun gives an :class:`Asked`; the executor makes a tree of what the document selects there,
reads it, and what was read is the answer's part. graphql-core would resolve and complete the same values one by one,
some microseconds each; :attr:`Context.completes_nouns` has it do so, and the answers are the same byte for byte
(tests/api/graphql/nouns/test_same_answers.py).
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    get_named_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from api.graphql.nouns.ids import noun_and_id, own_id
from api.graphql.nouns.selecting import Selecting
from api.graphql.nouns.statements import Statements
from api.graphql.nouns.types import camel, is_read, root_fields
from api.graphql.paging import MOST_AT_ONCE
from graph import reading
from graph.model import NOUNS

if TYPE_CHECKING:
    from strawberry import Schema

    from api.graphql.context import Context

__all__ = ["Asked", "NounExecutor", "one", "read_nouns"]

STATEMENTS = Statements()


@dataclass(frozen=True, slots=True)
class Asked:
    """Nodes that a field leads to: by noun and own id, or a whole list where there is no id.

    ``is_list`` is whether the field holds several.
    """

    nodes: Sequence[tuple[str, str] | None] = ()
    is_list: bool = False
    listed: str | None = None


def one(noun: str, id: str) -> Asked:
    """The node of a noun with this id."""
    return Asked([(noun, id)])


class NounExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, that knows how to read nouns."""

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """What a field's value becomes in the answer."""
        if not isinstance(result, Asked):
            return super().complete_value(return_type, field_details_list, info, path, result, position_context)

        async def complete() -> Any:
            found = await self._read(result, field_details_list, info)
            if found is None and is_non_null_type(return_type):
                message = f"Cannot return null for non-nullable field {info.parent_type}.{info.field_name}."
                raise TypeError(message)
            if not cast("Context", self.context_value).completes_nouns:
                return found
            completed = super(NounExecutor, self).complete_value(
                return_type, field_details_list, info, path, found, position_context
            )
            return await completed if self.is_awaitable(completed) else completed

        return complete()

    async def _read(self, asked: Asked, details: FieldDetailsList, info: GraphQLResolveInfo[Any]) -> Any:
        context = cast("Context", self.context_value)
        if asked.listed is not None:
            statement = self._statement(asked.listed, details, of_list=info.parent_type.fields[info.field_name])
            return await reading.page(
                context.network.graph,
                context.viewer,
                noun=asked.listed,
                wanted=statement,
                token=context.visitor.recalled,
            )
        place = tuple(id(detail.node) for detail in details)
        loaded: list[Awaitable[Any] | None] = [
            node and context.load.node(node[0], place, lambda noun: self._statement(noun, details)).load(node[1])
            for node in asked.nodes
        ]
        found = [await one if one is not None else None for one in loaded]
        if context.completes_nouns:
            found = [
                Told(node[0], read) if node and read is not None else None
                for node, read in zip(asked.nodes, found, strict=True)
            ]
        return found if asked.is_list else found[0]

    def _statement(
        self, label: str, details: FieldDetailsList, *, of_list: GraphQLField | None = None
    ) -> reading.Statement:
        """The statement that reads what is selected of a noun's nodes, or of the list of them all."""
        noun, language = NOUNS[label], cast("Context", self.context_value).language

        def make() -> reading.Statement:
            selecting = Selecting(self, language=language)
            if of_list is None:
                return reading.of_ids(selecting.node(noun, details))
            wanted = selecting.connection(noun, f"{label}Connection", of_list, details, relation=None)
            return reading.listed(noun, wanted)

        return STATEMENTS.of(
            [detail.node for detail in details],
            noun=label,
            language=language,
            with_arguments=of_list is not None,
            fragments=self.fragment_definitions,
            variables=self.variable_values.coerced,
            make=make,
        )


class Told(dict[str, Any]):
    """What was read of a node, with its noun, for graphql-core to find the type of."""

    def __init__(self, noun: str, found: Mapping[str, Any]) -> None:
        super().__init__(found)
        self.noun = noun


def read_nouns(schema: "Schema") -> None:
    """Have a schema's fields that lead to nouns ask for them, and nouns' fields found in what was read."""
    core = schema._schema  # noqa: SLF001 -- there is no other way to it
    query = cast("GraphQLObjectType", core.type_map["Query"])
    for noun in NOUNS.values():
        if noun.listed:
            single, several = (camel(name) for name in root_fields(noun))
            query.fields[single].resolve = partial(_by_id, noun.label)
            query.fields[several].resolve = partial(_listed, noun.label)
    query.fields["node"].resolve = _node
    query.fields["nodes"].resolve = _nodes
    cast("GraphQLInterfaceType", core.type_map["Node"]).resolve_type = lambda told, *_: told.noun
    for type_ in core.type_map.values():
        if isinstance(type_, GraphQLObjectType) and is_read(type_.name):
            type_.is_type_of = None
            for field in type_.fields.values():
                field.resolve = partial(_found, field.resolve, get_named_type(field.type))


def _by_id(noun: str, _root: object, _info: GraphQLResolveInfo[Any], *, id: str) -> Asked:
    return one(noun, own_id(id, noun))


def _listed(noun: str, _root: object, _info: GraphQLResolveInfo[Any], **_: object) -> Asked:
    return Asked(listed=noun)


def _node(_root: object, _info: GraphQLResolveInfo[Any], *, id: str) -> Asked | None:
    found = noun_and_id(id)
    return Asked([found]) if found else None


def _nodes(_root: object, _info: GraphQLResolveInfo[Any], *, ids: Sequence[str]) -> Asked:
    if len(ids) > MOST_AT_ONCE:
        message = f"ids are {len(ids)}; ask for {MOST_AT_ONCE} at most at once."
        raise GraphQLError(message)
    return Asked([noun_and_id(id) for id in ids], is_list=True)


def _found(otherwise: Any, type_: Any, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
    """A field's value in what was read, by its key in the answer."""
    if not isinstance(source, dict):
        return otherwise(source, info, **given)
    value = source[info.path.key]
    is_choice = value is not None and isinstance(type_, CustomGraphQLEnumType)
    return type_.wrapped_cls[value] if is_choice else value
