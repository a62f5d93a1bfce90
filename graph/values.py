"""What the graph room hands out: frozen values in the field's own words.

A value holds one node's own properties; what it is related to is asked of the repositories, many at a time.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, NewType, Self, TypeVar

from graph.errors import GraphError
from graph.wording import Wording

__all__ = [
    "MOST_PERIODS",
    "UN_LANGUAGES",
    "Affiliation",
    "By",
    "Country",
    "CountryId",
    "Cursor",
    "Event",
    "EventId",
    "EventStage",
    "Expert",
    "ExpertId",
    "Expertise",
    "ExpertiseLevel",
    "Gender",
    "Language",
    "LanguageId",
    "LanguageLevel",
    "Names",
    "Network",
    "NotACursor",
    "Organisation",
    "OrganisationId",
    "Page",
    "Passage",
    "PassageId",
    "Period",
    "Purpose",
    "Region",
    "RegionId",
    "Slot",
    "SpokenLanguage",
    "Talk",
    "Topic",
    "TopicId",
]

ExpertId = NewType("ExpertId", str)
TopicId = NewType("TopicId", str)
EventId = NewType("EventId", str)
CountryId = NewType("CountryId", str)
RegionId = NewType("RegionId", str)
LanguageId = NewType("LanguageId", str)
PassageId = NewType("PassageId", str)
OrganisationId = NewType("OrganisationId", str)

Row = Mapping[str, Any]
T = TypeVar("T")

MOST_PERIODS = 50
"""In which one person may say that they are away."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
UN_LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")


class ExpertiseLevel(StrEnum):
    """How deep a person's expertise in a topic goes."""

    LEAD = "lead"
    PRACTITIONER = "practitioner"
    FAMILIAR = "familiar"


class LanguageLevel(StrEnum):
    """How well a person speaks a language."""

    NATIVE = "native"
    FLUENT = "fluent"
    WORKING = "working"
    BASIC = "basic"


class Gender(StrEnum):
    """What somebody says they are, for the balance of panels alone; who says nothing has none."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class EventStage(StrEnum):
    """How far an event is, by what is said of it and the time (graph.model.programme)."""

    PLANNED = "planned"
    """It is to come, or nobody said when."""
    CONFIRMED = "confirmed"
    """It is to come, and it is said that it takes place."""
    UNDER_WAY = "under_way"
    HELD = "held"
    CANCELLED = "cancelled"


class By(StrEnum):
    """What the columns of a table of coverage are (graph.coverage)."""

    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"


class Purpose(StrEnum):
    """What a person agrees to, each on its own."""

    LISTED = "listed"
    """To be in the network at all."""
    MATCHED = "matched"
    """To be suggested to those who ask."""
    CONTACTED = "contacted"
    """To be written to."""
    RECORDED = "recorded"
    """To be recorded as a speaker and participant."""


@dataclass(frozen=True, slots=True)
class Names:
    """One name in several languages, by BCP 47 tag."""

    by_language: Mapping[str, str]

    @classmethod
    def from_row(cls, row: Row, prefix: str) -> Self:
        """The names under ``{prefix}_en`` … ``{prefix}_zh``, as far as there are any."""
        found = {language: row.get(f"{prefix}_{language}") for language in UN_LANGUAGES}
        return cls({language: name for language, name in found.items() if name})

    def in_language(self, language: str) -> str:
        """The name in a language; else in English; else in the first language there is."""
        names = self.by_language
        return names.get(language) or names.get("en") or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from a first to a last, both included; as text an interval of ISO 8601: ``2026-07-01/2026-07-31``."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period that was written as ``text``.

        Raises:
            ValueError: it is none, or its last day is before its first.
        """
        days = [day.strip() for day in text.split("/")]
        if len(days) != 2 or not all(DAY.fullmatch(day) for day in days):
            raise ValueError(text)
        first, last = map(date.fromisoformat, days)
        if last < first:
            raise ValueError(text)
        return cls(first, last)


@dataclass(frozen=True, slots=True)
class Network:
    """What the network says of itself."""

    title: str
    description: str
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area of ISO 3166; its id is the two-letter code."""

    id: CountryId
    names: Names

    @classmethod
    def from_row(cls, row: Row) -> Self:
        return cls(CountryId(row["id"]), Names.from_row(row, "name"))


@dataclass(frozen=True, slots=True)
class Region:
    """A region of UN M49; its id is the three-digit code."""

    id: RegionId
    names: Names

    @classmethod
    def from_row(cls, row: Row) -> Self:
        return cls(RegionId(row["id"]), Names.from_row(row, "name"))


@dataclass(frozen=True, slots=True)
class Language:
    """A language; its id is a BCP 47 tag."""

    id: LanguageId
    names: Names

    @classmethod
    def from_row(cls, row: Row) -> Self:
        return cls(LanguageId(row["id"]), Names.from_row(row, "name"))


@dataclass(frozen=True, slots=True)
class Expert:
    """A practitioner of the network, with the country they live in."""

    id: ExpertId
    name: str
    headline: str
    email: str | None
    joined: date | None
    country: Country | None
    other_names: tuple[str, ...] = ()
    phone: str | None = None
    website: str | None = None
    orcid: str | None = None
    gender: Gender | None = None
    away: tuple[Period, ...] = ()
    """When they are not available, the earliest first."""

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``expert`` (as ``PERSON(e)`` of graph.viewer) and ``country`` (properties or null)."""
        expert, country = row["expert"], row["country"]
        profile, contact = expert.get("profile") or {}, expert.get("contact") or {}
        return cls(
            ExpertId(expert["id"]),
            expert["name"],
            profile.get("headline") or "",
            contact.get("email"),
            day(profile.get("joined")),
            Country.from_row(country) if country else None,
            tuple(profile.get("other_names") or ()),
            contact.get("phone"),
            profile.get("website"),
            profile.get("orcid"),
            Gender(expert["gender"]) if expert.get("gender") else None,
            tuple(
                Period(first.to_native(), last.to_native())
                for first, last in zip(contact.get("away_from") or (), contact.get("away_until") or (), strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A concept of the network's topic scheme (SKOS)."""

    id: TopicId
    labels: Names
    other_labels: Mapping[str, tuple[str, ...]]
    definition: str | None
    scheme: str | None
    iri: str | None
    is_deprecated: bool

    @classmethod
    def from_row(cls, row: Row) -> Self:
        others = {language: tuple(row.get(f"other_labels_{language}") or ()) for language in UN_LANGUAGES}
        return cls(
            TopicId(row["id"]),
            Names.from_row(row, "label"),
            others,
            row.get("definition"),
            row.get("scheme"),
            row.get("iri"),
            row.get("deprecated") is True,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """A briefing, launch, workshop or training."""

    id: EventId
    title: str
    kind: str
    format: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    description: str | None
    status: str | None = None
    time_zone: str | None = None
    place: str | None = None
    url: str | None = None
    capacity: int | None = None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        return cls(
            EventId(row["id"]),
            row["title"],
            row["kind"],
            row.get("format"),
            moment(row.get("starts_at")),
            moment(row.get("ends_at")),
            row.get("description"),
            row.get("status"),
            row.get("time_zone"),
            row.get("place"),
            row.get("url"),
            row.get("capacity"),
        )


@dataclass(frozen=True, slots=True)
class Organisation:
    """Where people work, or a partner of the programme."""

    id: str
    name: str
    kind: str | None
    website: str | None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        return cls(row["id"], row["name"], row.get("kind"), row.get("website"))


@dataclass(frozen=True, slots=True)
class Expertise:
    """That a person is an expert in a topic, how deeply and since which year."""

    topic: Topic
    level: ExpertiseLevel
    since: int | None


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """That a person speaks a language, and how well."""

    language: Language
    level: LanguageLevel


@dataclass(frozen=True, slots=True)
class Affiliation:
    """That a person works or worked for an organisation; years or dates as the roster has them."""

    organisation: Organisation
    role: str | None
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a talk was given, in which language, and its page."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    language: str | None = None
    url: str | None = None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From the properties of SPOKE_AT."""
        return cls(
            moment(row.get("starts_at")),
            moment(row.get("ends_at")),
            row.get("room"),
            row.get("language"),
            row.get("url"),
        )


@dataclass(frozen=True, slots=True)
class Talk:
    """That a person spoke at an event: as what, on what, when and where."""

    event: Event
    role: str | None
    title: str | None
    slot: Slot = Slot()


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of evidence: a paragraph of a biography, a talk given, a resource written."""

    id: PassageId
    text: str
    title: str | None
    kind: str
    language: str | None
    source: str | None
    occurred_on: date | None
    event: Event | None
    place: str | None = None
    resource: str | None = None
    """The id of the work that it stands in."""

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``passage`` (properties, where it ``stands`` or null), ``event``, ``resource`` (or null)."""
        passage, event = row["passage"], row["event"]
        stands = passage.get("stands") or {}
        return cls(
            PassageId(passage["id"]),
            passage["text"],
            passage.get("title"),
            passage["kind"],
            passage.get("language"),
            stands.get("source"),
            day(passage.get("occurred_on")),
            Event.from_row(event) if event else None,
            stands.get("place"),
            row["resource"],
        )


class NotACursor(GraphError):
    """A page was asked for after something that is no cursor of this list."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            Wording("'%(text)s' is not a cursor of this list; pass a cursor that the list itself gave.", text=text[:80])
        )


MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+]00:00)")
"""A moment in UTC, as Neo4j writes it in a cursor."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an ordered list: the sort key of the entry before it, so that it survives inserts."""

    key: tuple[str, str]

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(self.key, ensure_ascii=False).encode()).decode()

    @property
    def of_time(self) -> list[str]:
        """The key, where it is a moment as Neo4j writes one, and an id.

        Raises:
            NotACursor: it is the cursor of another list.
        """
        try:
            datetime.fromisoformat(self.key[0])
        except ValueError:
            raise NotACursor(str(self)) from None
        if MOMENT.fullmatch(self.key[0]) is None:
            raise NotACursor(str(self))
        return list(self.key)

    def in_order(self, of: str) -> list[str]:
        """The key, where it begins with a word for the order: that of the list which is gone on with.

        Raises:
            NotACursor: it is the cursor of another list, or of another order.
        """
        if self.key[0].partition(" ")[0] != of:
            raise NotACursor(str(self))
        return list(self.key)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor that was written as ``text``.

        Raises:
            NotACursor: the text was not written by a cursor.
        """
        try:
            key = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
        except (ValueError, RecursionError) as error:
            raise NotACursor(text) from error
        if not (isinstance(key, list) and len(key) == 2 and all(isinstance(part, str) for part in key)):
            raise NotACursor(text)
        cursor = cls((key[0], key[1]))
        try:
            is_ours = str(cursor) == text
        except UnicodeEncodeError:  # half a character
            is_ours = False
        if not is_ours:
            raise NotACursor(text)
        return cursor


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of an ordered list, with the cursor of each entry and whether more follow."""

    entries: Sequence[tuple[Cursor, T]]
    has_next: bool

    @classmethod
    def of(cls, rows: Sequence[Row], first: int, make: Callable[[Row], T]) -> "Page[T]":
        """From rows read one past the page; each row has ``key`` (two strings) beside what ``make`` needs."""
        entries = [(Cursor((row["key"][0], row["key"][1])), make(row)) for row in rows[:first]]
        return cls(entries, len(rows) > first)


def day(value: Any) -> date | None:
    """A date as the driver gives it, as Python's own."""
    return value.to_native() if value is not None else None


def moment(value: Any) -> datetime | None:
    """A time as the driver gives it, as Python's own, aware."""
    return value.to_native() if value is not None else None
