"""The endpoint /graphql: POST for everything, GET for queries, as GraphQL over HTTP describes them."""

import structlog
from fastapi import APIRouter, Request, Response, WebSocket
from graphql import GraphQLError
from starlette.background import BackgroundTasks
from starlette.requests import ClientDisconnect
from strawberry import Schema
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.door import Refusal, Visitor, checked_graphql, confirm, recalled_visitor_of
from api.door.limits import RateLimited, limited_graphql
from api.door.waiting import while_waiting
from api.graphql.context import Context
from api.graphql.http.answering import answer
from api.graphql.http.asking import Asked, asked_of
from api.graphql.http.codes import Code, RequestRefused, told
from api.graphql.http.disclosure import shows_suggestions
from api.graphql.http.documents import TrustedDocuments
from api.graphql.http.preferences import language, media_type
from api.graphql.http.streams.events import event_stream, takes_events
from api.graphql.http.streams.results import is_query, is_subscription
from api.graphql.http.streams.sockets import follow_by_socket
from api.settings import GraphQLSettings
from graph.errors import GraphError
from graph.viewer import Role, Viewer

__all__ = ["graphql_router"]

log = structlog.get_logger(__name__)

FALLBACK = "application/json"
ANSWERED_TO: dict[str, frozenset[OperationType]] = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}


def graphql_router(schema: Schema) -> APIRouter:
    """The routes of a schema's endpoint, to be included under a prefix."""
    router = APIRouter()

    @router.api_route("", methods=list(ANSWERED_TO), include_in_schema=False)
    async def graphql(request: Request) -> Response:
        """One operation; whatever keeps it from being answered is told in GraphQL's own shape."""
        media = media_type(",".join(request.headers.getlist("accept")) or None)
        settings: GraphQLSettings = request.app.state.graphql
        try:
            async with while_waiting(request, seconds=settings.query_timeout_s):
                return await _confirmed(request, schema, media=media)
        except ClientDisconnect:
            raise
        except (RequestRefused, Refusal, RateLimited, GraphError) as refusal:
            return await _refused(request, refusal, media=media or FALLBACK)
        except Exception as problem:
            log.exception("graphql_request_failed")
            return await _refused(request, problem, media=media or FALLBACK)

    @router.websocket("")
    async def follow(websocket: WebSocket) -> None:
        """Subscriptions, several over one connection."""
        await follow_by_socket(websocket, schema, takes_others=_takes_others)

    return router


async def _confirmed(request: Request, schema: Schema, *, media: str | None) -> Response:
    """An answer, or why there is none, for those alone whose token is still good now that it is told."""
    try:
        response = await _answered(request, schema, media=media)
    except Exception:
        await confirm(request)
        raise
    await confirm(request)
    return response


async def _answered(request: Request, schema: Schema, *, media: str | None) -> Response:
    if media is None and not takes_events(request):
        raise RequestRefused(
            Code.NOT_ACCEPTABLE,
            "There are answers in application/graphql-response+json and application/json, and of subscriptions by POST "
            "in text/event-stream; accept one of them.",
        )
    visitor = await recalled_visitor_of(request)
    await checked_graphql(request, visitor)
    await limited_graphql(request)
    asked = await asked_of(request)
    documents: TrustedDocuments = request.app.state.documents
    text = documents.text_of(asked, takes_others=_takes_others(request, visitor.viewer))
    if visitor.recalled and not is_query(request, schema, text, asked):
        await confirm(request)
    if media is None or (takes_events(request) and is_subscription(request, schema, text, asked)):
        return event_stream(request, schema, text, asked, visitor=visitor)
    reads = language(",".join(request.headers.getlist("accept-language")))
    context = Context.of(request.app.state.network, visitor, language=reads)
    context.request = request
    context.background_tasks = background = BackgroundTasks()
    result = await _executed(schema, text, asked, context, method=request.method)
    is_executed = not isinstance(result, PreExecutionError)
    errors = [
        told(
            error,
            request_id=_request_id(),
            with_suggestions=shows_suggestions(request, visitor.viewer.role),
            is_executed=is_executed,
        )
        for error in result.errors or ()
    ]
    return await answer(
        request,
        media=media,
        viewer=visitor.viewer,
        data=result.data,
        errors=errors,
        extensions=result.extensions,
        # An error without a path is one of the whole request, and then there is no data, not even null.
        is_executed=is_executed and not (result.data is None and _concerns_all(result.errors)),
        background=background,
    )


async def _executed(
    schema: Schema, text: str, asked: Asked, context: Context, *, method: str
) -> ExecutionResult | PreExecutionError:
    """What came of it.

    Raises:
        RequestRefused: there is no such operation in the document, or it is of a kind that is not asked for so.
    """
    try:
        return await schema.execute(
            text,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            allowed_operation_types=ANSWERED_TO[method],
            operation_extensions=asked.extensions,
        )
    except MissingQueryError:
        raise RequestRefused(Code.GRAPHQL_PARSE_FAILED, "The query is empty; write one.") from None
    except CannotGetOperationTypeError:
        raise RequestRefused(
            Code.OPERATION_RESOLUTION_FAILURE, "The document has no operation of that name; mend 'operationName'."
        ) from None
    except InvalidOperationTypeError as error:
        if error.operation_type is OperationType.MUTATION:
            sentence, allow = "A change is not made by GET; send it by POST.", "POST"
        else:
            sentence = "A subscription is followed by websocket, or by POST with 'Accept: text/event-stream'."
            allow = ", ".join(ANSWERED_TO)
        raise RequestRefused(Code.METHOD_NOT_ALLOWED, sentence, headers={"Allow": allow}) from None


async def _refused(request: Request, refusal: Exception, *, media: str) -> Response:
    """What is told to whoever is not answered; not who they are, which may be what was wrong."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    with_suggestions = shows_suggestions(request, visitor.viewer.role if visitor else Role.PUBLIC)
    error = told(refusal, request_id=_request_id(), with_suggestions=with_suggestions)
    headers = refusal.headers if isinstance(refusal, RequestRefused | Refusal) else {}
    return await answer(request, media=media, viewer=None, errors=[error], headers=headers)


def _takes_others(request: Request, viewer: Viewer) -> bool:
    """Whether somebody may ask in words of their own; whoever runs the network may, at its command line."""
    settings: GraphQLSettings = request.app.state.graphql
    return settings.other_documents.includes(viewer.role) or viewer == Viewer.at_the_command_line()


def _concerns_all(errors: list[GraphQLError] | None) -> bool:
    return bool(errors) and all(error.path is None for error in errors or ())


def _request_id() -> str | None:
    """The id that the door gave this request, which its log lines and its answer's header carry as well."""
    known: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return known
