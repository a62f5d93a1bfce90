"""How large a GraphQL document may be, so that a short text cannot make the server work for long.

Strawberry's own limits count depth, aliases and tokens. They walk into a fragment as often as it is spread, and twenty
fragments that each spread the next one twice are a million walks; so what a document comes to when its fragments are
written out is counted first, each fragment once.
"""

import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from fastapi import Request
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter, SchemaExtension
from strawberry.fastapi import GraphQLRouter
from strawberry.types.graphql import OperationType

from api.door.limits import Limited, spend

__all__ = ["GUARDS", "MOST_ALIASES", "MOST_DEPTH", "MOST_FIELDS", "MOST_FRAGMENTS", "MOST_TOKENS", "Router"]

MOST_TOKENS = 2000
"""Tokens of a document's text; the explorer's own introspection has 450."""

MOST_FIELDS = 500
"""Fields of a document with its fragments written out."""

MOST_FRAGMENTS = 50
"""Fragments of a document; a long chain of them is as deep as it is long."""

MOST_DEPTH = 12
"""Levels of objects below an operation; the README's query has four."""

MOST_ALIASES = 30
"""Fields under another name, which are how one request asks the same thing many times."""


class MaxFieldsLimiter(SchemaExtension):
    """Refuses a document that has too many fields when its fragments are written out."""

    def on_validate(self) -> Iterator[None]:
        """Count before anything else looks at the document."""
        document = self.execution_context.graphql_document
        fault = _fault(document) if document is not None else None
        if fault is not None:
            self.execution_context.pre_execution_errors = [GraphQLError(fault)]
        yield


class MutationLimiter(SchemaExtension):
    """Counts the changes that an operation asks for before it makes the first, so that no mutation can forget to."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Raises RateLimited where they are too many."""
        context = self.execution_context
        request = getattr(context.context, "request", None)
        if isinstance(request, Request) and context.operation_type is OperationType.MUTATION:
            document = context.graphql_document
            await spend(request, Limited.MUTATION, times=_changes(document) if document is not None else 1)
        yield


GUARDS: Sequence[Any] = (
    MaxFieldsLimiter,
    MutationLimiter,
    partial(QueryDepthLimiter, max_depth=MOST_DEPTH),
    partial(MaxAliasesLimiter, max_alias_count=MOST_ALIASES),
    partial(MaxTokensLimiter, max_token_count=MOST_TOKENS),
)
"""The extensions of the schema that hold the limits."""


class Router(GraphQLRouter[Any, None]):
    """The endpoint: POST alone, one operation a request, JSON read by a parser that bears any nesting."""

    def decode_json(self, data: str | bytes) -> object:
        """What a request's body says; raises a JSONDecodeError, which is answered with 400."""
        body = orjson.loads(data)
        if not isinstance(body, dict | list):
            raise orjson.JSONDecodeError("neither an object nor a list", "", 0)
        return body


def _fault(document: DocumentNode) -> str | None:
    """What is wrong with a document's size, in one sentence."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    if len(fragments) > MOST_FRAGMENTS:
        return f"The document has more than {MOST_FRAGMENTS} fragments; ask in several requests."
    fields = _fields(document, fragments)
    if fields == math.inf:
        return "A fragment is missing or spreads itself; write its fields out."
    if fields > MOST_FIELDS:
        return f"The document asks for more than {MOST_FIELDS} fields; ask in several requests."
    return None


def _fields(document: DocumentNode, fragments: Mapping[str, FragmentDefinitionNode]) -> float:
    """How many fields a document has with its fragments written out; infinite if one is missing or spreads itself."""
    counted: dict[str, float] = {}

    def of(selections: SelectionSetNode | None) -> float:
        total = 0.0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FragmentSpreadNode):
                total += of_fragment(selection.name.value)
            elif isinstance(selection, FieldNode | InlineFragmentNode):
                total += isinstance(selection, FieldNode) + of(selection.selection_set)
        return total

    def of_fragment(name: str) -> float:
        if name not in counted:
            counted[name] = math.inf
            counted[name] = of(fragments[name].selection_set) if name in fragments else math.inf
        return counted[name]

    return sum(of(one.selection_set) for one in document.definitions if isinstance(one, OperationDefinitionNode))


def _changes(document: DocumentNode) -> int:
    """How many fields the operations have at their roots: each is a change."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}

    def of(selections: SelectionSetNode) -> int:
        total = 0
        for selection in selections.selections:
            if isinstance(selection, FragmentSpreadNode):
                total += of(fragments[selection.name.value].selection_set)
            elif isinstance(selection, InlineFragmentNode):
                total += of(selection.selection_set)
            else:
                total += 1
        return total

    return sum(of(one.selection_set) for one in document.definitions if isinstance(one, OperationDefinitionNode))
