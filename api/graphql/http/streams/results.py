"""One subscription, run: its results one by one, each as it is told, when the one before it was taken."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import Request
from graphql import GraphQLError, get_operation_ast
from graphql import OperationType as NodeOperationType
from strawberry import Schema
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.door import Visitor
from api.door.limits import Limits
from api.graphql.feeding import FollowingContext
from api.graphql.http.asking import Asked
from api.graphql.http.codes import Code, RequestRefused, told
from api.graphql.http.disclosure import shows_suggestions
from api.graphql.limits.documents import Invalid
from api.graphql.limits.limiter import documents_of

__all__ = ["Result", "is_query", "is_subscription", "request_id", "results"]

log = structlog.get_logger(__name__)

FAULT = GraphQLError("", extensions={"code": Code.INTERNAL.value})
"""What went wrong here; told in the words that the code has for everybody."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is told of one event, or why there are none.

    ``cursor`` is where to go on after it; ``is_refused`` is whether nothing was run.
    """

    payload: dict[str, Any]
    cursor: str | None = None
    is_refused: bool = False

    @property
    def codes(self) -> set[str]:
        """The codes of its errors."""
        return {error["extensions"]["code"] for error in self.payload.get("errors", ())}


def is_subscription(request: Request, schema: Schema, text: str, asked: Asked) -> bool:
    """Whether a document that keeps to the limits asks for a subscription; False if what it asks cannot be told."""
    operation = _operation(request, schema, text, asked)
    return operation is not None and operation.operation is NodeOperationType.SUBSCRIPTION


def is_query(request: Request, schema: Schema, text: str, asked: Asked) -> bool:
    """Whether a document that keeps to the limits asks for what only reads; False if what it asks cannot be told."""
    operation = _operation(request, schema, text, asked)
    return operation is not None and operation.operation is NodeOperationType.QUERY


async def results(
    request: Request, schema: Schema, text: str, asked: Asked, *, visitor: Visitor, last_event: str | None = None
) -> AsyncGenerator[Result, None]:
    """The results of a subscription, until it ends or is closed; why it is not run is told as a result.

    ``last_event`` is the cursor of the last change that the client took, where its transport says so.
    """
    try:
        async with aclosing(_run(request, schema, text, asked, visitor, last_event)) as found:
            async for result in found:
                yield result
    except RequestRefused as refusal:
        yield Result({"errors": [_told(request, visitor, refusal)]}, is_refused=True)
    except Exception as problem:
        log.exception("subscription_failed")
        yield Result({"errors": [_told(request, visitor, problem)]})


async def _run(
    request: Request, schema: Schema, text: str, asked: Asked, visitor: Visitor, last_event: str | None
) -> AsyncGenerator[Result, None]:
    is_sound = _refuse_others(request, schema, text, asked)
    context = FollowingContext.following(request, visitor, last_event=last_event)
    stream = await schema.stream(
        text,
        variable_values=asked.variables,
        context_value=context,
        operation_name=asked.operation_name,
        operation_extensions=asked.extensions,
        allowed_operation_types=(OperationType.SUBSCRIPTION,),
    )
    async with aclosing(stream):
        is_first = True
        async for result in stream:
            assert isinstance(result, ExecutionResult | PreExecutionError)  # noqa: S101 -- nothing is deferred here
            # What is wrong with variables is found after validation, and told as what is found before it.
            is_executed = is_sound or not isinstance(result, PreExecutionError)
            yield _result(request, visitor, result, context, is_first=is_first, is_executed=is_executed)
            is_first = False


def request_id() -> str | None:
    """The id under which the log has this request or connection."""
    known: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return known


def _result(
    request: Request,
    visitor: Visitor,
    result: ExecutionResult | PreExecutionError,
    context: FollowingContext,
    *,
    is_first: bool,
    is_executed: bool,
) -> Result:
    if not result.errors:
        return Result({"data": result.data}, cursor=context.cursor)
    is_running = not isinstance(result, PreExecutionError)
    errors = [
        _told(request, visitor, FAULT if is_running and _is_masked(error) else error, is_executed=is_executed)
        for error in result.errors
    ]
    if result.data is None:
        return Result({"errors": errors}, is_refused=is_first)
    return Result({"data": result.data, "errors": errors}, cursor=context.cursor)


def _told(request: Request, visitor: Visitor, problem: Exception, *, is_executed: bool = False) -> dict[str, Any]:
    with_suggestions = shows_suggestions(request, visitor.viewer.role)
    return told(problem, request_id=request_id(), with_suggestions=with_suggestions, is_executed=is_executed)


def _is_masked(error: GraphQLError) -> bool:
    """Whether an error is a fault of ours, whose origin the schema's masks have taken off; in a stream without a path.

    Any other that is found while a stream runs has an origin or a code.
    """
    return error.path is None and error.original_error is None and not error.extensions


def _refuse_others(request: Request, schema: Schema, text: str, asked: Asked) -> bool:
    """Let only subscriptions be run; whether the document is sound, for what is wrong with it running it will tell."""
    if not text:
        raise RequestRefused(Code.GRAPHQL_PARSE_FAILED, "The query is empty; write one.")
    operation = _operation(request, schema, text, asked)
    if operation is not None and operation.operation is not NodeOperationType.SUBSCRIPTION:
        raise RequestRefused(
            Code.METHOD_NOT_ALLOWED, "Only subscriptions are answered by a stream; send queries and changes by POST."
        )
    return operation is not None


def _operation(request: Request, schema: Schema, text: str, asked: Asked) -> Any:
    """The operation that is asked for, or None where the document is not sound.

    Raises:
        RequestRefused: the document is sound, but has no such operation.
    """
    limits: Limits = request.app.state.limits
    try:
        document = documents_of(schema._schema).read(  # noqa: SLF001 -- Strawberry has no public name for it
            text, limits.settings, operation=asked.operation_name
        )
    except (GraphQLError, Invalid):
        return None
    operation = get_operation_ast(document.node, asked.operation_name)
    if operation is None:
        raise RequestRefused(
            Code.OPERATION_RESOLUTION_FAILURE,
            "The document has no operation of that name, or several and none is named; mend 'operationName'.",
        )
    return operation
