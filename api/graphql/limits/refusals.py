"""Why a query is not run, each in one sentence with a code that programs can act on."""

from typing import Any

from graphql import GraphQLError

from api.graphql.limits.scanning import Scan
from api.graphql.limits.sizes import OperationSize, Sizes
from api.settings import LimitSettings

__all__ = [
    "MOST_BRACKETS",
    "MOST_BYTES",
    "MOST_DEFINITIONS",
    "MOST_LETTERS",
    "MOST_LINES",
    "MOST_VALUES",
    "refuse_bytes",
    "refuse_document",
    "refuse_merging",
    "refuse_operation",
    "refuse_scan",
    "refuse_values",
    "too_costly",
]

MOST_BYTES = 100_000
"""Bytes of a document's text in UTF-8."""

MOST_LINES = 2000
"""Lines of a document: graphql-core counts them again for each error it reports."""

MOST_LETTERS = 10_000
"""Letters of a document's strings, which its lexer reads one by one; longer texts are given as variables."""

MOST_BRACKETS = 100
"""Brackets within brackets, half of where graphql-core's parser, which calls itself for each, gives up."""

MOST_DEFINITIONS = 50
"""Operations and fragments of a document: validation compares them with each other."""

MOST_VALUES = 250
"""Values of arguments, in the document or in its variables' JSON: each is coerced, and each can be an error."""


def refuse_bytes(text: str) -> None:
    """Raises a GraphQLError where the text is too large to be looked at."""
    # Letters have one byte or more, so most texts need not be encoded to be counted.
    if len(text) > MOST_BYTES or len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise _long(f"The query has more than {MOST_BYTES:,} bytes; ask in several requests.", MOST_BYTES)


def refuse_scan(found: Scan, settings: LimitSettings) -> None:
    """Raises a GraphQLError where the text is too long or too deep to be parsed."""
    if found.tokens > settings.query_tokens:
        raise _long(
            f"The query has more than {settings.query_tokens:,} tokens; ask in several requests.",
            settings.query_tokens,
        )
    if found.lines > MOST_LINES:
        raise _long(f"The query has more than {MOST_LINES:,} lines; leave out the empty ones.", MOST_LINES)
    if found.letters > MOST_LETTERS:
        raise _long(
            f"The strings in the query have more than {MOST_LETTERS:,} letters; give long texts as variables.",
            MOST_LETTERS,
        )
    if found.brackets > MOST_BRACKETS:
        raise _refusal(
            f"The query has brackets more than {MOST_BRACKETS} deep; ask for fewer levels.",
            "QUERY_TOO_DEEP",
            asked=found.brackets,
            allowed=MOST_BRACKETS,
        )


def refuse_document(found: Sizes, settings: LimitSettings) -> None:
    """Raises a GraphQLError where a document has too much in it to be validated, whichever operation is asked for."""
    if found.definitions > MOST_DEFINITIONS:
        raise _refusal(
            f"The query has {found.definitions:,} operations and fragments, more than {MOST_DEFINITIONS}; "
            "ask in several requests.",
            "QUERY_TOO_LONG",
            asked=found.definitions,
            allowed=MOST_DEFINITIONS,
        )
    if found.fields > settings.query_fields:
        raise _refusal(
            f"The query asks for {found.fields:,} fields, its fragments written out, more than "
            f"{settings.query_fields:,}; ask in several requests.",
            "QUERY_TOO_LONG",
            asked=found.fields,
            allowed=settings.query_fields,
        )
    refuse_values(found.values)


def refuse_values(count: int) -> None:
    """Raises a GraphQLError where a document, or its variables, give more values than can be checked at once."""
    if count > MOST_VALUES:
        raise _long(f"The query gives more than {MOST_VALUES:,} values; give fewer at once.", MOST_VALUES)


def refuse_operation(found: OperationSize, settings: LimitSettings) -> None:
    """Raises a GraphQLError where the operation that is asked for is too deep or asks the same too often."""
    if found.depth > settings.query_depth:
        raise _refusal(
            f"The query is {found.depth} levels deep, more than {settings.query_depth}; ask for fewer levels.",
            "QUERY_TOO_DEEP",
            asked=found.depth,
            allowed=settings.query_depth,
        )
    if found.aliases > settings.query_aliases:
        raise _refusal(
            f"The query gives {found.aliases:,} fields another name, more than {settings.query_aliases}; "
            "ask in several requests.",
            "QUERY_HAS_TOO_MANY_ALIASES",
            asked=found.aliases,
            allowed=settings.query_aliases,
        )
    if found.root_fields > settings.query_root_fields:
        raise _refusal(
            f"The query has {found.root_fields:,} fields at its root, more than {settings.query_root_fields}; "
            "ask in several requests.",
            "QUERY_HAS_TOO_MANY_ROOT_FIELDS",
            asked=found.root_fields,
            allowed=settings.query_root_fields,
        )


def refuse_merging() -> GraphQLError:
    """For a document whose fields of the same name are too many to be compared with each other."""
    return GraphQLError(
        "The query asks for too many fields under the same name; ask for each once.",
        extensions={"code": "QUERY_TOO_LONG"},
    )


def too_costly(asked: int, allowed: int) -> GraphQLError:
    """For a query that may cost more than one query may."""
    return _refusal(
        f"The query may cost {asked:,}, more than {allowed:,}; ask for smaller pages or in several requests.",
        "QUERY_TOO_COSTLY",
        asked=asked,
        allowed=allowed,
    )


def _long(message: str, allowed: int) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "QUERY_TOO_LONG", "allowed": allowed})


def _refusal(message: str, code: str, **facts: Any) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code, **facts})
