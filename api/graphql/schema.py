"""The root of the schema, and how what goes wrong inside is told outside."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

import strawberry
import structlog
from graphql import FieldNode, GraphQLError
from strawberry import relay
from strawberry.extensions import MaskErrors
from strawberry.types import ExecutionContext

from api.door.limits import Limited, spend
from api.graphql.accounts import AccountsMutation, AccountsQuery
from api.graphql.changes import ChangesQuery
from api.graphql.context import Info
from api.graphql.http import Disclosure, NamedOperation
from api.graphql.invitations import InvitationsMutation, InvitationsQuery
from api.graphql.limits import LIMITS
from api.graphql.matching import ExpertFilter, ExpertMatchConnection
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from api.graphql.rights import RightsMutation, RightsQuery
from api.graphql.tokens import TokensMutation, TokensQuery
from api.graphql.types import Country, Event, Expert, Network, Topic, own_id
from graph import countries, events, experts, filters, network, topics
from graph.errors import GraphError
from graph.values import CountryId, EventId, ExpertId, Page, TopicId

__all__ = ["schema"]

log = structlog.get_logger(__name__)

V = TypeVar("V")
N = TypeVar("N", bound=relay.Node)

AnId = Annotated[
    strawberry.ID, strawberry.argument(description="The id, as any node gives it, or the slug or code it stands for.")
]


@strawberry.type
class Query(AccountsQuery, ChangesQuery, InvitationsQuery, RightsQuery, TokensQuery):
    """What can be asked of a network."""

    node: relay.Node | None = relay.node(description="Anything that has an id, by that id.")

    @strawberry.field(description="What the network says of itself; null if it says nothing.")
    async def network(self, info: Info) -> Network | None:
        found = await network.describe(info.context.network.graph, info.context.viewer)
        return Network(value=found) if found else None

    @strawberry.field(description="The people who can answer a question, in any of the six UN languages, best first.")
    async def match_experts(
        self,
        info: Info,
        question: Annotated[str, strawberry.argument(description="The question, as one would ask a colleague.")],
        filter: Annotated[
            ExpertFilter | None, strawberry.argument(description="Whom to look among; everybody if left out.")
        ] = None,
        first: First = 10,
    ) -> ExpertMatchConnection:
        await spend(info, Limited.SEARCH)
        only = await _resolved(info, filter)
        answer = await info.context.network.search.ask(info.context.viewer, question, first=first_of(first), only=only)
        return ExpertMatchConnection(value=answer)

    @strawberry.field(description="An expert by id.")
    async def expert(self, info: Info, id: AnId) -> Expert | None:
        found = await info.context.load.expert.load(ExpertId(own_id(id, "Expert")))
        return Expert(value=found) if found else None

    @strawberry.field(description="Experts by name.")
    async def experts(
        self,
        info: Info,
        filter: Annotated[
            ExpertFilter | None, strawberry.argument(description="Which experts; all if left out.")
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> relay.Connection[Expert]:
        only = await _resolved(info, filter)
        page = await experts.page(
            info.context.network.graph, info.context.viewer, first=first_of(first), after=cursor_of(after), only=only
        )
        return _connection(page, lambda value: Expert(value=value), after)

    @strawberry.field(description="A topic by id.")
    async def topic(self, info: Info, id: AnId) -> Topic | None:
        found = await info.context.load.topic.load(TopicId(own_id(id, "Topic")))
        return Topic(value=found) if found else None

    @strawberry.field(description="Topics by English label.")
    async def topics(self, info: Info, first: First = 20, after: After = None) -> relay.Connection[Topic]:
        page = await topics.page(
            info.context.network.graph, info.context.viewer, first=first_of(first), after=cursor_of(after)
        )
        return _connection(page, lambda value: Topic(value=value), after)

    @strawberry.field(description="An event by id.")
    async def event(self, info: Info, id: AnId) -> Event | None:
        found = await info.context.load.event.load(EventId(own_id(id, "Event")))
        return Event(value=found) if found else None

    @strawberry.field(description="Events, newest first.")
    async def events(self, info: Info, first: First = 20, after: After = None) -> relay.Connection[Event]:
        page = await events.page(
            info.context.network.graph, info.context.viewer, first=first_of(first), after=cursor_of(after)
        )
        return _connection(page, lambda value: Event(value=value), after)

    @strawberry.field(description="A country by id.")
    async def country(self, info: Info, id: AnId) -> Country | None:
        found = await info.context.load.country.load(CountryId(own_id(id, "Country")))
        return Country(value=found) if found else None

    @strawberry.field(description="Countries by English name.")
    async def countries(
        self,
        info: Info,
        *,
        with_experts: Annotated[bool, strawberry.argument(description="Only countries where experts live.")] = False,
        first: First = 20,
        after: After = None,
    ) -> relay.Connection[Country]:
        page = await countries.page(
            info.context.network.graph,
            info.context.viewer,
            first=first_of(first),
            after=cursor_of(after),
            with_experts=with_experts,
        )
        return _connection(page, lambda value: Country(value=value), after)


@strawberry.type
class Mutation(AccountsMutation, InvitationsMutation, RightsMutation, TokensMutation):
    """What can be changed in a network."""


async def _resolved(info: Info, wanted: ExpertFilter | None) -> filters.ExpertFilter:
    if wanted is None:
        return filters.ANYONE
    return await filters.resolve(
        info.context.network.graph,
        info.context.viewer,
        countries=wanted.countries,
        regions=wanted.regions,
        languages=wanted.languages,
        topics=wanted.topics,
    )


def _connection(page: Page[V], make: Callable[[V], N], after: str | None) -> relay.Connection[N]:
    edges = [relay.Edge(cursor=str(cursor), node=make(value)) for cursor, value in page.entries]
    return relay.Connection(page_info=page_info(page, after=after), edges=edges)


def _is_internal(error: GraphQLError) -> bool:
    """Whether an error is ours to mend, not the asker's: then nothing of its text goes out."""
    return not (error.original_error is None or isinstance(error.original_error, GraphError | GraphQLError))


class _Schema(strawberry.Schema):
    """A schema that writes down what is ours to mend, and not what askers got wrong."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:  # noqa: ARG002 -- Strawberry's signature
        for error in filter(_is_internal, errors):
            # Names that the schema knows; the path has the asker's own words, the aliases.
            fields = [node.name.value for node in error.nodes or () if isinstance(node, FieldNode)]
            log.error("graphql_field_failed", fields=fields, exc_info=error.original_error)


schema = _Schema(
    query=Query,
    mutation=Mutation,
    types=[Country, Event, Expert, Topic],
    extensions=[
        *LIMITS,
        NamedOperation,
        Disclosure,
        partial(
            MaskErrors,
            should_mask_error=_is_internal,
            error_message="Something went wrong here; it has been written down.",
        ),
    ],
)
