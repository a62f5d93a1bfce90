"""The extensions of the schema that hold the limits, before anything of a query runs."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from inspect import isawaitable
from typing import Any

from fastapi import Request
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute,
    specified_rules,
    validate,
)
from graphql import OperationType as NodeOperationType
from graphql.execution.middleware import MiddlewareManager
from graphql.validation import ASTValidationRule
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from api.door.limits import Limited, Limits, RateLimited, left_of, pay, spend
from api.graphql import errors
from api.graphql.limits.documents import MOST_ERRORS, Document, Documents, Invalid, values_in
from api.graphql.limits.refusals import refuse_values, too_costly
from api.graphql.limits.sizes import measure
from api.settings import LimitSettings

__all__ = ["MutationLimiter", "QueryLimiter", "documents_of"]

_DEFAULTS = LimitSettings.model_construct()


class QueryLimiter(SchemaExtension):
    """Refuses queries that are too large, too deep or too costly, and tells of each what it cost.

    It parses and validates in Strawberry's place, since both are dear and must come after the limits.
    """

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._errors: list[GraphQLError] = []
        self._asked: int | None = None
        self._left: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Read the document; what is wrong with it is told when Strawberry asks for what validation found."""
        context = self.execution_context
        documents = documents_of(context.schema._schema)  # noqa: SLF001 -- there is no other way to it
        try:
            refuse_values(values_in(context.variables))
            self._document = documents.read(context.query or "", self._settings, operation=context.operation_name)
        except Invalid as invalid:
            self._errors = invalid.errors
        except GraphQLError as refusal:
            self._errors = [refusal]
        context.graphql_document = self._document.node if self._document else self._stand_in()
        yield

    def on_validate(self) -> Iterator[None]:
        """Weigh the operation that is asked for, with its variables."""
        context = self.execution_context
        further = [rule for rule in context.validation_rules if rule not in specified_rules]
        # Strawberry would validate once more, without limits.
        context.validation_rules = ()
        if self._document is not None:
            self._errors = self._against(further, self._document.node)
            self._asked = self._document.costs.of(context.operation_name, context.variables)
            if not self._errors and self._asked > self._settings.query_cost:
                self._errors = [too_costly(self._asked, self._settings.query_cost)]
        if self._errors:
            context.pre_execution_errors = [*(context.pre_execution_errors or ()), *self._errors]
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        """Take the cost from what the viewer may spend; raises RateLimited where that is not enough."""
        if self._request is not None and self._asked is not None:
            self._left = await pay(self._request, self._asked)
        yield

    async def get_results(self) -> dict[str, Any]:
        """What the query costs, what one query may cost, and what is left to the viewer in this window."""
        left = self._left
        if left is None:
            allowed = self._settings.query_cost
            left = await left_of(self._request) if self._request else max(0, allowed - (self._asked or 0))
        return {"cost": {"asked": self._asked, "allowed": self._settings.query_cost, "left": left}}

    @property
    def _request(self) -> Request | None:
        request = getattr(self.execution_context.context, "request", None)
        return request if isinstance(request, Request) else None

    @property
    def _settings(self) -> LimitSettings:
        """Those of the server; the defaults for our own pages, and where the schema is asked without a server."""
        if self._request is None or getattr(self.execution_context.context, "is_of_a_page", False):
            return _DEFAULTS
        limits: Limits = self._request.app.state.limits
        return limits.settings

    def _against(self, rules: list[type[ASTValidationRule]], node: DocumentNode) -> list[GraphQLError]:
        """What rules find that another extension added for this request."""
        schema = self.execution_context.schema._schema  # noqa: SLF001 -- there is no other way to it
        return validate(schema, node, rules, max_errors=MOST_ERRORS) if rules else []

    def _stand_in(self) -> DocumentNode:
        """A document that will not run, in place of one that is refused.

        Strawberry looks for the operation before it asks what validation found, and an error raised from here would end
        a stream instead of answering it.
        """
        name = self.execution_context.operation_name
        allowed = {type_.value for type_ in self.execution_context.allowed_operations}
        return DocumentNode(
            definitions=(
                OperationDefinitionNode(
                    operation=next(type_ for type_ in NodeOperationType if type_.value in allowed),
                    name=NameNode(value=name) if name is not None else None,
                    selection_set=SelectionSetNode(selections=(FieldNode(name=NameNode(value="__typename")),)),
                ),
            )
        )


class MutationLimiter(SchemaExtension):
    """Counts the changes that an operation asks for before it makes the first, so that no mutation can forget to."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Where they are too many none is made, and each field answers that it was not."""
        context = self.execution_context
        request = getattr(context.context, "request", None)
        if isinstance(request, Request) and context.operation_type is OperationType.MUTATION:
            try:
                await spend(request, Limited.MUTATION, times=self._changes())
            except RateLimited as limited:
                # What has a result is not executed.
                context.result = await self._refused(limited)
        yield

    async def _refused(self, limited: RateLimited) -> ExecutionResult:
        """The answer in which every field at the root is the typed error, in the place of what it would have done."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None  # noqa: S101 -- it was parsed before
        schema = context.schema._schema  # noqa: SLF001 -- there is no other way to it
        told = errors.RateLimited(message=str(limited), retry_after_s=limited.retry_after_s)

        def instead(resolve: Callable[..., Any], root: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
            is_change = info.parent_type is schema.mutation_type and not info.field_name.startswith("__")
            return told if is_change else resolve(root, info, **given)

        result = execute(
            schema,
            document,
            context_value=context.context,
            variable_values=context.variables,
            operation_name=context.operation_name,
            middleware=MiddlewareManager(instead),
        )
        return await result if isawaitable(result) else result

    def _changes(self) -> int:
        """How many fields the operation has at its root: each is a change."""
        context = self.execution_context
        document = context.graphql_document
        return measure(document).of(context.operation_name).root_fields if document is not None else 1


@cache
def documents_of(schema: GraphQLSchema) -> Documents:
    """The documents of a schema that were asked for last."""
    return Documents(schema)
