"""The rows of a network's CSV files: one model for each file, its fields the file's columns.

A field without a default is a column that every file must have and every row must fill. What a row refers to is
checked elsewhere, when all files have been read. ``record`` gives what the graph stores.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from graph.intake import (
    ActivityRecord,
    AffiliationRecord,
    AttendanceRecord,
    EventRecord,
    ExpertiseRecord,
    ExpertRecord,
    Kind,
    OrganisationRecord,
    ProjectRecord,
    ResourceRecord,
    SeriesRecord,
    SpeakerRecord,
    SpokenLanguageRecord,
    TopicRecord,
)
from graph.values import UN_LANGUAGES
from ingest.cells import (
    Cell,
    CountryCode,
    Day,
    Email,
    Expertise,
    Id,
    Label,
    LanguageTag,
    Moment,
    PartialDate,
    Prose,
    Spoken,
    Title,
    Unfit,
    Url,
    all_different,
    expertise,
    listed,
    one_of,
    slug,
    spoken,
)

__all__ = [
    "MODELS",
    "Activity",
    "Affiliation",
    "Attendance",
    "Event",
    "Expert",
    "Organisation",
    "Project",
    "Reference",
    "Resource",
    "Row",
    "Series",
    "Speaker",
    "Topic",
]

# Raised when what is stored of a row changes although the row does not: every row is then stored again.
SHAPE = 1


class Reference(NamedTuple):
    """That a row's column names something of a kind."""

    column: str
    kind: Kind
    id: str


class Row(BaseModel):
    """One valid row. ``stands_for`` is the kind of its file, ``key`` the columns by which it is the same row again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stands_for: ClassVar[Kind]
    key: ClassVar[tuple[str, ...]] = ("id",)

    @cached_property
    def identity(self) -> str:
        """The id that the graph knows it by."""
        return identity_of([getattr(self, field) or "" for field in self.key])

    @cached_property
    def digest(self) -> str:
        """A digest of all that the row says, its references included: 32 hexadecimal digits."""
        return hashlib.sha256(f"{SHAPE}\n{self.model_dump_json()}".encode()).hexdigest()[:32]

    @classmethod
    @cache
    def referring(cls) -> dict[str, Kind]:
        """The fields that name something else, with the kind that they name."""
        cells = {name: cell_of(field) for name, field in cls.model_fields.items()}
        return {name: cell.refers_to for name, cell in cells.items() if cell.refers_to is not None}

    def references(self) -> Iterator[Reference]:
        """Everything that the row names, column by column."""
        for name, kind in self.referring().items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield Reference(name, kind, one.topic if isinstance(one, Expertise) else one)

    def record(self) -> Mapping[str, Any]:
        """What the graph stores of the row, as graph.intake describes it."""
        raise NotImplementedError


def cell_of(field: FieldInfo) -> Cell:
    """What the format's description says of a field's cells."""
    optional = [part for inner in get_args(field.annotation) for part in get_args(inner)]
    return next(found for found in (*field.metadata, *optional) if isinstance(found, Cell))


def identity_of(key: list[str]) -> str:
    """The id of a row: its own, or a digest of the columns that make it the same row again."""
    return key[0] if len(key) == 1 else hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


class OrganisationKind(StrEnum):
    """What sort of organisation it is."""

    GOVERNMENT = "government"
    POLICE = "police"
    INTERNATIONAL = "international"
    ACADEMIA = "academia"
    CIVIL_SOCIETY = "civil-society"
    PRIVATE_SECTOR = "private-sector"
    FAITH_COMMUNITY = "faith-community"


class EventKind(StrEnum):
    """What sort of event it is."""

    BRIEFING = "briefing"
    LAUNCH = "launch"
    WORKSHOP = "workshop"
    TRAINING = "training"
    CONFERENCE = "conference"
    MEETING = "meeting"


class EventFormat(StrEnum):
    """How people take part in an event."""

    ONLINE = "online"
    IN_PERSON = "in-person"
    HYBRID = "hybrid"


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
    """Whether an activity took place or is planned."""

    DONE = "done"
    PROJECTED = "projected"


OrganisationId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.ORGANISATIONS)]
TopicId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.TOPICS)]
SeriesId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.SERIES)]
ProjectId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.PROJECTS)]
ExpertId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.EXPERTS)]
EventId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.EVENTS)]
ResourceId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.RESOURCES)]

LIST = "list"
TopicIds = Annotated[
    tuple[TopicId, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST, refers_to=Kind.TOPICS)
]
ExpertIds = Annotated[
    tuple[ExpertId, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST, refers_to=Kind.EXPERTS)
]
OrganisationIds = Annotated[
    tuple[OrganisationId, ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST, refers_to=Kind.ORGANISATIONS),
]
CountryCodes = Annotated[tuple[CountryCode, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
LanguageTags = Annotated[tuple[LanguageTag, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
Labels = Annotated[tuple[Label, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
SpokenLanguages = Annotated[
    tuple[Annotated[Spoken, BeforeValidator(spoken)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST),
]
ExpertiseList = Annotated[
    tuple[Annotated[Expertise, BeforeValidator(expertise)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST, refers_to=Kind.TOPICS),
]


class Organisation(Row):
    """An organisation: where people work, or a partner of the programme."""

    stands_for: ClassVar[Kind] = Kind.ORGANISATIONS

    id: Id = Field(description="The organisation's id.", examples=["tunis-safe-mosques"])
    name: Title = Field(description="Its name.", examples=["Association of Mosque Stewards"])
    kind: Annotated[OrganisationKind, BeforeValidator(one_of(OrganisationKind)), Cell(choices=(*OrganisationKind,))] = (
        Field(description="What sort of organisation it is.", examples=["civil-society"])
    )
    country: CountryCode | None = Field(None, description="Where it is based (ISO 3166 alpha-2).", examples=["TN"])
    website: Url | None = Field(None, description="Its web address.", examples=["https://stewards.example.org"])

    def record(self) -> OrganisationRecord:
        """As graph.intake.store_organisations takes it."""
        return OrganisationRecord(
            id=self.id,
            name=self.name,
            kind=self.kind,
            country=self.country,
            website=self.website,
            digest=self.digest,
        )


class Topic(Row):
    """A concept of the network's topic scheme (SKOS): what people can know and events can cover."""

    stands_for: ClassVar[Kind] = Kind.TOPICS

    id: Id = Field(description="The topic's id.", examples=["worship-stewards"])
    broader: TopicId | None = Field(
        None, description="The next broader topic; empty at the top.", examples=["religious-sites"]
    )
    label_en: Label = Field(description="Its preferred name in English.", examples=["Stewards at places of worship"])
    label_fr: Label | None = Field(
        None, description="The same in French.", examples=["Bénévoles d'accueil des lieux de culte"]
    )
    label_es: Label | None = Field(None, description="The same in Spanish.", examples=["Voluntarios de acogida"])
    label_ar: Label | None = Field(None, description="The same in Arabic.", examples=["متطوعو التنظيم في دور العبادة"])
    label_ru: Label | None = Field(None, description="The same in Russian.", examples=["Волонтёры-распорядители"])
    label_zh: Label | None = Field(None, description="The same in Chinese.", examples=["礼拜场所志愿管理员"])
    other_labels_en: Labels = Field((), description="Other names in English.", examples=["church wardens; ushers"])
    other_labels_fr: Labels = Field((), description="Other names in French.", examples=["marguilliers; placiers"])
    other_labels_es: Labels = Field((), description="Other names in Spanish.", examples=["ujieres"])
    other_labels_ar: Labels = Field((), description="Other names in Arabic.", examples=["خدام الكنيسة"])
    other_labels_ru: Labels = Field((), description="Other names in Russian.", examples=["церковные старосты"])
    other_labels_zh: Labels = Field((), description="Other names in Chinese.", examples=["教堂执事"])
    definition: Prose | None = Field(
        None, description="What it means, in English.", examples=["Training the volunteers who welcome worshippers."]
    )

    def record(self) -> TopicRecord:
        """As graph.intake.store_topics takes it."""
        names: dict[str, str | list[str] | None] = {}
        labels: list[str] = []
        for language in UN_LANGUAGES:
            label, others = getattr(self, f"label_{language}"), getattr(self, f"other_labels_{language}")
            names[f"label_{language}"] = label
            names[f"other_labels_{language}"] = list(others)
            labels += [label, *others] if label else others
        return TopicRecord(
            id=self.id,
            broader=self.broader,
            names=names,
            labels=labels,
            definition=self.definition,
            digest=self.digest,
        )


class Series(Row):
    """A series of events."""

    stands_for: ClassVar[Kind] = Kind.SERIES

    id: Id = Field(description="The series's id.", examples=["expert-briefings"])
    name: Title = Field(description="Its name.", examples=["Expert Briefing Series"])
    description: Prose | None = Field(None, description="What it is about.", examples=["Six briefings in 2022."])

    def record(self) -> SeriesRecord:
        """As graph.intake.store_series takes it."""
        return SeriesRecord(id=self.id, name=self.name, description=self.description, digest=self.digest)


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
        _in_order(self.starts_on, self.ends_on, column="ends_on")
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


class Expert(Row):
    """A practitioner of the network."""

    stands_for: ClassVar[Kind] = Kind.EXPERTS

    id: Id = Field(description="The person's id.", examples=["salma-benrabah"])
    name: Title = Field(description="The name as the person writes it.", examples=["Salma Benrabah"])
    headline: Title | None = Field(
        None, description="The role in a few words.", examples=["Trainer of volunteer stewards"]
    )
    email: Email | None = Field(None, description="The e-mail address.", examples=["salma@example.org"])
    country: CountryCode = Field(description="Where the person lives (ISO 3166 alpha-2).", examples=["TN"])
    languages: SpokenLanguages = Field(
        description="Languages with how well each is spoken: native, fluent, working or basic (BCP 47 tag:level).",
        examples=["ar:native; fr:fluent"],
    )
    topics: ExpertiseList = Field(
        (),
        description="Topics with how deeply each is known, lead, practitioner or familiar, "
        "and since which year, if that is known (topic:level:year).",
        examples=["worship-stewards:lead:2011; religious-sites:practitioner"],
    )
    worked_in: CountryCodes = Field(
        (), description="Countries where the person has worked (ISO 3166 alpha-2).", examples=["TN; FR"]
    )
    joined: Day | None = Field(None, description="When the person joined the network.", examples=["2022-02-10"])

    def record(self) -> ExpertRecord:
        """As graph.intake.store_experts takes it."""
        return ExpertRecord(
            id=self.id,
            name=self.name,
            headline=self.headline,
            email=self.email,
            country=self.country,
            languages=[SpokenLanguageRecord(language=one.language, level=one.level) for one in self.languages],
            topics=[ExpertiseRecord(topic=one.topic, level=one.level, since=one.since) for one in self.topics],
            worked_in=list(self.worked_in),
            joined=self.joined,
            digest=self.digest,
        )


class Event(Row):
    """A briefing, launch, workshop or training."""

    stands_for: ClassVar[Kind] = Kind.EVENTS

    id: Id = Field(description="The event's id.", examples=["briefing-religious-sites"])
    title: Title = Field(description="Its title.", examples=["Briefing on religious sites"])
    kind: Annotated[EventKind, BeforeValidator(one_of(EventKind)), Cell(choices=(*EventKind,))] = Field(
        description="What sort of event it is.", examples=["briefing"]
    )
    format: Annotated[EventFormat, BeforeValidator(one_of(EventFormat)), Cell(choices=(*EventFormat,))] | None = Field(
        None, description="How people take part.", examples=["online"]
    )
    series: SeriesId | None = Field(None, description="Id of the series it belongs to.", examples=["expert-briefings"])
    starts_at: Moment | None = Field(
        None, description="When it starts, with the offset from UTC.", examples=["2022-03-16T13:00:00Z"]
    )
    ends_at: Moment | None = Field(
        None, description="When it ends, with the offset from UTC.", examples=["2022-03-16T15:00:00+01:00"]
    )
    country: CountryCode | None = Field(None, description="Where it is held (ISO 3166 alpha-2).", examples=["TN"])
    topics: TopicIds = Field((), description="Ids of the topics it covers.", examples=["religious-sites"])
    languages: LanguageTags = Field((), description="Languages it is held in (BCP 47).", examples=["fr; ar"])
    partners: OrganisationIds = Field((), description="Ids of partner organisations.", examples=["tunis-safe-mosques"])
    description: Prose | None = Field(None, description="What it is about.", examples=["How stewards are trained."])

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An event ends no earlier than it starts."""
        _in_order(self.starts_at, self.ends_at, column="ends_at")
        return self

    def record(self) -> EventRecord:
        """As graph.intake.store_events takes it."""
        return EventRecord(
            id=self.id,
            title=self.title,
            kind=self.kind,
            format=self.format,
            series=self.series,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            country=self.country,
            topics=list(self.topics),
            languages=list(self.languages),
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
            description=self.description,
            digest=self.digest,
        )


class Activity(Row):
    """A piece of technical assistance or outreach, done or projected."""

    stands_for: ClassVar[Kind] = Kind.ACTIVITIES

    id: Id = Field(description="The activity's id.", examples=["tunis-stewards-2022"])
    title: Title = Field(description="Its title.", examples=["Training of trainers for stewards"])
    kind: Annotated[ActivityKind, BeforeValidator(one_of(ActivityKind)), Cell(choices=(*ActivityKind,))] = Field(
        description="What sort of activity it is.", examples=["national"]
    )
    status: Annotated[ActivityStatus, BeforeValidator(one_of(ActivityStatus)), Cell(choices=(*ActivityStatus,))] = (
        Field(description="Whether it took place or is planned.", examples=["done"])
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
        _in_order(self.starts_on, self.ends_on, column="ends_on")
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


class Affiliation(Row):
    """That a person works or worked for an organisation."""

    stands_for: ClassVar[Kind] = Kind.AFFILIATIONS
    key: ClassVar[tuple[str, ...]] = ("expert", "organisation", "role", "since")

    expert: ExpertId = Field(description="Id of the person.", examples=["salma-benrabah"])
    organisation: OrganisationId = Field(description="Id of the organisation.", examples=["tunis-safe-mosques"])
    role: Title | None = Field(None, description="What the person is there.", examples=["Head of training"])
    since: PartialDate | None = Field(None, alias="from", description="First year, month or day.", examples=["2014-09"])
    until: PartialDate | None = Field(
        None, alias="to", description="Last year, month or day; empty for a present one.", examples=["2021"]
    )

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An affiliation ends no earlier than it starts, as far as both are known."""
        if self.since is not None and self.until is not None:
            known = min(len(self.since), len(self.until))
            _in_order(self.since[:known], self.until[:known], column="to")
        return self

    def record(self) -> AffiliationRecord:
        """As graph.intake.store_affiliations takes it."""
        return AffiliationRecord(
            id=self.identity,
            expert=self.expert,
            organisation=self.organisation,
            role=self.role,
            since=self.since,
            until=self.until,
            digest=self.digest,
        )


class Speaker(Row):
    """That a person spoke at an event."""

    stands_for: ClassVar[Kind] = Kind.SPEAKERS
    key: ClassVar[tuple[str, ...]] = ("event", "expert", "talk")

    event: EventId = Field(description="Id of the event.", examples=["briefing-religious-sites"])
    expert: ExpertId = Field(description="Id of the person.", examples=["salma-benrabah"])
    role: Label | None = Field(None, description="As what the person spoke.", examples=["speaker"])
    talk: Title | None = Field(None, description="Title of the talk.", examples=["What stewards notice first"])

    def record(self) -> SpeakerRecord:
        """As graph.intake.store_speakers takes it."""
        return SpeakerRecord(
            id=self.identity, event=self.event, expert=self.expert, role=self.role, talk=self.talk, digest=self.digest
        )


class Attendance(Row):
    """That a person came to an event."""

    stands_for: ClassVar[Kind] = Kind.ATTENDANCE
    key: ClassVar[tuple[str, ...]] = ("event", "expert")

    event: EventId = Field(description="Id of the event.", examples=["briefing-religious-sites"])
    expert: ExpertId = Field(description="Id of the person.", examples=["salma-benrabah"])

    def record(self) -> AttendanceRecord:
        """As graph.intake.store_attendance takes it."""
        return AttendanceRecord(id=self.identity, event=self.event, expert=self.expert, digest=self.digest)


Ordered = TypeVar("Ordered", str, date, datetime)


def _in_order(first: Ordered | None, last: Ordered | None, *, column: str) -> None:
    if first is not None and last is not None and last < first:
        raise Unfit(f"'{last}' is before the start, '{first}'", remedy="correct one of the two", column=column)


MODELS: Mapping[Kind, type[Row]] = {
    model.stands_for: model
    for model in (
        Organisation,
        Topic,
        Series,
        Project,
        Expert,
        Event,
        Resource,
        Activity,
        Affiliation,
        Speaker,
        Attendance,
    )
}
