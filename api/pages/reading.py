"""What a page shows of nouns is asked in GraphQL's own words: one document a page, in the folder ``queries``.

So a page sees by the very rules of the endpoint, in one statement for each noun that it leads to, and pays the same
costs; schema.graphql is the contract of both. How large a client's query may be is an operator's to say and does not
bind these documents; how long one may take does.
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
from graph.tokens import reading_scopes
from graph.viewer import PUBLIC, Audience, Role, Viewer
from graph.wording import Wording

__all__ = ["QUERIES", "NotAsked", "own_page_as", "read"]

QUERIES: Final = Path(__file__).parent / "queries"

SOMEBODY: Final[Mapping[Audience, Viewer]] = {
    Audience.EVERYONE: PUBLIC,
    Audience.MEMBERS: Viewer(Role.MEMBER, scopes=reading_scopes(Role.MEMBER)),
    Audience.ORGANISERS: Viewer(Role.ORGANISER, scopes=reading_scopes(Role.ORGANISER)),
}
"""Somebody of each audience, who is nobody of the network's people and changes nothing."""


class NotAsked(GraphError):
    """A page's document was not answered, which is ours to mend."""

    def __init__(self, document: str, error: GraphQLError) -> None:
        super().__init__(
            Wording(
                "The page's query '%(document)s' was not answered: %(error)s", document=document, error=error.message
            )
        )


async def read(request: Request, visitor: Visitor, document: str, **variables: Any) -> Mapping[str, Any]:
    """What the document ``queries/NAME.graphql`` finds for this visitor, in the language of the page.

    Raises:
        GraphError: the graph's own refusal of what was asked for, such as an id that nobody has.
        RateLimited: this visitor asked too much.
        ClientDisconnect: nobody waits any more.
    """
    return await _asked(request, visitor, document, variables)


async def own_page_as(request: Request, visitor: Visitor, audience: Audience) -> Mapping[str, Any] | None:
    """What somebody of an audience sees of the visitor, by the rules for them; None if it is not even their name.

    Nobody else can be asked for: the document and the person are given here, and it leads to no other people.

    Raises:
        KeyError: the audience is nobody, among whom nobody is.
        GraphError, RateLimited, ClientDisconnect: as for :func:`read`.
    """
    somebody = Visitor(SOMEBODY[audience], account=None, session=None, csrf="")
    seen = await _asked(request, somebody, "own_page_as", {"person": visitor.viewer.person or ""})
    found: Mapping[str, Any] | None = seen["expert"]
    return found


async def _asked(request: Request, visitor: Visitor, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Schema = request.app.state.schema
    settings: GraphQLSettings = request.app.state.graphql
    context = Context.of(request.app.state.network, visitor, language=LanguageCode(language_of(request)))
    context.request = request
    context.is_of_a_page = True
    async with while_waiting(request, seconds=settings.query_timeout_s):
        result = await schema.execute(_text(document), variable_values=dict(variables), context_value=context)
    for error in result.errors or ():
        if isinstance(error.original_error, GraphError | RateLimited):
            raise error.original_error
        raise NotAsked(document, error)
    return result.data or {}


@cache
def _text(document: str) -> str:
    return (QUERIES / f"{document}.graphql").read_text()
