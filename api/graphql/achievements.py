"""What the programme did in a year."""

from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry import Private

from api.graphql.context import Info
from api.graphql.nouns import Asked, type_of
from graph import achievements

__all__ = ["AchievementsQuery"]

FIRST_YEAR, LAST_YEAR = 1900, 9999


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


@strawberry.type(description="What the programme did in a year; of people, as far as you may see them.")
class Achievements:
    """Wraps a year's figures."""

    value: Private[achievements.Achievements]

    @strawberry.field(description="The year.")
    def year(self) -> int:
        return self.value.year

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

    @strawberry.field(description="Resources that were published, by kind.")
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


@strawberry.type
class AchievementsQuery:
    """What is asked of the programme's years."""

    @strawberry.field(description="What the programme did in a year, counted when it is asked.")
    async def achievements(
        self, info: Info, year: Annotated[int, strawberry.argument(description="The year, such as 2022.")]
    ) -> Achievements:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            message = f"year is {year}; ask for one from {FIRST_YEAR} to {LAST_YEAR}."
            raise GraphQLError(message)
        found = await achievements.of_year(info.context.network.graph, info.context.viewer, year=year)
        return Achievements(value=found)
