"""What a page shows of nouns is asked in GraphQL's own words: one document a page, in the folder ``queries``.

So a page sees by the very rules of the endpoint, in one statement for each noun that it leads to, and pays the same
costs; schema.graphql is the contract of both.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from graphql import GraphQLError
from strawberry import Schema

from api.door import Visitor
from api.door.limits import RateLimited
from api.door.waiting import while_waiting
from api.graphql.context import Context
from api.graphql.languages import LanguageCode
from api.pages.languages import language_of
from api.settings import GraphQLSettings
from graph.errors import GraphError

__all__ = ["QUERIES", "NotAsked", "read"]

QUERIES: Final = Path(__file__).parent / "queries"


class NotAsked(GraphError):
    """A page's document was not answered, which is ours to mend."""

    def __init__(self, document: str, error: GraphQLError) -> None:
        super().__init__(f"The page's query '{document}' was not answered: {error.message}")


async def read(request: Request, visitor: Visitor, document: str, **variables: Any) -> Mapping[str, Any]:
    """What the document ``queries/NAME.graphql`` finds for this visitor, in the language of the page.

    Raises:
        GraphError: the graph's own refusal of what was asked for, such as an id that nobody has.
        RateLimited: this visitor asked too much.
        ClientDisconnect: nobody waits any more.
    """
    schema: Schema = request.app.state.schema
    settings: GraphQLSettings = request.app.state.graphql
    context = Context.of(request.app.state.network, visitor, language=LanguageCode(language_of(request)))
    context.request = request
    async with while_waiting(request, seconds=settings.query_timeout_s):
        result = await schema.execute(_text(document), variable_values=variables, context_value=context)
    for error in result.errors or ():
        if isinstance(error.original_error, GraphError | RateLimited):
            raise error.original_error
        raise NotAsked(document, error)
    return result.data or {}


@cache
def _text(document: str) -> str:
    return (QUERIES / f"{document}.graphql").read_text()
