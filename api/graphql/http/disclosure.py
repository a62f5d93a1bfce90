"""Who is told what the schema holds: by asking it for itself, or by a suggestion in an error."""

from collections.abc import Iterator

from fastapi import Request
from graphql import NoSchemaIntrospectionCustomRule, validate
from strawberry.extensions import SchemaExtension

from api.settings import GraphQLSettings
from graph.viewer import Role

__all__ = ["Disclosure", "shows_suggestions"]


class Disclosure(SchemaExtension):
    """Refuses questions about the schema to whom the setting does not name; asked without a server, none is refused.

    It looks at the document itself before validation does, so that a validation which is remembered for everybody
    answers nobody what only some may know.
    """

    def on_validate(self) -> Iterator[None]:
        """Look for ``__schema`` and ``__type``, wherever they stand."""
        execution = self.execution_context
        request = getattr(execution.context, "request", None)
        if isinstance(request, Request) and execution.graphql_document is not None:
            settings: GraphQLSettings = request.app.state.graphql
            if not settings.introspection.includes(execution.context.viewer.role):
                found = validate(
                    execution.schema._schema,  # noqa: SLF001 -- Strawberry has no public name for it
                    execution.graphql_document,
                    [NoSchemaIntrospectionCustomRule],
                )
                execution.pre_execution_errors = [*(execution.pre_execution_errors or ()), *found] or None
        yield


def shows_suggestions(request: Request, role: Role) -> bool:
    """Whether errors say to this role what else there is ("Did you mean …?")."""
    settings: GraphQLSettings = request.app.state.graphql
    return settings.suggestions.includes(role)
