"""Series and events, who spoke and who came."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from graph.fields import LARGEST_CAPACITY
from graph.intake import AttendanceRecord, EventRecord, Kind, SeriesRecord, SpeakerRecord
from ingest.cells import (
    Cell,
    CountryCode,
    Id,
    Label,
    LanguageTag,
    Moment,
    Prose,
    TimeZone,
    Title,
    Unfit,
    Url,
    one_of,
    visible,
)
from ingest.rows.columns import EventId, ExpertId, Identifiers, LanguageTags, OrganisationIds, SeriesId, TopicIds
from ingest.rows.row import Row, in_order

__all__ = ["Attendance", "Event", "EventFormat", "EventKind", "EventStatus", "Series", "Speaker"]


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


class EventStatus(StrEnum):
    """Whether an event takes place (RFC 5545, STATUS)."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


def whole_number(text: str) -> int:
    """A whole number of at most nine digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Unfit(f"'{visible(text)}' is not a number", remedy="write how often the event was changed, such as 2")
    return int(text)


def number_of_people(text: str) -> int:
    """For how many people there is room: 1 to 1,000,000."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= LARGEST_CAPACITY):
        remedy = f"write for how many people there is room, 1 to {LARGEST_CAPACITY}, such as 120"
        raise Unfit(f"'{visible(text)}' is no number of people", remedy=remedy)
    return int(text)


class Series(Row):
    """A series of events."""

    stands_for: ClassVar[Kind] = Kind.SERIES

    id: Id = Field(description="The series's id.", examples=["expert-briefings"])
    name: Title = Field(description="Its name.", examples=["Expert Briefing Series"])
    description: Prose | None = Field(None, description="What it is about.", examples=["Six briefings in 2022."])

    def record(self) -> SeriesRecord:
        """As graph.intake.store_series takes it."""
        return SeriesRecord(id=self.id, name=self.name, description=self.description, digest=self.digest)


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
    status: Annotated[EventStatus, BeforeValidator(one_of(EventStatus)), Cell(choices=(*EventStatus,))] | None = Field(
        None, description="Whether it takes place.", examples=["confirmed"]
    )
    series: SeriesId | None = Field(None, description="Id of the series it belongs to.", examples=["expert-briefings"])
    starts_at: Moment | None = Field(
        None, description="When it starts, with the offset from UTC.", examples=["2022-03-16T13:00:00Z"]
    )
    ends_at: Moment | None = Field(
        None, description="When it ends, with the offset from UTC.", examples=["2022-03-16T15:00:00+01:00"]
    )
    time_zone: TimeZone | None = Field(
        None, description="The time zone it is held in (IANA).", examples=["Africa/Tunis"]
    )
    place: Title | None = Field(None, description="Where it is held, in words.", examples=["Hall 2"])
    capacity: Annotated[int, BeforeValidator(number_of_people), Cell("integer")] | None = Field(
        None, description="How many people it has room for, 1 to 1000000.", examples=["120"]
    )
    country: CountryCode | None = Field(None, description="Where it is held (ISO 3166 alpha-2).", examples=["TN"])
    topics: TopicIds = Field((), description="Ids of the topics it covers.", examples=["religious-sites"])
    languages: LanguageTags = Field((), description="Languages it is held in (BCP 47).", examples=["fr; ar"])
    partners: OrganisationIds = Field((), description="Ids of partner organisations.", examples=["tunis-safe-mosques"])
    url: Url | None = Field(None, description="Its page.", examples=["https://example.org/briefing"])
    description: Prose | None = Field(None, description="What it is about.", examples=["How stewards are trained."])
    identifiers: Identifiers = Field(
        (), description="What other calendars know it by (calendar:number).", examples=["ical:briefing@example.org"]
    )
    sequence: Annotated[int, BeforeValidator(whole_number), Cell("integer")] | None = Field(
        None,
        description="How often it was changed (RFC 5545, SEQUENCE); an older one never replaces a newer one.",
        examples=["2"],
    )

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An event ends no earlier than it starts."""
        in_order(self.starts_at, self.ends_at, column="ends_at")
        return self

    def record(self) -> EventRecord:
        """As graph.intake.store_events takes it."""
        return EventRecord(
            id=self.id,
            title=self.title,
            kind=self.kind,
            format=self.format,
            status=self.status,
            series=self.series,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            time_zone=self.time_zone,
            place=self.place,
            capacity=self.capacity,
            country=self.country,
            topics=list(self.topics),
            languages=list(self.languages),
            partners=list(self.partners),
            url=self.url,
            description=self.description,
            identifiers=list(self.identifiers),
            sequence=self.sequence,
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
    starts_at: Moment | None = Field(
        None, description="When it starts, with the offset from UTC.", examples=["2022-03-16T13:30:00Z"]
    )
    ends_at: Moment | None = Field(
        None, description="When it ends, with the offset from UTC.", examples=["2022-03-16T14:00:00Z"]
    )
    room: Label | None = Field(None, description="The room.", examples=["Hall 2"])
    language: LanguageTag | None = Field(None, description="The language of the talk (BCP 47).", examples=["fr"])
    url: Url | None = Field(None, description="The talk's page.", examples=["https://example.org/talk"])

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """A talk ends no earlier than it starts."""
        in_order(self.starts_at, self.ends_at, column="ends_at")
        return self

    def record(self) -> SpeakerRecord:
        """As graph.intake.store_speakers takes it."""
        return SpeakerRecord(
            id=self.identity,
            event=self.event,
            expert=self.expert,
            role=self.role,
            talk=self.talk,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            room=self.room,
            language=self.language,
            url=self.url,
            digest=self.digest,
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
