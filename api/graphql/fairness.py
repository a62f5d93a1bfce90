"""How fairly people are thought of, asked and heard, for organisers."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry import Private

import api.graphql.matching  # noqa: F401 -- what a search found is told in its words
from api.graphql.context import Info
from api.graphql.nouns import Asked, one, type_of
from graph import speaking

__all__ = ["FairnessQuery"]


@strawberry.type(description="How often people of one group came so far; each person and event counts once.")
class FairnessShare:
    """Wraps a share."""

    value: Private[speaking.Share]

    @strawberry.field(
        description="The group: a region (UN M49), a gender, a language (BCP 47) or an organisation, by its id; null "
        "for those who say nothing of it or do not show it."
    )
    def group(self) -> str | None:
        return self.value.group

    @strawberry.field(description="How often they came onto a shortlist.")
    def shortlisted(self) -> int:
        return self.value.shortlisted

    @strawberry.field(description="How often they were invited.")
    def invited(self) -> int:
        return self.value.invited

    @strawberry.field(description="How often they said yes.")
    def accepted(self) -> int:
        return self.value.accepted

    @strawberry.field(description="How often they spoke, also where no invitation is on record.")
    def spoke(self) -> int:
        return self.value.spoke


@strawberry.type(description="Somebody who was asked again and again.")
class AskedOften:
    """Wraps who was asked how often."""

    value: Private[speaking.TimesAsked]

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="To how many events they were invited, or were on the programme.")
    def times(self) -> int:
        return self.value.times


@strawberry.type(description="Who was thought of, asked and heard, by group, the largest first.")
class Fairness:
    """Wraps the figures."""

    value: Private[speaking.Fairness]

    @strawberry.field(description="In all.")
    def total(self) -> FairnessShare:
        return FairnessShare(value=self.value.total)

    @strawberry.field(description="By region, the broadest below the world.")
    def regions(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.regions]

    @strawberry.field(description="By what people say their gender is.")
    def genders(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.genders]

    @strawberry.field(description="By language spoken; who speaks two counts in both.")
    def languages(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.languages]

    @strawberry.field(description="By where people work now.")
    def organisations(self) -> list[FairnessShare]:
        return [FairnessShare(value=one) for one in self.value.organisations]

    @strawberry.field(description="Who was asked more often than so many times, most first.")
    def asked_often(self) -> list[AskedOften]:
        return [AskedOften(value=one) for one in self.value.asked_often]


@strawberry.type
class FairnessQuery:
    """What organisers ask of how people were treated."""

    @strawberry.field(
        description="How often each region, gender, language and organisation was shortlisted, invited, said yes and "
        "spoke from one day to another, both included (UTC); for organisers and administrators."
    )
    async def fairness(
        self,
        info: Info,
        since: Annotated[date, strawberry.argument(description="The first day.")],
        until: Annotated[date, strawberry.argument(description="The last day.")],
        more_than: Annotated[
            int, strawberry.argument(description="Who was asked more often than so many times is in askedOften.")
        ] = 3,
    ) -> Fairness:
        found = await speaking.fairness(
            info.context.network.graph, info.context.viewer, since=since, until=until, more_than=more_than
        )
        return Fairness(value=found)
