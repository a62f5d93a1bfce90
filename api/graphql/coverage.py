"""Where the network has experts for a topic, where it has gaps, and what is nearest to a gap."""

from datetime import date
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry import Private

from api.asking import MOST_MONTHS, months_ago
from api.graphql.context import Info
from api.graphql.nouns import Asked, one, type_of
from graph import coverage, values
from graph.coverage import By, Nearness, WhyGap

__all__ = ["CoverageQuery"]

MOST_NEAREST = 10
MOST_GAPS = 100

Months = Annotated[
    int | None,
    strawberry.argument(
        description="Gaps too where no evidence is of the last so many months before the table's day, "
        f"1 to {MOST_MONTHS}."
    ),
]

strawberry.enum(By, name="CoverageBy", description="What the places of a table are.")
strawberry.enum(
    WhyGap,
    description="Why there is a gap, worst first: nobody knows the topic there; nobody there leads in it or practises "
    "it; all evidence of it there is older than was asked for.",
)
strawberry.enum(
    Nearness,
    description="How somebody or something is near to a place: lives there; speaks the language, at a working level at "
    "least; worked there; lives in a larger region that it is in, short of the world; "
    "speaks some of the language; was held before, on the topic; is planned there, or in the language.",
)

Place = values.Region | values.Country | values.Language


@strawberry.type(description="A place of a table: a region, a country or a language; one of the three.")
class CoveragePlace:
    """Wraps a place of the graph."""

    value: Private[Place]

    @strawberry.field(description="Its M49 code, ISO 3166 code or BCP 47 tag.")
    def code(self) -> str:
        return self.value.id

    @strawberry.field(description="The region.", graphql_type=type_of("Region") | None)
    def region(self) -> Asked | None:
        return one("Region", self.value.id) if isinstance(self.value, values.Region) else None

    @strawberry.field(description="The country.", graphql_type=type_of("Country") | None)
    def country(self) -> Asked | None:
        return one("Country", self.value.id) if isinstance(self.value, values.Country) else None

    @strawberry.field(
        description="The language; null also if you see nothing in it and nobody who speaks it.",
        graphql_type=type_of("Language") | None,
    )
    def language(self) -> Asked | None:
        return one("Language", self.value.id) if isinstance(self.value, values.Language) else None


@strawberry.type(
    description="What there is of a topic in a place: people of whom you see both that they know the topic, or a "
    "narrower one, and that they live there, or speak the language at a working level at least."
)
class CoverageCell:
    """Wraps a cell of a table."""

    value: Private[coverage.Cell]

    @strawberry.field(description="The code of the place.")
    def code(self) -> str:
        return self.value.place

    @strawberry.field(description="How many people.")
    def experts(self) -> int:
        return self.value.experts

    @strawberry.field(description="How many of them lead in the topic, or in a narrower one.")
    def lead(self) -> int:
        return self.value.lead

    @strawberry.field(description="How many practise it and do not lead.")
    def practitioner(self) -> int:
        return self.value.practitioner

    @strawberry.field(description="How many are familiar with it and no more.")
    def familiar(self) -> int:
        return self.value.familiar

    @strawberry.field(
        description="When one of them last spoke or published on the topic or had other evidence on it that you see."
    )
    def newest(self) -> date | None:
        return self.value.newest

    @strawberry.field(description="Events on the topic that were held there, or in the language.")
    def events(self) -> int:
        return self.value.events

    @strawberry.field(description="Activities on the topic that were done for a country there; 0 for a language.")
    def activities(self) -> int:
        return self.value.activities

    @strawberry.field(description="Events and activities on the topic there that are planned.")
    def planned(self) -> int:
        return self.value.planned

    @strawberry.field(description="How many more people there are now than on the table's day.")
    def change(self) -> int:
        return self.value.change


@strawberry.type(description="A topic, and what there is of it in each place.")
class CoverageRow:
    """Wraps a row of a table."""

    value: Private[coverage.Row]

    @strawberry.field(description="The topic.", graphql_type=type_of("Topic"))
    def topic(self) -> Asked:
        return one("Topic", self.value.topic.id)

    @strawberry.field(description="How many people know it or a narrower one, wherever they are.")
    def experts(self) -> int:
        return self.value.experts

    @strawberry.field(description="What there is in each place, in the order of the places.")
    def cells(self) -> list[CoverageCell]:
        return [CoverageCell(value=cell) for cell in self.value.cells]


@strawberry.type(description="A cell that is a gap.")
class CoverageGap:
    """Wraps a gap of a table."""

    value: Private[coverage.Gap]

    @strawberry.field(description="The topic.", graphql_type=type_of("Topic"))
    def topic(self) -> Asked:
        return one("Topic", self.value.topic.id)

    @strawberry.field(description="The place.")
    def place(self) -> CoveragePlace:
        return CoveragePlace(value=self.value.place)

    @strawberry.field(description="Why it is a gap.")
    def why(self) -> WhyGap:
        return self.value.why

    @strawberry.field(description="The cell.")
    def cell(self) -> CoverageCell:
        return CoverageCell(value=self.value.cell)

    @strawberry.field(description="How many people know the topic elsewhere.")
    def experts_elsewhere(self) -> int:
        return self.value.experts


@strawberry.type(description="Topics by places, as far as you see them.")
class Coverage:
    """Wraps a table."""

    value: Private[coverage.Coverage]

    @strawberry.field(description="What the places are.")
    def by(self) -> By:
        return self.value.by

    @strawberry.field(description="The day at whose end it was so.")
    def as_of(self) -> date:
        return self.value.as_of

    @strawberry.field(description="The places, by English name.")
    def places(self) -> list[CoveragePlace]:
        return [CoveragePlace(value=place) for place in self.value.places]

    @strawberry.field(description="The topics, by English label.")
    def rows(self) -> list[CoverageRow]:
        return [CoverageRow(value=row) for row in self.value.rows]

    @strawberry.field(description="How many cells are gaps.")
    def gap_count(self, months: Months = None) -> int:
        return len(self._gaps(months))

    @strawberry.field(
        description="The cells that are gaps, the most important first: those where most events and activities on the "
        "topic are or were; then the worst; then those whose topic most people know elsewhere."
    )
    def gaps(
        self,
        first: Annotated[int, strawberry.argument(description=f"How many at most, 1 to {MOST_GAPS}.")] = 10,
        months: Months = None,
    ) -> list[CoverageGap]:
        return [CoverageGap(value=gap) for gap in self._gaps(months)[: _bounded(first, most=MOST_GAPS)]]

    def _gaps(self, months: int | None) -> list[coverage.Gap]:
        since = None if months is None else months_ago(months, today=self.value.as_of)
        return coverage.gaps_in(self.value, recent_since=since)


@strawberry.type(description="Somebody near to a gap: what they know, and how they are near.")
class NearExpert:
    """Wraps somebody near."""

    value: Private[coverage.NearExpert]

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(
        description="The topic that they know: the one asked for, a narrower one, or one beside it.",
        graphql_type=type_of("Topic"),
    )
    def topic(self) -> Asked:
        return one("Topic", self.value.topic)

    @strawberry.field(description="How deeply they know it.")
    def level(self) -> values.ExpertiseLevel:
        return self.value.level

    @strawberry.field(description="How they are near to the place.")
    def nearness(self) -> Nearness:
        return self.value.nearness

    @strawberry.field(
        description="Where they live or worked; null for a language.",
        graphql_type=type_of("Country") | None,
    )
    def country(self) -> Asked | None:
        return None if self.value.country is None else one("Country", self.value.country)


@strawberry.type(description="An organisation near to a gap, and why.")
class NearOrganisation:
    """Wraps an organisation near."""

    value: Private[coverage.NearOrganisation]

    @strawberry.field(description="The organisation.", graphql_type=type_of("Organisation"))
    def organisation(self) -> Asked:
        return one("Organisation", self.value.organisation)

    @strawberry.field(description="Events, resources, projects and activities on the topic that it had a part in.")
    def works(self) -> int:
        return self.value.works

    @strawberry.field(description="People whom you find to lead in the topic or practise it, and to work there now.")
    def experts(self) -> int:
        return self.value.experts

    @strawberry.field(description="Whether it sits in the place, or had such a part there, or in the language.")
    def is_there(self) -> bool:
        return self.value.is_there


@strawberry.type(description="A briefing or other event that would help with a gap, and why.")
class NearEvent:
    """Wraps an event near."""

    value: Private[coverage.NearEvent]

    @strawberry.field(description="The event.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", self.value.event)

    @strawberry.field(description="Whether it was held before, or is planned there.")
    def nearness(self) -> Nearness:
        return self.value.nearness

    @strawberry.field(
        description="What it covers of the topic; null for one that is planned there on something else.",
        graphql_type=type_of("Topic") | None,
    )
    def topic(self) -> Asked | None:
        return None if self.value.topic is None else one("Topic", self.value.topic)


@strawberry.type(description="Who and what is nearest to a topic in a place, as you find it in a search.")
class Nearest:
    """Wraps what is nearest."""

    value: Private[coverage.Nearest]

    @strawberry.field(description="The topic.", graphql_type=type_of("Topic"))
    def topic(self) -> Asked:
        return one("Topic", self.value.topic)

    @strawberry.field(
        description="People who lead in the topic or practise it and are near to the place: those who worked there, "
        "then those in the smallest larger region; or who speak some of the language."
    )
    def experts_near(self) -> list[NearExpert]:
        return [NearExpert(value=one) for one in self.value.experts_near]

    @strawberry.field(
        description="People in the place, or who speak the language, who know the topic, then those who know what is "
        "beside it in the scheme; deepest first."
    )
    def experts_there(self) -> list[NearExpert]:
        return [NearExpert(value=one) for one in self.value.experts_there]

    @strawberry.field(
        description="Organisations that had a part in what is on the topic, or where those work who know it: those "
        "that are there first, then those with most of both."
    )
    def organisations(self) -> list[NearOrganisation]:
        return [NearOrganisation(value=one) for one in self.value.organisations]

    @strawberry.field(
        description="Events that are planned there, soonest first; then those on the topic that could be held again, "
        "newest first."
    )
    def events(self) -> list[NearEvent]:
        return [NearEvent(value=one) for one in self.value.events]


@strawberry.input(description="A place: one of these, by code or by name in one of the six UN languages.", one_of=True)
class PlaceInput:
    """Where a gap is."""

    region: str | None = strawberry.field(default=strawberry.UNSET, description="A region of UN M49.")
    country: str | None = strawberry.field(default=strawberry.UNSET, description="A country.")
    language: str | None = strawberry.field(default=strawberry.UNSET, description="A language.")

    def told(self) -> tuple[By, str]:
        """What kind of place it is, and its code or name."""
        given = {By.REGION: self.region, By.COUNTRY: self.country, By.LANGUAGE: self.language}
        ((by, place),) = [(by, place) for by, place in given.items() if isinstance(place, str)]
        return by, place


@strawberry.type
class CoverageQuery:
    """What is asked of topics in places."""

    @strawberry.field(
        description="How many experts there are for topics in regions, countries or languages, how strong and how "
        f"recent; counted when it is asked, {coverage.MOST_CELLS:,} cells at most."
    )
    async def coverage(
        self,
        info: Info,
        by: Annotated[By, strawberry.argument(description="What the places are.")] = By.REGION,
        topic: Annotated[
            str | None,
            strawberry.argument(
                description="For those directly narrower than this topic, or it alone; a slug or label. The broadest "
                "if left out."
            ),
        ] = None,
        within: Annotated[
            str | None,
            strawberry.argument(
                description="The region whose parts or countries the places are; a code or name. Regions are the parts "
                "of the world if left out; countries need it."
            ),
        ] = None,
        as_of: Annotated[
            date | None, strawberry.argument(description="As it was at the end of this day; now if left out.")
        ] = None,
    ) -> Coverage:
        found = await coverage.coverage(
            info.context.network.graph, info.context.viewer, by=by, topic=topic, within=within, as_of=as_of
        )
        return Coverage(value=found)

    @strawberry.field(
        description="The people, organisations and briefings that are nearest to a topic in a place, such as a gap of "
        "the coverage."
    )
    async def nearest_to(
        self,
        info: Info,
        topic: Annotated[str, strawberry.argument(description="The topic, a slug or label.")],
        place: Annotated[PlaceInput, strawberry.argument(description="The place.")],
        first: Annotated[int, strawberry.argument(description=f"How many of each, 1 to {MOST_NEAREST}.")] = 5,
    ) -> Nearest:
        by, somewhere = place.told()
        found = await coverage.nearest(
            info.context.network.graph,
            info.context.viewer,
            topic=topic,
            by=by,
            place=somewhere,
            first=_bounded(first, most=MOST_NEAREST),
        )
        return Nearest(value=found)


def _bounded(first: int, *, most: int) -> int:
    if not 1 <= first <= most:
        message = f"first is {first}; ask for 1 to {most}."
        raise GraphQLError(message)
    return first
