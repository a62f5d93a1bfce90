"""What the programme did in a year or another span, and what it plans."""

from datetime import UTC, date, datetime
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.nouns import Asked, Node, one, type_of
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from graph import achievements, plan
from graph.values import Page, Period

__all__ = ["AchievementsQuery"]

FIRST_YEAR, LAST_YEAR = 1900, 9999

strawberry.enum(
    achievements.Counted, name="AchievementList", description="What is counted of the programme, and can be listed."
)
strawberry.enum(plan.Stage, name="PlanStage", description="How far something is, from idea to done.")
strawberry.enum(plan.Lack, name="PlanLack", description="What something that is planned has not got yet.")

Year = Annotated[int | None, strawberry.argument(description="The year, such as 2022.")]
Since = Annotated[date | None, strawberry.argument(description="The first day, where no year is given.")]
Until = Annotated[date | None, strawberry.argument(description="The last day, where no year is given.")]


@strawberry.type(description="Something that was counted, with its place in the list.")
class AchievementEdge:
    """A node and its cursor."""

    value: Private[achievements.Listed]
    cursor: str = strawberry.field(description="To go on after it.")

    @strawberry.field(description="What was counted.", graphql_type=Node)
    def node(self) -> Asked:
        return one(self.value.noun, self.value.id)


@strawberry.type(description="Part of the list behind a count: what happened by day, what has a name by name.")
class AchievementConnection:
    """Wraps a page of what was counted."""

    value: Private[Page[achievements.Listed]]
    after: Private[str | None]

    @strawberry.field(description="What was counted.")
    def edges(self) -> list[AchievementEdge]:
        return [AchievementEdge(value=listed, cursor=str(cursor)) for cursor, listed in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type(description="How many there were of a kind.")
class KindCount:
    """Wraps a count."""

    value: Private[achievements.Count]

    @strawberry.field(description="The kind, such as briefing or module.")
    def kind(self) -> str:
        return self.value.kind

    @strawberry.field(description="What became of them, such as done or projected; null where that is not told.")
    def status(self) -> str | None:
        return self.value.status

    @strawberry.field(description="How many.")
    def count(self) -> int:
        return self.value.count


@strawberry.type(description="What the programme did in a span of days; of people, as far as you may see them.")
class Achievements:
    """Wraps the figures of a span."""

    value: Private[achievements.Achievements]

    @strawberry.field(description="The year; of a span, the one that it ends in.")
    def year(self) -> int:
        return self.value.span.last.year

    @strawberry.field(description="The first day.")
    def since(self) -> date:
        return self.value.span.first

    @strawberry.field(description="The last day.")
    def until(self) -> date:
        return self.value.span.last

    @strawberry.field(description="Experts who had joined by its end.")
    def members(self) -> int:
        return self.value.members

    @strawberry.field(description="Experts who joined in it.")
    def new_members(self) -> int:
        return self.value.new_members

    @strawberry.field(description="Experts who spoke at its events.")
    def speakers(self) -> int:
        return self.value.speakers

    @strawberry.field(description="Organisations that had a part in its events, resources, projects or activities.")
    def partners(self) -> int:
        return self.value.partners

    @strawberry.field(description="Events that took place, by kind.")
    def events(self) -> list[KindCount]:
        return [KindCount(value=one) for one in self.value.events]

    @strawberry.field(
        description="Resources that were published, by kind; each counts once, in however many languages."
    )
    def resources(self) -> list[KindCount]:
        return [KindCount(value=one) for one in self.value.resources]

    @strawberry.field(description="Activities that began, by kind and by what became of them.")
    def activities(self) -> list[KindCount]:
        return [KindCount(value=one) for one in self.value.activities]

    @strawberry.field(description="Projects that began.")
    def projects(self) -> int:
        return self.value.projects

    @strawberry.field(
        description="Beneficiary countries: those with a national activity that was done, by English name.",
        graphql_type=list[type_of("Country")],  # type: ignore[misc]
    )
    def countries(self) -> Asked:
        return Asked([("Country", id) for id in self.value.countries], is_list=True)

    @strawberry.field(description="The list behind a count.")
    async def list(
        self,
        info: Info,
        of: Annotated[achievements.Counted, strawberry.argument(description="Which count.")],
        kind: Annotated[
            str | None, strawberry.argument(description="Of events, resources and activities: of this kind alone.")
        ] = None,
        status: Annotated[str | None, strawberry.argument(description="Of activities: what became of them.")] = None,
        first: First = 20,
        after: After = None,
    ) -> AchievementConnection:
        page = await achievements.page(
            info.context.network.graph,
            info.context.viewer,
            of=of,
            span=self.value.span,
            kind=kind,
            status=status,
            first=first_of(first),
            after=cursor_of(after),
            language=info.context.language.value,
        )
        return AchievementConnection(value=page, after=after)


@strawberry.type(description="Something that is planned, with its place in the plan.")
class PlanEdge:
    """A plan's entry and its cursor."""

    value: Private[plan.Planned]
    cursor: str = strawberry.field(description="To go on after it.")

    @strawberry.field(description="The activity, event, project or resource.", graphql_type=Node)
    def node(self) -> Asked:
        return one(self.value.noun, self.value.id)

    @strawberry.field(description="Its title.")
    def title(self) -> str:
        return self.value.title

    @strawberry.field(description="The day it begins or is published; null while that is not known.")
    def starts_on(self) -> date | None:
        return self.value.starts_on

    @strawberry.field(description="How far it is, as far as the network tells.")
    def stage(self) -> plan.Stage:
        return self.value.stage

    @strawberry.field(description="What it has not got yet; nothing once it is done.")
    def lacks(self) -> list[plan.Lack]:
        return [*self.value.lacks]


@strawberry.type(description="Part of a plan, by the day it begins; what has no day comes last.")
class PlanConnection:
    """Wraps a page of a plan."""

    value: Private[Page[plan.Planned]]
    after: Private[str | None]

    @strawberry.field(description="What is planned.")
    def edges(self) -> list[PlanEdge]:
        return [PlanEdge(value=planned, cursor=str(cursor)) for cursor, planned in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type
class AchievementsQuery:
    """What is asked of the programme's years, those that were and those to come."""

    @strawberry.field(description="What the programme did in a year or a span of days, counted when it is asked.")
    async def achievements(
        self, info: Info, year: Year = None, since: Since = None, until: Until = None
    ) -> Achievements:
        span = _span(year, since, until)
        found = await achievements.of_span(info.context.network.graph, info.context.viewer, span=span)
        return Achievements(value=found)

    @strawberry.field(
        description="What the programme plans for a year or a span of days: activities, events, projects and resources."
    )
    async def plan(
        self,
        info: Info,
        year: Year = None,
        since: Since = None,
        until: Until = None,
        first: First = 20,
        after: After = None,
    ) -> PlanConnection:
        page = await plan.page(
            info.context.network.graph,
            info.context.viewer,
            span=_span(year, since, until),
            today=datetime.now(UTC).date(),
            first=first_of(first),
            after=cursor_of(after),
        )
        return PlanConnection(value=page, after=after)


def _span(year: int | None, since: date | None, until: date | None) -> Period:
    """The span that is asked for.

    Raises:
        GraphQLError: it is none.
    """
    if year is not None and since is None and until is None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            message = f"year is {year}; ask for one from {FIRST_YEAR} to {LAST_YEAR}."
            raise GraphQLError(message)
        return achievements.year(year)
    if year is not None or since is None or until is None:
        raise GraphQLError("Ask for a year, or for the days since one and until another.")
    if until < since:
        message = f"until is {until}, which is before since, {since}."
        raise GraphQLError(message)
    return Period(since, until)
