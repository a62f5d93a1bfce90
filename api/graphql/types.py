"""The nouns of the schema: each type wraps one of the graph room's values and asks the loaders for its relations."""

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.paging import First, first_of
from graph import values
from graph.values import CountryId, EventId, ExpertId, TopicId

__all__ = [
    "Affiliation",
    "Country",
    "Event",
    "Expert",
    "Expertise",
    "Language",
    "LanguageCode",
    "Network",
    "Organisation",
    "Passage",
    "Region",
    "Slot",
    "Speaker",
    "SpokenLanguage",
    "Talk",
    "Topic",
    "own_id",
]

strawberry.enum(values.ExpertiseLevel, description="How deep a person's expertise in a topic goes.")
strawberry.enum(values.LanguageLevel, description="How well a person speaks a language.")


@strawberry.enum(description="One of the six official languages of the United Nations.")
class LanguageCode(StrEnum):
    """The languages that names and labels are kept in."""

    EN = "en"
    FR = "fr"
    ES = "es"
    AR = "ar"
    RU = "ru"
    ZH = "zh"


InLanguage = Annotated[
    LanguageCode, strawberry.argument(description="The language of the text; English stands in where it is missing.")
]


def own_id(given: str, type_name: str) -> str:
    """The id within its type, from a global id of that type or from itself."""
    try:
        kind, _, own = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return given
    return own if kind == type_name and own else given


@strawberry.type(description="The network as a whole.")
class Network:
    """Wraps what the network says of itself."""

    value: Private[values.Network]

    @strawberry.field(description="The network's name.")
    def title(self) -> str:
        return self.value.title

    @strawberry.field(description="What it is for, in a paragraph.")
    def description(self) -> str:
        return self.value.description

    @strawberry.field(description="Whether its people, organisations and talks are invented.")
    def is_fictional(self) -> bool:
        return self.value.is_fictional


@strawberry.type(description="A region of the world, by the United Nations' M49 standard.")
class Region:
    """Wraps a region of the graph."""

    value: Private[values.Region]

    @strawberry.field(description="The three-digit M49 code.")
    def code(self) -> str:
        return self.value.id

    @strawberry.field(description="The region's name.")
    def name(self, language: InLanguage = LanguageCode.EN) -> str:
        return self.value.names.in_language(language)


@strawberry.type(description="A language that people speak.")
class Language:
    """Wraps a language of the graph."""

    value: Private[values.Language]

    @strawberry.field(description="The BCP 47 tag.")
    def tag(self) -> str:
        return self.value.id

    @strawberry.field(description="The language's name.")
    def name(self, language: InLanguage = LanguageCode.EN) -> str:
        return self.value.names.in_language(language)


@strawberry.type(description="A country or area of ISO 3166.")
class Country(relay.Node):
    """Wraps a country of the graph."""

    value: Private[values.Country]

    @classmethod
    def resolve_id(cls, root: Self, *, info: Info) -> str:
        return root.value.id

    @classmethod
    async def resolve_nodes(cls, *, info: Info, node_ids: Iterable[str], required: bool = False) -> Any:
        found = await info.context.load.country.load_many([CountryId(id_) for id_ in node_ids])
        return [Country(value=one) if one else None for one in found]

    @strawberry.field(description="The two-letter code of ISO 3166-1.")
    def code(self) -> str:
        return self.value.id

    @strawberry.field(description="The country's name.")
    def name(self, language: InLanguage = LanguageCode.EN) -> str:
        return self.value.names.in_language(language)

    @strawberry.field(description="The regions the country lies in, the smallest first.")
    async def regions(self, info: Info) -> list[Region]:
        return [Region(value=one) for one in await info.context.load.regions_of_country.load(self.value.id)]

    @strawberry.field(description="Experts who live there, by name.")
    async def experts(self, info: Info, first: First = 20) -> list["Expert"]:
        found = await info.context.load.experts_of_country.load((self.value.id, first_of(first)))
        return [Expert(value=one) for one in found]


@strawberry.type(description="Where people work, or a partner of the programme.")
class Organisation:
    """Wraps an organisation of the graph."""

    value: Private[values.Organisation]

    @strawberry.field(description="The id in the roster.")
    def slug(self) -> str:
        return self.value.id

    @strawberry.field(description="The organisation's name.")
    def name(self) -> str:
        return self.value.name

    @strawberry.field(description="What kind of organisation it is, such as police or civil-society.")
    def kind(self) -> str | None:
        return self.value.kind

    @strawberry.field(description="Its website.")
    def website(self) -> str | None:
        return self.value.website


@strawberry.type(description="A concept of the network's topic scheme.")
class Topic(relay.Node):
    """Wraps a topic of the graph."""

    value: Private[values.Topic]

    @classmethod
    def resolve_id(cls, root: Self, *, info: Info) -> str:
        return root.value.id

    @classmethod
    async def resolve_nodes(cls, *, info: Info, node_ids: Iterable[str], required: bool = False) -> Any:
        found = await info.context.load.topic.load_many([TopicId(id_) for id_ in node_ids])
        return [Topic(value=one) if one else None for one in found]

    @strawberry.field(description="The id in the topic scheme.")
    def slug(self) -> str:
        return self.value.id

    @strawberry.field(description="The preferred label.")
    def label(self, language: InLanguage = LanguageCode.EN) -> str:
        return self.value.labels.in_language(language)

    @strawberry.field(description="Other labels: synonyms, acronyms, narrower words.")
    def other_labels(self, language: InLanguage = LanguageCode.EN) -> list[str]:
        return list(self.value.other_labels.get(language, ()))

    @strawberry.field(description="What the topic is about.")
    def definition(self) -> str | None:
        return self.value.definition

    @strawberry.field(description="The next broader topic.")
    async def broader(self, info: Info) -> "Topic | None":
        found = await info.context.load.broader_of_topic.load(self.value.id)
        return Topic(value=found) if found else None

    @strawberry.field(description="The next narrower topics.")
    async def narrower(self, info: Info) -> list["Topic"]:
        return [Topic(value=one) for one in await info.context.load.narrower_of_topic.load(self.value.id)]

    @strawberry.field(description="The concept scheme that it is of, where it comes from one.")
    def scheme(self) -> str | None:
        return self.value.scheme

    @strawberry.field(description="The IRI that its concept scheme gives it.")
    def iri(self) -> str | None:
        return self.value.iri

    @strawberry.field(description="Whether its scheme says that it should no longer be used.")
    def is_deprecated(self) -> bool:
        return self.value.is_deprecated

    @strawberry.field(description="The same topic in other concept schemes.")
    async def exact_matches(self, info: Info) -> list["Topic"]:
        return [Topic(value=one) for one in await info.context.load.exact_matches_of_topic.load(self.value.id)]

    @strawberry.field(description="Experts in this topic or a narrower one, deepest first.")
    async def experts(self, info: Info, first: First = 20) -> list["Expert"]:
        found = await info.context.load.experts_of_topic.load((self.value.id, first_of(first)))
        return [Expert(value=one) for one in found]


@strawberry.type(description="A briefing, launch, workshop or training.")
class Event(relay.Node):
    """Wraps an event of the graph."""

    value: Private[values.Event]

    @classmethod
    def resolve_id(cls, root: Self, *, info: Info) -> str:
        return root.value.id

    @classmethod
    async def resolve_nodes(cls, *, info: Info, node_ids: Iterable[str], required: bool = False) -> Any:
        found = await info.context.load.event.load_many([EventId(id_) for id_ in node_ids])
        return [Event(value=one) if one else None for one in found]

    @strawberry.field(description="The id in the calendar.")
    def slug(self) -> str:
        return self.value.id

    @strawberry.field(description="The event's title.")
    def title(self) -> str:
        return self.value.title

    @strawberry.field(description="What kind of event it is, such as briefing or launch.")
    def kind(self) -> str:
        return self.value.kind

    @strawberry.field(description="How people take part: online, in-person or hybrid.")
    def format(self) -> str | None:
        return self.value.format

    @strawberry.field(description="When it begins.")
    def starts_at(self) -> datetime | None:
        return self.value.starts_at

    @strawberry.field(description="When it ends.")
    def ends_at(self) -> datetime | None:
        return self.value.ends_at

    @strawberry.field(description="What it is about, in a paragraph.")
    def description(self) -> str | None:
        return self.value.description

    @strawberry.field(description="Whether it takes place: confirmed, tentative or cancelled.")
    def status(self) -> str | None:
        return self.value.status

    @strawberry.field(description="The time zone it is held in, as the IANA database names it.")
    def time_zone(self) -> str | None:
        return self.value.time_zone

    @strawberry.field(description="Where it is held, in words.")
    def place(self) -> str | None:
        return self.value.place

    @strawberry.field(description="Its page.")
    def url(self) -> str | None:
        return self.value.url

    @strawberry.field(description="What it covers.")
    async def topics(self, info: Info) -> list[Topic]:
        return [Topic(value=one) for one in await info.context.load.topics_of_event.load(self.value.id)]

    @strawberry.field(description="Who spoke, by name.")
    async def speakers(self, info: Info) -> list["Speaker"]:
        return [Speaker(value=one) for one in await info.context.load.speakers_of_event.load(self.value.id)]


@strawberry.type(description="That a person is an expert in a topic.")
class Expertise:
    """Wraps an expertise of the graph."""

    value: Private[values.Expertise]

    @strawberry.field(description="The topic.")
    def topic(self) -> Topic:
        return Topic(value=self.value.topic)

    @strawberry.field(description="How deep the expertise goes.")
    def level(self) -> values.ExpertiseLevel:
        return self.value.level

    @strawberry.field(description="The year since when.")
    def since(self) -> int | None:
        return self.value.since


@strawberry.type(description="That a person speaks a language.")
class SpokenLanguage:
    """Wraps a spoken language of the graph."""

    value: Private[values.SpokenLanguage]

    @strawberry.field(description="The language.")
    def language(self) -> Language:
        return Language(value=self.value.language)

    @strawberry.field(description="How well they speak it.")
    def proficiency(self) -> values.LanguageLevel:
        return self.value.level


@strawberry.type(description="That a person works or worked for an organisation.")
class Affiliation:
    """Wraps an affiliation of the graph."""

    value: Private[values.Affiliation]

    @strawberry.field(description="The organisation.")
    def organisation(self) -> Organisation:
        return Organisation(value=self.value.organisation)

    @strawberry.field(description="As what.")
    def role(self) -> str | None:
        return self.value.role

    @strawberry.field(description="Since when, a year or a date as the roster has it.")
    def since(self) -> str | None:
        return self.value.since

    @strawberry.field(description="Until when; null while it lasts.")
    def until(self) -> str | None:
        return self.value.until


@strawberry.type(description="When and where a talk is given, in which language, and its page.")
class Slot:
    """Wraps a talk's slot."""

    value: Private[values.Slot]

    @strawberry.field(description="When the talk begins.")
    def starts_at(self) -> datetime | None:
        return self.value.starts_at

    @strawberry.field(description="When the talk ends.")
    def ends_at(self) -> datetime | None:
        return self.value.ends_at

    @strawberry.field(description="The room.")
    def room(self) -> str | None:
        return self.value.room

    @strawberry.field(description="The BCP 47 tag of the language it is given in.")
    def language(self) -> str | None:
        return self.value.language

    @strawberry.field(description="The talk's page.")
    def url(self) -> str | None:
        return self.value.url


@strawberry.type(description="That a person spoke at an event.")
class Talk:
    """Wraps a talk of the graph."""

    value: Private[values.Talk]

    @strawberry.field(description="The event.")
    def event(self) -> Event:
        return Event(value=self.value.event)

    @strawberry.field(description="As what: speaker, moderator or panellist.")
    def role(self) -> str | None:
        return self.value.role

    @strawberry.field(description="The talk's title.")
    def title(self) -> str | None:
        return self.value.title

    @strawberry.field(description="When and where the talk is given, and in which language.")
    def slot(self) -> Slot:
        return Slot(value=self.value.slot)


@strawberry.type(description="Who spoke at an event.")
class Speaker:
    """Wraps a speaker of the graph."""

    value: Private[values.Speaker]

    @strawberry.field(description="The person.")
    def expert(self) -> "Expert":
        return Expert(value=self.value.expert)

    @strawberry.field(description="As what: speaker, moderator or panellist.")
    def role(self) -> str | None:
        return self.value.role

    @strawberry.field(description="The talk's title.")
    def title(self) -> str | None:
        return self.value.title

    @strawberry.field(description="When and where the talk is given, and in which language.")
    def slot(self) -> Slot:
        return Slot(value=self.value.slot)


@strawberry.type(description="A piece of evidence: a paragraph of a biography, a talk given, a resource written.")
class Passage:
    """Wraps a passage of the graph."""

    value: Private[values.Passage]

    @strawberry.field(description="What it says, in its own language.")
    def text(self) -> str:
        return self.value.text

    @strawberry.field(description="The title of the talk or resource.")
    def title(self) -> str | None:
        return self.value.title

    @strawberry.field(description="Where it comes from: biography, talk or resource.")
    def kind(self) -> str:
        return self.value.kind

    @strawberry.field(description="The BCP 47 tag of its language.")
    def language(self) -> str | None:
        return self.value.language

    @strawberry.field(description="The document it was cut from, as a path in the network's folder.")
    def source(self) -> str | None:
        return self.value.source

    @strawberry.field(description="The page or heading where it begins.")
    def place(self) -> str | None:
        return self.value.place

    @strawberry.field(description="When the talk was given or the resource published.")
    def occurred_on(self) -> date | None:
        return self.value.occurred_on

    @strawberry.field(description="The event where it was said.")
    def event(self) -> Event | None:
        return Event(value=self.value.event) if self.value.event else None


@strawberry.type(description="A practitioner of the network.")
class Expert(relay.Node):
    """Wraps an expert of the graph."""

    value: Private[values.Expert]

    @classmethod
    def resolve_id(cls, root: Self, *, info: Info) -> str:
        return root.value.id

    @classmethod
    async def resolve_nodes(cls, *, info: Info, node_ids: Iterable[str], required: bool = False) -> Any:
        found = await info.context.load.expert.load_many([ExpertId(id_) for id_ in node_ids])
        return [Expert(value=one) if one else None for one in found]

    @strawberry.field(description="The id in the roster.")
    def slug(self) -> str:
        return self.value.id

    @strawberry.field(description="The person's name.")
    def name(self) -> str:
        return self.value.name

    @strawberry.field(description="What the person does, in a few words.")
    def headline(self) -> str:
        return self.value.headline

    @strawberry.field(description="The address to write to.")
    def email(self) -> str | None:
        return self.value.email

    @strawberry.field(description="The telephone number with its country's code (E.164).")
    def phone(self) -> str | None:
        return self.value.phone

    @strawberry.field(description="Other names and spellings of the same person.")
    def other_names(self) -> list[str]:
        return list(self.value.other_names)

    @strawberry.field(description="A page of the person's own.")
    def website(self) -> str | None:
        return self.value.website

    @strawberry.field(description="The person's ORCID iD.")
    def orcid(self) -> str | None:
        return self.value.orcid

    @strawberry.field(description="When the person joined the network.")
    def joined(self) -> date | None:
        return self.value.joined

    @strawberry.field(description="The country where the person lives.")
    def country(self) -> Country | None:
        return Country(value=self.value.country) if self.value.country else None

    @strawberry.field(description="Languages that the person speaks, best first.")
    async def languages(self, info: Info) -> list[SpokenLanguage]:
        found = await info.context.load.languages_of_expert.load(self.value.id)
        return [SpokenLanguage(value=one) for one in found]

    @strawberry.field(description="Topics that the person knows, deepest first.")
    async def expertise(self, info: Info) -> list[Expertise]:
        return [Expertise(value=one) for one in await info.context.load.expertise_of_expert.load(self.value.id)]

    @strawberry.field(description="Where the person works and worked, present ones first.")
    async def affiliations(self, info: Info) -> list[Affiliation]:
        return [Affiliation(value=one) for one in await info.context.load.affiliations_of_expert.load(self.value.id)]

    @strawberry.field(description="Countries where the person worked.")
    async def worked_in(self, info: Info) -> list[Country]:
        return [Country(value=one) for one in await info.context.load.worked_in_of_expert.load(self.value.id)]

    @strawberry.field(description="Events where the person spoke, newest first.")
    async def talks(self, info: Info) -> list[Talk]:
        return [Talk(value=one) for one in await info.context.load.talks_of_expert.load(self.value.id)]

    @strawberry.field(description="The evidence on the person, biography first.")
    async def passages(self, info: Info) -> list[Passage]:
        return [Passage(value=one) for one in await info.context.load.passages_of_expert.load(self.value.id)]
