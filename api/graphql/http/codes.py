"""Why something was not answered, in words for programs: one closed list, what each means in HTTP, and how it is told.

Nothing of the inside goes out: what is ours to mend is one constant sentence, whatever the exception says of itself.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from api.door import Refusal
from api.door.limits import RateLimited
from graph.encoder.errors import EncoderError
from graph.engine.errors import EngineError
from graph.errors import GraphCannotWrite, GraphError, GraphUnavailable, QueryTimedOut
from graph.permissions import NotAllowed
from graph.vectors import EncoderMismatch

__all__ = ["Code", "RequestRefused", "told"]


class Code(StrEnum):
    """What ``extensions.code`` of an error can be; where Apollo has a name for it, its clients know what to do."""

    BAD_REQUEST = "BAD_REQUEST"
    """The request is no GraphQL request: no JSON, no query, a parameter of the wrong type."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """The token that was shown opens nothing here."""
    NOT_ALLOWED = "NOT_ALLOWED"
    """Who asks may not do this, or another site may have made their browser ask."""
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    """GET, or a subscription without a stream, for what changes or follows something."""
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    """The Accept header has none of the media types that there are."""
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    """The body is not JSON in UTF-8, or does not say so."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The document is not GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The document does not fit the schema."""
    QUERY_TOO_LONG = "QUERY_TOO_LONG"
    """The document, or its variables, hold more than may be looked at."""
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    """The document asks for too many levels."""
    QUERY_HAS_TOO_MANY_ALIASES = "QUERY_HAS_TOO_MANY_ALIASES"
    """The document gives too many fields another name."""
    QUERY_HAS_TOO_MANY_ROOT_FIELDS = "QUERY_HAS_TOO_MANY_ROOT_FIELDS"
    """The document has too many fields at its root."""
    QUERY_TOO_COSTLY = "QUERY_TOO_COSTLY"
    """The document may cost more than one request may."""
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    """The document has no such operation, or several and none is named."""
    BAD_USER_INPUT = "BAD_USER_INPUT"
    """A variable or an argument cannot be used."""
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No document of that hash is known here; documents are not taught by asking."""
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    """This network knows no documents by their hash."""
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    """Only known documents are answered to who asks."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too much in too short a time; ``extensions.retryAfterS`` says when again."""
    TIMED_OUT = "TIMED_OUT"
    """The database took too long, and was told to stop."""
    UNAVAILABLE = "UNAVAILABLE"
    """The network cannot answer at the moment; ask again later."""
    INTERNAL = "INTERNAL"
    """Ours to mend; the log has it under the request's id."""

    @property
    def status(self) -> int:
        """The HTTP status of an answer without data for this reason."""
        return STATUSES.get(self, 400)

    @property
    def is_outcome(self) -> bool:
        """Whether a well-formed request came to this, which ``application/json`` answers with 200."""
        return self in OUTCOMES


STATUSES: Mapping[Code, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.NOT_ALLOWED: 403,
    Code.DOCUMENT_NOT_TRUSTED: 403,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.NOT_ACCEPTABLE: 406,
    Code.UNSUPPORTED_MEDIA_TYPE: 415,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.TIMED_OUT: 504,
}

OUTCOMES = frozenset(
    {
        Code.GRAPHQL_PARSE_FAILED,
        Code.GRAPHQL_VALIDATION_FAILED,
        Code.QUERY_TOO_LONG,
        Code.QUERY_TOO_DEEP,
        Code.QUERY_HAS_TOO_MANY_ALIASES,
        Code.QUERY_HAS_TOO_MANY_ROOT_FIELDS,
        Code.QUERY_TOO_COSTLY,
        Code.OPERATION_RESOLUTION_FAILURE,
        Code.BAD_USER_INPUT,
        Code.PERSISTED_QUERY_NOT_FOUND,
        Code.PERSISTED_QUERY_NOT_SUPPORTED,
    }
)

OF_REFUSALS = {401: Code.UNAUTHENTICATED, 403: Code.NOT_ALLOWED}

SAID_INSTEAD: Mapping[Code, str] = {
    Code.INTERNAL: "Something went wrong here; it has been written down.",
    Code.UNAVAILABLE: "The network cannot answer at the moment; try again shortly.",
}
"""Of these, what the exception says is for whoever runs the network: addresses of servers, commands, files."""

DOWN = (EncoderError, EncoderMismatch, EngineError, GraphCannotWrite, GraphUnavailable)

SUGGESTION = re.compile(r" Did you mean [^?]*\?")
"""How graphql-core words its suggestions, which name what is in the schema (graphql.pyutils.did_you_mean)."""


class RequestRefused(Exception):
    """A request that is not executed; the sentence says why and what to do."""

    def __init__(self, code: Code, sentence: str, *, headers: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.headers = dict(headers or {})
        super().__init__(sentence)


def told(
    problem: Exception, *, request_id: str | None, with_suggestions: bool = True, is_executed: bool = False
) -> dict[str, Any]:
    """An error as an answer tells it: its message and place, a code of :class:`Code`, and the request's id.

    ``problem`` is an error of a result, or what kept a request from being executed; ``is_executed`` is whether
    validation had let it through.
    """
    code = _code_of(problem, is_executed=is_executed)
    error = problem if isinstance(problem, GraphQLError) else GraphQLError(str(problem), original_error=problem)
    formatted: dict[str, Any] = dict(error.formatted)
    message = SAID_INSTEAD.get(code, error.message)
    if not (with_suggestions or isinstance(error.original_error, GraphError)):
        message = SUGGESTION.sub("", message)
    extensions = {**(error.extensions or {}), "code": code.value}
    return formatted | {
        "message": message,
        "extensions": extensions | ({"requestId": request_id} if request_id else {}),
    }


def _code_of(problem: Exception, *, is_executed: bool) -> Code:
    cause = (problem.original_error or problem) if isinstance(problem, GraphQLError) else problem
    if isinstance(cause, RequestRefused):
        return cause.code
    if isinstance(cause, Refusal):
        return OF_REFUSALS.get(cause.status, Code.BAD_REQUEST)
    if isinstance(cause, GraphError):
        return _code_of_ours(cause)
    if isinstance(problem, GraphQLError) and (isinstance(cause, GraphQLError) or _is_of_a_value(problem, is_executed)):
        return _code_of_graphql(problem, is_executed=is_executed)
    return Code.INTERNAL


def _is_of_a_value(error: GraphQLError, is_executed: bool) -> bool:  # noqa: FBT001 -- as it is handed on
    """Whether a scalar refused what stands in the document: validation points at it, and at nothing for faults."""
    return not is_executed and bool(error.nodes)


def _code_of_ours(cause: GraphError) -> Code:
    if isinstance(cause, NotAllowed):
        return Code.NOT_ALLOWED
    if isinstance(cause, RateLimited):
        return Code.RATE_LIMITED
    if isinstance(cause, QueryTimedOut):
        return Code.TIMED_OUT
    return Code.UNAVAILABLE if isinstance(cause, DOWN) else Code.BAD_USER_INPUT


def _code_of_graphql(error: GraphQLError, *, is_executed: bool) -> Code:
    known = (error.extensions or {}).get("code")
    if known in set(Code):
        return Code(known)
    if isinstance(error, GraphQLSyntaxError):
        return Code.GRAPHQL_PARSE_FAILED
    if not is_executed:
        return Code.GRAPHQL_VALIDATION_FAILED
    if error.path is not None:
        # Of a field: what was passed to it, or a fault of ours, whose origin the schema's masks have taken off.
        return Code.BAD_USER_INPUT if error.original_error is not None else Code.INTERNAL
    return Code.BAD_USER_INPUT  # of the whole operation: a variable (CoerceVariableValues of the specification)
