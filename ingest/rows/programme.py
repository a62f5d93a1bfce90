"""What a programme makes and does: projects, resources and activities."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from graph.intake import ActivityRecord, Kind, ProjectRecord, ResourceRecord
from ingest.cells import Cell, CountryCode, Day, Id, Prose, Title, Url, one_of
from ingest.rows.columns import CountryCodes, ExpertIds, Identifiers, LanguageTags, OrganisationIds, ProjectId, TopicIds
from ingest.rows.row import Row, in_order

__all__ = ["Activity", "ActivityKind", "ActivityStatus", "Project", "Resource", "ResourceKind"]


class ResourceKind(StrEnum):
    """What sort of resource it is."""

    MODULE = "module"
    COMPENDIUM = "compendium"
    COURSE = "course"
    ROADMAP = "roadmap"
    GUIDE = "guide"
    REPORT = "report"


class ActivityKind(StrEnum):
    """What sort of activity it is."""

    NATIONAL = "national"
    REGIONAL = "regional"
    GLOBAL = "global"
    OUTREACH = "outreach"
    KNOWLEDGE_PRODUCT = "knowledge-product"
    E_LEARNING = "e-learning"
    NETWORK = "network"
    PARTNERSHIP = "partnership"


class ActivityStatus(StrEnum):
    """How far an activity is, from idea to done."""

    IDEA = "idea"
    PROJECTED = "projected"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class Project(Row):
    """A project of the programme."""

    stands_for: ClassVar[Kind] = Kind.PROJECTS

    id: Id = Field(description="The project's id.", examples=["behavioural-insights-project"])
    title: Title = Field(description="Its title.", examples=["Behavioural insights for safer markets"])
    starts_on: Day | None = Field(None, description="Its first day.", examples=["2022-11-15"])
    ends_on: Day | None = Field(None, description="Its last day.", examples=["2024-11-14"])
    topics: TopicIds = Field((), description="Ids of the topics it covers.", examples=["behavioural-insights; markets"])
    countries: CountryCodes = Field((), description="Countries it is for (ISO 3166 alpha-2).", examples=["MA; ES"])
    partners: OrganisationIds = Field((), description="Ids of partner organisations.", examples=["tunis-safe-mosques"])
    description: Prose | None = Field(None, description="What it is about.", examples=["How people notice and report."])

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """A project ends no earlier than it starts."""
        in_order(self.starts_on, self.ends_on, column="ends_on")
        return self

    def record(self) -> ProjectRecord:
        """As graph.intake.store_projects takes it."""
        return ProjectRecord(
            id=self.id,
            title=self.title,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            topics=list(self.topics),
            countries=list(self.countries),
            partners=list(self.partners),
            description=self.description,
            digest=self.digest,
        )


class Resource(Row):
    """A module, compendium, course, roadmap, guide or report."""

    stands_for: ClassVar[Kind] = Kind.RESOURCES

    id: Id = Field(description="The resource's id.", examples=["module-religious-sites"])
    title: Title = Field(description="Its title.", examples=["Protecting religious sites"])
    kind: Annotated[ResourceKind, BeforeValidator(one_of(ResourceKind)), Cell(choices=(*ResourceKind,))] = Field(
        description="What sort of resource it is.", examples=["module"]
    )
    published_on: Day | None = Field(None, description="When it was published.", examples=["2022-09-20"])
    languages: LanguageTags = Field((), description="Languages there is a version in (BCP 47).", examples=["ar; fr"])
    topics: TopicIds = Field((), description="Ids of the topics it covers.", examples=["religious-sites"])
    country: CountryCode | None = Field(
        None, description="The country it is for, if it is for one (ISO 3166 alpha-2).", examples=["TN"]
    )
    authors: ExpertIds = Field((), description="Ids of the people who wrote it.", examples=["salma-benrabah"])
    partners: OrganisationIds = Field((), description="Ids of partner organisations.", examples=["tunis-safe-mosques"])
    url: Url | None = Field(None, description="Its page.", examples=["https://example.org/module"])
    identifiers: Identifiers = Field(
        (), description="What other registers know it by (register:number).", examples=["doi:10.1000/182"]
    )
    description: Prose | None = Field(None, description="What it is about.", examples=["A course in five units."])

    def record(self) -> ResourceRecord:
        """As graph.intake.store_resources takes it."""
        return ResourceRecord(
            id=self.id,
            title=self.title,
            kind=self.kind,
            published_on=self.published_on,
            languages=list(self.languages),
            topics=list(self.topics),
            country=self.country,
            authors=list(self.authors),
            partners=list(self.partners),
            url=self.url,
            identifiers=list(self.identifiers),
            description=self.description,
            digest=self.digest,
        )


class Activity(Row):
    """A piece of technical assistance or outreach, from idea to done."""

    stands_for: ClassVar[Kind] = Kind.ACTIVITIES

    id: Id = Field(description="The activity's id.", examples=["tunis-stewards-2022"])
    title: Title = Field(description="Its title.", examples=["Training of trainers for stewards"])
    kind: Annotated[ActivityKind, BeforeValidator(one_of(ActivityKind)), Cell(choices=(*ActivityKind,))] = Field(
        description="What sort of activity it is.", examples=["national"]
    )
    status: Annotated[ActivityStatus, BeforeValidator(one_of(ActivityStatus)), Cell(choices=(*ActivityStatus,))] = (
        Field(description="How far it is: an idea, projected, confirmed, done or cancelled.", examples=["done"])
    )
    starts_on: Day | None = Field(None, description="Its first day.", examples=["2022-06-13"])
    ends_on: Day | None = Field(None, description="Its last day.", examples=["2022-06-15"])
    project: ProjectId | None = Field(
        None, description="Id of the project it belongs to.", examples=["behavioural-insights-project"]
    )
    topics: TopicIds = Field((), description="Ids of the topics it covers.", examples=["worship-stewards"])
    countries: CountryCodes = Field((), description="Countries it is for (ISO 3166 alpha-2).", examples=["TN"])
    partners: OrganisationIds = Field((), description="Ids of partner organisations.", examples=["tunis-safe-mosques"])
    description: Prose | None = Field(None, description="What it is about.", examples=["Three days for 24 trainers."])

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An activity ends no earlier than it starts."""
        in_order(self.starts_on, self.ends_on, column="ends_on")
        return self

    def record(self) -> ActivityRecord:
        """As graph.intake.store_activities takes it."""
        return ActivityRecord(
            id=self.id,
            title=self.title,
            kind=self.kind,
            status=self.status,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            project=self.project,
            topics=list(self.topics),
            countries=list(self.countries),
            partners=list(self.partners),
            description=self.description,
            digest=self.digest,
        )
