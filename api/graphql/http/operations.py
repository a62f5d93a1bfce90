"""Which operation of a document is asked for, where there are several."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

from api.graphql.http.codes import Code

__all__ = ["NamedOperation"]


class NamedOperation(SchemaExtension):
    """Refuses a document of several operations where none is named (GetOperation in the GraphQL specification).

    Strawberry would run the first.
    """

    def on_validate(self) -> Iterator[None]:
        """Count the operations."""
        execution = self.execution_context
        document = execution.graphql_document
        is_named = execution._provided_operation_name is not None  # noqa: SLF001 -- the public one guesses
        if document is not None and not is_named:
            operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
            if len(operations) > 1:
                refusal = GraphQLError(
                    "The document has several operations; say in 'operationName' which one.",
                    extensions={"code": Code.OPERATION_RESOLUTION_FAILURE.value},
                )
                execution.pre_execution_errors = [*(execution.pre_execution_errors or ()), refusal]
        yield
